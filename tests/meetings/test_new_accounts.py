"""Accounts that one person made or opened alone: what they may not do, and when a right takes them out of that hand."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from meetings.enums import Role, Side
from meetings.models import Delegation, LoginCode, Person, Tenure
from meetings.operations.approval import register_paper
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.changes_of_tenures import tenure_act
from meetings.operations.delegation import confirm_delegation, delegate
from meetings.operations.login import choose_password, issue_code, redeem_code
from meetings.operations.pending_change import request_or_apply
from meetings.operations.people import save_person
from meetings.operations.tenures import begin_tenure
from meetings.queries.accounts import has_password
from tests.meetings.confirming import confirmed, fresh, give_password, with_records
from tests.meetings.factories import World, seat, yuanqu
from tests.meetings.follow_up import upload
from tests.meetings.steps import in_approval
from tests.refusals import refusal, refused

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 20)
NOON = datetime(2025, 11, 20, 12, tzinfo=timezone.get_default_timezone())
OWN = "my-own-Password-2026"


@pytest.fixture
def world(time_machine: Any) -> World:
    """A county with records, an administrator and an auditor of all conferences, at noon of a day."""
    time_machine.move_to(NOON, tick=False)
    return with_records(yuanqu())


def given_code(person: Person, by: Person, shown_to: Person | None) -> None:
    """Record a code that `by` asked for and `shown_to` saw; the server issues it, so that it is not refused."""
    issue_code(fresh(person), by=None, shown_to=shown_to)
    LoginCode.objects.filter(person=person).update(issued_by=by)


def new_clerk(world: World) -> Person:
    """Return a clerk of the union whose account the administrator made today; the post takes no second person."""
    held = seat("工会新秘书", role=Role.CLERK, side=Side.UNION, conference=world.conference)
    Tenure.objects.filter(pk=held.pk).delete()
    person = save_person(Person(username="new_clerk", name="新秘书"), by=world.administrator)
    begin_tenure(held.post, person, by=world.administrator, from_date=date(2025, 1, 1))
    return person


@pytest.mark.parametrize("confirmed_by_another", [False, True])
def test_a_new_account_registers_no_paper_for_others(
    world: World, time_machine: Any, confirmed_by_another: bool
) -> None:
    minutes, clerk = in_approval(world), new_clerk(world)
    given_code(clerk, world.administrator, world.auditor if confirmed_by_another else world.administrator)
    known: dict[str, Any] = {"seat": "government_leader", "tenure": world.tenures["head"], "on": TODAY}

    def register() -> None:
        register_paper(minutes, "approve", by=fresh(clerk), scan=upload("审签单.pdf", b"%PDF-1.7\n%%EOF\n"), **known)

    if confirmed_by_another:
        return register()
    reasons = refused(register, "registers_with_new_account")
    assert "2025年11月27日" in reasons[0]
    time_machine.shift(timedelta(days=7, minutes=1))
    return register()


def test_an_account_without_a_code_registers_no_paper_either(world: World) -> None:
    minutes, clerk = in_approval(world), new_clerk(world)
    known: dict[str, Any] = {"seat": "government_leader", "tenure": world.tenures["head"], "on": TODAY}
    with refusal("registers_with_new_account"):
        register_paper(minutes, "approve", by=fresh(clerk), scan=upload("审签单.pdf", b"%PDF-1.7\n"), **known)


def waiting_delegation(world: World, entered_by: Person) -> Delegation:
    """Return a delegation that a clerk entered for a leader; another clerk has to confirm it."""
    tenures = {"tenure": world.tenures["liaison_leader"], "to": world.tenures["gov_leader"]}
    row = Delegation(**tenures, from_date=TODAY, to_date=TODAY + timedelta(days=20), reason="外出")
    return delegate(row, by=fresh(entered_by))


def test_a_new_account_confirms_no_delegation(world: World, time_machine: Any) -> None:
    row, clerk = waiting_delegation(world, world.gov_clerk), new_clerk(world)
    given_code(clerk, world.administrator, world.administrator)
    with refusal("confirms_with_new_account"):
        confirm_delegation(row, by=fresh(clerk))
    time_machine.shift(timedelta(days=7, minutes=1))
    confirm_delegation(row, by=fresh(clerk))
    assert row.confirmed_by == clerk


def test_two_accounts_of_one_hand_confirm_no_delegation_of_each_other(world: World) -> None:
    clerk = new_clerk(world)
    given_code(clerk, world.administrator, world.auditor)
    given_code(world.gov_clerk, world.administrator, world.auditor)
    row = waiting_delegation(world, world.gov_clerk)
    with refusal("confirms_for_the_same_hand"):
        confirm_delegation(row, by=fresh(clerk))
    confirm_delegation(row, by=fresh(world.liaison_leader))
    assert row.confirmed_by == world.liaison_leader, "whoever gives it always confirms it"


def writer_of(world: World) -> Person:
    """Return a writer whose account the administrator made and opened alone, and logs in with."""
    post = seat("写稿", role=Role.WRITER, conference=world.conference).post
    post.tenures.all().delete()
    person = save_person(Person(username="puppet", name="影子"), by=world.administrator)
    begin_tenure(post, person, by=world.administrator, from_date=TODAY)
    [code] = request_or_apply([account_act("login_code", fresh(person))], by=world.administrator).codes
    assert redeem_code("puppet", code.code) == person
    return choose_password(fresh(person), password=OWN)


@pytest.mark.parametrize("days", [1, 8, 400])
def test_the_first_protected_right_takes_an_account_out_of_the_hand_that_opened_it(
    world: World, time_machine: Any, days: int
) -> None:
    person, post = writer_of(world), seat("县长", role=Role.HEAD_OF_GOVERNMENT, conference=world.conference).post
    post.tenures.all().delete()
    time_machine.shift(timedelta(days=days))
    tenure = Tenure(post=post, person=person, full_title="县长", from_date=TODAY)
    [code] = confirmed(tenure_act(person, tenure), by=world.administrator, second=world.auditor)
    assert code.person == person
    assert not has_password(fresh(person)), "the old password and the sessions end"
    assert LoginCode.objects.filter(person=person).first().shown_to == world.auditor  # type: ignore[union-attr]
    assert redeem_code("puppet", code.code) == person
    choose_password(fresh(person), password=OWN + "!")
    other = seat("工会主席", role=Role.UNION_LEADER, conference=world.conference).post
    other.tenures.all().delete()
    time_machine.shift(timedelta(days=8))
    second = Tenure(post=other, person=person, full_title="主席", from_date=TODAY)
    assert confirmed(tenure_act(person, second), by=world.administrator, second=world.auditor) == []


@pytest.mark.parametrize("days", [1, 8, 400])
def test_nobody_makes_a_reader_of_an_account_that_he_opened(world: World, time_machine: Any, days: int) -> None:
    person, post = writer_of(world), seat("秘书", role=Role.CLERK, side=Side.UNION, conference=world.conference).post
    post.tenures.all().delete()
    time_machine.shift(timedelta(days=days))
    with refusal("needs_second_person"):
        begin_tenure(post, fresh(person), by=world.administrator, from_date=TODAY)
    tenure = Tenure(post=post, person=person, full_title="秘书", from_date=TODAY)
    [code] = confirmed(tenure_act(person, tenure), by=world.administrator, second=world.auditor)
    assert code.person == person


@pytest.mark.parametrize("role", [Role.WRITER, Role.LIAISON, Role.CLERK])
@pytest.mark.parametrize("ended", [False, True])
def test_nobody_works_under_the_name_of_an_established_colleague(world: World, role: str, ended: bool) -> None:
    held = seat("在岗", role=role, side=Side.UNION, conference=world.conference, department=world.department)
    person = give_password(held.person)
    if ended:
        Tenure.objects.filter(pk=held.pk).update(to_date=TODAY - timedelta(days=1))
    with refusal("needs_second_person"):
        issue_code(person, by=world.administrator, shown_to=world.administrator)
    renamed = fresh(person)
    renamed.username = "other"
    with refusal("needs_second_person"):
        save_person(renamed, by=world.administrator)
    [code] = confirmed(account_act("login_code", person), by=world.administrator, second=world.auditor)
    assert code.person == person


def test_a_writer_who_once_chose_a_password_stays_protected(world: World) -> None:
    person = writer_of(world)
    Person.objects.filter(pk=person.pk).update(password="")
    with refusal("needs_second_person"):
        issue_code(fresh(person), by=world.administrator, shown_to=world.administrator)
