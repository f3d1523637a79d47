"""When a request counts as submitted, who is concerned by it, and how long it waits: rules that an attacker tried."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from meetings.enums import ChangeState, GroupKind, Role, SeatKind, Side
from meetings.models import GroupSeat, LeadingGroup, PendingChange, Person, Post, Tenure, WorkItem
from meetings.operations.change_content import acts_of, in_force_from, second_people
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.changes_of_posts import group_act, post_act
from meetings.operations.changes_of_tenures import succession_act, tenure_act
from meetings.operations.conference import save_group
from meetings.operations.login import begin_device, issue_code
from meetings.operations.people import deactivate_person, save_person
from meetings.operations.submitting import submit_group, submit_person
from meetings.operations.tenures import begin_tenure, end_tenure, save_post, succeed
from meetings.queries.people import first_day_without_administrator
from meetings.rules.second_people import seen_changes
from tests.meetings.confirming import confirm, confirmed, enforce, fresh, give_password, submit, with_records
from tests.meetings.factories import PostFactory, World, chengqiao, seat, yuanqu
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 20)
NOON = datetime(2025, 11, 20, 12, tzinfo=timezone.get_default_timezone())
WEEK = timedelta(days=7)


@pytest.fixture
def world(time_machine: Any) -> World:
    """A county with records, an administrator and an auditor of all conferences, at noon of a day."""
    time_machine.move_to(NOON, tick=False)
    return with_records(yuanqu())


def vacant(world: World, role: str = Role.UNION_LEADER, **values: Any) -> Post:
    post: Post = PostFactory.create(**{"conference": world.conference, "role": role, "side": Side.UNION, **values})
    return post


def tenure_of(post: Post, person: Person, start: date = TODAY) -> Tenure:
    return Tenure(post=post, person=person, full_title=post.title, from_date=start)


def notices(person: Person) -> set[str]:
    return set(WorkItem.objects.filter(person=person, kind="notice").values_list("action", flat=True))


# --- parties ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("start", [TODAY, TODAY + timedelta(days=300)])
def test_nobody_gains_by_making_the_second_person_a_party(world: World, time_machine: Any, start: date) -> None:
    post = vacant(world, Role.NONE)
    begin_tenure(post, world.auditor, by=world.administrator, from_date=start)
    post.role = Role.HEAD_OF_GOVERNMENT
    change = submit(post_act(post), by=world.administrator)
    assert second_people(change) == []
    assert in_force_from(change) == NOON + WEEK
    assert "pendingchange.about_you" in notices(world.auditor)
    time_machine.shift(timedelta(days=6))
    with refusal("waiting_period"):
        enforce(change, by=world.administrator)


def held_by_another_since(world: World) -> PendingChange:
    post = vacant(world, Role.NONE)
    begin_tenure(post, world.stranger, by=world.administrator, from_date=TODAY)
    post.role = Role.REVIEWER
    change = submit(post_act(post), by=world.administrator)
    succeed(post, world.auditor, by=world.administrator, from_date=TODAY + timedelta(days=1))
    return change


def another_right_since(world: World) -> PendingChange:
    post = vacant(world, Role.REVIEWER)
    change = submit(tenure_act(world.stranger, tenure_of(post, world.stranger)), by=world.administrator)
    post.role = Role.HEAD_OF_GOVERNMENT
    save_post(post, by=world.administrator)  # nobody holds it
    return change


def a_head_since(world: World) -> PendingChange:
    town = chengqiao()
    post = vacant(world, Role.REVIEWER, conference=town.conference)
    change = submit(tenure_act(world.stranger, tenure_of(post, world.stranger)), by=world.administrator)
    group = LeadingGroup.objects.get(conference=town.conference, kind=GroupKind.COORDINATION)
    group.seats.add(GroupSeat(post=post, kind=SeatKind.HEAD))
    save_group(group, by=world.administrator)
    return change


def another_account_since(world: World) -> PendingChange:
    change = submit(account_act("login_code", give_password(world.liaison)), by=world.administrator)
    begin_tenure(vacant(world, Role.REVIEWER), world.liaison, by=None, from_date=TODAY)
    return change


@pytest.mark.parametrize("case", [held_by_another_since, another_right_since, a_head_since, another_account_since])
def test_what_is_about_something_else_by_now_is_submitted_again(world: World, case: Any) -> None:
    other = give_password(seat("副管理员", role=Role.ADMINISTRATOR).person)
    change = case(world)
    with refusal("differs_from_submitted"):
        confirm(change, by=other)
    change.refresh_from_db()
    assert change.state == ChangeState.WAITING
    again = submit(*acts_of(change), by=world.administrator)  # it does not count as waiting already
    confirm(again, by=other)


def test_it_is_not_put_in_force_either(world: World, time_machine: Any) -> None:
    change = another_right_since(world)
    Person.objects.filter(pk=world.auditor.pk).update(password="")
    time_machine.shift(timedelta(days=8))
    with refusal("differs_from_submitted"):
        enforce(change, by=world.administrator)


@pytest.mark.parametrize("role", [Role.UNION_LEADER, Role.AUDITOR])
def test_whoever_loses_a_post_by_a_request_is_concerned(world: World, role: str) -> None:
    other = give_password(seat("副管理员", role=Role.ADMINISTRATOR).person)
    held = seat("在任", role=role, side=Side.UNION, conference=world.conference)
    change = submit(
        succession_act(held.post, world.stranger, from_date=TODAY + timedelta(days=1)), by=world.administrator
    )
    assert notices(held.person) == {"pendingchange.about_you"}
    assert change in seen_changes(fresh(held.person))
    assert give_password(held.person) not in second_people(change)
    confirm(change, by=other)


def test_whoever_loses_the_head_of_a_group_is_concerned(world: World) -> None:
    town = chengqiao()
    group = LeadingGroup.objects.get(conference=town.conference, kind=GroupKind.COORDINATION)
    head, new = seat("原组长", conference=town.conference), seat("新组长", conference=town.conference)
    group.seats.set([GroupSeat(post=head.post, kind=SeatKind.HEAD)])
    save_group(group, by=None)
    group = LeadingGroup.objects.get(pk=group.pk)
    group.seats.set([GroupSeat(post=new.post, kind=SeatKind.HEAD)])
    change = submit(group_act(group), by=world.administrator)
    assert {head.person, new.person} <= set(change.people.all())


def test_a_head_is_not_removed_by_one_person(world: World) -> None:
    town = chengqiao()
    group = LeadingGroup.objects.get(conference=town.conference, kind=GroupKind.COORDINATION)
    head = seat("原组长", conference=town.conference)
    group.seats.set([GroupSeat(post=head.post, kind=SeatKind.HEAD)])
    save_group(group, by=None)
    group = LeadingGroup.objects.get(pk=group.pk)
    group.seats.set([])
    with refusal("needs_second_person"):
        save_group(group, by=world.administrator)
    change = submit_group(group, by=world.administrator).change
    assert change is not None
    assert head.person in change.people.all()
    assert any("不再担任" in line for act in change.acts for line in act["lines"])


@pytest.mark.parametrize("title", ["县长", "县 长", "垣曲县人民政府县长", "县政府办科员、县长"])
def test_the_title_of_a_signer_is_not_printed_for_another_by_one_person(world: World, title: str) -> None:
    head = world.tenures["head"]
    Tenure.objects.filter(pk=head.pk).update(full_title="县长")
    post = vacant(world, Role.NONE)
    with refusal("needs_second_person"):
        begin_tenure(post, world.stranger, by=world.administrator, from_date=TODAY, full_title=title)
    begin_tenure(post, world.stranger, by=world.administrator, from_date=TODAY, full_title="县政府办科员")


# --- who confirms ----------------------------------------------------------------------------------------------------
def test_a_confirmer_supervises_all_that_the_person_holds(world: World) -> None:
    """Otherwise the auditor of a township could read a code of the auditor of all."""
    town = chengqiao("邻镇")
    local = give_password(seat("镇审计员", role=Role.AUDITOR, conference=town.conference).person)
    code = submit(account_act("login_code", world.auditor), by=world.administrator)
    post = vacant(world, Role.REVIEWER, conference=town.conference)
    gains = submit(tenure_act(world.auditor, tenure_of(post, world.auditor)), by=world.administrator)
    new = submit(tenure_act(world.stranger, tenure_of(post, world.stranger)), by=world.administrator)
    assert second_people(code) == second_people(gains) == []
    assert local in second_people(new)


def test_an_administrator_of_a_part_puts_nothing_in_force_of_others(world: World, time_machine: Any) -> None:
    town = chengqiao("邻镇")
    local = give_password(seat("镇管理员", role=Role.ADMINISTRATOR, conference=town.conference).person)
    begin_tenure(vacant(world, Role.NONE, conference=town.conference), world.auditor, by=None, from_date=TODAY)
    change = submit(account_act("login_code", world.auditor), by=world.administrator)
    time_machine.shift(timedelta(days=8))
    with refusal("puts_in_force_as_administrator"):
        enforce(change, by=local)
    enforce(change, by=world.administrator)


# --- how long it waits -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["login_code", "second_factor"])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("password", [False, True])
def test_the_account_of_a_second_person_is_not_opened_in_a_day(
    world: World, time_machine: Any, kind: str, role: str, password: bool
) -> None:
    end_tenure(world.tenures["auditor"], by=None, on=TODAY - timedelta(days=1))
    person = seat("另一人", role=role).person
    if password:
        give_password(person)
    begin_device(person)
    person.totpdevice_set.update(confirmed=True)
    change = submit(account_act(kind, fresh(person)), by=world.administrator)
    assert in_force_from(change) == NOON + WEEK
    time_machine.shift(WEEK)
    enforce(change, by=world.administrator)


def test_the_account_of_others_is_opened_after_a_day(world: World) -> None:
    end_tenure(world.tenures["auditor"], by=None, on=TODAY - timedelta(days=1))
    change = submit(account_act("login_code", world.head), by=world.administrator)
    assert in_force_from(change) == NOON + timedelta(hours=24)


def test_while_the_second_person_was_reset_lately_it_waits_a_week(world: World) -> None:
    other = give_password(seat("副管理员", role=Role.ADMINISTRATOR).person)
    confirmed(account_act("login_code", world.auditor), by=world.administrator, second=other)
    give_password(fresh(world.auditor))
    post = vacant(world)
    change = submit(tenure_act(world.stranger, tenure_of(post, world.stranger)), by=world.administrator)
    assert second_people(change) == [other], "whoever asked for the reset is not confirmed by that account"
    Person.objects.filter(pk=other.pk).update(password="")
    assert second_people(change) == []
    assert in_force_from(change) == NOON + WEEK


def test_the_week_after_the_second_person_begins_with_the_last_day(world: World, time_machine: Any) -> None:
    end_tenure(world.tenures["auditor"], by=world.administrator, on=TODAY + WEEK)
    assert "person.supervision_ends" in notices(world.auditor)
    time_machine.shift(timedelta(days=8))
    post = vacant(world)
    change = submit(tenure_act(world.stranger, tenure_of(post, world.stranger)), by=world.administrator)
    assert second_people(change) == []
    ended = datetime(2025, 11, 28, tzinfo=timezone.get_default_timezone())
    assert in_force_from(change) == ended + WEEK


def test_an_end_that_is_still_to_come_delays_nothing(world: World) -> None:
    end_tenure(world.tenures["auditor"], by=world.administrator, on=date(2027, 1, 1))
    Person.objects.filter(pk=world.auditor.pk).update(password="")
    change = submit(tenure_act(world.stranger, tenure_of(vacant(world), world.stranger)), by=world.administrator)
    assert in_force_from(change) == NOON + timedelta(hours=24)


# --- names and days --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("what", ["name", "title"])
def test_nobody_renames_a_leader_alone(world: World, what: str) -> None:
    person = fresh(world.head)
    rows = list(person.tenures.all())
    if what == "name":
        person.name = "别人"
    else:
        rows[0].full_title = "临时负责人"
    with refusal("needs_second_person"):
        save_person(person, by=world.administrator, tenures=rows)
    person.tenures.set(rows)
    change = submit_person(person, by=fresh(world.administrator)).change
    assert change is not None
    assert fresh(world.head).name == world.head.name
    confirm(change, by=world.auditor)
    after = fresh(world.head)
    assert (after.name == "别人", after.tenures.get().full_title == "临时负责人") == (what == "name", what == "title")


@pytest.mark.parametrize("name", ["韩正", " 韩 正"])
def test_a_namesake_is_said_to_be_one(world: World, name: str) -> None:
    assert world.head.name == "韩正"
    with refusal("namesake"):
        save_person(Person(username="other", name=name), by=world.administrator)
    with refusal("namesake"):
        submit_person(Person(username="other", name=name), by=fresh(world.administrator))
    renamed = fresh(world.stranger)
    renamed.name = name
    with refusal("namesake"):
        save_person(renamed, by=world.administrator)
    save_person(Person(username="other", name=name), by=world.administrator, namesake=True)
    deactivated = save_person(Person(username="gone", name="离任"), by=world.administrator)
    deactivate_person(deactivated, by=world.administrator)
    save_person(Person(username="new", name="离任"), by=world.administrator)


@pytest.mark.parametrize("role", [Role.UNION_LEADER, Role.CLERK, Role.NONE])
@pytest.mark.parametrize("days", [-1, 1])
def test_the_first_day_of_a_begun_tenure_is_not_moved_alone(world: World, role: str, days: int) -> None:
    held = seat("在任", role=role, side=Side.UNION, conference=world.conference)
    row = Tenure.objects.get(pk=held.pk)
    row.from_date += timedelta(days=days)
    with refusal("needs_second_person"):
        save_person(fresh(held.person), by=world.administrator, tenures=[row])


def test_the_first_day_of_a_tenure_to_come_is_moved_alone(world: World) -> None:
    held = seat("将任", conference=world.conference, from_date=TODAY + timedelta(days=9))
    row = Tenure.objects.get(pk=held.pk)
    row.from_date = TODAY + timedelta(days=20)
    save_person(fresh(held.person), by=world.administrator, tenures=[row])


# --- the last administrator ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("way", ["role", "conference", "end", "form", "deactivate", "hand_over"])
def test_there_is_always_an_administrator(world: World, way: str) -> None:
    by, held = world.administrator, world.tenures["administrator"]
    other = seat("县管理员", role=Role.ADMINISTRATOR, conference=world.conference).person

    def act() -> None:
        if way in {"role", "conference"}:
            post = Post.objects.get(pk=held.post_id)
            post.role = Role.NONE if way == "role" else post.role
            post.conference = world.conference
            save_post(post, by=fresh(by))
        elif way == "end":
            end_tenure(held, by=fresh(by), on=TODAY + timedelta(days=30))
        elif way == "form":
            row = Tenure.objects.get(pk=held.pk)
            row.to_date = TODAY
            save_person(fresh(by), by=fresh(by), tenures=[row])
        elif way == "deactivate":
            deactivate_person(by, by=fresh(root))
        else:
            begin_tenure(vacant(world, Role.NONE), other, by=fresh(by), from_date=TODAY)
            end_tenure(held, by=fresh(by))

    root = seat("临时管理员", role=Role.ADMINISTRATOR, to_date=TODAY).person
    with refusal("last_administrator"):
        act()
    assert first_day_without_administrator() is None


def test_an_administrator_is_followed_by_another(world: World) -> None:
    held, tomorrow = world.tenures["administrator"], TODAY + timedelta(days=1)
    confirmed(
        succession_act(held.post, world.stranger, from_date=tomorrow), by=world.administrator, second=world.auditor
    )
    assert first_day_without_administrator() is None
    assert held.post.tenures.filter(person=world.stranger, from_date=tomorrow).exists()


def test_a_second_administrator_lets_the_first_go(world: World) -> None:
    seat("副管理员", role=Role.ADMINISTRATOR)
    end_tenure(world.tenures["administrator"], by=world.administrator)
    with refusal("needs_second_person"):
        issue_code(world.head, by=world.administrator, shown_to=None)
