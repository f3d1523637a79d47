"""One-time codes: they replace the password, work once and for a week, and lead to "choose your own password" only."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import TimeMachineFixture

from meetings.enums import AccessKind, Role
from meetings.models import AccessEntry, LoginCode, Person
from meetings.operations.login import choose_password, issue_code
from meetings.operations.people import save_person
from portal.models import LoginRules
from tests.meetings.factories import World, yuanqu
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
LOGIN, CODE, PASSWORD, DEVICE = (
    reverse(name) for name in ("wagtailadmin_login", "login_code", "login_password", "login_device")
)
OLD, OWN = "given-Password-2025", "my-own-Password-2026"
TOPICS = "/admin/records/topic/"
START = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def world(time_machine: TimeMachineFixture) -> World:
    time_machine.move_to(START, tick=False)
    found = yuanqu()
    save_person(found.union_clerk, by=None, password=OLD, temporary=False)
    return found


def sign_in(person: Person, password: str) -> Client:
    client = Client()
    client.post(LOGIN, {"username": person.username, "password": password, "next": TOPICS})
    return client


def landed_on(client: Client) -> str:
    """Return the step that blocks the records; empty if they are open."""
    response = client.get(TOPICS)
    return response["Location"].partition("?")[0] if response.status_code == 302 else ""


def issue(world: World) -> str:
    return issue_code(Person.objects.get(pk=world.union_clerk.pk), by=None, shown_to=world.auditor).code


def test_a_code_opens_the_choice_of_a_password_and_nothing_else(world: World) -> None:
    client = sign_in(world.union_clerk, issue(world))
    assert landed_on(client) == PASSWORD
    assert client.get("/admin/account/")["Location"].startswith(PASSWORD)
    assert client.post(PASSWORD, {"new_password1": OWN, "new_password2": OWN}).status_code == 302
    assert landed_on(client) == "", "the session goes on"
    assert landed_on(sign_in(world.union_clerk, OWN)) == ""


def test_the_old_password_and_the_open_sessions_end_with_the_issue(world: World) -> None:
    session = sign_in(world.union_clerk, OLD)
    assert landed_on(session) == ""
    issue(world)
    assert landed_on(session) == LOGIN
    assert landed_on(sign_in(world.union_clerk, OLD)) == LOGIN


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_a_code_is_typed_as_people_type(world: World, typed: object) -> None:
    assert landed_on(sign_in(world.union_clerk, typed(issue(world)))) == PASSWORD  # type: ignore[operator]


def test_a_second_use_is_refused_in_the_words_of_a_wrong_password(world: World) -> None:
    code = issue(world)
    first = sign_in(world.union_clerk, code)
    answers = [
        Client().post(LOGIN, {"username": world.union_clerk.username, "password": typed}).context["form"]
        for typed in (code, "wrong-Password-1")
    ]
    assert answers[0].errors == answers[1].errors
    assert answers[0].non_field_errors()
    assert landed_on(first) == PASSWORD, "the first session goes on"


def test_who_breaks_off_needs_another_code(world: World) -> None:
    code = issue(world)
    sign_in(world.union_clerk, code)
    other = sign_in(world.union_clerk, code)
    assert landed_on(other) == LOGIN
    assert other.post(PASSWORD, {"new_password1": OWN, "new_password2": OWN})["Location"].startswith("/admin/")
    assert landed_on(sign_in(world.union_clerk, OWN)) == LOGIN
    assert landed_on(sign_in(world.union_clerk, issue(world))) == PASSWORD


def test_a_newer_code_ends_the_older_one_and_its_session(world: World) -> None:
    older = issue(world)
    session = sign_in(world.union_clerk, older)
    unused, newest = issue(world), issue(world)
    assert landed_on(session) == LOGIN
    assert landed_on(sign_in(world.union_clerk, unused)) == LOGIN
    assert landed_on(sign_in(world.union_clerk, newest)) == PASSWORD


@pytest.mark.parametrize(("days", "opens"), [(6.9, True), (7, False)])
def test_a_code_works_for_a_week(world: World, time_machine: TimeMachineFixture, days: float, opens: bool) -> None:
    code = issue(world)
    time_machine.shift(timedelta(days=days))
    assert landed_on(sign_in(world.union_clerk, code)) == (PASSWORD if opens else LOGIN)


def test_a_code_of_somebody_else_or_of_a_closed_account_opens_nothing(world: World) -> None:
    code = issue(world)
    assert landed_on(sign_in(world.gov_clerk, code)) == LOGIN
    Person.objects.filter(pk=world.union_clerk.pk).update(is_active=False)
    assert landed_on(sign_in(world.union_clerk, code)) == LOGIN
    assert LoginCode.objects.get().used_at is None


def test_guesses_of_a_code_are_counted_like_wrong_passwords(world: World) -> None:
    code = issue(world)
    client = Client()
    for _guess in range(5):
        client.post(LOGIN, {"username": world.union_clerk.username, "password": "2222-2222-2222-2222"})
    answer = client.post(LOGIN, {"username": world.union_clerk.username, "password": code})
    assert answer.status_code == 429
    assert LoginCode.objects.get().used_at is None


def test_a_code_does_not_replace_the_second_factor(world: World) -> None:
    from tests.portal.test_login_steps import bind_telephone

    LoginRules.objects.create(second_factor_roles=[Role.CLERK])
    save_person(world.union_clerk, by=None, password="given-Password-2025", temporary=False)
    bind_telephone(world.union_clerk)
    client = sign_in(world.union_clerk, issue(world))
    assert landed_on(client) == CODE
    assert client.post(PASSWORD, {"new_password1": OWN, "new_password2": OWN})["Location"].startswith("/admin/")
    assert landed_on(client) == CODE, "the password is chosen after the telephone was asked for"


def test_the_code_is_not_the_own_password(world: World) -> None:
    code = issue(world)
    for typed in (code, code.lower(), code.replace("-", "")):
        with refusal("password_unchanged"):
            choose_password(Person.objects.get(pk=world.union_clerk.pk), password=typed)


def test_the_use_is_in_the_access_log_with_its_address(world: World) -> None:
    code = issue(world)
    Client(REMOTE_ADDR="203.0.113.9").post(LOGIN, {"username": world.union_clerk.username, "password": code})
    entry = AccessEntry.objects.get(kind=AccessKind.LOGIN)
    assert (entry.person, entry.address) == (world.union_clerk, "203.0.113.9")
    assert "一次性登录码" in entry.what
    assert code not in str(list(AccessEntry.objects.values_list("what", flat=True)))


def test_on_public_pages_the_session_of_a_code_is_anonymous(world: World) -> None:
    client = sign_in(world.union_clerk, issue(world))
    assert client.get("/healthz").wsgi_request.user.is_anonymous


def test_a_password_set_on_the_server_ends_the_code(world: World) -> None:
    code = issue(world)
    save_person(Person.objects.get(pk=world.union_clerk.pk), by=None, password=OWN, temporary=False)
    assert landed_on(sign_in(world.union_clerk, code)) == LOGIN


def test_a_code_is_redeemed_before_the_first_day_of_the_tenure(world: World, time_machine: TimeMachineFixture) -> None:
    person = world.union_clerk
    person.tenures.update(from_date=date(2026, 3, 4))
    client = sign_in(person, issue(world))
    assert landed_on(client) == PASSWORD
    assert client.get(PASSWORD).status_code == 200
    assert client.post(PASSWORD, {"new_password1": OWN, "new_password2": OWN}).status_code == 302
    assert landed_on(client) == LOGIN, "there is nothing to do before that day"
    time_machine.move_to(START + timedelta(days=3), tick=False)
    assert landed_on(sign_in(person, OWN)) == ""
    assert Client().get(PASSWORD)["Location"].startswith(LOGIN)
