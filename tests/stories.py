"""Worlds and stories that many tests begin with: told once in each process, copied into every further test.

`verified(yuanqu())` runs about 500 statements. A function with `@story` runs them once. The next test that calls it
with the same arguments, from the same state of the database, gets the rows that were written and a copy of what was
returned. Rows are copied into the test's own transaction, so each test is rolled back as before.

A story is told afresh wherever a copy could differ: while the search index is renewed; under changed settings or
patched code; after the test has written something else. A moved clock stands still while a story is told.

Key concepts
- `story`: the decorator, for a function of a `World` and plain values that returns records.
- `State`: what the database is known to hold; the states form a tree, with a story on each branch.
- `begin(known)`: called before each test; `known` says whether the database holds the migrated rows alone.
"""

import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import time_machine
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from meetings import clock

P = ParamSpec("P")
R = TypeVar("R")
Key = Any  # the first column of a row, in every table of ours
Rows = dict[Key, Any]  # a row is a tuple on SQLite and a text of JSON on PostgreSQL
INTO = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"(\w+)"', re.IGNORECASE)
READ = re.compile(r"\s*(?:SELECT|SAVEPOINT|RELEASE|ROLLBACK|PRAGMA|EXPLAIN|SET)\b", re.IGNORECASE)
SEQUENCES = "sqlite_sequence"  # PostgreSQL's are not rolled back and need no copy


@dataclass(eq=False)
class State:
    """What the database holds after a story, told by what changed since the state `before`.

    `went` has the keys of rows that went or changed, `came` the rows that came or changed, by table. `result` is what
    the story returned, `following` has the states that further stories lead to, by their calls.
    """

    before: "State | None" = None
    came: dict[str, list[Any]] = field(default_factory=dict)
    went: dict[str, list[Key]] = field(default_factory=dict)
    result: Any = None
    following: dict[Hashable, "State"] = field(default_factory=dict)


@dataclass
class Present:
    """Where this process stands: its state, if known, and how to tell that nothing was written since."""

    state: State | None = None
    writes: int = -1
    savepoints: tuple[str | None, ...] = ()
    patched: Callable[[], bool] = lambda: False


_migrated = State()
_original: dict[str, Rows] = {}  # the rows of the migrated database
_present = Present()
_recordings: list[set[str]] = []  # the tables that each story being told has written to
_writes = 0


def copy_migrated() -> None:
    """Copy the rows of the suite's database, before the first test, to compare with later; count writes from now on."""
    tables = connection.introspection.table_names()
    indexed = [table for table in tables if table.startswith("search_")]
    _original.update({table: _rows(table) for table in {*tables, *_sequences()}.difference(indexed)})
    connection.execute_wrappers.append(_listen)


def begin(known: bool, patched: Callable[[], bool] = lambda: False) -> None:
    """Note that a test begins, in a database that holds the migrated rows alone or, if not `known`, something else.

    `patched` tells whether the test has replaced code of the portal by then.
    """
    _present.patched = patched
    _note(_migrated if known and connection.in_atomic_block else None)  # a constraint waits for the end of it


def story(tell: Callable[P, R]) -> Callable[P, R]:
    """Make a function that builds records a story."""

    @wraps(tell)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        state, call = _state_now(), _call(tell, args, kwargs)
        if state is None or call is None:
            return tell(*args, **kwargs)
        if call in state.following:
            _write(state.following[call])
        else:
            with _recorded() as tables, _moment():
                result = tell(*args, **kwargs)
            state.following[call] = _compared(state, tables, deepcopy(result))
        _note(state.following[call])
        return cast(R, deepcopy(state.following[call].result))

    return told


# --- the state -------------------------------------------------------------------------------------------------------
def _listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    global _writes
    if not READ.match(sql):
        _writes += 1
        if match := INTO.match(sql):
            for tables in _recordings:
                tables.add(match.group(1))
    return execute(sql, params, many, context)


