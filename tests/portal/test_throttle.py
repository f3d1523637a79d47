"""Limits on failed logins through the page of the login: per address, per account, and who is not affected."""

import datetime
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from meetings.enums import AccessKind
from meetings.models import AccessEntry, AttemptCount, Person
from meetings.operations.attempts import network_of
from portal import known_browser, throttle
from portal.throttle import ACCOUNT, ADDRESS, LONGEST_WAIT, PAIR

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
PASSWORD = "right-Password-2024"
OFFICE, HOME = "203.0.113.7", "203.0.113.99"
LOGIN = "/admin/login/"
LOGIN_QUERIES = 12  # of a wrong attempt: known address, three counters, rows to delete, person, code, access log


@pytest.fixture(autouse=True)
def _fixed_time(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime.datetime(2026, 3, 3, 8, tzinfo=datetime.UTC), tick=False)


@pytest.fixture
def people() -> list[Person]:
    """Forty colleagues with the same password, which none of them has entered yet."""
    stored = make_password(PASSWORD)
    rows = [Person(username=f"clerk{n}", name=f"干部{n}", password=stored, is_superuser=True) for n in range(40)]
    return Person.objects.bulk_create(rows)


def sign_in(name: str, password: str, address: str = OFFICE, client: Client | None = None) -> Any:
    """Send the form of the login, in a new browser if none is given."""
    form = {"username": name, "password": password, "next": "/admin/"}
    return (client or Client()).post(LOGIN, form, REMOTE_ADDR=address)


def statuses(tries: Iterable[tuple[str, str, str]]) -> list[int]:
    return [sign_in(*each).status_code for each in tries]


@pytest.mark.parametrize("prefix", ["clerk", "nobody"])
def test_many_logins_tried_from_one_address_are_stopped(people: list[Person], prefix: str) -> None:
    """With or without an account: nobody learns here which logins exist."""
    met = statuses((f"{prefix}{n}", "Spring-2026!", OFFICE) for n in range(15))
    assert met == [200] * 9 + [429] * 6
    answer = sign_in(f"{prefix}20", "Spring-2026!")
    assert answer["Retry-After"] == "10"
    assert "10 秒" in answer.content.decode()
    assert sign_in("clerk30", PASSWORD, HOME).status_code == 302


@pytest.mark.parametrize("name", ["clerk1", "nobody"])
def test_one_account_tried_from_many_addresses_is_stopped(people: list[Person], name: str) -> None:
    met = statuses((name, "wrong", f"198.51.100.{n}") for n in range(12))
    assert met == [200] * 9 + [429] * 3
    answer = sign_in(name, "wrong", "198.51.100.50")
    assert answer["Retry-After"] == "10"
    assert "用户名" in answer.content.decode()
    assert sign_in("clerk2", PASSWORD, "198.51.100.1").status_code == 302


def test_addresses_of_one_ipv6_network_are_one(people: list[Person]) -> None:
    met = statuses(("clerk1", "wrong", f"2001:db8:1:2::{n}") for n in range(1, 9))
    assert met == [200] * 4 + [429] * 4
    assert statuses([("clerk1", PASSWORD, "2001:db8:1:3::1")]) == [302]


def test_an_ipv4_address_written_as_ipv6_is_the_same(people: list[Person]) -> None:
    met = statuses(("clerk1", "wrong", address) for address in (OFFICE, f"::ffff:{OFFICE}", OFFICE, f"::ffff:{OFFICE}"))
    assert met == [200] * 4
    assert statuses([("clerk1", "wrong", OFFICE), ("clerk1", PASSWORD, f"::ffff:{OFFICE}")]) == [429, 429]


def attack(tries: Iterable[tuple[str, str]], time_machine: TimeMachineFixture) -> list[int]:
    """Go on guessing, and wait each time as long as the answer says; return the waits."""
    waits = []
    for name, address in tries:
        answer = sign_in(name, "wrong", address)
        if answer.status_code == 429:
            waits.append(int(answer["Retry-After"]))
            time_machine.shift(waits[-1])
    return waits


