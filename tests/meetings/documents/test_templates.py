"""Test a conference's own templates: upload, use, refusal and removal, by administrators only."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from meetings.documents.portal_templates import portal_template
from meetings.documents.templates import render_document, template_of
from meetings.enums import DocumentKind, Role
from meetings.models import DocumentTemplate, RecordLogEntry
from meetings.operations.document import remove_template, save_template
from meetings.rules.template import MAX_SIZE
from meetings.rules.template_fields import FIELDS
from meetings.word.checks import faults
from meetings.word.fields import sample_values
from meetings.word.rendering import fill
from tests.meetings.admin.forms import sent
from tests.meetings.admin.pages import at_desk, landed, page, page_text
from tests.meetings.documents.reading import file_of, text, word
from tests.meetings.factories import World, chengqiao, seat, yuanqu
from tests.meetings.follow_up import upload
from tests.meetings.steps import planned_meeting
from tests.meetings.word.forms import form
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::ResourceWarning")]
OWN = ("本会自己的通知：{{ 标题 }}", "{%p for 项 in 议程 %}", "{{ 项.事项 }}", "{%p endfor %}")


@pytest.fixture
def world() -> World:
    return yuanqu()


@pytest.fixture
def local(world: World) -> Client:
    """The client of an administrator of this conference only."""
    return at_desk(seat("本级管理员", conference=world.conference, role=Role.ADMINISTRATOR).person)


def url(world: World, name: str = "template", kind: str = "notice") -> str:
    """Return the URL of a view of the template of one kind."""
    return reverse(f"jointconference:{name}", args=[world.conference.pk, kind])


def uploaded(world: World, content: bytes | None = None, name: str = "通知模板.docx") -> DocumentTemplate:
    """Upload the conference's own template of the notice."""
    file = upload(name, form(*OWN) if content is None else content)
    return save_template(world.conference, kind=DocumentKind.NOTICE, file=file, by=world.administrator)


def notice(world: World) -> Any:
    """Request a notice as a clerk."""
    return at_desk(world.gov_clerk).get(reverse("meeting:notice_file", args=[planned_meeting(world).pk]))


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_the_portal_brings_a_template_of_each_kind(kind: str) -> None:
    content = portal_template(kind)
    assert faults(content, FIELDS[kind]) == []
    portal_template.cache_clear()
    assert portal_template(kind) == content, "remade, it is the same to the byte"
    assert "{" not in text(Document(BytesIO(fill(content, sample_values(FIELDS[kind]), title=""))))


# --- used ------------------------------------------------------------------------------------------------------------
def test_an_own_template_is_used_and_given_back(world: World, local: Client) -> None:
    own = form(*OWN)
    page_ = landed(sent(local, url(world), file=upload("通知模板.docx", own)), local)
    assert "通知模板.docx" in page_
    made = text(word(notice(world)))
    assert made.startswith("本会自己的通知：关于召开县某")
    assert "关于第1件事的议题" in made
    name, content = file_of(local.get(url(world, "template_file")))
    assert (name, content) == ("通知模板.docx", own)
    landed(sent(local, url(world, "template_reset")), local)
    assert not DocumentTemplate.objects.exists()
    assert "会议议程" in text(word(notice(world)))
    assert file_of(local.get(url(world, "template_file")))[1] == portal_template("notice")


def test_another_conference_keeps_its_own(world: World) -> None:
    uploaded(world)
    assert "本会自己的通知" not in text(word(notice(chengqiao())))


