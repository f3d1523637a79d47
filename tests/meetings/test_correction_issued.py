"""Tests of issued corrections: effect on the resolutions, readability of the old minutes, checks."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from meetings import clock
from meetings.enums import ApprovalStep, ReportVerdict, ResolutionState
from meetings.models import Attachment, Minutes, RecordLogEntry, Resolution, ResolutionPart
from meetings.operations import progress
from meetings.operations.attachment import attach
from meetings.operations.correction import correct_minutes
from meetings.operations.department import save_department
from meetings.operations.minutes import issue_minutes
from meetings.operations.resolution import (
    add_resolution,
    edit_resolution,
    loosen_disclosure,
    set_public_number,
    tighten_disclosure,
)
from meetings.queries.minutes import all_minutes_of, document, minutes_of
from meetings.queries.visibility import visible
from meetings.rules.correction import NOTE
from meetings.rules.seal import seal_broken
from tests.meetings.corrections import NUMBER, REASON, corrected, issue, row_of, started
from tests.meetings.factories import chengqiao, yuanqu
from tests.meetings.follow_up import LATER, reported, under_way, upload, verified
from tests.meetings.steps import drafted_minutes, issued_minutes
from tests.refusals import refused

pytestmark = pytest.mark.django_db


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
    assert [(s.resolution.title, s.resolution.amount, s.lead) for s in after.resolutions] == [
        (s.resolution.title, s.resolution.amount, s.lead) for s in before.resolutions
    ]
    assert [who.printed_name for who in after.roll.present] == [who.printed_name for who in before.roll.present]
    assert [(s.resolution.title, s.resolution.amount) for s in now.resolutions] == [
        ("职工医疗互助资金50万元", Decimal(500_000))
    ]
    assert now.resolutions[0].lead == before.resolutions[0].lead, "the names are those of the day"
    assert (after.corrected_by, now.corrects, now.corrected_by) == (new, old, None)
    assert len(after.approvals) == len(now.approvals) == 2
    assert (old.hash, seal_broken(old), seal_broken(new)) == (seal, False, False)
    assert new.hash != seal
    call_command("verify_hashes")
    assert minutes_of(new.meeting) == new


def test_a_department_that_was_renamed_since_keeps_the_name_of_the_day_in_a_correction() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    names = list(old.resolutions.get().parts.order_by("pk").values_list("name", flat=True))
    row = world.department
    row.name = "县金融局"
    save_department(row, by=world.administrator)
    new = corrected(world, old)
    assert list(new.resolutions.get().parts.order_by("pk").values_list("name", flat=True)) == names
    assert row.name not in names


def test_a_correction_is_corrected_again_and_only_the_latest() -> None:
    world = yuanqu()
    first = issued_minutes(world)
    second = corrected(world, first)
    first = Minutes.objects.get(pk=first.pk)
    (reason,) = refused(lambda: correct_minutes(first, by=world.gov_clerk, reason=REASON), "minutes_corrected")
    assert NUMBER in reason
    third = started(world, second, "牵头单位有误。")
    assert third.title == f"{first.title}（第二次更正）"
    assert third.body.count(NOTE) == 1, "the reason of the one before stands in the one before"
    third = issue(world, third, "垣政办纪〔2025〕22号")
    assert [row.number for row in all_minutes_of(third.meeting)] == [
        "垣政办纪〔2025〕17号",
        NUMBER,
        "垣政办纪〔2025〕22号",
    ]
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
    refused(lambda: issue(county, correction, minutes.number), "number_of_the_corrected")
    with clock.at(LATER):
        row = Minutes.objects.get(pk=correction.pk)
        old = "垣政办纪〔2024〕21号"
        refused(lambda: issue_minutes(row, by=county.gov_clerk, number=old), "number_of_another_year")
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
    assert document(Minutes.objects.get(pk=old.pk)).resolutions[0].lead == world.department.name
