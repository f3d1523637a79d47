"""Separate databases for single tests, for use by several processes or for behaviour that the test database hides."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from tests.database_template import database_url


@contextmanager
def scratch_database(folder: Path, *, template: str = "") -> Iterator[str]:
    """Create a database like that of the suite and yield its `DATABASE_URL`: a file in `folder`, or on the same server.

    It is empty, or a copy of the database at the URL `template`, which must not be in use. On PostgreSQL it is dropped
    afterwards, even if connections to it are open.
    """
    if connection.vendor == "sqlite":
        file = folder / "scratch.sqlite3"
        if template:
            shutil.copy(template.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    name = f"scratch_{uuid.uuid4().hex}"
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template.rpartition('/')[2]}" if template else ""))
        try:
            yield database_url(name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def file_database(path: Path) -> Iterator[None]:
    """Replace the in-memory test database of this process by an in-memory copy of a SQLite file."""
    copy = connection.get_new_connection({**connection.get_connection_params(), "database": ":memory:"})
    with closing(sqlite3.connect(path)) as source:
        source.backup(copy)
    original, connection.connection = connection.connection, copy
    try:
        yield
    finally:
        connection.connection = original
        copy.close()
