"""Temporary places to measure in: a folder, databases, and an Elasticsearch node of its own."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "tests" / "elasticsearch"
KILL = 9


class Node(NamedTuple):
    """An Elasticsearch node."""

    address: str
    process: int


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a temporary folder for all measured data."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as path:
        yield Path(path)


@contextmanager
def node(parent: Path) -> Iterator[Node]:
    """Start a node with its data in `parent`; the environment variable HEAP sets its heap size."""
    subprocess.run([TOOLS / "install.sh"], check=True)
    started = subprocess.run([TOOLS / "node.sh", parent], check=True, stdout=subprocess.PIPE, text=True)
    process = int(started.stdout)
    try:
        yield Node(f"http://127.0.0.1:{(parent / 'port').read_text().strip()}", process)
    finally:
        os.kill(process, KILL)


def server() -> str:
    """Return the URL of the database server in the environment, or an empty string."""
    return os.environ.get("DATABASE_URL", "")


def database(parent: Path, name: str) -> str:
    """Return the URL of an empty database: a file, or one on the server that DATABASE_URL names."""
    if not server().startswith("postgres"):
        return f"sqlite:///{parent / name}.sqlite3"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server().rpartition('/')[0]}/{name}"


def manage(*arguments: object, **settings: str) -> None:
    """Run a management command with these settings in its environment."""
    environment = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", **settings}
    subprocess.run(
        [ROOT / ".venv/bin/python", ROOT / "manage.py", *map(str, arguments)],
        env={**os.environ, **environment},
        check=True,
    )
