"""Serialised write transactions: one process writes records at a time, the others wait until its transaction ends.

An operation checks more rows than the one it changes (who holds a post that day, which numbers are allocated, what
else is unfinished), and search documents are built from several records. SQLite allows one writing transaction at a
time. PostgreSQL would run two in parallel, where neither sees the changes of the other, or make them wait for each
other's row locks. An advisory lock therefore puts them in a queue in order of arrival. Readers never wait.

- `write_transaction()`: a transaction that holds the lock.
- `trial()`: a savepoint that is always rolled back, to learn what would refuse an operation.
- `LOCK_KEY`: the key of the lock, for triggers that write in the same queue.
- `run_at_end(callback, item)`: work to do once for everything that was written, such as updating the search index.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection, transaction

LOCK_KEY = 0x6C7868  # arbitrary; no other program may use the same advisory lock key in this database
Callback = Callable[[list[Any]], None]
Item = TypeVar("Item")
_deferred: ContextVar[dict[Callback, list[Any]] | None] = ContextVar("deferred", default=None)


@contextmanager
def write_transaction(*, savepoint: bool = True) -> Iterator[None]:
    """Open a transaction (or a savepoint of the current one) in which nobody else writes records.

    Can also decorate a function: `@write_transaction()`. Enter it before you read what the write depends on. It can be
    nested. `savepoint=False` saves two queries, but then an exception inside rolls the whole outer transaction back,
    even if it is caught in between.
    """
    with transaction.atomic(savepoint=savepoint):
        if _deferred.get() is not None:
            yield  # the outer call holds the lock until its transaction or savepoint ends
            return
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        token = _deferred.set({})
        try:
            yield
            _run_deferred()
        finally:
            _deferred.reset(token)


@contextmanager
def trial() -> Iterator[None]:
    """Run the body inside the present transaction and undo all that it wrote; exceptions pass.

    What it defers with `run_at_end` is dropped.
    """
    with transaction.atomic():
        token = _deferred.set({})
        try:
            yield
        finally:
            _deferred.reset(token)
        transaction.set_rollback(True)


def run_at_end(callback: Callable[[list[Item]], None], item: Item) -> None:
    """Call `callback` once, with all its items, when the outermost `write_transaction` ends.

    Outside of a `write_transaction` it is called at once. It runs in the same transaction, so an exception rolls
    everything back. A callback may call `run_at_end` itself.
    """
    deferred = _deferred.get()
    if deferred is None:
        callback([item])
    else:
        deferred.setdefault(callback, []).append(item)


def _run_deferred() -> None:
    deferred = _deferred.get()
    while deferred:
        callback = next(iter(deferred))
        callback(deferred.pop(callback))
