"""The migrated database that every test database begins as a copy of, kept in `var/` under a hash of what makes it.

Migrating takes twenty seconds, copying one of them. The hash covers the migrations, the modules that they import, what
runs after them and the installed packages, so a change of any of these makes a new one.

Key concepts
- `migrated()`: the `DATABASE_URL` of the migrated database. The first process makes it, the others wait.
- `migrated_sqlite()`: the file of the one on SQLite, whatever the suite runs on.
- `run_folder()`: a folder that all processes of one run share.
- `fill_memory()`: a copy in memory, for the suite's own database on SQLite.
- `end()`: drops what belongs to this run alone: on PostgreSQL the database, since its server ends with the run.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var/test-databases"
FOLDER = "TEST_TEMPLATE"  # the environment variable that names the folder of this run
ROOMS = ("meetings", "publicity", "search", "portal")
AFTER_MIGRATING = ("publicity/apps.py", "publicity/operations/setup.py")  # receivers of post_migrate


def begin() -> None:
    """Name the folder of this run, for the processes that it will start."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="portal-template-")


def end() -> None:
    """Drop the database of this run and remove its folder."""
    folder = run_folder()
    if (folder / "done").exists() and connection.vendor == "postgresql":
        with psycopg.connect(server_address("postgres"), autocommit=True) as server:
            server.execute(f"DROP DATABASE {_name()}")
    shutil.rmtree(folder)


def migrated() -> str:
    """The `DATABASE_URL` of the migrated database. Nobody may stay connected to it or write to it."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{migrated_sqlite()}"
    with _alone():
        done = run_folder() / "done"
        if not done.exists():
            _load_postgresql()
            done.touch()
        return server_address(_name())


def migrated_sqlite() -> Path:
    """The file of the migrated database on SQLite, whatever the suite runs on."""
    with _alone():
        return _kept_sqlite()


def run_folder() -> Path:
    """The folder that all processes of this run share."""
    return Path(os.environ[FOLDER])


@contextmanager
def _alone() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fill_memory() -> sqlite3.Connection:
    """Fill the suite's database in memory; it lasts as long as somebody holds a connection such as this one."""
    name = cast(Any, connection.creation)._get_test_db_name()
    memory = sqlite3.connect(name, uri=True, check_same_thread=False)
    source = sqlite3.connect(migrated().removeprefix("sqlite:///"))
    source.backup(memory)
    source.close()
    return memory


def server_address(database: str) -> str:
    """The `DATABASE_URL` of a database on the suite's PostgreSQL server."""
    server = settings.DATABASES["default"]
    user, password = quote(server["USER"]), quote(server["PASSWORD"])
    return f"postgres://{user}:{password}@{server['HOST']}:{server['PORT']}/{database}"


# --- the hash --------------------------------------------------------------------------------------------------------
@cache
def migrations_hash() -> str:
    """A hash of everything that the migrated database depends on."""
    files = {path for room in ROOMS for path in (ROOT / room / "migrations").glob("*.py")}
    files |= {imported for path in files for imported in _imported(path)}
    files |= {ROOT / path for path in AFTER_MIGRATING}
    found = hashlib.sha256()
    for path in sorted(files):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    packages = sorted(f"{package.metadata['Name']}=={package.version}" for package in distributions())
    found.update("\n".join(packages).encode())
    return found.hexdigest()[:16]


def _imported(path: Path) -> Iterator[Path]:
    """The files of the project that a migration imports."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.partition(".")[0] in ROOMS:
                for candidate in (ROOT / f"{name.replace('.', '/')}.py", ROOT / name.replace(".", "/") / "__init__.py"):
                    if candidate.exists():
                        yield candidate


# --- making it -------------------------------------------------------------------------------------------------------
def _kept_sqlite() -> Path:
    path = KEPT / f"{migrations_hash()}.sqlite3"
    if not path.exists():
        making = path.with_suffix(".part")
        making.unlink(missing_ok=True)
        _migrate(f"sqlite:///{making}")
        with sqlite3.connect(making) as made:  # one file, without a write-ahead log beside it
            made.execute("PRAGMA journal_mode=DELETE")
        made.close()
        _keep(making, path)
    return path


def _load_postgresql() -> None:
    """Create the database of this run on its server, from the dump that is kept or by migrating."""
    with psycopg.connect(server_address("postgres"), autocommit=True) as server:
        version = server.info.server_version // 10000
        server.execute(f"DROP DATABASE IF EXISTS {_name()}")
        server.execute(f"CREATE DATABASE {_name()}")
    dump, address = KEPT / f"{migrations_hash()}.postgresql-{version}", server_address(_name())
    if dump.exists():
        subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={address}", dump], check=True)
        return
    _migrate(address)
    making = dump.with_suffix(".part")
    subprocess.run(["pg_dump", "--format=custom", "--compress=0", f"--file={making}", address], check=True)
    _keep(making, dump)


def _migrate(address: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
        env={
            **os.environ,
            "DATABASE_URL": address,
            "DATA_DIR": os.environ[FOLDER],
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        },
        cwd=settings.BASE_DIR,
        check=True,
    )


def _keep(made: Path, under: Path) -> None:
    """Keep the new file and remove those of former migrations."""
    for old in KEPT.glob(f"*{under.suffix}"):
        old.unlink()
    made.rename(under)


def _name() -> str:
    return f"template_{os.environ[FOLDER][-8:]}".lower()
