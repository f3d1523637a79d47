"""历年同类事项 over HTTP: beside the topic form, on record pages and on public pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from meetings import clock
from meetings.enums import MinutesState, ResolutionState
from meetings.models import Minutes, Person, Resolution
from publicity.operations.public_state import move
from publicity.operations.releases import withdraw
from search.index_maintenance import rebuild
from tests.meetings.factories import World, chengqiao
from tests.publicity.factories import county, issued, public_outcome, record, resolutions

pytestmark = pytest.mark.django_db
QueryCount = Callable[[int], AbstractContextManager[Any]]
TODAY = date(2026, 3, 1)
TITLE, TEXT = "关于开办职工子女暑期托管班的议题", "在县城开办职工子女暑期托管班，解决看护难题。"
EARLIER = "开办职工子女暑期爱心托管班"


@pytest.fixture
def world() -> World:
    return county()


def create_resolution(world: World, day: date, title: str = EARLIER, **values: Any) -> Resolution:
    return record(world, issued(world, day, items=0), title=title, text=f"{title}，由工会牵头。", **values)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def panel_lines(client: Client, address: str) -> list[str]:
    """Return the texts of the panel's lines on a page; empty if there is no panel."""
    with clock.at(TODAY):
        response = client.get(address)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    return [line.get_text(" ", strip=True) for line in page.select("[aria-labelledby=similar] .line")]


def similar_response(person: Person, text: str) -> BeautifulSoup:
    with clock.at(TODAY):
        response = signed_in(person).get("/admin/search/similar/", {"text": text})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return BeautifulSoup(response.content, "html.parser")


def test_who_proposes_learns_that_it_was_settled_and_is_under_way(world: World) -> None:
    resolution = create_resolution(world, date(2021, 9, 5), state=ResolutionState.UNDER_WAY)
    create_resolution(world, date(2022, 9, 5), "欠薪案件限期办结")
    rebuild()
    form = signed_in(world.gov_clerk).get(reverse("topic:add")).content.decode()
    assert 'data-similar="/admin/search/similar/"' in form
    assert "search/similar.js" in form
    (line,) = similar_response(world.gov_clerk, f"{TITLE}\n{TEXT}").select(".line")
    words = line.get_text(" ", strip=True)
    for expected in ("2021年", EARLIER, str(world.department), "推进中"):
        assert expected in words
    link = line.select_one("a")
    assert link is not None
    assert link["href"] == reverse("resolution:inspect", args=[resolution.pk])


@pytest.mark.parametrize("text", ["", "煤矿", "\0", '"*', "工" * 5000])
def test_what_was_never_settled_is_said_so(world: World, text: str) -> None:
    create_resolution(world, date(2021, 9, 5))
    rebuild()
    assert "没有同类的议定事项" in similar_response(world.gov_clerk, text).get_text()


def test_a_topic_s_page_and_a_resolution_s_page_show_what_else_was_settled(world: World) -> None:
    first, second = (
        create_resolution(world, date(2021, 9, 5)),
        create_resolution(world, date(2024, 9, 5), "续办职工子女暑期爱心托管班"),
    )
    topic = world.topic(title=TITLE, text=TEXT)
    rebuild()
    client = signed_in(world.gov_clerk)
    on_topic = panel_lines(client, reverse("topic:inspect", args=[topic.pk]))
    assert len(on_topic) == 2
    (on_resolution,) = panel_lines(client, reverse("resolution:inspect", args=[second.pk]))
    assert first.title in on_resolution
    assert "2021年" in on_resolution


def test_what_stands_in_draft_minutes_was_not_settled(world: World) -> None:
    create_resolution(world, date(2021, 9, 5), state=ResolutionState.DRAFTED)
    Minutes.objects.update(state=MinutesState.DRAFT)
    topic = world.topic(title=TITLE, text=TEXT)
    rebuild()
    assert panel_lines(signed_in(world.gov_clerk), reverse("topic:inspect", args=[topic.pk])) == []


