"""适老化: the chosen large display applies to every page, and the choice returns to the page where it was made."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def large(client: Client, path: str) -> bool:
    """Return True if the page uses the large display."""
    return "reading.css" in client.get(path).content.decode()


@pytest.mark.search_index
def test_the_choice_holds_on_every_page_until_it_is_taken_back(client: Client) -> None:
    pages = ("/", "/news/", "/search/", "/admin/login/", "/nothing-here/", "/reading/")
    assert not any(large(client, path) for path in pages)
    answer = client.post("/reading/", {"mode": "large", "next": "/news/?year=2025"})
    assert answer["Location"] == "/news/?year=2025"
    assert all(large(client, path) for path in pages)
    assert client.cookies["reading"]["max-age"] == 365 * 24 * 3600
    client.post("/reading/", {"mode": "", "next": "/"})
    assert not any(large(client, path) for path in pages)


@pytest.mark.parametrize(
    "where", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", ""]
)
def test_nobody_is_led_to_another_site(client: Client, where: str) -> None:
    assert client.post("/reading/", {"mode": "large", "next": where})["Location"] == "/"
    assert "example.org" not in client.get("/reading/", {"next": where}).content.decode()


def test_a_reader_without_the_cookie_gets_none(client: Client) -> None:
    client.get("/")
    assert not client.cookies
