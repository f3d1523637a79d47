"""Corrections: new minutes that name the old ones; resolutions keep their identity, both documents stay readable."""

from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from meetings import clock
from meetings.enums import ApprovalStep, AttendanceStatus, MinutesState, ReportVerdict, ResolutionState
from meetings.models import Attachment, Minutes, Person, RecordLogEntry, Resolution, ResolutionPart
from meetings.operations import progress
from meetings.operations.attachment import attach
from meetings.operations.attendance import set_attendance
from meetings.operations.correction import correct_minutes, discard_correction
from meetings.operations.minutes import approve_minutes, edit_minutes, issue_minutes, send_minutes
from meetings.operations.people import save_department
from meetings.operations.resolution import (
    add_resolution,
    edit_resolution,
    loosen_disclosure,
    remove_resolution,
    set_public_number,
    tighten_disclosure,
)
from meetings.queries.meeting import unfinished_before
from meetings.queries.minutes import at_work, chain, document, minutes_of
from meetings.queries.today import unfinished
from meetings.queries.visibility import visible
from meetings.refusal import Stale
from meetings.rules.correction import NOTE
from meetings.rules.seal import seal_broken
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import LATER, adopted, reported, under_way, upload, verified
from tests.meetings.steps import approvers, drafted_minutes, issued_minutes, planned_meeting, refused

pytestmark = pytest.mark.django_db
REASON = "第一项议定事项的金额误印为5万元，应为50万元。"
NUMBER = "垣政办纪〔2025〕21号"


def started(world: World, minutes: Minutes, reason: str = REASON) -> Minutes:
    """The correction of these minutes, as it starts."""
    with clock.at(LATER):
        return correct_minutes(Minutes.objects.get(pk=minutes.pk), by=world.gov_clerk, reason=reason)


def issue(world: World, correction: Minutes, number: str = NUMBER) -> Minutes:
    """Send it, let both approve, and issue it."""
    with clock.at(LATER):
        row = send_minutes(Minutes.objects.get(pk=correction.pk), by=world.gov_clerk)
        for person in approvers(world, row):
            approve_minutes(row, by=person)
        return issue_minutes(row, by=world.gov_clerk, number=number)


def row_of(correction: Minutes) -> Resolution:
    """The drafted row of a correction of one resolution."""
    return Resolution.objects.get(minutes=correction, amends__isnull=False)


def corrected(world: World, minutes: Minutes, **values: Any) -> Minutes:
    """An issued correction that changed the only resolution."""
    correction = started(world, minutes)
    edit_resolution(row_of(correction), by=world.gov_clerk, **{"amount": Decimal(500_000), **values})
    return issue(world, correction)


# --- started --------------------------------------------------------------------------------------------------------
def test_a_correction_starts_as_a_copy_that_begins_with_its_reason() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    attach(minutes, by=world.gov_clerk, files=[upload("签到表.pdf")])
    attach(minutes.resolutions.get(), by=world.gov_clerk, files=[upload("方案.pdf")])
    edit_resolution(minutes.resolutions.get(), by=world.gov_clerk, tags=["医疗互助"], facet="welfare")
    minutes = issue(world, minutes, "垣政办纪〔2025〕17号")
    correction = started(world, minutes)
    assert (correction.corrects, correction.state, correction.number) == (minutes, MinutesState.DRAFT, "")
    assert correction.title == f"{minutes.title}（更正）"
    note, _sep, rest = correction.body.partition("</p>")
    assert note == (
        f"<p><b>更正说明：</b>本纪要更正垣政办纪〔2025〕17号《{minutes.title}》。"
        "更正原因：第一项议定事项的金额误印为5万元，应为50万元。自印发之日起以本纪要为准。"
    )
    assert rest == minutes.body
    live, draft = minutes.resolutions.get(), row_of(correction)
    assert (draft.amends, draft.title, draft.text, draft.facet) == (live, live.title, live.text, "welfare")
    assert set(draft.tags.names()) == {"医疗互助"}
    assert [part.department for part in draft.parts.all()] == [world.department]
    assert [row.name for row in correction.attachments.all()] == ["签到表.pdf"]
    names = {row.file.name for row in Attachment.objects.all()}
    assert len(names) == 4, "each file of the correction has bytes of its own"
    entry = RecordLogEntry.objects.get_for_instance(minutes).get(action="meetings.minutes.correct")
    assert entry.data["reason"] == REASON


