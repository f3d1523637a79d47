"""Requests of a second person as work items: they wait for exactly those who may decide, until somebody did."""

import contextlib
import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings import clock
from meetings.enums import ChangeState, Role, Side, WorkItemKind
from meetings.models import PendingChange, Person, Post, Tenure, WorkItem
from meetings.operations.change_content import in_force_from, second_people
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.changes_of_tenures import tenure_act
from meetings.operations.pending_change import decline_change, request_or_apply, withdraw_change
from meetings.operations.people import deactivate_person
from meetings.operations.tenures import begin_tenure, end_tenure
from meetings.operations.work import sources, work_differences
from meetings.queries.pending_change import CHANGES
from meetings.refusal import Refused
from meetings.rules.addressees import Holders, vacant_work, waits_for_others, work_of
from meetings.rules.second_people import CONFIRM, DOUBT, PUT_IN_FORCE
from tests.meetings.confirming import confirm, enforce, fresh, give_password, submit, with_records
from tests.meetings.factories import PostFactory, World, chengqiao, seat, yuanqu
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 11, 20, 12, tzinfo=timezone.get_default_timezone())
TODAY = date(2025, 11, 20)


@pytest.fixture
def world(time_machine: Any) -> World:
    """A county with records, an administrator and an auditor of all conferences, at noon of a day."""
    time_machine.move_to(NOON, tick=False)
    return with_records(yuanqu())


def request(world: World, *, by: Person | None = None, role: str = Role.UNION_LEADER, **place: Any) -> PendingChange:
    """Submit a new leader."""
    values = {"conference": world.conference, "role": role, "side": Side.UNION, **place}
    post = PostFactory.create(**values)
    tenure = Tenure(post=post, person=world.stranger, full_title=post.title, from_date=TODAY)
    return submit(tenure_act(world.stranger, tenure), by=by or world.administrator)


def on_desk(person: Person, change: PendingChange) -> set[str]:
    """Return the actions of the request that wait for a person."""
    return set(work_of(fresh(person)).filter(source=CHANGES, object_id=change.pk).values_list("action", flat=True))


def assert_exact() -> None:
    """The stored tasks are those of the requests, and each waits for exactly those who may decide."""
    [source] = [source for source in sources() if source.name == CHANGES]
    assert [(d.left_over, d.missing, d.changed) for d in work_differences(source)] == []
    for change in PendingChange.objects.all():
        confirming = second_people(change) if change.is_waiting else []
        for person in Person.objects.all():
            waits = on_desk(person, change)
            assert (CONFIRM in waits) == (person in confirming), (person, change)
            assert not (confirming and waits - {CONFIRM})
            if PUT_IN_FORCE in waits:
                assert in_force_from(change) <= clock.now()


def test_a_request_waits_for_who_may_confirm_it_and_for_nobody_else(world: World) -> None:
    other = give_password(seat("副管理员", role=Role.ADMINISTRATOR).person)
    change = request(world)
    assert {person for person in Person.objects.all() if on_desk(person, change)} == {other, world.auditor}
    assert on_desk(other, change) == {CONFIRM}
    assert_exact()
    confirm(change, by=world.auditor)
    assert not WorkItem.objects.filter(source=CHANGES, closed_at=None).exists()


@pytest.mark.parametrize("end", ["decline", "withdraw"])
def test_it_waits_for_nobody_once_it_is_decided(world: World, end: str) -> None:
    change = request(world)
    if end == "decline":
        decline_change(change, by=fresh(world.auditor), reason="不妥")
    else:
        withdraw_change(change, by=world.administrator)
    assert on_desk(world.auditor, change) == set()
    assert not WorkItem.objects.filter(source=CHANGES, closed_at=None).exists()
    told = WorkItem.objects.filter(action="pendingchange.declined")
    assert [item.person for item in told] == ([world.administrator] if end == "decline" else [])


def test_the_requester_waits_for_the_second_person(world: World) -> None:
    change = request(world)
    rows = waits_for_others(fresh(world.administrator)).filter(source=CHANGES)
    assert {item.object_id for item in rows} == {change.pk}
    assert {person for item in rows for person in Holders([item.conference_id]).of(item)} == {world.auditor}


def test_whom_it_concerns_is_told_and_waits_too(world: World) -> None:
    request(world)
    notice = work_of(fresh(world.stranger)).get()
    assert (notice.kind, notice.action) == (WorkItemKind.NOTICE, "pendingchange.about_you")
    assert waits_for_others(fresh(world.stranger)).filter(source=CHANGES).exists()


def test_the_office_sees_no_request(world: World) -> None:
    end_tenure(world.tenures["auditor"], by=None, on=TODAY - timedelta(days=1))
    change = request(world)
    for person in (world.gov_clerk, world.union_clerk, world.head, world.writer):
        for rows in (work_of, vacant_work, waits_for_others):
            assert not rows(fresh(person)).filter(source=CHANGES, object_id=change.pk).exists()


