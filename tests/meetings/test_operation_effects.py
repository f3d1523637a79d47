"""Tests of side effects of operations: the object of the caller, the order, stored files, names."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from meetings import clock
from meetings.enums import AgendaKind
from meetings.models import AgendaItem, Attachment, Person, ResolutionPart
from meetings.operations.agenda import add_topic, edit_agenda_item
from meetings.operations.attachment import attach, remove_attachment
from meetings.operations.correction import discard_correction
from meetings.operations.department import save_department
from meetings.operations.people import save_person
from meetings.operations.resolution import remove_resolution
from meetings.rules.resolution import result_hash
from tests.meetings.corrections import corrected, started
from tests.meetings.factories import yuanqu
from tests.meetings.follow_up import LATER, issued, reported, upload
from tests.meetings.steps import agreed_topic, drafted_minutes, issued_minutes, planned_meeting

pytestmark = pytest.mark.django_db


def test_a_topic_takes_the_first_of_two_empty_deliberations() -> None:
    world = yuanqu()
    meeting = planned_meeting(world, topics=0)
    [empty] = meeting.agenda.filter(kind=AgendaKind.DELIBERATION)
    later = AgendaItem.objects.create(
        meeting=meeting, kind=AgendaKind.DELIBERATION, title="审议", order=empty.order + 1
    )
    item = add_topic(meeting, agreed_topic(world), by=world.union_clerk)
    later.refresh_from_db()
    assert (item.pk, later.topic) == (empty.pk, None)


def test_after_a_note_the_meeting_at_hand_has_the_version_that_was_written() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    item = meeting.agenda.order_by("order")[0]
    before = meeting.version
    before = meeting.version
    edit_agenda_item(item, by=world.gov_clerk, speaker="温知")
    assert meeting.version == before + 1
    edit_agenda_item(item, by=world.gov_clerk, notes="会议强调。", version=meeting.version)
    item.refresh_from_db()
    assert (item.speaker, item.notes) == ("温知", "会议强调。")


def test_the_files_of_a_draft_that_goes_are_deleted_once_that_stands(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    resolution = minutes.resolutions.get()
    [row] = attach(resolution, by=world.gov_clerk, files=[upload("方案.pdf")])
    storage, name = row.file.storage, str(row.file.name)
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        remove_resolution(resolution, by=world.gov_clerk)
    assert not Attachment.objects.exists()
    assert storage.exists(name)
    for callback in callbacks:
        callback()
    assert not storage.exists(name)


def test_a_discarded_correction_deletes_its_copies_and_keeps_the_files_of_the_minutes(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    [own] = attach(minutes, by=world.gov_clerk, files=[upload("会议材料.pdf")])
    minutes = issued(world, minutes)
    correction = started(world, minutes)
    [copy] = correction.attachments.all()
    with django_capture_on_commit_callbacks(execute=True), clock.at(LATER):
        discard_correction(correction, by=world.gov_clerk, reason="误操作")
    assert own.file.storage.exists(str(own.file.name))
    assert not copy.file.storage.exists(str(copy.file.name))


def test_a_person_who_is_changed_without_a_password_keeps_the_present_one() -> None:
    world = yuanqu()
    person = Person(username="zhang", name="张某")
    save_person(person, by=None, password="垣曲-2025-abc", temporary=False, tenures=[])
    person.name = "张三"
    save_person(person, by=world.administrator, tenures=[])
    person.refresh_from_db()
    assert person.check_password("垣曲-2025-abc")


def test_a_correction_keeps_the_names_of_the_day_of_the_first_issue() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    name = world.department.name
    world.department.name = "县财政和税务局"
    save_department(world.department, by=world.administrator)
    corrected(world, minutes)
    assert list(ResolutionPart.objects.values_list("name", flat=True)) == [name]


def test_who_verifies_agrees_to_the_files_of_the_report_too() -> None:
    world = yuanqu()
    resolution = reported(world)
    report = resolution.pending_completion()
    assert report is not None
    before = result_hash(resolution, report)
    with clock.at(LATER):
        [row] = attach(report, by=world.liaison, files=[upload("凭证.pdf")])
    assert result_hash(resolution, report) != before
    with clock.at(LATER):
        remove_attachment(row, by=world.liaison)
    assert result_hash(resolution, report) == before
