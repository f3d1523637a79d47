"""Administration pages are for administrators only, and an administrator of one conference stays within it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.admin.administration.viewsets import ADMINISTRATION_VIEWSETS
from meetings.enums import Role
from meetings.models import Department, LeadingGroup, Membership, Person, Post, Regulation
from tests.meetings.admin.forms import fields, row, sent
from tests.meetings.admin.pages import at_desk, landed, page, page_text
from tests.meetings.factories import PersonFactory, World, chengqiao, regulation, seat, yuanqu

pytestmark = pytest.mark.django_db
VIEWSETS = [viewset() for viewset in ADMINISTRATION_VIEWSETS]
KINDS = [viewset.url_namespace for viewset in VIEWSETS]
OTHER = {"kind": "notice"}  # URL parameters that are no pks
OPEN = {"text"}  # everybody who sees records of a conference may read the text of its regulation


def rows(world: World) -> dict[str, Any]:
    """Return one object of each administered model by the name of its viewset."""
    return {
        "person": world.liaison,
        "post": world.tenures["liaison"].post,
        "department": world.department,
        "jointconference": world.conference,
        "leadinggroup": LeadingGroup.objects.get_or_create(
            conference=world.conference, kind="leading", defaults={"name": "领导小组"}
        )[0],
        "regulation": Regulation.objects.filter(adoptions=None).first() or regulation("Y", "未适用的制度"),
        "regulationadoption": world.adoption,
    }


def addresses(world: World) -> list[str]:
    """Return the URLs of every list, form, page and operation."""
    found, part = rows(world), world.tenures["liaison"].pk
    return [
        reverse(
            f"{viewset.url_namespace}:{pattern.name}",
            kwargs={
                name: found[viewset.url_namespace].pk if name == "pk" else OTHER.get(name, part)
                for name in pattern.pattern.converters
            },
        )
        for viewset in VIEWSETS
        for pattern in viewset.get_urlpatterns()
        if pattern.name not in OPEN
    ]


@pytest.mark.slow
def test_an_administrator_opens_every_address() -> None:
    world = yuanqu()
    desk = at_desk(world.administrator)
    found = addresses(world)
    assert len(found) > 45
    for url in found:
        assert desk.get(url).status_code == 200, url


@pytest.mark.parametrize("who", ["gov_clerk", "union_clerk", "head", "liaison", "writer", "auditor", "stranger"])
def test_nobody_else_opens_any(who: str) -> None:
    world = yuanqu()
    browser = at_desk(getattr(world, who))
    for url in addresses(world):
        for response in (browser.get(url), browser.post(url, {"name": "改", "title": "改", "password": "x" * 12})):
            assert response.status_code in {302, 403, 404}, f"{who} {url}"
            assert not response.get("Location", "").startswith("/admin/records/")
    assert not Person.objects.filter(name="改").exists()
    assert not Department.objects.filter(name="改").exists()


def test_staff_of_another_conference_and_the_public_open_none() -> None:
    world = yuanqu()
    for browser in (at_desk(chengqiao().union_clerk), Client()):
        for url in addresses(world):
            assert browser.get(url).status_code in {302, 404}, url


def test_only_administrators_find_the_menu_items() -> None:
    world = yuanqu()
    links = [reverse(f"{kind}:index") for kind in KINDS]
    home = page(at_desk(world.administrator), "wagtailadmin_home")
    assert all(link in home for link in links)
    for person in (world.gov_clerk, world.head, world.liaison, world.auditor):
        shown = page(at_desk(person), "wagtailadmin_home")
        assert not any(re.search(rf'{link}["&]', shown) for link in links)


def test_nothing_of_what_is_kept_is_deleted_or_copied() -> None:
    names = {pattern.name for viewset in VIEWSETS for pattern in viewset.get_urlpatterns()}
    assert not names & {"delete", "copy", "usage", "reorder"}


# --- an administrator of one conference ------------------------------------------------------------------------------
@pytest.fixture
def own() -> World:
    return yuanqu()


@pytest.fixture
def local(own: World) -> Client:
    return at_desk(seat("本级管理员", "管知", conference=own.conference, role=Role.ADMINISTRATOR).person)


def test_lists_hold_the_own_conference_alone(own: World, local: Client) -> None:
    other = chengqiao()
    for kind in ("person", "post", "leadinggroup", "regulationadoption", "jointconference"):
        shown = page(local, f"{kind}:index")
        assert other.conference.short_name not in shown, kind
    assert local.get(reverse("person:inspect", args=[other.liaison.pk])).status_code == 404
    assert local.get(reverse("post:edit", args=[other.tenures["head"].post_id])).status_code == 404


def test_what_is_common_to_all_is_read_and_not_changed(own: World, local: Client) -> None:
    other = chengqiao()
    for department in (other.department, own.other_department):
        Membership.objects.get_or_create(conference=other.conference, department=department)
        assert department.name in page(local, "department:index")
        shown = page(local, "department:inspect", department.pk)
        assert other.liaison.name not in shown, "posts of the other conference are not shown"
        for name in ("edit", "merge"):
            url = reverse(f"department:{name}", args=[department.pk])
            assert url not in shown
            assert local.get(url).status_code == 302, url
    for url in (reverse("regulation:add"), reverse("jointconference:add")):
        assert local.get(url).status_code == 302, url


def test_departments_of_the_own_conference_are_kept_there(own: World, local: Client) -> None:
    other = chengqiao()
    shown = page(local, "department:inspect", own.department.pk)
    merge = reverse("department:merge", args=[own.department.pk])
    assert reverse("department:edit", args=[own.department.pk]) in shown
    assert merge in shown
    landed(sent(local, reverse("department:edit", args=[own.department.pk]), name="财政和国资局"), local)
    landed(sent(local, reverse("department:add"), name="新办公室", side="neither"), local)
    new = Department.objects.get(name="新办公室")
    assert [(row.conference, row.side) for row in new.memberships.all()] == [(own.conference, "neither")]
    offered = set(local.get(merge).context["form"].fields["into"].queryset)
    assert offered == {own.government_office, own.union_office, own.other_department, new}
    assert sent(local, merge, into=other.department.pk).status_code == 200, "a department of another conference"
    landed(sent(local, merge, into=new.pk), local)
    assert Department.objects.get(pk=own.department.pk).successor == new


def test_the_form_of_the_conference_offers_departments_of_the_own_one(own: World, local: Client) -> None:
    other = chengqiao()
    url = reverse("jointconference:edit", args=[own.conference.pk])
    opened = local.get(url)
    assert other.department.name not in page_text(opened)
    assert "由负责全部联席会议的管理员" in page_text(opened)
    data = fields(opened.context["form"])
    data |= {f"members-{row.department_id}": row.side for row in own.conference.memberships.all()}
    answer = page_text(local.post(url, {**data, f"members-{other.department.pk}": "government"}))
    assert f"{other.department.name}：还属于其他联席会议" in answer
    assert not own.conference.memberships.filter(department=other.department).exists()
    landed(local.post(url, data), local)


def test_a_post_with_a_department_of_another_conference_is_refused_in_the_form(own: World, local: Client) -> None:
    other = chengqiao()
    typed = {"title": "外单位联络员", "conference": own.conference.pk, "kind": "duty", "role": Role.LIAISON}
    answer = page_text(sent(local, reverse("post:add"), **typed, department=other.department.pk))
    assert "外单位联络员" in answer
    desk = at_desk(own.administrator)
    answer = page_text(sent(desk, reverse("post:add"), **typed, department=other.department.pk))
    assert f"{other.department.name}不是{own.conference.short_name}联席会议的成员单位" in answer
    assert not Post.objects.filter(title="外单位联络员").exists()


def test_who_holds_a_post_elsewhere_is_not_changed(own: World, local: Client) -> None:
    seat("镇职务", conference=chengqiao().conference, person=own.liaison)
    assert local.get(reverse("person:edit", args=[own.liaison.pk])).status_code == 302
    assert local.get(reverse("person:login_code", args=[own.liaison.pk])).status_code == 302
    assert local.get(reverse("person:edit", args=[own.writer.pk])).status_code == 200


def test_a_new_person_is_named_with_a_post_of_the_own_conference(own: World, local: Client) -> None:
    new, foreign = reverse("person:add"), chengqiao().tenures["writer"].post
    assert "请至少填写一个岗位" in page_text(sent(local, new, name="赵明", username="zhaoming"))
    refused = sent(
        local, new, name="赵明", username="zhaoming", **row("tenures", 0, post=foreign.pk, from_date="2035-01-01")
    )
    assert refused.status_code == 200
    assert not Person.objects.filter(username="zhaoming").exists()
    vacant = Post.objects.create(title="空岗", conference=own.conference)
    tenure = row("tenures", 0, post=vacant.pk, from_date="2025-01-01")
    landed(sent(local, new, name="赵明", username="zhaoming", code=None, **tenure), local)


def test_the_first_administrator_is_made_by_whoever_runs_the_server() -> None:
    founder = PersonFactory.create(username="root", is_superuser=True)
    desk = at_desk(founder)
    landed(sent(desk, reverse("post:add"), title="系统管理员", kind="duty", role=Role.ADMINISTRATOR), desk)
    post = Post.objects.get(title="系统管理员")
    tenure = row("tenures", 0, post=post.pk, from_date="2025-01-01")
    assert "有效至" in page_text(sent(desk, reverse("person:add"), name="司维安", username="weian", **tenure))
    assert desk.get(reverse("person:index")).status_code == 302, "from now on the administrator does it"
    assert at_desk(Person.objects.get(username="weian")).get(reverse("person:index")).status_code == 200
