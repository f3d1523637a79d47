"""What goes past the signals is written only where the index is told as well.

`update`, `bulk_create` and their like, and SQL by hand, send no signal. Operations announce what they wrote
(`meetings.operations.base.announce`); whoever else writes that way stands here with the reason why nothing is lost.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAST_THE_SIGNALS = {"bulk_create", "bulk_update", "update_or_create", "_raw_delete", "execute", "executemany"}
QUERYSET = {"objects", "_default_manager", "_base_manager", "filter", "exclude", "all", "stage_proposals"}
ALLOWED = {
    "meetings/write_lock.py": "takes the lock",
    "publicity/models/gate.py": "revisions are not found",
    "portal/backup/rows.py": "the index is built afresh at the end of a restore",
    "portal/demo/timestamps.py": "the index rests while the demonstration is loaded, and is built at its end",
    "portal/demo/plan_correction.py": "the same",
    "portal/demo/plan_meeting.py": "the same",
    "portal/demo/plan_public.py": "the same",
    "portal/views.py": "reads",
}


def writes(path: Path) -> Iterator[int]:
    """The lines of a file that write past the signals."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, on = node.func.attr, ast.unparse(node.func.value)
            of_rows = any(f".{each}" in f".{on}" for each in QUERYSET) or on.endswith(("rows", ")"))
            if name in PAST_THE_SIGNALS or (name == "update" and of_rows and "sha" not in on):
                yield node.lineno


@pytest.mark.parametrize("room", ["meetings", "publicity", "portal"])
def test_nobody_writes_past_the_index(room: str) -> None:
    files = [
        path for path in (ROOT / room).rglob("*.py") if {"migrations", "operations", "settings"}.isdisjoint(path.parts)
    ]
    found = {f"{path.relative_to(ROOT)}:{line}" for path in files for line in writes(path)}
    assert {place for place in found if place.partition(":")[0] not in ALLOWED} == set()


def test_the_check_sees_what_it_should() -> None:
    sample = ROOT / "meetings/operations/correction.py"
    assert len(list(writes(sample))) >= 3