def test_only_clerks_start_one_of_issued_minutes_with_a_reason() -> None:
    world, town = yuanqu(), chengqiao()
    minutes = drafted_minutes(world)
    refused(lambda: correct_minutes(minutes, by=world.gov_clerk, reason=REASON))
    minutes = issue(world, minutes)
    for person in (world.head, world.liaison, world.auditor, town.gov_clerk, world.stranger):
        refused(partial(correct_minutes, minutes, by=Person.objects.get(pk=person.pk), reason=REASON))
    refused(lambda: correct_minutes(minutes, by=world.union_clerk, reason=" "))
    assert Minutes.objects.count() == 1
    correct_minutes(minutes, by=world.union_clerk, reason=REASON)


def test_only_one_correction_is_open_and_the_second_clerk_is_told_of_it() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    seen = minutes.version
    correction = started(world, minutes)
    with pytest.raises(Stale):
        correct_minutes(minutes, by=world.union_clerk, reason=REASON, version=seen)
    (told,) = refused(lambda: correct_minutes(Minutes.objects.get(pk=minutes.pk), by=world.union_clerk, reason=REASON))
    assert correction.title in told
    refused(lambda: correct_minutes(correction, by=world.union_clerk, reason=REASON))
    assert Minutes.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Minutes.objects.create(meeting=minutes.meeting, corrects=minutes, title="又一份更正", body="")


# --- while it is written ----------------------------------------------------------------------------------------------
def test_its_rows_stand_for_no_resolutions_of_their_own() -> None:
    world = yuanqu()
    resolution, _report = under_way(world)
    draft = row_of(started(world, resolution.minutes))
    assert minutes_of(resolution.minutes.meeting) == resolution.minutes
    assert list(unfinished(world.gov_clerk)) == [resolution]
    assert [row.resolution for row in unfinished_before(planned_meeting(world, LATER))] == [resolution]
    assert set(visible(world.liaison, Resolution)) == {resolution}
    assert draft in visible(world.gov_clerk, Resolution), "the clerks write it"


def test_a_row_that_amends_is_not_taken_out_a_new_one_is() -> None:
    world = yuanqu()
    correction = started(world, issued_minutes(world))
    refused(lambda: remove_resolution(row_of(correction), by=world.gov_clerk))
    new = add_resolution(correction, by=world.gov_clerk, title="漏记的一项", text="由县人社局办理。")
    remove_resolution(new, by=world.gov_clerk)
    assert Resolution.objects.filter(minutes=correction).count() == 1


def test_a_department_that_reported_is_not_taken_out_and_a_lead_stays_while_its_result_is_verified() -> None:
    world = yuanqu()
    resolution = reported(world)
    draft = row_of(started(world, resolution.minutes))
    other = [(world.other_department, "lead")]
    (told,) = refused(lambda: edit_resolution(draft, by=world.gov_clerk, parts=other))
    assert world.department.name in told
    swapped = [*other, (world.department, "co")]
    refused(lambda: edit_resolution(draft, by=world.gov_clerk, parts=swapped))
    with clock.at(LATER):
        progress.return_resolution(resolution, by=world.gov_clerk, reason="补充凭证")
    edit_resolution(draft, by=world.gov_clerk, parts=swapped)


def test_a_report_that_comes_in_meanwhile_stops_the_issue() -> None:
    world = yuanqu()
    resolution = adopted(world)
    with clock.at(LATER):
        progress.assign(resolution, by=world.gov_clerk)
    correction = started(world, resolution.minutes)
    edit_resolution(row_of(correction), by=world.gov_clerk, parts=[(world.department, "lead")])
    with clock.at(LATER):
        row = send_minutes(Minutes.objects.get(pk=correction.pk), by=world.gov_clerk)
        for person in approvers(world, row):
            approve_minutes(row, by=person)
        progress.report_progress(resolution, by=world.other_liaison, text="已开展摸底。")
        (told,) = refused(lambda: issue_minutes(row, by=world.gov_clerk, number=NUMBER))
    assert world.other_department.name in told
    assert Resolution.objects.get(pk=resolution.pk).minutes == resolution.minutes


