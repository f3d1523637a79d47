"""Tests of the settlement of a meeting: requirements, signers, what voids it (`Y 1(6)`, `Y 2(4)`, `C 5(2)`)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from meetings import clock
from meetings.enums import AgendaKind, ApprovalStep, MeetingKind, MeetingState
from meetings.machines import machine_of
from meetings.models import Meeting, Person, RecordLogEntry
from meetings.operations.agenda import add_topic, edit_agenda_item, remove_agenda_item
from meetings.operations.meeting import (
    consult_meeting,
    explain,
    hold_meeting,
    reopen_meeting,
    save_meeting,
    settle_meeting,
)
from meetings.refusal import Missing
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.steps import (
    BEFORE,
    DAY,
    agreed_topic,
    at,
    held_meeting,
    issued_minutes,
    notified,
    planned_meeting,
    settled,
    settlers,
)
from tests.meetings.work import waiting
from tests.refusals import codes, refusal, refused

pytestmark = pytest.mark.django_db
OLD = date(2023, 11, 10)  # while the older measure is in force, whose text is not available


def missing(meeting: Meeting, person: Person) -> list[Missing]:
    """Return what is missing before the meeting can be settled."""
    step = next(s for s in machine_of(meeting).open_steps(person, meeting) if s.transition.action == "settle")
    return step.missing


def gaps(meeting: Meeting, person: Person) -> list[str]:
    """Return the codes of what is missing before the meeting can be settled."""
    return codes(missing(meeting, person))


# --- settled --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("build", [yuanqu, chengqiao])
def test_two_settlers_settle_and_both_must(build: Callable[[], World]) -> None:
    world = build()
    meeting = planned_meeting(world)
    first, second = settlers(world, meeting)
    with clock.at(BEFORE):
        settle_meeting(meeting, by=first, version=meeting.version)
        assert meeting.state == MeetingState.PLANNED
        settle_meeting(meeting, by=second, version=meeting.version)
    assert meeting.state == MeetingState.SETTLED
    given = list(meeting.approvals.values_list("person", "on", "hash"))
    assert {row[0] for row in given} == {first.pk, second.pk}
    assert {row[1] for row in given} == {BEFORE}
    assert len({row[2] for row in given}) == 1


def test_clerks_do_not_settle_where_the_heads_of_the_group_do() -> None:
    world = chengqiao()
    meeting = planned_meeting(world)
    refused(lambda: settle_meeting(meeting, by=world.gov_clerk), "not_your_post")
    assert not meeting.approvals.exists()


def test_a_second_click_is_no_second_approval() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    settle_meeting(meeting, by=world.gov_clerk)
    refused(lambda: settle_meeting(meeting, by=world.gov_clerk), "already_agreed")
    assert (meeting.approvals.count(), meeting.state) == (1, MeetingState.PLANNED)


def test_one_person_on_both_sides_settles_once() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    both = world.tenures["union_clerk"]
    both.person = world.gov_clerk
    both.save()
    settle_meeting(meeting, by=Person.objects.get(pk=world.gov_clerk.pk))
    refused(lambda: settle_meeting(meeting, by=Person.objects.get(pk=world.gov_clerk.pk)), "already_agreed")


def _without_place(world: World, meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(place=" ")


def _without_chair(world: World, meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(chair=None)


def _chair_who_left(world: World, meeting: Meeting) -> None:
    world.tenures["head"].to_date = DAY - timedelta(days=1)
    world.tenures["head"].save()


def _wrong_name(world: World, meeting: Meeting) -> None:
    type(world.conference).objects.filter(pk=world.conference.pk).update(name="政府工会座谈会")


def _special_without_consultation(world: World, meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(kind=MeetingKind.SPECIAL)


def _without_agenda(world: World, meeting: Meeting) -> None:
    meeting.agenda.all().delete()


def _without_attendance(world: World, meeting: Meeting) -> None:
    meeting.attendance.all().delete()


LACKS = {
    _without_place: ("place_missing", "meeting.settle"),
    _without_chair: ("chair_missing", "chair"),
    _chair_who_left: ("chair_not_in_office", "chair"),
    _wrong_name: ("name_not_official", "name"),
    _special_without_consultation: ("occasion_missing", "special"),
    _without_agenda: ("agenda_empty", "agenda"),
    _without_attendance: ("nobody_invited", "attendance"),
}


@pytest.mark.parametrize("take_away", LACKS)
def test_what_is_missing_stops_the_settlement_with_its_clause(take_away: Callable[..., None]) -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    assert gaps(meeting, world.gov_clerk) == []
    take_away(world, meeting)
    meeting = Meeting.objects.get(pk=meeting.pk)
    code, clause = LACKS[take_away]
    assert [(gap.code, gap.clause) for gap in missing(meeting, world.gov_clerk)] == [(code, clause)]
    refused(lambda: settle_meeting(meeting, by=world.gov_clerk), code)
    assert not meeting.approvals.exists()


@pytest.mark.parametrize("take_away", LACKS)
def test_where_the_text_is_not_at_hand_only_the_place_stops(take_away: Callable[..., None]) -> None:
    world = yuanqu()
    meeting = planned_meeting(world, OLD)
    take_away(world, meeting)
    meeting = Meeting.objects.get(pk=meeting.pk)
    expected = ["place_missing"] if take_away is _without_place else []
    assert gaps(meeting, world.gov_clerk) == expected


def test_the_town_measures_fix_no_name() -> None:
    world = chengqiao()
    meeting = planned_meeting(world)
    _wrong_name(world, meeting)
    assert gaps(Meeting.objects.get(pk=meeting.pk), world.liaison_leader) == []


def special(world: World) -> Meeting:
    """Return a special meeting in preparation, with its occasion."""
    return planned_meeting(world, kind=MeetingKind.SPECIAL, consultation="10月20日台风灾后，事出紧急。")


@pytest.mark.parametrize(
    ("build", "asked"), [(yuanqu, ("gov_clerk", "union_clerk")), (chengqiao, ("head",))], ids=["Y 2", "C 5(2)"]
)
def test_a_special_meeting_is_settled_after_the_consultation_of_its_regulation(
    build: Callable[[], World], asked: tuple[str, ...]
) -> None:
    world = build()
    meeting = special(world)
    for name in asked:
        assert gaps(meeting, settlers(world, meeting)[0]) == ["consultation_open"]
        assert any(found.record == meeting for found in waiting(getattr(world, name)))
        consult_meeting(meeting, by=getattr(world, name), opinion="同意")
    assert settled(world, meeting).state == MeetingState.SETTLED


def test_nobody_else_is_consulted_and_nobody_twice() -> None:
    world = yuanqu()
    meeting = special(world)
    refused(lambda: consult_meeting(meeting, by=world.head), "not_your_post")
    consult_meeting(meeting, by=world.gov_clerk)
    refused(lambda: consult_meeting(meeting, by=world.gov_clerk), "already_agreed")
    assert meeting.approvals.filter(step=ApprovalStep.CONSULT).count() == 1
    consult_meeting(meeting, by=world.union_clerk)
    refused(lambda: consult_meeting(meeting, by=world.gov_clerk), "wrong_state")


def test_another_occasion_is_agreed_to_anew() -> None:
    world = chengqiao()
    meeting = special(world)
    consult_meeting(meeting, by=world.head)
    meeting.consultation = "改为研究另一件事。"
    save_meeting(meeting, by=world.gov_clerk, version=meeting.version)
    assert gaps(meeting, world.liaison_leader) == ["consultation_open"]
    assert meeting.approvals.get(step=ApprovalStep.CONSULT).voided_at is not None


def test_a_regular_meeting_needs_no_consultation() -> None:
    world = yuanqu()
    refused(lambda: consult_meeting(planned_meeting(world), by=world.gov_clerk), "wrong_state")


# --- follow-up ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("build", [yuanqu, chengqiao])
def test_every_unfinished_resolution_is_explained_before_the_settlement(build: Callable[[], World]) -> None:
    world = build()
    earlier = issued_minutes(world, date(2024, 11, 14), topics=2)
    meeting = planned_meeting(world)
    first, second = earlier.resolutions.order_by("order")
    person = settlers(world, meeting)[0]
    assert gaps(meeting, person) == ["unfinished_not_explained"]
    explain(first, meeting, by=world.gov_clerk, text="资金未到位。", opinion="列入明年预算。")
    assert gaps(meeting, person) == ["unfinished_not_explained"]
    reasons = refused(lambda: settle_meeting(meeting, by=person), "unfinished_not_explained")
    assert second.title in reasons[0]
    assert first.title not in reasons[0]
    explain(second, meeting, by=world.union_clerk, text="正在办理。", opinion="继续推进。")
    assert settled(world, meeting).state == MeetingState.SETTLED


def test_the_follow_up_item_is_asked_for() -> None:
    world = yuanqu()
    held_meeting(world, date(2024, 11, 14))
    meeting = planned_meeting(world)
    remove_agenda_item(meeting.agenda.get(kind=AgendaKind.FOLLOW_UP), by=world.gov_clerk)
    assert gaps(meeting, world.gov_clerk) == ["follow_up_not_on_agenda"]


def test_an_explanation_needs_both_texts_and_an_unfinished_resolution() -> None:
    world = yuanqu()
    resolution = issued_minutes(world, date(2024, 11, 14)).resolutions.get()
    meeting, clerk = planned_meeting(world), world.gov_clerk
    refused(lambda: explain(resolution, meeting, by=clerk, text=" ", opinion="继续"), "explanation_missing")
    refused(lambda: explain(resolution, meeting, by=clerk, text="未完成", opinion=""), "explanation_opinion_missing")
    explanation: dict[str, Any] = {"text": "未完成", "opinion": "继续"}
    refused(lambda: explain(resolution, meeting, by=world.liaison, **explanation), "not_a_meeting_clerk")
    stranger = issued_minutes(chengqiao(), date(2024, 11, 14)).resolutions.get()
    refused(lambda: explain(stranger, meeting, by=clerk, **explanation), "nothing_to_explain")
    assert not meeting.explanations.exists()


def test_an_explanation_is_written_once_and_may_be_rewritten_until_the_meeting() -> None:
    world = yuanqu()
    resolution = issued_minutes(world, date(2024, 11, 14)).resolutions.get()
    meeting = planned_meeting(world)
    explain(resolution, meeting, by=world.gov_clerk, text="资金未到位。", opinion="列入预算。")
    explain(resolution, meeting, by=world.gov_clerk, text="资金已到位一半。", opinion="继续推进。")
    assert meeting.explanations.get().text == "资金已到位一半。"
    notified(world, meeting)
    with clock.at(DAY):
        hold_meeting(meeting, by=world.gov_clerk)
        late: dict[str, Any] = {"text": "改口。", "opinion": "另议。"}
        refused(lambda: explain(resolution, meeting, by=world.gov_clerk, **late), "meeting_held")


# --- changes after an approval --------------------------------------------------------------------------------------


def _move(world: World, meeting: Meeting) -> None:
    meeting.time = at(DAY, 9)
    save_meeting(meeting, by=world.union_clerk)


def _other_place(world: World, meeting: Meeting) -> None:
    meeting.place = "二楼会议室"
    save_meeting(meeting, by=world.union_clerk)


def _other_chair(world: World, meeting: Meeting) -> None:
    meeting.chair = world.tenures["gov_leader"]
    save_meeting(meeting, by=world.union_clerk)


def _another_topic(world: World, meeting: Meeting) -> None:
    add_topic(meeting, agreed_topic(world), by=world.union_clerk)


def _other_title(world: World, meeting: Meeting) -> None:
    edit_agenda_item(meeting.agenda.all()[0], by=world.union_clerk, title="通报就业情况")


def _one_item_less(world: World, meeting: Meeting) -> None:
    remove_agenda_item(meeting.agenda.all()[0], by=world.union_clerk)


CHANGES = [_move, _other_place, _other_chair, _another_topic, _other_title, _one_item_less]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_voids_the_approval_visibly(change: Callable[..., None]) -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    settle_meeting(meeting, by=world.gov_clerk)
    change(world, meeting)
    approval = meeting.approvals.get()
    assert approval.voided_at is not None
    assert approval.void_reason
    assert RecordLogEntry.objects.get_for_instance(meeting).filter(action="meetings.meeting.void").count() == 1
    settle_meeting(meeting, by=world.union_clerk)
    assert meeting.state == MeetingState.PLANNED, "the voided approval must be given again"
    settle_meeting(meeting, by=world.gov_clerk)
    assert meeting.state == MeetingState.SETTLED


@pytest.mark.parametrize("change", CHANGES)
def test_a_settled_meeting_is_not_changed_but_reopened_first(change: Callable[..., None]) -> None:
    world = yuanqu()
    meeting = settled(world, planned_meeting(world))
    before = (list(meeting.agenda.values_list()), meeting.time, meeting.place, meeting.chair_id)
    refused(lambda: change(world, meeting), "meeting_settled")
    meeting.refresh_from_db()
    assert (list(meeting.agenda.values_list()), meeting.time, meeting.place, meeting.chair_id) == before
    assert meeting.approvals.filter(voided_at=None).count() == 2
    reopen_meeting(meeting, by=world.gov_clerk, reason="场地另有安排")
    change(world, Meeting.objects.get(pk=meeting.pk))


def test_what_changes_nothing_voids_nothing() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    settle_meeting(meeting, by=world.gov_clerk)
    save_meeting(meeting, by=world.gov_clerk)
    edit_agenda_item(meeting.agenda.all()[0], by=world.gov_clerk, speaker="常务副县长段怀", notes="新增就业2735人。")
    assert meeting.approvals.get().voided_at is None


def test_two_clerks_at_once_one_wins_the_other_is_told() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    mine, yours = Meeting.objects.get(pk=meeting.pk), Meeting.objects.get(pk=meeting.pk)
    mine.place, yours.place = "一号楼", "二号楼"
    save_meeting(mine, by=world.gov_clerk, version=mine.version)
    with refusal("stale"):
        save_meeting(yours, by=world.union_clerk, version=yours.version)
    assert Meeting.objects.get(pk=meeting.pk).place == "一号楼"


def test_an_approval_on_a_page_that_is_out_of_date_is_refused() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    seen = meeting.version
    _another_topic(world, meeting)
    with refusal("stale"):
        settle_meeting(meeting, by=world.gov_clerk, version=seen)
