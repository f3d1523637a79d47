"""Tests of attachments: accepted files, permissions, storage, and the effect on approved minutes."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from meetings import clock
from meetings.enums import MinutesState, TopicState
from meetings.models import Attachment, Minutes, Resolution
from meetings.operations import progress
from meetings.operations.attachment import attach, remove_attachment
from meetings.rules.attachment import FILE_TYPES, MACRO_DIRECTORY_ENTRY, OLE_SIGNATURE
from tests.meetings.factories import chengqiao, yuanqu
from tests.meetings.follow_up import LATER, PDF, adopted, office, under_way, upload
from tests.meetings.steps import approved_minutes, drafted_minutes, planned_meeting
from tests.refusals import refusal

pytestmark = pytest.mark.django_db

GOOD: dict[str, bytes] = {
    "报告.pdf": PDF,
    "报告.PDF": PDF,
    "方案.docx": office(),
    "测算.xlsx": office("xl/workbook.xml"),
    "旧文.doc": OLE_SIGNATURE + "WordDocument".encode("utf-16-le"),
    "旧表.xls": OLE_SIGNATURE + "Workbook".encode("utf-16-le"),
    "现场.png": b"\x89PNG\r\n\x1a\n....",
    "现场.jpg": b"\xff\xd8\xff\xe0....",
    "现场.jpeg": b"\xff\xd8\xff\xe1....",
    "说明.txt": "一、落实情况\n".encode(),
    "旧编码.txt": "落实情况".encode("gb18030"),
}
BAD: dict[str, tuple[str, bytes, str]] = {
    "a program": ("工具.exe", b"MZ......", "file_type_not_accepted"),
    "a page": ("页面.html", b"<script>alert(1)</script>", "file_type_not_accepted"),
    "a drawing that may hold scripts": ("图.svg", b"<svg/>", "file_type_not_accepted"),
    "no ending": ("报告", PDF, "file_type_not_accepted"),
    "two endings": ("报告.pdf.exe", PDF, "file_type_not_accepted"),
    "a program called a document": ("报告.pdf", b"MZ......", "file_content_not_accepted"),
    "a page called text": ("报告.docx", b"<html></html>", "file_content_not_accepted"),
    "a picture called another": ("图.png", b"\xff\xd8\xff\xe0....", "file_content_not_accepted"),
    "nothing in it": ("空.pdf", b"", "file_empty"),
    "a damaged archive": ("坏.docx", office()[:-40], "file_content_not_accepted"),
    "an archive that is no document": ("包.docx", office("readme.md"), "file_content_not_accepted"),
    "a table called a text": ("表.docx", office("xl/workbook.xml"), "file_content_not_accepted"),
    "macros": ("宏.docx", office(**{"word/vbaProject__bin": "Sub"}), "file_content_not_accepted"),
    "macros by declaration": (
        "宏.xlsx",
        office("xl/workbook.xml", types="<Types>macroEnabled</Types>"),
        "file_content_not_accepted",
    ),
    "a list of types that fills the memory": (
        "大.docx",
        office(types=" " * (1024**2 + 1)),
        "file_content_not_accepted",
    ),
    "a macro document": ("宏.docm", office(), "file_type_not_accepted"),
    "macros in an old document": (
        "宏.doc",
        OLE_SIGNATURE + "WordDocument".encode("utf-16-le") + MACRO_DIRECTORY_ENTRY,
        "file_content_not_accepted",
    ),
    "an old table called a document": (
        "表.doc",
        OLE_SIGNATURE + "Workbook".encode("utf-16-le"),
        "file_content_not_accepted",
    ),
    "bytes of no encoding called text": ("乱.txt", b"\xff\xff\xff", "file_content_not_accepted"),
    "bytes called text": ("乱.txt", b"\x00\x01\x02", "file_content_not_accepted"),
    "a hidden direction": ("甲\u202efdp.pdf", PDF, "file_name_deceptive"),
    "a hidden file": (".pdf", PDF, "file_name_deceptive"),
    "a long name": ("长" * 200 + ".pdf", PDF, "file_name_length"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_offices_write_is_accepted(name: str) -> None:
    world = yuanqu()
    topic = world.topic()
    [stored] = attach(topic, by=world.liaison, files=[upload(name, GOOD[name])])
    assert (stored.name, stored.size, stored.target) == (name, len(GOOD[name]), topic)
    assert stored.sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    assert stored.type == FILE_TYPES[Path(name).suffix.lower()].mime
    with stored.file.open() as file:
        assert file.read() == GOOD[name]


@pytest.mark.parametrize("case", BAD)
def test_everything_else_is_refused_with_its_name(case: str) -> None:
    world = yuanqu()
    name, content, code = BAD[case]
    with refusal(code) as refused:
        attach(world.topic(), by=world.liaison, files=[upload(name, content)])
    assert name in refused.value.reasons[0]
    assert not Attachment.objects.exists()


def test_a_path_in_the_name_is_refused() -> None:
    world = yuanqu()
    for name in ("../../etc/报告.pdf", "C:\\文件\\报告.pdf"):
        file = upload("报告.pdf")
        vars(file)["_name"] = name  # bypasses the path stripping of Django's upload handling
        with refusal("file_name_deceptive"):
            attach(world.topic(), by=world.liaison, files=[file])


def test_a_file_beyond_the_limit_is_refused(settings: Settings) -> None:
    world = yuanqu()
    settings.ATTACHMENT_MAX_BYTES = len(PDF)
    attach(world.topic(), by=world.liaison, files=[upload("恰好.pdf")])
    with refusal("file_too_large"):
        attach(world.topic(), by=world.liaison, files=[upload("太大.pdf", PDF + b" ")])


def test_all_files_or_none() -> None:
    world = yuanqu()
    with refusal("file_type_not_accepted", "file_empty"):
        attach(world.topic(), by=world.liaison, files=[upload("好.pdf"), upload("坏.exe"), upload("空.txt", b"")])
    assert not Attachment.objects.exists()


def test_the_stored_name_is_not_the_users_and_no_address_leads_there(settings: Settings) -> None:
    world = yuanqu()
    [stored] = attach(world.topic(), by=world.liaison, files=[upload("张三的报告.pdf")])
    assert "张三" not in str(stored.file.name)
    assert str(stored.file.name).startswith("attachments/")
    assert str(stored.file.name).endswith(".pdf")
    assert Path(str(settings.MEDIA_ROOT)) not in Path(stored.file.path).parents
    assert Path(str(settings.STATIC_ROOT)) not in Path(stored.file.path).parents


def test_who_may_put_files_with_a_topic() -> None:
    world = yuanqu()
    draft, submitted = world.topic(), world.topic(state=TopicState.SUBMITTED)
    done = world.topic(state=TopicState.DISCUSSED)
    attach(draft, by=world.liaison, files=[upload("甲.pdf")])
    attach(submitted, by=world.gov_clerk, files=[upload("乙.pdf")])
    for target, person in (
        (submitted, world.liaison),
        (draft, world.other_liaison),
        (draft, world.head),
        (draft, world.auditor),
        (draft, world.administrator),
        (draft, chengqiao().gov_clerk),
    ):
        with refusal("not_your_files"):
            attach(target, by=person, files=[upload("丙.pdf")])
    with refusal("files_closed"):
        attach(done, by=world.gov_clerk, files=[upload("丙.pdf")])
    assert Attachment.objects.count() == 2


def test_meeting_materials_come_from_the_clerks() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    [stored] = attach(meeting, by=world.union_clerk, files=[upload("材料.docx", office())])
    assert stored.conference == world.conference
    with refusal("not_your_files"):
        attach(meeting, by=world.liaison, files=[upload("材料.pdf")])


def test_a_report_takes_files_of_its_department_until_it_is_verified() -> None:
    world = yuanqu()
    resolution, report = under_way(world)
    with clock.at(LATER):
        [stored] = attach(report, by=world.liaison, files=[upload("清单.pdf")])
        with refusal("not_your_files"):
            attach(report, by=world.other_liaison, files=[upload("清单.pdf")])
        progress.accept_report(resolution, by=world.gov_clerk, report=report)
        with refusal("files_closed"):
            attach(report, by=world.liaison, files=[upload("迟到.pdf")])
        with refusal("files_closed"):
            remove_attachment(stored, by=world.liaison)


@pytest.mark.parametrize("of", [lambda minutes: minutes, lambda minutes: minutes.resolutions.get()])
def test_files_of_approved_minutes_void_the_approvals(of: Callable[[Minutes], Any]) -> None:
    world = yuanqu()
    minutes = approved_minutes(world)
    attach(of(minutes), by=world.gov_clerk, files=[upload("附件.pdf")])
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.DRAFT
    assert not minutes.approvals.filter(voided_at=None).exists()


def test_issued_minutes_keep_their_files() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    [stored] = attach(minutes, by=world.gov_clerk, files=[upload("附件.pdf")])
    Minutes.objects.update(state=MinutesState.ISSUED, number="一号", hash="x", issued_on=LATER)
    for change in (
        lambda: remove_attachment(stored, by=world.gov_clerk),
        lambda: attach(minutes, by=world.gov_clerk, files=[upload("再加.pdf")]),
        lambda: attach(Resolution.objects.get(), by=world.gov_clerk, files=[upload("再加.pdf")]),
    ):
        with refusal("files_closed"):
            change()
    stored.refresh_from_db()
    assert stored.removed_at is None


def test_a_removed_file_is_marked_once() -> None:
    world = yuanqu()
    topic = world.topic()
    [stored] = attach(topic, by=world.liaison, files=[upload("研究.pdf")])
    with refusal("not_your_files"):
        remove_attachment(stored, by=world.other_liaison)
    remove_attachment(stored, by=world.liaison)
    with refusal("file_removed"):
        remove_attachment(stored, by=world.liaison)
    assert Attachment.objects.get().removed_at is not None


def test_no_files_write_nothing() -> None:
    world = yuanqu()
    resolution = adopted(world)
    assert attach(resolution, by=world.liaison, files=[]) == []
