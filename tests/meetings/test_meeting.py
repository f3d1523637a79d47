"""Tests of creating, notifying, holding and reopening a meeting, with permissions and refusals (`Y 2(4)`, `C 5(2)`)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from meetings import clock
from meetings.enums import AgendaKind, MeetingState, TopicState
from meetings.models import Attendance, Meeting, RecordLogEntry, Topic
from meetings.operations.meeting import (
    hold_meeting,
    notify_meeting,
    reopen_meeting,
    save_meeting,
)
from meetings.operations.steps import perform
from tests.meetings.factories import chengqiao, yuanqu
from tests.meetings.steps import (
    BEFORE,
    DAY,
    at,
    held_meeting,
    notified,
    planned_meeting,
    settled,
)
from tests.refusals import refused

pytestmark = pytest.mark.django_db
OLD = date(2023, 11, 10)  # while the older measure is in force, whose text is not available


# --- created --------------------------------------------------------------------------------------------------------


def test_a_new_meeting_starts_with_the_agenda_and_the_attendance_of_its_regulation() -> None:
    world = yuanqu()
    held_meeting(world, date(2024, 11, 14))
    meeting = planned_meeting(world, topics=0)
    kinds = list(meeting.agenda.values_list("kind", "side"))
    assert kinds == [
        ("briefing", "government"),
        ("briefing", "union"),
        ("follow_up", ""),
        ("presentation", ""),
        ("deliberation", ""),
        ("deployment", ""),
    ]
    posts = ["县长", "副县长", "总工会主席", "常务副主席"]
    assert [row.post.title for row in meeting.attendance.all() if row.post] == posts


def test_a_first_meeting_has_nothing_to_follow_up() -> None:
    meeting = planned_meeting(yuanqu(), topics=0)
    assert not meeting.agenda.filter(kind=AgendaKind.FOLLOW_UP).exists()


def test_a_meeting_is_judged_by_the_regulation_of_its_day() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    assert meeting.adoption == world.adoption
    meeting.time = at(OLD)
    with clock.at(BEFORE):
        save_meeting(meeting, by=world.gov_clerk)
    assert not meeting.adoption.judged


def test_without_a_regulation_on_that_day_there_is_no_meeting() -> None:
    world = chengqiao()
    meeting = Meeting(conference=world.conference, title="2019年度联席会议", time=at(date(2019, 5, 1)))
    refused(lambda: save_meeting(meeting, by=world.gov_clerk), "no_regulation_that_day")
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("who", ["liaison", "head", "writer", "auditor", "stranger", "administrator"])
def test_only_clerks_of_the_conference_plan_a_meeting(who: str) -> None:
    world = yuanqu()
    meeting = Meeting(conference=world.conference, title="2025年度联席会议", time=at(DAY))
    refused(lambda: save_meeting(meeting, by=getattr(world, who)), "not_a_meeting_clerk")
    assert not Meeting.objects.exists()


def test_a_clerk_of_another_conference_is_refused() -> None:
    meeting = planned_meeting(yuanqu())
    refused(lambda: save_meeting(meeting, by=chengqiao().gov_clerk, version=meeting.version), "not_a_meeting_clerk")


def test_the_chair_comes_from_the_conference() -> None:
    world, other = yuanqu(), chengqiao()
    meeting = planned_meeting(world)
    meeting.chair = other.tenures["head"]
    refused(lambda: save_meeting(meeting, by=world.gov_clerk, version=meeting.version), "chair_of_another_conference")


# --- notified, held, reopened ---------------------------------------------------------------------------------------


def test_the_notice_is_issued_by_the_office_that_the_regulation_names() -> None:
    world = yuanqu()
    meeting = settled(world, planned_meeting(world))
    refused(lambda: notify_meeting(meeting, by=world.union_clerk), "not_your_post")
    with clock.at(BEFORE):
        perform(meeting, "notify", by=world.gov_clerk, version=meeting.version, number="垣政办函〔2025〕36号")
    assert (meeting.state, meeting.notified_on) == (MeetingState.NOTIFIED, BEFORE)
    assert meeting.notice_number == "垣政办函〔2025〕36号"


def test_the_coordination_office_has_clerks_of_both_sides() -> None:
    world = chengqiao()
    meeting = settled(world, planned_meeting(world))
    notify_meeting(meeting, by=world.union_clerk)
    assert meeting.notice_number == ""


def test_a_notice_number_in_other_brackets_is_refused_with_the_right_form() -> None:
    world = yuanqu()
    meeting = settled(world, planned_meeting(world))
    wrong = "垣政办函[2025]36号"
    reasons = refused(lambda: notify_meeting(meeting, by=world.gov_clerk, number=wrong), "number_misspelt")
    assert "垣政办函〔2025〕36号" in reasons[0]


def test_a_meeting_is_held_on_its_day_not_before() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    with clock.at(DAY - timedelta(days=1)):
        refused(lambda: hold_meeting(meeting, by=world.gov_clerk), "meeting_day_not_come")
    with clock.at(DAY + timedelta(days=3)):
        hold_meeting(meeting, by=world.union_clerk)
    assert (meeting.state, meeting.held_on) == (MeetingState.HELD, DAY)
    assert set(Topic.objects.values_list("state", flat=True)) == {TopicState.DISCUSSED}


def test_a_meeting_is_not_held_twice() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    with clock.at(DAY):
        refused(lambda: hold_meeting(meeting, by=world.gov_clerk), "wrong_state")
    entries = RecordLogEntry.objects.get_for_instance(meeting).filter(action="meetings.meeting.hold")
    assert entries.count() == 1


@pytest.mark.parametrize("prepare", [settled, notified])
def test_reopening_voids_the_settlement_and_withdraws_the_notice(prepare: Callable[..., Meeting]) -> None:
    world = yuanqu()
    meeting = prepare(world, planned_meeting(world))
    refused(lambda: reopen_meeting(meeting, by=world.gov_clerk, reason=" "), "reopen_reason_missing")
    reopen_meeting(meeting, by=world.union_clerk, reason="议题有变")
    assert meeting.state == MeetingState.PLANNED
    assert not meeting.approvals.filter(voided_at=None).exists()
    assert meeting.approvals.count() == 2, "what was agreed stays readable"
    assert (meeting.notified_on, meeting.notice_number) == (None, "")
    assert Topic.objects.get().state == TopicState.LISTED


def test_a_held_meeting_is_not_reopened() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    refused(lambda: reopen_meeting(meeting, by=world.gov_clerk, reason="重开"), "wrong_state")


def test_names_and_titles_are_kept_as_on_the_day() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    old = world.tenures["liaison_leader"]
    old.to_date = DAY - timedelta(days=2)
    old.save()
    new = type(old).objects.create(
        post=old.post,
        person=world.stranger,
        full_title="县委常委、副县长",
        from_date=DAY - timedelta(days=1),
    )
    with clock.at(DAY):
        hold_meeting(meeting, by=world.gov_clerk)
    row = Attendance.objects.get(meeting=meeting, post=old.post)
    assert (row.person, row.name, row.title) == (world.stranger, "局外人", "县委常委、副县长")
    new.full_title = "副书记"
    new.save()
    row.refresh_from_db()
    assert row.title == "县委常委、副县长"
