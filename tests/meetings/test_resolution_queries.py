"""Tests of queries about resolutions: overdue ones, lines of a ledger, numbers of queries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from meetings import clock
from meetings.admin.core.ledger import ledger_line
from meetings.admin.core.status_badges import LATE
from meetings.enums import DeadlineKind, PartRole, ResolutionState
from meetings.models import Resolution, ResolutionPart
from meetings.operations import progress
from meetings.queries.deadline import due_day, is_overdue, nearest_first, overdue
from meetings.queries.resolution import ledger, reports
from tests.meetings.factories import World, yuanqu
from tests.meetings.follow_up import LATER, adopted, under_way
from tests.meetings.steps import planned_meeting

pytestmark = pytest.mark.django_db
DAY = date(2025, 12, 31)


def more(world: World, like: Resolution, count: int) -> list[Resolution]:
    """Create further resolutions of the same minutes, with both departments."""
    rows = [
        Resolution.objects.create(minutes=like.minutes, title=f"事项{n}", text="……", state=like.state, order=10 + n)
        for n in range(count)
    ]
    for row in rows:
        ResolutionPart.objects.create(resolution=row, department=world.department, role=PartRole.LEAD)
        ResolutionPart.objects.create(resolution=row, department=world.other_department)
    return rows


@pytest.mark.parametrize("state", ResolutionState.values)
@pytest.mark.parametrize(("day", "passed"), [(DAY, False), (DAY + timedelta(days=1), True)])
def test_overdue_is_what_is_due_after_its_day_and_a_suspended_one_rests(state: str, day: date, passed: bool) -> None:
    resolution = adopted(yuanqu())
    Resolution.objects.update(state=state, deadline_kind=DeadlineKind.DATE, deadline=DAY, deadline_text="年底前")
    resolution.refresh_from_db()
    expected = passed and state not in {"drafted", "suspended", "carried", "verified"}
    with clock.at(day):
        assert is_overdue(resolution) is expected
        assert overdue(Resolution.objects.all()).exists() is expected


def test_what_stands_without_a_day_is_never_late() -> None:
    resolution = adopted(yuanqu())
    Resolution.objects.update(deadline_kind=DeadlineKind.STANDING, deadline_text="长期")
    resolution.refresh_from_db()
    with clock.at(date(2040, 1, 1)):
        assert not is_overdue(resolution)
        assert not overdue(Resolution.objects.all()).exists()


def test_what_is_due_before_the_next_meeting_is_late_once_that_was_held() -> None:
    world, other = yuanqu(), yuanqu("邻县")
    resolution = adopted(world)
    Resolution.objects.update(deadline_kind=DeadlineKind.NEXT_MEETING, deadline_text="下次会议前")
    elsewhere, late = planned_meeting(other, LATER), Resolution.objects.all()
    planned = planned_meeting(world, LATER + timedelta(days=40), topics=0)
    for meeting in (elsewhere, planned):
        row = ledger(late).get()
        assert (is_overdue(row), is_overdue(resolution), overdue(late).exists()) == (False, False, False)
        assert due_day(row) == planned.day
        meeting.state, meeting.held_on = "held", meeting.day
        meeting.save()
    resolution.refresh_from_db()
    for day, passed in ((planned.day - timedelta(days=1), False), (planned.day, True)):
        with clock.at(day):
            assert (is_overdue(ledger(late).get()), is_overdue(resolution)) == (passed, passed)
            assert overdue(late).exists() is passed
    Resolution.objects.update(state=ResolutionState.VERIFIED)
    assert not overdue(late).exists()


def test_a_meeting_that_was_never_held_hides_no_later_one_that_was() -> None:
    world = yuanqu()
    resolution = adopted(world)
    Resolution.objects.update(deadline_kind=DeadlineKind.NEXT_MEETING, deadline_text="下次会议前")
    planned_meeting(world, LATER, topics=0)
    held = planned_meeting(world, LATER + timedelta(days=40), topics=0)
    held.state, held.held_on = "held", held.day
    held.save()
    row = ledger(Resolution.objects.all()).get()
    resolution.refresh_from_db()
    assert due_day(row) == held.day
    assert is_overdue(resolution, held.day)
    assert is_overdue(row, held.day)


def test_the_nearest_day_comes_first() -> None:
    world = yuanqu()
    first = adopted(world)
    rows = [first, *more(world, first, 2)]
    planned_meeting(world, DAY.replace(year=2027), topics=0)
    days = [("date", date(2029, 1, 1)), ("next_meeting", None), ("none", None)]
    for row, (kind, day) in zip(rows, days, strict=True):
        Resolution.objects.filter(pk=row.pk).update(deadline_kind=kind, deadline=day)
    found = nearest_first(ledger(Resolution.objects.filter(pk__in=[row.pk for row in rows])))
    assert list(found) == [rows[1], rows[0], rows[2]]


def test_a_line_tells_what_who_and_by_when() -> None:
    world = yuanqu()
    resolution, report = under_way(world)
    Resolution.objects.update(deadline_kind=DeadlineKind.DATE, deadline=DAY, deadline_text="年底前")
    with clock.at(DAY + timedelta(days=1)):
        row = ledger(Resolution.objects.all()).get()
        found = ledger_line(row)
    assert (found.what, found.lead, found.co) == (
        resolution.title,
        world.department.name,
        world.other_department.name,
    )
    assert found.when.startswith("年底前")
    assert found.stage == LATE
    assert vars(row)["last_report_on"] == report.on


@pytest.mark.parametrize("size", [1, 3])
def test_a_ledger_takes_two_queries(size: int, django_assert_num_queries: Callable[..., Any]) -> None:
    world = yuanqu()
    more(world, adopted(world), size - 1)
    with django_assert_num_queries(2):
        found = [ledger_line(row) for row in ledger(Resolution.objects.all())]
    assert len(found) == size


@pytest.mark.parametrize("size", [1, 3])
def test_reports_are_read_in_a_fixed_number_of_queries(
    size: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    world = yuanqu()
    resolution, _first = under_way(world)
    with clock.at(LATER):
        for number in range(size - 1):
            progress.report_progress(resolution, by=world.other_liaison, text=f"第{number}次")
    with django_assert_num_queries(3):
        lines = [
            (row.part.department.name, row.author.name, [str(d.tenure) for d in row.deliveries.all()])
            for row in reports(resolution)
            for _file in [*row.attachments.all(), None]
        ]
    assert len(lines) == size
