"""A file does not change while a page that is public or being reviewed uses it, from no entry point."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection, Site

from meetings.models import PendingChange
from meetings.operations.change_content import content_digest
from meetings.operations.change_kinds import Act
from meetings.operations.pending_change import confirm_change, request_or_apply, withdraw_change
from publicity.models import Picture, PublicDocument, PublicitySettings
from publicity.operations.pages import take_down
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.operations.site_settings import settings_act
from tests.meetings.confirming import confirm, give_password, with_records
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


def status(client: Client, url: str) -> int:
    """Return the status of an answer, and close its file."""
    answer = client.get(url)
    answer.close()
    return int(answer.status_code)


def mark_act(mark: Picture) -> Act:
    """Return the act that makes a picture the mark of the site."""
    settings = PublicitySettings.for_site(Site.objects.get())
    settings.mark = mark
    return settings_act(settings)


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
    assert mark.get_usage().count() == 1
    PublicitySettings.objects.update(mark=None)
    replace(writer, mark, mark.title, red())
    assert not same(mark)


def test_a_mark_that_is_asked_for_stays_as_it_is(world: World, writer: Client) -> None:
    """What a second person sees on the page of the request is what the public gets."""
    mark = filed(picture("标识"))
    request_or_apply([mark_act(mark)], by=with_records(world).administrator)
    assert "等待成为" in replace(writer, mark, mark.title, red())
    assert "等待成为" in replace(writer, mark, "别的名称", None)
    writer.post(f"/admin/bulk/publicity/picture/delete/?id={mark.pk}")
    writer.post(f"/admin/images/{mark.pk}/delete/")
    assert same(mark)
    with refusal("file_is_requested_mark"):
        mark.delete()
    withdraw_change(PendingChange.objects.get(), by=world.administrator)
    replace(writer, mark, mark.title, red())
    assert not same(mark)


def test_the_file_of_a_mark_is_part_of_what_is_confirmed(world: World) -> None:
    """Even where the file is exchanged on the disk, or the row without the model."""
    mark = filed(picture("标识"))
    change = request_or_apply([mark_act(mark)], by=with_records(world).administrator).change
    assert change is not None
    reviewer = give_password(world.reviewers[0])
    seen = content_digest(change)
    with mark.file.storage.open(mark.file.name, "wb") as stored:
        stored.write(red().read())
    with refusal("stale"):
        confirm_change(change, by=reviewer, version=change.version, seen=seen)
    with refusal("picture_changed_meanwhile"):
        confirm(change, by=reviewer)
    assert PublicitySettings.objects.get().mark is None


def test_the_request_shows_the_mark_before_and_after(world: World) -> None:
    old, new = picture("旧标识"), picture("新标识")
    PublicitySettings.objects.update_or_create(site=Site.objects.get(), defaults={"mark": old})
    change = request_or_apply([mark_act(new)], by=with_records(world).administrator).change
    assert change is not None
    reviewer = Client()
    reviewer.force_login(give_password(world.reviewers[0]))
    for name in ("inspect", "confirm"):
        shown = reviewer.get(reverse(f"pendingchange:{name}", args=[change.pk])).content.decode()
        urls = re.findall(r'<figure><img src="([^"]+)"', shown)
        assert len(urls) == 2, name
        assert [status(reviewer, url) for url in urls] == [200, 200]
    assert [status(Client(), url) for url in urls] == [200, 404], "the mark in force is public"
    confirm(change, by=world.reviewers[0])
    assert [status(Client(), url) for url in urls] == [404, 200]


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.exe", "a.docm", "a"])
def test_a_document_is_nothing_that_runs(world: World, writer: Client, name: str) -> None:
    upload = SimpleUploadedFile(name, b"<script>alert(1)</script>")
    writer.post("/admin/documents/add/", {"title": "附件", "file": upload, "tags": ""})
    writer.post("/admin/documents/chooser/create/", {"document-chooser-upload-title": "附件", "file": upload})
    assert not PublicDocument.objects.exists()
