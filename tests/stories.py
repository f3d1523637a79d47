"""Cache the database rows that set-up functions ("stories") write, and copy them into later tests.

`verified(yuanqu())` runs about 500 statements. A function with `@story` runs them once per process. The next test that
calls it with the same arguments, from the same state of the database, gets the rows that were written and a copy of the
result. Rows are copied inside the transaction of the test, so each test is rolled back as usual.

A story is run again where a copy could differ: while the search index is updated, with changed settings or patched
code, and after the test has written anything else. If the test has moved the clock, it stands still during a story.

- `story`: the decorator, for a function of a `World` and plain values that returns records.
- `State`: a known content of the database. States form a tree; each edge is the call of a story.
- `begin(known)`: called before each test; `known` says whether the database has the migrated rows only.
"""

import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

import time_machine
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from meetings import clock

P = ParamSpec("P")
R = TypeVar("R")
Key = Any  # of a row: the value of its primary key
Rows = dict[Key, Any]  # a row is a tuple on SQLite, and JSON text on PostgreSQL
WRITTEN_TABLE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"(\w+)"', re.IGNORECASE)
READ_ONLY = re.compile(r"\s*(?:SELECT|SAVEPOINT|RELEASE|ROLLBACK|PRAGMA|EXPLAIN|SET)\b", re.IGNORECASE)
SEQUENCES = "sqlite_sequence"  # sequences of PostgreSQL are not rolled back and need no copy


@dataclass(eq=False)
class State:
    """The content of the database after a story, as a difference from the state `parent`.

    By table, `deleted` has the keys of rows that were deleted or changed, and `inserted` the rows that were inserted or
    changed. `result` is the return value of the story. `next_states` has the states after further stories, by call.
    """

    parent: "State | None" = None
    inserted: dict[str, list[Any]] = field(default_factory=dict)
    deleted: dict[str, list[Key]] = field(default_factory=dict)
    result: Any = None
    next_states: dict[Hashable, "State"] = field(default_factory=dict)


@dataclass
class CurrentState:
    """The current state of the database of this process, if known, and what shows that nothing was written since."""

    state: State | None = None
    writes: int = -1
    savepoints: tuple[str | None, ...] = ()
    patched: Callable[[], bool] = lambda: False


_migrated = State()
_original: dict[str, Rows] = {}  # the rows of the migrated database
_current = CurrentState()
_recordings: list[set[str]] = []  # for each running story, the tables that it has written to
_writes = 0


def copy_migrated() -> None:
    """Remember the rows of the test database before the first test, and count writes from now on."""
    tables = connection.introspection.table_names()
    indexed = [table for table in tables if table.startswith("search_")]
    _original.update({table: _rows(table) for table in {*tables, *_sequences()}.difference(indexed)})
    connection.execute_wrappers.append(_count_writes)


def begin(known: bool, patched: Callable[[], bool] = lambda: False) -> None:
    """Start a test. `known` says that the database has the migrated rows only.

    `patched` returns whether the test has patched code of the portal so far.
    """
    _current.patched = patched
    # Outside a transaction, deferred constraints are checked at once, so rows cannot be copied table by table.
    _set_current(_migrated if known and connection.in_atomic_block else None)


