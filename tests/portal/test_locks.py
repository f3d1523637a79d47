"""The lock files install on the oldest supported Python, whichever Python runs the check."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.tools import locks
from tests.browser.server import free_port
from tests.portal.package_index import Index, served, use_only
from tests.portal.test_tools import run

pytestmark = pytest.mark.slow


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """An index that is the only one pip uses."""
    with served(tmp_path, monkeypatch) as index:
        yield index


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock file with one package."""
    (tmp_path / "lock.txt").write_text("soup==4.1.1\n")
    return tmp_path / "lock.txt"


def test_a_release_that_refuses_the_oldest_python_is_named_in_one_line(index: Index, lock: Path) -> None:
    index.offer("soup", "2.10")
    index.offer("soup", "4.1.1", python=">=3.11.5")
    wrong = locks.prove([lock], lock.with_name("stamp"))
    assert wrong == f"soup==4.1.1 needs Python >=3.11.5, but must install on {locks.oldest()}. Run: make lock"
    assert not lock.with_name("stamp").exists()


def test_what_was_proved_is_not_asked_again_until_the_file_changes(
    index: Index, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.offer("soup", "4.1.1", python=f">={locks.oldest()}")
    stamp = lock.with_name("stamp")
    assert locks.prove([lock], stamp) == ""
    use_only(monkeypatch, f"http://127.0.0.1:{free_port()}/simple")
    assert locks.prove([lock], stamp) == ""
    lock.write_text("soup==2.10\n")
    assert "the package index cannot be reached" in locks.prove([lock], stamp)


def test_a_release_that_does_not_exist_is_named(index: Index, lock: Path) -> None:
    index.offer("soup", "2.10")
    assert "soup==4.1.1" in locks.prove([lock], lock.with_name("stamp"))


def test_both_files_must_agree(index: Index, lock: Path) -> None:
    index.offer("soup", "4.1.1")
    index.offer("soup", "2.10")
    other = lock.with_name("other.txt")
    other.write_text("soup==2.10\n")
    assert locks.prove([lock, other], lock.with_name("stamp")) != ""


def test_the_oldest_python_is_read_from_one_place() -> None:
    assert run("python.sh", "oldest").stdout == locks.oldest() + "\n"
