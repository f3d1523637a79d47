"""Rebuilding the embedded index, and comparing it with its sources.

- `rebuild(tick)`: clear the index and fill it from all sources in one transaction. Readers see the old index until the
  commit, and an interrupted rebuild changes nothing. Writers wait meanwhile.
- `rebuilt_at_end()`: pause updates during a bulk load and rebuild at its end.
- `consistent_snapshot()`: all reads inside see one state of the database.
- `differences()`: documents that are missing, stale or orphaned in the index.
- `repair(found)`: fix them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from meetings.write_lock import write_transaction
from publicity.operations import public_state
from search.document import Document
from search.engines.selection import engine
from search.index_updates import update_subjects, updates_paused
from search.sources import SOURCES

MISSING, STALE, ORPHANED = "missing", "stale", "orphaned"


@dataclass(frozen=True)
class Difference:
    """A document that differs between the index and its source."""

    key: str
    status: str


def count() -> int:
    """Return the number of rows of all sources."""
    return sum(source.rows().count() for source in SOURCES.values())


def rebuild(tick: Callable[[], object] = lambda: None) -> int:
    """Rebuild the index and return the number of documents. `tick` is called for each document."""
    number = 0

    def counted(documents: Iterator[Document]) -> Iterator[Document]:
        nonlocal number
        for document in documents:
            yield document
            number += 1
            tick()

    with write_transaction():
        engine().clear()
        for source in SOURCES.values():
            engine().index(counted(source.documents()))
        public_state.move()  # kept pages show similar decisions
    return number


@contextmanager
def rebuilt_at_end() -> Iterator[None]:
    """Pause updates inside and rebuild the index at the end. If the load fails, the index is not rebuilt."""
    with updates_paused():
        yield
    rebuild()


@contextmanager
def consistent_snapshot() -> Iterator[None]:
    """Let all reads inside see the same state of the database, without blocking writers.

    `atomic` is not enough: on SQLite it takes the write lock at once, and on PostgreSQL each statement sees what was
    committed before it. A deferred transaction on SQLite and a repeatable-read one on PostgreSQL read from a snapshot.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def differences() -> Iterator[Difference]:
    """Yield each document that differs between index and source. Call it inside `consistent_snapshot`."""
    checksums = dict(engine().checksums())
    for source in SOURCES.values():
        for document in source.documents():
            checksum = checksums.pop(document.key, None)
            if checksum is None:
                yield Difference(document.key, MISSING)
            elif checksum != document.checksum():
                yield Difference(document.key, STALE)
    yield from (Difference(key, ORPHANED) for key in checksums)


def repair(found: list[Difference]) -> None:
    """Update or delete the documents that differ, from the present state of their sources."""
    for difference in found:
        name, _, subject = difference.key.partition(":")
        if name in SOURCES:
            update_subjects(SOURCES[name], [int(subject)])
        else:
            engine().delete([difference.key])
    public_state.move()
