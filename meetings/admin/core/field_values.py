"""Label and value of a model field, as lists and pages show them."""

from django.db.models import Model
from django.utils.text import capfirst

from meetings.types import StrOrPromise


def field_label(model: Model | type[Model], name: str) -> StrOrPromise:
    """Return the label of a field, translated when it is shown."""
    field = next(field for field in model._meta.fields if field.name == name)
    return capfirst(field.verbose_name)


def display_value(row: Model, name: str) -> object:
    """Return the value of a field; of one with choices, the label of the choice."""
    display = getattr(row, f"get_{name}_display", None)
    return display() if display else getattr(row, name)
