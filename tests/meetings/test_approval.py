"""Tests of approvals on paper: registration by a clerk, checks as on screen, voiding when the content changes."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from meetings import clock
from meetings.enums import Medium, MeetingState, MinutesState, TopicState
from meetings.models import Approval, Attachment, Minutes, Person, RecordLogEntry, Topic
from meetings.operations.agenda import add_agenda_item
from meetings.operations.approval import register_paper
from meetings.operations.attachment import attach, remove_attachment
from meetings.operations.meeting import settle_meeting
from meetings.operations.minutes import approve_minutes, edit_minutes, issue_minutes, return_minutes
from meetings.operations.tenures import succeed
from meetings.operations.topic import approve_topic, confer_topic, submit_topic
from meetings.operations.work import open_notice
from meetings.queries.minutes import document
from meetings.rules.addressees import work_of
from meetings.rules.evidence.base import signatures
from meetings.rules.seal import content_hash, seal_broken
from tests.meetings.factories import PersonFactory, World, chengqiao, seat, yuanqu
from tests.meetings.follow_up import reported, upload
from tests.meetings.steps import DAY, in_approval, planned_meeting
from tests.meetings.work import waiting
from tests.refusals import refused

pytestmark = pytest.mark.django_db
SENT = DAY + timedelta(days=2)  # `in_approval` sends the minutes on this day
SIGNED, ENTERED = SENT + timedelta(days=1), SENT + timedelta(days=3)
PNG = b"\x89PNG\r\n\x1a\n...."


def scan(name: str = "审签单.pdf", content: bytes = b"%PDF-1.7\n%%EOF\n") -> Any:
    return upload(name, content)


def paper(minutes: Minutes, world: World, who: str = "head", **changed: Any) -> Minutes:
    """Register the government leader's signature on paper; a union clerk enters it three days after the submission."""
    known: dict[str, Any] = {
        "by": world.union_clerk,
        "seat": "government_leader",
        "tenure": world.tenures[who],
        "on": SIGNED,
    }
    with clock.at(changed.pop("at", ENTERED)):
        done: Minutes = register_paper(minutes, "approve", **{**known, "scan": scan(), **changed})
    return done


def submitted(world: World) -> Topic:
    with clock.at(DAY):
        return submit_topic(world.topic(), by=world.liaison)


# --- what is stored --------------------------------------------------------------------------------------------------
def test_a_signature_on_paper_stands_with_its_day_its_scan_and_who_entered_it() -> None:
    world = yuanqu()
    minutes = paper(in_approval(world), world, opinion="同意。")
    given = minutes.approvals.get()
    assert [proof.text for proof in signatures([given], minutes)] == [f"{given.signer}（纸质审签）：同意。"]
    assert (given.person, given.tenure, given.seat) == (world.head, world.tenures["head"], "government_leader")
    assert (given.medium, given.entered_by, given.on) == (Medium.PAPER, world.union_clerk, SIGNED)
    assert (given.opinion, given.hash) == ("同意。", content_hash(minutes))
    assert given.scan is not None
    assert (given.scan.minutes, given.scan.is_scan, given.scan.type) == (minutes, True, "application/pdf")
    assert minutes.hash == given.hash, "the first signature seals, on paper too"
    entry = RecordLogEntry.objects.get(action="meetings.minutes.approve")
    assert entry.user == world.union_clerk
    assert "登记纸质审签，签批人县长 韩正" in entry.message


def test_paper_and_screen_together_fill_the_panel_and_the_seal_holds() -> None:
    world = yuanqu()
    minutes = paper(in_approval(world), world)
    assert minutes.state == MinutesState.IN_APPROVAL
    with clock.at(ENTERED):
        approve_minutes(minutes, by=world.union_head)
        issue_minutes(minutes, by=world.gov_clerk, number="垣政办纪〔2025〕17号")
    assert minutes.state == MinutesState.ISSUED
    assert not seal_broken(minutes)


@pytest.mark.parametrize("make", [yuanqu, chengqiao])
def test_minutes_may_be_signed_on_paper_alone(make: Callable[[], World]) -> None:
    world = make()
    minutes, county = in_approval(world), make is yuanqu
    seats = ("government_leader", "union_leader") if county else ("government_group_head", "union_group_head")
    for key, who in zip(seats, ("head" if county else "liaison_leader", "union_head"), strict=True):
        paper(minutes, world, who, seat=key, scan=scan("审签单.jpg", b"\xff\xd8\xff\xe0...."))
    assert minutes.state == MinutesState.APPROVED
    assert Attachment.objects.filter(minutes=minutes, is_scan=True).count() == 2


