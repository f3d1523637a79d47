"""Settings of the installation: what lowers a protection, or what the public reads, takes effect by two."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupSitePermission, ModelLogEntry, Site

from meetings.enums import ChangeState, Role
from meetings.models import PendingChange, Person
from portal.login_rules import save_login_rules
from portal.models import LoginRules
from publicity.models import PublicitySettings
from publicity.operations.site_settings import save_site_settings
from tests.meetings.admin.forms import sent
from tests.meetings.admin.pages import at_desk, landed, page_text
from tests.meetings.confirming import give_password, with_records
from tests.meetings.factories import World, yuanqu
from tests.publicity.factories import place
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    found = with_records(yuanqu())
    place(found)
    give_password(found.reviewers[0])
    LoginRules.objects.create(second_factor_roles=[Role.AUDITOR, Role.HEAD_OF_GOVERNMENT])
    return found


def rules_url() -> str:
    return reverse("wagtailsettings:edit", args=["portal", "loginrules", LoginRules.objects.get().pk])


def site_url() -> str:
    PublicitySettings.for_site(Site.objects.get())
    return reverse("wagtailsettings:edit", args=["publicity", "publicitysettings", Site.objects.get().pk])


def confirm(client: Client, change: PendingChange) -> Any:
    return sent(client, reverse("pendingchange:confirm", args=[change.pk]))


def supervisor(world: World) -> Client:
    """Return a second administrator: the auditor has to bind a telephone first."""
    from tests.meetings.factories import seat

    return at_desk(give_password(seat("副管理员", role=Role.ADMINISTRATOR).person))


def test_a_role_is_added_alone_and_taken_out_by_two(world: World) -> None:
    desk, other = at_desk(world.administrator), supervisor(world)
    answer = sent(desk, rules_url(), second_factor_roles=[Role.AUDITOR, Role.CLERK])
    shown = landed(answer, desk)
    assert "尚未生效" in shown
    assert set(LoginRules.required_roles()) == {Role.AUDITOR, Role.HEAD_OF_GOVERNMENT, Role.CLERK}
    landed(confirm(other, PendingChange.objects.get()), other)
    assert set(LoginRules.required_roles()) == {Role.AUDITOR, Role.CLERK}
    logged = ModelLogEntry.objects.filter(action="portal.login_rules").latest("pk")
    assert logged.data["confirmed"] == "副管理员"


def test_a_role_that_is_added_is_saved_at_once(world: World) -> None:
    desk = at_desk(world.administrator)
    wanted = [Role.AUDITOR, Role.HEAD_OF_GOVERNMENT, Role.WRITER]
    landed(sent(desk, rules_url(), second_factor_roles=wanted), desk)
    assert set(LoginRules.required_roles()) == set(wanted)
    assert not PendingChange.objects.exists()


def test_the_operation_refuses_without_a_second_person(world: World) -> None:
    with refusal("needs_second_person"):
        save_login_rules(LoginRules.objects.get(), [Role.AUDITOR], by=world.administrator)
    settings = PublicitySettings.for_site(Site.objects.get())
    settings.title = "别的名称"
    with refusal("needs_second_person"):
        save_site_settings(settings, by=world.administrator)


@pytest.mark.parametrize("who", ["reviewer", "administrator"])
def test_a_reviewer_or_another_administrator_confirms_what_the_public_reads(world: World, who: str) -> None:
    desk = at_desk(world.administrator)
    second = at_desk(world.reviewers[0]) if who == "reviewer" else supervisor(world)
    landed(sent(desk, site_url(), title="联席会议公开", contact="0359-1"), desk)
    change = PendingChange.objects.get()
    assert PublicitySettings.objects.get().title == ""
    assert "联席会议公开" not in Client().get("/").content.decode()
    for client in (desk, at_desk(world.auditor)):
        client.post(reverse("pendingchange:confirm", args=[change.pk]), {"version": change.version})
        change.refresh_from_db()
        assert change.state == ChangeState.WAITING
    shown = page_text(second.get(reverse("pendingchange:confirm", args=[change.pk])))
    assert "联席会议公开" in shown
    landed(confirm(second, change), second)
    assert "联席会议公开" in Client().get("/").content.decode()


def test_settings_that_were_changed_meanwhile_are_not_overwritten(world: World) -> None:
    desk, second = at_desk(world.administrator), at_desk(world.reviewers[0])
    landed(sent(desk, site_url(), title="联席会议公开"), desk)
    PublicitySettings.objects.update(title="别的名称")
    landed(confirm(second, PendingChange.objects.get()), second)
    assert PendingChange.objects.get().is_waiting
    assert PublicitySettings.objects.get().title == "别的名称"


def test_without_records_settings_are_saved_at_once() -> None:
    found = yuanqu()
    desk = at_desk(found.administrator)
    landed(sent(desk, site_url(), title="联席会议公开"), desk)
    assert PublicitySettings.objects.get().title == "联席会议公开"
    assert not PendingChange.objects.exists()


def test_nobody_else_opens_the_settings(world: World) -> None:
    for person in (world.auditor, world.gov_clerk, world.writer):
        assert at_desk(Person.objects.get(pk=person.pk)).get(site_url()).status_code == 302


def test_a_stored_membership_of_a_group_gives_no_settings(world: World) -> None:
    address, group = site_url(), Group.objects.create(name="stored")
    permission = Permission.objects.get(codename="change_publicitysettings")
    GroupSitePermission.objects.create(group=group, site=Site.objects.get(), permission=permission)
    world.gov_clerk.groups.add(group)
    assert at_desk(world.gov_clerk).get(address).status_code == 302
    assert at_desk(world.administrator).get(address).status_code == 200