def test_a_new_one_takes_the_place_of_the_old(world: World, django_capture_on_commit_callbacks: Any) -> None:
    old = uploaded(world)
    stored = Path(old.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        new = uploaded(world, form("新的：{{ 标题 }}"), "新模板.docx")
    assert (new.pk, new.version, new.name) == (old.pk, 2, "新模板.docx")
    assert not stored.exists()
    with django_capture_on_commit_callbacks(execute=True):
        remove_template(world.conference, kind=DocumentKind.NOTICE, by=world.administrator)
    assert not Path(new.file.path).exists()
    entries = RecordLogEntry.objects.filter(content_type__model="documenttemplate").order_by("timestamp", "pk")
    assert [(row.action.rpartition(".")[2], row.conference) for row in entries] == [
        (action, world.conference) for action in ("create", "edit", "remove")
    ]


def test_the_page_lists_every_field_that_may_be_named(world: World, local: Client) -> None:
    for kind in DocumentKind:
        shown = page(local, "jointconference:template", world.conference.pk, kind)
        for field in FIELDS[kind]:
            assert field.name in shown
    shown = page(local, "jointconference:template", world.conference.pk, "minutes")
    assert "{{ 项.牵头 }}" in shown
    assert "{{ 句.文字 }}" in shown
    assert "{%p … %}" in shown


# --- refused ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "code", "message"),
    [
        ("模板.docx", form("{{ 标提 }}"), "tag_field_unknown", "没有“标提”这个字段"),
        ("模板.docx", form("{%p for 项 in 议程 %}"), "tag_without_end", "没有结束"),
        ("模板.docx", form("{{ ''.__class__ }}"), "tag_not_a_field_name", "这里只能写字段名"),
        ("模板.docx", b"%PDF-1.7", "template_not_unpacked", "这不是 Word 文件"),
        ("模板.docx", b"PK" + b"\0" * MAX_SIZE, "template_too_large", "不能超过2 MB"),
        ("模板.doc", form(*OWN), "template_name", "应当是 Word 文件"),
        ("模板.docm", form(*OWN), "template_name", "应当是 Word 文件"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(
    world: World, local: Client, name: str, content: bytes, code: str, message: str
) -> None:
    before = uploaded(world)
    refused(lambda: uploaded(world, content, name), code)
    text_ = page_text(sent(local, url(world), file=upload(name, content)))
    assert message in text_
    after = DocumentTemplate.objects.get()
    assert (after.version, after.file.name) == (before.version, before.file.name)


def test_an_upload_over_a_newer_one_is_told(world: World, local: Client) -> None:
    uploaded(world)
    text_ = page_text(sent(local, url(world), file=upload("模板.docx", form(*OWN)), version="0"))
    assert "没有保存" in text_
    assert DocumentTemplate.objects.get().version == 1


def test_an_empty_file_is_told(world: World) -> None:
    refused(lambda: uploaded(world, b""), "file_empty")


def test_the_portals_own_is_not_taken_away(world: World) -> None:
    drop: dict[str, Any] = {"kind": DocumentKind.NOTICE, "by": world.administrator}
    refused(lambda: remove_template(world.conference, **drop), "no_own_template")


# --- broken later ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("content", [form("{{ 旧字段 }}"), b"no zip", form("{{ ''.__class__ }}")])
def test_a_template_that_breaks_later_is_told_and_nothing_falls_over(world: World, content: bytes) -> None:
    Path(uploaded(world).file.path).write_bytes(content)
    assert "无法生成文书" in _next(notice(world))
    values = sample_values(FIELDS[DocumentKind.NOTICE])
    refused(
        lambda: render_document(DocumentKind.NOTICE, values, conference=world.conference, title=""), "template_broken"
    )


def test_a_template_that_is_gone_is_told(world: World, local: Client) -> None:
    Path(uploaded(world).file.path).unlink()
    assert "模板文件已不存在" in _next(notice(world))
    refused(lambda: template_of(world.conference, DocumentKind.NOTICE), "template_lost")
    answer = local.get(url(world, "template_file"))
    assert "模板文件已不存在" in local.get(answer["Location"]).content.decode()


def _next(answer: Any) -> str:
    """Return the page that a response redirects to, for the same client."""
    browser: Client = answer.client
    shown = browser.get(answer["Location"])
    assert shown.status_code == 200
    return str(shown.content.decode())


# --- permissions -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["gov_clerk", "union_clerk", "head", "liaison", "writer", "auditor", "stranger"])
def test_nobody_but_an_administrator_comes_near(world: World, who: str) -> None:
    desk = at_desk(getattr(world, who))
    for name in ("template", "template_file", "template_reset"):
        for answer in (desk.get(url(world, name)), desk.post(url(world, name), {"file": upload("a.docx", form(*OWN))})):
            assert answer.status_code in {302, 403, 404, 405}
            assert "attachment" not in answer.get("Content-Disposition", "")
    assert not DocumentTemplate.objects.exists()
    refused(lambda: keep_by(world, getattr(world, who)), "not_your_administration")


def keep_by(world: World, person: Any) -> Any:
    """Call the upload operation directly, without the view."""
    return save_template(world.conference, kind=DocumentKind.NOTICE, file=upload("a.docx", form(*OWN)), by=person)


def test_an_administrator_of_one_conference_changes_no_other(local: Client) -> None:
    other = chengqiao()
    for name in ("template", "template_file", "template_reset"):
        assert local.get(url(other, name)).status_code in {302, 404}
        answer = local.post(url(other, name), {"file": upload("a.docx", form(*OWN)), "version": "0"})
        assert answer.status_code in {302, 404, 405}
    assert not DocumentTemplate.objects.exists()


def test_a_kind_that_is_none_is_not_there(world: World, local: Client) -> None:
    assert local.get(url(world, kind="letter")).status_code == 404
