"""Moving the counter of the public state: by triggers, so that no way to write a table leaves it out.

- `install()`, `remove()`: the triggers on the tables of `publicity.public_tables`. A migration may rebuild tables, so
  they are removed before each `migrate` and installed after it.
- `move()`: move the counter for a change that no trigger sees.

Django's signals would miss updates of querysets and of Wagtail's tree, a wrapper around the connection what other
programs write. On PostgreSQL a trigger takes the lock of `meetings.write_lock` first, as every operation does, so that
the row of the counter cannot be part of a deadlock.
"""

from collections.abc import Iterator

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.utils.crypto import get_random_string

from meetings.write_lock import LOCK_KEY
from publicity.models import PublicState
from publicity.public_tables import WatchedTable, watched_tables

PREFIX = "public_state_"
_STATE_TABLE = PublicState._meta.db_table
_MOVE_SQLITE = f"UPDATE {_STATE_TABLE} SET number = number + 1, token = lower(hex(randomblob(16)))"  # noqa: S608  # constants, as all SQL here
_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION {PREFIX}lock() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock({LOCK_KEY}); RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION {PREFIX}move() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
UPDATE {_STATE_TABLE} SET number = number + 1, token = replace(gen_random_uuid()::text, '-', '');
RETURN NULL; END $$;
"""  # noqa: S608
_NAMES_SQLITE = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
_NAMES_POSTGRESQL = (
    "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
)


def _events(table: WatchedTable, vendor: str) -> Iterator[tuple[str, str]]:
    """Yield the events that move the counter, as (suffix of the trigger's name, SQL)."""
    quoted = ", ".join(f'"{column}"' for column in table.columns)
    if table.inserts:
        yield "insert", "INSERT"
    yield "update", f"UPDATE OF {quoted}"
    yield "delete", "DELETE"
    if vendor == "postgresql":
        yield "truncate", "TRUNCATE"


def _triggers(table: WatchedTable, vendor: str) -> Iterator[tuple[str, str]]:
    """Yield the triggers of a table as (name, SQL)."""
    for suffix, event in _events(table, vendor):
        name = f"{PREFIX}{table.name}_{suffix}"
        if vendor == "sqlite":
            yield name, f'CREATE TRIGGER {name} AFTER {event} ON "{table.name}" BEGIN {_MOVE_SQLITE}; END'
            continue
        for when, what in (("BEFORE", "lock"), ("AFTER", "move")):
            call = f"FOR EACH STATEMENT EXECUTE FUNCTION {PREFIX}{what}()"
            yield f"{name}_{what}", f'CREATE TRIGGER {name}_{what} {when} {event} ON "{table.name}" {call}'


def _installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the installed triggers: their table by their name."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES_SQLITE if connection.vendor == "sqlite" else _NAMES_POSTGRESQL)
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def missing_triggers(using: str = "default") -> list[str]:
    """Return the names of the triggers that should exist and do not."""
    connection = connections[using]
    there = _installed(connection)
    return [
        name for table in watched_tables() for name, _sql in _triggers(table, connection.vendor) if name not in there
    ]


def install(using: str = "default") -> None:
    """Create the triggers that are missing, on the tables that exist, and move the counter."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if _STATE_TABLE not in tables:
        return
    there = _installed(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTIONS)
        for table in watched_tables():
            for name, sql in _triggers(table, connection.vendor) if table.name in tables else ():
                if name not in there:
                    cursor.execute(sql)
    move(using)


def remove(using: str = "default") -> None:
    """Drop the triggers, and let no answer be kept until they are installed again."""
    connection = connections[using]
    if _STATE_TABLE not in connection.introspection.table_names():
        return
    PublicState.objects.using(using).update(token="")
    with connection.cursor() as cursor:
        for name, table in _installed(connection).items():
            cursor.execute(f"DROP TRIGGER {name}" + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))


def move(using: str = "default") -> None:
    """Move the counter; the row is created if it is missing."""
    rows = PublicState.objects.using(using)
    state, _created = rows.get_or_create(pk=PublicState.ONLY)
    rows.filter(pk=state.pk).update(number=F("number") + 1, token=get_random_string(32))


def before_migration(sender: AppConfig, *, using: str, **kwargs: object) -> None:
    """Receive `pre_migrate`."""
    remove(using)


def after_migration(sender: AppConfig, *, using: str, **kwargs: object) -> None:
    """Receive `post_migrate`."""
    install(using)
