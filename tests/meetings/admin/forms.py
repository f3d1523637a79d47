"""Forms of the administrator as a browser sends them.

Key concepts
- `sent(client, url, **typed)`: opens the form, types, sends it with everything else as the page had it; the answer.
- `row(prefix, index, **typed)`: the fields of one inline row, and how many rows there are then.
- `queries(client, url)`: how many queries a page takes.
"""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def fields(form: Any) -> dict[str, Any]:
    """What a form would send as it stands, inline rows included."""
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
    """Open, type, send; a value of None is left out."""
    opened = client.get(url)
    assert opened.status_code == 200, f"{url}: {opened.status_code}"
    data = {**fields(opened.context["form"]), **typed}
    answer: Any = client.post(url, {name: value for name, value in data.items() if value is not None})
    return answer


def row(prefix: str, index: int, **typed: Any) -> dict[str, Any]:
    """One more inline row with this index."""
    return {f"{prefix}-TOTAL_FORMS": str(index + 1), **{f"{prefix}-{index}-{key}": str(v) for key, v in typed.items()}}


def text(response: Any) -> str:
    """The page of an answer that is no redirect."""
    assert response.status_code == 200, response.status_code
    content: str = response.content.decode()
    return content


def queries(client: Client, url: str) -> int:
    """How many queries a page takes, once what is kept per process is known."""
    client.get(url)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(url).status_code == 200
    return len(taken)
