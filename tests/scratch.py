"""A database of a test's own, for what several processes do with it or what the suite's own one cannot show."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from tests.database_template import server_address


@contextmanager
def scratch_database(folder: Path, *, like: str = "") -> Iterator[str]:
    """The `DATABASE_URL` of a database of the suite's kind: a file in `folder`, or one on the same server.

    It is empty, or a copy of the one at the address `like`, which nobody is using; and gone afterwards, whoever still
    holds a connection to it.
    """
    if connection.vendor == "sqlite":
        file = folder / "scratch.sqlite3"
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    name = f"scratch_{uuid.uuid4().hex}"
    with psycopg.connect(server_address("postgres"), autocommit=True) as keeper:
        keeper.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {like.rpartition('/')[2]}" if like else ""))
        try:
            yield server_address(name)
        finally:
            keeper.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def file_database(path: Path) -> Iterator[None]:
    """Connect this process to a copy in memory of a SQLite file, in the place of the suite's own database in memory."""
    copy = connection.get_new_connection({**connection.get_connection_params(), "database": ":memory:"})
    with closing(sqlite3.connect(path)) as source:
        source.backup(copy)
    own, connection.connection = connection.connection, copy
    try:
        yield
    finally:
        connection.connection = own
        copy.close()
