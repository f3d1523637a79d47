"""The public section of a conference: created once, updated, with its reviews and permissions."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site, Workflow

from meetings.enums import Role
from meetings.rights import role_group_name
from publicity.models import ConferenceSection, HomePage, NewsIndex, OutcomesIndex
from publicity.operations.sections import create_section, ensure_home, set_reviews
from publicity.operations.setup import prepare_installation
from tests.meetings.factories import World, yuanqu
from tests.publicity.factories import place, plain_page

pytestmark = pytest.mark.django_db


def stages(world: World) -> list[str]:
    """Return the reviews of the section, in order."""
    workflow = Workflow.objects.get(workflow_pages__page=world.conference.section)
    return [row.task.name for row in workflow.workflow_tasks.order_by("sort_order")]


def permissions(role: str, world: World) -> set[tuple[str, str]]:
    """Return the permissions of a role on the pages of the section."""
    rows = GroupPagePermission.objects.filter(group__name=role_group_name(role, world.conference))
    return {(row.page.slug, row.permission.codename) for row in rows.select_related("page", "permission")}


def files(role: str, world: World) -> set[str]:
    """Return the permissions of a role on files in the conference's collection."""
    folder = Collection.objects.get(name=world.conference.short_name)
    rows = GroupCollectionPermission.objects.filter(
        group__name=role_group_name(role, world.conference), collection=folder
    )
    return set(rows.values_list("permission__codename", flat=True))


def test_a_section_has_news_and_outcomes_and_stands_below_the_home_page() -> None:
    world = yuanqu()
    section = place(world)
    home = HomePage.objects.get()
    assert section.get_parent().specific == home
    assert (section.title, section.slug, section.live) == (world.conference.name, world.conference.slug, True)
    assert [page.slug for page in section.get_children()] == ["news", "outcomes"]
    assert NewsIndex.objects.child_of(section).count() == OutcomesIndex.objects.child_of(section).count() == 1
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk


def test_making_it_again_makes_no_second_one_and_follows_name_and_address(world: World) -> None:
    first = ConferenceSection.objects.get()
    assert create_section(world.conference, by=world.administrator) == first
    world.conference.name, world.conference.slug = "改名后的联席会议", "renamed"
    create_section(world.conference, by=world.administrator)
    section = ConferenceSection.objects.get()
    assert (section.pk, section.title, section.draft_title) == (first.pk, "改名后的联席会议", "改名后的联席会议")
    assert (section.slug, section.url_path) == ("renamed", f"{section.get_parent().url_path}renamed/")
    assert section.get_children().count() == 2


def test_a_list_that_sections_lack_is_added_by_the_upgrade(world: World) -> None:
    OutcomesIndex.objects.get().delete()
    plain_page(world, slug="outcomes")
    prepare_installation(apps.get_app_config("publicity"))
    prepare_installation(apps.get_app_config("publicity"))
    section = ConferenceSection.objects.get()
    assert [page.slug for page in section.get_children()] == ["news", "outcomes", "outcomes-1"]
    assert OutcomesIndex.objects.get().title == "议定事项"


def test_the_home_page_is_made_once() -> None:
    home = ensure_home()
    assert ensure_home() == home
    assert Page.objects.get(depth=1).title == "全部页面"
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()
    assert not Workflow.objects.filter(name="Moderators approval").exists()


def test_writers_clerks_and_administrators_have_what_they_need_and_nobody_publishes(world: World) -> None:
    slug = world.conference.slug
    assert permissions(Role.WRITER, world) == {(slug, "add_page"), ("news", "change_page"), ("outcomes", "change_page")}
    assert permissions(Role.CLERK, world) == {("outcomes", "change_page")}
    assert permissions(Role.ADMINISTRATOR, world) == set()
    both = {f"{verb}_{kind}" for verb in ("add", "change", "choose") for kind in ("image", "document")}
    assert files(Role.WRITER, world) == files(Role.CLERK, world) == both
    assert files(Role.ADMINISTRATOR, world) == {name for name in both if name.endswith("image")}


@pytest.mark.parametrize(
    ("required", "writer_is_first", "names"),
    [
        (3, False, ["一审", "二审", "三审"]),
        (3, True, ["二审", "三审"]),
        (2, False, ["一审", "二审"]),
        (2, True, ["二审"]),
        (1, False, ["一审"]),
        (1, True, ["一审"]),
    ],
)
def test_the_settings_say_how_many_reviews_there_are(
    world: World, required: int, writer_is_first: bool, names: list[str]
) -> None:
    conference = world.conference
    conference.reviews_required, conference.writer_is_first_review = required, writer_is_first
    conference.save()
    for _time in range(2):
        set_reviews(conference)
        assert stages(world) == names


def test_without_a_section_there_are_no_reviews() -> None:
    world = yuanqu()
    set_reviews(world.conference)
    assert not Workflow.objects.filter(workflow_pages__isnull=False).exists()
