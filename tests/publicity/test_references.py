"""Files and pages named by their keys: those of another conference are refused, and nothing about them is revealed."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, Page, ReferenceIndex, Site

from meetings.models import Person
from publicity.forms import SettingsForm
from publicity.models import Article, GatedPage, NewsIndex, Picture, PublicDocument, PublicitySettings
from publicity.models.references import files_of
from publicity.operations.reviews import send_for_review
from tests.meetings.factories import World
from tests.publicity.factories import article, county, document, folder, picture, plain_page, public_article, publish
from tests.publicity.test_staff_pages import as_, posted
from tests.refusals import codes, refusal

pytestmark = pytest.mark.django_db
SECRET = "尚未公布"
FOREIGN = "不在本联席会议的文件中"
HIDDEN = "公众看不到"


@pytest.fixture
def world() -> World:
    return county()


@pytest.fixture
def other(world: World) -> World:
    return county("镇")


@pytest.fixture
def photo(other: World) -> Picture:
    """A picture of another conference that no page shows."""
    row = picture(f"{SECRET}的照片", world=other)
    Picture.objects.filter(pk=row.pk).update(description=f"{SECRET}的说明")
    return Picture.objects.get(pk=row.pk)


@pytest.fixture
def paper(other: World) -> PublicDocument:
    """A document of another conference that no page offers."""
    return document(f"{SECRET}的文件", other)


@pytest.fixture
def elsewhere(other: World) -> Article:
    """A draft of another conference."""
    return article(other, f"{SECRET}的新闻", slug="secret-plan")


def rich(*, kind: str, data: dict[str, object]) -> str:
    """Return what the rich-text editor posts: one paragraph with one link or embed."""
    block = {
        "key": "a",
        "text": "见附件",
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": [{"key": 0, "offset": 1, "length": 2}],
    }
    entities = {"0": {"type": kind, "mutability": "MUTABLE", "data": data}}
    return json.dumps({"blocks": [block], "entityMap": entities})


def form_with(kind: str, pk: int) -> dict[str, str]:
    """Return the fields of the editor that name a row by its key."""
    return {
        "cover": {"cover": str(pk), "cover_alt": "封面"},
        "picture": {
            "body-0-type": "picture",
            "body-0-value-picture": str(pk),
            "body-0-value-alt": "会场",
            "body-0-value-caption": "",
        },
        "document": {"body-0-type": "document", "body-0-value": str(pk)},
        "document link": {"body-0-type": "text", "body-0-value": rich(kind="DOCUMENT", data={"id": pk})},
        "page link": {"body-0-type": "text", "body-0-value": rich(kind="LINK", data={"id": pk})},
    }[kind]


def values_with(kind: str, pk: int) -> dict[str, Any]:
    """Return the same as values of an article, for code that has no form."""
    match kind:
        case "cover":
            return {"cover_id": pk, "cover_alt": "封面"}
        case "picture":
            return {"body": [("picture", {"picture": Picture.objects.get(pk=pk), "alt": "会场"})]}
        case "document":
            return {"body": [("document", PublicDocument.objects.get(pk=pk))]}
        case "embed":
            return {"body": [("text", f'<embed embedtype="image" id="{pk}" format="left" alt="会场"/>')]}
    linktype = {"document link": "document", "page link": "page"}[kind]
    return {"body": [("text", f'<p><a linktype="{linktype}" id="{pk}">附件</a></p>')]}


def readable(answer: Any) -> str:
    """Return the text of an answer, with the escapes of JSON (also of JSON in JSON) read."""
    text = (b"".join(answer) if answer.streaming else answer.content).decode()
    return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def revealed(answer: Any) -> bool:
    """Return True if the answer names a row of the other conference: by its title, description or address."""
    text = readable(answer)
    return SECRET in text or "secret-plan" in text


KINDS = ["cover", "picture", "document", "document link", "page link"]


@pytest.fixture
def target(request: pytest.FixtureRequest) -> int:
    """The key of the row of another conference that fits the kind of the test."""
    kind = request.node.callspec.params["kind"]
    name = {"cover": "photo", "picture": "photo", "embed": "photo", "page link": "elsewhere"}.get(kind, "paper")
    row: Any = request.getfixturevalue(name)
    return int(row.pk)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("action", [{}, {"action-submit": "1"}])
def test_a_key_of_another_conference_is_refused_in_each_field(
    world: World, kind: str, target: int, action: dict[str, str]
) -> None:
    client = as_(world.writer)
    page = article(world, "自己的新闻")
    revisions = page.revisions.count()
    index = page.get_parent().pk
    for url in (f"/admin/pages/add/publicity/article/{index}/", f"/admin/pages/{page.pk}/edit/"):
        answer = client.post(url, posted(form_with(kind, target), **action))
        text = readable(answer)
        assert answer.status_code == 200
        assert (HIDDEN if kind == "page link" else FOREIGN) in text
        assert "六门课程免费报名。" in text, "what was typed is kept"
        assert not revealed(answer)
    assert page.revisions.count() == revisions
    assert Article.objects.filter(title="职工夜校开班").count() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_preview_of_unsaved_input_shows_nothing_of_it(world: World, kind: str, target: int) -> None:
    client = as_(world.writer)
    page = article(world, "自己的新闻")
    url = f"/admin/pages/{page.pk}/edit/preview/"
    answer = client.post(url, posted(form_with(kind, target)))
    assert answer.json()["is_valid"] is False
    assert not revealed(answer)
    assert not revealed(client.get(url))


@pytest.mark.parametrize("kind", [*KINDS, "embed"])
def test_the_gate_refuses_it_however_it_was_saved(world: World, kind: str, target: int) -> None:
    page = article(world, "自己的新闻", **values_with(kind, target))
    code = "link_to_hidden_page" if kind == "page link" else "file_of_another_section"
    with refusal(code):
        send_for_review(page, by=world.writer)
    assert codes(page.refusals()) == [code]
    assert SECRET not in str(page.refusals())
    page.live = True
    with refusal(code):
        page.save(clean=False)
    with refusal(code):
        page.get_latest_revision().publish()


@pytest.mark.parametrize("kind", [*KINDS, "embed"])
def test_a_stored_draft_that_names_it_reveals_nothing_to_its_writer(world: World, kind: str, target: int) -> None:
    """For example a page that was moved, or one saved before this was checked."""
    client = as_(world.writer)
    page = article(world, "自己的新闻", **values_with(kind, target))
    first = page.get_latest_revision()
    page.title = "改过的新闻"
    page.save_revision(user=world.writer)
    second = page.get_latest_revision()
    doors = [
        f"/admin/pages/{page.pk}/edit/",
        f"/admin/pages/{page.pk}/edit/preview/",
        f"/admin/pages/{page.pk}/view_draft/",
        f"/admin/pages/{page.pk}/history/",
        f"/admin/pages/{page.pk}/revisions/{first.pk}/revert/",
        f"/admin/pages/{page.pk}/revisions/{first.pk}/view/",
        f"/admin/pages/{page.pk}/revisions/compare/{first.pk}...{second.pk}/",
        f"/admin/pages/{page.pk}/revisions/compare/earliest...latest/",
        f"/admin/pages/{page.pk}/copy/",
        f"/admin/pages/{page.pk}/usage/",
        f"/admin/api/main/pages/{page.pk}/?fields=*",
        *(reverse(f"publicity_admin:{name}", args=[page.pk]) for name in ("review", "preview", "send")),
        reverse("publicity_admin:personal_data", args=[page.pk]),
    ]
    for person in (world.writer, world.gov_clerk, world.reviewers[0]):
        client = as_(person)
        for door in doors:
            for answer in (client.get(door), client.post(door), client.get("/admin/account/")):
                assert not revealed(answer), (person, door)


@pytest.mark.parametrize("kind", ["cover", "picture", "document"])
@pytest.mark.parametrize("before", ["own", "none"])
def test_a_comparison_of_versions_shows_only_what_one_may_see(
    world: World, kind: str, target: int, before: str
) -> None:
    own = document("自己的文件", world) if kind == "document" else picture("自己的照片", world=world)
    page = article(world, "自己的新闻", **(values_with(kind, own.pk) if before == "own" else {}))
    first = page.get_latest_revision()
    for name, value in values_with(kind, target).items():
        setattr(page, name, value)
    page.save_revision(user=world.writer)
    second = page.get_latest_revision()
    client = as_(world.writer)
    for pair in (f"{first.pk}...{second.pk}", f"{second.pk}...{first.pk}"):
        answer = client.get(f"/admin/pages/{page.pk}/revisions/compare/{pair}/")
        assert not revealed(answer)
        assert before == "none" or "自己的" in readable(answer)


def test_files_of_the_own_conference_and_below_are_used_as_before(world: World, other: World) -> None:
    below = folder(world).add_child(name="会场照片")
    shown = picture("自己的照片", world=world)
    Picture.objects.filter(pk=shown.pk).update(collection=below)
    offered = document("自己的文件", world)
    client, index = as_(world.writer), NewsIndex.objects.get(path__startswith=world.conference.section.path)
    fields = {**form_with("cover", shown.pk), **form_with("document", offered.pk)}
    answer = client.post(f"/admin/pages/add/publicity/article/{index.pk}/", posted(fields))
    assert answer.status_code == 302
    page = Article.objects.get(title="职工夜校开班")
    editor = readable(client.get(f"/admin/pages/{page.pk}/edit/"))
    assert "自己的照片" in editor
    assert "自己的文件" in editor
    assert client.get(f"/admin/pages/{page.pk}/view_draft/").status_code == 200


def test_a_file_outside_of_all_sections_is_refused_too(world: World) -> None:
    """Only administrators of the whole site see the root collection."""
    shared = picture(f"{SECRET}的标识")
    Picture.objects.filter(pk=shared.pk).update(collection=Collection.get_first_root_node())
    page = article(world, "自己的新闻", cover=shared, cover_alt="标识")
    assert codes(page.refusals()) == ["file_of_another_section"]
    assert not revealed(as_(world.writer).get(f"/admin/pages/{page.pk}/edit/"))


def test_a_file_that_a_public_page_shows_keeps_its_title_and_is_refused_too(
    world: World, other: World, photo: Picture
) -> None:
    """The public sees the picture, but not its title in the collection."""
    public_article(other, "镇里的新闻", cover=photo, cover_alt="封面")
    page = article(world, "自己的新闻", cover=photo, cover_alt="封面")
    assert codes(page.refusals()) == ["file_of_another_section"]
    assert not revealed(as_(world.writer).get(f"/admin/pages/{page.pk}/edit/"))


def test_a_file_moved_to_another_collection_no_longer_passes(world: World, other: World) -> None:
    shown = picture("照片", world=world)
    page = article(world, "自己的新闻", cover=shown, cover_alt="封面")
    assert page.refusals() == []
    Picture.objects.filter(pk=shown.pk).update(collection=folder(other))
    assert codes(Article.objects.get(pk=page.pk).refusals()) == ["file_of_another_section"]


def test_a_page_moved_to_another_section_needs_files_of_that_section(world: World, other: World) -> None:
    shown = picture(f"{SECRET}的照片", world=other)
    page = article(other, "镇里的新闻", cover=shown, cover_alt="封面")
    page.move(NewsIndex.objects.get(path__startswith=world.conference.section.path), pos="last-child")
    moved = Article.objects.get(pk=page.pk)
    assert codes(moved.refusals()) == ["file_of_another_section"]
    assert not revealed(as_(world.writer).get(f"/admin/pages/{page.pk}/edit/"))


@pytest.mark.parametrize("live", [False, True])
def test_a_link_to_an_own_page_is_saved_and_passes_once_that_page_is_public(world: World, live: bool) -> None:
    there = plain_page(world, "如何提出")
    if live:
        there = publish(there, world)  # type: ignore[assignment]
    client, index = as_(world.writer), NewsIndex.objects.get()
    url = f"/admin/pages/add/publicity/article/{index.pk}/"
    assert client.post(url, posted(form_with("page link", there.pk))).status_code == 302
    page = Article.objects.get(title="职工夜校开班")
    assert codes(page.refusals()) == ([] if live else ["link_to_hidden_page"])
    assert there.slug in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()


def test_links_to_public_pages_and_lists_of_all_sections_pass(world: World, other: World) -> None:
    public = public_article(other, "镇里的新闻")
    for target in (public, public.get_parent(), other.conference.section, Page.objects.get(slug="home")):
        page = article(world, "自己的新闻", **values_with("page link", target.pk))
        assert page.refusals() == []


def test_what_a_page_names_is_what_the_reference_index_finds(world: World) -> None:
    """The check has its own walk through the fields, because its message says where the file is."""
    shown, offered = picture("照片", world=world), document("文件", world)
    body = [
        ("picture", {"picture": shown, "alt": "会场", "caption": ""}),
        ("document", offered),
        ("text", f'<p><a linktype="document" id="{offered.pk}">附件</a><a linktype="page" id="1">根</a></p>'),
    ]
    page = article(world, "新闻", cover=shown, cover_alt="封面", body=body, tags=["工会"])
    models = (Picture, PublicDocument, Page)
    wanted = {
        str(pk)
        for _type, pk, path, _content in ReferenceIndex._extract_references_from_object(page)
        if path.split(".")[0] in {"cover", "body"}
    }
    found = [each for each in page.references() if issubclass(each.model, models)]
    assert {str(each.pk) for each in found} == wanted
    assert [each.place for each in found] == [
        "封面图片",
        "第1段（图片）",
        "第2段（文档）",
        "第3段（正文）",
        "第3段（正文）",
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_many_files_are_checked_with_as_many_queries_as_one(
    world: World, number: int, django_assert_num_queries: Any
) -> None:
    body = [("picture", {"picture": picture(str(n), world=world), "alt": "会场"}) for n in range(number)]
    page: GatedPage = article(world, "新闻", body=body)
    references = list(page.references())
    with django_assert_num_queries(3):  # the conference, its collections, the pictures
        assert page.reference_refusals("body", page.body) == []  # type: ignore[attr-defined]
    assert len([each for each in references if each.model is Picture]) == number


def test_a_mark_of_the_site_is_one_that_the_person_may_choose(world: World, other: World, photo: Picture) -> None:
    settings = PublicitySettings.for_site(Site.objects.get())
    form_class = PublicitySettings.edit_handler.bind_to_model(PublicitySettings).get_form_class()
    assert issubclass(form_class, SettingsForm)

    def errors(person: Person) -> Any:
        form = form_class({"mark": photo.pk, "title": "名称"}, instance=settings, for_user=person)
        form.is_valid()
        return form.errors.as_data().get("mark", [])

    assert [error.code for error in errors(world.writer)] == ["mark_not_permitted"]
    assert errors(other.writer) == []
    assert errors(world.administrator) == []
    PublicitySettings.objects.update(mark=photo)
    settings.refresh_from_db()
    assert errors(world.writer) == [], "what stands there may stay"


def test_no_view_of_wagtail_names_files_of_others(world: World, photo: Picture, paper: PublicDocument) -> None:
    for file in (photo, paper):
        file.tags.add(f"{SECRET}的标签")
    both = f"id={photo.pk}&id={paper.pk}"
    doors = [
        f"/admin/images/chooser/chosen/{photo.pk}/",
        f"/admin/images/chooser/{photo.pk}/select_format/",
        f"/admin/images/chooser/chosen-multiple/?{both}",
        f"/admin/documents/chooser/chosen/{paper.pk}/",
        f"/admin/documents/chooser/chosen-multiple/?{both}",
        f"/admin/images/{photo.pk}/",
        f"/admin/images/{photo.pk}/delete/",
        f"/admin/images/usage/{photo.pk}/",
        f"/admin/images/{photo.pk}/preview/max-165x165/",
        f"/admin/documents/edit/{paper.pk}/",
        f"/admin/documents/usage/{paper.pk}/",
        f"/admin/tag-autocomplete/?term={SECRET}",
        f"/admin/tag-autocomplete/taggit/tag/?term={SECRET}",
        *(
            f"/admin/bulk/publicity/{kind}/{action}/?id={pk}"
            for kind, key in (("picture", photo.pk), ("publicdocument", paper.pk))
            for action in ("delete", "add_tags", "add_to_collection")
            for pk in (key, "all")
        ),
    ]
    for person in (world.writer, world.gov_clerk, world.reviewers[0], world.liaison, world.auditor):
        client = as_(person)
        for door in doors:
            for answer in (client.get(door), client.post(door), client.get("/admin/account/")):
                assert not revealed(answer), door


def test_no_bulk_action_names_pages_of_others(world: World, elsewhere: Article) -> None:
    client = as_(world.writer)
    for action in ("delete", "move", "publish", "unpublish"):
        for ids in (f"id={elsewhere.pk}", f"id=all&childOf={elsewhere.get_parent().pk}"):
            assert not revealed(client.get(f"/admin/bulk/wagtailcore/page/{action}/?{ids}"))


def test_tags_are_suggested_from_the_own_files_and_visible_pages(world: World, other: World) -> None:
    picture("照片", world=world).tags.add("会场")
    document("文件", other).tags.add("会议")
    article(other, "草稿", tags=["会晤"])
    public_article(other, "新闻", tags=["会见"])
    client = as_(world.writer)
    assert client.get("/admin/tag-autocomplete/?term=会").json() == ["会场"]
    assert client.get("/admin/tag-autocomplete/publicity/publictag/?term=会").json() == ["会见"]
    assert client.get("/admin/tag-autocomplete/publicity/publictag/").json() == []
    assert client.get("/admin/tag-autocomplete/publicity/article/?term=会").status_code == 404
    assert Client().get("/admin/tag-autocomplete/?term=会").status_code == 302


def test_the_files_of_a_conference_are_those_its_writers_manage(world: World, other: World) -> None:
    own = picture("照片", world=world)
    picture("照片", world=other)
    assert list(files_of(Picture, world.conference)) == [own]
    assert not files_of(Picture, None).exists()


@pytest.mark.parametrize("key", ["", "abc", "-1", "9" * 30, "１", None, "1 OR 1=1"])
@pytest.mark.parametrize("kind", ["DOCUMENT", "LINK"])
def test_a_key_that_is_none_is_refused_or_dropped(world: World, kind: str, key: object) -> None:
    client, index = as_(world.writer), NewsIndex.objects.get()
    body = {"body-0-type": "text", "body-0-value": rich(kind=kind, data={"id": key})}
    url = f"/admin/pages/add/publicity/article/{index.pk}/"
    answer = client.post(url, posted(body))
    assert answer.status_code in {200, 302}
    for page in Article.objects.all():
        assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
        assert client.get(f"/admin/pages/{page.pk}/view_draft/").status_code == 200


@pytest.mark.parametrize("key", ["abc", "-1", "9" * 30, "0"])
@pytest.mark.parametrize("field", ["cover", "body-0-value-picture", "body-0-value"])
def test_a_chosen_key_that_is_none_is_refused_or_left_empty(world: World, field: str, key: str) -> None:
    client, index = as_(world.writer), NewsIndex.objects.get()
    kind = {"cover": "cover", "body-0-value-picture": "picture", "body-0-value": "document"}[field]
    answer = client.post(f"/admin/pages/add/publicity/article/{index.pk}/", posted({**form_with(kind, 1), field: key}))
    assert answer.status_code == (200 if field == "cover" else 302), "a draft may lack the picture of a block"
    for page in Article.objects.all():
        assert codes(page.refusals()) == []
        assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
        assert client.get(f"/admin/pages/{page.pk}/view_draft/").status_code == 200
