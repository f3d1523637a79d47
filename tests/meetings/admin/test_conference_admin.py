"""Conferences and groups through the administration pages (`Y 3(2)(3)`, `C 3`)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.enums import GroupKind, SeatKind, Side
from meetings.models import GroupSeat, JointConference, LeadingGroup, Membership, Tenure
from meetings.operations.conference import save_conference
from tests.meetings.admin.forms import row, sent
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count
from tests.meetings.factories import ConferenceFactory, DepartmentFactory, PostFactory, World, chengqiao, yuanqu
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return yuanqu()


@pytest.fixture
def desk(world: World) -> Client:
    return at_desk(world.administrator)


def edit(conference: JointConference) -> str:
    return reverse("jointconference:edit", args=[conference.pk])


NEW: dict[str, Any] = {
    "name": "绛县人民政府与绛县总工会联席会议",
    "short_name": "绛县",
    "slug": "jiangxian",
    "level": "county",
    "government_side": "绛县人民政府",
    "union_side": "绛县总工会",
    "reviews_required": "2",
}


# --- conferences -----------------------------------------------------------------------------------------------------
def test_a_conference_is_created_with_its_members(world: World, desk: Client) -> None:
    members = {f"members-{world.department.pk}": Side.GOVERNMENT, f"members-{world.union_office.pk}": Side.UNION}
    shown = landed(sent(desk, reverse("jointconference:add"), **NEW, **members), desk)
    assert "绛县总工会" in shown
    conference = JointConference.objects.get(slug="jiangxian")
    assert conference.reviews_required == 2
    assert dict(conference.memberships.values_list("department", "side")) == {
        world.department.pk: Side.GOVERNMENT,
        world.union_office.pk: Side.UNION,
    }


def test_an_address_of_the_portal_is_refused_and_what_was_typed_stays(desk: Client) -> None:
    response = sent(desk, reverse("jointconference:add"), **{**NEW, "slug": "reading"})
    answer = page_text(response)
    assert "网址“reading”由系统使用" in response.context["form"].errors["slug"][0]
    assert NEW["name"] in answer
    assert not JointConference.objects.filter(short_name=NEW["short_name"]).exists()


def test_a_conference_stands_not_above_itself(world: World, desk: Client) -> None:
    below = ConferenceFactory.create(parent=world.conference)
    answer = page_text(sent(desk, edit(world.conference), parent=below.pk))
    assert "已是本联席会议的下级" in answer
    with refusal("conference_above_itself"):
        world.conference.parent = below
        save_conference(world.conference, by=world.administrator)


def test_a_wrong_official_name_is_refused_and_the_right_one_shown(world: World, desk: Client) -> None:
    right = world.conference.name
    answer = page_text(sent(desk, edit(world.conference), name="县政府和工会联席会"))
    assert f"请写为：{right}" in answer
    assert "县政府和工会联席会" in answer, "what was typed stays"
    world.conference.refresh_from_db()
    assert world.conference.name == right


def test_a_town_is_free_in_its_name(desk: Client) -> None:
    town = chengqiao()
    landed(sent(desk, edit(town.conference), **members_of(town.conference), name="城桥镇政府与工会联席会议"), desk)
    town.conference.refresh_from_db()
    assert town.conference.name == "城桥镇政府与工会联席会议"


def test_sections_and_staff_of_both_sides_stand_on_the_page(world: World, desk: Client) -> None:
    shown = page(desk, "jointconference:inspect", world.conference.pk)
    assert "尚未明确负责科室" in shown
    typed = {"government_section": "综合科", "union_section": "权益保障部"}
    shown = landed(sent(desk, edit(world.conference), **members_of(world.conference), **typed), desk)
    for expected in ("综合科", "权益保障部", "政府办经办人员", "总工会经办人员", "三（二）", "垣政办发〔2024〕19号"):
        assert expected in shown
    assert "尚未明确负责科室" not in shown


def test_members_are_changed_and_left_out(world: World, desk: Client) -> None:
    typed = members_of(world.conference)
    typed |= {f"members-{world.department.pk}": "", f"members-{world.other_department.pk}": Side.NEITHER}
    answer = page_text(sent(desk, edit(world.conference), **typed))
    assert f"{world.department}暂不能移出：{world.liaison}还担任" in answer
    Tenure.objects.filter(post__department=world.department).update(to_date=date(2024, 1, 1))
    landed(sent(desk, edit(world.conference), **typed), desk)
    members = dict(world.conference.memberships.values_list("department", "side"))
    assert world.department.pk not in members
    assert members[world.other_department.pk] == Side.NEITHER
    assert members[world.union_office.pk] == Side.UNION


def members_of(conference: JointConference) -> dict[str, str]:
    """Return the stored choices of member departments."""
    return {f"members-{row.department_id}": row.side for row in conference.memberships.all()}


def test_a_member_that_does_not_exist_is_refused(world: World, desk: Client) -> None:
    answer = page_text(sent(desk, edit(world.conference), **{"members-99999": Side.UNION, "short_name": "县某改"}))
    assert "请从列表中选择单位和所属方" in answer
    assert "县某改" in answer
    assert Membership.objects.filter(conference=world.conference).count() == 4


def test_the_public_address_is_fixed_once_it_is_used(world: World, desk: Client) -> None:
    slug = world.conference.slug
    landed(sent(desk, edit(world.conference), **members_of(world.conference), slug="elsewhere"), desk)
    world.conference.refresh_from_db()
    assert world.conference.slug == slug


def test_a_stale_form_keeps_what_was_typed(world: World, desk: Client) -> None:
    opened = desk.get(edit(world.conference)).context["form"]["version"].value()
    landed(sent(desk, edit(world.conference), **members_of(world.conference), government_section="综合科"), desk)
    answer = page_text(sent(desk, edit(world.conference), government_section="督查室", version=str(opened)))
    assert "督查室" in answer
    assert "综合科" in answer


# --- groups ----------------------------------------------------------------------------------------------------------
def test_a_group_with_its_seats_in_one_form(world: World, desk: Client) -> None:
    head, member = world.tenures["head"].post, world.tenures["union_head"].post
    seats = {
        **row("seats", 0, post=head.pk, kind=SeatKind.HEAD, order=0),
        **row("seats", 1, post=member.pk, kind=SeatKind.MEMBER, order=1),
    }
    typed = {"conference": world.conference.pk, "kind": GroupKind.LEADING, "name": "联席会议领导小组"}
    shown = landed(sent(desk, reverse("leadinggroup:add"), **typed, **seats), desk)
    assert shown.index("韩正") < shown.index("景齐")
    assert LeadingGroup.objects.get(name="联席会议领导小组").seats.count() == 2


def test_a_post_sits_once_in_a_group(desk: Client) -> None:
    town = chengqiao()
    group = LeadingGroup.objects.get(conference=town.conference)
    post = town.tenures["union_head"].post
    again = row("seats", 2, post=post.pk, kind=SeatKind.MEMBER, order=5)
    assert sent(desk, reverse("leadinggroup:edit", args=[group.pk]), name="改名", **again).status_code == 200
    assert group.seats.count() == 2
    group.refresh_from_db()
    assert group.name != "改名"


def test_a_successor_sits_where_the_post_sits(desk: Client) -> None:
    town = chengqiao()
    group = LeadingGroup.objects.get(conference=town.conference)
    assert "景齐" in page(desk, "leadinggroup:inspect", group.pk)
    url = reverse("post:succeed", args=[town.tenures["union_head"].post_id])
    sent(desk, url, successor=town.stranger.pk)
    shown = page(desk, "leadinggroup:inspect", group.pk).partition("办理记录")[0]
    assert "局外人" in shown
    assert "景齐" not in shown
    assert "局外人" in page(desk, "leadinggroup:index")


def test_seats_are_posts_of_the_groups_conference(world: World, desk: Client) -> None:
    group = LeadingGroup.objects.get(conference=chengqiao().conference)
    foreign = row("seats", 2, post=world.tenures["head"].post_id, kind=SeatKind.MEMBER, order=5)
    assert sent(desk, reverse("leadinggroup:edit", args=[group.pk]), **foreign).status_code == 200
    assert group.seats.count() == 2


# --- lists -----------------------------------------------------------------------------------------------------------
@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["jointconference", "leadinggroup"])
def test_lists_take_as_many_queries_for_three_as_for_one(world: World, desk: Client, name: str) -> None:
    counts = []
    for size in (1, 2):
        for _ in range(size):
            place = ConferenceFactory.create()
            Membership.objects.create(conference=place, department=DepartmentFactory.create(), side=Side.UNION)
            group = LeadingGroup.objects.create(conference=place, kind=GroupKind.LEADING, name=f"{place}小组")
            GroupSeat.objects.create(group=group, post=PostFactory.create(conference=place), kind=SeatKind.HEAD)
        counts.append(query_count(desk, f"{name}:index"))
    assert counts[0] == counts[1]
