"""Tests of the catalogue: it lists every model, and its entries are consistent with the models."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from meetings.admin.administration.viewsets import ADMINISTRATION_VIEWSETS
from meetings.admin.core.operation import OperationView
from meetings.log_actions import LABELS, verbs_of
from meetings.machines import MACHINES
from meetings.models import (
    AccessEntry,
    AgendaItem,
    Approval,
    AttemptCount,
    Delivery,
    DeskVisit,
    Explanation,
    GroupSeat,
    LoginCode,
    NumberSeries,
    RecordLogEntry,
    RecordTag,
    ResolutionPart,
    TaggedResolution,
    Telephone,
    WorkItem,
)
from meetings.models.catalogue import ADMINISTERED, CATALOGUE, Kind

# Models without an entry: they are read and changed with their record, and no code looks them up by model.
LEFT_OUT = {
    AccessEntry,
    AgendaItem,
    Approval,
    AttemptCount,
    Delivery,
    DeskVisit,
    Explanation,
    GroupSeat,
    LoginCode,
    NumberSeries,
    RecordLogEntry,
    RecordTag,
    ResolutionPart,
    TaggedResolution,
    Telephone,
    WorkItem,
}


def test_every_model_has_a_row_or_is_left_out_by_name() -> None:
    found = set(apps.get_app_config("meetings").get_models())
    assert found - LEFT_OUT == set(CATALOGUE)
    assert found & LEFT_OUT == LEFT_OUT


def test_the_lookups_to_conference_and_meeting_lead_there() -> None:
    for model, entry in CATALOGUE.items():
        for lookup in filter(None, (entry.conference, entry.meeting, *entry.departments)):
            model._default_manager.filter(**{f"{lookup}__in": [1]}).exists  # noqa: B018  # building it checks the path


def test_the_state_field_has_choices_with_labels() -> None:
    for model, entry in CATALOGUE.items():
        if entry.state_field:
            assert getattr(model._meta.get_field(entry.state_field), "choices", None)


def test_every_label_of_a_verb_is_used_and_no_step_is_listed_twice() -> None:
    listed = {verb for entry in CATALOGUE.values() for verb in entry.log_verbs}
    assert listed == set(LABELS)
    for model, machine in MACHINES.items():
        assert not {row.action for row in machine.transitions} & set(CATALOGUE[model].log_verbs)


def test_verbs_for_staff_alone_are_verbs_of_the_model() -> None:
    for entry in CATALOGUE.values():
        assert entry.staff_verbs <= set(entry.log_verbs)
        assert not entry.staff_verbs or entry.departments


def written_verbs() -> set[str]:
    """Return all string literals in the operations; the logged verbs are among them."""
    found: set[str] = set()
    for path in Path("meetings/operations").glob("*.py"):
        found |= {
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    return found


def test_every_verb_is_written_by_an_operation() -> None:
    verbs = {verb for model in CATALOGUE for verb in verbs_of(model)}
    assert verbs <= written_verbs()


@pytest.mark.parametrize("model", [m for m, entry in CATALOGUE.items() if entry.page])
def test_pages_have_the_namespace_of_their_model(model: type[Model]) -> None:
    assert CATALOGUE[model].page == model._meta.model_name


def test_administrators_have_a_list_of_each_page_that_they_keep() -> None:
    assert {viewset.model for viewset in ADMINISTRATION_VIEWSETS} == {
        model for model in ADMINISTERED if CATALOGUE[model].page
    }
    assert all(viewset.hint for viewset in ADMINISTRATION_VIEWSETS)


def operation_views(base: type[OperationView[Any]] = OperationView) -> set[type[OperationView[Any]]]:
    found = {base}
    for view in base.__subclasses__():
        found |= operation_views(view)
    return found


def test_operations_lead_back_to_sections_that_the_pages_have() -> None:
    sections = {section for entry in CATALOGUE.values() for section in entry.sections}
    led = {view.anchor for view in operation_views() if view.__module__.startswith("meetings.")} - {""}
    assert led <= sections


def test_parts_have_no_page_of_their_own() -> None:
    assert not [model for model, entry in CATALOGUE.items() if entry.kind is Kind.PART and entry.page]
