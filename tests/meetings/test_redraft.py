"""Tests of redrafting: edited text is removed only by choice; other changes of the meeting are taken over."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import clock
from meetings.enums import AttendanceStatus, MinutesState
from meetings.models import Minutes, RecordLogEntry
from meetings.operations.agenda import edit_agenda_item
from meetings.operations.attendance import record_attendee, set_attendance
from meetings.operations.minutes import approve_minutes, edit_minutes, prepare_redraft, redraft_minutes, send_minutes
from meetings.rules.redraft import BOTH, KEEP, NEW, Piece, blocks, compare, compose, highlight
from tests.meetings.factories import World, yuanqu
from tests.meetings.steps import AFTER, drafted_minutes, held_meeting, issued_minutes, planned_meeting
from tests.refusals import refusal, refused


def pieces(base: str, edited: str, new: str) -> list[Piece]:
    """Compare three texts."""
    return compare(blocks(base), blocks(edited), blocks(new))


def paragraphs(*texts: str) -> str:
    """Return a rich text of paragraphs."""
    return "".join(f"<p>{text}</p>" for text in texts)


def presets(found: list[Piece]) -> dict[str, str]:
    """Return the default choice of each piece that needs one."""
    return {piece.name: piece.default_choice for piece in found if piece.needs_choice}


PRESENT = "出席：县长韩正；副县长温知；总工会主席景齐。"
MORE = "出席：县长韩正；副县长温知；总工会主席景齐；常务副主席卫兰。"


# --- comparing ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("base", "edited", "new", "result"),
    [
        pytest.param([PRESENT], [PRESENT], [MORE], [MORE], id="only the machine"),
        pytest.param([PRESENT], ["出席名单见附件。"], [PRESENT], ["出席名单见附件。"], id="only a hand"),
        pytest.param([PRESENT], [f"{PRESENT}另有代表。"], [MORE], [f"{PRESENT}另有代表。"], id="both"),
        pytest.param(["甲", "乙"], ["甲", "丙", "乙"], ["甲", "乙"], ["甲", "丙", "乙"], id="a hand put in"),
        pytest.param(["甲", "乙"], ["甲", "乙"], ["甲", "丁", "乙"], ["甲", "丁", "乙"], id="the machine put in"),
        pytest.param(["甲", "乙"], ["甲", "丙", "乙"], ["甲", "丁", "乙"], ["甲", "丙", "丁", "乙"], id="both put in"),
        pytest.param(["甲", "乙"], ["甲"], ["甲", "乙"], ["甲"], id="a hand took out"),
        pytest.param(["甲", "乙"], ["甲", "乙"], ["甲"], ["甲"], id="the machine took out"),
        pytest.param([PRESENT, "乙"], ["乙"], [MORE, "乙"], ["乙"], id="a hand took out what the machine changed"),
        pytest.param(["甲"], ["甲改"], ["甲改"], ["甲改"], id="the same"),
        pytest.param([], ["甲"], ["乙"], ["甲"], id="no draft is known"),
    ],
)
def test_what_a_hand_wrote_stays_and_what_only_the_machine_changed_is_new(
    base: list[str], edited: list[str], new: list[str], result: list[str]
) -> None:
    found = pieces(paragraphs(*base), paragraphs(*edited), paragraphs(*new))
    assert compose(found, presets(found)) == paragraphs(*result)


def test_an_editor_s_attributes_and_spaces_are_no_change() -> None:
    base = "<p><b>出席：</b>韩正、温知。</p><ol><li>甲</li><li>乙</li></ol>"
    edited = (
        '<p data-block-key="a1"><strong>出席：</strong>韩正、温知。</p>'
        '<ol><li data-block-key="b">甲</li> <li data-block-key="c">乙</li></ol>'
    )
    assert not [piece for piece in pieces(base, edited, base) if piece.needs_choice]


def test_neighbours_that_changed_are_chosen_each_for_itself() -> None:
    leave, less = "请假：政府办主任段怀、总工会主席景齐。", "请假：政府办主任段怀。"
    found = pieces(paragraphs(PRESENT, leave), paragraphs(PRESENT, f"{leave}（病假）"), paragraphs(MORE, less))
    first, second = (piece for piece in found if piece.needs_choice)
    assert (first.default_choice, second.default_choice) == (NEW, KEEP)
    assert (first.choices, second.choices) == ((KEEP, NEW), (KEEP, NEW, BOTH))
    both = compose(found, {first.name: NEW, second.name: BOTH})
    assert both == paragraphs(MORE, f"{leave}（病假）", less)


def test_what_differs_is_marked() -> None:
    assert highlight(MORE, PRESENT) == [(False, PRESENT[:-1]), (True, "；常务副主席卫兰"), (False, "。")]


TEXTS = st.lists(st.sampled_from(["甲甲甲甲", "甲甲甲乙", "乙乙", "丙", "丁丁丁", ""]), max_size=6)


@given(base=TEXTS, edited=TEXTS, new=TEXTS)
def test_whatever_the_texts_keeping_keeps_all_of_a_hand_and_an_untouched_text_becomes_the_new(
    base: list[str], edited: list[str], new: list[str]
) -> None:
    found = pieces(paragraphs(*base), paragraphs(*edited), paragraphs(*new))
    keep = {piece.name: KEEP for piece in found if piece.needs_choice}
    assert compose(found, keep) == paragraphs(*edited)
    untouched = pieces(paragraphs(*base), paragraphs(*base), paragraphs(*new))
    if base:
        assert compose(untouched, presets(untouched)) == paragraphs(*new)


# --- minutes --------------------------------------------------------------------------------------------------------
def choices(minutes: Minutes, **changed: str) -> dict[str, str]:
    """Return the default choices of the present redraft, with the given changes."""
    return {**presets(prepare_redraft(minutes)[1]), **changed}


def by_hand(world: World, minutes: Minutes, old: str, new: str) -> None:
    """Replace words in the text, by a clerk."""
    assert old in minutes.body
    values: dict[str, Any] = {"title": minutes.title, "disclosure": minutes.disclosure}
    edit_minutes(minutes, by=world.gov_clerk, body=minutes.body.replace(old, new), **values)


@pytest.mark.django_db
def test_a_later_change_of_the_attendance_gets_into_its_paragraph_and_a_hand_s_work_stays() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    by_hand(world, minutes, "会议审议了关于第1件事的议题。", "会议认真审议了第1件事。")
    row = minutes.meeting.attendance.order_by("order")[0]
    set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.LEAVE)
    minutes.refresh_from_db()
    redraft_minutes(minutes, by=world.union_clerk, choices=choices(minutes), version=minutes.version)
    assert f"<b>请假：</b>{row.title}{row.name}" in minutes.body
    assert "会议认真审议了第1件事。" in minutes.body
    assert minutes.revisions.count() == 3
    assert RecordLogEntry.objects.get_for_instance(minutes).filter(action="meetings.minutes.redraft").count() == 1
    assert not [piece for piece in prepare_redraft(minutes)[1] if piece.needs_choice and piece.by_machine], (
        "it is asked once"
    )


@pytest.mark.django_db
def test_what_was_noted_later_gets_in_too() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    item = minutes.meeting.agenda.filter(topic__isnull=False)[0]
    edit_agenda_item(item, by=world.gov_clerk, notes="经费由财政统筹。")
    redraft_minutes(minutes, by=world.gov_clerk, choices=choices(minutes))
    assert "<p>会议认为，经费由财政统筹。</p>" in minutes.body


@pytest.mark.django_db
def test_a_choice_that_lacks_or_is_none_is_refused_and_so_is_a_stale_page() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    before, seen = minutes.body, minutes.version
    row = minutes.meeting.attendance.order_by("order")[0]
    set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.LEAVE)
    fresh = Minutes.objects.get(pk=minutes.pk)
    (name, *_others) = choices(fresh)
    with refusal("stale"):
        redraft_minutes(minutes, by=world.gov_clerk, choices=choices(fresh), version=seen)
    for given_choices in ({}, {**choices(fresh), name: "drop"}):
        refused(partial(redraft_minutes, fresh, by=world.gov_clerk, choices=given_choices), "redraft_outdated")
    for person in (world.head, world.liaison, world.auditor):
        refused(partial(redraft_minutes, fresh, by=person, choices=choices(fresh)), "not_a_meeting_clerk")
    assert Minutes.objects.get().body == before


@pytest.mark.django_db
def test_signed_minutes_lose_their_signatures_and_issued_ones_are_not_drafted_again() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    with clock.at(AFTER):
        send_minutes(minutes, by=world.gov_clerk)
        approve_minutes(minutes, by=world.head)
    item = minutes.meeting.agenda.filter(topic__isnull=False)[0]
    edit_agenda_item(item, by=world.gov_clerk, notes="经费由财政统筹。")
    redraft_minutes(minutes, by=world.gov_clerk, choices=choices(minutes))
    assert (minutes.state, minutes.hash) == (MinutesState.DRAFT, "")
    assert minutes.approvals.get().voided_at
    issued = issued_minutes(yuanqu("邻县"))
    clerk = issued.revisions.latest("pk").user
    refused(lambda: redraft_minutes(issued, by=clerk, choices=choices(issued)), "minutes_issued")


# --- who came uninvited ---------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_who_came_uninvited_is_recorded_under_the_name_of_the_day_or_as_a_guest() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    meeting = minutes.meeting
    post = world.tenures["gov_leader"].post
    row = record_attendee(meeting, by=world.gov_clerk, post=post, reason="受县长委托到会")
    assert (row.name, row.title, row.person) == ("段怀", "常务副县长", world.gov_leader)
    guest: dict[str, Any] = {"name": "靳飞驰", "title": "职工代表", "status": AttendanceStatus.GUEST}
    record_attendee(meeting, by=world.union_clerk, reason="临时邀请", **guest)
    minutes.refresh_from_db()
    redraft_minutes(minutes, by=world.gov_clerk, choices=choices(minutes))
    assert "常务副县长段怀" in minutes.body
    assert "<p><b>列席：</b>职工代表靳飞驰。</p>" in minutes.body
    log = RecordLogEntry.objects.get_for_instance(meeting).filter(action="meetings.meeting.record_attendee")
    assert [entry.data["reason"] for entry in log.order_by("pk")] == ["受县长委托到会", "临时邀请"]
    assert meeting.approvals.filter(voided_at=None).count() == 2, "the settlement stands"


@pytest.mark.django_db
def test_it_voids_signatures_and_is_refused_otherwise() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    meeting, post = minutes.meeting, world.tenures["gov_leader"].post
    with clock.at(AFTER):
        send_minutes(minutes, by=world.gov_clerk)
        approve_minutes(minutes, by=world.head)
    there, vacant = world.tenures["head"].post, world.tenures["writer"].post
    world.tenures["writer"].delete()
    invited, came = AttendanceStatus.INVITED, AttendanceStatus.ATTENDS
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("not_a_meeting_clerk", {"by": world.head, "post": post, "reason": "到会"}),
        ("attendance_reason_missing", {"by": world.gov_clerk, "post": post, "reason": " "}),
        ("already_in_attendance", {"by": world.gov_clerk, "post": there, "reason": "到会"}),
        ("post_vacant", {"by": world.gov_clerk, "post": vacant, "reason": "到会"}),
        ("attended_how_missing", {"by": world.gov_clerk, "post": post, "status": invited, "reason": "到会"}),
        ("attendee_missing", {"by": world.gov_clerk, "name": " ", "reason": "到会"}),
        ("attendee_without_post", {"by": world.gov_clerk, "name": "靳飞驰", "status": came, "reason": "到会"}),
    ]
    for code, values in wrong:
        refused(partial(record_attendee, meeting, **values), code)
    record_attendee(meeting, by=world.gov_clerk, post=post, reason="到会")
    assert Minutes.objects.get().state == MinutesState.DRAFT
    refused(lambda: record_attendee(meeting, by=world.gov_clerk, post=post, reason="到会"), "already_in_attendance")


@pytest.mark.django_db
def test_before_the_meeting_and_after_the_issue_nobody_is_recorded_so() -> None:
    world = yuanqu()
    post = world.tenures["gov_leader"].post
    planned = planned_meeting(world)
    refused(lambda: record_attendee(planned, by=world.gov_clerk, post=post, reason="到会"), "attendance_before_meeting")
    other = yuanqu("邻县")
    issued = issued_minutes(other).meeting
    post = other.tenures["gov_leader"].post
    refused(lambda: record_attendee(issued, by=other.gov_clerk, post=post, reason="到会"), "attendance_closed")
    assert not issued.attendance.filter(post=post).exists()
    third = yuanqu("远县")
    record_attendee(held_meeting(third), by=third.gov_clerk, post=third.tenures["gov_leader"].post, reason="到会")


def test_text_outside_of_any_element_counts_as_a_paragraph() -> None:
    assert blocks("散落的文字<p>甲</p> ") == blocks("<p>散落的文字</p><p>甲</p>")
