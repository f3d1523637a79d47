"""Who confirms a request, who sees its codes, and from when it takes effect where nobody may confirm it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from meetings import clock
from meetings.enums import ChangeState, Role
from meetings.models import (
    LoginCode,
    Person,
    RecordLogEntry,
)
from meetings.operations.change_content import in_force_from, second_people
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.changes_of_tenures import tenure_act
from meetings.operations.login import begin_device
from meetings.operations.pending_change import request_or_apply
from meetings.operations.people import deactivate_person, save_person
from meetings.operations.tenures import end_tenure, save_post
from tests.meetings.confirming import confirm, confirmed, enforce, fresh, give_password, submit
from tests.meetings.factories import World, chengqiao, seat
from tests.meetings.second_person.requests import (
    NOON,
    TODAY,
    actions,
    new_tenure,
    second_administrator,
    vacant,
    waiting,
)
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


def test_another_administrator_or_an_auditor_confirms(world: World) -> None:
    other, here = second_administrator(world), world.conference
    local = give_password(seat("县审计员", role=Role.AUDITOR, conference=here).person)
    change = waiting(world)
    assert {person.pk for person in second_people(change)} == {other.pk, world.auditor.pk, local.pk}
    for person in (world.administrator, world.stranger, world.gov_clerk, world.head):
        with refusal("not_a_confirmer"):
            confirm(change, by=person)
    confirm(change, by=local)
    change.refresh_from_db()
    assert (change.state, change.decided_by) == (ChangeState.CONFIRMED, local)


def test_neither_other_conferences_nor_people_without_a_login_confirm(world: World) -> None:
    town = chengqiao("邻镇")
    elsewhere = give_password(seat("镇审计员", role=Role.AUDITOR, conference=town.conference).person)
    without = seat("无账号审计员", role=Role.AUDITOR).person
    away = give_password(seat("离任审计员", role=Role.AUDITOR, to_date=TODAY - timedelta(days=1)).person)
    stopped = give_password(seat("停用审计员", role=Role.AUDITOR).person)
    Person.objects.filter(pk=stopped.pk).update(is_active=False)
    change = waiting(world)
    for person in (elsewhere, without, away, stopped):
        with refusal("not_a_confirmer"):
            confirm(change, by=person)


def test_the_subject_does_not_confirm(world: World) -> None:
    other = second_administrator(world)
    change = submit(account_act("login_code", other), by=world.administrator, subject=other)
    with refusal("not_a_confirmer"):
        confirm(change, by=other)


@pytest.mark.parametrize("days", [6, 8])
def test_an_account_made_by_the_requester_confirms_only_after_a_week(
    world: World, time_machine: Any, days: int
) -> None:
    post = vacant(world, Role.ADMINISTRATOR, conference=None)
    puppet = save_person(Person(username="puppet", name="影子"), by=world.administrator)
    confirmed(tenure_act(puppet, new_tenure(post, puppet)), by=world.administrator, second=world.auditor)
    give_password(fresh(puppet))
    time_machine.shift(timedelta(days=days))
    change = waiting(world)
    own = waiting(world, by=puppet)
    assert (puppet in second_people(change)) is (days > 7)
    assert (world.administrator in second_people(own)) is (days > 7), "nor the other way round"


@pytest.mark.parametrize("kind", ["login_code", "second_factor", "reactivation"])
def test_an_account_reset_by_the_requester_does_not_confirm(world: World, kind: str) -> None:
    other = second_administrator(world)
    begin_device(other)
    other.totpdevice_set.update(confirmed=True)
    if kind == "reactivation":
        Person.objects.filter(pk=other.pk).update(is_active=False)
    confirmed(account_act(kind, other), by=world.administrator, second=world.auditor)
    give_password(fresh(other))
    assert other not in second_people(waiting(world))
    assert world.auditor in second_people(waiting(world))


def test_two_accounts_made_by_one_do_not_confirm_each_other(world: World) -> None:
    pair = []
    for name in ("甲", "乙"):
        post = vacant(world, Role.ADMINISTRATOR, conference=None)
        person = save_person(Person(username=name, name=name), by=world.administrator)
        confirmed(tenure_act(person, new_tenure(post, person)), by=world.administrator, second=world.auditor)
        pair.append(give_password(fresh(person)))
    assert pair[1] not in second_people(waiting(world, by=pair[0]))


def test_a_request_for_all_conferences_is_confirmed_by_whoever_supervises_all(world: World) -> None:
    local = give_password(seat("县审计员", role=Role.AUDITOR, conference=world.conference).person)
    post = vacant(world, Role.AUDITOR, conference=None)
    change = submit(tenure_act(world.stranger, new_tenure(post, world.stranger)), by=world.administrator)
    assert second_people(change) == [world.auditor]
    end_tenure(world.tenures["auditor"], by=None, on=TODAY - timedelta(days=1))
    assert second_people(change) == [], "the auditor of one conference confirms for that one"
    assert local in second_people(waiting(world))


def test_an_account_of_the_requester_gets_a_new_code_that_the_confirmer_sees(world: World) -> None:
    person = save_person(Person(username="zhao", name="赵明"), by=world.administrator)
    [first] = request_or_apply([account_act("login_code", person)], by=world.administrator).codes
    [second] = confirmed(
        tenure_act(person, new_tenure(vacant(world), person)), by=world.administrator, second=world.auditor
    )
    assert second.person == person
    assert first.code != second.code
    codes = LoginCode.objects.filter(person=person).order_by("pk")
    assert [code.shown_to for code in codes] == [world.administrator, world.auditor]
    assert second.code.replace("-", "") not in str(list(RecordLogEntry.objects.values_list("data", flat=True)))
    assert second.code not in str(list(codes.values()))


def test_one_confirmation_covers_all_acts_of_one_request(world: World) -> None:
    person = save_person(Person(username="zhao", name="赵明"), by=world.administrator)
    acts = [
        tenure_act(person, new_tenure(vacant(world, Role.UNION_LEADER), person)),
        tenure_act(person, new_tenure(vacant(world, Role.REVIEWER), person)),
        account_act("login_code", person),
    ]
    codes = confirmed(*acts, by=world.administrator, second=world.auditor)
    assert [code.person for code in codes] == [person]
    assert fresh(person).tenures.count() == 2
    assert LoginCode.objects.filter(person=person).count() == 1


def test_where_nobody_confirms_it_takes_effect_after_a_day(alone: World, time_machine: Any) -> None:
    change = waiting(alone)
    assert second_people(change) == []
    time_machine.shift(timedelta(hours=23, minutes=59))
    with refusal("waiting_period"):
        enforce(change, by=alone.administrator)
    time_machine.shift(timedelta(minutes=1))
    for person in (alone.auditor, alone.stranger, alone.gov_clerk):
        with refusal("puts_in_force_as_administrator"):
            enforce(change, by=person)
    enforce(change, by=alone.administrator)
    change.refresh_from_db()
    assert change.state == ChangeState.EXPIRED_IN
    assert alone.stranger.tenures.exists()
    assert {"request", "put_in_force"} == actions(change)


def test_who_can_confirm_meanwhile_does(alone: World, time_machine: Any) -> None:
    change = waiting(alone)
    time_machine.shift(timedelta(days=2))
    give_password(alone.auditor)
    with refusal("confirmer_exists"):
        enforce(change, by=alone.administrator)
    confirm(change, by=alone.auditor)


@pytest.mark.parametrize("way", ["end", "deactivate", "role", "cut", "conference"])
def test_whoever_removes_the_second_person_waits_a_week(world: World, time_machine: Any, way: str) -> None:
    held, by = world.tenures["auditor"], world.administrator
    if way == "end":
        end_tenure(held, by=by, on=TODAY)
    elif way == "deactivate":
        deactivate_person(world.auditor, by=by)
    elif way == "cut":
        person = fresh(world.auditor)
        row = person.tenures.get()
        row.to_date = TODAY
        save_person(person, by=by, tenures=[row])
    else:
        post = held.post
        post.role = Role.WRITER if way == "role" else post.role
        post.conference = world.conference if way == "role" else chengqiao("邻镇").conference
        save_post(post, by=by)
    time_machine.shift(timedelta(days=1))
    change = waiting(world)
    assert second_people(change) == []
    last_day = datetime(2025, 11, 21, tzinfo=timezone.get_default_timezone())  # its end
    ended = last_day if way in {"end", "cut"} else NOON
    assert in_force_from(change) == ended + timedelta(days=7)
    time_machine.shift(timedelta(days=2))
    with refusal("waiting_period"):
        enforce(change, by=world.administrator)
    time_machine.shift(timedelta(days=5))
    enforce(change, by=world.administrator)


def test_whoever_takes_over_the_second_person_waits_a_week_too(world: World, time_machine: Any) -> None:
    change = submit(account_act("login_code", world.auditor), by=world.administrator)
    assert second_people(change) == []
    time_machine.shift(timedelta(days=1))
    with refusal("waiting_period"):
        enforce(change, by=world.administrator)
    time_machine.shift(timedelta(days=6))
    [code] = enforce(change, by=world.administrator)
    assert code.person == world.auditor
    give_password(fresh(world.auditor))
    gain = waiting(world)
    assert second_people(gain) == []
    assert in_force_from(gain) == clock.now() + timedelta(days=7)


def test_an_administrator_made_alone_is_no_second_person_for_a_week(alone: World, time_machine: Any) -> None:
    post = vacant(alone, Role.ADMINISTRATOR, conference=None)
    change = submit(tenure_act(alone.stranger, new_tenure(post, alone.stranger)), by=alone.administrator)
    time_machine.shift(timedelta(days=1))
    enforce(change, by=alone.administrator)
    give_password(fresh(alone.stranger))
    time_machine.shift(timedelta(days=6))
    assert second_people(waiting(alone, by=alone.administrator)) == []
    assert second_people(waiting(alone, by=alone.stranger)) == []
    time_machine.shift(timedelta(days=2))
    assert alone.stranger in second_people(submit(account_act("login_code", alone.head), by=alone.administrator))
