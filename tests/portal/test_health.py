"""The health check and robots.txt."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from meetings.enums import Role
from search.engines.elasticsearch.circuit_breaker import breaker
from search.engines.elasticsearch.client import reset_connection
from search.models import SearchChange, SearchIndex
from tests.browser.server import free_port
from tests.meetings.admin.pages import at_desk
from tests.meetings.factories import seat, yuanqu


@pytest.mark.django_db
def test_it_is_well_when_the_database_answers(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_it_is_unwell_when_the_database_does_not_answer_and_keeps_the_reason_to_itself(client: Client) -> None:
    def broken(execute: Callable[..., Any], *args: Any) -> Any:
        raise OperationalError("disk at /secret/place is full")

    with connection.execute_wrapper(broken):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable"}


@pytest.mark.django_db
def test_it_costs_one_query_and_no_session(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        response = client.get("/healthz")
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.search_index
@pytest.mark.django_db
def test_administrators_read_how_the_search_stands_and_nobody_else_does(
    settings: Settings, django_assert_max_num_queries: Any
) -> None:
    """Changes not yet sent to Elasticsearch are counted, with the age of the oldest; a closed port is reported."""
    world = yuanqu()
    place = seat("县里的管理员", role=Role.ADMINISTRATOR, conference=world.conference).person
    SearchIndex.objects.create(name="portal-1", ready=True)
    for number in (1, 2, 3):
        at = timezone.now() - timedelta(minutes=number)
        SearchChange.objects.create(key=f"topic:{number}", document=number, gone=False, at=at)
    for person in (world.gov_clerk, world.head, world.auditor, world.stranger, place):
        assert at_desk(person).get("/healthz").json() == {"status": "ok"}, person
    desk = at_desk(world.administrator)
    with django_assert_max_num_queries(12):
        state = desk.get("/healthz").json()["search"]
    assert state["engine"] == state["configured"] == "embedded"
    assert (state["index"], state["waiting"], state["breaker"]) == ("portal-1", 3, "closed")
    assert 180 <= state["oldest_seconds"] < 300
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "HOSTS": [f"http://127.0.0.1:{free_port()}"]}
    reset_connection()
    assert desk.get("/healthz").json()["search"]["engine"] == "elasticsearch"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.health.MAX_PENDING", 2)  # fewer than the three pending changes
        assert desk.get("/healthz").json()["search"]["engine"] == "embedded"
    try:
        at_desk(world.gov_clerk).get("/admin/search/?q=工资")
        state = desk.get("/healthz").json()["search"]
        assert (state["engine"], state["configured"], state["breaker"]) == ("embedded", "elasticsearch", "open")
    finally:
        breaker.close()
        reset_connection()


def test_it_cannot_be_posted_to(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_crawlers_are_kept_out_of_the_admin(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert "Disallow: /admin/" in lines
    assert "Sitemap: http://localhost:8000/sitemap.xml" in lines
