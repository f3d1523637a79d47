"""Public answers are kept under the state that they were made in, and never given out after it has changed."""

import gzip
from datetime import timedelta
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Site

from meetings import clock
from meetings.models import Resolution
from publicity.models import Article, PublicDecision, PublicitySettings
from publicity.operations.releases import withdraw
from publicity.views import kept
from tests.meetings.factories import World
from tests.publicity.factories import issued, public_article, public_outcome

pytestmark = pytest.mark.django_db
BROWSER = "gzip, deflate, br"


def get(path: str, **headers: Any) -> Any:
    return Client().get(path, headers=headers)


def number_kept() -> int:
    """Return how many answers are kept."""
    return len(caches[kept.CACHE]._cache)  # type: ignore[attr-defined]  # the one in memory


@pytest.fixture
def path(shown: Resolution) -> str:
    """The address of a public decision."""
    PublicitySettings.for_site(Site.objects.get())  # the first reader creates them
    return PublicDecision.objects.released().get(resolution=shown).get_absolute_url()


# --- what is kept ----------------------------------------------------------------------------------------------------
def test_the_second_reader_costs_one_query(path: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = get(path)
    with django_assert_num_queries(1):
        second = get(path)
    assert second.content == first.content
    assert {name: second[name] for name in ("ETag", "Vary", "Cache-Control", "Content-Type")} == {
        "ETag": first["ETag"],
        "Vary": "Accept-Encoding, Cookie",
        "Cache-Control": "no-cache",
        "Content-Type": "text/html; charset=utf-8",
    }


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/news/", "/outcomes/", "/news/feed/", "/outcomes/feed/"),
        *("/sitemap.xml", "/sitemap-places.xml"),
        *("/outcomes/?year=2025", "/outcomes/?year=2025&stage=adopted", "/news/?year=2025"),
    ],
)
def test_canonical_addresses_are_kept(world: World, address: str) -> None:
    public_outcome(world, issued(world))
    public_article(world)
    get(address)
    assert number_kept() == 1


def test_pages_of_the_tree_are_kept(world: World, shown: Resolution) -> None:
    slug = world.conference.slug
    addresses = (f"/{slug}/", f"/{slug}/news/", f"/{slug}/outcomes/", str(public_article(world).url))
    for number, address in enumerate((*addresses, f"/sitemap-{slug}-2025.xml"), start=1):
        get(address)
        assert number_kept() == number, address


@pytest.mark.parametrize("address", ["/outcomes/", "/news/", "path"])
def test_other_addresses_are_not_kept(world: World, path: str, address: str) -> None:
    public_article(world)
    queries = ("?x=1", "?year=2025&x=1", "?stage=adopted&year=2025", "?year=1999", "?page=1", "?year=", "?page=9", "?&")
    for query in queries:
        response = get((path if address == "path" else address) + query)
        assert "private" in response["Cache-Control"], query
        assert not response.has_header("ETag"), query
    assert number_kept() == 0


def test_free_text_is_not_kept(world: World) -> None:
    public_article(world, tags=["维权"])
    assert "private" in get("/news/?tag=维权")["Cache-Control"]
    assert number_kept() == 0


@pytest.mark.search_index
def test_the_search_is_not_kept(path: str) -> None:
    response = get("/search/?q=职工")
    assert "private" in response["Cache-Control"]
    assert not response.has_header("ETag")
    assert number_kept() == 0


def test_what_is_missing_is_not_kept() -> None:
    assert get("/resolutions/2099-1/").status_code == get("/nowhere/").status_code == 404
    assert number_kept() == 0


def test_a_person_who_is_signed_in_gets_the_page_anew(world: World, path: str) -> None:
    get(path)
    client = Client()
    client.force_login(world.gov_clerk)
    response = client.get(path)
    assert "private" in response["Cache-Control"]
    assert not response.has_header("ETag")


def test_the_preview_of_a_draft_is_never_the_kept_page(world: World) -> None:
    page = public_article(world)
    page.summary = "还没有审过的摘要。"
    page.save_revision(user=world.writer)
    get(page.url)
    preview: Any = page.get_latest_revision_as_object().make_preview_request()
    assert "还没有审过的摘要。" in preview.render().content.decode()
    assert "还没有审过的摘要。" not in get(page.url).content.decode()


