"""Limits on attempts, such as failed logins, counted in one table that all processes and machines share.

- `Limit`: how many attempts are free, and how long to wait afterwards. `limit.counter(…)` names what is counted.
- `count_attempt(*counters)`: counts an attempt before it is made, or raises `LimitReached`. Counting first makes the
  limit exact: of twenty simultaneous guesses, no more are checked than the limit allows.
- `forget_attempts(counted)`: an attempt was right; it and the earlier ones of the same kind no longer count.
- `remember(key, seconds)`, `is_remembered(key)`: a fact that is kept for a time, beside the counts.
- `network_of(address)`: the part of a client address under which attempts are counted.

Django 5.2 has no upsert that computes from the stored value: `bulk_create(update_conflicts=True)` only overwrites, and
`get_or_create` with `F()` takes several statements, between which other processes count. Hence one statement of SQL,
which SQLite and PostgreSQL both accept. django-ratelimit counts in Django's cache, which processes share only with a
cache server.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, F, Value, When
from django.utils.crypto import salted_hmac

from meetings import clock
from meetings.models import AttemptCount

IPV6_PREFIX = 64  # a subscriber gets at least a /64, and may take any address of it
PURGED_AT_ONCE = 100  # an attempt adds three rows at most, so the table shrinks whenever rows have expired


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A number of free attempts in a window; each later attempt is preceded by a wait, which doubles. In seconds.

    - `attempts`: this attempt of a window, and each that follows, starts a wait; at least 2.
    - `first_wait`, `longest_wait`: the wait doubles from the one to the other.
    - `memory`: how long the count is kept after the end of a wait. 0: all attempts are free again after the wait.
    """

    name: str
    attempts: int
    window: int
    first_wait: int
    longest_wait: int
    memory: int = 0

    @property
    def doublings(self) -> int:
        """Return after how many doublings the longest wait is reached."""
        return math.ceil(math.log2(self.longest_wait / self.first_wait))

    def counter(self, *subject: str) -> "Counter":
        """Return the counter of this limit for `subject`, for example a login and an address."""
        return Counter(self, keyed_hash(self.name, *subject))


@dataclass(frozen=True)
class Counter:
    """What is counted: a limit, and the keyed hash of its subject."""

    limit: Limit
    key: str


@dataclass(frozen=True)
class Counted:
    """A counted attempt: the count with it, and until when further attempts have to wait (0: they need not)."""

    counter: Counter
    count: int
    until: int


class LimitReached(Exception):
    """The attempt must not be made now: the limit, and for how many seconds."""

    def __init__(self, limit: Limit, seconds: int) -> None:
        super().__init__(f"{limit.name}: wait {seconds} s")
        self.limit, self.seconds = limit, seconds


# The new count, whether it begins a wait, and the wait: doubled, or the longest. They are repeated where they are used,
# because neither database can name an expression inside DO UPDATE.
_COUNT = "CASE WHEN old.expires <= %(now)s THEN 1 ELSE old.count + 1 END"
_IS_FREE = f"{_COUNT} < %(attempts)s"
_WAIT = f"""CASE
        WHEN {_COUNT} - %(attempts)s >= %(doublings)s THEN %(longest_wait)s
        ELSE %(first_wait)s << ({_COUNT} - %(attempts)s) END"""
# A row whose wait is not over is not updated, and then no row is returned. Without a wait `until` is 0 and not the
# present, because the clocks of two machines differ.
_UPSERT = f"""
INSERT INTO "meetings_attemptcount" AS old ("key", count, until, expires)
VALUES (%(key)s, 1, 0, %(now)s + %(window)s)
ON CONFLICT ("key") DO UPDATE SET
    count = {_COUNT},
    until = CASE WHEN {_IS_FREE} THEN 0 ELSE %(now)s + {_WAIT} END,
    expires = CASE
        WHEN NOT {_IS_FREE} THEN %(now)s + {_WAIT} + %(memory)s
        WHEN old.expires <= %(now)s THEN %(now)s + %(window)s
        ELSE old.expires END
WHERE old.until <= %(now)s
RETURNING count, until
"""  # noqa: S608  # constants only


class _Waiting(Exception):
    """A counter still waits: rolls the transaction back, so that the other counters do not count either."""


