"""Tests of invitations, replies and actual attendance (`Y 2(3)`, `C 5(3)`)."""

from datetime import date, timedelta

import pytest

from meetings import clock
from meetings.enums import AttendanceStatus, MeetingState, Role
from meetings.models import Attendance, Meeting, Person
from meetings.operations.agenda import add_topic
from meetings.operations.attendance import add_guest, draw_attendance, remove_attendance, set_attendance
from meetings.operations.meeting import hold_meeting, notify_meeting, settle_meeting
from meetings.queries.meeting import attendance_groups, attendees, roll
from meetings.rules.meeting import invitation_key
from tests.meetings.factories import World, chengqiao, seat, yuanqu
from tests.meetings.steps import (
    BEFORE,
    DAY,
    agreed_topic,
    held_meeting,
    issued_minutes,
    notified,
    planned_meeting,
    settled,
)
from tests.refusals import refused

pytestmark = pytest.mark.django_db
S = AttendanceStatus


def row_of(meeting: Meeting, world: World, who: str) -> Attendance:
    """Return the attendance row of the post of `who`."""
    return Attendance.objects.get(meeting=meeting, post=world.tenures[who].post)


def department_row(meeting: Meeting, world: World) -> Attendance:
    """Return the attendance row of the department of the topics."""
    return Attendance.objects.get(meeting=meeting, department=world.department)


# --- drawn ----------------------------------------------------------------------------------------------------------


def test_the_departments_of_the_topics_are_drawn_with_their_heads() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    who = next(a for a in attendees(meeting) if a.row.department == world.department)
    assert (who.name, who.title, who.row.side) == ("县财政局局长某", "县财政局局长", "government")
    topic = agreed_topic(world)
    topic.opinions.create(department=world.other_department, asked_on=DAY)
    add_topic(meeting, topic, by=world.gov_clerk)
    new = draw_attendance(meeting, by=world.gov_clerk)
    assert [row.department for row in new] == [world.other_department]
    assert draw_attendance(meeting, by=world.gov_clerk) == []


def test_a_department_without_a_known_head_is_invited_as_such() -> None:
    world = yuanqu()
    world.department.posts.filter(role=Role.NONE).update(role=Role.REVIEWER)
    row = department_row(planned_meeting(world), world)
    assert (row.post, row.side) == (None, "government")


def test_who_holds_the_post_on_the_day_is_meant() -> None:
    world = yuanqu()
    old = world.tenures["head"]
    old.to_date = date(2025, 11, 10)
    old.save()
    seat_of_new = type(old).objects.create(
        post=old.post, person=world.stranger, full_title="代县长", from_date=date(2025, 11, 11)
    )
    meeting = planned_meeting(world, chair=seat_of_new)
    assert "代县长局外人" in [who.printed_name for who in attendees(meeting)]


def test_a_vacant_post_is_not_invited_and_two_posts_of_one_person_invite_once() -> None:
    world = yuanqu()
    world.tenures["union_leader"].to_date = BEFORE
    world.tenures["union_leader"].save()
    seat("人大副主任", conference=world.conference, attends=True, person=world.union_head, order=9)
    names = [who.name for who in attendees(planned_meeting(world))]
    assert "卫兰" not in names
    assert names.count("景齐") == 1


def test_what_was_entered_by_hand_stays_when_drawn_again() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    remove_attendance(row_of(meeting, world, "liaison_leader"), by=world.gov_clerk)
    set_attendance(row_of(meeting, world, "head"), by=world.gov_clerk, status=S.LEAVE)
    draw_attendance(meeting, by=world.gov_clerk)
    assert row_of(meeting, world, "head").status == S.LEAVE
    assert row_of(meeting, world, "liaison_leader").status == S.INVITED


def test_a_guest_has_a_name_and_comes_as_a_guest() -> None:
    world = chengqiao()
    meeting = planned_meeting(world)
    add_guest(meeting, by=world.union_clerk, name="靳飞驰", title="职工代表")
    add_guest(meeting, by=world.union_clerk, name="宋启航", status=S.OBSERVER)
    refused(lambda: add_guest(meeting, by=world.union_clerk, name=" "), "guest_name_missing")
    refused(lambda: add_guest(meeting, by=world.union_clerk, name="甲", status=S.ATTENDS), "guest_status_wrong")
    refused(lambda: add_guest(meeting, by=world.liaison, name="甲"), "not_a_meeting_clerk")
    assert [who.printed_name for who in roll(meeting).observers] == ["职工代表靳飞驰", "宋启航"]
    guest = meeting.attendance.get(name="宋启航")
    refused(lambda: set_attendance(guest, by=world.gov_clerk, status=S.OBSERVER, name=" "), "guest_name_missing")


