"""Tests of queries about meetings: unfinished resolutions, warnings with their clauses, waiting tasks."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from meetings import clock
from meetings.enums import ReportVerdict, ResolutionState
from meetings.models import Meeting, ProgressReport, Resolution
from meetings.operations.agenda import remove_agenda_item
from meetings.operations.attendance import remove_attendance
from meetings.operations.correction import correct_minutes
from meetings.operations.meeting import explain, hold_meeting, save_meeting
from meetings.queries.meeting import (
    agenda,
    attendance_groups,
    next_meeting,
    unfinished_before,
)
from meetings.queries.minutes import document, minutes_of
from meetings.rules.meeting import conference_warnings, warnings
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.steps import DAY, drafted_minutes, held_meeting, issued_minutes, notified, planned_meeting
from tests.refusals import codes

pytestmark = pytest.mark.django_db
EARLIER = date(2024, 11, 14)


def report(resolution: Resolution, world: World, on: date, verdict: str, text: str) -> ProgressReport:
    """Report progress for the lead department."""
    return ProgressReport.objects.create(
        part=resolution.parts.get(role="lead"), author=world.liaison, on=on, text=text, verdict=verdict
    )


# --- unfinished -----------------------------------------------------------------------------------------------------


def test_unfinished_is_whatever_is_not_verified_of_earlier_meetings() -> None:
    world = yuanqu()
    later = issued_minutes(world, date(2025, 12, 20), number="垣政办纪〔2025〕18号")
    rows = list(issued_minutes(world, EARLIER, topics=6).resolutions.order_by("order"))
    unfinished = [ResolutionState.ADOPTED, ResolutionState.ASSIGNED, ResolutionState.UNDER_WAY]
    unfinished += [ResolutionState.REPORTED, ResolutionState.RETURNED]
    for row, state in zip(rows, [*unfinished, ResolutionState.VERIFIED], strict=True):
        Resolution.objects.filter(pk=row.pk).update(state=state)
    issued_minutes(chengqiao(), EARLIER)
    found = [row.resolution for row in unfinished_before(planned_meeting(world))]
    assert found == rows[:5]
    assert set(later.resolutions.all()).isdisjoint(found)


def test_the_latest_verified_report_counts() -> None:
    world = yuanqu()
    resolution = issued_minutes(world, EARLIER).resolutions.get()
    report(resolution, world, date(2025, 3, 1), ReportVerdict.VERIFIED, "已安排资金")
    report(resolution, world, date(2025, 6, 1), ReportVerdict.VERIFIED, "资金已拨付")
    report(resolution, world, date(2025, 9, 1), ReportVerdict.PENDING, "待核实")
    report(resolution, world, date(2025, 9, 2), ReportVerdict.RETURNED, "已退回")
    (row,) = unfinished_before(planned_meeting(world))
    assert row.report is not None
    assert row.report.text == "资金已拨付"


def test_a_held_meeting_keeps_what_was_explained_to_it() -> None:
    world = yuanqu()
    resolution = issued_minutes(world, EARLIER).resolutions.get()
    meeting = planned_meeting(world)
    explain(resolution, meeting, by=world.gov_clerk, text="资金未到位。", opinion="列入预算。")
    notified(world, meeting)
    with clock.at(DAY):
        hold_meeting(meeting, by=world.gov_clerk)
    Resolution.objects.filter(pk=resolution.pk).update(state=ResolutionState.VERIFIED)
    (row,) = unfinished_before(meeting)
    assert (row.resolution, row.explained) == (resolution, True)


def test_a_blank_opinion_explains_nothing() -> None:
    world = yuanqu()
    resolution = issued_minutes(world, EARLIER).resolutions.get()
    meeting = planned_meeting(world)
    resolution.explanations.create(meeting=meeting, text="未完成", opinion=" ", by=world.gov_clerk, on=DAY)
    assert not unfinished_before(meeting)[0].explained


@pytest.mark.parametrize("size", [1, 3])
def test_reads_take_a_fixed_number_of_queries(size: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    world = yuanqu()
    minutes = issued_minutes(world, EARLIER, topics=size)
    meeting = planned_meeting(world, topics=size)
    for resolution in minutes.resolutions.all():
        report(resolution, world, date(2025, 3, 1), ReportVerdict.VERIFIED, "已安排")
        explain(resolution, meeting, by=world.gov_clerk, text="未完成", opinion="继续")
    fresh = Meeting.objects.get(pk=meeting.pk)
    with django_assert_num_queries(4):
        for row in unfinished_before(fresh):
            assert str(row.resolution.minutes.meeting)
            assert [str(part.department) for part in row.resolution.parts.all()]
            assert str(row.report and row.report.part.department) + str(row.explanation and row.explanation.by)
    with django_assert_num_queries(1):
        assert [str(item.topic and item.topic.proposer) for item in agenda(fresh)]
    with django_assert_num_queries(2):
        assert [who.printed_name for group in attendance_groups(fresh) for who in group.attendees]
    draft = correct_minutes(minutes, by=world.gov_clerk, reason="金额误印。")
    for paper, queries in ((minutes, 2), (draft, 7)):  # issued minutes are read from their stored copy
        fresh_minutes = type(minutes).objects.select_related("meeting", "corrects").get(pk=paper.pk)
        with django_assert_num_queries(queries):
            shown = document(fresh_minutes)
            assert [(each.lead, each.co, each.files) for each in shown.resolutions]
            assert len([str(approval.tenure) for approval in shown.approvals]) == (2 if paper == minutes else 0)


# --- warnings -------------------------------------------------------------------------------------------------------


def warned(meeting: Meeting) -> list[tuple[str, str]]:
    """Return the codes of the warnings with the cited clauses."""
    return [(warning.code, warning.clause) for warning in warnings(Meeting.objects.get(pk=meeting.pk))]


@pytest.mark.parametrize("build", [yuanqu, chengqiao])
def test_a_briefing_that_is_missing_is_a_warning_for_its_side(build: Callable[[], World]) -> None:
    world = build()
    meeting, briefing = planned_meeting(world), ("briefing_not_on_agenda", "briefing")
    with clock.at(date(2025, 6, 1)):
        assert warned(meeting) == []
        remove_agenda_item(meeting.agenda.get(kind="briefing", side="union"), by=world.gov_clerk)
        assert warned(meeting) == [briefing]
        remove_agenda_item(meeting.agenda.get(kind="briefing"), by=world.gov_clerk)
        assert warned(meeting) == [briefing, briefing]


def test_topics_departments_and_an_unusual_chair_are_warned_of() -> None:
    world = yuanqu()
    meeting, chair = planned_meeting(world, topics=1), ("unusual_chair", "chair")
    department = ("concerned_department_not_invited", "attendance")
    with clock.at(date(2025, 6, 1)):
        remove_attendance(meeting.attendance.get(department=world.department), by=world.gov_clerk)
        assert warned(meeting) == [department]
        meeting.chair = world.tenures["union_head"]
        save_meeting(meeting, by=world.gov_clerk)
        assert warned(meeting) == [department, chair]
        remove_agenda_item(meeting.agenda.get(topic__isnull=False), by=world.gov_clerk)
        assert warned(meeting) == [("no_topic_on_agenda", "agenda"), chair]


def test_nothing_is_flagged_where_the_text_is_not_at_hand_or_the_meeting_was_held() -> None:
    world = yuanqu()
    old = planned_meeting(world, date(2023, 11, 10), topics=0, chair=None)
    old.agenda.all().delete()
    held = held_meeting(world)
    held.agenda.all().delete()
    with clock.at(date(2023, 12, 1)):
        assert warnings(old) == []
        assert conference_warnings(world.conference) == []
    with clock.at(date(2026, 11, 1)):
        assert warnings(held) == []


def test_a_year_without_a_meeting_is_flagged_ahead_of_its_end() -> None:
    world = yuanqu()
    for day, flagged in ((date(2025, 9, 30), False), (date(2025, 10, 1), True), (date(2025, 12, 31), True)):
        assert bool(conference_warnings(world.conference, day)) is flagged
    held_meeting(world)
    assert conference_warnings(world.conference, date(2025, 12, 31)) == []
    [warning] = conference_warnings(world.conference, date(2026, 11, 1))
    assert (warning.code, warning.clause) == ("no_meeting_this_year", "frequency")


def test_the_month_of_the_flag_is_a_rule_of_the_regulation() -> None:
    town = chengqiao()
    assert conference_warnings(town.conference, date(2025, 10, 31)) == []
    assert codes(conference_warnings(town.conference, date(2025, 11, 1))) == ["no_meeting_this_year"]
    town.adoption.flagged_from_month = 6
    town.adoption.save()
    assert codes(conference_warnings(town.conference, date(2025, 6, 1))) == ["no_meeting_this_year"]


def test_the_flag_is_softer_in_principle_and_names_the_meeting_that_is_planned() -> None:
    county, town = yuanqu(), chengqiao()
    strict = str(conference_warnings(county.conference, date(2025, 11, 1))[0])
    soft = str(conference_warnings(town.conference, date(2025, 11, 1))[0])
    assert "制度要求" in strict
    assert "原则上" in soft
    planned_meeting(county)
    assert str(conference_warnings(county.conference, date(2025, 11, 1))[0]).startswith(strict)


# --- what waits -----------------------------------------------------------------------------------------------------


def test_the_next_meeting_is_the_first_that_is_not_held() -> None:
    world = yuanqu()
    held_meeting(world, EARLIER)
    later = planned_meeting(world, DAY + timedelta(days=30))
    assert next_meeting(world.conference) == later
    sooner = planned_meeting(world, DAY)
    assert next_meeting(world.conference) == sooner
    assert next_meeting(chengqiao().conference) is None


def test_a_meeting_has_no_minutes_until_they_are_drafted() -> None:
    world = yuanqu()
    waiting = held_meeting(world, EARLIER)
    minutes = drafted_minutes(world)
    assert minutes_of(minutes.meeting) == minutes
    assert minutes_of(waiting) is None
