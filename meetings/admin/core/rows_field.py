"""Base classes of form fields with a row of inputs for each department."""

from collections.abc import Mapping

from django import forms


class RowsWidget(forms.Widget):
    """A widget whose rows have inputs and labels of their own."""

    def value_omitted_from_data(self, data: Mapping[str, object], files: object, name: str) -> bool:
        """Return False: data without any row is the value "none", not a missing value."""
        return False

    def id_for_label(self, id_: str) -> str:
        """Return no id: each row has its own label."""
        return ""


class RowsField(forms.Field):
    """A field whose value is a mapping with a key per chosen row."""

    def has_changed(self, initial: object, data: object) -> bool:
        return (initial or {}) != (data or {})
