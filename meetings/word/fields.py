"""The fields that a template may name: texts, flags and lists, under the names used in the template.

- `Text`, `Flag` and `Rows` are fields; `Fields` are those of one kind of document.
- `sample_values(fields)` and `empty_values(fields)` return values to try a template with.
- `check_values(fields, values)` checks that a document provides exactly the fields of its kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Text:
    """A text field, with an example value."""

    name: str
    example: str = ""


@dataclass(frozen=True)
class Flag:
    """A boolean field, for conditions only."""

    name: str


@dataclass(frozen=True)
class Rows:
    """A list whose rows have these fields. `item` is the name of a row in the portal's own template."""

    name: str
    fields: "Fields"
    item: str = "项"


Field = Text | Flag | Rows
Fields = tuple[Field, ...]


def sample_values(fields: Fields) -> dict[str, object]:
    """Return values with every text filled, every flag True and two rows in each list."""
    return {field.name: _sample_value(field) for field in fields}


def _sample_value(field: Field) -> object:
    if isinstance(field, Rows):
        return [sample_values(field.fields), sample_values(field.fields)]
    return True if isinstance(field, Flag) else field.example or field.name


def empty_values(fields: Fields) -> dict[str, object]:
    """Return values with every text empty, every flag False and no rows."""
    empty: dict[type, object] = {Text: "", Flag: False, Rows: []}
    return {field.name: empty[type(field)] for field in fields}


def check_values(fields: Fields, values: Mapping[str, Any]) -> None:
    """Raise `TypeError` if values and fields differ, which is a bug in the portal's own code."""
    if values.keys() != {field.name for field in fields}:
        raise TypeError(f"fields and values differ: {values.keys() ^ {field.name for field in fields}}")
    for field in fields:
        if isinstance(field, Rows):
            for row in values[field.name]:
                check_values(field.fields, row)