def test_a_topic_is_conferred_and_approved_on_paper() -> None:
    world = yuanqu()
    topic, days = submitted(world), [DAY + timedelta(days=n) for n in (1, 2, 5)]
    with clock.at(days[2]):
        confer_topic(topic, by=world.gov_clerk)
        other = seat("政府办另一经办", role="clerk", side="government", conference=world.conference).person
        known: dict[str, Any] = {
            "action": "confer",
            "seat": "union_clerk",
            "tenure": world.tenures["union_clerk"],
            "on": days[0],
        }
        register_paper(topic, **known, by=other, scan=scan("会商单.png", PNG))
        assert topic.state == TopicState.CONFERRED
        leader: dict[str, Any] = {
            "action": "approve",
            "seat": "topic_approver",
            "tenure": world.tenures["liaison_leader"],
        }
        early = refused(
            lambda: register_paper(topic, **leader, by=world.gov_clerk, on=days[1], scan=scan()),
            "signed_before_previous_step",
        )
        assert "上一环节是2025年11月19日签批的" in early[0], "the conferral was signed on the fifth day"
        register_paper(topic, **leader, by=world.gov_clerk, on=days[2], scan=scan())
    assert topic.state == TopicState.APPROVED


def test_a_meeting_is_settled_on_paper_by_the_heads_of_the_group() -> None:
    world = chengqiao()
    meeting = planned_meeting(world)
    prepared = DAY - timedelta(days=20)
    for key, who in (("government_group_head", "liaison_leader"), ("union_group_head", "union_head")):
        with clock.at(prepared + timedelta(days=2)):
            known: dict[str, Any] = {"seat": key, "tenure": world.tenures[who], "on": prepared + timedelta(days=1)}
            register_paper(meeting, "settle", **known, by=world.gov_clerk, scan=scan())
    assert meeting.state == MeetingState.SETTLED


def test_a_result_is_verified_at_the_screen_alone() -> None:
    world = yuanqu()
    resolution = reported(world)
    known: dict[str, Any] = {
        "seat": "government_clerk",
        "tenure": world.tenures["gov_clerk"],
        "on": clock.today(),
        "scan": scan(),
    }
    refused(lambda: register_paper(resolution, "verify", by=world.union_clerk, **known), "not_signed_on_paper")


