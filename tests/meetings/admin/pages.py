"""Helpers for admin pages: log in, open pages, post forms, follow redirects, count queries."""

from typing import Any, cast

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.models import Person


def at_desk(person: Person) -> Client:
    """Return a client in which the person is logged in."""
    client = Client()
    client.force_login(person, backend="meetings.rights.TenureBackend")
    return client


def page_text(response: Any) -> str:
    """Return the text of a response with status 200: a page, or a form that is shown again after a refusal."""
    assert response.status_code == 200, f"{response.request['PATH_INFO']}: {response.status_code}"
    text: str = response.content.decode()
    return text


def page(client: Client, name: str, *args: Any, query: str = "") -> str:
    """Return the text of a page that answers 200."""
    return page_text(client.get(reverse(name, args=args) + query))


def query_count(client: Client, name: str, *args: Any, query: str = "") -> int:
    """Return the number of queries of a page or file.

    Two requests fill the caches of the process: the home page reads more at the second visit than at the first.
    """
    url = reverse(name, args=args) + query
    for _visit in range(2):
        assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as taken:
        assert client.get(url).status_code == 200
    return len(taken)


def send(client: Client, view: str, /, *args: Any, **data: Any) -> HttpResponse:
    """Post `data` to a view."""
    return cast("HttpResponse", client.post(reverse(view, args=args), data))


def landed(response: Any, client: Client) -> str:
    """Return the page to which a successful post redirects."""
    assert response.status_code == 302, response.content.decode()
    return page_text(client.get(response["Location"].partition("#")[0]))
