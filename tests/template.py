"""A database that was migrated and holds nothing else, made once in a run: what every other one begins as a copy of.

To migrate takes twenty seconds, to copy one of them. The folder that TEST_TEMPLATE names belongs to the run; whoever
comes first makes the database, the other processes wait for it.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection

FOLDER = "TEST_TEMPLATE"


def begin() -> None:
    """Name the folder of this run, for the processes that it will start."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="portal-template-")


def end() -> None:
    """Take the database away."""
    folder = _folder()
    if (folder / "done").exists() and connection.vendor == "postgresql":
        with psycopg.connect(server_address("postgres"), autocommit=True) as keeper:
            keeper.execute(f"DROP DATABASE {_name()}")
    shutil.rmtree(folder)


def migrated() -> str:
    """The `DATABASE_URL` of the migrated database. Nobody may stay connected to it."""
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = _folder() / "done"
        if not done.exists():
            _make()
            done.touch()
    return _url()


def fill_memory() -> sqlite3.Connection:
    """Fill the suite's database in memory; it lasts as long as somebody holds a connection such as this one."""
    name = cast(Any, connection.creation)._get_test_db_name()
    memory = sqlite3.connect(name, uri=True, check_same_thread=False)
    source = sqlite3.connect(migrated().removeprefix("sqlite:///"))
    source.backup(memory)
    source.close()
    return memory


def server_address(database: str) -> str:
    """Where a database of the suite's PostgreSQL is."""
    server = settings.DATABASES["default"]
    user, password = quote(server["USER"]), quote(server["PASSWORD"])
    return f"postgres://{user}:{password}@{server['HOST']}:{server['PORT']}/{database}"


def _folder() -> Path:
    return Path(os.environ[FOLDER])


def _name() -> str:
    return f"template_{os.environ[FOLDER][-8:]}".lower()


def _url() -> str:
    return f"sqlite:///{_folder() / 'portal.sqlite3'}" if connection.vendor == "sqlite" else server_address(_name())


def _make() -> None:
    if connection.vendor == "postgresql":
        with psycopg.connect(server_address("postgres"), autocommit=True) as keeper:
            keeper.execute(f"DROP DATABASE IF EXISTS {_name()}")
            keeper.execute(f"CREATE DATABASE {_name()}")
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
        env={
            **os.environ,
            "DATABASE_URL": _url(),
            "DATA_DIR": str(_folder()),
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        },
        cwd=settings.BASE_DIR,
        check=True,
    )