def story(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function that builds records, so that its rows are cached."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        state, key = _state_now(), _call_key(function, args, kwargs)
        if state is None or key is None:
            return function(*args, **kwargs)
        if key in state.next_states:
            _apply(state.next_states[key])
        else:
            with _recorded() as tables, _frozen_clock():
                result = function(*args, **kwargs)
            state.next_states[key] = _difference(state, tables, deepcopy(result))
        _set_current(state.next_states[key])
        return cast(R, deepcopy(state.next_states[key].result))

    return wrapper


# --- the state -------------------------------------------------------------------------------------------------------
def _count_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    global _writes
    if not READ_ONLY.match(sql):
        _writes += 1
        if match := WRITTEN_TABLE.match(sql):
            for tables in _recordings:
                tables.add(match.group(1))
    return execute(sql, params, many, context)


def _state_now() -> State | None:
    """Return the current state; None if other rows were written, or a savepoint was closed and may be rolled back."""
    current = _current
    if current.state is None or current.writes != _writes or current.patched():
        return None
    savepoints_open = tuple(connection.savepoint_ids[: len(current.savepoints)]) == current.savepoints
    return current.state if savepoints_open else None


def _set_current(state: State | None) -> None:
    _current.state, _current.writes, _current.savepoints = state, _writes, tuple(connection.savepoint_ids)


def _call_key(function: Any, args: Any, kwargs: Any) -> Hashable | None:
    """Return a key that identifies a call; None if an argument cannot be compared by value."""
    try:
        return (function, _travelled_minute(), clock._moment.get(), _by_value(args), _by_value(kwargs))
    except TypeError:
        return None


def _travelled_minute() -> datetime | None:
    """Return the minute to which the test has moved the clock, if it has."""
    return timezone.now().replace(second=0, microsecond=0) if time_machine.escape_hatch.is_travelling() else None


def _frozen_clock() -> AbstractContextManager[Any]:
    """Stop a moved clock, so that no time in a copy is later than the next steps of the test."""
    minute = _travelled_minute()
    return time_machine.travel(minute, tick=False) if minute else nullcontext()


def _by_value(value: Any) -> Hashable:
    if isinstance(value, Model):
        return (type(value), value.pk)
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value), tuple(_by_value(getattr(value, item.name)) for item in fields(value)))
    if isinstance(value, dict):
        return tuple((key, _by_value(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return tuple(_by_value(item) for item in value)
    if value is None or isinstance(value, str | int | date | bytes):
        return (type(value), value)
    raise TypeError(type(value))


# --- the rows --------------------------------------------------------------------------------------------------------
@contextmanager
def _recorded() -> Iterator[set[str]]:
    """Collect the names of the tables that are written to inside."""
    tables = set(_sequences())
    _recordings.append(tables)
    try:
        yield tables
    finally:
        _recordings.pop()


def _sequences() -> list[str]:
    return [SEQUENCES] if connection.vendor == "sqlite" else []


def _driver_cursor() -> Any:
    """Return a cursor of the driver, whose writes are not counted."""
    connection.ensure_connection()
    return connection.connection.cursor()


def _rows(table: str) -> Rows:
    cursor = _driver_cursor()
    if connection.vendor == "sqlite":
        return {_key(table, row): row for row in cursor.execute(f'SELECT * FROM "{table}"')}
    cursor.execute(f'SELECT to_json(t)::text FROM "{table}" t')
    return {_key(table, row): row for (row,) in cursor.fetchall()}


@cache
def _key_column(table: str) -> tuple[str, int]:
    """Return name and position of the primary key of a table; of the first column if it has none."""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        name = connection.introspection.get_primary_key_column(cursor, table) or columns[0]
    return name, columns.index(name)


def _key(table: str, row: Any) -> Key:
    name, position = _key_column(table)
    return row[position] if isinstance(row, tuple) else json.loads(row)[name]


def _difference(state: State, tables: set[str], result: Any) -> State:
    """Return the state after a story that wrote to these tables, as the difference of their rows."""
    after = State(parent=state, result=result)
    for table in tables:
        before, now = _rows_at(state, table), _rows(table)
        after.inserted[table] = [row for key, row in now.items() if before.get(key) != row]
        after.deleted[table] = [key for key, row in before.items() if now.get(key) != row]
    return after


def _rows_at(state: State, table: str) -> Rows:
    """Return the rows of a table in an earlier state."""
    if state.parent is None:
        return dict(_original[table])
    rows = _rows_at(state.parent, table)
    for key in state.deleted.get(table, []):
        del rows[key]
    for row in state.inserted.get(table, []):
        rows[_key(table, row)] = row
    return rows


def _apply(state: State) -> None:
    """Write the difference between the parent of a state and the state; sequences last, as inserts change them."""
    cursor = _driver_cursor()
    for table in sorted(state.inserted, key=lambda name: name == SEQUENCES):
        for tables in _recordings:
            tables.add(table)
        deleted: Iterable[Key] = state.deleted[table]
        if table == SEQUENCES:  # the inserts above may have written these rows
            deleted = [*deleted, *(_key(table, row) for row in state.inserted[table])]
        if deleted:
            key, placeholder = _key_column(table)[0], "?" if connection.vendor == "sqlite" else "%s"
            cursor.executemany(f'DELETE FROM "{table}" WHERE "{key}" = {placeholder}', [(item,) for item in deleted])
        if inserted := state.inserted[table]:
            _insert(cursor, table, inserted)


def _insert(cursor: Any, table: str, rows: list[Any]) -> None:
    if connection.vendor == "sqlite":
        placeholders = ", ".join("?" * len(rows[0]))
        cursor.executemany(f'INSERT INTO "{table}" VALUES ({placeholders})', rows)
    else:
        source = f'json_populate_recordset(NULL::"{table}", %s::json)'
        cursor.execute(f'INSERT INTO "{table}" SELECT * FROM {source}', [f"[{','.join(rows)}]"])
