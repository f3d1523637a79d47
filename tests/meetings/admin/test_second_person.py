"""What administrators submit and a second person confirms, through the pages."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import clock
from meetings.enums import AccessKind, ChangeState, GroupKind, Role, SeatKind, Side
from meetings.models import AccessEntry, GroupSeat, LeadingGroup, LoginCode, PendingChange, Person, Post, Tenure
from meetings.operations.login import begin_device
from meetings.operations.tenures import end_tenure
from tests.meetings.admin.forms import row, sent
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count
from tests.meetings.admin.test_conference_admin import members_of
from tests.meetings.admin.test_people_admin import code_on
from tests.meetings.confirming import give_password, with_records
from tests.meetings.factories import PersonFactory, PostFactory, World, chengqiao, seat, yuanqu

pytestmark = pytest.mark.django_db
NEW = reverse("person:add")
LOGIN, PASSWORD = reverse("wagtailadmin_login"), reverse("login_password")


@pytest.fixture
def world() -> World:
    """A county with records, where the leaders have passwords of their own."""
    found = with_records(yuanqu())
    give_password(found.head)
    return found


@pytest.fixture
def desk(world: World) -> Client:
    return at_desk(world.administrator)


@pytest.fixture
def auditor(world: World) -> Client:
    return at_desk(world.auditor)


def only_change() -> PendingChange:
    return PendingChange.objects.get()


def url(name: str, change: PendingChange) -> str:
    return reverse(f"pendingchange:{name}", args=[change.pk])


def decide(client: Client, name: str, change: PendingChange, **typed: Any) -> Any:
    """Open the page of a decision and send its form."""
    return sent(client, url(name, change), **typed)


def submitted(answer: Any, client: Client) -> PendingChange:
    """Return the request to which an answer leads; its page says that nothing is in force yet."""
    shown = landed(answer, client)
    assert "尚未生效" in shown
    assert "待复核" in shown
    return only_change()


def vacant(world: World, role: str = Role.UNION_LEADER) -> Post:
    post: Post = PostFactory.create(title="新设岗位", conference=world.conference, role=role, side=Side.UNION)
    return post


# --- the account of a leader -----------------------------------------------------------------------------------------
def test_the_account_of_a_leader_is_taken_over_by_nobody_alone(world: World, desk: Client, auditor: Client) -> None:
    address = reverse("person:login_code", args=[world.head.pk])
    assert "任何人不能独自接管" in page_text(desk.get(address))
    change = submitted(sent(desk, address, note="本人电话 1234"), desk)
    world.head.refresh_from_db()
    assert world.head.has_usable_password()
    for name in ("confirm", "put_in_force"):
        assert desk.post(url(name, change), {"version": change.version}).status_code in {302, 200}
    change.refresh_from_db()
    assert change.state == ChangeState.WAITING
    session = at_desk(world.head)
    asked = page_text(auditor.get(url("confirm", change)))
    for told in (world.head.username, world.administrator.username, "本人电话 1234", "请先打电话"):
        assert told in asked
    code = code_on(decide(auditor, "confirm", change))
    assert session.get("/admin/").status_code == 302
    assert code not in page_text(desk.get(url("inspect", change)))
    assert code not in page_text(auditor.get(url("inspect", change)))
    browser = Client()
    browser.post(LOGIN, {"username": world.head.username, "password": code})
    own = "my-own-Password-2027"
    assert browser.post(PASSWORD, {"new_password1": own, "new_password2": own}).status_code == 302
    assert browser.get(reverse("topic:index")).status_code == 200
    assert LoginCode.objects.get().shown_to == world.auditor


def test_the_first_code_of_a_new_clerk_is_read_by_the_second_person(
    world: World, desk: Client, auditor: Client
) -> None:
    post = vacant(world, Role.CLERK)
    change = submitted(
        sent(desk, NEW, name="赵明", username="zhaoming", **row("tenures", 0, post=post.pk, from_date="2025-01-06")),
        desk,
    )
    assert post.tenures.get().person.name == "赵明"
    code = code_on(decide(auditor, "confirm", change))
    browser = Client()
    browser.post(LOGIN, {"username": "zhaoming", "password": code})
    assert browser.get(PASSWORD).status_code == 200


def test_a_new_writer_gets_the_first_code_from_the_administrator(world: World, desk: Client) -> None:
    post = vacant(world, Role.WRITER)
    code = code_on(
        sent(desk, NEW, name="赵明", username="zhaoming", **row("tenures", 0, post=post.pk, from_date="2025-01-06"))
    )
    assert Client().post(LOGIN, {"username": "zhaoming", "password": code}).status_code == 302


@pytest.mark.parametrize("name", ["reset_device", "reactivate"])
def test_neither_the_telephone_nor_the_closed_account_of_a_leader_is_touched_alone(
    world: World, desk: Client, auditor: Client, name: str
) -> None:
    begin_device(world.head)
    world.head.totpdevice_set.update(confirmed=True)
    Person.objects.filter(pk=world.head.pk).update(is_active=name != "reactivate")
    change = submitted(sent(desk, reverse(f"person:{name}", args=[world.head.pk])), desk)
    assert world.head.totpdevice_set.exists()
    decide(auditor, "confirm", change)
    world.head.refresh_from_db()
    assert world.head.is_active
    assert world.head.totpdevice_set.exists() is (name == "reactivate")


def test_a_reactivated_leader_gets_no_old_password_back(world: World, desk: Client, auditor: Client) -> None:
    Person.objects.filter(pk=world.head.pk).update(is_active=False)
    change = submitted(sent(desk, reverse("person:reactivate", args=[world.head.pk])), desk)
    assert code_on(decide(auditor, "confirm", change))
    world.head.refresh_from_db()
    assert not world.head.has_usable_password()


# --- tenures, posts, groups, conferences -----------------------------------------------------------------------------
def test_a_form_saves_what_one_may_do_and_submits_the_rest(world: World, desk: Client, auditor: Client) -> None:
    leader, clerk = vacant(world), vacant(world, Role.CLERK)
    typed = row("tenures", 0, post=clerk.pk, from_date="2025-01-06") | row(
        "tenures", 1, post=leader.pk, from_date="2025-01-06"
    )
    answer = sent(desk, NEW, name="赵明", username="zhaoming", **typed)
    shown = landed(answer, desk)
    assert "“赵明”" in shown, "what was saved is said too"
    person = Person.objects.get(username="zhaoming")
    assert [held.post for held in person.tenures.all()] == [clerk]
    change = only_change()
    assert [act["kind"] for act in change.acts] == ["tenure", "login_code"]
    assert not LoginCode.objects.exists(), "the code waits with the rest: nobody but the second person reads it"
    assert change.title in page(desk, "person:inspect", person.pk)
    assert change.title in page(desk, "post:inspect", leader.pk)
    assert code_on(decide(auditor, "confirm", change))
    assert {held.post for held in person.tenures.all()} == {clerk, leader}
    assert "待复核" not in page(desk, "person:inspect", person.pk).partition("<main")[2]


def test_a_hand_over_of_a_leader_waits(world: World, desk: Client, auditor: Client) -> None:
    post, successor = world.tenures["head"].post, PersonFactory.create(name="新县长")
    day = clock.today()
    typed = {"successor": str(successor.pk), "from_date": day.isoformat(), "note": "人大任命"}
    change = submitted(sent(desk, reverse("post:succeed", args=[post.pk]), **typed), desk)
    assert not successor.tenures.exists()
    asked = page_text(auditor.get(url("confirm", change)))
    assert "韩正" in asked
    assert "新县长" in asked
    landed(decide(auditor, "confirm", change), auditor)
    assert successor.tenures.get().from_date == day
    assert world.tenures["head"].post.tenures.get(person=world.head).to_date == day - timedelta(days=1)


def test_a_hand_over_of_a_clerk_does_not_wait_and_the_auditor_sees_it(
    world: World, desk: Client, auditor: Client
) -> None:
    post = world.tenures["gov_clerk"].post
    typed = {"successor": str(world.stranger.pk), "from_date": clock.today().isoformat()}
    landed(sent(desk, reverse("post:succeed", args=[post.pk]), **typed), desk)
    assert world.stranger.tenures.exists()
    assert not PendingChange.objects.exists()
    assert "局外人" in page(auditor, "wagtailadmin_home")


def test_the_end_of_a_leader_is_put_off_by_two(world: World, desk: Client) -> None:
    held = world.tenures["head"]
    Tenure.objects.filter(pk=held.pk).update(to_date=date(2034, 1, 1))
    address = reverse("post:end", args=[held.post_id, held.pk])
    submitted(sent(desk, address, on="2035-01-01"), desk)
    landed(sent(desk, address, on="2033-01-01"), desk)
    held.refresh_from_db()
    assert held.to_date == date(2033, 1, 1)


def test_rights_of_a_held_post_wait_and_its_name_does_not(world: World, desk: Client, auditor: Client) -> None:
    post = seat("科员", "钱理", conference=world.conference).post
    answer = sent(desk, reverse("post:edit", args=[post.pk]), title="审核科科员", role=Role.REVIEWER)
    change = submitted(answer, desk)
    post.refresh_from_db()
    assert (post.title, post.role) == ("审核科科员", Role.NONE)
    decide(auditor, "confirm", change)
    post.refresh_from_db()
    assert post.role == Role.REVIEWER


def test_a_new_head_of_a_group_waits(world: World, desk: Client, auditor: Client) -> None:
    town = chengqiao("邻镇")
    held = seat("镇党委委员", conference=town.conference).post
    group = LeadingGroup.objects.get(conference=town.conference, kind=GroupKind.COORDINATION)
    seats = row("seats", 2, post=held.pk, kind=SeatKind.HEAD, order=3)
    change = submitted(sent(desk, reverse("leadinggroup:edit", args=[group.pk]), **seats), desk)
    assert not GroupSeat.objects.filter(post=held).exists()
    decide(auditor, "confirm", change)
    assert GroupSeat.objects.get(post=held).kind == SeatKind.HEAD


def test_a_new_group_whose_heads_sign_waits(world: World, desk: Client, auditor: Client) -> None:
    post = world.tenures["gov_leader"].post
    typed = row("seats", 0, post=post.pk, kind=SeatKind.HEAD, order=0)
    typed |= {"conference": world.conference.pk, "kind": GroupKind.COORDINATION, "name": "协调小组", "located_at": ""}
    change = submitted(sent(desk, reverse("leadinggroup:add"), **typed), desk)
    assert not LeadingGroup.objects.exists()
    landed(decide(auditor, "confirm", change), auditor)
    assert LeadingGroup.objects.get().seats.get().post == post


def test_fewer_reviews_wait_and_other_values_do_not(world: World, desk: Client, auditor: Client) -> None:
    conference = chengqiao("邻镇").conference
    address = reverse("jointconference:edit", args=[conference.pk])
    typed = members_of(conference) | {"reviews_required": "1", "union_section": "权益部"}
    change = submitted(sent(desk, address, **typed), desk)
    conference.refresh_from_db()
    assert (conference.reviews_required, conference.union_section) == (3, "权益部")
    landed(decide(auditor, "confirm", change), auditor)
    conference.refresh_from_db()
    assert conference.reviews_required == 1


def test_the_same_request_is_refused_with_a_link_to_the_waiting_one(world: World, desk: Client) -> None:
    address = reverse("person:login_code", args=[world.head.pk])
    change = submitted(sent(desk, address), desk)
    again = landed(sent(desk, address), desk)
    assert "已在等待复核" in again
    assert url("inspect", change) in again
    assert PendingChange.objects.count() == 1


# --- deciding --------------------------------------------------------------------------------------------------------
def head_code(desk: Client, world: World) -> PendingChange:
    return submitted(sent(desk, reverse("person:login_code", args=[world.head.pk])), desk)


def test_the_person_concerned_sees_it_on_the_desk_and_declines(world: World, desk: Client) -> None:
    change, head = head_code(desk, world), at_desk(world.head)
    assert url("inspect", change) in page(head, "wagtailadmin_home")
    assert "待复核" in page_text(head.get(reverse("pendingchange:index")))
    assert "拒绝" in page_text(head.get(url("inspect", change)))
    assert "请填写" in page_text(decide(head, "decline", change, reason=""))
    landed(decide(head, "decline", change, reason="不是我要的"), head)
    assert "不是我要的" in page_text(desk.get(url("inspect", change)))
    assert "拒绝了您的提交" in page(desk, "wagtailadmin_home")
    world.head.refresh_from_db()
    assert world.head.has_usable_password()


def test_the_requester_withdraws(world: World, desk: Client, auditor: Client) -> None:
    change = head_code(desk, world)
    assert auditor.post(url("withdraw", change)).status_code == 302
    assert only_change().is_waiting
    landed(decide(desk, "withdraw", change), desk)
    assert only_change().state == ChangeState.WITHDRAWN
    answer = auditor.post(url("confirm", change), {"version": change.version, "seen": "x"})
    assert "已经处理" in landed(answer, auditor)


def test_a_page_that_shows_something_else_confirms_nothing(world: World, desk: Client, auditor: Client) -> None:
    change = head_code(desk, world)
    opened = auditor.get(url("confirm", change)).context["form"]
    world.head.username = "renamed"
    world.head.save()
    data = {"version": opened["version"].value(), "seen": opened["seen"].value()}
    landed(auditor.post(url("confirm", change), data), auditor)
    assert only_change().is_waiting
    assert AccessEntry.objects.filter(kind=AccessKind.REFUSED, person=world.auditor).exists()


def test_two_confirm_at_once_and_one_code_is_issued(world: World, desk: Client, auditor: Client) -> None:
    other = at_desk(give_password(seat("第二审计员", role=Role.AUDITOR).person))
    change = head_code(desk, world)
    forms = [(client, client.get(url("confirm", change)).context["form"]) for client in (auditor, other)]
    answers = [
        client.post(url("confirm", change), {"version": form["version"].value(), "seen": form["seen"].value()})
        for client, form in forms
    ]
    assert [answer.status_code for answer in answers] == [200, 302]
    assert "已经处理" in landed(answers[1], other)
    assert LoginCode.objects.count() == 1


@pytest.mark.parametrize("who", ["gov_clerk", "writer", "liaison", "union_head"])
def test_nobody_else_sees_or_decides_anything(world: World, desk: Client, who: str) -> None:
    change, client = head_code(desk, world), at_desk(getattr(world, who))
    for name in ("inspect", "confirm", "decline", "withdraw", "put_in_force", "history"):
        assert client.get(url(name, change)).status_code == 404
        assert client.post(url(name, change)).status_code == 404
    assert change.title not in client.get("/admin/").content.decode()


# --- alone -----------------------------------------------------------------------------------------------------------
def test_the_only_administrator_waits_a_day_and_then_does_it(world: World, desk: Client, time_machine: Any) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    end_tenure(world.tenures["auditor"], by=None, on=clock.today() - timedelta(days=1))
    change = head_code(desk, world)
    shown = page_text(desk.get(url("inspect", change)))
    assert "没有可以复核的人" in shown
    assert "使其生效" in shown
    assert url("put_in_force", change) not in shown
    assert "才能生效" in landed(decide(desk, "put_in_force", change), desk)
    time_machine.shift(timedelta(hours=25))
    desk = at_desk(world.administrator)
    assert url("inspect", change) in page(desk, "wagtailadmin_home")
    code = code_on(decide(desk, "put_in_force", change))
    assert only_change().state == ChangeState.EXPIRED_IN
    browser = Client()
    browser.post(LOGIN, {"username": world.head.username, "password": code})
    assert browser.get(PASSWORD).status_code == 200


def test_a_fresh_installation_needs_nobody_else() -> None:
    root = PersonFactory.create(username="root", is_superuser=True)
    desk = at_desk(root)
    landed(sent(desk, reverse("post:add"), title="系统管理员", kind="duty", role=Role.ADMINISTRATOR), desk)
    first = row("tenures", 0, post=Post.objects.get().pk, from_date="2025-01-01")
    assert code_on(sent(desk, NEW, name="司维安", username="weian", **first))
    admin = at_desk(Person.objects.get(username="weian"))
    landed(sent(admin, reverse("post:add"), title="审计员", kind="duty", role=Role.AUDITOR), admin)
    second = row("tenures", 0, post=Post.objects.get(title="审计员").pk, from_date="2025-01-01")
    assert code_on(sent(admin, NEW, name="申计", username="shenji", **second))
    assert not PendingChange.objects.exists()


# --- the list --------------------------------------------------------------------------------------------------------
def test_an_empty_list_says_what_it_is_for(world: World, desk: Client) -> None:
    assert "没有待复核的变更" in page(desk, "pendingchange:index")


@pytest.mark.postgresql
def test_the_list_takes_as_many_queries_for_three_as_for_one(world: World, desk: Client) -> None:
    counts = []
    for people in ((world.head,), (world.union_head, world.gov_leader)):
        for person in people:
            sent(desk, reverse("person:login_code", args=[give_password(person).pk]))
        counts.append(query_count(desk, "pendingchange:index"))
    assert counts[0] == counts[1]


def test_the_desk_takes_as_many_queries_for_three_requests_as_for_one(world: World, desk: Client) -> None:
    counts = []
    for people in ((world.head,), (), (world.union_head, world.gov_clerk)):  # the first fills the caches of the process
        for person in people:
            sent(desk, reverse("person:login_code", args=[give_password(person).pk]))
        counts.append([query_count(at_desk(who), "wagtailadmin_home") for who in (world.auditor, world.administrator)])
    assert PendingChange.objects.count() == 3
    assert counts[1] == counts[2]
    assert max(counts[1]) <= 30


def test_codes_and_secrets_are_in_no_answer_of_a_page(world: World, desk: Client, auditor: Client) -> None:
    change = head_code(desk, world)
    answer = decide(auditor, "confirm", change)
    assert "no-store" in answer["Cache-Control"]
    code = code_on(answer)
    plain = re.sub("-", "", code)
    for client in (desk, auditor):
        for address in (
            url("inspect", change),
            url("history", change),
            reverse("person:history", args=[world.head.pk]),
        ):
            text = client.get(address).content.decode()
            assert code not in text
            assert plain not in text
