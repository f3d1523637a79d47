"""A public method needs a docstring unless it overrides another."""

from pathlib import Path

import pytest

from tests.checks.docstrings import modules, undocumented

SAMPLE = '''
class Base:
    def told(self):
        """Say it."""

class Child(Base):
    def told(self): ...
    def own(self): ...
    @property
    def size(self): ...
    def _private(self): ...
'''


def test_methods_of_their_own_without_a_docstring_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sample_of_docstrings.py").write_text(SAMPLE)
    monkeypatch.syspath_prepend(tmp_path)
    found = [line.split()[-1] for line in undocumented("sample_of_docstrings")]
    assert found == ["Child.own", "Child.size"]


def test_every_room_is_looked_through() -> None:
    assert {name.partition(".")[0] for name in modules()} == {"portal", "search", "publicity", "meetings"}