def test_a_name_written_down_for_a_post_or_a_department_invites_nobody_else() -> None:
    for who in ({"post_id": 1}, {"department_id": 1}):
        assert invitation_key(Attendance(**who, name="甲")) == invitation_key(Attendance(**who, name="乙"))
    assert invitation_key(Attendance(name="甲")) != invitation_key(Attendance(name="乙"))


# --- who is invited is settled, replies are not ---------------------------------------------------------------------


@pytest.mark.parametrize("change", ["guest", "remove", "draw", "observer"])
def test_a_change_of_who_is_invited_voids_the_approval(change: str) -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    remove_attendance(row_of(meeting, world, "liaison_leader"), by=world.gov_clerk)
    settle_meeting(meeting, by=world.gov_clerk)
    row = row_of(meeting, world, "head")
    if change == "guest":
        add_guest(meeting, by=world.gov_clerk, name="靳飞驰")
    elif change == "remove":
        remove_attendance(row, by=world.gov_clerk)
    elif change == "draw":
        draw_attendance(meeting, by=world.gov_clerk)
    else:
        set_attendance(row, by=world.gov_clerk, status=S.OBSERVER)
    assert meeting.approvals.get().voided_at is not None


def test_who_is_invited_does_not_change_once_settled() -> None:
    world = yuanqu()
    meeting = settled(world, planned_meeting(world))
    row = row_of(meeting, world, "head")
    refused(lambda: add_guest(meeting, by=world.gov_clerk, name="靳飞驰"), "meeting_settled")
    refused(lambda: remove_attendance(row, by=world.gov_clerk), "meeting_settled")
    refused(lambda: draw_attendance(meeting, by=world.gov_clerk), "meeting_settled")
    refused(lambda: set_attendance(row, by=world.gov_clerk, status=S.GUEST), "meeting_settled")
    assert meeting.approvals.filter(voided_at=None).count() == 2


def test_replies_leave_the_settlement_as_it_is() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    set_attendance(row_of(meeting, world, "head"), by=world.gov_clerk, status=S.LEAVE)
    set_attendance(
        department_row(meeting, world),
        by=world.gov_clerk,
        status=S.DELEGATE,
        delegate_name="车远",
        delegate_title="副局长",
    )
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.NOTIFIED
    assert meeting.approvals.filter(voided_at=None).count() == 2
    called = roll(meeting)
    assert [who.name for who in called.leave] == ["韩正"]
    assert [who.printed_name for who in called.present] == ["副局长车远（代县财政局局长县财政局局长某）"]


def test_a_liaison_replies_for_the_own_department_once_notified() -> None:
    world = yuanqu()
    meeting = settled(world, planned_meeting(world))
    row = department_row(meeting, world)
    refused(lambda: set_attendance(row, by=world.liaison, status=S.ATTENDS), "replies_closed")
    notified_meeting = Meeting.objects.get(pk=meeting.pk)
    notify_meeting(notified_meeting, by=world.gov_clerk)
    set_attendance(row, by=world.liaison, status=S.DELEGATE, delegate_name="车远", delegate_title="副局长")
    row.refresh_from_db()
    assert (row.status, row.delegate_name) == (S.DELEGATE, "车远")
    set_attendance(row, by=world.liaison, status=S.ATTENDS)
    row.refresh_from_db()
    assert (row.status, row.delegate_name) == (S.ATTENDS, ""), "who comes sends nobody"


