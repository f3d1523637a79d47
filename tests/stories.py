"""Worlds and stories that many tests begin with: told once in each process, copied into every further test.

`verified(yuanqu())` runs about 500 statements. A function with `@story` runs them once. The next test that calls it
with the same arguments, from the same state of the database, gets the rows that were written and a copy of what was
returned. Rows are copied into the test's own transaction, so each test is rolled back as before.

A story is told afresh wherever a copy could differ: on PostgreSQL, whose sequences are not rolled back; while the
search index is renewed; under a moved clock, changed settings or patched code; after the test has written something
else.

Key concepts
- `story`: the decorator, for a function of a `World` and plain values that returns records.
- `State`: what the database is known to hold; the states form a tree, with a story on each branch.
- `begin(known)`: called before each test; `known` says whether the database holds the migrated rows alone.
"""

import re
import sqlite3
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import time_machine
from django.db import connection
from django.db.models import Model

from meetings import clock

P = ParamSpec("P")
R = TypeVar("R")
Row = tuple[Any, ...]
Rows = dict[Any, Row]  # by key: the first column, in every table of ours
WRITE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"(\w+)"', re.IGNORECASE)
SEQUENCES = "sqlite_sequence"


@dataclass(eq=False)
class State:
    """What the database holds after a story: the rows that came or changed since `before`, and the keys that went.

    `result` is what the story returned, `following` has the states that further stories lead to, by their calls.
    """

    before: "State | None" = None
    came: dict[str, list[Row]] = field(default_factory=dict)
    went: dict[str, list[Row]] = field(default_factory=dict)
    result: Any = None
    following: dict[Hashable, "State"] = field(default_factory=dict)


@dataclass
class Present:
    """Where this process stands: its state, if known, and how to tell that nothing was written since."""

    state: State | None = None
    changes: int = -1
    savepoints: tuple[str | None, ...] = ()
    patched: Callable[[], bool] = lambda: False


_migrated = State()
_present = Present()
_recordings: list[set[str]] = []
_original: sqlite3.Connection | None = None  # a copy of the migrated database


def copy_migrated() -> None:
    """Copy the suite's database in memory, before the first transaction, to compare with later."""
    global _original
    if connection.vendor == "sqlite":
        _original = sqlite3.connect(":memory:", check_same_thread=False)
        _raw().backup(_original)


def begin(known: bool, patched: Callable[[], bool] = lambda: False) -> None:
    """Note that a test begins, in a database that holds the migrated rows alone or, if not `known`, something else.

    `patched` tells whether the test has replaced code of the portal by then.
    """
    global _original
    if not known or connection.vendor != "sqlite":
        _present.state = None
        return
    if _original is None:
        _original = sqlite3.connect(":memory:", check_same_thread=False)
        _raw().backup(_original)
    _present.patched = patched
    _note(_migrated)


def story(tell: Callable[P, R]) -> Callable[P, R]:
    """Make a function that builds records a story."""

    @wraps(tell)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        state, call = _state_now(), _key(tell, args, kwargs)
        if state is None or call is None:
            return tell(*args, **kwargs)
        if call in state.following:
            _write(state.following[call])
        else:
            with _recorded() as tables:
                result = tell(*args, **kwargs)
            state.following[call] = _compared(state, tables, deepcopy(result))
        _note(state.following[call])
        return cast(R, deepcopy(state.following[call].result))

    return told


# --- the state -------------------------------------------------------------------------------------------------------
def _raw() -> sqlite3.Connection:
    connection.ensure_connection()
    return cast(sqlite3.Connection, connection.connection)


def _state_now() -> State | None:
    """The present state; None if something else was written, or what was written may have been rolled back."""
    here = _present
    if here.state is None or here.patched() or _raw().total_changes != here.changes:
        return None
    if tuple(connection.savepoint_ids[: len(here.savepoints)]) != here.savepoints:
        return None
    return None if time_machine.escape_hatch.is_travelling() else here.state


def _note(state: State) -> None:
    _present.state, _present.changes = state, _raw().total_changes
    _present.savepoints = tuple(connection.savepoint_ids)


def _key(tell: Any, args: Any, kwargs: Any) -> Hashable | None:
    """What tells a call from others; None if an argument cannot be compared by value."""
    try:
        return (tell, clock._moment.get(), _by_value(args), _by_value(kwargs))
    except TypeError:
        return None


def _by_value(value: Any) -> Hashable:
    if isinstance(value, Model):
        return (type(value), value.pk)
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value), tuple(_by_value(getattr(value, one.name)) for one in fields(value)))
    if isinstance(value, dict):
        return tuple((key, _by_value(one)) for key, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(_by_value(one) for one in value)
    if value is None or isinstance(value, str | int | date | bytes):
        return (type(value), value)
    raise TypeError(type(value))


# --- the rows --------------------------------------------------------------------------------------------------------
@contextmanager
def _recorded() -> Iterator[set[str]]:
    """The names of the tables that are written to inside."""
    tables: set[str] = {SEQUENCES}

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if match := WRITE.match(sql):
            tables.add(match.group(1))
        return execute(sql, params, many, context)

    _recordings.append(tables)
    try:
        with connection.execute_wrapper(listen):
            yield tables
    finally:
        _recordings.pop()


def _rows(source: sqlite3.Connection, table: str) -> Rows:
    cursor = source.execute(f'SELECT * FROM "{table}"')
    cursor.row_factory = None
    return {row[0]: row for row in cursor}


def _compared(state: State, tables: set[str], result: Any) -> State:
    """The state after a story that wrote to these tables: what they hold now, beside what they held before."""
    after = State(before=state, result=result)
    for table in tables:
        before, now = _rows_at(state, table), _rows(_raw(), table)
        after.came[table] = [row for key, row in now.items() if before.get(key) != row]
        after.went[table] = [(key,) for key in before if key not in now]
    return after


def _rows_at(state: State, table: str) -> Rows:
    """What a table held in an earlier state."""
    if state.before is None:
        if _original is None:
            raise RuntimeError("no test has begun")
        return _rows(_original, table)
    rows = _rows_at(state.before, table)
    for (key,) in state.went.get(table, []):
        rows.pop(key, None)
    rows.update({row[0]: row for row in state.came.get(table, [])})
    return rows


def _write(state: State) -> None:
    """Bring the database from the state before to this one; the sequences last, for inserting moves them."""
    raw = _raw()
    for table in sorted(state.came, key=lambda name: name == SEQUENCES):
        came, went = state.came[table], state.went[table]
        for tables in _recordings:
            tables.add(table)
        key = raw.execute(f'SELECT * FROM "{table}" LIMIT 0').description[0][0]
        if table == SEQUENCES:  # it has no unique key that REPLACE could go by
            went = went + [row[:1] for row in came]
        raw.executemany(f'DELETE FROM "{table}" WHERE "{key}" = ?', went)
        if came:
            places = ", ".join("?" * len(came[0]))
            raw.executemany(f'INSERT OR REPLACE INTO "{table}" VALUES ({places})', came)
