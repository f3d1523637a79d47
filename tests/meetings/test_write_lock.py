"""Every operation takes its turn: none opens a transaction in which somebody else could write meanwhile."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = sorted(path for room in ("meetings", "publicity") for path in (ROOT / room / "operations").glob("*.py"))


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_an_operation_writes_alone(path: Path) -> None:
    assert "transaction.atomic" not in path.read_text(), "use meetings.write_lock.writing"