@pytest.mark.parametrize("kind", ["address", "account"])
def test_the_wait_of_a_patient_attacker_doubles_and_ends_at_fifteen_minutes(
    people: list[Person], time_machine: TimeMachineFixture, kind: str
) -> None:
    tries = [(f"clerk{n}", OFFICE) if kind == "address" else ("clerk1", f"198.51.100.{n}") for n in range(19)]
    assert attack(tries, time_machine) == [10, 20, 40, 80, 160, 320, 640, 900, 900, 900]


def test_an_office_that_mistypes_now_and_then_is_not_locked_out(
    people: list[Person], time_machine: TimeMachineFixture
) -> None:
    """Forty colleagues at one address, all in new browsers, each one to four tries each within a quarter of an hour."""
    for n, person in enumerate(people):
        assert statuses([(person.username, "mistyped", OFFICE)] * (n % 4)) == [200] * (n % 4)
        assert sign_in(person.username, PASSWORD).status_code == 302
        time_machine.shift(20)


def test_two_who_give_up_make_a_new_browser_wait_for_seconds_only(
    people: list[Person], time_machine: TimeMachineFixture
) -> None:
    for name in ("clerk1", "clerk2"):
        statuses([(name, "forgotten", OFFICE)] * 5)
    assert sign_in("clerk3", PASSWORD)["Retry-After"] == "10"
    time_machine.shift(10)
    assert statuses((f"clerk{n}", PASSWORD, OFFICE) for n in range(3, 40)) == [302] * 37


def test_a_right_password_of_the_own_does_not_reset_an_attack(people: list[Person]) -> None:
    met = []
    for n in range(1, 16):
        met.append(sign_in(f"clerk{n}", "wrong").status_code)
        sign_in("clerk0", PASSWORD)
    assert met == [200] * 9 + [429] * 6


def test_a_success_of_the_owner_leaves_the_failures_at_other_addresses_counted(people: list[Person]) -> None:
    assert statuses(("clerk1", "wrong", f"198.51.100.{n}") for n in range(9)) == [200] * 9
    assert sign_in("clerk1", PASSWORD, HOME).status_code == 302
    assert sign_in("clerk1", "wrong", "198.51.100.50").status_code == 429


def test_who_owns_an_attacked_account_works_on_in_the_usual_browser_and_at_the_usual_address(
    people: list[Person],
) -> None:
    usual = Client()
    assert sign_in("clerk1", PASSWORD, OFFICE, usual).status_code == 302
    statuses(("clerk1", "wrong", f"198.51.100.{n}") for n in range(12))
    assert sign_in("clerk1", PASSWORD, HOME).status_code == 429
    assert sign_in("clerk1", PASSWORD, HOME, usual).status_code == 302
    assert sign_in("clerk1", PASSWORD, OFFICE).status_code == 302


def test_colleagues_of_an_attacker_in_the_office_work_on_in_their_browsers(people: list[Person]) -> None:
    usual = Client()
    assert sign_in("clerk1", PASSWORD, OFFICE, usual).status_code == 302
    statuses((f"clerk{n}", "wrong", OFFICE) for n in range(2, 15))
    statuses([("clerk1", "wrong", OFFICE)] * 6)
    assert sign_in("clerk1", PASSWORD, OFFICE, usual).status_code == 302
    assert sign_in("clerk2", PASSWORD, OFFICE, usual).status_code == 429


def test_a_known_browser_may_guess_no_more_than_others(people: list[Person], time_machine: TimeMachineFixture) -> None:
    usual = Client()
    sign_in("clerk1", PASSWORD, OFFICE, usual)
    met = [sign_in("clerk1", "wrong", f"198.51.100.{n}", usual).status_code for n in range(6)]
    assert met == [200] * 4 + [429] * 2
    time_machine.shift(LONGEST_WAIT)
    assert sign_in("clerk1", PASSWORD, OFFICE, usual).status_code == 302


