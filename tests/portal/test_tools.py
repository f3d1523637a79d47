"""The small scripts behind `make` say plainly what is in the way."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from portal.settings.base import BASE_DIR

TOOLS = BASE_DIR / "portal" / "tools"


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts with `environment` on top of a bare one."""
    return subprocess.run(
        [str(TOOLS / script), *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_taken_port_is_told_before_anything_else_happens(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("demo.sh", PORT=str(port), DATA_DIR=str(tmp_path / "data"))
    assert result.returncode == 1
    assert f"端口 {port} 已被占用" in result.stderr
    assert f"Port {port} is taken" in result.stderr
    assert "make demo PORT=" in result.stderr
    assert not (tmp_path / "data").exists()


@pytest.fixture
def bare_path(tmp_path: Path) -> str:
    """A PATH with the shell's own tools only: no browser, no package manager."""
    for name in ("bash", "env", "find", "head", "python3"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    return str(tmp_path)


def test_what_is_missing_is_named_in_one_apt_line(bare_path: str) -> None:
    result = run("prerequisites.sh", "chromium", PATH=bare_path)
    assert result.returncode == 1
    assert "sudo apt-get install chromium\n" in result.stderr


def test_what_is_there_is_passed_in_silence() -> None:
    result = run("prerequisites.sh", "python", "fonts")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_an_unknown_tool_is_a_mistake() -> None:
    assert run("prerequisites.sh", "teapot").returncode == 2


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_pins_every_package_and_names_no_index(lock: str) -> None:
    lines = [line for line in (BASE_DIR / lock).read_text().splitlines() if line and not line.lstrip().startswith("#")]
    assert all("==" in line for line in lines)
    assert "://" not in (BASE_DIR / lock).read_text()


def test_make_alone_lists_the_commands() -> None:
    result = subprocess.run(["make", "-s"], cwd=BASE_DIR, capture_output=True, text=True, check=True)
    for command in ("demo", "test", "check", "format", "run", "messages", "lock"):
        assert f"make {command} " in result.stdout
