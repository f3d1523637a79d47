"""The public search over HTTP, as page and JSON: it finds released content only."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.test import Client

from meetings.enums import Disclosure
from meetings.models import Meeting, ProgressReport, Resolution
from publicity.operations.releases import withdraw
from search.engines.selection import engine
from search.index_maintenance import rebuild
from search.models import SearchDocument
from search.query import Query
from search.reader import public_reader
from tests.meetings.factories import World
from tests.publicity.factories import county, issued, public_article, public_outcome, record, resolutions

pytestmark = pytest.mark.django_db
QueryCount = Callable[[int], AbstractContextManager[Any]]
JSON = {"Accept": "application/json"}


def get_json(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address, headers=JSON)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    found: dict[str, Any] = json.loads(response.content)
    return found


def get_html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    return str(response.content.decode())


@pytest.fixture
def world() -> World:
    return county()


def publish(world: World, *titles: str, day: date = date(2025, 9, 5)) -> Meeting:
    """Return a meeting whose resolutions are all public."""
    meeting = issued(world, day, items=0)
    for order, title in enumerate(titles):
        record(world, meeting, order=order, title=title)
    public_outcome(world, meeting)
    return meeting


class TestJson:
    def test_it_has_the_shape_of_the_door(self, client: Client, world: World) -> None:
        meeting = publish(world, "职工医疗互助", "高温津贴发放")
        (first, _second) = resolutions(meeting)
        found = get_json(client, "/search/?q=医疗互助")
        assert found.keys() == {"total", "page", "relaxed", "hits", "facets"}
        assert (found["total"], found["page"], found["relaxed"]) == (2, 1, False)
        hit = next(hit for hit in found["hits"] if hit["kind"] == "resolution")
        assert hit == {
            "title": "职工医疗互助",
            "url": f"/resolutions/{first.public_number}/",
            "kind": "resolution",
            "snippet": hit["snippet"],
        }
        assert "医疗互助" in hit["snippet"]
        assert found["facets"]["department"] == [
            {"value": name, "count": 1} for name in sorted([str(world.department), str(world.other_department)])
        ]
        assert found["facets"]["kind"] == [{"value": "outcome", "count": 1}, {"value": "resolution", "count": 1}]

    def test_each_address_of_a_hit_answers(self, client: Client, world: World) -> None:
        meeting = publish(world, "职工医疗互助")
        public_article(world, "医疗互助的消息", meeting=meeting)
        hits = get_json(client, "/search/?q=医疗互助")["hits"]
        assert {hit["kind"] for hit in hits} == {"resolution", "outcome", "news"}
        for hit in hits:
            assert hit["title"] in get_html(client, hit["url"])

    def test_a_value_of_a_facet_narrows_to_its_count(self, client: Client, world: World) -> None:
        publish(world, "职工医疗互助", "高温津贴发放")
        publish(world, "暑期爱心托管班", day=date(2024, 9, 9))
        for name, values in get_json(client, "/search/")["facets"].items():
            for value in values:
                response = client.get("/search/", {name: value["value"]}, headers=JSON)
                assert response.json()["total"] == value["count"], (name, value)

    def test_counts_of_a_facet_ignore_what_was_chosen_of_it(self, client: Client, world: World) -> None:
        publish(world, "职工医疗互助")
        publish(world, "暑期爱心托管班", day=date(2024, 9, 9))
        years = get_json(client, "/search/?kind=resolution&year=2024")["facets"]["year"]
        assert years == [{"value": "2025", "count": 1}, {"value": "2024", "count": 1}]
        assert get_json(client, "/search/?kind=resolution&year=2024&year=2025")["total"] == 2

    def test_a_relaxed_answer_says_so(self, client: Client, world: World) -> None:
        publish(world, "保障农民工工资支付")
        found = get_json(client, "/search/?q=农民工工资拖欠问题处理")
        assert found["relaxed"] is True
        assert found["total"] == 2
        assert get_json(client, "/search/?q=农民工工资")["relaxed"] is False

    @pytest.mark.parametrize("number", ["0", "-3", "abc", "9" * 50, "2"])
    def test_a_page_that_is_none_gives_an_answer(self, client: Client, world: World, number: str) -> None:
        publish(world, "职工医疗互助")
        found = get_json(client, f"/search/?q=医疗&page={number}")
        assert found["total"] == 2
        assert found["page"] == (2 if number == "2" else 1)
        assert bool(found["hits"]) is (number != "2")

    def test_pages_follow_one_another(self, client: Client, world: World) -> None:
        publish(world, *(f"职工医疗互助第{n}项" for n in range(25)))
        urls = [hit["url"] for n in (1, 2) for hit in get_json(client, f"/search/?kind=resolution&page={n}")["hits"]]
        assert len(urls) == len(set(urls)) == 25

    def test_both_forms_name_what_they_depend_on(self, client: Client) -> None:
        for headers in ({}, JSON):
            response = client.get("/search/?q=工资", headers=headers)
            assert "Accept" in response["Vary"]
            assert "no-cache" in response["Cache-Control"]

    def test_whoever_takes_anything_gets_the_page(self, client: Client) -> None:
        assert client.get("/search/", headers={"Accept": "*/*"})["Content-Type"].startswith("text/html")
        assert client.get("/search/", headers={"Accept": "text/html,*/*;q=0.8"})["Content-Type"].startswith("text/html")

    def test_nothing_can_be_posted(self, client: Client) -> None:
        assert client.post("/search/", {"q": "工资"}).status_code == 405


class TestPage:
    def test_the_query_stays_in_sight_and_what_was_found_is_marked(self, client: Client, world: World) -> None:
        publish(world, "职工医疗互助")
        html = get_html(client, "/search/?q=医疗互助")
        assert 'value="医疗互助"' in html
        assert "职工<mark>医疗互助</mark>" in html
        assert "“医疗互助”：共2条" in html
        assert str(world.department) in html

    def test_a_hostile_query_is_shown_as_text(self, client: Client, world: World) -> None:
        publish(world, "职工医疗互助")
        html = get_html(client, "/search/?q=%3Cscript%3Ealert(1)%3C/script%3E%22%00")
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html

    @pytest.mark.parametrize(
        "query", ['"', "*", "%25", "%00", "😀", "工资%22", "NEAR(", "工" * 300, "%F0%9F", "煤 " * 300]
    )
    def test_a_hostile_query_gets_an_answer(self, client: Client, world: World, query: str) -> None:
        publish(world, "职工医疗互助")
        assert "医疗互助" not in get_html(client, f"/search/?q={query}").partition("<main")[2].partition("</main>")[0]

    def test_a_term_that_is_too_long_is_told(self, client: Client) -> None:
        assert "255" in get_html(client, "/search/?q=" + "工" * 256)

    def test_a_relaxed_answer_says_so(self, client: Client, world: World) -> None:
        publish(world, "保障农民工工资支付")
        assert "至少含有其中一半" in get_html(client, "/search/?q=农民工工资拖欠问题处理")

    def test_an_empty_list_says_what_comes_next(self, client: Client, world: World) -> None:
        assert "目前还没有" in get_html(client, "/search/")
        publish(world, "职工医疗互助")
        assert "换一个说法" in get_html(client, "/search/?q=煤矿")
        assert "取消筛选再查" in get_html(client, "/search/?q=医疗&year=1999")

    def test_a_page_beyond_the_last_leads_back(self, client: Client, world: World) -> None:
        publish(world, "职工医疗互助")
        html = get_html(client, "/search/?q=医疗&page=9")
        assert "没有第9页" in html
        assert "回到第1页" in html

    def test_a_day_that_is_none_is_told(self, client: Client) -> None:
        assert "不是日期" in get_html(client, "/search/?since=昨天")

    def test_links_of_filters_hold_the_whole_query(self, client: Client, world: World) -> None:
        publish(world, "职工医疗互助")
        publish(world, "医疗救助", day=date(2024, 9, 9))
        html = get_html(client, "/search/?q=%E5%8C%BB%E7%96%97&sort=date&year=2024")
        assert 'href="?q=%E5%8C%BB%E7%96%97&amp;year=2024&amp;year=2025&amp;sort=date"' in html
        assert 'href="?q=%E5%8C%BB%E7%96%97&amp;sort=date" aria-current="true"' in html


class TestSight:
    def test_nothing_internal_is_in_what_the_public_finds(self, client: Client, world: World) -> None:
        """A canary word in every internal field is not found, and no public document contains it."""
        canary = "金丝雀"
        meeting = issued(world, items=0)
        shown = record(world, meeting, title="职工医疗互助", disclosure_reason=canary)
        record(world, meeting, order=1, title=f"{canary}事项", text=canary, disclosure=Disclosure.CLOSED,
               disclosure_reason=canary)  # fmt: skip
        world.topic(title=canary, text=canary, research=canary, proposal_report=canary)
        ProgressReport.objects.create(
            part=shown.parts.get(role="lead"), author=world.liaison, on=date(2025, 10, 1), text=canary
        )
        meeting.minutes.update(title=canary, body=f"<p>{canary}</p>", disclosure_reason=canary)
        Meeting.objects.update(place=canary, consultation=canary, notice_number=canary)
        public_outcome(world, meeting)
        Resolution.objects.filter(pk=shown.pk).update(text=f"{canary}：记录改了，发布没有改", title=canary)
        rebuild()
        assert get_json(client, f"/search/?q={canary}")["total"] == 0
        public = [hit.key for hit in engine().search(Query(reader=public_reader())).hits]
        assert sorted(key.partition(":")[0] for key in public) == ["outcome", "release"]
        for document in SearchDocument.objects.filter(key__in=public):
            assert canary not in f"{document.title}{document.body}{document.data}{document.url}"
        assert SearchDocument.objects.filter(body__contains=canary).exists(), "staff find it"

    def test_a_withdrawal_counts_at_once_in_hits_totals_and_facets(self, client: Client, world: World) -> None:
        meeting = publish(world, "职工医疗互助", "高温津贴发放")
        before = get_json(client, "/search/")
        withdraw(resolutions(meeting)[0], reason="文字有误", by=world.gov_clerk)
        after = get_json(client, "/search/")
        assert (before["total"], after["total"]) == (3, 2)
        assert get_json(client, "/search/?q=医疗互助")["total"] == 0
        assert {"value": "resolution", "count": 1} in after["facets"]["kind"]
        assert "医疗互助" not in json.dumps(after, ensure_ascii=False)

    def test_what_staff_may_see_is_not_in_the_public_door(self, client: Client, world: World) -> None:
        issued(world)
        rebuild()
        client.force_login(world.gov_clerk)
        assert get_json(client, "/search/")["total"] == 0


class TestCost:
    @pytest.mark.parametrize("headers", [{}, JSON])
    def test_three_hits_take_as_many_queries_as_one(
        self, client: Client, world: World, headers: dict[str, str], django_assert_max_num_queries: QueryCount
    ) -> None:
        counts = []
        for year in (2023, 2024, 2025):
            publish(world, f"职工医疗互助{year}项", day=date(year, 9, 5))
            client.get("/search/?q=医疗&kind=resolution", headers=headers)  # Wagtail caches the site's settings
            with django_assert_max_num_queries(30) as queries:
                client.get("/search/?q=医疗&kind=resolution", headers=headers)
            counts.append(len(queries.captured_queries))
        assert counts[0] == counts[2]