def count_attempt(*counters: Counter) -> tuple[Counted, ...]:
    """Count one attempt under all `counters`, in the order given; raise `LimitReached` if one of them still waits.

    A refused attempt counts nowhere, so it does not prolong a wait. The count is committed at once: called inside of a
    transaction, it raises RuntimeError, because the transaction could roll it back and would hold its locks.
    Callers that count the same kinds use one order, so that two processes cannot wait for each other.
    """
    now = _now()
    try:
        with transaction.atomic(durable=True):
            counted = tuple(_count(counter, now) for counter in counters)
            _purge(now)
    except _Waiting:
        raise _limit_reached(counters, now) from None
    return counted


def forget_attempts(first: Counted, *wider: Counted) -> None:
    """Forget the attempts counted by `first`, because this one was right: delete it, subtract its count from `wider`.

    Everything else that the wider counters counted stays. A wait that this attempt began ends; a wait that another
    attempt began meanwhile goes on.
    """
    with transaction.atomic(durable=True):
        rows = AttemptCount.objects.select_for_update().filter(pk=first.counter.key)
        made = rows.values_list("count", flat=True).first()
        if made is None:  # another success at the same moment has forgotten this one too
            return
        rows.delete()
        for counted in wider:
            AttemptCount.objects.filter(pk=counted.counter.key).update(
                count=Case(When(count__gt=made, then=F("count") - made), default=Value(0)),
                until=Case(
                    When(until=counted.until, then=Value(0)), default=F("until"), output_field=BigIntegerField()
                ),
            )


def wait_after(counted: Sequence[Counted]) -> LimitReached | None:
    """Return the wait that a counted attempt has begun, if any."""
    return _longest([(each.counter.limit, each.until) for each in counted], _now())


def network_of(address: str) -> str:
    """Return the network of a client: an IPv4 address itself, the /64 of an IPv6 address."""
    parsed = ip_address(address)
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, IPV6_PREFIX), strict=False))


def keyed_hash(name: str, *subject: str) -> str:
    """Return the key of a row: what is counted or remembered, without its words."""
    return salted_hmac(f"attempts.{name}", "\0".join(subject), algorithm="sha256").hexdigest()


def remember(key: str, seconds: int) -> None:
    """Remember `key` for so many seconds from now."""
    row = AttemptCount(key=key, count=0, until=0, expires=_now() + seconds)
    AttemptCount.objects.bulk_create([row], update_conflicts=True, unique_fields=["key"], update_fields=["expires"])


def is_remembered(key: str) -> bool:
    """Return True if `key` was remembered, and its time is not over."""
    return AttemptCount.objects.filter(pk=key, expires__gt=_now()).exists()


def _count(counter: Counter, now: int) -> Counted:
    limit = counter.limit
    params: dict[str, str | int] = {
        "key": counter.key,
        "now": now,
        "attempts": limit.attempts,
        "window": limit.window,
        "first_wait": limit.first_wait,
        "longest_wait": limit.longest_wait,
        "doublings": limit.doublings,
        "memory": limit.memory,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, params)
        row = cursor.fetchone()
    if row is None:
        raise _Waiting
    return Counted(counter, count=row[0], until=row[1])


def _purge(now: int) -> None:
    """Delete some expired rows, except those that another process is just counting or deleting."""
    expired = AttemptCount.objects.select_for_update(skip_locked=True).filter(expires__lte=now)
    if keys := list(expired.values_list("pk", flat=True)[:PURGED_AT_ONCE]):
        AttemptCount.objects.filter(pk__in=keys).delete()


def _limit_reached(counters: Sequence[Counter], now: int) -> LimitReached:
    stored = dict(AttemptCount.objects.filter(pk__in=[each.key for each in counters]).values_list("pk", "until"))
    waits = [(each.limit, stored.get(each.key, 0)) for each in counters]
    return _longest(waits, now) or LimitReached(counters[0].limit, 1)  # the wait ended since: try again at once


def _longest(waits: Sequence[tuple[Limit, int]], now: int) -> LimitReached | None:
    limit, until = max(waits, key=lambda each: each[1])
    return LimitReached(limit, until - now) if until > now else None


def _now() -> int:
    return int(clock.now().timestamp())