def test_a_liaison_answers_for_no_other_row_and_not_beyond_the_reply() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    own, other = department_row(meeting, world), row_of(meeting, world, "head")
    refused(lambda: set_attendance(other, by=world.liaison, status=S.LEAVE), "not_your_attendance")
    refused(lambda: set_attendance(own, by=world.other_liaison, status=S.LEAVE), "not_your_attendance")
    refused(lambda: set_attendance(own, by=world.liaison, status=S.ATTENDS, name="别人"), "not_your_attendance")
    refused(lambda: set_attendance(own, by=world.liaison, status=S.GUEST), "not_your_attendance")
    refused(lambda: set_attendance(own, by=world.stranger, status=S.LEAVE), "not_your_attendance")
    with clock.at(DAY):
        hold_meeting(Meeting.objects.get(pk=meeting.pk), by=world.gov_clerk)
        refused(lambda: set_attendance(own, by=world.liaison, status=S.LEAVE), "replies_closed")


def test_who_sends_a_delegate_names_one() -> None:
    world = yuanqu()
    row = row_of(planned_meeting(world), world, "head")
    refused(lambda: set_attendance(row, by=world.gov_clerk, status=S.DELEGATE, delegate_name=" "), "delegate_missing")
    refused(lambda: set_attendance(row, by=world.gov_clerk, status="asleep"), "attendance_status_missing")
    row.refresh_from_db()
    assert row.status == S.INVITED


def test_a_name_that_is_written_down_stays_an_empty_one_follows_the_post() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    row = row_of(meeting, world, "head")
    set_attendance(row, by=world.gov_clerk, status=S.ATTENDS, name="王代", title="主持工作的副县长")
    assert "主持工作的副县长王代" in [who.printed_name for who in attendees(meeting)]
    set_attendance(row, by=world.gov_clerk, status=S.ATTENDS, name="", title="主持工作的副县长")
    assert "县长韩正" in [who.printed_name for who in attendees(meeting)]


def test_a_row_that_is_gone_is_told() -> None:
    world = yuanqu()
    row = row_of(planned_meeting(world), world, "head")
    twin = Attendance.objects.get(pk=row.pk)
    remove_attendance(row, by=world.gov_clerk)
    refused(lambda: set_attendance(twin, by=world.gov_clerk, status=S.LEAVE), "attendance_entry_gone")
    refused(lambda: remove_attendance(twin, by=world.gov_clerk), "attendance_entry_gone")


# --- who came -------------------------------------------------------------------------------------------------------


def test_after_the_meeting_clerks_record_who_came_until_the_issue() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    row = row_of(meeting, world, "head")
    set_attendance(row, by=world.gov_clerk, status=S.LEAVE)
    row.refresh_from_db()
    assert (row.status, row.name) == (S.LEAVE, "韩正")
    refused(lambda: remove_attendance(row, by=world.gov_clerk), "meeting_held")

    issued = issued_minutes(world, DAY + timedelta(days=30)).meeting
    row = row_of(issued, world, "head")
    refused(lambda: set_attendance(row, by=world.gov_clerk, status=S.LEAVE), "attendance_closed")
    row.refresh_from_db()
    assert row.status == S.ATTENDS


def test_a_post_that_is_vacant_on_the_day_leaves_the_list() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    for key in ("liaison_leader", "union_leader"):
        world.tenures[key].to_date = DAY - timedelta(days=1)
        world.tenures[key].save()
    sent = row_of(meeting, world, "union_leader")
    set_attendance(sent, by=world.gov_clerk, status=S.DELEGATE, delegate_name="尚桐", delegate_title="部长")
    with clock.at(DAY):
        hold_meeting(Meeting.objects.get(pk=meeting.pk), by=world.gov_clerk)
    assert not Attendance.objects.filter(meeting=meeting, post=world.tenures["liaison_leader"].post).exists()
    assert Attendance.objects.filter(pk=sent.pk).exists()


def test_attendees_stand_by_side_in_protocol_order() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    add_guest(meeting, by=world.gov_clerk, name="靳飞驰")
    groups = [[who.name for who in group.attendees] for group in attendance_groups(meeting)]
    assert groups == [["韩正", "温知", "县财政局局长某"], ["景齐", "卫兰"], ["靳飞驰"]]


def test_a_person_who_left_has_no_rights_over_the_list() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    world.tenures["gov_clerk"].to_date = BEFORE
    world.tenures["gov_clerk"].save()
    clerk = Person.objects.get(pk=world.gov_clerk.pk)
    with clock.at(BEFORE + timedelta(days=1)):
        refused(lambda: add_guest(meeting, by=clerk, name="甲"), "not_a_meeting_clerk")