def test_where_nobody_can_confirm_an_administrator_puts_it_in_force_in_time(world: World, time_machine: Any) -> None:
    made = give_password(seat("新审计员", role=Role.AUDITOR).person)
    end_tenure(world.tenures["auditor"], by=None, on=TODAY - timedelta(days=1))
    about = submit(account_act("login_code", made), by=world.administrator)
    time_machine.shift(timedelta(hours=25))
    with refusal("waiting_period"):
        enforce(about, by=world.administrator)
    time_machine.shift(timedelta(days=6))
    enforce(about, by=world.administrator)
    time_machine.shift(timedelta(days=2))
    change = request(world)
    assert on_desk(world.administrator, change) == set()
    assert on_desk(made, change) == {DOUBT}, "an account of the requester does not confirm, but it is shown"
    time_machine.shift(timedelta(days=4))
    assert on_desk(world.administrator, change) == set(), "a week after the second person lost the account"
    time_machine.shift(timedelta(days=1, hours=1))
    give_password(fresh(made))
    assert on_desk(made, change) == {CONFIRM}, "by then the account counts as separate"


def test_where_nobody_supervises_all_those_of_a_part_look_at_it(world: World) -> None:
    local = give_password(seat("县审计员", role=Role.AUDITOR, conference=world.conference).person)
    change = request(world, role=Role.AUDITOR, conference=None, side="")
    assert on_desk(local, change) == set()
    end_tenure(world.tenures["auditor"], by=None, on=TODAY - timedelta(days=1))
    assert on_desk(local, change) == {DOUBT}
    assert_exact()


def test_whoever_leaves_no_longer_confirms(world: World) -> None:
    other = give_password(seat("副管理员", role=Role.ADMINISTRATOR).person)
    change = submit(account_act("login_code", give_password(world.head)), by=world.administrator)
    assert on_desk(other, change) == {CONFIRM}
    deactivate_person(other, by=None)
    assert on_desk(other, change) == set()
    assert_exact()


def test_the_number_of_queries_is_that_of_one_request(world: World) -> None:
    town = chengqiao("邻镇")
    counts = []
    for place in (world.conference, town.conference, world.conference):
        request(world, conference=place)
        person = fresh(world.auditor)
        with CaptureQueriesContext(connection) as taken:
            work_of(person).count()
        counts.append(len(taken))
    assert counts[0] == counts[1] == counts[2] <= 12


class RandomActs:
    """Random requests, decisions, tenures and days; a refusal is an outcome like any other."""

    def __init__(self, world: World, seed: int, clock: Any) -> None:
        self.choose, self.clock, town = random.Random(seed), clock, chengqiao("邻镇")
        self.places = [world.conference, town.conference, None]
        self.people = [
            world.administrator,
            world.auditor,
            *(give_password(seat(f"管理员{n}", role=Role.ADMINISTRATOR).person) for n in range(2)),
            give_password(seat("县管理员", role=Role.ADMINISTRATOR, conference=world.conference).person),
            give_password(seat("镇审计员", role=Role.AUDITOR, conference=town.conference).person),
        ]
        self.targets = [*self.people, world.head, world.stranger, town.gov_clerk]

    def someone(self) -> Person:
        return fresh(self.choose.choice(self.people))

    def target(self) -> Person:
        return fresh(self.choose.choice(self.targets))

    def waiting(self) -> PendingChange:
        rows = list(PendingChange.objects.filter(state=ChangeState.WAITING))
        if not rows:
            raise Refused("nothing waits", code="nothing_waits")
        return self.choose.choice(rows)

    def code(self) -> None:
        request_or_apply([account_act("login_code", self.target())], by=self.someone())

    def grant(self) -> None:
        post, person = self.post(), self.target()
        submit(
            tenure_act(person, Tenure(post=post, person=person, full_title="岗位", from_date=TODAY)), by=self.someone()
        )

    def post(self) -> Post:
        post: Post = PostFactory.create(conference=self.choose.choice(self.places), role=Role.AUDITOR)
        return post

    def confirm(self) -> None:
        confirm(self.waiting(), by=self.someone())

    def enforce(self) -> None:
        enforce(self.waiting(), by=self.someone())

    def decline(self) -> None:
        decline_change(self.waiting(), by=self.someone(), reason="不妥")

    def withdraw(self) -> None:
        withdraw_change(self.waiting(), by=self.someone())

    def leave(self) -> None:
        if (held := Tenure.objects.filter(person=self.target(), to_date=None).first()) is not None:
            end_tenure(held, by=None, on=clock.today() - timedelta(days=1))

    def begin(self) -> None:
        begin_tenure(self.post(), self.target(), by=None, from_date=clock.today())

    def days(self) -> None:
        self.clock.shift(timedelta(hours=self.choose.choice([5, 25, 100])))

    def act(self) -> None:
        acts = (self.code, self.grant, self.confirm, self.enforce, self.decline, self.withdraw)
        with contextlib.suppress(Refused):
            self.choose.choice([*acts, self.leave, self.begin, self.days])()


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_acts_leaves_exactly_the_tasks(world: World, time_machine: Any, seed: int) -> None:
    acts = RandomActs(world, seed, time_machine)
    for _step in range(24):
        acts.act()
        assert_exact()
    assert PendingChange.objects.exists()
