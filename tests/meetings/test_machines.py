"""Tests of the transition tables as a whole: every step has an operation, every state can be reached."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from meetings.admin.core.signed_content import SIGNED_CONTENT
from meetings.machines import MACHINES
from meetings.machines.base import Machine, Transition
from meetings.operations.base import VERBS

ROWS = [
    pytest.param(model, machine, row, id=f"{model.__name__}-{row.action}")
    for model, machine in MACHINES.items()
    for row in machine.transitions
]

ASK = """
import django

django.setup()
from meetings.machines import MACHINES
from meetings.operations.base import VERBS

steps = [(model, row.action) for model, machine in MACHINES.items() for row in machine.transitions]
print([step for step in steps if step not in VERBS])
"""


@pytest.mark.parametrize(("model", "machine", "row"), ROWS)
def test_every_row_has_a_verb_and_known_states(model: type, machine: Machine, row: Transition) -> None:
    assert (model, row.action) in VERBS
    known = {str(value) for value in machine.states.values}
    assert set(map(str, row.source)) <= known
    assert row.target == "" or str(row.target) in known


@pytest.mark.parametrize(
    ("model", "row"),
    [(model, row) for model, machine in MACHINES.items() for row in machine.transitions if row.panel],
    ids=lambda value: getattr(value, "action", ""),
)
def test_every_panel_may_be_signed_for_somebody_else(model: type, row: Transition) -> None:
    assert "signature" in inspect.signature(VERBS[(model, row.action)]).parameters
    assert row.panel in SIGNED_CONTENT, "what is signed is shown"


def test_the_verbs_are_there_without_any_page_having_been_opened() -> None:
    told = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"
