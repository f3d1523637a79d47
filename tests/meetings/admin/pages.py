"""Pages of the records as a browser meets them.

Key concepts
- `at_desk(person)`: a signed-in browser. `page(client, name, …)`: the text of a page that answers 200.
- `questions(client, name, …)`: how many queries a warm page asks.
- `send(client, name, …, **data)`: a form posted; the answer. `landed(answer, client)`: the page after the redirect.
"""

from typing import Any, cast

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.models import Person


def at_desk(person: Person) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person, backend="meetings.rights.TenureBackend")
    return client


def page(client: Client, name: str, *args: Any, query: str = "") -> str:
    """The text of a page, which must be there."""
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, f"{name}: {response.status_code}"
    text: str = response.content.decode()
    return text


def questions(client: Client, name: str, *args: Any, query: str = "") -> int:
    """The number of queries of a page that was asked for once before, so that nothing is counted that is kept."""
    page(client, name, *args, query=query)
    with CaptureQueriesContext(connection) as asked:
        page(client, name, *args, query=query)
    return len(asked)


def send(client: Client, view: str, /, *args: Any, **data: Any) -> HttpResponse:
    """Post a form as the page would; the version is the record's unless it is given."""
    return cast("HttpResponse", client.post(reverse(view, args=args), data))


def landed(response: Any, client: Client) -> str:
    """The page to which a done form leads."""
    assert response.status_code == 302, response.content.decode()
    answer = client.get(response["Location"].partition("#")[0])
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def kept(response: Any) -> str:
    """The form as it comes back: 200, with what was typed."""
    assert response.status_code == 200
    text: str = response.content.decode()
    return text
