"""The shell scripts behind `make` report what is missing."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.settings.base import BASE_DIR

TOOLS = BASE_DIR / "portal" / "tools"


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts with `environment` added to a minimal one."""
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
    result = run("prerequisites.sh", "chromium", "gettext", PATH=bare_path)
    assert result.returncode == 1
    assert "sudo apt-get install chromium-headless-shell gettext\n" in result.stderr


def test_what_is_there_is_passed_in_silence() -> None:
    result = run("prerequisites.sh", "python", "fonts")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_an_unknown_tool_is_a_mistake() -> None:
    assert run("prerequisites.sh", "teapot").returncode == 2


# --- which Python ----------------------------------------------------------------------------------------------------
Pythons = Callable[..., str]


@pytest.fixture
def pythons(tmp_path: Path) -> Pythons:
    """Return a function that makes a folder for PATH with fake Pythons of given versions; "" is one that fails."""

    def folder(name: str, **versions: str) -> str:
        (tmp_path / name).mkdir()
        for program, version in versions.items():
            older = f"import sys; sys.version_info = ({version.replace('.', ', ')}, 'final', 0)"
            code = f"{older}; code = sys.argv[1]; del sys.argv[1]; exec(code)"
            file = tmp_path / name / program.replace("_", ".")
            file.write_text(
                f'#!/bin/sh\nshift\nexec {sys.executable} -c "{code}" "$@"\n' if version else "#!/bin/sh\nexit 1\n"
            )
            file.chmod(0o755)
        return str(tmp_path / name)

    return folder


@pytest.fixture
def shell(tmp_path: Path) -> str:
    """A folder for PATH with the programs that the scripts run, but no Python."""
    (tmp_path / "shell").mkdir()
    for name in ("bash", "env", "sed"):
        (tmp_path / "shell" / name).symlink_to(shutil.which(name) or name)
    return str(tmp_path / "shell")


def test_the_first_python_that_is_new_enough_is_taken(pythons: Pythons, shell: str) -> None:
    old, broken = pythons("old", python3="3.11.1", python3_12="3.12.0"), pythons("broken", python3="")
    new, newer = pythons("new", python3="3.11.2"), pythons("newer", python3="3.13.0")
    path = ":".join([shell, old, broken, new, newer])
    assert run("python.sh", PATH=path).stdout == f"{new}/python3\n"


def test_names_with_a_version_are_tried_where_no_python3_fits(pythons: Pythons, shell: str) -> None:
    first = pythons("first", python3="3.10.9", python3_13="3.13.0", python3_12="")
    second = pythons("second", python3="3.11.1", python3_12="3.12.1")
    assert run("python.sh", PATH=f"{shell}:{first}:{second}").stdout == f"{second}/python3.12\n"


def test_without_a_python_that_fits_the_wanted_version_is_told(pythons: Pythons, shell: str) -> None:
    path = f"{shell}:{pythons('old', python3='3.9.18')}"
    found = run("python.sh", PATH=path)
    assert (found.returncode, found.stdout) == (1, "")
    result = run("prerequisites.sh", "python", PATH=path)
    assert result.returncode == 1
    assert "sudo apt-get install python3 python3-venv\n" in result.stderr
    assert "Python 3.11.2 or newer is needed" in result.stderr


def test_a_python_is_asked_whether_it_fits(pythons: Pythons) -> None:
    folder = pythons("some", old="3.11.1", new="3.11.2", broken="")
    fits = [run("python.sh", "fits", f"{folder}/{name}").returncode == 0 for name in ("old", "new", "broken", "none")]
    assert fits == [False, True, False, False]


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_pins_every_package_and_names_no_index(lock: str) -> None:
    lines = [line for line in (BASE_DIR / lock).read_text().splitlines() if line and not line.lstrip().startswith("#")]
    assert all("==" in line for line in lines)
    assert "://" not in (BASE_DIR / lock).read_text()


def test_make_alone_lists_the_commands() -> None:
    result = subprocess.run(["make", "-s"], cwd=BASE_DIR, capture_output=True, text=True, check=True)
    for command in ("demo", "test", "check", "format", "run", "messages", "lock"):
        assert f"make {command} " in result.stdout
