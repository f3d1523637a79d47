"""Export of all hits, for staff and public: every row, the columns of the line, and no formulas."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from time_machine import TimeMachineFixture

from meetings import clock
from meetings.enums import AccessKind
from meetings.models import AccessEntry
from publicity.operations.releases import withdraw
from search.document import Choice, Document
from search.engines.elasticsearch import index_build
from search.engines.selection import engine, finder
from search.index_maintenance import rebuild
from search.query import Query
from search.reader import PUBLIC, public_reader
from search.views.export import EXPORTS
from tests.meetings.factories import World, chengqiao
from tests.publicity.factories import county, issued, public_outcome, record, resolutions

pytestmark = pytest.mark.django_db
QueryCount = Callable[[int], AbstractContextManager[Any]]
HEADINGS = ["类别", "标题", "编号", "联席会议", "牵头、提出或报告单位", "配合", "完成期限", "进展", "日期", "地址"]
LATE = date(2026, 3, 1)


@pytest.fixture
def world() -> World:
    return county()


def csv_rows(client: Client, address: str) -> list[list[str]]:
    """Return the rows of a CSV export, with the headings first."""
    response = client.get(address)
    assert response["Content-Type"] == "text/csv"
    assert response["Cache-Control"].startswith("private, no-store")
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def staff_client(world: World) -> Client:
    client = Client()
    client.force_login(world.gov_clerk)
    return client


def test_staff_take_away_what_a_line_tells(world: World) -> None:
    meeting = issued(world, items=0)
    resolution = record(world, meeting, title="职工医疗互助", deadline=date(2025, 12, 31), deadline_text="2025年年底前")
    rebuild()
    with clock.at(LATE):
        heading, row = csv_rows(staff_client(world), "/admin/search/?q=医疗互助&kind=resolution&export=csv")
    assert heading == HEADINGS
    kind, title, number, place, lead, co, when, stage, day, url = row
    assert (kind, title, number, place) == (
        "议定事项",
        "职工医疗互助",
        meeting.minutes.get().number,
        world.conference.short_name,
    )
    assert (lead, co, when) == (str(world.department), str(world.other_department), "2025年年底前")
    assert "逾期" in stage
    assert (day, url) == ("2025-09-05", f"http://testserver/admin/records/resolution/inspect/{resolution.pk}/")


def test_the_public_takes_away_what_it_reads(client: Client, world: World) -> None:
    meeting = issued(world, items=0)
    record(world, meeting, title="职工医疗互助")
    hidden = record(world, meeting, order=1, title="高温津贴发放")
    public_outcome(world, meeting)
    withdraw(hidden, reason="文字有误", by=world.gov_clerk)
    world.topic(title="医疗互助的议题")
    shown = resolutions(meeting)[0]
    heading, *rows = csv_rows(client, "/search/?kind=resolution&export=csv")
    assert heading == HEADINGS
    assert [row[1] for row in rows] == ["职工医疗互助"]
    assert rows[0][-1] == f"http://testserver/resolutions/{shown.public_number}/"
    assert "高温津贴" not in str(csv_rows(client, "/search/?export=csv"))


def test_both_doors_offer_it_beside_the_number_of_results(client: Client, world: World) -> None:
    meeting = issued(world, title="职工医疗互助")
    public_outcome(world, meeting)
    for person, path in ((client, "/search/"), (staff_client(world), "/admin/search/")):
        html = person.get(f"{path}?q=医疗&kind=resolution&page=1").content.decode()
        link = "?q=%E5%8C%BB%E7%96%97&amp;kind=resolution&amp;export=xlsx"
        assert f'href="{link}"' in html
        assert person.get(path + link.replace("&amp;", "&"))["Content-Disposition"].startswith("attachment")
        assert "export=" not in person.get(f"{path}?q=煤矿").content.decode()


@pytest.mark.parametrize("answers", ["embedded", "elasticsearch"])
def test_every_hit_is_in_it_beyond_what_an_engine_gives_at_once(
    client: Client, world: World, answers: str, request: pytest.FixtureRequest
) -> None:
    many = 10_003
    engine().index(
        Document(
            key=f"news:{number}",
            kind=Choice("news", "新闻"),
            number=number,
            title=f"第{number}条消息",
            texts=("医疗互助",),
            day=date(2025, 1, 1),
            url=f"/news/{number}/",
            tokens=frozenset({PUBLIC}),
            data={"place": "县"},
        )
        for number in range(1, many + 1)
    )
    if answers == "elasticsearch":
        request.getfixturevalue("elasticsearch")
        index_build.build()
    last = finder().search(Query(text="医疗互助", reader=public_reader(), page=501, page_size=20))
    assert ([hit.key for hit in last.hits], last.total) == (["news:3", "news:2", "news:1"], many)
    _heading, *rows = csv_rows(client, "/search/?q=医疗互助&page=3&export=csv")
    assert [row[1] for row in rows] == [f"第{number}条消息" for number in range(many, 0, -1)]


@pytest.mark.parametrize("title", ["=1+1", "+86", "-1", "@SUM(A1)"])
def test_what_begins_like_a_formula_stays_text(world: World, title: str) -> None:
    record(world, issued(world, items=0), title=title)
    rebuild()
    client = staff_client(world)
    _heading, row = csv_rows(client, "/admin/search/?kind=resolution&export=csv")
    assert row[1] == f"'{title}"
    book = load_workbook(io.BytesIO(b"".join(client.get("/admin/search/?kind=resolution&export=xlsx"))))
    cell: Any = book.active.cell(2, 2)  # type: ignore[union-attr]
    assert (cell.value, cell.data_type) == (title, "s")


def test_an_export_of_staff_is_told_with_rows_and_filters(world: World) -> None:
    chengqiao()
    record(world, issued(world, items=0), title="职工医疗互助")
    rebuild()
    b"".join(staff_client(world).get("/admin/search/?q=医疗&kind=resolution&export=xlsx"))
    entry = AccessEntry.objects.get(kind__in=[AccessKind.EXPORT, AccessKind.DOWNLOAD])
    assert (entry.kind, entry.person, entry.conference) == (AccessKind.EXPORT, world.gov_clerk, world.conference)
    assert entry.what == "查找（xlsx，1 行）"
    assert entry.path.endswith("kind=resolution&export=xlsx")


def test_a_visitor_who_asks_for_one_after_the_other_is_told_to_wait(
    client: Client, world: World, time_machine: TimeMachineFixture
) -> None:
    public_outcome(world, issued(world, title="职工医疗互助"))
    time_machine.move_to(datetime(2026, 3, 2, 8, tzinfo=UTC), tick=False)
    for _time in range(EXPORTS.attempts):
        assert client.get("/search/?q=医疗&export=csv")["Content-Type"] == "text/csv"
    refused = client.get("/search/?q=医疗&export=csv")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert "请一分钟后再试" in refused.content.decode()
    assert 'value="医疗"' in refused.content.decode()
    assert client.get("/search/?q=医疗").status_code == 200
    assert client.get("/search/?q=医疗&export=csv", REMOTE_ADDR="203.0.113.9").status_code == 200
    time_machine.shift(59)
    assert client.get("/search/?q=医疗&export=csv")["Retry-After"] == "1"
    time_machine.shift(1)
    assert client.get("/search/?q=医疗&export=csv").status_code == 200


def test_three_rows_take_as_many_queries_as_one(world: World, django_assert_max_num_queries: QueryCount) -> None:
    client, counts = staff_client(world), []
    for year in (2023, 2024, 2025):
        record(world, issued(world, date(year, 9, 5), items=0), title="职工医疗互助")
        rebuild()
        csv_rows(client, "/admin/search/?kind=resolution&export=csv")
        with django_assert_max_num_queries(60) as queries:
            csv_rows(client, "/admin/search/?kind=resolution&export=csv")
        counts.append(len(queries.captured_queries))
    assert counts[0] == counts[2]
