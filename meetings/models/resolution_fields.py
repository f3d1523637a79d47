"""The content fields of a resolution: one frozen row per field, for all code that treats them alike.

Read by the form of a resolution (`admin.resolutions.forms`), its operations (`operations.resolution`,
`operations.correction`), the seal and the stored copy of issued minutes (`rules.seal`, `queries.issued_copy`), the
minutes and the ledger as documents (`documents`), their templates (`rules.template_fields`), the page and the list of
resolutions, and the search. Labels, lengths, choices and help texts are declared by the model only.

A new content field is a field of `Resolution` and a row here; `tests/meetings/test_resolution_fields.py` finds a field
without a row. Departments (`parts`), tags and files are relations, so they have no row.

- `CONTENT`, `LASTING`: names of the fields that are fixed by the issue of the minutes, and of those that are not.
- `SEARCHED`: names of the fields whose text is searched; `searched_texts(resolution)`: their values.
- `TERMS`: the fields that are printed under a name of their own; `printed_terms(resolution)` returns their values.
- `sealed_values(resolution)` returns the values that the seal covers; `from_sealed_values(…)` reads them back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Field, Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from meetings.amount_format import format_amount
from meetings.types import StrOrPromise


class Sealed(Enum):
    """Whether the approvals of the minutes cover a field, and how the sealed content contains it."""

    NO = "no"
    ALWAYS = "always"  # under its name: the fields that were there from the first seal on
    # Under its name, unless it has its default value: fields added later, so that older minutes keep their hash. The
    # default of such a field must not be changed.
    IF_SET = "if set"
    GROUPED = "grouped"  # together with other fields, under a key that `rules.seal` composes


@dataclass(frozen=True, kw_only=True)
class Term:
    """How a value is printed under a name of its own, for example 金额：50万元. Empty values are not printed.

    - `name`: the name in documents and in their templates, official Chinese, not translated.
    - `example`: a printed value, for the author of a template.
    - `label`: the label on pages; empty for the label of the model field.
    - `format`: returns the printed text of a value.
    - `heading`, `width`: heading (empty for `name`) and width in characters of its column in the ledger's spreadsheet;
      width 0 for no column.
    - `paper_width`: width in mm of its column in the portal's Word template of the ledger, taken from that of the last
      report; 0 for no column.
    - `list_width`: CSS width of its column in the list of resolutions; empty for no column.
    """

    name: str
    example: str
    label: StrOrPromise = ""
    format: Callable[[Any], str] = str
    heading: str = ""
    width: int = 12
    paper_width: int = 0
    list_width: str = ""


@dataclass(frozen=True, kw_only=True)
class ContentField:
    """What the portal has to know of a content field. A correction copies every field.

    - `sealed`: whether the approvals cover it; what they cover is also kept in the stored copy of issued minutes.
    - `asked`: whether the form asks for it.
    - `lasting`: whether it may still be changed after the issue of the minutes.
    - `carried`: whether a resolution that carries this one over starts with its value.
    - `searched`: whether its text is searched.
    - `term`: how it is printed; None for a field that pages and documents show in a place of its own. A field with a
      term is sealed, because issued minutes are printed from their stored copy.
    """

    name: str
    sealed: Sealed = Sealed.IF_SET
    asked: bool = True
    lasting: bool = False
    carried: bool = True
    searched: bool = False
    term: Term | None = None

    def model_field(self, resolution: Model | type[Model]) -> "Field[object, object]":
        """Return the field of the model."""
        return next(field for field in resolution._meta.fields if field.name == self.name)

    def value(self, resolution: Model) -> Any:
        """Return the stored value; the primary key of a relation."""
        return self.model_field(resolution).value_from_object(resolution)

    def label(self, resolution: Model | type[Model]) -> StrOrPromise:
        """Return the label on pages."""
        given = self.term.label if self.term else ""
        return given or capfirst(self.model_field(resolution).verbose_name)

    def printed(self, resolution: Model) -> str:
        """Return the printed text of the value; empty if it has no value or is not printed as a term."""
        value = self.value(resolution)
        return "" if self.term is None or value in (None, "") else self.term.format(value)


# In the order in which the form asks for them and documents print them.
CONTENT_FIELDS: tuple[ContentField, ...] = (
    ContentField(name="order", sealed=Sealed.ALWAYS, asked=False, carried=False),
    ContentField(name="continues", sealed=Sealed.ALWAYS, carried=False),
    ContentField(name="agenda_item", sealed=Sealed.NO, carried=False),
    ContentField(name="title", sealed=Sealed.ALWAYS),
    ContentField(name="text", sealed=Sealed.ALWAYS, searched=True),
    ContentField(name="deadline_text", sealed=Sealed.GROUPED, carried=False),
    ContentField(name="deadline_kind", sealed=Sealed.GROUPED, carried=False),
    ContentField(name="deadline", sealed=Sealed.GROUPED, carried=False),
    ContentField(
        name="amount",
        sealed=Sealed.ALWAYS,
        term=Term(name="金额", example="500,000元", label=_("Amount"), format=format_amount, heading="金额（元）"),
    ),
    ContentField(name="facet", sealed=Sealed.NO, lasting=True),
    ContentField(name="disclosure", sealed=Sealed.GROUPED),
    ContentField(name="disclosure_reason", sealed=Sealed.GROUPED, searched=True),
)

CONTENT = frozenset(row.name for row in CONTENT_FIELDS if not row.lasting)
LASTING = frozenset(row.name for row in CONTENT_FIELDS if row.lasting)
SEARCHED = tuple(row.name for row in CONTENT_FIELDS if row.searched)
TERMS: tuple[tuple[ContentField, Term], ...] = tuple((row, row.term) for row in CONTENT_FIELDS if row.term)


@dataclass(frozen=True)
class PrintedTerm:
    """A printed value of a resolution: its name in documents, its label on pages, and the text."""

    name: str
    label: StrOrPromise
    text: str


def printed_terms(resolution: Model) -> list[PrintedTerm]:
    """Return the printed terms of a resolution in order; the text of an empty value is empty."""
    return [PrintedTerm(term.name, row.label(resolution), row.printed(resolution)) for row, term in TERMS]


def searched_texts(resolution: Model) -> tuple[str, ...]:
    """Return the searched texts. As in the seal, a field that was added later (`IF_SET`) is left out while it is empty:
    the stored search documents of other resolutions then stay as they are.
    """
    found = ((row.sealed, str(row.value(resolution))) for row in CONTENT_FIELDS if row.searched)
    return tuple(text for sealed, text in found if text or sealed != Sealed.IF_SET)


def sealed_values(resolution: Model) -> dict[str, object]:
    """Return the values that the seal covers, by name, except those that `rules.seal` groups.

    Decimals are returned as text with all decimal places, so that their hash does not depend on the database.
    """
    found = {}
    for row in CONTENT_FIELDS:
        field, value = row.model_field(resolution), row.value(resolution)
        if row.sealed == Sealed.ALWAYS or (row.sealed == Sealed.IF_SET and value != field.get_default()):
            places = getattr(field, "decimal_places", 0)
            found[row.name] = f"{value:.{places}f}" if isinstance(value, Decimal) else value
    return found


def from_sealed_values(model: type[Model], content: Mapping[str, object]) -> dict[str, object]:
    """Return the values of `sealed_values`, read from JSON, as arguments that create an instance of `model`."""
    named = (row for row in CONTENT_FIELDS if row.sealed in {Sealed.ALWAYS, Sealed.IF_SET} and row.name in content)
    fields = [row.model_field(model) for row in named]
    return {field.attname: field.to_python(content[field.name]) for field in fields}
