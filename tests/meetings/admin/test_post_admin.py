"""Posts and departments through the administration pages: hand-over, rename, merge."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings import clock
from meetings.enums import Role, Side
from meetings.models import Department, Post
from meetings.operations.department import merge_department
from meetings.queries.people import departments
from tests.meetings.admin.forms import sent
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count
from tests.meetings.factories import (
    DepartmentFactory,
    PersonFactory,
    PostFactory,
    TenureFactory,
    World,
    chengqiao,
    yuanqu,
)
from tests.meetings.follow_up import assigned
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return yuanqu()


@pytest.fixture
def desk(world: World) -> Client:
    return at_desk(world.administrator)


def post_form(world: World, **typed: Any) -> dict[str, Any]:
    basic = {"title": "信访局联络员", "conference": world.conference.pk, "kind": "duty", "role": Role.LIAISON}
    return {**basic, "department": world.department.pk, **typed}


# --- posts -----------------------------------------------------------------------------------------------------------
def test_a_post_is_created_with_its_rights(world: World, desk: Client) -> None:
    shown = landed(sent(desk, reverse("post:add"), **post_form(world)), desk)
    assert "信访局联络员" in shown
    assert "空缺" in shown
    assert Post.objects.get(title="信访局联络员").role == Role.LIAISON


def test_a_post_is_handed_over_in_one_step(world: World, desk: Client) -> None:
    tenure, successor = world.tenures["union_head"], PersonFactory.create(name="新主席")
    url = reverse("post:succeed", args=[tenure.post_id])
    assert "景齐" in page_text(desk.get(url)), "who holds it now"
    day = clock.today()
    typed = {"successor": successor.pk, "from_date": day.isoformat(), "full_title": "县人大常委会副主任、县总工会主席"}
    shown = landed(sent(desk, url, **typed), desk)
    assert "新主席" in shown
    tenure.refresh_from_db()
    assert tenure.to_date is not None
    assert (day - tenure.to_date).days == 1
    assert successor.tenures.get().from_date == day
    assert at_desk(successor).get(reverse("topic:index")).status_code == 200
    assert "景齐" not in page(desk, "post:index_results", query="?q=总工会主席")


def test_a_hand_over_that_meets_a_later_tenure_is_refused_and_ends_nothing(world: World, desk: Client) -> None:
    tenure = world.tenures["union_head"]
    later = clock.today().replace(year=clock.today().year + 1)
    tenure.to_date = date(2025, 1, 1)
    tenure.save()
    TenureFactory.create(post=tenure.post, person=PersonFactory.create(name="后任"), from_date=later)
    typed = {"successor": world.stranger.pk, "from_date": "2024-06-01", "full_title": "代主席"}
    answer = page_text(sent(desk, reverse("post:succeed", args=[tenure.post_id]), **typed))
    assert "后任" in answer
    assert "代主席" in answer
    tenure.refresh_from_db()
    assert tenure.to_date == date(2025, 1, 1)


def test_a_vacant_post_is_filled_from_its_page(world: World, desk: Client) -> None:
    post = PostFactory.create(title="权益部经办人员", conference=world.conference, role=Role.CLERK, side=Side.UNION)
    assert "确定任职人员" in page(desk, "post:inspect", post.pk)
    url = reverse("post:succeed", args=[post.pk])
    shown = landed(sent(desk, url, successor=world.stranger.pk, from_date="2025-03-01"), desk)
    assert "局外人" in shown
    assert "交接岗位" in shown


def test_a_tenure_is_given_its_last_day(world: World, desk: Client) -> None:
    tenure = world.tenures["writer"]
    url = reverse("post:end", args=[tenure.post_id, tenure.pk])
    assert "最后一日早于起始日" in page_text(sent(desk, url, on="2019-01-01"))
    assert "已结束" in landed(sent(desk, url, on="2024-12-31"), desk)
    tenure.refresh_from_db()
    assert tenure.to_date == date(2024, 12, 31)


def test_the_tenure_of_another_post_is_not_found(world: World, desk: Client) -> None:
    tenure, other = world.tenures["writer"], world.tenures["head"]
    assert desk.get(reverse("post:end", args=[tenure.post_id, other.pk])).status_code == 404


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"role": Role.LIAISON, "department": ""}, "联络员代表一个单位"),
        ({"role": Role.CLERK, "side": ""}, "经办人员属于一个联席会议的一方"),
        ({"role": Role.CLERK, "side": Side.UNION, "conference": ""}, "经办人员属于一个联席会议的一方"),
        ({"role": Role.WRITER, "conference": ""}, "此项权限限于一个联席会议"),
    ],
)
def test_rights_without_what_they_need_are_refused_with_what_was_typed(
    world: World, desk: Client, typed: dict[str, str], message: str
) -> None:
    answer = page_text(sent(desk, reverse("post:add"), **post_form(world, **typed)))
    assert message in answer
    assert "约束" not in answer, "no name of a constraint"
    assert "信访局联络员" in answer
    assert not Post.objects.filter(title="信访局联络员").exists()


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("state=vacant", "空岗", "常务副县长"),
        ("state=filled", "常务副县长", "空岗"),
        ("role=clerk", "经办人员", "审计员"),
    ],
)
def test_posts_are_filtered(world: World, desk: Client, query: str, there: str, absent: str) -> None:
    PostFactory.create(title="空岗", conference=world.conference)
    shown = page(desk, "post:index_results", query=f"?{query}")
    assert there in shown
    assert absent not in shown


# --- departments -----------------------------------------------------------------------------------------------------
def test_a_renamed_department_is_found_by_its_former_name(world: World, desk: Client) -> None:
    old = world.department.name
    shown = landed(sent(desk, reverse("department:edit", args=[world.department.pk]), name="财政和国资局"), desk)
    assert "财政和国资局" in shown
    assert old in shown
    assert "财政和国资局" in page(desk, "department:index_results", query=f"?q={old}")
    assert Department.objects.count() == 4, "it is the same department"


def test_a_second_department_of_one_name_is_refused(world: World, desk: Client) -> None:
    answer = page_text(sent(desk, reverse("department:add"), name=world.department.name, telephone="0359-1"))
    assert world.department.name in answer
    assert "0359-1" in answer
    assert Department.objects.count() == 4


def test_a_department_is_merged_into_its_successor(world: World, desk: Client) -> None:
    assigned(world)
    url = reverse("department:merge", args=[world.department.pk])
    asked = page_text(desk.get(url))
    assert f"{world.conference.short_name}：1项未落实事项一并移交" in asked
    assert world.liaison.name in asked, "who still holds a post of it"
    shown = landed(sent(desk, url, into=world.other_department.pk), desk)
    assert "已并入" in shown
    assert world.liaison.name in shown
    assert "还没有联络员" not in shown
    assert world.other_department.name in shown
    assert "并入其他单位" not in shown.partition("办理记录")[0], "once is enough"
    assert world.other_department.inherited_ids == {world.department.pk, world.other_department.pk}
    circle = sent(desk, reverse("department:merge", args=[world.other_department.pk]), into=world.department.pk)
    assert circle.status_code == 200
    world.other_department.refresh_from_db()
    assert world.other_department.successor is None


def test_a_successor_takes_the_seats_and_one_without_a_liaison_is_told_of(world: World, desk: Client) -> None:
    new = DepartmentFactory.create(name="县发展改革和财政局")
    url = reverse("department:merge", args=[world.department.pk])
    assert "还没有联络员" in landed(sent(desk, url, into=new.pk), desk)
    assert [(row.conference, row.side) for row in new.memberships.all()] == [(world.conference, "government")]
    assert list(departments(world.conference).filter(pk__in=[world.department.pk, new.pk])) == [new]
    again = reverse("department:merge", args=[world.other_department.pk])
    assert sent(desk, again, into=world.department.pk).status_code == 200, "it was merged itself"
    with refusal("successor_was_merged") as refused:
        merge_department(world.other_department, into=world.department, by=world.administrator)
    assert new.name in refused.value.reasons[0]


def test_departments_are_filtered_by_state(world: World, desk: Client) -> None:
    world.department.successor = world.other_department
    world.department.save()
    assert world.department.name in page(desk, "department:index_results", query="?state=merged")
    assert world.department.name not in page(desk, "department:index_results", query="?state=standing")


def test_a_stale_form_of_a_department_keeps_what_was_typed(world: World, desk: Client) -> None:
    url = reverse("department:edit", args=[world.department.pk])
    opened = desk.get(url).context["form"]["version"].value()
    landed(sent(desk, url, telephone="0359-2"), desk)
    answer = page_text(sent(desk, url, telephone="0359-3", version=str(opened)))
    assert "0359-3" in answer
    assert "0359-2" in answer


# --- lists -----------------------------------------------------------------------------------------------------------
@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["post", "department"])
def test_lists_take_as_many_queries_for_three_as_for_one(world: World, desk: Client, name: str) -> None:
    chengqiao()
    counts = []
    for size in (1, 2):
        for number in range(size):
            department = DepartmentFactory.create(name=f"新局{size}{number}")
            TenureFactory.create(post=PostFactory.create(conference=world.conference, department=department))
        counts.append(query_count(desk, f"{name}:index"))
    assert counts[0] == counts[1]
