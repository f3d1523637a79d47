"""Limits on attempts: the doubling wait, windows, what a success takes back, and that old counts disappear."""

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection, transaction
from time_machine import TimeMachineFixture

from meetings.models import AttemptCount
from meetings.operations import attempts
from meetings.operations.attempts import (
    Counted,
    Limit,
    LimitReached,
    count_attempt,
    forget_attempts,
    is_remembered,
    keyed_hash,
    network_of,
    remember,
    wait_after,
)

pytestmark = pytest.mark.django_db
NARROW = Limit(name="narrow", attempts=3, window=900, first_wait=900, longest_wait=900)
WIDE = Limit(name="wide", attempts=4, window=3600, first_wait=10, longest_wait=60, memory=3600)


@pytest.fixture(autouse=True)
def _fixed_time(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime.datetime(2026, 3, 3, 8, tzinfo=datetime.UTC), tick=False)


def narrow(subject: str = "zhang") -> Counted:
    return count_attempt(NARROW.counter(subject))[0]


def wide(subject: str = "203.0.113.7") -> Counted:
    return count_attempt(WIDE.counter(subject))[0]


def wait_of(act: Callable[[], Any]) -> int:
    """Return how long `act` has to wait."""
    with pytest.raises(LimitReached) as reached:
        act()
    return reached.value.seconds


def test_the_last_free_attempt_begins_the_wait_and_a_refused_one_does_not_prolong_it(
    time_machine: TimeMachineFixture,
) -> None:
    waits = [wait_after([narrow()]) for _time in range(3)]
    assert [wait and wait.seconds for wait in waits] == [None, None, 900]
    time_machine.shift(899)
    assert wait_of(narrow) == 1
    assert wait_of(narrow) == 1
    time_machine.shift(1)
    assert [narrow().count for _time in range(3)] == [1, 2, 3]
    assert wait_of(narrow) == 900


def test_each_further_attempt_doubles_the_wait_up_to_the_longest(time_machine: TimeMachineFixture) -> None:
    waits = []
    for _time in range(9):
        wide()
        stored = AttemptCount.objects.get()
        waits.append(max(0, stored.until - attempts._now()))
        time_machine.shift(waits[-1])
    assert waits == [0, 0, 0, 10, 20, 40, 60, 60, 60]


def test_the_count_is_kept_after_a_wait_as_long_as_the_limit_says(time_machine: TimeMachineFixture) -> None:
    for _time in range(4):
        wide()
    time_machine.shift(10 + 3599)
    assert wide().count == 5
    time_machine.shift(20 + 3600)
    assert wide().count == 1


def test_a_window_begins_with_its_first_attempt_and_is_not_prolonged(time_machine: TimeMachineFixture) -> None:
    counts = []
    for _time in range(4):
        counts.append(wide().count)
        time_machine.shift(1200)
    assert counts == [1, 2, 3, 1]


def test_subjects_and_limits_are_counted_apart() -> None:
    for _time in range(3):
        narrow()
    assert narrow("li").count == 1
    assert count_attempt(WIDE.counter("zhang"))[0].count == 1
    assert NARROW.counter("a", "b") != NARROW.counter("ab") != NARROW.counter("b", "a")


def test_an_attempt_refused_by_one_counter_counts_under_none() -> None:
    for _time in range(3):
        count_attempt(NARROW.counter("zhang"), WIDE.counter("office"))
    assert wait_of(lambda: count_attempt(WIDE.counter("office"), NARROW.counter("zhang"))) == 900
    assert count_attempt(WIDE.counter("office"))[0].count == 4


def test_the_longest_of_several_waits_is_told() -> None:
    for _time in range(3):
        narrow()
    for _time in range(4):
        wide()
    with pytest.raises(LimitReached) as reached:
        count_attempt(WIDE.counter("203.0.113.7"), NARROW.counter("zhang"))
    assert (reached.value.limit, reached.value.seconds) == (NARROW, 900)


def test_a_success_takes_back_its_own_failures_and_no_others(time_machine: TimeMachineFixture) -> None:
    for _time in range(2):
        count_attempt(NARROW.counter("li"), WIDE.counter("office"))
    forget_attempts(*count_attempt(NARROW.counter("zhang"), WIDE.counter("office")))
    assert count_attempt(NARROW.counter("zhang"), WIDE.counter("office"))[1].count == 3
    forget_attempts(*count_attempt(NARROW.counter("zhang"), WIDE.counter("office")))
    assert count_attempt(NARROW.counter("li"), WIDE.counter("office"))[1].count == 3


def test_a_success_ends_the_wait_that_it_began_itself_but_not_that_of_another(time_machine: TimeMachineFixture) -> None:
    for _time in range(3):
        wide("office")
    success = count_attempt(NARROW.counter("zhang"), WIDE.counter("office"))
    assert wait_of(lambda: wide("office")) == 10
    forget_attempts(*success)
    early = count_attempt(NARROW.counter("zhang"), WIDE.counter("office"))
    AttemptCount.objects.filter(pk=WIDE.counter("office").key).update(until=attempts._now() + 40)
    forget_attempts(*early)
    assert wait_of(lambda: wide("office")) == 40


def test_two_successes_at_once_take_back_no_failure_of_others() -> None:
    for _time in range(2):
        wide("office")
    first = count_attempt(NARROW.counter("zhang"))
    second = count_attempt(NARROW.counter("zhang"))
    office = Counted(WIDE.counter("office"), 2, 0)
    AttemptCount.objects.filter(pk=office.counter.key).update(count=4)
    forget_attempts(*first, office)
    forget_attempts(*second, office)
    assert AttemptCount.objects.get(pk=office.counter.key).count == 2


def test_counting_inside_of_a_transaction_is_an_error() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        narrow()


def test_rows_disappear_once_they_expired(time_machine: TimeMachineFixture) -> None:
    for number in range(5):
        narrow(str(number))
    remember(keyed_hash("seen", "zhang"), 600)
    time_machine.shift(600)
    assert not is_remembered(keyed_hash("seen", "zhang"))
    narrow("new")
    assert AttemptCount.objects.count() == 6
    time_machine.shift(300)
    narrow("newer")
    assert AttemptCount.objects.count() == 2


def test_what_is_remembered_is_renewed() -> None:
    key = keyed_hash("seen", "zhang")
    for seconds in (1, 600):
        remember(key, seconds)
    assert is_remembered(key)
    assert AttemptCount.objects.get().expires == attempts._now() + 600
    assert not is_remembered(keyed_hash("seen", "li"))


def test_no_word_of_the_subject_is_stored() -> None:
    narrow("a-password-typed-into-the-login")
    assert "typed" not in str(AttemptCount.objects.get().__dict__)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ],
)
def test_an_ipv6_network_is_counted_as_one(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize("counters", [1, 3])
def test_each_counter_takes_one_statement(
    counters: int, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    named = [NARROW.counter(str(number)) for number in range(counters)]
    with django_assert_num_queries(counters + 3):  # savepoint, rows to delete, release
        count_attempt(*named)


def test_the_table_is_searched_by_index_for_expired_rows() -> None:
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, AttemptCount._meta.db_table)
    assert any(each["index"] and each["columns"] == ["expires"] for each in indexes.values())


def test_machines_whose_clocks_differ_do_not_make_each_other_wait(time_machine: TimeMachineFixture) -> None:
    counts = []
    for seconds in (3, -3, 3):
        time_machine.shift(seconds)
        counts.append(wide().count)
    assert counts == [1, 2, 3]
