"""What a template may name: texts, switches and lists, by the words that stand in the template.

Key concepts
- `Text`, `Flag`, `Rows`: a field with its name; `Fields`: those of one kind of document.
- `sample(fields)`, `nothing(fields)`: values to try a template with, full and empty.
- `demand_fit(fields, values)`: the values of a document are those that its kind promises, no more and no less.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Text:
    """A text, with an example of what may stand in it."""

    name: str
    example: str = ""


@dataclass(frozen=True)
class Flag:
    """A switch, for conditions alone."""

    name: str


@dataclass(frozen=True)
class Rows:
    """A list; each of its rows has these fields. `item` is what the portal's own template calls a row."""

    name: str
    fields: "Fields"
    item: str = "项"


Field = Text | Flag | Rows
Fields = tuple[Field, ...]


def sample(fields: Fields) -> dict[str, Any]:
    """Values with every text filled, every switch on and two rows in each list."""
    return {field.name: _example(field) for field in fields}


def _example(field: Field) -> Any:
    if isinstance(field, Rows):
        return [sample(field.fields), sample(field.fields)]
    return True if isinstance(field, Flag) else field.example or field.name


def nothing(fields: Fields) -> dict[str, Any]:
    """Values with nothing in them."""
    empty: dict[type, Any] = {Text: "", Flag: False, Rows: []}
    return {field.name: empty[type(field)] for field in fields}


def demand_fit(fields: Fields, values: Mapping[str, Any]) -> None:
    """Raise `TypeError` where values and fields differ: a mistake in the portal's own code."""
    if values.keys() != {field.name for field in fields}:
        raise TypeError(f"fields and values differ: {values.keys() ^ {field.name for field in fields}}")
    for field in fields:
        if isinstance(field, Rows):
            for row in values[field.name]:
                demand_fit(field.fields, row)