def test_several_colleagues_at_one_computer_are_all_known(people: list[Person]) -> None:
    shared = Client()
    for n in range(12):
        sign_in(f"clerk{n}", PASSWORD, OFFICE, shared)
    statuses((f"nobody{n}", "wrong", OFFICE) for n in range(10))
    met = [sign_in(f"clerk{n}", "wrong", OFFICE, shared).status_code for n in range(12)]
    assert met == [429] * 4 + [200] * 8


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "WyJhIl0:1:2"])
def test_a_forged_cookie_is_ignored(people: list[Person], value: str) -> None:
    client = Client()
    client.cookies[known_browser.COOKIE] = value
    assert sign_in("clerk1", PASSWORD, OFFICE, client).status_code == 302


def test_the_cookie_is_kept_from_scripts_and_names_nobody(people: list[Person], settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = sign_in("clerk1", PASSWORD).cookies[known_browser.COOKIE]
    assert (cookie["httponly"], cookie["secure"], cookie["path"], cookie["samesite"]) == (True, True, "/admin/", "Lax")
    assert "clerk1" not in cookie.value
    assert known_browser.COOKIE not in sign_in("clerk1", "wrong").cookies


def test_a_browser_is_forgotten_after_half_a_year(people: list[Person], time_machine: TimeMachineFixture) -> None:
    usual = Client()
    sign_in("clerk1", PASSWORD, OFFICE, usual)
    time_machine.shift(known_browser.MAX_AGE + 1)
    usual.cookies[known_browser.COOKIE]["max-age"] = ""
    statuses((f"nobody{n}", "wrong", OFFICE) for n in range(10))
    assert sign_in("clerk1", PASSWORD, OFFICE, usual).status_code == 429


def test_each_refused_attempt_is_logged_once_with_its_cause(people: list[Person]) -> None:
    statuses((f"clerk{n}", "wrong", OFFICE) for n in range(12))
    failed = AccessEntry.objects.filter(kind=AccessKind.LOGIN_FAILED)
    locked = AccessEntry.objects.filter(kind=AccessKind.LOCKED).order_by("pk")
    assert failed.count() == 10
    assert [entry.person and entry.person.username for entry in locked] == ["clerk9", "clerk10", "clerk11"]
    assert {entry.what for entry in locked} == {"来自此网络地址的错误登录过多"}


def test_without_an_address_the_account_is_still_limited(people: list[Person]) -> None:
    """A socket without a proxy: the addresses are unknown, and must not be counted as one."""
    assert statuses((f"nobody{n}", "wrong", "") for n in range(15)) == [200] * 15
    assert statuses([("clerk1", "wrong", "")] * 5) == [200] * 4 + [429]


def test_the_right_password_on_the_account_page_is_no_failure(people: list[Person]) -> None:
    client = Client()
    client.force_login(people[0])
    form = {"theme-theme": "system", "theme-density": "default", "theme-contrast": "system"}
    form |= {"password-old_password": PASSWORD, "password-new_password1": "x", "password-new_password2": "x"}
    assert [client.post("/admin/account/", form).status_code for _time in range(6)] == [200] * 6
    assert set(AttemptCount.objects.values_list("count", flat=True)) == {0}


@pytest.mark.parametrize("name", ["clerk1", "nobody"])
def test_an_account_costs_no_query_more_than_none(
    people: list[Person], name: str, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    sign_in(name, "wrong")
    with django_assert_max_num_queries(20) as queries:
        sign_in(name, "wrong", HOME)
    assert len(queries.captured_queries) == LOGIN_QUERIES


def test_the_limits_stay_within_those_of_the_pair() -> None:
    assert max(limit.longest_wait for limit in (ACCOUNT, ADDRESS)) == PAIR.longest_wait
    assert network_of(OFFICE) == OFFICE
    assert throttle.wait_text(121) == "3 分钟"
