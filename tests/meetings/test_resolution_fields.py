"""Tests of the list of content fields: it is complete, and all code that uses it treats each field as the list says."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from meetings.admin.resolutions.list import term_columns
from meetings.documents.portal_templates import ledger_columns
from meetings.enums import Disclosure, PartRole
from meetings.models import Minutes, Resolution, resolution_fields
from meetings.models.resolution_fields import (
    CONTENT_FIELDS,
    ContentField,
    Sealed,
    Term,
    from_sealed_values,
    printed_terms,
    sealed_values,
    searched_texts,
)
from meetings.operations.resolution import edit_resolution
from meetings.queries.issued_copy import issued_resolutions
from meetings.rules.hashing import digest
from meetings.rules.seal import content, content_hash, seal_broken
from tests.meetings.corrections import corrected
from tests.meetings.factories import World, yuanqu
from tests.meetings.steps import drafted_minutes, issued_minutes

pytestmark = pytest.mark.django_db
ROW_BY_NAME = {row.name: row for row in CONTENT_FIELDS}
# A value of each field that differs from the one in `changeable`.
OTHER_VALUES: dict[str, Any] = {
    "order": 9,
    "title": "另一件事",
    "text": "分三年安排。",
    "amount": Decimal(500_000),
    "facet": "pay",
    "deadline_text": "长期坚持",
    "deadline_kind": "standing",
    "deadline": date(2026, 3, 31),
    "disclosure": Disclosure.ON_REQUEST,
    "disclosure_reason": "涉及隐私",
}
# A column of the model that is no content field; it stands for one that is added to the list later.
LATER_FIELD = ContentField(name="suspended_reason", term=Term(name="经费说明", example="从预算中列支", label="说明"))


@pytest.fixture
def _one_more_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolution_fields, "CONTENT_FIELDS", (*CONTENT_FIELDS, LATER_FIELD))


def changeable(world: World) -> tuple[Minutes, Resolution]:
    """Return draft minutes with their only resolution."""
    minutes = drafted_minutes(world)
    return minutes, minutes.resolutions.get()


def test_every_editable_column_has_a_row() -> None:
    columns = {field.name for field in Resolution._meta.concrete_fields if field.editable}
    assert columns - {"id", "minutes"} == set(ROW_BY_NAME)


def test_printed_fields_are_sealed_and_lasting_ones_are_not() -> None:
    assert all(row.sealed != Sealed.NO for row in CONTENT_FIELDS if row.term)
    assert all(row.sealed == Sealed.NO for row in CONTENT_FIELDS if row.lasting)


# --- the seal --------------------------------------------------------------------------------------------------------
def test_the_sealed_content_of_a_resolution_is_that_of_the_first_seals() -> None:
    """The hash of every sealed minutes depends on these keys and values: they never change."""
    world = yuanqu()
    minutes, row = changeable(world)
    edit_resolution(
        row,
        by=world.gov_clerk,
        title="职工医疗互助",
        text="每年安排50万元。",
        amount=Decimal(500_000),
        deadline_text="2025年底前",
        deadline_kind="date",
        deadline=date(2025, 12, 31),
        disclosure=Disclosure.CLOSED,
        disclosure_reason="涉及隐私",
        parts=[(world.department, PartRole.LEAD)],
    )
    expected = {
        "order": row.order,
        "title": "职工医疗互助",
        "text": "每年安排50万元。",
        "amount": "500000.00",
        "deadline": ["date", "2025年底前", "2025-12-31"],
        "disclosure": ["closed", "涉及隐私"],
        "continues": None,
        "parts": [["lead", world.department.pk]],
        "tasks": [],
        "files": [],
    }
    assert digest(content(minutes)["resolutions"]) == digest([expected])


@pytest.mark.parametrize("name", OTHER_VALUES)
def test_a_change_of_a_sealed_field_alone_changes_the_hash(name: str) -> None:
    minutes, row = changeable(yuanqu())
    other = {name: OTHER_VALUES[name]}
    if name in {"deadline", "deadline_kind"}:
        other |= {"deadline_kind": "date", "deadline": date(2026, 3, 31)}
    before = content_hash(minutes)
    Resolution.objects.filter(pk=row.pk).update(**other)
    assert (content_hash(minutes) != before) == (ROW_BY_NAME[name].sealed != Sealed.NO)


@pytest.mark.usefixtures("_one_more_field")
def test_a_field_that_is_added_later_keeps_the_hash_while_empty_and_is_sealed_once_set() -> None:
    minutes, row = changeable(yuanqu())
    before = content(minutes)
    assert LATER_FIELD.name not in before["resolutions"][0]
    Resolution.objects.filter(pk=row.pk).update(suspended_reason="从工会经费中列支。")
    after = content(minutes)
    assert after["resolutions"][0].pop(LATER_FIELD.name) == "从工会经费中列支。"
    assert after == before


def test_a_searched_field_that_is_added_later_changes_no_search_document_while_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = Resolution(text="内容", disclosure_reason="")
    before = searched_texts(row)
    monkeypatch.setattr(resolution_fields, "CONTENT_FIELDS", (*CONTENT_FIELDS, replace(LATER_FIELD, searched=True)))
    assert searched_texts(row) == before == ("内容", "")
    row.suspended_reason = "从预算中列支"
    assert searched_texts(row) == (*before, "从预算中列支")


def test_issued_minutes_stay_sealed_when_a_field_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    minutes = issued_minutes(yuanqu())
    monkeypatch.setattr(resolution_fields, "CONTENT_FIELDS", (*CONTENT_FIELDS, LATER_FIELD))
    assert not seal_broken(minutes)
    assert [row.resolution.suspended_reason for row in issued_resolutions(minutes)] == [""]


@pytest.mark.usefixtures("_one_more_field")
def test_sealed_values_are_read_back_from_json() -> None:
    row = Resolution(order=3, title="事项", text="内容", amount=Decimal("1200.5"), suspended_reason="说明")
    values = json.loads(json.dumps(sealed_values(row)))
    assert values["amount"] == "1200.50"
    again = Resolution(**from_sealed_values(Resolution, values))
    for name in ("order", "title", "text", "amount", "continues_id", "suspended_reason"):
        assert getattr(again, name) == getattr(row, name), name


# --- changes ---------------------------------------------------------------------------------------------------------
def test_a_correction_copies_every_field() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    live = minutes.resolutions.get()
    values = {**OTHER_VALUES, "deadline_kind": "date", "deadline_text": "2026年3月底前"}
    assert set(values) == set(ROW_BY_NAME) - {"continues", "agenda_item"}
    corrected(world, minutes, **values)
    live.refresh_from_db()
    assert {name: getattr(live, name) for name in values} == values


# --- printed terms ---------------------------------------------------------------------------------------------------
def test_a_term_is_printed_with_its_format_and_left_empty_without_a_value() -> None:
    printed = {term.name: term.text for term in printed_terms(Resolution(amount=Decimal(500_000)))}
    assert printed["金额"] == "50万元"
    assert {term.text for term in printed_terms(Resolution())} == {""}


def test_the_label_of_a_term_is_that_of_the_model_unless_given() -> None:
    amount = ROW_BY_NAME["amount"]
    assert amount.term is not None
    unlabelled = replace(amount, term=replace(amount.term, label=""))
    assert [str(row.label(Resolution)) for row in (amount, unlabelled)] == ["金额", "金额（元）"]


def test_a_term_may_have_a_column_in_the_list_and_one_on_paper() -> None:
    assert LATER_FIELD.term is not None
    wide = replace(LATER_FIELD.term, list_width="9%", paper_width=20)
    (column,) = term_columns([(LATER_FIELD, LATER_FIELD.term), (LATER_FIELD, wide)])
    assert (column.label, column.width, column.sort) == ("说明", "9%", "suspended_reason")
    assert column.value(Resolution(suspended_reason="从预算中列支")) == "从预算中列支"
    before, after = ledger_columns(), ledger_columns([(LATER_FIELD, wide)])
    assert sum(width for _heading, width, _shown in after) == sum(width for _heading, width, _shown in before)
    assert ("经费说明", 20, "经费说明") in after
