"""The demonstration for tests: loaded once per run, by the command that `make demo` runs, and copied by its users."""

import fcntl
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.browser import server
from tests.database_template import migrated_sqlite, run_folder


def loaded() -> tuple[Path, str]:
    """Return the data folder of the demonstration and the output of loading it.

    The first process loads it, the others wait. Tests must not write to the folder: see `copy`.
    """
    folder, printed = run_folder() / "demo", run_folder() / "demo.txt"
    with (run_folder() / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            shutil.copy(migrated_sqlite(), folder / server.DATABASE)
            printed.write_text(_load(folder), encoding="utf-8")
    return folder, printed.read_text(encoding="utf-8")


def copy(source: Path, folder: Path) -> None:
    """Copy the data folder of a demonstration to a new folder; a server may be using the source."""
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sqlite3*"))
    with (
        closing(sqlite3.connect(source / server.DATABASE)) as source_database,
        closing(sqlite3.connect(folder / server.DATABASE)) as target_database,
    ):
        source_database.backup(target_database)


def _load(folder: Path) -> str:
    environment = server.environment(folder, server.free_port())
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "portal.tools.demo"]
    done = subprocess.run(command, cwd=server.ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the demo did not load:\n{done.stdout}\n{done.stderr}")
    return done.stdout
