"""Backup of the demo while it is served, and its restore on SQLite and PostgreSQL."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.browser.server import ROOT, RunningPortal, environment, free_port, manage

WITH_POSTGRESQL = ROOT / "tests/postgresql/with.sh"


@pytest.fixture(scope="module")
def backup(portal: RunningPortal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a backup of the served demo."""
    path = tmp_path_factory.mktemp("backup") / "portal.zip"
    manage(environment(portal.folder, 0), "backup", "--verbosity=0", str(path))
    return path


def members(path: Path) -> dict[str, str]:
    """Return the members of a backup: every table and file with its checksum."""
    with zipfile.ZipFile(path) as archive:
        found: dict[str, str] = json.loads(archive.read("manifest.json"))["members"]
    return found


def test_everything_comes_back_into_an_empty_folder(backup: Path, tmp_path: Path) -> None:
    """A backup of the restored installation has the same members with the same checksums."""
    env = environment(tmp_path / "restored", free_port())
    manage(env, "restore", "--verbosity=0", str(backup))
    manage(env, "backup", "--verbosity=0", str(tmp_path / "again.zip"))
    assert members(tmp_path / "again.zip") == members(backup)
    assert len([name for name in members(backup) if name.startswith("private/")]) > 5
    manage(env, "verify_hashes")
    manage(env, "search_check")
    assert (backup.stat().st_mode & 0o077) == 0, "nobody else reads a backup"


def test_a_restore_into_an_installation_that_is_in_use_changes_nothing(portal: RunningPortal, backup: Path) -> None:
    with pytest.raises(RuntimeError, match="目标不是空的"):
        manage(environment(portal.folder, 0), "restore", "--verbosity=0", str(backup))


def test_a_backup_of_sqlite_is_restored_into_postgresql(backup: Path, tmp_path: Path) -> None:
    env = environment(tmp_path / "restored", free_port())
    again = tmp_path / "again.zip"
    commands = (
        f"restore --verbosity=0 {backup}",
        f"backup --verbosity=0 {again}",
        "verify_hashes",
        "search_check",
    )
    script = "set -e\n" + "\n".join(f"{sys.executable} manage.py {command}" for command in commands)
    done = subprocess.run(
        [WITH_POSTGRESQL, "bash", "-c", f"cd {ROOT}\n{script}"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if not again.exists():
        pytest.skip(done.stderr)
    assert members(again) == members(backup)
