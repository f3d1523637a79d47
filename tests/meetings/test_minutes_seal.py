"""Tests of the seal: a change voids approvals visibly, issued minutes cannot change, tampering is detected."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from pytest_django.plugin import DjangoDbBlocker

from meetings import clock
from meetings.enums import ApprovalStep, AttendanceStatus, MinutesState
from meetings.models import Attachment, Attendance, Minutes, RecordLogEntry, Resolution
from meetings.operations.agenda import edit_agenda_item
from meetings.operations.attachment import attach, remove_attachment
from meetings.operations.attendance import set_attendance
from meetings.operations.minutes import approve_minutes, edit_minutes, issue_minutes
from meetings.operations.resolution import add_resolution, edit_resolution, remove_resolution, tighten_disclosure
from meetings.queries.minutes import document
from meetings.rules.seal import seal_broken
from tests.meetings.factories import World, yuanqu
from tests.meetings.steps import AFTER, DAY, approved_minutes, drafted_minutes, in_approval, issued_minutes
from tests.refusals import refusal, refused
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
NUMBER = "垣政办纪〔2025〕17号"
Change = Callable[[World, Minutes], Any]


def upload(text: str = "附件正文") -> ContentFile[bytes]:
    """Return a small text file."""
    return ContentFile(text.encode(), name="附件.txt")


def _edit(world: World, minutes: Minutes, **values: Any) -> None:
    now = {name: getattr(minutes, name) for name in ("title", "body", "disclosure", "disclosure_reason")}
    edit_minutes(minutes, by=world.gov_clerk, **{**now, **values})


def _resolve(world: World, minutes: Minutes, **values: Any) -> None:
    edit_resolution(minutes.resolutions.order_by("order")[0], by=world.gov_clerk, **values)


def _attend(world: World, minutes: Minutes, **values: Any) -> None:
    row = minutes.meeting.attendance.order_by("order")[0]
    set_attendance(row, by=world.gov_clerk, **{"status": AttendanceStatus.ATTENDS, **values})


def _parts(world: World, minutes: Minutes) -> None:
    _resolve(world, minutes, parts=[(world.department, "lead"), (world.other_department, "co")])


def _another_lead(world: World, minutes: Minutes) -> None:
    _resolve(world, minutes, parts=[(world.other_department, "lead")])


def _deadline(world: World, minutes: Minutes) -> None:
    _resolve(world, minutes, deadline_kind="date", deadline=DAY + timedelta(days=90), deadline_text="2026年2月12日前")


# Each change with the code of its refusal for issued minutes.
CHANGES: dict[str, tuple[Change, str]] = {
    "title": (lambda w, m: _edit(w, m, title="另一个题目"), "minutes_issued"),
    "text": (lambda w, m: _edit(w, m, body="<p>会议另有决定。</p>"), "minutes_issued"),
    "disclosure of the minutes": (lambda w, m: _edit(w, m, disclosure="public"), "minutes_issued"),
    "reason of the minutes": (lambda w, m: _edit(w, m, disclosure_reason="内部事务"), "minutes_issued"),
    "who came": (lambda w, m: _attend(w, m, status=AttendanceStatus.LEAVE), "attendance_closed"),
    "name": (lambda w, m: _attend(w, m, name="别人"), "attendance_closed"),
    "delegate": (
        lambda w, m: _attend(w, m, status=AttendanceStatus.DELEGATE, delegate_name="车远"),
        "attendance_closed",
    ),
    "title of a resolution": (lambda w, m: _resolve(w, m, title="另一件事"), "resolution_settled"),
    "text of a resolution": (lambda w, m: _resolve(w, m, text="分三年安排。"), "resolution_settled"),
    "amount": (lambda w, m: _resolve(w, m, amount=Decimal(500000)), "resolution_settled"),
    "deadline": (_deadline, "resolution_settled"),
    "deadline as written": (
        lambda w, m: _resolve(w, m, deadline_text="长期", deadline_kind="standing"),
        "resolution_settled",
    ),
    "disclosure": (lambda w, m: _resolve(w, m, disclosure="on_request"), "resolution_settled"),
    "reason of the disclosure": (lambda w, m: _resolve(w, m, disclosure_reason="涉及隐私"), "resolution_settled"),
    "order": (lambda w, m: _resolve(w, m, order=9), "resolution_settled"),
    "co-operating department": (_parts, "resolution_settled"),
    "lead department": (_another_lead, "resolution_settled"),
    "one more resolution": (
        lambda w, m: add_resolution(m, by=w.gov_clerk, title="新的一件", text="办。"),
        "minutes_issued",
    ),
    "one resolution less": (
        lambda w, m: remove_resolution(m.resolutions.order_by("order")[1], by=w.gov_clerk),
        "settled_resolution_stays",
    ),
    "file of the minutes": (lambda w, m: attach(m, by=w.gov_clerk, files=[upload()]), "files_closed"),
    "file of a resolution": (
        lambda w, m: attach(m.resolutions.order_by("order")[0], by=w.gov_clerk, files=[upload()]),
        "files_closed",
    ),
    "file taken away": (
        lambda w, m: remove_attachment(Attachment.objects.get(minutes=m), by=w.gov_clerk),
        "files_closed",
    ),
}
SEALED: dict[str, Change] = {
    **{what: change for what, (change, _code) in CHANGES.items()},
    "tightened": lambda w, m: tighten_disclosure(
        m.resolutions.order_by("order")[0], by=w.gov_clerk, disclosure="closed", reason="涉及隐私"
    ),
}


def sealed(world: World, approvals: int) -> Minutes:
    """Return minutes with two resolutions and a file, approved by one person or by both."""
    minutes = drafted_minutes(world, topics=2)
    attach(minutes, by=world.gov_clerk, files=[upload()])
    Minutes.objects.filter(pk=minutes.pk).update(state=MinutesState.IN_APPROVAL)
    minutes = Minutes.objects.get(pk=minutes.pk)
    for person in (world.head, world.union_head)[:approvals]:
        approve_minutes(minutes, by=person)
    return minutes


@pytest.fixture(scope="class")
def approved(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[int, tuple[World, Minutes]]]:
    """Return minutes by the number of their approvals, each with its world."""
    with shared_world(django_db_blocker):
        worlds = {1: yuanqu("甲县"), 2: yuanqu("乙县")}
        yield {approvals: (world, sealed(world, approvals)) for approvals, world in worlds.items()}


class TestChanges:
    """Every change of covered content, for minutes in approval and for issued minutes."""

    @pytest.mark.parametrize("what", SEALED)
    @pytest.mark.parametrize("approvals", [1, 2])
    def test_any_of_what_is_covered_voids_the_approvals_visibly(
        self, approved: dict[int, tuple[World, Minutes]], what: str, approvals: int
    ) -> None:
        world, minutes = deepcopy(approved[approvals])
        SEALED[what](world, minutes)
        minutes = Minutes.objects.get(pk=minutes.pk)
        assert (minutes.state, minutes.hash, minutes.sealed_at) == (MinutesState.DRAFT, "", None)
        shown = document(minutes)
        assert (len(shown.approvals), len(shown.voided)) == (0, approvals)
        assert all(approval.void_reason for approval in shown.voided)
        assert RecordLogEntry.objects.get_for_instance(minutes).filter(action="meetings.minutes.void").count() == 1

    @pytest.mark.parametrize("what", CHANGES)
    def test_issued_minutes_refuse_each_and_keep_their_seal(
        self, approved: dict[int, tuple[World, Minutes]], what: str
    ) -> None:
        world, minutes = deepcopy(approved[2])
        with clock.at(AFTER):
            issue_minutes(minutes, by=world.gov_clerk, number=NUMBER)
        content = document(minutes)
        change, code = CHANGES[what]
        refused(lambda: change(world, Minutes.objects.get(pk=minutes.pk)), code)
        fresh = Minutes.objects.get(pk=minutes.pk)
        assert not seal_broken(fresh)
        assert (fresh.title, fresh.body, fresh.hash) == (content.title, content.body, minutes.hash)
        assert fresh.approvals.filter(voided_at=None).count() == 2


def test_what_is_not_covered_voids_nothing() -> None:
    world = yuanqu()
    minutes = sealed(world, 2)
    _resolve(world, minutes, facet="pay", tags=["欠薪"])
    edit_agenda_item(minutes.meeting.agenda.all()[0], by=world.gov_clerk, notes="补记一句。")
    _attend(world, minutes)
    _edit(world, minutes)
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.APPROVED
    assert minutes.approvals.filter(step=ApprovalStep.APPROVE_MINUTES, voided_at=None).count() == 2


def test_after_a_voiding_the_minutes_go_the_whole_way_again() -> None:
    world = yuanqu()
    minutes = sealed(world, 2)
    SEALED["text"](world, minutes)
    with clock.at(AFTER):
        refused(lambda: issue_minutes(minutes, by=world.gov_clerk, number=NUMBER), "wrong_state")
        Minutes.objects.filter(pk=minutes.pk).update(state=MinutesState.IN_APPROVAL)
        minutes = Minutes.objects.get(pk=minutes.pk)
        for person in (world.union_leader, world.gov_leader):
            approve_minutes(minutes, by=person)
        issue_minutes(minutes, by=world.gov_clerk, number=NUMBER)
    assert minutes.approvals.count() == 4


def test_tightening_after_the_issue_leaves_the_seal_opening_it_by_hand_breaks_it() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    _resolve(world, minutes, disclosure="on_request")
    Minutes.objects.filter(pk=minutes.pk).update(state=MinutesState.IN_APPROVAL)
    minutes = Minutes.objects.get(pk=minutes.pk)
    with clock.at(AFTER):
        for person in (world.head, world.union_head):
            approve_minutes(minutes, by=person)
        issue_minutes(minutes, by=world.gov_clerk, number=NUMBER)
    resolution = minutes.resolutions.get()
    tighten_disclosure(resolution, by=world.gov_clerk, disclosure="closed", reason="涉及隐私")
    assert not seal_broken(minutes)
    Resolution.objects.filter(pk=resolution.pk).update(disclosure="public")
    assert seal_broken(minutes)


# --- tampering ------------------------------------------------------------------------------------------------------


def _body(minutes: Minutes) -> None:
    Minutes.objects.filter(pk=minutes.pk).update(body="<p>改过的。</p>")


def _amount(minutes: Minutes) -> None:
    Resolution.objects.filter(minutes=minutes, order=1).update(amount=Decimal(1500000))


def _name(minutes: Minutes) -> None:
    Attendance.objects.filter(meeting=minutes.meeting, order=1).update(name="别人")


def _bytes(minutes: Minutes) -> None:
    Path(Attachment.objects.get(minutes=minutes).file.path).write_bytes("改过的".encode())


def _no_file(minutes: Minutes) -> None:
    Path(Attachment.objects.get(minutes=minutes).file.path).unlink()


def _row(minutes: Minutes) -> None:
    Attachment.objects.filter(minutes=minutes).update(sha256="0" * 64)
    _bytes(minutes)


TAMPERING = [_body, _amount, _name, _bytes, _no_file, _row]


@pytest.mark.parametrize("tamper", TAMPERING)
def test_tampering_is_found_and_stops_the_issue(tamper: Callable[[Minutes], None]) -> None:
    world = yuanqu()
    minutes = sealed(world, 2)
    assert not seal_broken(minutes)
    call_command("verify_hashes")
    tamper(minutes)
    minutes = Minutes.objects.get(pk=minutes.pk)
    assert seal_broken(minutes)
    with clock.at(AFTER):
        refused(lambda: issue_minutes(minutes, by=world.gov_clerk, number=NUMBER), "seal_broken")
    assert minutes.approvals.filter(voided_at=None).count() == 2, "tampering is shown, not hidden by a voiding"


def test_the_second_approver_is_stopped_by_a_content_that_no_longer_fits() -> None:
    world = yuanqu()
    minutes = sealed(world, 1)
    _body(minutes)
    refused(lambda: approve_minutes(Minutes.objects.get(pk=minutes.pk), by=world.union_head), "content_changed")


def test_the_command_lists_what_no_longer_fits_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    world = yuanqu()
    broken, whole = issued_minutes(world), issued_minutes(world := yuanqu("邻县"), number="邻政办纪〔2025〕3号")
    drafted_minutes(world, DAY - timedelta(days=30))
    _body(broken)
    with pytest.raises(CommandError) as failure:
        call_command("verify_hashes")
    assert failure.value.returncode == 1
    listed = capsys.readouterr().out
    assert broken.number in listed
    assert whole.number not in listed
    assert len(listed.splitlines()) == 1


def test_the_command_reads_file_bytes_and_says_when_all_fit(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_hashes")
    minutes = sealed(yuanqu(), 1)
    call_command("verify_hashes")
    assert "1" in capsys.readouterr().out.splitlines()[-1]
    _bytes(minutes)
    with pytest.raises(CommandError):
        call_command("verify_hashes")


@pytest.mark.parametrize("field", ["is_scan", "removed_at"])
def test_the_command_reads_what_no_seal_covers_too(field: str, capsys: pytest.CaptureFixture[str]) -> None:
    minutes = sealed(yuanqu(), 1)
    minutes.attachments.update(**{field: clock.now() if field == "removed_at" else True})
    Minutes.objects.filter(pk=minutes.pk).update(hash="")
    call_command("verify_hashes")
    capsys.readouterr()
    _bytes(minutes)
    with pytest.raises(CommandError, match="1个与入库时不一致"):
        call_command("verify_hashes")
    assert capsys.readouterr().out.count(minutes.attachments.get().name) == 1


def test_minutes_without_a_seal_have_nothing_to_break() -> None:
    minutes = in_approval(yuanqu())
    _body(minutes)
    assert not seal_broken(Minutes.objects.get(pk=minutes.pk))


def test_a_write_that_is_refused_is_not_there_afterwards() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    row = minutes.meeting.attendance.order_by("order")[0]
    with refusal("attendance_closed"):
        set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.LEAVE)
    row.refresh_from_db()
    assert row.status == AttendanceStatus.ATTENDS
    assert approved_minutes(yuanqu("邻县")).state == MinutesState.APPROVED
