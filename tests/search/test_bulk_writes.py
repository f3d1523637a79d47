"""Writes without signals are allowed only where the index is updated explicitly.

`update`, `bulk_create`, similar methods and raw SQL send no signal. Operations announce what they wrote
(`meetings.operations.base.announce`). Other files that write this way are listed here, with the reason why the index
stays correct.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_SIGNALS = {"bulk_create", "bulk_update", "update_or_create", "_raw_delete", "execute", "executemany"}
QUERYSET = {"objects", "_default_manager", "_base_manager", "filter", "exclude", "all", "stage_proposals"}
ALLOWED = {
    "meetings/write_lock.py": "takes the lock",
    "publicity/models/gate.py": "revisions are not found",
    "publicity/queries/public_state.py": "reads",
    "portal/backup/rows.py": "the index is built afresh at the end of a restore",
    "portal/demo/timestamps.py": "the index rests while the demonstration is loaded, and is built at its end",
    "portal/demo/plan_correction.py": "the same",
    "portal/demo/plan_meeting.py": "the same",
    "portal/demo/plan_public.py": "the same",
    "portal/views.py": "reads",
}


def bulk_write_lines(path: Path) -> Iterator[int]:
    """Yield the line numbers of a file with writes that send no signal."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, receiver = node.func.attr, ast.unparse(node.func.value)
            on_queryset = any(f".{each}" in f".{receiver}" for each in QUERYSET) or receiver.endswith(("rows", ")"))
            if name in WITHOUT_SIGNALS or (name == "update" and on_queryset and "sha" not in receiver):
                yield node.lineno


@pytest.mark.parametrize("app", ["meetings", "publicity", "portal"])
def test_nobody_writes_past_the_index(app: str) -> None:
    files = [
        path for path in (ROOT / app).rglob("*.py") if {"migrations", "operations", "settings"}.isdisjoint(path.parts)
    ]
    found = {f"{path.relative_to(ROOT)}:{line}" for path in files for line in bulk_write_lines(path)}
    assert {place for place in found if place.partition(":")[0] not in ALLOWED} == set()


def test_the_check_sees_what_it_should() -> None:
    sample = ROOT / "meetings/operations/correction.py"
    assert len(list(bulk_write_lines(sample))) >= 3
