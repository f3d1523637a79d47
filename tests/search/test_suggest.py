"""Suggestions while typing, for the public and for staff: titles that the search of the same reader would find."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.test import Client

from meetings.models import Person
from publicity.operations.releases import withdraw
from search.index_maintenance import rebuild
from tests.meetings.factories import World, chengqiao
from tests.publicity.factories import county, issued, public_outcome, record, resolutions

pytestmark = pytest.mark.django_db
QueryCount = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def world() -> World:
    return county()


def titles(client: Client, q: str, path: str = "/search/") -> list[str]:
    response = client.get(f"{path}suggest/", {"q": q})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    found: list[str] = response.json()
    return found


def staff_titles(person: Person, q: str) -> list[str]:
    client = Client()
    client.force_login(person)
    return titles(client, q, "/admin/search/")


def test_the_public_is_offered_what_was_released_alone(client: Client, world: World) -> None:
    meeting = issued(world, items=0)
    record(world, meeting, title="职工医疗互助")
    public_outcome(world, meeting)
    record(world, issued(world, date(2024, 9, 5), items=0), title="尚未公开的医疗救助")
    world.topic(title="医疗互助的议题")
    rebuild()
    assert titles(client, "医疗") == ["职工医疗互助"]
    assert titles(client, "互助 职工") == ["职工医疗互助"]
    client.force_login(world.gov_clerk)
    assert titles(client, "医疗") == ["职工医疗互助"], "the public door is the same for staff"


def test_a_title_that_was_withdrawn_is_gone_at_once(client: Client, world: World) -> None:
    meeting = issued(world, items=0)
    record(world, meeting, title="职工医疗互助")
    public_outcome(world, meeting)
    assert titles(client, "医疗互助") == ["职工医疗互助"]
    withdraw(resolutions(meeting)[0], reason="文字有误", by=world.gov_clerk)
    assert titles(client, "医疗互助") == []


def test_staff_are_offered_what_they_may_know_of(world: World) -> None:
    town = chengqiao()
    record(world, issued(world, items=0), title="职工医疗互助")
    world.topic(title="医疗互助的议题")
    rebuild()
    assert set(staff_titles(world.gov_clerk, "医疗互助")) == {"职工医疗互助", "医疗互助的议题"}
    assert staff_titles(town.gov_clerk, "医疗互助") == []


@pytest.mark.parametrize("who", ["writer", "administrator", "stranger"])
def test_whoever_sees_no_record_is_turned_away(world: World, who: str) -> None:
    client = Client()
    client.force_login(getattr(world, who))
    assert client.get("/admin/search/suggest/?q=医疗").status_code in {302, 403}


@pytest.mark.parametrize("q", ["", " ", '"', "*", "\0", "😀", "-医疗", "工" * 300, "工 " * 300])
def test_whatever_is_typed_gets_an_answer(client: Client, world: World, q: str) -> None:
    assert titles(client, q) == []


def test_the_field_is_a_plain_one_that_a_script_of_ours_follows(client: Client, world: World) -> None:
    for address in ("/", "/search/"):
        html = client.get(address).content.decode()
        assert 'data-suggest="/search/suggest/"' in html
        assert 'id="q-titles"' in html
        assert "search/suggest.js" in html


def test_three_titles_take_as_many_queries_as_one(client: Client, django_assert_max_num_queries: QueryCount) -> None:
    world = county()
    counts: list[int] = []
    for year in (2023, 2024, 2025):
        meeting = issued(world, date(year, 9, 5), items=0)
        record(world, meeting, title=f"职工医疗互助{year}年方案")
        public_outcome(world, meeting)
        with django_assert_max_num_queries(10) as queries:
            assert len(titles(client, "医疗互助")) == len(counts) + 1
        counts.append(len(queries.captured_queries))
    assert counts[0] == counts[2]
