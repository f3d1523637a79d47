"""Which pages the staff of a conference may see in Wagtail views that check no permission."""

import pytest
from django.test import Client
from wagtail.models import Page

from meetings.models import Person
from publicity.models import Article, NewsIndex
from publicity.operations.pages import take_down
from tests.meetings.factories import World
from tests.publicity.factories import article, county, document, picture, public_article

pytestmark = pytest.mark.django_db
SECRET = "尚未公布的标题"


@pytest.fixture
def world() -> World:
    return county()


@pytest.fixture
def other(world: World) -> World:
    return county("镇")


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def changed(world: World) -> Article:
    """A public page whose new title is not public yet."""
    page = public_article(world, "旧的标题")
    page.title = SECRET
    page.save_revision(user=world.writer)
    fresh: Article = Article.objects.get(pk=page.pk)
    return fresh


def doors(page: Page, elsewhere: NewsIndex) -> list[str]:
    index, at = page.get_parent().pk, page.pk
    return [
        "/admin/choose-page/",
        f"/admin/choose-page/{index}/",
        f"/admin/choose-page/{at}/",
        "/admin/choose-page/search/?q=标题",
        f"/admin/choose-page/chosen-multiple/?id={at}",
        f"/admin/pages/{at}/move/{index}/confirm/",
        f"/admin/pages/{at}/move/{elsewhere.pk}/confirm/",
        f"/admin/pages/{at}/copy/",
        f"/admin/pages/workflow/action/{at}/approve/1/",
        f"/admin/pages/workflow/collect_action_data/{at}/approve/1/",
        f"/admin/pages/workflow/confirm_cancellation/{at}/",
        f"/admin/api/main/pages/{at}/",
        f"/admin/api/main/pages/?child_of={index}&fields=*",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("make", [article, changed])
def test_a_draft_of_another_conference_has_no_name(world: World, other: World, make: object) -> None:
    page = article(world, SECRET) if make is article else changed(world)
    elsewhere = NewsIndex.objects.exclude(pk=page.get_parent().pk).get()
    for person in (other.writer, other.gov_clerk, other.liaison, other.reviewers[0], world.liaison, world.auditor):
        client = as_(person)
        for door in doors(page, elsewhere):
            answers = [client.get(door), client.post(door), client.get("/admin/account/")]  # this page shows messages
            assert all(SECRET not in answer.content.decode("unicode-escape") for answer in answers), door
            assert all(SECRET not in answer.content.decode() for answer in answers), door


def test_the_chooser_offers_the_own_drafts_and_what_is_public(world: World, other: World) -> None:
    draft, public, foreign = article(world, "自己的草稿"), public_article(other, "公开新闻"), article(other, "别处草稿")
    client = as_(world.writer)
    own = client.get(f"/admin/choose-page/{draft.get_parent().pk}/").json()["html"]
    assert "自己的草稿" in own
    there = client.get(f"/admin/choose-page/{public.get_parent().pk}/").json()["html"]
    assert "公开新闻" in there
    assert "别处草稿" not in there
    assert client.get(f"/admin/choose-page/{foreign.pk}/").status_code == 302
    chosen = client.get(f"/admin/choose-page/chosen-multiple/?id={draft.pk}&id={public.pk}").json()["result"]
    assert {page["adminTitle"] for page in chosen} == {"自己的草稿", "公开新闻"}


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_the_admin_api_names_no_file(world: World, kind: str) -> None:
    file = picture("内部照片") if kind == "images" else document("内部文件")
    client = as_(world.writer)
    for door in (f"/admin/api/main/{kind}/", f"/admin/api/main/{kind}/{file.pk}/", f"/admin/api/main/{kind}/find/"):
        assert client.get(door).status_code == 404


def test_no_page_is_deleted_through_the_admin_api(world: World) -> None:
    page = public_article(world)
    take_down(page, reason="误发", by=world.gov_clerk)
    for person in (world.writer, world.gov_clerk):
        assert as_(person).post(f"/admin/api/main/pages/{page.pk}/action/delete/").status_code == 404
    assert Article.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize(
    "door",
    ["/_util/login/", "/_util/authenticate_with_password/1/1/", "/documents/authenticate_with_password/1/"],
)
def test_there_is_one_login(world: World, door: str) -> None:
    assert Client().get(door).status_code == 404
    assert Client().post(door, {"username": world.writer.username, "password": "x"}).status_code == 404


def test_a_list_has_no_draft_to_view(world: World) -> None:
    index = NewsIndex.objects.get()
    assert as_(world.writer).get(f"/admin/pages/{index.pk}/view_draft/").status_code in {302, 403, 404}
