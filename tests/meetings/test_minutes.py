"""Tests of the states of minutes: drafted, sent, approved by two people, issued (`Y 2(5)`, `C 5(4)`)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from meetings import clock
from meetings.enums import AttendanceStatus, Disclosure, MinutesState, ResolutionState
from meetings.machines import machine_of
from meetings.models import Minutes, Person, RecordLogEntry, Resolution
from meetings.operations.attendance import set_attendance
from meetings.operations.minutes import (
    approve_minutes,
    draft_minutes,
    edit_minutes,
    issue_minutes,
    return_minutes,
    send_minutes,
)
from meetings.operations.resolution import edit_resolution
from meetings.operations.steps import perform
from meetings.queries.minutes import document
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.steps import (
    AFTER,
    DAY,
    approved_minutes,
    approvers,
    drafted_minutes,
    held_meeting,
    in_approval,
    issued_minutes,
    notified,
    offered,
    planned_meeting,
)
from tests.refusals import refusal, refused

pytestmark = pytest.mark.django_db
NUMBER = "垣政办纪〔2025〕17号"
OLD = date(2023, 11, 10)  # while the older measure is in force, whose text is not available


def gaps(minutes: Minutes, person: Person) -> list[tuple[str, str]]:
    """Return the codes and clauses of what is missing before the minutes can be sent."""
    step = next(s for s in machine_of(minutes).open_steps(person, minutes) if s.transition.action == "send")
    return [(gap.code, gap.clause) for gap in step.missing]


# --- drafted --------------------------------------------------------------------------------------------------------


def test_minutes_are_drafted_once_by_a_clerk_after_the_meeting() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    refused(lambda: draft_minutes(meeting, by=world.gov_clerk), "wrong_state")
    meeting = held_meeting(world, DAY + timedelta(days=30))
    refused(lambda: draft_minutes(meeting, by=world.head), "not_your_post")
    draft_minutes(meeting, by=world.union_clerk)
    refused(lambda: draft_minutes(meeting, by=world.gov_clerk), "wrong_state")
    assert Minutes.objects.count() == 1


def test_the_button_for_the_draft_is_there_until_there_are_minutes() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    assert offered(world.gov_clerk, meeting) == {"draft_minutes"}
    perform(meeting, "draft_minutes", by=world.gov_clerk, version=meeting.version)
    assert offered(world.gov_clerk, meeting) == set()


def test_an_edit_keeps_a_revision_with_its_author() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    drafted = minutes.body
    edit_minutes(
        minutes,
        by=world.union_clerk,
        title=minutes.title,
        body="<p>会议强调。</p>",
        disclosure="public",
        version=minutes.version,
    )
    saved = list(minutes.revisions.order_by("pk").values_list("user", "content"))
    assert [(user, content["body"]) for user, content in saved] == [
        (world.gov_clerk.pk, drafted),
        (world.union_clerk.pk, "<p>会议强调。</p>"),
    ]
    assert Minutes.objects.get().disclosure == Disclosure.PUBLIC


def test_an_edit_is_refused_to_others_without_title_and_on_a_stale_page() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    text: dict[str, Any] = {"title": "纪要", "body": "<p>会议。</p>", "disclosure": "public"}
    clerk = world.gov_clerk
    refused(lambda: edit_minutes(minutes, by=world.head, **text), "not_a_meeting_clerk")
    refused(lambda: edit_minutes(minutes, by=clerk, **{**text, "title": " "}), "minutes_title_missing")
    refused(lambda: edit_minutes(minutes, by=clerk, **{**text, "disclosure": ""}), "minutes_disclosure_missing")
    seen = minutes.version
    edit_minutes(minutes, by=world.gov_clerk, version=seen, **text)
    with refusal("stale"):
        edit_minutes(minutes, by=world.union_clerk, version=seen, **{**text, "title": "另一个题目"})
    assert Minutes.objects.get().title == "纪要"


# --- sent -----------------------------------------------------------------------------------------------------------


def _empty(world: World, minutes: Minutes) -> None:
    Minutes.objects.filter(pk=minutes.pk).update(body="<p> </p>")


def _closed_without_reason(world: World, minutes: Minutes) -> None:
    Minutes.objects.filter(pk=minutes.pk).update(disclosure=Disclosure.CLOSED, disclosure_reason=" ")


def _no_reply(world: World, minutes: Minutes) -> None:
    row = minutes.meeting.attendance.all()[0]
    set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.INVITED)


def _no_lead(world: World, minutes: Minutes) -> None:
    edit_resolution(minutes.resolutions.get(), by=world.gov_clerk, parts=[(world.department, "co")])


def _past_deadline(world: World, minutes: Minutes) -> None:
    day = minutes.meeting.day - timedelta(days=1)
    words: dict[str, Any] = {"deadline_kind": "date", "deadline": day, "deadline_text": "会前"}
    edit_resolution(minutes.resolutions.get(), by=world.gov_clerk, **words)


LACKS = {
    _empty: ("minutes_empty", "minutes"),
    _closed_without_reason: ("minutes_closed_without_reason", "minutes"),
    _no_reply: ("attendance_not_recorded", "attendance"),
    _no_lead: ("lead_missing", "follow_up"),
    _past_deadline: ("deadline_before_meeting", "follow_up"),
}


@pytest.mark.parametrize("take_away", LACKS)
def test_what_is_missing_stops_the_sending_and_the_approval(take_away: Callable[..., None]) -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    assert gaps(minutes, world.gov_clerk) == []
    take_away(world, minutes)
    minutes = Minutes.objects.get(pk=minutes.pk)
    code, clause = LACKS[take_away]
    assert gaps(minutes, world.gov_clerk) == [(code, clause)]
    refused(lambda: send_minutes(minutes, by=world.gov_clerk), code)
    Minutes.objects.filter(pk=minutes.pk).update(state=MinutesState.IN_APPROVAL)
    refused(lambda: approve_minutes(minutes, by=world.head), code)
    assert not minutes.approvals.exists()


def test_where_the_text_is_not_at_hand_nobody_asks_who_came() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world, OLD)
    _no_reply(world, minutes)
    assert gaps(minutes, world.gov_clerk) == []


def test_leaders_do_not_send_and_clerks_do_not_approve() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    refused(lambda: approve_minutes(minutes, by=world.head), "wrong_state")
    refused(lambda: send_minutes(minutes, by=world.head), "not_your_post")
    send_minutes(minutes, by=world.union_clerk)
    refused(lambda: approve_minutes(minutes, by=world.gov_clerk), "not_your_post")
    assert minutes.state == MinutesState.IN_APPROVAL


# --- approved -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("build", [yuanqu, chengqiao])
def test_two_people_of_both_sides_approve_one_content(build: Callable[[], World]) -> None:
    world = build()
    minutes = in_approval(world)
    first, second = approvers(world, minutes)
    with clock.at(AFTER):
        approve_minutes(minutes, by=first, opinion="同意", version=minutes.version)
        assert (minutes.state, minutes.sealed_at) == (MinutesState.IN_APPROVAL, clock.now())
        approve_minutes(minutes, by=second, version=minutes.version)
    assert minutes.state == MinutesState.APPROVED
    assert set(minutes.approvals.values_list("hash", flat=True)) == {minutes.hash}
    assert document(minutes).approvals[0].opinion == "同意"


def test_any_leader_of_a_side_may_take_its_seat_but_only_one() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    approve_minutes(minutes, by=world.gov_leader)
    refused(lambda: approve_minutes(minutes, by=world.head), "no_seat_left")
    approve_minutes(minutes, by=world.union_leader)
    assert minutes.state == MinutesState.APPROVED


def test_under_the_town_measures_only_the_heads_of_the_group_approve() -> None:
    world = chengqiao()
    minutes = in_approval(world)
    refused(lambda: approve_minutes(minutes, by=world.head), "not_your_post")
    refused(lambda: approve_minutes(minutes, by=world.union_leader), "not_your_post")
    assert not minutes.approvals.exists()


def test_a_second_click_is_no_second_approval() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    approve_minutes(minutes, by=world.head)
    refused(lambda: approve_minutes(minutes, by=world.head), "already_agreed")
    assert minutes.approvals.count() == 1


def test_one_person_in_leading_posts_of_both_sides_approves_once() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    post = world.tenures["union_leader"]
    post.person = world.head
    post.save()
    approve_minutes(minutes, by=Person.objects.get(pk=world.head.pk))
    refused(lambda: approve_minutes(minutes, by=Person.objects.get(pk=world.head.pk)), "already_agreed")
    assert minutes.state == MinutesState.IN_APPROVAL


def test_an_approver_whose_page_shows_an_older_text_is_told() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    seen = minutes.version
    edit_resolution(minutes.resolutions.get(), by=world.gov_clerk, text="改为分三年安排。")
    with refusal("stale"):
        approve_minutes(minutes, by=world.head, version=seen)
    assert not minutes.approvals.exists()


def test_a_leader_who_left_does_not_approve_the_successor_does() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    old = world.tenures["union_head"]
    old.to_date = DAY
    old.save()
    type(old).objects.create(post=old.post, person=world.stranger, full_title="总工会主席", from_date=AFTER)
    with clock.at(AFTER):
        refused(lambda: approve_minutes(minutes, by=Person.objects.get(pk=world.union_head.pk)), "not_your_post")
        approve_minutes(minutes, by=Person.objects.get(pk=world.stranger.pk))
    assert minutes.approvals.get().person == world.stranger


@pytest.mark.parametrize("who", ["union_clerk", "head", "union_head"])
def test_a_return_with_a_reason_voids_the_approvals_visibly(who: str) -> None:
    world = yuanqu()
    minutes = approved_minutes(world)
    refused(lambda: return_minutes(minutes, by=getattr(world, who), reason=" "), "return_reason_missing")
    return_minutes(minutes, by=getattr(world, who), reason="第二项金额有误")
    assert (minutes.state, minutes.hash, minutes.sealed_at) == (MinutesState.DRAFT, "", None)
    shown = document(minutes)
    assert shown.approvals == []
    assert [approval.void_reason for approval in shown.voided] == ["第二项金额有误"] * 2


def test_a_liaison_returns_nothing() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    refused(lambda: return_minutes(minutes, by=world.liaison, reason="不同意"), "not_your_post")


# --- issued ---------------------------------------------------------------------------------------------------------


def test_the_issue_settles_the_resolutions() -> None:
    world = yuanqu()
    minutes = approved_minutes(world, topics=2)
    assert set(minutes.resolutions.values_list("state", flat=True)) == {ResolutionState.DRAFTED}
    with clock.at(AFTER):
        perform(minutes, "issue", by=world.gov_clerk, version=minutes.version, number=NUMBER)
    assert (minutes.state, minutes.number, minutes.issued_on) == (MinutesState.ISSUED, NUMBER, AFTER)
    assert set(minutes.resolutions.values_list("state", flat=True)) == {ResolutionState.ADOPTED}
    entry = RecordLogEntry.objects.get_for_instance(minutes).get(action="meetings.minutes.issue")
    assert entry.data["number"] == NUMBER


def test_the_government_office_issues_under_y_either_clerk_under_c() -> None:
    county, town = yuanqu(), chengqiao()
    with clock.at(AFTER):
        minutes = approved_minutes(county)
        refused(lambda: issue_minutes(minutes, by=county.union_clerk, number=NUMBER), "not_your_post")
        refused(lambda: issue_minutes(minutes, by=county.head, number=NUMBER), "not_your_post")
        assert issue_minutes(approved_minutes(town), by=town.union_clerk).number == "第1期"


def test_minutes_are_not_issued_before_both_approved_nor_twice() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    approve_minutes(minutes, by=world.head)
    with clock.at(AFTER):
        refused(lambda: issue_minutes(minutes, by=world.gov_clerk, number=NUMBER), "wrong_state")
        approve_minutes(minutes, by=world.union_head)
        issue_minutes(minutes, by=world.gov_clerk, number=NUMBER)
        refused(lambda: issue_minutes(minutes, by=world.gov_clerk, number="垣政办纪〔2025〕18号"), "wrong_state")
        refused(lambda: return_minutes(minutes, by=world.gov_clerk, reason="收回"), "wrong_state")
    assert Minutes.objects.get().number == NUMBER


def test_a_refused_issue_leaves_everything_as_it_was() -> None:
    world = yuanqu()
    minutes = approved_minutes(world, topics=2)
    Resolution.objects.filter(minutes=minutes, order=2).update(state=ResolutionState.ADOPTED)
    with clock.at(AFTER):
        refused(lambda: issue_minutes(Minutes.objects.get(), by=world.gov_clerk, number=NUMBER), "already_settled")
    assert Minutes.objects.get().state == MinutesState.APPROVED
    assert Resolution.objects.get(minutes=minutes, order=1).state == ResolutionState.DRAFTED


def test_under_the_older_measure_minutes_go_the_present_way() -> None:
    minutes = issued_minutes(yuanqu(), OLD)
    assert (minutes.state, minutes.number) == (MinutesState.ISSUED, "垣政办纪〔2023〕17号")