def test_without_its_reason_in_the_text_it_is_not_sent() -> None:
    world = yuanqu()
    correction = started(world, issued_minutes(world))
    edit_minutes(correction, by=world.gov_clerk, title="纪要", body="<p>会议。</p>", disclosure="on_request")
    (told,) = refused(lambda: send_minutes(correction, by=world.gov_clerk))
    assert NOTE in told


def test_it_does_not_open_what_is_closed_now() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    edit_resolution(minutes.resolutions.get(), by=world.gov_clerk, disclosure="on_request")
    resolution = issue(world, minutes).resolutions.get()
    draft = row_of(started(world, resolution.minutes))
    refused(lambda: edit_resolution(draft, by=world.gov_clerk, disclosure="public"))
    edit_resolution(draft, by=world.gov_clerk, disclosure="closed", disclosure_reason="涉及隐私")


def test_tags_of_the_settled_resolution_reach_the_draft() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    correction = started(world, minutes)
    edit_resolution(minutes.resolutions.get(), by=world.gov_clerk, tags=["欠薪"], facet="pay")
    issue(world, correction)
    live = Resolution.objects.get()
    assert (live.facet, set(live.tags.names())) == ("pay", {"欠薪"})


# --- issued -----------------------------------------------------------------------------------------------------------
def test_the_resolution_takes_the_content_and_keeps_what_hangs_on_it() -> None:
    world = yuanqu()
    resolution, report = under_way(world)
    set_public_number(resolution, "2025-7")
    old = resolution.minutes
    correction = started(world, old)
    parts = [(world.department, "co"), (world.other_department, "lead")]
    values: dict[str, Any] = {"title": "改后的标题", "amount": Decimal(500_000), "parts": parts, "tags": ["医疗互助"]}
    values |= {"deadline_kind": "date", "deadline": LATER, "deadline_text": "会后1个月内"}
    edit_resolution(row_of(correction), by=world.gov_clerk, **values)
    correction = issue(world, correction)
    live = Resolution.objects.get()
    assert (live.pk, live.minutes, live.state) == (resolution.pk, correction, ResolutionState.UNDER_WAY)
    assert (live.title, live.amount, live.public_number) == ("改后的标题", Decimal(500_000), "2025-7")
    assert (live.deadline, set(live.tags.names())) == (LATER, {"医疗互助"})
    report.refresh_from_db()
    assert (report.part.resolution, report.part.department, report.part.role) == (live, world.department, "co")
    assert report.verdict == ReportVerdict.PENDING
    with clock.at(LATER):
        progress.report_done(live, by=world.other_liaison, text="由新的牵头部门报结。")
    entry = RecordLogEntry.objects.get_for_instance(live).get(action="meetings.resolution.correct")
    assert entry.data["number"] == NUMBER


def test_both_documents_stay_readable_and_sealed() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    before, seal = document(old), old.hash
    new = corrected(world, old, title="职工医疗互助资金50万元")
    row = world.department
    row.name = "县金融局"
    save_department(row, by=world.administrator)
    old, new = Minutes.objects.get(pk=old.pk), Minutes.objects.get(pk=new.pk)
    after, now = document(old), document(new)
    assert [(s.resolution.title, s.resolution.amount, s.lead) for s in after.settled] == [
        (s.resolution.title, s.resolution.amount, s.lead) for s in before.settled
    ]
    assert [who.present for who in after.roll.present] == [who.present for who in before.roll.present]
    assert [(s.resolution.title, s.resolution.amount) for s in now.settled] == [
        ("职工医疗互助资金50万元", Decimal(500_000))
    ]
    assert now.settled[0].lead == before.settled[0].lead, "the names are those of the day"
    assert (after.corrected_by, now.corrects, now.corrected_by) == (new, old, None)
    assert len(after.approvals) == len(now.approvals) == 2
    assert (old.hash, seal_broken(old), seal_broken(new)) == (seal, False, False)
    assert new.hash != seal
    call_command("verify_hashes")
    assert minutes_of(new.meeting) == new