def _state_now() -> State | None:
    """The present state; None if something else was written, or what was written may have been rolled back."""
    here = _present
    if here.state is None or here.writes != _writes or here.patched():
        return None
    standing = tuple(connection.savepoint_ids[: len(here.savepoints)]) == here.savepoints
    return here.state if standing else None


def _note(state: State | None) -> None:
    _present.state, _present.writes, _present.savepoints = state, _writes, tuple(connection.savepoint_ids)


def _call(tell: Any, args: Any, kwargs: Any) -> Hashable | None:
    """What tells a call from others; None if an argument cannot be compared by value."""
    try:
        return (tell, _minute(), clock._moment.get(), _by_value(args), _by_value(kwargs))
    except TypeError:
        return None


def _minute() -> datetime | None:
    """The minute to which the test has moved the clock, if it has."""
    return timezone.now().replace(second=0, microsecond=0) if time_machine.escape_hatch.is_travelling() else None


def _moment() -> AbstractContextManager[Any]:
    """A moved clock stands still, so that nothing in a copy is later than what the test does next."""
    minute = _minute()
    return time_machine.travel(minute, tick=False) if minute else nullcontext()


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
    tables = set(_sequences())
    _recordings.append(tables)
    try:
        yield tables
    finally:
        _recordings.pop()


def _sequences() -> list[str]:
    return [SEQUENCES] if connection.vendor == "sqlite" else []


def _raw() -> Any:
    """A cursor of the driver: what it does is no write of the test."""
    connection.ensure_connection()
    return connection.connection.cursor()


def _rows(table: str) -> Rows:
    cursor = _raw()
    if connection.vendor == "sqlite":
        return {row[0]: row for row in cursor.execute(f'SELECT * FROM "{table}"')}
    cursor.execute(f'SELECT to_json(t)::text FROM "{table}" t')
    return {next(iter(json.loads(row).values())): row for (row,) in cursor.fetchall()}


def _compared(state: State, tables: set[str], result: Any) -> State:
    """The state after a story that wrote to these tables: what they hold now, beside what they held before."""
    after = State(before=state, result=result)
    for table in tables:
        before, now = _rows_at(state, table), _rows(table)
        after.came[table] = [row for key, row in now.items() if before.get(key) != row]
        after.went[table] = [key for key, row in before.items() if now.get(key) != row]
    return after


def _rows_at(state: State, table: str) -> Rows:
    """What a table held in an earlier state."""
    if state.before is None:
        return dict(_original[table])
    rows = _rows_at(state.before, table)
    for key in state.went.get(table, []):
        del rows[key]
    for row in state.came.get(table, []):
        rows[row[0] if isinstance(row, tuple) else next(iter(json.loads(row).values()))] = row
    return rows


def _write(state: State) -> None:
    """Bring the database from the state before to this one; the sequences last, for inserting moves them."""
    cursor = _raw()
    for table in sorted(state.came, key=lambda name: name == SEQUENCES):
        for tables in _recordings:
            tables.add(table)
        went: Iterable[Key] = state.went[table]
        if table == SEQUENCES:  # inserting has written rows for what came
            went = [*went, *(row[0] for row in state.came[table])]
        if went:
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
            key, place = cursor.description[0][0], "?" if connection.vendor == "sqlite" else "%s"
            cursor.executemany(f'DELETE FROM "{table}" WHERE "{key}" = {place}', [(one,) for one in went])
        if came := state.came[table]:
            _insert(cursor, table, came)


def _insert(cursor: Any, table: str, rows: list[Any]) -> None:
    if connection.vendor == "sqlite":
        places = ", ".join("?" * len(rows[0]))
        cursor.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)
    else:
        source = f'json_populate_recordset(NULL::"{table}", %s::json)'
        cursor.execute(f'INSERT INTO "{table}" SELECT * FROM {source}', [f"[{','.join(rows)}]"])
