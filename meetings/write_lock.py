"""Who writes records writes alone: the next one waits until the transaction ends, then reads what stands by then.

An operation checks more than the row that it changes (who holds a post that day, which numbers are given, what else is
unfinished), and the search renews documents made of several records. SQLite lets one transaction write at a time.
PostgreSQL would let two interleave, each blind to the other, or make them wait for each other's rows, so here they
queue in the order of their coming. Readers never wait.

Key concepts
- `writing()`: such a transaction.
- `at_end(do, what)`: something to do once for all that was written, such as bringing the search index up to date.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

_QUEUE = 0x6C7868  # any number that no other program asks this database for
Do = Callable[[list[Any]], None]
_waiting: ContextVar[dict[Do, list[Any]] | None] = ContextVar("waiting", default=None)


@contextmanager
def writing(*, savepoint: bool = True) -> Iterator[None]:
    """A transaction, or a part of the present one, in which nobody else writes records; `@writing()` wraps a function.

    Take it before reading what the write depends on. It may be taken again inside. Without a `savepoint`, which saves
    two queries, an exception inside undoes the whole of an outer transaction, even if it is caught in between.
    """
    with transaction.atomic(savepoint=savepoint):
        if _waiting.get() is not None:
            yield  # the outer one holds the lock, until the transaction or the savepoint of it ends
            return
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_QUEUE])
        token = _waiting.set({})
        try:
            yield
            _finish()
        finally:
            _waiting.reset(token)


def at_end(do: Do, what: Any) -> None:
    """Call `do` with everything that it was asked for, when the outermost `writing` ends; at once outside of one.

    It runs in the same transaction: what it raises undoes all of it. It may ask for more.
    """
    waiting = _waiting.get()
    if waiting is None:
        do([what])
    else:
        waiting.setdefault(do, []).append(what)


def _finish() -> None:
    waiting = _waiting.get()
    while waiting:
        do = next(iter(waiting))
        do(waiting.pop(do))
