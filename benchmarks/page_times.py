"""Measure the pages of a city: time, time in the database, number of queries and size of each kind.

Django's test client asks, in the process of the portal and through all of its middleware: no server and no network.
A staff page is asked for by somebody who is logged in. Each page is asked for twice before it is measured.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import Client

from benchmarks.city.addresses import PUBLIC, STAFF, PageKind, person
from publicity.operations.public_state import move

ROUNDS, WARM_UP = 7, 2
MILLISECONDS = 1000
KILOBYTE = 1024
OK = 200
BROWSER = {"accept-encoding": "gzip, deflate, br"}
KEPT_ROUNDS = 101  # a kept answer takes less than a millisecond
# What the others are compared with, in the same run: the cheapest answer of the portal, and one that reads the counter
# of the public state and has a constant body, of the size of the home page as it is kept.
BASES = (PageKind("/healthz", lambda: "/healthz"), PageKind("constant", lambda: f"/constant/{_size_of_home()}/"))
NOT_KEPT = {"search"}


@dataclass
class Meter:
    """The queries of one request and the seconds that the database took for them."""

    queries: int = 0
    seconds: float = 0.0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Add the duration of the block."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - started


class TimedCursor(CursorWrapper):
    """A cursor that measures execution and fetching: SQLite finds most rows only when they are fetched."""

    meter = Meter()

    def execute(self, sql: Any, params: Any = None) -> Any:
        """Execute and count a query."""
        self.meter.queries += 1
        with self.meter.timed():
            return super().execute(sql, params)

    def executemany(self, sql: Any, param_list: Any) -> Any:
        """Execute and count a query with several sets of values."""
        self.meter.queries += 1
        with self.meter.timed():
            return super().executemany(sql, param_list)

    def fetchone(self) -> Any:
        """Fetch a row."""
        with self.meter.timed():
            return self.cursor.fetchone()

    def fetchmany(self, *args: Any) -> Any:
        """Fetch some rows."""
        with self.meter.timed():
            return self.cursor.fetchmany(*args)

    def fetchall(self) -> Any:
        """Fetch all rows."""
        with self.meter.timed():
            return self.cursor.fetchall()


@contextmanager
def metered() -> Iterator[Meter]:
    """Measure the queries of the block."""
    meter = TimedCursor.meter = Meter()
    replaced: Any = connection
    replaced.make_cursor = lambda cursor: TimedCursor(cursor, connection)
    try:
        yield meter
    finally:
        del replaced.make_cursor


def measure(note: Callable[[str], object] = lambda text: None) -> list[dict[str, Any]]:
    """Return the figures of each kind of page, in the order in which they are listed."""
    kept = [kind for kind in PUBLIC if kind.name not in NOT_KEPT]
    groups = (("base", BASES), ("kept", kept), ("public", PUBLIC), ("staff", STAFF))
    rows = []
    for group, kinds in groups:
        for kind in kinds:
            rows.append({"group": group, **_measure(kind, group)})
            note(" ".join(str(value) for value in rows[-1].values()))
    return rows


def _size_of_home() -> int:
    return len(Client(headers=BROWSER).get("/").content)


def _measure(kind: PageKind, group: str) -> dict[str, Any]:
    client, address = Client(headers=BROWSER), kind.address()
    if kind.role:
        client.force_login(person(kind.role), backend="meetings.rights.TenureBackend")
    for _round in range(WARM_UP):
        _ask(client, address)
    times = []
    for _round in range(KEPT_ROUNDS if group in {"base", "kept"} else ROUNDS):
        if group == "public":
            move()  # the page is made anew
        times.append(_ask(client, address))
    wall, processor, database, queries, size = zip(*times, strict=True)
    return {
        "name": kind.name,
        "address": address,
        "export": kind.export,
        "ms": median(wall),
        "cpu": median(processor),
        "sql": median(database),
        "queries": median(queries),
        "kb": median(size),
    }


def _ask(client: Client, address: str) -> tuple[float, float, float, int, float]:
    """Return milliseconds, those of the processor, those of the database, the number of queries, and kilobytes."""
    with metered() as meter:
        begun, used = time.perf_counter(), time.process_time()
        response: Any = client.get(address)
        length = len(b"".join(response.streaming_content) if response.streaming else response.content)
        elapsed, processor = time.perf_counter() - begun, time.process_time() - used
    if response.status_code != OK:
        raise RuntimeError(f"{address} answered {response.status_code}")
    times = (elapsed * MILLISECONDS, processor * MILLISECONDS, meter.seconds * MILLISECONDS)
    return *times, meter.queries, length / KILOBYTE
