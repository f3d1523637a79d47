"""Building the index afresh, and comparing it with what it is made from.

Key concepts
- `rebuild(tick)`: empty the index and fill it from every source, in one transaction: readers see the old one until the
  new one stands, and a rebuild that is cut off changes nothing. Writers wait meanwhile.
- `filled_afterwards()`: for a load of many changes: the index rests meanwhile and is rebuilt at its end.
- `one_moment()`: what is read inside is of one moment.
- `differences()`: what the index lacks, holds differently, or holds though it is no longer found.
- `repair(found)`: put those right.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from meetings.write_lock import writing
from search.document import Document
from search.engines.selection import engine
from search.index_updates import renew_subjects, resting
from search.sources import SOURCES

MISSING, STALE, ORPHANED = "missing", "stale", "orphaned"


@dataclass(frozen=True)
class Difference:
    """A document of which index and source disagree."""

    key: str
    what: str


def count() -> int:
    """Return how many rows the sources have."""
    return sum(source.rows().count() for source in SOURCES.values())


def rebuild(tick: Callable[[], object] = lambda: None) -> int:
    """Build the index afresh; `tick` is called for each document. Returns their number."""
    number = 0

    def counted(documents: Iterator[Document]) -> Iterator[Document]:
        nonlocal number
        for document in documents:
            yield document
            number += 1
            tick()

    with writing():
        engine().clear()
        for source in SOURCES.values():
            engine().index(counted(source.documents()))
    return number


@contextmanager
def filled_afterwards() -> Iterator[None]:
    """Let the index rest inside and rebuild it at the end; a load that breaks off leaves it as it was."""
    with resting():
        yield
    rebuild()


@contextmanager
def one_moment() -> Iterator[None]:
    """Let everything read inside be of one moment, without keeping writers waiting.

    `atomic` alone would not do: on SQLite it takes the lock for writing at once, on PostgreSQL each statement sees what
    was written before it. A deferred transaction there, and a repeatable one here, read from a snapshot.
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
    """Yield each document of which index and source disagree; ask inside `one_moment`."""
    kept = dict(engine().checksums())
    for source in SOURCES.values():
        for document in source.documents():
            checksum = kept.pop(document.key, None)
            if checksum is None:
                yield Difference(document.key, MISSING)
            elif checksum != document.checksum():
                yield Difference(document.key, STALE)
    yield from (Difference(key, ORPHANED) for key in kept)


def repair(found: list[Difference]) -> None:
    """Bring the documents that differ up to date, from their sources as they are now."""
    for difference in found:
        name, _, subject = difference.key.partition(":")
        if name in SOURCES:
            renew_subjects(SOURCES[name], [int(subject)])
        else:
            engine().delete([difference.key])
