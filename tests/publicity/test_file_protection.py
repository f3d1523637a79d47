"""A file does not change while a page that is public or being reviewed uses it, from no entry point."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.models import Collection, Site

from publicity.models import Picture, PublicDocument, PublicitySettings
from publicity.operations.pages import take_down
from publicity.operations.reviews import give_verdict, send_for_review
from tests.meetings.factories import World
from tests.publicity.factories import article, county, document, picture, public_article
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county()


@pytest.fixture
def writer(world: World, client: Client) -> Client:
    client.force_login(world.writer)
    return client


def filed(file: Any) -> Any:
    """Move the file to the collection of the conference, which its writer manages."""
    file.collection = Collection.objects.get(depth=2)
    file.save()
    return file


def red() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (60, 40), (255, 0, 0)).save(out, "PNG")
    return SimpleUploadedFile("other.png", out.getvalue(), "image/png")


def replace(client: Client, file: Picture | PublicDocument, title: str, upload: SimpleUploadedFile | None) -> str:
    """Post the form of a file as its writer; return the text of the answer."""
    kind = "images" if isinstance(file, Picture) else "documents/edit"
    data = {"title": title, "collection": file.collection_id, "tags": "", "description": ""}
    answer = client.post(f"/admin/{kind}/{file.pk}/", {**data, **({"file": upload} if upload else {})}, follow=True)
    return answer.content.decode()


def same(file: Any) -> bool:
    stored = type(file).objects.get(pk=file.pk)
    return bool(stored.file.name == file.file.name and stored.title == file.title)


def test_a_public_page_keeps_its_files(world: World, writer: Client) -> None:
    cover, shown, offered = filed(picture("封面")), filed(picture("现场")), filed(document("办法"))
    body = [("picture", {"picture": shown, "alt": "会场", "caption": ""}), ("document", offered)]
    page = public_article(world, cover=cover, cover_alt="主席台", body=body)
    for file, upload in ((cover, red()), (shown, red()), (offered, SimpleUploadedFile("b.txt", b"other"))):
        assert page.title in replace(writer, file, file.title, upload), "the reason names the page"
        assert same(file)
    assert page.title in replace(writer, offered, "没有审核的名字", None)
    assert same(offered)
    for door in (f"images/{shown.pk}/delete", f"images/multiple/{shown.pk}/delete", f"images/{cover.pk}/delete"):
        writer.post(f"/admin/{door}/", headers={"x-requested-with": "XMLHttpRequest"})
    writer.post(f"/admin/documents/delete/{offered.pk}/")
    assert Picture.objects.count() == 2
    assert PublicDocument.objects.count() == 1
    take_down(page, reason="误发", by=world.gov_clerk)
    replace(writer, shown, shown.title, red())
    assert not same(shown)


def test_what_is_being_reviewed_keeps_its_files(world: World, writer: Client) -> None:
    shown = filed(picture("现场"))
    page = article(world, body=[("picture", {"picture": shown, "alt": "会场", "caption": ""})])
    replace(writer, shown, "改名", None)
    shown.refresh_from_db()
    assert shown.title == "改名", "a draft binds nothing"
    send_for_review(page, by=world.writer)
    assert page.title in replace(writer, shown, shown.title, red())
    give_verdict(page, approve=False, opinion="请改。", by=world.reviewers[0])
    assert page.title in replace(writer, shown, shown.title, red()), "approvals of this text may stand"
    assert same(shown)


def test_a_new_text_of_a_public_page_keeps_the_files_it_brings(world: World, writer: Client) -> None:
    page, shown = public_article(world), filed(picture("现场"))
    page.body = [("picture", {"picture": shown, "alt": "会场", "caption": ""})]
    page.save_revision(user=world.writer)
    send_for_review(type(page).objects.get(pk=page.pk), by=world.writer)
    assert page.title in replace(writer, shown, shown.title, red())
    assert same(shown)


def test_bulk_and_code_are_refused_too(world: World, writer: Client) -> None:
    shown, spare = filed(picture("现场")), filed(picture("多余"))
    public_article(world, body=[("picture", {"picture": shown, "alt": "会场", "caption": ""})])
    writer.post(f"/admin/bulk/publicity/picture/delete/?id={shown.pk}&id={spare.pk}")
    assert Picture.objects.count() == 2
    writer.post(f"/admin/bulk/publicity/picture/delete/?id={spare.pk}")
    assert Picture.objects.get() == shown
    with refusal("file_in_use"):
        shown.delete()
    shown.title = "别的"
    with pytest.raises(PermissionDenied):
        shown.save()


def test_the_mark_of_the_site_is_changed_in_the_settings_alone(world: World, writer: Client) -> None:
    """There a second person confirms it; neither another file behind the same key nor a deletion leads around."""
    mark = filed(picture("标识"))
    PublicitySettings.objects.update_or_create(site=Site.objects.get(), defaults={"mark": mark})
    assert "标识" in replace(writer, mark, mark.title, red())
    assert same(mark)
    with refusal("file_is_mark"):
        mark.delete()
    PublicitySettings.objects.update(mark=None)
    replace(writer, mark, mark.title, red())
    assert not same(mark)


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.exe", "a.docm", "a"])
def test_a_document_is_nothing_that_runs(world: World, writer: Client, name: str) -> None:
    upload = SimpleUploadedFile(name, b"<script>alert(1)</script>")
    writer.post("/admin/documents/add/", {"title": "附件", "file": upload, "tags": ""})
    writer.post("/admin/documents/chooser/create/", {"document-chooser-upload-title": "附件", "file": upload})
    assert not PublicDocument.objects.exists()
