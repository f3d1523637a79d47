"""Where is measured: a folder that is gone afterwards, in it databases and a node of Elasticsearch of its own."""

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
    """A node of Elasticsearch."""

    address: str
    process: int


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for all that is measured in."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as path:
        yield Path(path)


@contextmanager
def node(inside: Path) -> Iterator[Node]:
    """A node with its data in `inside`; HEAP is its heap."""
    subprocess.run([TOOLS / "install.sh"], check=True)
    started = subprocess.run([TOOLS / "node.sh", inside], check=True, stdout=subprocess.PIPE, text=True)
    process = int(started.stdout)
    try:
        yield Node(f"http://127.0.0.1:{(inside / 'port').read_text().strip()}", process)
    finally:
        os.kill(process, KILL)


def server() -> str:
    """Return the address of the database server that is to be used, if one is."""
    return os.environ.get("DATABASE_URL", "")


def database(inside: Path, name: str) -> str:
    """Return the address of an empty database: a file, or one on the server that DATABASE_URL names."""
    if not server().startswith("postgres"):
        return f"sqlite:///{inside / name}.sqlite3"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server().rpartition('/')[0]}/{name}"


def manage(*words: object, **settings: str) -> None:
    """Run a command of the project with these settings in its environment."""
    chosen = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", **settings}
    subprocess.run(
        [ROOT / ".venv/bin/python", ROOT / "manage.py", *map(str, words)], env={**os.environ, **chosen}, check=True
    )