# --- refusals --------------------------------------------------------------------------------------------------------
Change = Callable[[World], dict[str, Any]]
WRONG: dict[str, tuple[Change, str]] = {
    "by a leader": (lambda w: {"by": w.gov_leader}, "not_a_registering_clerk"),
    "by a liaison": (lambda w: {"by": w.liaison}, "not_a_registering_clerk"),
    "by another conference": (lambda w: {"by": chengqiao("邻").gov_clerk}, "not_a_registering_clerk"),
    "a day to come": (lambda w: {"on": ENTERED + timedelta(days=1)}, "signed_in_the_future"),
    "before it was sent": (lambda w: {"on": SENT - timedelta(days=1)}, "signed_before_content"),
    "the wrong side": (lambda w: {"tenure": w.tenures["union_head"]}, "signer_not_for_seat"),
    "a clerk": (lambda w: {"tenure": w.tenures["gov_clerk"]}, "signer_not_for_seat"),
    "a foreign leader": (lambda w: {"tenure": chengqiao("邻").tenures["head"]}, "signer_not_for_seat"),
    "no such seat": (lambda w: {"seat": "topic_approver"}, "seat_not_open"),
    "a text for a scan": (lambda w: {"scan": scan("审签单.docx")}, "file_type_not_accepted"),
    "a program for a scan": (lambda w: {"scan": scan("审签单.pdf", b"MZ")}, "file_content_not_accepted"),
    "a long opinion": (lambda w: {"opinion": "同" * 501}, "opinion_too_long"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_and_nothing_is_kept(case: str, settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    world = yuanqu()
    minutes, (change, code) = in_approval(world), WRONG[case]
    refused(lambda: paper(minutes, world, **change(world)), code)
    assert not Approval.objects.filter(minutes=minutes).exists()
    assert not Attachment.objects.exists()
    assert not list(tmp_path.rglob("*.*")), "no file is left behind"


def test_who_left_the_office_before_the_day_signs_nothing_and_who_left_after_it_still_counts() -> None:
    world = yuanqu()
    minutes, post = in_approval(world), world.tenures["head"].post
    succeed(post, PersonFactory.create(name="新县长"), by=None, from_date=SIGNED + timedelta(days=1))
    Person.objects.filter(pk=world.head.pk).update(is_active=False)
    gone = refused(lambda: paper(minutes, world, on=SIGNED + timedelta(days=1)), "signer_not_in_office")
    assert "在2025年11月18日不在该岗位任职" in gone[0]
    new = post.tenures.get(person__name="新县长")
    refused(lambda: paper(minutes, world, tenure=new), "signer_not_in_office")
    paper(minutes, world)
    assert minutes.approvals.get().person == world.head


def test_a_seat_is_filled_once_on_whatever_medium() -> None:
    world = yuanqu()
    minutes = paper(in_approval(world), world)
    refused(lambda: paper(minutes, world, "gov_leader"), "seat_not_open")
    with clock.at(ENTERED):
        refused(lambda: approve_minutes(minutes, by=world.gov_leader), "no_seat_left")
        refused(lambda: approve_minutes(minutes, by=world.head), "already_agreed")


def test_one_person_fills_one_seat_even_in_two_posts() -> None:
    world = yuanqu()
    both = seat("兼任的工会副主席", role="union_leader", conference=world.conference, person=world.head)
    minutes = paper(in_approval(world), world)
    refused(lambda: paper(minutes, world, seat="union_leader", tenure=both), "signer_has_a_part")


def test_nobody_registers_the_own_signature_and_none_has_two_seats_in_one_hand() -> None:
    world = yuanqu()
    topic = submitted(world)
    known: dict[str, Any] = {"action": "confer", "on": DAY, "scan": scan()}
    own: dict[str, Any] = {"seat": "union_clerk", "tenure": world.tenures["union_clerk"]}
    other: dict[str, Any] = {"seat": "government_clerk", "tenure": world.tenures["gov_clerk"]}
    with clock.at(DAY):
        refused(lambda: register_paper(topic, by=world.union_clerk, **known, **own), "registers_own_signature")
        confer_topic(topic, by=world.union_clerk)
        refused(lambda: register_paper(topic, by=world.union_clerk, **known, **other), "registers_own_step")

    second = submitted(world)
    with clock.at(DAY):
        register_paper(second, by=world.union_clerk, **known, **other)
        refused(lambda: confer_topic(second, by=world.union_clerk), "registered_a_signature")
        assert "confer" not in {row.action for row in waiting(world.union_clerk) if row.record == second}
        register_paper(second, by=world.gov_clerk, **{**known, "scan": scan()}, **own)
    assert second.state == TopicState.CONFERRED, "each side's clerk may register what the other signed"


def test_only_a_step_of_the_present_state_is_registered() -> None:
    world = yuanqu()
    topic = submitted(world)
    known: dict[str, Any] = {
        "seat": "topic_approver",
        "tenure": world.tenures["liaison_leader"],
        "on": DAY,
        "scan": scan(),
    }
    with clock.at(DAY):
        refused(lambda: register_paper(topic, "approve", by=world.gov_clerk, **known), "wrong_state")
        refused(lambda: register_paper(topic, "ask_opinions", by=world.gov_clerk, **known), "wrong_state")


def test_a_second_click_registers_nothing_twice() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    opened = minutes.version
    paper(minutes, world, version=opened)
    refused(lambda: paper(minutes, world, version=opened), "seat_not_open")
    assert minutes.approvals.count() == Attachment.objects.count() == 1


# --- changes of the content ------------------------------------------------------------------------------------------
def test_a_change_of_the_content_voids_the_paper_visibly_and_its_scan_stays() -> None:
    world = yuanqu()
    minutes = paper(in_approval(world), world)
    with clock.at(ENTERED):
        kept: dict[str, Any] = {"title": minutes.title, "disclosure": minutes.disclosure}
        edit_minutes(minutes, by=world.gov_clerk, body="<p>另一稿。</p>", **kept)
    given = minutes.approvals.get()
    assert (minutes.state, minutes.hash) == (MinutesState.DRAFT, "")
    assert given.scan is not None
    assert (given.void_reason, given.scan.removed_at) == ("会议纪要正文有变动", None)
    assert [row.pk for row in document(minutes).voided] == [given.pk]


def test_a_return_voids_the_paper_too() -> None:
    world = yuanqu()
    minutes = paper(in_approval(world), world)
    with clock.at(ENTERED):
        return_minutes(minutes, by=world.union_clerk, reason="登记有误，重新送签")
    assert minutes.approvals.get().voided_at is not None


def test_the_scan_is_no_part_of_what_is_approved_nor_of_the_document() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    before = content_hash(minutes)
    paper(minutes, world)
    assert content_hash(minutes) == before
    assert document(minutes).files == []
    with clock.at(ENTERED):
        refused(lambda: remove_attachment(minutes.attachments.get(), by=world.union_clerk), "file_is_a_scan")


def test_a_text_that_changed_after_it_was_sent_is_not_the_one_that_was_signed_before() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    with clock.at(SIGNED):
        attach(minutes, by=world.gov_clerk, files=[upload("附件.pdf")])
    entry = RecordLogEntry.objects.get(action="meetings.minutes.change")
    assert entry.user == world.gov_clerk
    refused(lambda: paper(minutes, world, on=SENT), "signed_before_content")
    paper(minutes, world, on=SIGNED)
    assert minutes.approvals.get().on == SIGNED


def test_the_day_of_a_settlement_is_not_before_the_present_arrangement() -> None:
    world = chengqiao()
    meeting = planned_meeting(world)
    prepared = DAY - timedelta(days=20)
    with clock.at(prepared + timedelta(days=5)):
        add_agenda_item(meeting, by=world.gov_clerk, kind="other", title="其他事项")
    known: dict[str, Any] = {"seat": "union_group_head", "tenure": world.tenures["union_head"], "by": world.gov_clerk}
    with clock.at(prepared + timedelta(days=6)):
        refused(lambda: register_paper(meeting, "settle", **known, on=prepared, scan=scan()), "signed_before_content")
        register_paper(meeting, "settle", **known, on=prepared + timedelta(days=5), scan=scan())
        settle_meeting(meeting, by=world.liaison_leader)
    assert meeting.state == MeetingState.SETTLED


def test_a_seal_found_without_a_log_asks_for_no_day() -> None:
    """For old records whose log has no content hash, the day that the clerk enters is accepted."""
    world = yuanqu()
    minutes = in_approval(world)
    RecordLogEntry.objects.filter(action="meetings.minutes.send")._raw_delete("default")
    paper(minutes, world, on=SENT - timedelta(days=1))
    assert minutes.approvals.get().on == date(2025, 11, 15)


# --- notification of the signer --------------------------------------------------------------------------------------
def test_the_signer_hears_of_it_until_the_notice_is_opened() -> None:
    world = yuanqu()
    minutes = paper(in_approval(world), world)
    with clock.at(ENTERED + timedelta(days=90)):
        [notice] = [row for row in work_of(world.head) if row.action == "signed_for"]
        assert notice.record == minutes
        assert notice.data == {"by": world.union_clerk.name, "delegated": False}
        assert not [row for row in work_of(world.gov_leader) if row.action == "signed_for"]
        open_notice(notice, by=world.gov_leader)
        assert notice in work_of(world.head), "only the addressee closes it"
        open_notice(notice, by=world.head)
        assert notice not in work_of(world.head)


def test_the_approver_waits_no_more_once_the_paper_is_registered() -> None:
    world = yuanqu()
    topic = submitted(world)
    with clock.at(DAY):
        for clerk in (world.gov_clerk, world.union_clerk):
            confer_topic(topic, by=clerk)
        assert [row.action for row in waiting(world.liaison_leader)] == ["approve"]
        known: dict[str, Any] = {
            "seat": "topic_approver",
            "tenure": world.tenures["liaison_leader"],
            "on": DAY,
            "scan": scan(),
        }
        register_paper(topic, "approve", by=world.union_clerk, **known)
        assert [row.action for row in waiting(world.liaison_leader)] == ["signed_for"]
        refused(lambda: approve_topic(topic, by=world.liaison_leader), "wrong_state")