def test_a_correction_is_corrected_again_and_only_the_latest() -> None:
    world = yuanqu()
    first = issued_minutes(world)
    second = corrected(world, first)
    (told,) = refused(lambda: correct_minutes(Minutes.objects.get(pk=first.pk), by=world.gov_clerk, reason=REASON))
    assert NUMBER in told
    third = started(world, second, "牵头单位有误。")
    assert third.title == f"{first.title}（第二次更正）"
    assert third.body.count(NOTE) == 1, "the reason of the one before stands in the one before"
    third = issue(world, third, "垣政办纪〔2025〕22号")
    assert [row.number for row in chain(third.meeting)] == ["垣政办纪〔2025〕17号", NUMBER, "垣政办纪〔2025〕22号"]
    assert minutes_of(third.meeting) == third
    assert Resolution.objects.get().minutes == third
    assert not any(seal_broken(row) for row in Minutes.objects.all())


def test_a_row_without_an_older_one_is_settled_with_the_correction() -> None:
    world = yuanqu()
    correction = started(world, issued_minutes(world))
    parts = [(world.other_department, "lead")]
    add_resolution(correction, by=world.gov_clerk, title="漏记的一项", text="由县人社局办理。", parts=parts)
    correction = issue(world, correction)
    new = Resolution.objects.get(title="漏记的一项")
    assert (new.minutes, new.state) == (correction, ResolutionState.ADOPTED)
    assert new in visible(world.other_liaison, Resolution)
    assert Resolution.objects.count() == 2


def test_its_number_is_the_next_of_the_series_or_another_of_the_registry() -> None:
    town, county = chengqiao(), yuanqu()
    assert corrected(town, issued_minutes(town)).number == "第2期"
    minutes = issued_minutes(county)
    correction = started(county, minutes)
    (told,) = refused(lambda: issue(county, correction, minutes.number))
    assert "更正" in told or "corrected" in told
    with clock.at(LATER):
        row = Minutes.objects.get(pk=correction.pk)
        refused(lambda: issue_minutes(row, by=county.gov_clerk, number="垣政办纪〔2024〕21号"))
        assert issue_minutes(row, by=county.gov_clerk, number=NUMBER).number == NUMBER


@pytest.mark.parametrize(
    ("settled", "tightened", "drafted", "now"),
    [
        ("public", "", "public", "public"),
        ("public", "", "on_request", "on_request"),
        ("public", "on_request", "public", "on_request"),
        ("public", "closed", "on_request", "closed"),
    ],
)
def test_what_was_tightened_meanwhile_stays_tight(settled: str, tightened: str, drafted: str, now: str) -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    edit_resolution(minutes.resolutions.get(), by=world.gov_clerk, disclosure=settled)
    minutes = issue(world, minutes, "垣政办纪〔2025〕17号")
    correction = started(world, minutes)
    edit_resolution(row_of(correction), by=world.gov_clerk, disclosure=drafted)
    if tightened:
        tighten_disclosure(minutes.resolutions.get(), by=world.gov_clerk, disclosure=tightened, reason="涉及隐私")
    issue(world, correction)
    live = Resolution.objects.get()
    assert (live.disclosure, live.approved_disclosure) == (now, drafted)
    assert not any(seal_broken(row) for row in Minutes.objects.all())


def test_what_a_leader_opened_stays_open_and_is_approved_with_the_correction() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    edit_resolution(minutes.resolutions.get(), by=world.gov_clerk, disclosure="on_request")
    minutes = issue(world, minutes, "垣政办纪〔2025〕17号")
    loosen_disclosure(minutes.resolutions.get(), by=world.head, disclosure="public", reason="职工普遍关心")
    issue(world, started(world, minutes))
    live = Resolution.objects.get()
    assert (live.disclosure, live.approved_disclosure, live.loosened_by) == ("public", "public", None)


def test_who_verified_half_signs_again_when_the_words_changed() -> None:
    world = yuanqu()
    resolution = reported(world)
    with clock.at(LATER):
        progress.verify(resolution, by=world.gov_clerk)
    corrected(world, resolution.minutes, text="每年安排50万元。")
    live = Resolution.objects.get()
    report = live.pending_completion()
    assert report is not None
    assert not report.approvals.filter(step=ApprovalStep.VERIFY, voided_at=None).exists()
    with clock.at(LATER):
        for person in (world.gov_clerk, world.union_clerk):
            progress.verify(live, by=person)
    assert live.state == ResolutionState.VERIFIED


