"""Corrections of minutes for tests."""

from decimal import Decimal
from typing import Any

from meetings import clock
from meetings.models import Minutes, Resolution
from meetings.operations.correction import correct_minutes
from meetings.operations.minutes import approve_minutes, issue_minutes, send_minutes
from meetings.operations.resolution import edit_resolution
from tests.meetings.factories import World
from tests.meetings.follow_up import LATER
from tests.meetings.steps import approvers

REASON = "第一项议定事项的金额误印为5万元，应为50万元。"
NUMBER = "垣政办纪〔2025〕21号"


def started(world: World, minutes: Minutes, reason: str = REASON) -> Minutes:
    """Start a correction of the minutes and return it."""
    with clock.at(LATER):
        return correct_minutes(Minutes.objects.get(pk=minutes.pk), by=world.gov_clerk, reason=reason)


def issue(world: World, correction: Minutes, number: str = NUMBER) -> Minutes:
    """Send the correction, approve it by both sides, and issue it."""
    with clock.at(LATER):
        row = send_minutes(Minutes.objects.get(pk=correction.pk), by=world.gov_clerk)
        for person in approvers(world, row):
            approve_minutes(row, by=person)
        return issue_minutes(row, by=world.gov_clerk, number=number)


def row_of(correction: Minutes) -> Resolution:
    """Return the draft row of a correction that amends exactly one resolution."""
    return Resolution.objects.get(minutes=correction, amends__isnull=False)


def corrected(world: World, minutes: Minutes, **values: Any) -> Minutes:
    """Create an issued correction that changed the only resolution."""
    correction = started(world, minutes)
    edit_resolution(row_of(correction), by=world.gov_clerk, **{"amount": Decimal(500_000), **values})
    return issue(world, correction)
