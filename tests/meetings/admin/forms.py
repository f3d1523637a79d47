"""Helpers for admin forms: read the fields of a form, submit it like a browser."""

from typing import Any

from django.test import Client


def fields(form: Any) -> dict[str, Any]:
    """Return what a browser would send for the unchanged form, inline rows included."""
    data = {}
    for bound in form:
        value = bound.value()
        if value is not None and value is not False:
            data[bound.html_name] = "on" if value is True else bound.field.prepare_value(value)
    for formset in getattr(form, "formsets", {}).values():
        data |= fields(formset.management_form)
        for part in formset.forms:
            data |= fields(part)
    return {name: value if isinstance(value, list) else str(value) for name, value in data.items()}


def sent(client: Client, url: str, **typed: Any) -> Any:
    """Open the form at `url`, fill in `typed`, and post it; a value of None leaves the field out."""
    opened = client.get(url)
    assert opened.status_code == 200, f"{url}: {opened.status_code}"
    data = {**fields(opened.context["form"]), **typed}
    answer: Any = client.post(url, {name: value for name, value in data.items() if value is not None})
    return answer


def row(prefix: str, index: int, **typed: Any) -> dict[str, Any]:
    """Return the fields of one more inline row with this index, with the new number of rows."""
    return {f"{prefix}-TOTAL_FORMS": str(index + 1), **{f"{prefix}-{index}-{key}": str(v) for key, v in typed.items()}}
