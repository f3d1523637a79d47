"""Tests of carry-over (结转): a later resolution continues an unfinished one, and the chain shows from both ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from meetings import clock
from meetings.enums import ResolutionState
from meetings.models import RecordLogEntry, Resolution
from meetings.operations import progress
from meetings.operations.minutes import send_minutes
from meetings.operations.resolution import add_resolution, edit_resolution
from meetings.queries.carry_over import carry_over_chain, continuable
from meetings.queries.meeting import unfinished_before
from meetings.rules.seal import seal_broken
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import adopted, carried, issued, next_minutes, reported, under_way, verified
from tests.meetings.steps import DAY, planned_meeting
from tests.refusals import refusal, refused

pytestmark = pytest.mark.django_db
WORLDS = pytest.mark.parametrize("make", [yuanqu, chengqiao])
NEXT = DAY.replace(year=2026)


@WORLDS
def test_at_the_issue_the_old_one_ends_in_the_new_one(make: Callable[..., World]) -> None:
    world = make()
    old, _report = under_way(world)
    minutes = next_minutes(world, old)
    with clock.at(NEXT + timedelta(days=2)):
        new = add_resolution(minutes, by=world.gov_clerk, title="接续办理", text="继续落实。", continues=old)
        edit_resolution(new, by=world.gov_clerk, parts=[(world.department, "lead")], continues=old)
        old.refresh_from_db()
        assert old.state == ResolutionState.UNDER_WAY
    issued(world, minutes)
    old.refresh_from_db()
    assert old.state == ResolutionState.CARRIED
    assert carry_over_chain(old) == carry_over_chain(new) == [old.pk, new.pk]
    entry = RecordLogEntry.objects.for_instance(old).get(action="meetings.resolution.carry")
    assert (entry.data["later"], entry.data["from"]) == (new.pk, "under_way")
    assert not seal_broken(minutes)


def test_what_was_carried_over_is_followed_no_more_and_its_successor_is() -> None:
    world = yuanqu()
    old = reported(world)
    with clock.at(DAY + timedelta(days=31)):
        progress.verify(old, by=world.gov_clerk)
    new = carried(world, old)
    assert not old.parts.get(role="lead").reports.get(claims_done=True).approvals.filter(voided_at=None).exists()
    later = planned_meeting(world, NEXT.replace(year=2027), topics=0)
    assert [row.resolution for row in unfinished_before(later)] == [new]
    with clock.at(NEXT + timedelta(days=20)):
        for act in (
            lambda: progress.report_progress(old, by=world.liaison, text="又有进展。"),
            lambda: progress.verify(old, by=world.union_clerk),
        ):
            refused(act, "wrong_state")


def test_a_line_of_three_is_known_from_each_of_them(django_assert_num_queries: Callable[..., Any]) -> None:
    world = yuanqu()
    first = adopted(world)
    rows = [first]
    for year in (2026, 2027):
        minutes = next_minutes(world, rows[-1], day=DAY.replace(year=year))
        with clock.at(minutes.meeting.day + timedelta(days=1)):
            part = [(world.department, "lead")]
            rows.append(
                add_resolution(minutes, by=world.gov_clerk, title="续", text="续", continues=rows[-1], parts=part)
            )
        issued(world, minutes)
    for row in Resolution.objects.select_related("minutes__meeting"):
        with django_assert_num_queries(1):
            assert carry_over_chain(row) == [each.pk for each in rows]


def test_only_what_is_unfinished_earlier_and_of_the_same_conference_is_carried_over() -> None:
    world, other = yuanqu(), yuanqu("邻县")
    done, foreign = verified(world), adopted(other, number="邻政办纪〔2025〕3号")
    minutes = next_minutes(world)
    later = adopted(world, NEXT + timedelta(days=60), number="垣政办纪〔2027〕1号")
    with clock.at(NEXT + timedelta(days=1)):
        own = add_resolution(minutes, by=world.gov_clerk, title="本次事项", text="……")
        assert not continuable(minutes).exists()
        for wrong, code in (
            (done, "carried_is_finished"),
            (foreign, "carried_from_another_conference"),
            (own, "carried_is_finished"),  # a draft, not adopted yet
            (later, "carried_is_not_earlier"),
        ):
            with refusal(code):
                add_resolution(minutes, by=world.gov_clerk, title="结转", text="……", continues=wrong)
        with refusal("carried_from_another_conference") as caught:
            edit_resolution(own, by=world.gov_clerk, continues=foreign)
        assert foreign.title not in str(caught.value)
    assert Resolution.objects.filter(continues__isnull=False).count() == 0


def test_two_do_not_continue_the_same_one_and_what_was_verified_meanwhile_is_found_before_the_approval() -> None:
    world = yuanqu()
    old = reported(world)
    minutes = next_minutes(world, old)
    with clock.at(NEXT + timedelta(days=1)):
        part = [(world.department, "lead")]
        add_resolution(minutes, by=world.gov_clerk, title="接续", text="……", continues=old, parts=part)
        assert not continuable(minutes).exists()
        with refusal("already_carried_over"):
            add_resolution(minutes, by=world.gov_clerk, title="再接续", text="……", continues=old, parts=part)
        for person in (world.gov_clerk, world.union_clerk):
            progress.verify(old, by=person)
        with refusal("carried_is_finished"):
            send_minutes(minutes, by=world.gov_clerk)


def test_a_held_meeting_still_tells_of_what_it_carried_over() -> None:
    world = yuanqu()
    old = adopted(world)
    new = carried(world, old)
    assert [row.resolution.pk for row in unfinished_before(new.minutes.meeting)] == [old.pk]
