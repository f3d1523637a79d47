"""No entry point bypasses the reviews: each way in which Wagtail can make a page live is tried with a draft.

Edit, create, bulk actions, schedule, `Revision.publish`, actions, API, copy, alias, revert, a bare `save(clean=False)`,
and `QuerySet.update`.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import GroupPagePermission, Page, PageLogEntry, Revision

from meetings.models import Person
from meetings.rights import TenurePagePolicy
from publicity.models import Article, NewsIndex, OutcomePage
from tests.meetings.factories import World
from tests.publicity.factories import article, county, issued, public_article, public_outcome
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county()


@pytest.fixture
def root(world: World) -> Person:
    """A superuser, who has every permission that Wagtail checks."""
    return Person.objects.create_superuser("root", password="x", name="服务器")


@pytest.fixture
def boss(root: Person, client: Client) -> Client:
    client.force_login(root, backend="meetings.rights.TenureBackend")
    return client


def fresh(page: Page) -> Any:
    return type(page).objects.get(pk=page.pk)


def hidden(page: Page) -> bool:
    """Return True if neither the page nor any list shows the draft."""
    anonymous = Client()
    return anonymous.get(page.url).status_code == 404 and page.title not in anonymous.get("/news/").content.decode()


def body(**extra: str) -> dict[str, str]:
    """Return what the editor posts for an article with one paragraph."""
    return {
        "title": "新的标题",
        "slug": "xin-de",
        "date": "2025-09-06",
        "summary": "一句话。",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "quote",
        "body-0-id": "",
        "body-0-value-text": "说的话。",
        "body-0-value-who": "",
        "cover": "",
        "cover_alt": "",
        "meeting": "",
        "tags": "",
        "search_description": "",
        **extra,
    }


def test_nobody_holds_the_permission_to_publish(world: World) -> None:
    assert not GroupPagePermission.objects.filter(
        permission__codename__in=["publish_page", "bulk_delete_page"]
    ).exists()
    assert Permission.objects.filter(codename="publish_page").exists()
    page = article(world)
    people = [world.writer, world.gov_clerk, world.union_clerk, world.administrator, world.head, *world.reviewers]
    for person in people:
        assert not page.permissions_for_user(person).can_publish()
        assert not page.permissions_for_user(person).can_unpublish()
    assert not TenurePagePolicy(Page).users_with_any_permission(["publish"], include_superusers=False)


def test_edit_and_publish(world: World, boss: Client) -> None:
    page = article(world)
    answer = boss.post(f"/admin/pages/{page.pk}/edit/", body(**{"action-publish": "1"}), follow=True)
    assert answer.status_code == 200
    assert not fresh(page).live
    assert hidden(page)
    assert fresh(page).get_latest_revision_as_object().title == "新的标题", "what was typed is kept"


def test_revert_and_publish(world: World, boss: Client) -> None:
    page = public_article(world)
    old = page.revisions.order_by("pk").first()
    draft = page.get_latest_revision_as_object()
    draft.title = "改过"
    draft.save_revision(user=world.writer)
    url = f"/admin/pages/{page.pk}/edit/"
    boss.post(url, body(**{"action-publish": "1", "revision": str(old.pk)}), follow=True)
    assert fresh(page).title == "召开联席会议"


def test_create_and_publish(world: World, boss: Client) -> None:
    index = NewsIndex.objects.get()
    answer = boss.post(f"/admin/pages/add/publicity/article/{index.pk}/", body(**{"action-publish": "1"}), follow=True)
    assert answer.status_code == 200
    page = Article.objects.get(title="新的标题")
    assert not page.live
    assert hidden(page)


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete"])
def test_bulk(world: World, boss: Client, action: str) -> None:
    draft, out = article(world, "草稿"), public_article(world, "已发布")
    answer = boss.post(f"/admin/bulk/wagtailcore/page/{action}/?id={draft.pk}&id={out.pk}", follow=True)
    assert answer.status_code == 200
    assert not fresh(draft).live
    assert fresh(out).live


def test_publish_scheduled_leaves_it_out_and_goes_on(world: World) -> None:
    page, good = article(world, "未审"), public_article(world, "审过")
    draft = page.get_latest_revision_as_object()
    past = timezone.now() - timedelta(hours=1)
    revision = draft.save_revision(user=world.writer)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=past)
    approved = good.get_latest_revision()
    Revision.objects.filter(pk=approved.pk).update(approved_go_live_at=past + timedelta(minutes=1))
    call_command("publish_scheduled")
    assert not fresh(page).live
    assert Revision.objects.get(pk=revision.pk).approved_go_live_at is None
    assert PageLogEntry.objects.filter(page=page.pk, action="publicity.unscheduled").exists()
    assert fresh(good).live, "one refusal does not keep the next page"


def test_revision_publish(world: World) -> None:
    page = article(world)
    with refusal("not_reviewed"):
        page.get_latest_revision().publish()
    assert not fresh(page).live


def test_the_publish_action(world: World, root: Person) -> None:
    page = article(world)
    with refusal("not_reviewed"):
        PublishPageRevisionAction(page.get_latest_revision(), user=root).execute()
    assert not fresh(page).live


def test_a_live_page_with_a_new_draft(world: World) -> None:
    page = public_article(world)
    draft = page.get_latest_revision_as_object()
    draft.summary = "没有审过的话。"
    revision = draft.save_revision(user=world.writer)
    with refusal("not_reviewed"):
        revision.publish()
    assert "没有审过的话。" not in Client().get(page.url).content.decode()


def test_copy(world: World, root: Person) -> None:
    page = public_article(world)
    with refusal("not_reviewed"):
        CopyPageAction(page, keep_live=True, update_attrs={"slug": "copy"}, user=root).execute()
    copy = CopyPageAction(page, keep_live=False, update_attrs={"slug": "copy"}, user=world.writer).execute()
    assert not copy.live
    assert copy.approved_hash == ""


def test_copy_through_the_page(world: World, boss: Client) -> None:
    page = public_article(world)
    data = {
        "new_title": "副本",
        "new_slug": "fu-ben",
        "new_parent_page": str(page.get_parent().pk),
        "publish_copies": "1",
    }
    boss.raise_request_exception = False
    boss.post(f"/admin/pages/{page.pk}/copy/", data)
    assert not Article.objects.filter(slug="fu-ben", live=True).exists()


def test_alias(world: World, root: Person) -> None:
    page, other = public_article(world), county("邻县")
    there = NewsIndex.objects.get(path__startswith=other.conference.section.path)
    for options in ({"update_slug": "alias"}, {"parent": there}):
        with refusal("page_is_alias"):
            CreatePageAliasAction(page, user=root, **options).execute()
    assert Article.objects.count() == 1


def test_a_bare_save(world: World) -> None:
    page = article(world)
    page.live = True
    for options in ({}, {"clean": False}, {"clean": False, "update_fields": ["live"]}):
        with refusal("not_reviewed"):
            page.save(**options)
    assert not fresh(page).live
    page = public_article(world, "已发布")
    page.summary = "悄悄改的话。"
    with refusal("not_reviewed"):
        page.save(clean=False)


def test_queryset_update_is_stopped_on_the_reading_side(world: World) -> None:
    page = article(world, "绕过的标题")
    Article.objects.filter(pk=page.pk).update(live=True)
    assert hidden(page)
    out = public_article(world, "审过的标题")
    Article.objects.filter(pk=out.pk).update(summary="库里改的话。")
    assert Client().get(out.url).status_code == 404


def test_a_moved_page_needs_reviews_again(world: World) -> None:
    page, other = public_article(world), county("邻县")
    page.move(NewsIndex.objects.get(path__startswith=other.conference.section.path), pos="last-child")
    moved = fresh(page)
    assert Client().get(moved.url).status_code == 404


def test_unpublish_leads_to_the_page_that_asks_for_a_reason(world: World, boss: Client) -> None:
    page = public_article(world)
    answer = boss.post(f"/admin/pages/{page.pk}/unpublish/")
    assert answer.status_code == 302
    assert answer["Location"].endswith("/take-down/")
    assert fresh(page).live


def test_what_was_public_is_not_deleted(world: World, boss: Client) -> None:
    page = public_article(world)
    boss.post(f"/admin/pages/{page.pk}/delete/", follow=True)
    assert Article.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("path", ["/api/v2/pages/", "/api/v3/pages/", "/admin/api/v3/pages/"])
def test_no_api_is_mounted(world: World, path: str) -> None:
    assert Client().get(path).status_code in {302, 404}
    assert Client().post(path, {}).status_code in {302, 403, 404}


def test_the_admin_api_publishes_nothing(world: World, boss: Client) -> None:
    page = article(world)
    boss.raise_request_exception = False
    for verb in ("publish", "revert_to_page_revision", "copy", "create_alias"):
        boss.post(f"/admin/api/main/pages/{page.pk}/action/{verb}/", {"revision_id": page.latest_revision_id})
    assert not Article.objects.filter(live=True).exists()


def test_an_outcome_page_cannot_be_created_by_hand(world: World, boss: Client) -> None:
    meeting = issued(world)
    page = public_outcome(world, meeting)
    index = page.get_parent()
    assert boss.get(f"/admin/pages/add/publicity/outcomepage/{index.pk}/").status_code == 302
    assert OutcomePage.objects.count() == 1


def test_pages_of_the_trees_shape_are_not_edited(world: World, boss: Client) -> None:
    section = world.conference.section
    assert boss.get(f"/admin/pages/{section.pk}/edit/").status_code == 302