def test_what_stands_in_draft_minutes_takes_no_room_of_what_was_settled(world: World) -> None:
    earlier = create_resolution(world, date(2021, 9, 5), "职工子女暑期托管")
    meeting = issued(world, date(2025, 9, 5), items=0)
    for order in range(6):
        record(world, meeting, order=order, title=TITLE, text=TEXT, state=ResolutionState.DRAFTED)
    topic = world.topic(title=TITLE, text=TEXT)
    rebuild()
    (line,) = panel_lines(signed_in(world.gov_clerk), reverse("topic:inspect", args=[topic.pk]))
    assert earlier.title in line


def test_nobody_is_shown_what_the_search_would_not_find(world: World) -> None:
    town = chengqiao()
    create_resolution(world, date(2021, 9, 5))
    topic = town.topic(title=TITLE, text=TEXT)
    rebuild()
    assert panel_lines(signed_in(town.gov_clerk), reverse("topic:inspect", args=[topic.pk])) == []
    assert similar_response(town.gov_clerk, f"{TITLE}\n{TEXT}").select(".line") == []
    for who in (world.writer, world.administrator, world.stranger):
        assert signed_in(who).get("/admin/search/similar/", {"text": TITLE}).status_code in {302, 403}


class TestPublic:
    def released(self, world: World, day: date, *titles: str) -> list[Resolution]:
        meeting = issued(world, day, items=0)
        for order, title in enumerate(titles):
            record(world, meeting, order=order, title=title, text=f"{title}，由工会牵头。")
        public_outcome(world, meeting)
        return list(resolutions(meeting))

    def address(self, resolution: Resolution) -> str:
        resolution.refresh_from_db()
        return f"/resolutions/{resolution.public_number}/"

    def test_a_public_resolution_shows_other_public_ones(self, client: Client, world: World) -> None:
        (first,) = self.released(world, date(2021, 9, 5), EARLIER)
        (second,) = self.released(world, date(2024, 9, 5), "续办职工子女暑期爱心托管班")
        create_resolution(world, date(2022, 9, 5), "内部的职工子女暑期爱心托管班")
        rebuild()
        (line,) = panel_lines(client, self.address(second))
        assert EARLIER in line
        assert "2021年" in line
        assert "内部的" not in client.get(self.address(second)).content.decode()
        client.force_login(world.gov_clerk)
        assert panel_lines(client, self.address(first)) != []
        assert "内部的" not in client.get(self.address(first)).content.decode()

    def test_what_was_withdrawn_is_gone_at_once(self, client: Client, world: World) -> None:
        (first,) = self.released(world, date(2021, 9, 5), EARLIER)
        (second,) = self.released(world, date(2024, 9, 5), "续办职工子女暑期爱心托管班")
        assert len(panel_lines(client, self.address(second))) == 1
        withdraw(first, reason="文字有误", by=world.gov_clerk)
        assert panel_lines(client, self.address(second)) == []
        assert "历年同类事项" not in client.get(self.address(second)).content.decode()

    def test_three_lines_take_as_many_queries_as_one(
        self, client: Client, world: World, django_assert_max_num_queries: QueryCount
    ) -> None:
        shown = self.released(world, date(2025, 9, 5), EARLIER, f"再次{EARLIER}")[0]
        counts: list[int] = []
        for lines in (1, 3):
            if lines > 1:
                self.released(world, date(2021, 9, 5), EARLIER, f"首次{EARLIER}")
            panel_lines(client, self.address(shown))
            move()  # the page is made anew
            with django_assert_max_num_queries(150) as queries:
                assert len(panel_lines(client, self.address(shown))) == lines
            counts.append(len(queries.captured_queries))
        assert counts[0] == counts[1]


def test_three_lines_take_staff_as_many_queries_as_one(world: World, django_assert_max_num_queries: QueryCount) -> None:
    client = signed_in(world.gov_clerk)
    counts: list[int] = []
    topic = world.topic(title=TITLE, text=TEXT)
    for year in (2021, 2022, 2023):
        create_resolution(world, date(year, 9, 5))
        rebuild()
        address = reverse("topic:inspect", args=[topic.pk])
        panel_lines(client, address)
        with django_assert_max_num_queries(200) as queries:
            assert len(panel_lines(client, address)) == len(counts) + 1
        counts.append(len(queries.captured_queries))
    assert counts[0] == counts[2]
