"""Tests of corrections: new minutes refer to the old ones; resolutions stay the same rows, both documents stay."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from meetings import clock
from meetings.enums import AttendanceStatus, MinutesState
from meetings.models import Attachment, Minutes, Person, RecordLogEntry, Resolution
from meetings.operations import progress
from meetings.operations.attachment import attach
from meetings.operations.attendance import set_attendance
from meetings.operations.correction import correct_minutes, discard_correction
from meetings.operations.minutes import approve_minutes, edit_minutes, issue_minutes, send_minutes
from meetings.operations.resolution import add_resolution, edit_resolution, remove_resolution
from meetings.queries.home import unfinished
from meetings.queries.meeting import unfinished_before
from meetings.queries.minutes import document, minutes_of, unissued_minutes_of
from meetings.queries.visibility import visible
from meetings.rules.correction import NOTE
from meetings.rules.seal import seal_broken
from tests.meetings.corrections import NUMBER, REASON, corrected, issue, row_of, started
from tests.meetings.factories import chengqiao, yuanqu
from tests.meetings.follow_up import LATER, adopted, reported, under_way, upload
from tests.meetings.steps import DAY, approvers, drafted_minutes, issued_minutes, planned_meeting
from tests.refusals import refusal, refused

pytestmark = pytest.mark.django_db


# --- start -----------------------------------------------------------------------------------------------------------
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
    refused(lambda: correct_minutes(minutes, by=world.gov_clerk, reason=REASON), "minutes_not_issued")
    minutes = issue(world, minutes)
    for person in (world.head, world.liaison, world.auditor, town.gov_clerk, world.stranger):
        refused(partial(correct_minutes, minutes, by=Person.objects.get(pk=person.pk), reason=REASON), "not_your_post")
    refused(lambda: correct_minutes(minutes, by=world.union_clerk, reason=" "), "correction_reason_missing")
    assert Minutes.objects.count() == 1
    correct_minutes(minutes, by=world.union_clerk, reason=REASON)


def test_only_one_correction_is_open_and_the_second_clerk_is_told_of_it() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    seen = minutes.version
    correction = started(world, minutes)
    with refusal("stale"):
        correct_minutes(minutes, by=world.union_clerk, reason=REASON, version=seen)
    now = Minutes.objects.get(pk=minutes.pk)
    (reason,) = refused(lambda: correct_minutes(now, by=world.union_clerk, reason=REASON), "correction_begun")
    assert correction.title in reason
    refused(lambda: correct_minutes(correction, by=world.union_clerk, reason=REASON), "minutes_not_issued")
    assert Minutes.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Minutes.objects.create(meeting=minutes.meeting, corrects=minutes, title="又一份更正", body="")


# --- editing ---------------------------------------------------------------------------------------------------------
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
    refused(lambda: remove_resolution(row_of(correction), by=world.gov_clerk), "amended_resolution_stays")
    new = add_resolution(correction, by=world.gov_clerk, title="漏记的一项", text="由县人社局办理。")
    remove_resolution(new, by=world.gov_clerk)
    assert Resolution.objects.filter(minutes=correction).count() == 1


def test_a_department_that_reported_is_not_taken_out_and_a_lead_stays_while_its_result_is_verified() -> None:
    world = yuanqu()
    resolution = reported(world)
    draft = row_of(started(world, resolution.minutes))
    other = [(world.other_department, "lead")]
    (reason,) = refused(lambda: edit_resolution(draft, by=world.gov_clerk, parts=other), "part_has_reported")
    assert world.department.name in reason
    swapped = [*other, (world.department, "co")]
    refused(lambda: edit_resolution(draft, by=world.gov_clerk, parts=swapped), "lead_awaits_verification")
    with clock.at(LATER):
        progress.return_resolution(resolution, by=world.gov_clerk, reason="补充凭证")
    edit_resolution(draft, by=world.gov_clerk, parts=swapped)


def test_of_several_departments_that_reported_the_lead_is_named_first() -> None:
    world = yuanqu()
    resolution, _report = under_way(world)
    with clock.at(LATER):
        progress.report_progress(resolution, by=world.other_liaison, text="已开展摸底。")
    draft = row_of(started(world, resolution.minutes))
    office = [(world.government_office, "lead")]
    reasons = refused(
        lambda: edit_resolution(draft, by=world.gov_clerk, parts=office), "part_has_reported", "part_has_reported"
    )
    assert [world.department.name in reasons[0], world.other_department.name in reasons[1]] == [True, True]


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
        (reason,) = refused(lambda: issue_minutes(row, by=world.gov_clerk, number=NUMBER), "part_has_reported")
    assert world.other_department.name in reason
    assert Resolution.objects.get(pk=resolution.pk).minutes == resolution.minutes


def test_without_its_reason_in_the_text_it_is_not_sent() -> None:
    world = yuanqu()
    correction = started(world, issued_minutes(world))
    edit_minutes(correction, by=world.gov_clerk, title="纪要", body="<p>会议。</p>", disclosure="on_request")
    (reason,) = refused(lambda: send_minutes(correction, by=world.gov_clerk), "correction_unexplained")
    assert NOTE in reason


def test_it_does_not_open_what_is_closed_now() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    edit_resolution(minutes.resolutions.get(), by=world.gov_clerk, disclosure="on_request")
    resolution = issue(world, minutes).resolutions.get()
    draft = row_of(started(world, resolution.minutes))
    refused(lambda: edit_resolution(draft, by=world.gov_clerk, disclosure="public"), "correction_discloses_more")
    edit_resolution(draft, by=world.gov_clerk, disclosure="closed", disclosure_reason="涉及隐私")


def test_what_it_continues_stays_as_it_was_issued() -> None:
    world = yuanqu()
    resolution = issued_minutes(world).resolutions.get()
    other = issued_minutes(world, DAY - timedelta(days=300), number="垣政办纪〔2025〕2号").resolutions.get()
    draft = row_of(started(world, resolution.minutes))
    refused(lambda: edit_resolution(draft, by=world.gov_clerk, continues=other), "carrying_fixed")
    assert Resolution.objects.get(pk=draft.pk).continues is None


def test_tags_of_the_settled_resolution_reach_the_draft() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    correction = started(world, minutes)
    edit_resolution(minutes.resolutions.get(), by=world.gov_clerk, tags=["欠薪"], facet="pay")
    issue(world, correction)
    live = Resolution.objects.get()
    assert (live.facet, set(live.tags.names())) == ("pay", {"欠薪"})


# --- attendance ------------------------------------------------------------------------------------------------------
def test_the_attendance_is_put_right_with_a_correction_and_the_old_minutes_keep_it() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    row = old.meeting.attendance.order_by("order")[0]
    refused(lambda: set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.LEAVE), "attendance_closed")
    correction = started(world, old)
    set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.LEAVE)
    old.refresh_from_db()
    assert not seal_broken(old), "until the correction is issued the old minutes tell what was approved"
    assert row.name in [who.name for who in document(old).roll.present]
    issue(world, correction)
    assert row.name in [who.name for who in document(old).roll.present]
    assert row.name in [who.name for who in document(Minutes.objects.get(pk=correction.pk)).roll.leave]
    assert not any(seal_broken(minutes) for minutes in Minutes.objects.all())
    refused(lambda: set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.ATTENDS), "attendance_closed")


# --- discarding ------------------------------------------------------------------------------------------------------
def test_a_mistaken_start_is_taken_back_as_long_as_nobody_signed() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    correction = started(world, old)
    attach(correction, by=world.gov_clerk, files=[upload("误传.pdf")])
    refused(lambda: discard_correction(correction, by=world.head, reason="误操作"), "not_a_meeting_clerk")
    refused(lambda: discard_correction(old, by=world.gov_clerk, reason="误操作"), "not_a_correction")
    refused(lambda: discard_correction(correction, by=world.gov_clerk, reason=" "), "discard_reason_missing")
    discard_correction(correction, by=world.gov_clerk, reason="误操作")
    assert list(Minutes.objects.all()) == [old]
    assert Resolution.objects.count() == 1
    assert not Attachment.objects.exists()
    assert unissued_minutes_of(old.meeting) is None
    assert not seal_broken(Minutes.objects.get())
    started(world, old)


def test_a_signed_correction_and_a_changed_attendance_are_not_discarded() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    correction = started(world, old)
    row = old.meeting.attendance.order_by("order")[0]
    set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.LEAVE)
    correction.refresh_from_db()
    refused(lambda: discard_correction(correction, by=world.gov_clerk, reason="误操作"), "attendance_corrected")
    set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.ATTENDS)
    with clock.at(LATER):
        signed = send_minutes(Minutes.objects.get(pk=correction.pk), by=world.gov_clerk)
        approve_minutes(signed, by=world.head)
    refused(lambda: discard_correction(signed, by=world.gov_clerk, reason="误操作"), "correction_signed")
    assert Minutes.objects.count() == 2


def test_an_issued_correction_is_not_discarded() -> None:
    world = yuanqu()
    issued = corrected(world, issued_minutes(world))
    refused(lambda: discard_correction(issued, by=world.gov_clerk, reason="误操作"), "minutes_issued")
