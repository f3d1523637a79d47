"""Work items: what waits, for whom, from when, until when; vacant posts; notices; the check and its repair."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from meetings import clock
from meetings.enums import AttendanceStatus, MeetingState
from meetings.models import Person, WorkItem
from meetings.operations.attendance import set_attendance
from meetings.operations.meeting import explain, reopen_meeting, settle_meeting
from meetings.operations.minutes import approve_minutes, edit_minutes, return_minutes
from meetings.operations.tenures import end_tenure
from meetings.operations.voiding import asks_before_voiding
from meetings.queries.work import work_on
from meetings.rules.addressees import Holders, vacant_work, waits_for_others, work_of
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import LATER, reported, under_way
from tests.meetings.steps import AFTER, DAY, approvers, held_meeting, in_approval, notified, planned_meeting
from tests.meetings.work import refresh_work, waiting
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


def actions(person: Person) -> set[str]:
    """Return what waits for the person, as the operations have stored it."""
    return set(work_of(Person.objects.get(pk=person.pk)).values_list("action", flat=True))


def people(world: World, action: str) -> set[str]:
    """Return the names of those for whom an action waits."""
    names = ("gov_clerk", "union_clerk", "head", "union_head", "liaison", "other_liaison", "liaison_leader")
    return {name for name in names if action in actions(getattr(world, name))}


def test_an_invited_department_replies_until_the_meeting() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    with clock.at(meeting.day - timedelta(days=5)):
        row = meeting.attendance.get(department=world.department)
        assert people(world, "meeting.reply") >= {"liaison"}
        [item] = work_of(world.liaison).filter(action="meeting.reply", detail=row.pk)
        assert (item.due_on, item.clause) == (meeting.day, "attendance")
        set_attendance(row, by=world.liaison, status=AttendanceStatus.ATTENDS)
        assert "liaison" not in people(world, "meeting.reply")


def test_before_a_panel_can_sign_its_office_completes_the_content() -> None:
    """Under C the heads settle: they wait for nothing as long as the office has not entered the place."""
    world = chengqiao()
    meeting = planned_meeting(world, AFTER + timedelta(days=20), place="")
    with clock.at(AFTER):
        assert people(world, "meeting.settle") == set()
        assert people(world, "meeting.prepare") == {"gov_clerk", "union_clerk"}
    meeting.place = "二楼"
    meeting.save()
    refresh_work()
    with clock.at(AFTER):
        assert people(world, "meeting.prepare") == set()
        assert people(world, "meeting.settle") == {"liaison_leader", "union_head"}


def test_what_is_unfinished_is_explained_before_the_meeting() -> None:
    world = yuanqu()
    resolution, _report = under_way(world)
    meeting = planned_meeting(world, LATER + timedelta(days=60))
    with clock.at(LATER):
        assert people(world, "meeting.explain") == {"gov_clerk", "union_clerk"}
        explain(resolution, meeting, by=world.gov_clerk, text="资金尚未下达。", opinion="继续办理。")
        assert people(world, "meeting.explain") == set()


def test_the_next_year_waits_for_its_meeting_from_the_month_of_the_regulation() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    assert meeting.state == MeetingState.HELD
    [item] = WorkItem.objects.filter(action="jointconference.meet", seat="government_clerk")
    year = meeting.day.year + 1
    assert (item.starts_on, item.due_on) == (
        date(year, world.adoption.flagged_from_month, 1),
        date(year, 12, 31),
    )
    with clock.at(AFTER):
        assert people(world, "jointconference.meet") == set()
    with clock.at(date(year, 12, 1)):
        assert people(world, "jointconference.meet") == {"gov_clerk", "union_clerk"}


def test_a_vacant_post_is_the_matter_of_the_office() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    with clock.at(AFTER):
        assert not vacant_work(world.gov_clerk).exists()
        for key in ("union_head", "union_leader"):
            end_tenure(world.tenures[key], by=None, on=AFTER - timedelta(days=1))
        [item] = vacant_work(Person.objects.get(pk=world.gov_clerk.pk))
        assert (item.record, item.seat) == (minutes, "union_leader")
        assert not vacant_work(chengqiao().gov_clerk).exists()
        assert not vacant_work(world.liaison).exists()


def test_who_waits_for_whom() -> None:
    world = yuanqu()
    resolution = reported(world)
    minutes = in_approval(world, title="送审的会议")
    with clock.at(LATER):
        assert "resolution.verify" in set(waits_for_others(world.liaison).values_list("action", flat=True))
        assert not waits_for_others(world.stranger).exists()
        first, _second = approvers(world, minutes)
        approve_minutes(minutes, by=first)
        [item] = [row for row in waits_for_others(first) if row.record == minutes]
        assert item.seat == "union_leader"
        assert set(Holders([item.conference_id]).of(item)) == {world.union_head, world.union_leader}
        assert {row.action for row in work_on(resolution)} >= {"resolution.verify"}


def test_a_signer_does_not_wait_for_the_own_second_signature() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    with clock.at(AFTER):
        approve_minutes(minutes, by=world.head)
        assert "minutes.approve" not in actions(world.head)
        assert "minutes.approve" not in actions(world.gov_leader), "the seat of the government side is signed"
        assert "minutes.approve" in actions(world.union_head)


# --- voiding ---------------------------------------------------------------------------------------------------------
def test_voiding_asks_first_and_is_told_to_each_signer_with_the_reason() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    values: dict[str, Any] = {"title": minutes.title, "body": "<p>改了一句。</p>", "disclosure": "public"}
    with clock.at(AFTER):
        approve_minutes(minutes, by=world.head)
        with refusal("would_void"), asks_before_voiding(confirmed=False):
            edit_minutes(minutes, by=world.gov_clerk, **values)
        assert minutes.approvals.filter(voided_at=None).count() == 1
        with asks_before_voiding(confirmed=True):
            edit_minutes(minutes, by=world.gov_clerk, **values)
        [notice] = work_of(world.head).filter(action="voided")
        assert notice.record == minutes
        assert notice.data["reason"]
        assert "voided" not in actions(world.union_head), "whoever had not signed hears nothing"


def test_a_step_that_says_that_it_voids_needs_no_second_question() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    meeting = planned_meeting(world, AFTER + timedelta(days=30), title="另一次会议")
    with clock.at(AFTER), asks_before_voiding(confirmed=False):
        approve_minutes(minutes, by=world.head)
        return_minutes(minutes, by=world.union_clerk, reason="请补充")
        assert "voided" in actions(world.head)
        for clerk in (world.gov_clerk, world.union_clerk):
            settle_meeting(meeting, by=clerk)
        reopen_meeting(meeting, by=world.union_clerk, reason="改期")
        assert "voided" in actions(world.gov_clerk)
        assert "voided" not in actions(world.union_clerk), "who did it knows"


# --- the check -------------------------------------------------------------------------------------------------------
def test_the_check_names_what_differs_and_repairs_it() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    refresh_work()
    out = StringIO()
    call_command("work_check", stdout=out)
    assert "一致" in out.getvalue()
    WorkItem.objects.filter(action="minutes.approve", seat="union_leader").delete()
    stray = WorkItem.objects.filter(action="minutes.approve").get()
    stray.pk, stray.action = None, "minutes.send"
    stray.save()
    with pytest.raises(CommandError):
        call_command("work_check", stdout=StringIO())
    call_command("work_check", "--repair", stdout=StringIO())
    with clock.at(DAY + timedelta(days=3)):
        assert [row.action for row in waiting(world.union_head) if row.record == minutes] == ["approve"]
        assert "minutes.send" not in actions(world.head)
