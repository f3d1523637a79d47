"""A database of a test's own, for what several processes do with it or what the suite's own one cannot show."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection


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
    server = settings.DATABASES["default"]
    user, password = quote(server["USER"]), quote(server["PASSWORD"])
    address = f"{user}:{password}@{server['HOST']}:{server['PORT']}"
    name = f"scratch_{uuid.uuid4().hex}"
    with psycopg.connect(f"postgresql://{address}/postgres", autocommit=True) as keeper:
        keeper.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {like.rpartition('/')[2]}" if like else ""))
        try:
            yield f"postgres://{address}/{name}"
        finally:
            keeper.execute(f"DROP DATABASE {name} WITH (FORCE)")
