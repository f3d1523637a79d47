"""Tests of the transition tables as a whole: known states, and one operation for every step that accepts its inputs."""

import inspect
from typing import Any

import pytest

from meetings.admin.core.signed_content import SIGNED_CONTENT
from meetings.machines import MACHINES
from meetings.machines.base import Machine, Transition, always
from meetings.operations.steps import STEPS

ROWS = [
    pytest.param(model, machine, row, id=f"{model.__name__}-{row.action}")
    for model, machine in MACHINES.items()
    for row in machine.transitions
]


@pytest.mark.parametrize(("model", "machine", "row"), ROWS)
def test_every_row_has_known_states(model: type, machine: Machine[Any], row: Transition[Any]) -> None:
    known = {str(value) for value in machine.states.values}
    assert set(map(str, row.source)) <= known
    assert row.target == "" or str(row.target) in known


@pytest.mark.parametrize(
    ("model", "row"),
    [(model, row) for model, machine in MACHINES.items() for row in machine.transitions if row.panel],
    ids=lambda value: getattr(value, "action", ""),
)
def test_every_panel_may_be_signed_for_somebody_else(model: type, row: Transition[Any]) -> None:
    assert "signature" in inspect.signature(STEPS[model][row.action]).parameters
    assert row.panel in SIGNED_CONTENT, "what is signed is shown"


def test_every_step_has_one_operation_and_every_operation_is_a_step() -> None:
    actions = {model: [row.action for row in machine.transitions] for model, machine in MACHINES.items()}
    assert {model: sorted(operations) for model, operations in STEPS.items()} == {
        model: sorted(names) for model, names in actions.items()
    }
    operations = [operation for table in STEPS.values() for operation in table.values()]
    assert len(set(operations)) == len(operations)


@pytest.mark.parametrize(("model", "machine", "row"), ROWS)
def test_an_operation_accepts_the_inputs_that_its_step_asks_for(
    model: type, machine: Machine[Any], row: Transition[Any]
) -> None:
    operation = inspect.signature(STEPS[model][row.action])
    operation.bind("record", by="", version=1, **dict.fromkeys((field.name for field in row.inputs), ""))
    always_given = (field.name for field in row.inputs if field.required and field.when is always)
    operation.bind("record", by="", **dict.fromkeys(always_given, ""))
