"""Test the archive of a meeting: its files, its lists, and who may download it."""

import hashlib
import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from meetings.enums import AccessKind
from meetings.models import AccessEntry, Attachment, Meeting
from meetings.operations.correction import correct_minutes
from tests.meetings.admin.pages import at_desk
from tests.meetings.documents.reading import text
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.steps import issued_minutes, planned_meeting

pytestmark = pytest.mark.django_db


def package(world: World, meeting: Meeting) -> dict[str, bytes]:
    """Return the files of the archive by name, without the top-level folder."""
    answer = at_desk(world.gov_clerk).get(reverse("meeting:archive", args=[meeting.pk]))
    assert answer.status_code == 200
    content = answer.getvalue()
    with zipfile.ZipFile(BytesIO(content)) as opened:
        assert opened.testzip() is None
        folders = {name.partition("/")[0] for name in opened.namelist()}
        assert len(folders) == 1
        return {name.partition("/")[2]: opened.read(name) for name in opened.namelist()}


def rows(content: bytes) -> list[tuple[Any, ...]]:
    """Return the rows of a spreadsheet below the headings."""
    page: Any = load_workbook(BytesIO(content)).active
    return list(page.iter_rows(min_row=2, values_only=True))


def test_the_package_holds_documents_attachments_log_and_their_checksums() -> None:
    world = yuanqu()
    minutes = issued_minutes(world, topics=2)
    meeting = minutes.meeting
    files = package(world, meeting)
    written = text(Document(BytesIO(files[f"03 会议纪要 {minutes.number}.docx"])))
    assert all(row.title in written for row in minutes.resolutions.all())
    assert {"01 会议通知.docx", "02 签到表.docx", "04 议定事项台账.docx", "05 议定事项台账.xlsx"} <= set(files)
    listed = {row[0]: row[2] for row in rows(files["清单.xlsx"])}
    assert set(listed) == set(files) - {"清单.xlsx"}
    assert all(hashlib.sha256(files[name]).hexdigest() == found for name, found in listed.items())
    log = "\n".join(str(row) for row in rows(files["操作记录.xlsx"]))
    assert world.gov_clerk.name in log
    assert "印发会议纪要" in log
    assert any("二（五）" in row for row in rows(files["制度对照.xlsx"]))


def test_a_correction_that_is_still_written_is_not_in_it() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    settled = minutes.resolutions.get()
    correction = correct_minutes(minutes, by=world.gov_clerk, reason="金额误印。")
    for number, target in enumerate((minutes, settled, correction, correction.resolutions.get())):
        Attachment.objects.create(
            **{str(target._meta.model_name): target}, conference=world.conference, name=f"附件{number}.pdf", sha256="0",
            type="application/pdf", size=3, uploaded_by=world.gov_clerk, uploaded_at=minutes.meeting.time,
            file=ContentFile(b"file", "a.pdf"),
        )  # fmt: skip
    names = {name.rpartition("/")[2] for name in package(world, minutes.meeting)}
    assert {"附件0.pdf", "附件1.pdf"} <= names
    assert not {"附件2.pdf", "附件3.pdf"} & names


def test_attachments_of_one_name_do_not_cover_each_other() -> None:
    world = yuanqu()
    meeting = issued_minutes(world).meeting
    for content in (b"one", b"two"):
        Attachment.objects.create(
            conference=world.conference, meeting=meeting, name="../材料.pdf", sha256="0", type="application/pdf",
            size=3, uploaded_by=world.gov_clerk, uploaded_at=meeting.time, file=ContentFile(content, "a.pdf"),
        )  # fmt: skip
    files = package(world, meeting)
    assert {content for name, content in files.items() if name.startswith("附件/会议材料/")} >= {b"one", b"two"}
    assert not any(".." in name.split("/") for name in files)


def test_only_who_sees_the_whole_meeting_has_it_and_the_log_tells_who_took_it() -> None:
    world, other = yuanqu(), chengqiao()
    meeting = issued_minutes(world).meeting
    url = reverse("meeting:archive", args=[meeting.pk])
    for person in (other.gov_clerk, world.liaison, world.writer):
        assert at_desk(person).get(url).status_code in {302, 403, 404}
    given = at_desk(world.auditor).get(url)
    assert given.status_code == 200
    assert given.getvalue()
    taken = AccessEntry.objects.get(kind=AccessKind.EXPORT, person=world.auditor)
    assert "档案" in taken.what


def test_it_is_offered_once_the_meeting_was_held() -> None:
    world = yuanqu()
    held, coming = issued_minutes(world).meeting, planned_meeting(world)
    desk = at_desk(world.gov_clerk)
    for meeting, offered in ((held, True), (coming, False)):
        shown = desk.get(reverse("meeting:inspect", args=[meeting.pk])).content.decode()
        assert (reverse("meeting:archive", args=[meeting.pk]) in shown) is offered
