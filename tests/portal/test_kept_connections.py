"""A connection persists between requests as long as the database file is the one that was opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django.plugin import DjangoDbBlocker

pytestmark = pytest.mark.slow


def write(path: Path, text: str) -> None:
    """Create a database with one row under a temporary name, then rename it to `path`."""
    partial = path.with_suffix(".new")
    with closing(sqlite3.connect(partial)) as database, database:
        database.execute("CREATE TABLE told (text)")
        database.execute("INSERT INTO told VALUES (?)", [text])
    partial.replace(path)


@pytest.fixture
def kept(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[BaseDatabaseWrapper]:
    """A connection to a separate file, with the CONN_MAX_AGE of the settings."""
    write(tmp_path / "kept.sqlite3", "first")
    database_settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": tmp_path / "kept.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
        "CONN_MAX_AGE": settings.DATABASES["default"]["CONN_MAX_AGE"],
    }
    connections.databases["kept"] = connections.configure_settings({"default": {}, "kept": database_settings})["kept"]
    with django_db_blocker.unblock():
        yield connections["kept"]
        connections["kept"].close()
    del connections["kept"]
    del connections.databases["kept"]


def ask(connection: BaseDatabaseWrapper) -> str:
    """Return what a request reads."""
    request_started.send(sender=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM told")
        (text,) = cursor.fetchone()
    return str(text)


def test_the_next_request_uses_the_same_connection(kept: BaseDatabaseWrapper) -> None:
    assert ask(kept) == "first"
    opened = kept.connection
    assert ask(kept) == "first"
    assert kept.connection is opened


def test_a_replaced_file_is_seen_by_the_next_request(kept: BaseDatabaseWrapper) -> None:
    assert ask(kept) == "first"
    write(Path(kept.settings_dict["NAME"]), "second")
    assert ask(kept) == "second"
    with kept.cursor() as cursor:
        cursor.execute("UPDATE told SET text = 'third'")
    with closing(sqlite3.connect(kept.settings_dict["NAME"])) as other:
        assert other.execute("SELECT text FROM told").fetchall() == [("third",)]


def test_a_kept_connection_leaves_the_log_free_to_be_emptied(kept: BaseDatabaseWrapper) -> None:
    """A finished request holds no snapshot, so that checkpoints can truncate the write-ahead log."""
    assert ask(kept) == "first"
    with closing(sqlite3.connect(kept.settings_dict["NAME"], timeout=0)) as other, other:
        other.execute("INSERT INTO told VALUES ('more')")
        other.commit()
        busy, _log, _moved = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0
    assert Path(f"{kept.settings_dict['NAME']}-wal").stat().st_size == 0
