"""People through the administration pages: login, password and tenures."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.enums import Role, Side
from meetings.models import Person, Post, Tenure
from meetings.operations.tenures import begin_tenure
from tests.meetings.admin.forms import row, sent
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count
from tests.meetings.factories import PersonFactory, PostFactory, TenureFactory, World, chengqiao, seat, yuanqu

pytestmark = pytest.mark.django_db
PASSWORD = "qingsong-banli-2025"
NEW = "/admin/records/person/new/"


@pytest.fixture
def world() -> World:
    return yuanqu()


@pytest.fixture
def desk(world: World) -> Client:
    return at_desk(world.administrator)


def post_of(world: World, title: str = "县总工会权益部经办人员", **values: Any) -> Post:
    options = {"conference": world.conference, "role": Role.CLERK, "side": Side.UNION, **values}
    return PostFactory.create(title=title, **options)


def code_on(answer: Any) -> str:
    """Return the one-time code that an answer shows; fail if it shows none."""
    found = re.search(r"<code[^>]*>([2-9A-Z]{4}(?:-[2-9A-Z]{4}){3})</code>", page_text(answer))
    assert found, "no code is shown"
    return found.group(1)


def edit(person: Person) -> str:
    return reverse("person:edit", args=[person.pk])


def test_login_and_tenure_in_one_form_and_a_code_that_is_shown_once(world: World, desk: Client) -> None:
    post = post_of(world)
    tenure = row("tenures", 0, post=post.pk, full_title="县总工会权益保障部部长", from_date="2025-01-06")
    answer = sent(desk, NEW, name="赵明", username="zhaoming", **tenure)
    assert code_on(answer)
    assert "no-store" in answer["Cache-Control"]
    shown = page(desk, "person:inspect", Person.objects.get(username="zhaoming").pk)
    assert "县总工会权益保障部部长" in shown
    assert "在任" in shown
    assert code_on(answer) not in shown
    held = Tenure.objects.get(person__username="zhaoming")
    assert (held.post, held.from_date, held.to_date) == (post, date(2025, 1, 6), None)


def test_a_new_person_logs_in_and_sees_what_the_post_carries(world: World, desk: Client) -> None:
    tenure = row("tenures", 0, post=post_of(world).pk, from_date="2025-01-06")
    code = code_on(sent(desk, NEW, name="赵明", username="zhaoming", **tenure))
    browser = Client()
    browser.post(reverse("wagtailadmin_login"), {"username": "zhaoming", "password": code})
    own = "own-Password-2025"
    browser.post(reverse("login_password"), {"new_password1": own, "new_password2": own})
    assert browser.get(reverse("topic:index")).status_code == 200


def test_the_title_is_that_of_the_post_where_none_is_written(world: World, desk: Client) -> None:
    post = post_of(world, order=7)
    sent(desk, NEW, name="赵明", username="zhaoming", **row("tenures", 0, post=post.pk, from_date="2025-01-06"))
    held = Tenure.objects.get(person__username="zhaoming")
    assert (held.full_title, held.order) == (post.title, 7)


def test_an_empty_row_is_no_tenure(desk: Client) -> None:
    answer = sent(desk, NEW, name="赵明", username="zhaoming", code=None)
    assert "没有任职记录" in landed(answer, desk)
    assert not Person.objects.get(username="zhaoming").has_usable_password()


def test_an_overlap_names_who_holds_the_post_until_when(world: World, desk: Client) -> None:
    held = seat("县财政局联络员二", "钱理", conference=world.conference, to_date=date(2025, 6, 30))
    tenure = row("tenures", 0, post=held.post_id, full_title="县财政局科长", from_date="2025-06-01")
    answer = page_text(sent(desk, NEW, name="赵明", username="zhaoming", **tenure))
    for expected in ("钱理", "2025年6月30日", "县财政局科长", "赵明", "zhaoming"):
        assert expected in answer
    assert not Person.objects.filter(username="zhaoming").exists()
    assert Tenure.objects.filter(post=held.post).count() == 1


def test_two_rows_for_one_post_overlap_as_well(world: World, desk: Client) -> None:
    post = post_of(world)
    rows = {
        **row("tenures", 0, post=post.pk, from_date="2025-01-06"),
        **row("tenures", 1, post=post.pk, from_date="2025-02-06"),
    }
    assert "先将该任职结束在前一日" in page_text(sent(desk, NEW, name="赵明", username="zhaoming", **rows))
    assert not Person.objects.filter(username="zhaoming").exists()


def test_a_taken_login_is_told_and_nothing_is_written(world: World, desk: Client) -> None:
    taken = sent(desk, NEW, name="赵明", username=world.gov_clerk.username)
    assert taken.status_code == 200
    assert not Person.objects.filter(name="赵明").exists()


def test_a_begun_tenure_is_ended_and_not_removed(world: World, desk: Client) -> None:
    answer = page_text(sent(desk, edit(world.gov_clerk), **{"tenures-0-DELETE": "on"}))
    assert "请填写最后一日" in answer
    assert world.gov_clerk.tenures.count() == 1
    landed(sent(desk, edit(world.gov_clerk), **{"tenures-0-to_date": "2025-01-31"}), desk)
    assert world.gov_clerk.tenures.get().to_date == date(2025, 1, 31)


def test_a_second_administrator_is_told_and_keeps_what_was_typed(world: World, desk: Client) -> None:
    opened = desk.get(edit(world.liaison)).context["form"]["version"].value()
    landed(sent(desk, edit(world.liaison), name="改名甲"), desk)
    answer = page_text(sent(desk, edit(world.liaison), name="改名乙", version=str(opened)))
    assert "改名乙" in answer
    assert "改名甲" in answer, "how it reads now"
    assert world.administrator.name in answer
    world.liaison.refresh_from_db()
    assert world.liaison.name == "改名甲"


def test_a_tenure_that_ended_meanwhile_is_not_opened_again_by_an_older_form(world: World, desk: Client) -> None:
    tenure = world.tenures["gov_clerk"]
    opened = desk.get(edit(world.gov_clerk)).context["form"]["version"].value()
    sent(desk, reverse("post:end", args=[tenure.post_id, tenure.pk]), on="2025-01-31")
    older = {"version": str(opened), "tenures-0-to_date": "", "name": "改名"}
    assert "改名" in page_text(sent(desk, edit(world.gov_clerk), **older))
    tenure.refresh_from_db()
    assert tenure.to_date == date(2025, 1, 31)


def test_turned_days_are_told_at_the_field(world: World, desk: Client) -> None:
    days = {"from_date": "2025-03-01", "to_date": "2025-02-01"}
    answer = page_text(
        sent(desk, NEW, name="赵明", username="zhaoming", **row("tenures", 0, post=post_of(world).pk, **days))
    )
    assert "最后一日早于起始日" in answer
    assert "约束" not in answer


def test_the_list_shows_who_holds_what_today(world: World, desk: Client) -> None:
    seat("前任副县长", "龚旧", conference=world.conference, to_date=date(2021, 1, 1))
    shown = page(desk, "person:index")
    assert "总工会主席" in shown
    assert "龚旧" in shown
    assert "前任副县长" not in shown
    assert "无任职" in shown


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("role=clerk", "政府办经办人员", "局外人"),
        ("active=False", "离岗者", "景齐"),
        ("active=True", "景齐", "离岗者"),
        ("q=常务副县长", "段怀", "景齐"),
        ("q=离岗", "离岗者", "景齐"),
    ],
)
def test_filters_and_search(world: World, desk: Client, query: str, there: str, absent: str) -> None:
    PersonFactory.create(name="离岗者", is_active=False)
    shown = page(desk, "person:index_results", query=f"?{query}")
    assert there in shown
    assert absent not in shown


def test_the_conference_filter_counts_tenures_of_today(world: World, desk: Client) -> None:
    other = chengqiao()
    seat("离任者", "龚旧", conference=world.conference, to_date=date(2021, 1, 1))
    shown = page(desk, "person:index_results", query=f"?conference={world.conference.pk}")
    assert "段怀" in shown
    assert "龚旧" not in shown
    assert shown.count("常务副县长") == 1, "the other conference has one too"
    assert other.gov_leader.pk != world.gov_leader.pk


def test_posts_in_other_conferences_are_neither_shown_nor_searched(world: World) -> None:
    town = chengqiao()
    here = at_desk(seat("镇管理员", role=Role.ADMINISTRATOR, conference=town.conference).person)
    person = seat("镇综治办主任", "两处任职的人", conference=town.conference).person
    begin_tenure(post_of(world, "县信访联席办主任", role=Role.NONE), person, by=None, from_date=date(2025, 1, 1))
    history = reverse("person:history", args=[person.pk])
    addresses = [reverse("person:inspect", args=[person.pk]), history]
    addresses += [reverse("person:index") + query for query in ("", "?export=csv", "?q=县信访联席办")]
    for address in addresses:
        answer = here.get(address)
        assert "县信访联席办主任" not in answer.getvalue().decode(), address
    assert "镇综治办主任" in here.get(addresses[0]).content.decode()
    assert "两处任职的人" not in here.get(addresses[-1]).content.decode()
    assert "县信访联席办主任" in page_text(at_desk(world.administrator).get(addresses[0]))


def test_deactivating_asks_first_and_names_the_tenures_that_end(world: World, desk: Client) -> None:
    url = reverse("person:deactivate", args=[world.union_clerk.pk])
    asked = page_text(desk.get(url))
    assert "总工会经办人员" in asked
    world.union_clerk.refresh_from_db()
    assert world.union_clerk.is_active, "asking changes nothing"
    session = at_desk(world.union_clerk)
    assert session.get(reverse("topic:index")).status_code == 200
    assert "已停用" in landed(sent(desk, url), desk)
    assert session.get(reverse("topic:index")).status_code == 302
    assert world.union_clerk.tenures.get().to_date is not None


def test_a_closed_login_is_opened_again_without_rights(world: World, desk: Client) -> None:
    sent(desk, reverse("person:deactivate", args=[world.union_clerk.pk]))
    assert code_on(sent(desk, reverse("person:reactivate", args=[world.union_clerk.pk])))
    assert "停用账号" in page(desk, "person:inspect", world.union_clerk.pk)
    world.union_clerk.refresh_from_db()
    assert world.union_clerk.is_active


def test_nobody_is_offered_to_deactivate_himself_or_to_delete(world: World, desk: Client) -> None:
    shown = page(desk, "person:inspect", world.administrator.pk)
    assert "停用账号" not in shown
    assert "发放一次性登录码" not in shown, "the own password is changed on the page of the own account"
    assert "delete" not in shown
    sent(desk, reverse("person:deactivate", args=[world.administrator.pk]))
    world.administrator.refresh_from_db()
    assert world.administrator.is_active


def test_a_code_replaces_the_password_and_stands_in_no_log(world: World, desk: Client) -> None:
    world.gov_clerk.set_password(PASSWORD)
    world.gov_clerk.save()
    code = code_on(sent(desk, reverse("person:login_code", args=[world.gov_clerk.pk])))
    world.gov_clerk.refresh_from_db()
    assert not world.gov_clerk.has_usable_password()
    shown = page(desk, "person:history", world.gov_clerk.pk)
    assert "发放一次性登录码" in shown
    assert code not in shown


@pytest.mark.postgresql
def test_the_list_takes_as_many_queries_for_three_as_for_one(world: World, desk: Client) -> None:
    counts = []
    for size in (1, 2):
        for _ in range(size):
            TenureFactory.create(post=post_of(world, title=f"岗位{size}"))
        counts.append(query_count(desk, "person:index"))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "path",
    [
        "records/person/delete/{pk}/",
        "records/person/copy/{pk}/",
        "bulk/meetings/person/delete/?id={pk}",
        "users/{pk}/delete/",
        "users/",
    ],
)
def test_no_door_deletes_a_person(world: World, desk: Client, path: str) -> None:
    for method in (desk.get, desk.post):
        assert method(f"/admin/{path.format(pk=world.liaison.pk)}").status_code == 404
    assert Person.objects.filter(pk=world.liaison.pk).exists()