# --- what the key is made of -----------------------------------------------------------------------------------------
def test_a_withdrawal_is_at_once(world: World, shown: Resolution, path: str) -> None:
    listed = ("/", "/outcomes/", f"/{world.conference.slug}/outcomes/", "/outcomes/feed/")
    for address in (path, *listed):
        assert shown.title in get(address).content.decode()
    withdraw(shown, reason="核对", by=world.gov_clerk)
    assert get(path).status_code == 404
    for address in listed:
        assert shown.title not in get(address).content.decode()


def test_day_version_host_and_display_mode_are_parts_of_the_key(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    standard = get(path)
    large = Client(headers={"cookie": "reading=large"}).get(path)
    assert b"reading.css" in large.content
    assert b"reading.css" not in standard.content
    assert b"localhost" in get(path, host="localhost").content
    assert number_kept() == 3
    with clock.at(clock.today() + timedelta(days=1)):
        get(path)
    assert number_kept() == 4
    monkeypatch.setattr(kept, "code_version", lambda: "another")
    get(path)
    assert number_kept() == 5


def test_unknown_display_modes_fill_no_cache(path: str) -> None:
    get(path)
    Client(headers={"cookie": "reading=anything"}).get(path)
    assert number_kept() == 1


def test_nothing_but_the_key_changes_an_answer(world: World, path: str) -> None:
    public_article(world)
    for address in ("/", path, str(Article.objects.get().url), "/outcomes/", "/news/"):
        first = get(address)
        caches[kept.CACHE].clear()
        with clock.at(clock.today()):  # another time of the same day
            assert get(address).content == first.content


# --- conditional requests --------------------------------------------------------------------------------------------
def test_an_unchanged_page_is_answered_304(world: World, path: str) -> None:
    etag = get(path)["ETag"]
    again = get(path, if_none_match=etag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    public_article(world)  # the state moves, this page does not change
    assert get(path, if_none_match=etag).status_code == 304
    withdraw(Resolution.objects.get(), reason="核对", by=world.gov_clerk)
    assert get(path, if_none_match=etag).status_code == 404


# --- compression -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        (BROWSER, "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("identity", ""),
        ("gzip;q=0.000", ""),
        ("", ""),
    ],
)
def test_each_encoding_is_kept_and_says_the_same(path: str, accepted: str, encoding: str) -> None:
    plain = get(path).content
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    for _time in (1, 2):
        response = get(path, accept_encoding=accepted)
        assert response.get("Content-Encoding", "") == encoding
        assert unpack(response.content) == plain
        assert response["Content-Length"] == str(len(response.content))


@pytest.mark.search_index
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_answers_that_are_not_kept_are_compressed_too(path: str, accept: str) -> None:
    response = get("/search/?q=职工", accept_encoding="gzip", accept=accept)
    assert response["Content-Encoding"] == "gzip"
    assert "职工" in gzip.decompress(response.content).decode()
    assert {"Accept", "Accept-Encoding"} <= set(response["Vary"].split(", "))


def test_pages_with_tokens_are_not_compressed(world: World) -> None:
    login = get("/admin/login/", accept_encoding=BROWSER)
    assert settings.CSRF_COOKIE_NAME in login.cookies
    assert not login.has_header("Content-Encoding")
    client = Client(headers={"accept_encoding": BROWSER})
    client.force_login(world.gov_clerk)
    for address in ("/admin/", "/outcomes/"):
        assert not client.get(address).has_header("Content-Encoding")


# --- a cache that fails ----------------------------------------------------------------------------------------------
def test_without_its_cache_the_page_is_made_anew(
    path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ConnectionError("no server")

    monkeypatch.setattr(caches[kept.CACHE], "get", fail)
    monkeypatch.setattr(caches[kept.CACHE], "set", fail)
    assert get(path).status_code == 200
    assert {record.name for record in caplog.records} == {"portal.publicity"}
