"""The staff search over HTTP: people find what their tenures of today permit."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from meetings import clock
from meetings.models import Person, Resolution
from meetings.operations.progress import assign, report_done, report_progress
from search.index_maintenance import rebuild
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.steps import AFTER, DAY, issued_minutes
from tests.publicity.factories import issued, record

pytestmark = pytest.mark.django_db
QueryCount = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def world() -> World:
    return yuanqu()


def search_page(person: Person, query: str = "", client: Client | None = None) -> BeautifulSoup:
    client = client or Client()
    client.force_login(person)
    response = client.get(f"/admin/search/{query}")
    assert response.status_code == 200, response
    return BeautifulSoup(response.content, "html.parser")


def titles(page: BeautifulSoup) -> list[str]:
    return [link.get_text() for link in page.select(".ledger .line-what a")]


def href(link: Tag) -> str:
    return str(link["href"])


def create_resolution(world: World, title: str = "职工医疗互助", **values: Any) -> Resolution:
    """Return a resolution of issued minutes."""
    return record(world, issued(world, items=0), title=title, **values)


def test_a_line_tells_what_was_decided_by_whom_when_and_how_it_stands(world: World) -> None:
    resolution = create_resolution(world, deadline=date(2025, 12, 31), deadline_text="2025年年底前")
    rebuild()
    with clock.at(date(2025, 10, 1)):
        page = search_page(world.gov_clerk, "?q=医疗互助&kind=resolution")
    line = page.select_one(".ledger .line")
    assert line is not None
    assert [href(a) for a in line.select(".line-what a")] == [f"/admin/records/resolution/inspect/{resolution.pk}/"]
    words = line.get_text(" ", strip=True)
    for expected in ("议定事项", "2025年9月5日", str(world.department), str(world.other_department), "2025年年底前"):
        assert expected in words
    assert line.select_one(".stage-adopted")
    assert [mark.get_text() for mark in line.select("mark")][:1] == ["医疗互助"]


def test_late_is_what_is_late_on_the_day_it_is_read(world: World) -> None:
    create_resolution(world, deadline=date(2025, 12, 31))
    rebuild()
    for day, late in ((date(2025, 12, 31), False), (date(2026, 1, 1), True)):
        with clock.at(day):
            page = search_page(world.gov_clerk, "?kind=resolution")
        assert bool(page.select(".stage-overdue")) is late


def test_every_kind_of_record_is_found_and_leads_to_its_page(world: World) -> None:
    resolution = issued_minutes(world).resolutions.get()
    with clock.at(AFTER):
        assign(resolution, by=world.gov_clerk)
        report_progress(resolution, by=world.liaison, text="经费已拨付。")
        client = Client()
        page = search_page(world.gov_clerk, client=client)
        kinds = [line.get_text().split(" · ")[0] for line in page.select(".line-what .line-passage:first-of-type")]
        assert sorted(kinds) == sorted(["议题", "会议纪要", "议定事项", "落实情况"])
        for link in page.select(".ledger .line-what a"):
            assert client.get(href(link).partition("#")[0]).status_code == 200, href(link)


def test_a_department_finds_what_concerns_it_and_others_do_not(world: World) -> None:
    town = chengqiao()
    resolution = create_resolution(world)
    rebuild()
    assert titles(search_page(world.gov_clerk, "?q=医疗互助&kind=resolution")) == [resolution.title]
    assert titles(search_page(world.liaison, "?q=医疗互助")) == [resolution.title]
    assert titles(search_page(town.gov_clerk, "?q=医疗互助")) == []
    assert "医疗" not in search_page(town.gov_clerk).get_text()


@pytest.mark.parametrize("who", ["writer", "administrator", "stranger"])
def test_whoever_sees_no_record_is_turned_away(world: World, who: str) -> None:
    create_resolution(world)
    rebuild()
    client = Client()
    client.force_login(getattr(world, who))
    response = client.get("/admin/search/?q=医疗")
    assert response.status_code in {302, 403}
    assert "医疗互助" not in response.content.decode()


def test_nobody_is_asked_to_sign_in_for_nothing() -> None:
    response = Client().get("/admin/search/?q=工资")
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


def test_the_menu_leads_to_it_for_those_who_see_records(world: World) -> None:
    client = Client()
    client.force_login(world.gov_clerk)
    assert "/admin/search/" in client.get("/admin/").content.decode()
    client.force_login(world.administrator)
    assert "/admin/search/" not in client.get("/admin/").content.decode()


def test_facets_narrow_and_the_address_holds_the_query(world: World) -> None:
    resolution = issued_minutes(world, topics=2).resolutions.order_by("order")[0]
    with clock.at(AFTER):
        assign(resolution, by=world.gov_clerk)
        report_done(resolution, by=world.liaison, text="已完成。")
    page = search_page(world.gov_clerk, "?q=第1件事")
    (reported,) = [a for a in map(href, page.select(".filters a")) if "stage=resolution-reported" in a]
    assert titles(search_page(world.gov_clerk, reported)) == [resolution.title]
    days = f"?q=第1件事&since={AFTER.isoformat()}"
    assert titles(search_page(world.gov_clerk, days)) == [resolution.title]


@pytest.mark.parametrize(
    "query", ['"', "*", "%25", "%00", "😀", "工资%22", "工" * 300, "工 " * 300, "&page=x", "&page=99"]
)
def test_a_hostile_query_gets_an_answer(world: World, query: str) -> None:
    create_resolution(world)
    rebuild()
    search_page(world.gov_clerk, f"?q={query}")


def test_three_hits_take_as_many_queries_as_one(world: World, django_assert_max_num_queries: QueryCount) -> None:
    client = Client()
    counts: list[int] = []
    for year in (2023, 2024, 2025):
        meeting = issued(world, DAY.replace(year=year), items=1)
        rebuild()
        search_page(world.gov_clerk, "?q=医疗&kind=resolution", client)
        with django_assert_max_num_queries(60) as queries:
            response = client.get("/admin/search/?q=医疗&kind=resolution")
        assert meeting.title
        assert response.content.decode().count("line-what") == len(counts) + 1
        counts.append(len(queries.captured_queries))
    assert counts[0] == counts[2]
