"""Test that every operation takes the write lock: none opens a transaction in which others could write."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Attempts are counted in a transaction of their own, so that the count of a refused request stays.
OUTSIDE = {"attempts.py"}
OPERATIONS = sorted(
    path
    for room in ("meetings", "publicity")
    for path in (ROOT / room / "operations").glob("*.py")
    if path.name not in OUTSIDE
)


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_an_operation_writes_alone(path: Path) -> None:
    assert "transaction.atomic" not in path.read_text(), "use meetings.write_lock.write_transaction"
