"""Tests that rights come from tenures on each request: admin, pages, files and permissions, also in open sessions."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permissions import policy_registry

from meetings import clock
from meetings.enums import MeetingState, Role
from meetings.models import Meeting, Minutes, Person, Resolution, Tenure, Topic
from meetings.models.catalogue import RECORDS as RECORD_MODELS
from meetings.operations.login import issue_code
from meetings.operations.people import deactivate_person
from meetings.operations.tenures import begin_tenure, end_tenure
from meetings.rights import current_groups, people_with, role_group_name
from tests.meetings.factories import PersonFactory, World, chengqiao, seat, yuanqu

pytestmark = pytest.mark.django_db
DAY = date(2025, 11, 20)
HOME = "/admin/"


@pytest.fixture
def world() -> Iterator[World]:
    """Return the world of a county on one day."""
    with clock.at(DAY):
        yield yuanqu()


def again(person: Person) -> Person:
    """Return the person as loaded by the next request."""
    return Person.objects.get(pk=person.pk)


def opens(client: Client, url: str = HOME) -> int:
    return client.get(url).status_code


def test_an_open_session_has_the_admin_while_a_tenure_runs(world: World, client: Client) -> None:
    newcomer = PersonFactory.create(name="新人")
    client.force_login(newcomer)
    assert opens(client) == 302
    post = seat("第二经办", role=Role.CLERK, conference=world.conference, side="union", to_date=DAY).post
    Tenure.objects.filter(post=post).update(to_date=DAY - timedelta(days=1))
    tenure = begin_tenure(post, newcomer, by=world.administrator, from_date=DAY + timedelta(days=1))
    assert opens(client) == 302
    with clock.at(DAY + timedelta(days=1)):
        assert opens(client) == 200
        end_tenure(tenure, by=again(world.administrator))
        assert opens(client) == 200
    with clock.at(DAY + timedelta(days=2)):
        assert opens(client) == 302


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("gov_clerk", 200),
        ("head", 200),
        ("liaison", 200),
        ("writer", 200),
        ("auditor", 200),
        ("administrator", 200),
        ("stranger", 302),
    ],
)
def test_who_enters_the_admin(world: World, client: Client, name: str, status: int) -> None:
    client.force_login(getattr(world, name))
    assert opens(client) == status


def test_a_post_without_rights_does_not_open_the_admin(world: World, client: Client) -> None:
    client.force_login(seat("局长", role=Role.NONE, conference=world.conference).person)
    assert opens(client) == 302


def test_a_deactivated_persons_open_session_ends(world: World, client: Client) -> None:
    client.force_login(world.gov_clerk)
    assert opens(client) == 200
    deactivate_person(again(world.gov_clerk), by=world.administrator)
    response = client.get(HOME)
    assert (response.status_code, "login" in response["Location"]) == (302, True)


def test_a_one_time_code_ends_the_sessions(world: World, client: Client) -> None:
    client.force_login(world.gov_clerk)
    issue_code(again(world.gov_clerk), by=world.administrator, shown_to=world.administrator)
    assert opens(client) == 302


def test_what_is_stored_on_a_person_counts_for_nothing(world: World) -> None:
    person = again(world.stranger)
    person.user_permissions.add(*Permission.objects.filter(codename="access_admin"))
    group = Group.objects.create(name="某组")
    group.permissions.set(Permission.objects.all()[:5])
    person.groups.add(group)
    assert again(person).get_all_permissions() == set()


def test_bundles_follow_role_and_conference(world: World) -> None:
    town = chengqiao()
    for role in (Role.WRITER, Role.CLERK):
        for conference in (None, world.conference, town.conference):
            Group.objects.create(name=role_group_name(role, conference))
    held = {group.name for group in current_groups(world.writer)}
    assert held == {role_group_name(Role.WRITER), role_group_name(Role.WRITER, world.conference)}
    assert not current_groups(AnonymousUser()).exists()
    mine = Group.objects.filter(name=role_group_name(Role.WRITER, world.conference))
    assert list(people_with(mine)) == [world.writer]
    assert set(people_with(Group.objects.filter(name=role_group_name(Role.WRITER)))) == {world.writer, town.writer}
    assert not people_with(Group.objects.filter(name__startswith="某")).exists()


def section(name: str, group: Group, *codenames: str) -> Page:
    """Return a page below the root on which a bundle has permissions."""
    page: Page = Page.get_first_root_node().add_child(instance=Page(title=name, slug=name))
    for codename in codenames:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    return page


def test_pages_of_the_own_section_while_the_tenure_runs(world: World) -> None:
    town = chengqiao()
    pages = {
        name: section(name, Group.objects.create(name=role_group_name(Role.WRITER, place.conference)), "add_page")
        for name, place in (("county", world), ("town", town))
    }
    policy: Any = policy_registry.get_by_type(Page)

    def adds(person: Person) -> set[str]:
        person = again(person)
        return {name for name, page in pages.items() if policy.user_has_permission_for_instance(person, "add", page)}

    assert adds(world.writer) == {"county"}
    assert adds(town.writer) == {"town"}
    assert adds(world.gov_clerk) == set()
    assert set(policy.users_with_any_permission({"add"}, include_superusers=False)) == {world.writer, town.writer}
    founder = Person.objects.create_superuser(username="root", name="服务器")
    assert set(policy.users_with_any_permission({"change"})) == {world.writer, town.writer, founder}
    own = Page(title="稿", slug="draft", owner=world.writer)
    pages["county"].add_child(instance=own)
    may_change = policy.users_with_any_permission_for_instance({"change"}, own, include_superusers=False)
    assert list(may_change) == [world.writer]
    assert set(policy.users_with_any_permission_for_instance({"change"}, own)) == {world.writer, founder}
    assert policy.explorable_instances(again(world.writer)).filter(pk=own.pk).exists()
    with clock.at(DAY + timedelta(days=1)):
        Tenure.objects.filter(person=world.writer).update(to_date=DAY)
        assert adds(world.writer) == set()
        assert not policy.users_with_any_permission_for_instance({"add"}, own, include_superusers=False).filter(
            pk=world.writer.pk
        )


@pytest.mark.parametrize("model", [get_image_model, get_document_model])
def test_files_of_the_own_section_while_the_tenure_runs(world: World, model: Callable[[], Any]) -> None:
    kind = model()
    policy: Any = policy_registry.get_by_type(kind)
    folder = Collection.get_first_root_node().add_child(name="县")
    group = Group.objects.create(name=role_group_name(Role.WRITER, world.conference))
    auth = policy.auth_model._meta
    permission = Permission.objects.get(content_type__app_label=auth.app_label, codename=f"add_{auth.model_name}")
    GroupCollectionPermission.objects.create(group=group, collection=folder, permission=permission)
    assert policy.user_has_permission(again(world.writer), "add")
    assert not policy.user_has_permission(again(world.reviewers[0]), "add")
    assert list(policy.collections_user_has_permission_for(again(world.writer), "add")) == [folder]
    adding = policy.users_with_any_permission({"add"})
    assert world.writer in adding
    assert world.reviewers[0] not in adding
    with clock.at(DAY + timedelta(days=1)):
        Tenure.objects.filter(person=world.writer).update(to_date=DAY)
        assert not policy.user_has_permission(again(world.writer), "add")


def test_records_are_deleted_by_nobody_and_a_superuser_is_nobody(world: World) -> None:
    founder = Person.objects.create_superuser(username="root", name="服务器")
    topic = world.topic()
    for person in (founder, world.gov_clerk, world.administrator, world.auditor):
        for model in RECORD_MODELS:
            policy = policy_registry.get_by_type(model)
            assert not policy.user_has_permission(person, "delete")
            assert not policy.instances_user_has_permission_for(person, "delete").exists()
    policy = policy_registry.get_by_type(Topic)
    for action in ("view", "change", "add"):
        assert not policy.user_has_permission(founder, action)
        assert not policy.user_has_permission_for_instance(founder, action, topic)


def test_who_is_offered_to_add_and_change(world: World) -> None:
    topic = world.topic()
    meeting = Meeting.objects.create(
        conference=world.conference, adoption=world.adoption, title="例会", time=clock.now(), state=MeetingState.PLANNED
    )

    def offered(model: type, action: str) -> set[str]:
        policy = policy_registry.get_by_type(model)
        names = ("gov_clerk", "union_clerk", "head", "liaison", "other_liaison", "administrator", "auditor", "writer")
        return {name for name in names if policy.user_has_permission(again(getattr(world, name)), action)}

    def changes(record: Any) -> set[str]:
        policy = policy_registry.get_by_type(type(record))
        names = ("gov_clerk", "union_clerk", "head", "liaison", "other_liaison", "administrator", "auditor", "writer")
        return {
            name
            for name in names
            if policy.user_has_permission_for_instance(again(getattr(world, name)), "change", record)
        }

    assert offered(Topic, "add") == {"gov_clerk", "union_clerk", "liaison", "other_liaison"}
    assert offered(Meeting, "add") == {"gov_clerk", "union_clerk"}
    assert offered(Minutes, "add") == offered(Resolution, "add") == set()
    assert offered(Person, "add") == offered(Tenure, "add") == {"administrator"}
    assert offered(Person, "delete") == set()
    assert changes(topic) == {"union_clerk", "liaison"}
    assert changes(meeting) == {"gov_clerk", "union_clerk"}
    assert changes(world.stranger) == {"administrator"}
    Topic.objects.filter(pk=topic.pk).update(state="submitted")
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.HELD)
    topic.refresh_from_db()
    meeting.refresh_from_db()
    assert changes(topic) == changes(meeting) == set()


@pytest.mark.parametrize("name", ["administrator", "gov_clerk", "auditor"])
def test_the_stock_pages_for_users_and_groups_lead_nowhere(world: World, client: Client, name: str) -> None:
    client.force_login(getattr(world, name))
    person = world.stranger.pk
    for url in ("/admin/users/", "/admin/users/new/", f"/admin/users/edit/{person}/", "/admin/groups/"):
        assert client.get(url).status_code == 404
    for action in ("delete", "set_active_state", "assign_role"):
        response = client.post(f"/admin/bulk/meetings/person/{action}/?id={person}", {"mark_as_active": "False"})
        assert response.status_code == 404
    stored = again(world.stranger)
    assert stored.is_active
    assert not stored.groups.exists()


def test_the_account_page_still_works(world: World, client: Client) -> None:
    client.force_login(world.gov_clerk)
    assert client.get(reverse("wagtailadmin_account")).status_code == 200
