"""The migrated database from which every test database is copied, cached in `var/` under a hash of its inputs.

Migrating takes twenty seconds, copying takes one. The hash covers the migrations, the modules that they import, the
receivers of `post_migrate` and the installed packages. A change of any of these creates a new database.

- `migrated_database_url()`: the `DATABASE_URL` of the migrated database. The first process creates it, the others wait.
- `migrated_sqlite()`: the file of the SQLite one, whatever database the suite runs on.
- `run_folder()`: a folder that all processes of one run share.
- `copy_to_memory()`: an in-memory copy, for the test database on SQLite.
- `end()`: removes what belongs to this run only: the folder, and on PostgreSQL the database, whose server ends with
  the run.
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

from tests.apps import APPS

ROOT = Path(__file__).resolve().parents[1]
CACHE_FOLDER = ROOT / "var/test-databases"
FOLDER_VARIABLE = "TEST_TEMPLATE"  # environment variable with the folder of this run
AFTER_MIGRATING = ("publicity/apps.py", "publicity/operations/setup.py")  # receivers of post_migrate


def begin() -> None:
    """Create the folder of this run and pass it to child processes in the environment."""
    os.environ[FOLDER_VARIABLE] = tempfile.mkdtemp(prefix="portal-template-")


def end() -> None:
    """Drop the database of this run and remove its folder."""
    folder = run_folder()
    if (folder / "done").exists() and connection.vendor == "postgresql":
        with psycopg.connect(database_url("postgres"), autocommit=True) as server:
            server.execute(f"DROP DATABASE {_database_name()}")
    shutil.rmtree(folder)


def migrated_database_url() -> str:
    """Return the `DATABASE_URL` of the migrated database. No process may write to it or stay connected to it."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{migrated_sqlite()}"
    with _locked():
        done = run_folder() / "done"
        if not done.exists():
            _load_postgresql()
            done.touch()
        return database_url(_database_name())


def migrated_sqlite() -> Path:
    """Return the file of the migrated SQLite database, whatever database the suite runs on."""
    with _locked():
        return _cached_sqlite()


def run_folder() -> Path:
    """Return the folder that all processes of this run share."""
    return Path(os.environ[FOLDER_VARIABLE])


@contextmanager
def _locked() -> Iterator[None]:
    CACHE_FOLDER.mkdir(parents=True, exist_ok=True)
    with (CACHE_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def copy_to_memory() -> sqlite3.Connection:
    """Copy the migrated database to the in-memory test database, which exists as long as a connection to it is open."""
    name = cast(Any, connection.creation)._get_test_db_name()
    memory = sqlite3.connect(name, uri=True, check_same_thread=False)
    source = sqlite3.connect(migrated_database_url().removeprefix("sqlite:///"))
    source.backup(memory)
    source.close()
    return memory


def database_url(database: str) -> str:
    """Return the `DATABASE_URL` of a database on the suite's PostgreSQL server."""
    server = settings.DATABASES["default"]
    user, password = quote(server["USER"]), quote(server["PASSWORD"])
    return f"postgres://{user}:{password}@{server['HOST']}:{server['PORT']}/{database}"


# --- the hash --------------------------------------------------------------------------------------------------------
@cache
def migrations_hash() -> str:
    """Return a hash of everything that the migrated database depends on."""
    files = {path for app in APPS for path in (ROOT / app / "migrations").glob("*.py")}
    files |= {imported for path in files for imported in _imported(path)}
    files |= {ROOT / path for path in AFTER_MIGRATING}
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    packages = sorted(f"{package.metadata['Name']}=={package.version}" for package in distributions())
    digest.update("\n".join(packages).encode())
    return digest.hexdigest()[:16]


def _imported(path: Path) -> Iterator[Path]:
    """Yield the files of the project that a migration imports."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.partition(".")[0] in APPS:
                for candidate in (ROOT / f"{name.replace('.', '/')}.py", ROOT / name.replace(".", "/") / "__init__.py"):
                    if candidate.exists():
                        yield candidate


# --- creation --------------------------------------------------------------------------------------------------------
def _cached_sqlite() -> Path:
    path = CACHE_FOLDER / f"{migrations_hash()}.sqlite3"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        _migrate(f"sqlite:///{unfinished}")
        with sqlite3.connect(unfinished) as database:  # a single file, without a write-ahead log
            database.execute("PRAGMA journal_mode=DELETE")
        database.close()
        _replace_cached(unfinished, path)
    return path


def _load_postgresql() -> None:
    """Create the database of this run on its server, from the cached dump or by migrating."""
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        version = server.info.server_version // 10000
        server.execute(f"DROP DATABASE IF EXISTS {_database_name()}")
        server.execute(f"CREATE DATABASE {_database_name()}")
    dump, url = CACHE_FOLDER / f"{migrations_hash()}.postgresql-{version}", database_url(_database_name())
    if dump.exists():
        subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url}", dump], check=True)
        return
    _migrate(url)
    unfinished = dump.with_suffix(".part")
    subprocess.run(["pg_dump", "--format=custom", "--compress=0", f"--file={unfinished}", url], check=True)
    _replace_cached(unfinished, dump)


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DATA_DIR": os.environ[FOLDER_VARIABLE],
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        },
        cwd=settings.BASE_DIR,
        check=True,
    )


def _replace_cached(new: Path, target: Path) -> None:
    """Move a new file into the cache and remove the files of earlier migrations."""
    for old in CACHE_FOLDER.glob(f"*{target.suffix}"):
        old.unlink()
    new.rename(target)


def _database_name() -> str:
    return f"template_{os.environ[FOLDER_VARIABLE][-8:]}".lower()
