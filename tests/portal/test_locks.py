"""The lock files install on the oldest Python that the project promises, whichever Python asks.

pip asks a package index of this machine, which offers small wheels made here.
"""

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from portal.tools import locks
from tests.browser.server import free_port
from tests.portal.test_tools import run

Offer = Callable[[str, str, str], None]


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and keeps no log."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offer]:
    """Add a release to the package index that pip asks: its name, its version, the Python that it wants."""
    pages: dict[str, str] = {}

    def offer(name: str, version: str, python: str) -> None:
        folder = tmp_path / "simple" / name
        folder.mkdir(parents=True, exist_ok=True)
        file, info = f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
        with zipfile.ZipFile(folder / file, "w") as wheel:
            about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: {python}\n"
            wheel.writestr(f"{info}/METADATA", about)
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
        wants = python.replace(">", "&gt;")
        pages[name] = pages.get(name, "<!DOCTYPE html>") + f'<a href="{file}" data-requires-python="{wants}">{file}</a>'
        (folder / "index.html").write_text(pages[name])

    (tmp_path / "simple").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    alone(monkeypatch, f"http://127.0.0.1:{server.server_port}/simple")
    yield offer
    server.shutdown()
    server.server_close()


def alone(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Let pip know the index at `address` and nothing else that this machine has set up."""
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", address)
    monkeypatch.setenv("PIP_RETRIES", "1")


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock file with one package."""
    (tmp_path / "lock.txt").write_text("soup==4.1.1\n")
    return tmp_path / "lock.txt"


def test_a_release_that_refuses_the_oldest_python_is_named_in_one_line(index: Offer, lock: Path) -> None:
    index("soup", "2.10", ">=3.10")
    index("soup", "4.1.1", ">=3.11.5")
    wrong = locks.prove([lock], lock.with_name("stamp"))
    assert wrong == f"soup==4.1.1 needs Python >=3.11.5, but must install on {locks.oldest()}. Run: make lock"
    assert not lock.with_name("stamp").exists()


def test_what_was_proved_is_not_asked_again_until_the_file_changes(
    index: Offer, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index("soup", "4.1.1", f">={locks.oldest()}")
    stamp = lock.with_name("stamp")
    assert locks.prove([lock], stamp) == ""
    alone(monkeypatch, f"http://127.0.0.1:{free_port()}/simple")
    assert locks.prove([lock], stamp) == ""
    lock.write_text("soup==2.10\n")
    assert "the package index cannot be reached" in locks.prove([lock], stamp)


def test_a_release_that_does_not_exist_is_named(index: Offer, lock: Path) -> None:
    index("soup", "2.10", ">=3.10")
    assert "soup==4.1.1" in locks.prove([lock], lock.with_name("stamp"))


def test_both_files_must_agree(index: Offer, lock: Path) -> None:
    index("soup", "4.1.1", ">=3.10")
    index("soup", "2.10", ">=3.10")
    other = lock.with_name("other.txt")
    other.write_text("soup==2.10\n")
    assert locks.prove([lock, other], lock.with_name("stamp")) != ""


def test_the_oldest_python_is_read_from_one_place() -> None:
    assert run("python.sh", "oldest").stdout == locks.oldest() + "\n"
