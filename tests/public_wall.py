"""Every anonymous request of the tests to a public page fails when its SQL names a table of records.

`publicity.public_tables` has the tables that public pages may read. The check covers each request of Django's test
client outside the admin without a session: all tests of public pages, of the search and of the crawl.

- `no_records()`: the check as a context manager, for code that is called without a request.
- `installed()`: the check in each request; used by `tests/conftest.py`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from publicity.public_tables import closed_tables


class RecordRead(AssertionError):
    """A public page reads a table of records."""


@contextmanager
def no_records() -> Iterator[None]:
    """Raise `RecordRead` for SQL that names a table of records, also if the code inside catches the exception."""
    found: list[RecordRead] = []

    def check(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if tables := closed_tables(sql):
            found.append(RecordRead(f"a public page reads {', '.join(sorted(tables))}: {sql}"))
            raise found[-1]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(check):
        yield
    if found:
        raise found[0]


def is_public(client: Client, path: str) -> bool:
    """Return True for a request to a page outside the admin by somebody who is not logged in."""
    return not path.startswith("/admin/") and settings.SESSION_COOKIE_NAME not in client.cookies


@contextmanager
def installed() -> Iterator[None]:
    """Check each public request of Django's test client inside."""
    unchecked = Client.request

    def request(self: Client, **environ: Any) -> Any:
        if not is_public(self, environ["PATH_INFO"]):
            return unchecked(self, **environ)
        with no_records():
            return unchecked(self, **environ)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        yield