def test_a_verified_resolution_stays_verified() -> None:
    world = yuanqu()
    resolution = verified(world)
    corrected(world, resolution.minutes)
    live = Resolution.objects.get()
    assert (live.state, live.verified_on) == (ResolutionState.VERIFIED, LATER)


def test_files_of_old_and_new_are_both_there_and_both_checked() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    attach(minutes.resolutions.get(), by=world.gov_clerk, files=[upload("方案.pdf")])
    old = issue(world, minutes, "垣政办纪〔2025〕17号")
    kept = Attachment.objects.get()
    new = corrected(world, old)
    live = Resolution.objects.get()
    assert [row.name for row in live.attachments.all()] == ["方案.pdf"]
    kept.refresh_from_db()
    assert kept.minutes == old, "what the old minutes covered lies with them"
    Path(kept.file.path).write_bytes(b"%PDF-1.7 changed")
    assert [seal_broken(row) for row in (Minutes.objects.get(pk=old.pk), new)] == [True, False]


def test_tampering_with_the_old_or_the_new_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    world = yuanqu()
    old = issued_minutes(world)
    new = corrected(world, old)
    old.refresh_from_db()
    frozen = old.frozen
    assert frozen is not None
    frozen["content"]["resolutions"][0]["amount"] = "1500000.00"
    Minutes.objects.filter(pk=old.pk).update(frozen=frozen)
    Resolution.objects.update(amount=Decimal(1))
    assert [seal_broken(row) for row in Minutes.objects.order_by("pk")] == [True, True]
    with pytest.raises(CommandError):
        call_command("verify_hashes")
    listed = capsys.readouterr().out
    assert old.number in listed
    assert new.number in listed


def test_minutes_issued_before_anything_was_put_away_are_corrected_all_the_same() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    Minutes.objects.filter(pk=old.pk).update(frozen=None, drafted="")
    ResolutionPart.objects.update(name="")
    corrected(world, old)
    assert not any(seal_broken(row) for row in Minutes.objects.all())
    assert document(Minutes.objects.get(pk=old.pk)).settled[0].lead == world.department.name


# --- attendance -------------------------------------------------------------------------------------------------------
def test_the_attendance_is_put_right_with_a_correction_and_the_old_minutes_keep_it() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    row = old.meeting.attendance.order_by("order")[0]
    refused(lambda: set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.LEAVE))
    correction = started(world, old)
    set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.LEAVE)
    old.refresh_from_db()
    assert not seal_broken(old), "until the correction is issued the old minutes tell what was approved"
    assert row.name in [who.name for who in document(old).roll.present]
    issue(world, correction)
    assert row.name in [who.name for who in document(old).roll.present]
    assert row.name in [who.name for who in document(Minutes.objects.get(pk=correction.pk)).roll.leave]
    assert not any(seal_broken(minutes) for minutes in Minutes.objects.all())
    refused(lambda: set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.ATTENDS))


# --- discarded --------------------------------------------------------------------------------------------------------
def test_a_mistaken_start_is_taken_back_as_long_as_nobody_signed() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    correction = started(world, old)
    attach(correction, by=world.gov_clerk, files=[upload("误传.pdf")])
    refused(lambda: discard_correction(correction, by=world.head, reason="误操作"))
    refused(lambda: discard_correction(old, by=world.gov_clerk, reason="误操作"))
    discard_correction(correction, by=world.gov_clerk, reason="误操作")
    assert list(Minutes.objects.all()) == [old]
    assert Resolution.objects.count() == 1
    assert not Attachment.objects.exists()
    assert at_work(old.meeting) is None
    assert not seal_broken(Minutes.objects.get())
    started(world, old)


def test_a_signed_correction_and_a_changed_attendance_are_not_discarded() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    correction = started(world, old)
    row = old.meeting.attendance.order_by("order")[0]
    set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.LEAVE)
    correction.refresh_from_db()
    refused(lambda: discard_correction(correction, by=world.gov_clerk, reason="误操作"))
    set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.ATTENDS)
    with clock.at(LATER):
        signed = send_minutes(Minutes.objects.get(pk=correction.pk), by=world.gov_clerk)
        approve_minutes(signed, by=world.head)
    refused(lambda: discard_correction(signed, by=world.gov_clerk, reason="误操作"))
    assert Minutes.objects.count() == 2
