"""Every address of the portal, tried by everybody: what opens, what is refused, and that nothing refused changes a row.

The expected answers stand in `table.md`, for people to read. The world is built once; each try is rolled back.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from meetings import clock
from meetings.models import Person
from tests.doors.doors import CLOSED, DOING, MEANS, Row, addresses, answer_of, concrete, rows, written_for
from tests.doors.world import TODAY, Doors, build
from tests.shared_world import keeping

pytestmark = [pytest.mark.django_db, pytest.mark.search_index, pytest.mark.slow, pytest.mark.xdist_group("doors")]

# What is written beside the records when somebody knocks: the session, the access log, the count of failed logins.
BESIDE = re.compile(r'"(django_session|meetings_accessentry|wagtailadmin_editingsession|axes_\w+)"')
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def doors(django_db_setup: None, django_db_blocker: Any) -> Iterator[Doors]:
    """The world of this module, taken back when all its tests are done."""
    with keeping(django_db_blocker):
        yield build()


class Visitor:
    """A browser in which somebody is logged in, and stays so whatever a page does to the session."""

    def __init__(self, person: Person | None) -> None:
        self.client = Client(raise_request_exception=False)
        if person is not None:
            self.client.force_login(person, backend="meetings.rights.TenureBackend")
        self.cookies = deepcopy(self.client.cookies)

    def ask(self, method: str, url: str, data: Any = None) -> Any:
        """The answer; a file is read to its end."""
        self.client.cookies = deepcopy(self.cookies)
        with clock.at(TODAY):
            response: Any = getattr(self.client, method)(url, data)
        if response.streaming:
            response.read = b"".join(response.streaming_content)
        return response


@pytest.fixture(scope="module")
def visitors(doors: Doors) -> dict[str, Visitor]:
    """Everybody of the table, logged in once."""
    return {name: Visitor(person) for name, person in doors.people.items()}


@pytest.fixture(scope="module")
def strangers(doors: Doors) -> dict[str, Visitor]:
    """Everybody of the other conference."""
    return {name: Visitor(person) for name, person in doors.strangers.items()}


def tries(doors: Doors) -> Iterator[tuple[Row, str]]:
    """Each row of the table with each concrete address that it stands for."""
    known = addresses()
    for row in rows():
        parts = doors.objects["—"] | doors.objects[row.about]
        for address in known:
            if written_for(address) == row.address:
                yield row, concrete(address, parts)


@contextmanager
def unchanged() -> Iterator[None]:
    """Fail if a row is written other than beside the records; take back what was written."""
    written: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITES.match(sql) and not BESIDE.search(sql):
            written.append(sql[:80])
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(listen):
            yield
        transaction.set_rollback(True)
    assert not written


def complaints(found: list[str]) -> str:
    return f"{len(found)} answers differ from the table:\n" + "\n".join(found)


def test_the_table_and_the_portal_name_the_same_addresses() -> None:
    known = addresses()
    assert [address for address in known if not written_for(address)] == [], "these stand in no row of table.md"
    used = {written_for(address) for address in known}
    assert [str(row) for row in rows() if row.address not in used] == [], "these lead nowhere"
    told = [(row.address, row.about) for row in rows()]
    assert sorted({one for one in told if told.count(one) > 1}) == [], "these stand there twice"


def test_each_door_opens_to_whom_the_table_says(doors: Doors, visitors: dict[str, Visitor]) -> None:
    found = []
    for row, url in tries(doors):
        for name, visitor in visitors.items():
            answer, expected = answer_of(visitor.ask("get", url)), row.answers[name]
            if answer not in MEANS.get(expected, {expected}):
                found.append(f"{row} {url} {name}: {answer}, not {expected}")
    assert not found, complaints(found)


def test_a_refused_form_changes_nothing(doors: Doors, visitors: dict[str, Visitor]) -> None:
    found = []
    for row, url in tries(doors):
        if row.purpose != DOING:
            continue
        for name, visitor in visitors.items():
            if row.answers[name] in CLOSED and name != "未登录":
                with unchanged():
                    status = visitor.ask("post", url, junk(row)).status_code
                if status not in {200, 302, 400, 403, 404, 405}:
                    found.append(f"{row} {url} {name}: {status}")
    assert not found, complaints(found)


def junk(row: Row) -> dict[str, str]:
    """A form with foreign keys and a version that never was."""
    return {"version": "1", "conference": "2", "department": "1", "post": "1", "reason": "x", "text": "x", "name": "x"}


# Wagtail's page editor answers 500 to a writer's form that lacks its hidden fields.
OWN = ("admin/records/", "admin/publicity/", "admin/settings/", "admin/images/", "admin/documents/", "admin/login/")


def test_a_form_that_makes_no_sense_breaks_nothing(doors: Doors, visitors: dict[str, Visitor]) -> None:
    found = []
    for row, url in tries(doors):
        for name, visitor in visitors.items():
            if row.purpose != DOING or row.answers[name] in CLOSED or not row.address.startswith(OWN):
                continue
            for data in ({}, {"version": "x", "post": "²", "topic": "999999", "order": "²", "status": "\x00"}):
                with transaction.atomic():
                    status = visitor.ask("post", url, data).status_code
                    transaction.set_rollback(True)
                if status >= 500:
                    found.append(f"{row} {url} {name}: {status}")
            break  # one of those who may is enough: it is the form that is tried
    assert not found, complaints(found)


@pytest.mark.parametrize("method", ["head", "put", "delete", "options"])
def test_other_verbs_open_no_other_door(doors: Doors, visitors: dict[str, Visitor], method: str) -> None:
    for row, url in tries(doors):
        if "admin/records/" not in row.address or row.about == "—":
            continue
        for name in ("未登录", "无关联络员", "外地经办"):
            if row.answers[name] in CLOSED:
                with unchanged():
                    assert visitors[name].ask(method, url).status_code in {302, 403, 404, 405}, (row, name)


# Looked at by the administrators of every conference: departments and regulations are common to all.
COMMON = {"部门", "制度"}


def test_the_other_conference_has_no_way_in(doors: Doors, strangers: dict[str, Visitor]) -> None:
    found = []
    for row, url in tries(doors):
        if row.about == "—" or row.answers["外地经办"] not in CLOSED - {"去登录"}:
            continue
        for name, visitor in strangers.items():
            if name == "外地管理员" and row.about in COMMON:
                continue
            status = visitor.ask("get", url).status_code
            if status not in {302, 403, 404, 405}:
                found.append(f"{row} {url} {name}: {status}")
    assert not found, complaints(found)


SECRETS = (
    "起草中的议题",
    "已提出的议题",
    "尚在筹备的会议",
    "已通知的会议",
    "纪要送审的会议",
    "纪要起草的会议",
    "草稿附件",
    "报告附件",
    "起草的新闻",
    "送审的新闻",
    "没有用到的",
    "已拟定方案",
)


def test_lists_filters_choosers_and_reports_name_nothing_of_others(
    doors: Doors, visitors: dict[str, Visitor], strangers: dict[str, Visitor]
) -> None:
    others = {name: visitors[name] for name in ("未登录", "无关联络员", "外地经办", "卸任者")} | strangers
    lists = [url for row, url in tries(doors) if row.purpose != DOING and row.about in {"—", "新闻栏目"}]
    for url in [*lists, *(f"{one}{query}" for one in lists for query in QUERIES.get(one, ()))]:
        for name, visitor in others.items():
            response = visitor.ask("get", url)
            body = getattr(response, "read", None) or response.content
            told = body.decode("utf-8", "replace")
            if response.get("Content-Type", "").startswith("application/json"):
                told += json.dumps(json.loads(told), ensure_ascii=False)
            assert not [word for word in SECRETS if word in told], (url, name)


# Searches, filters, exports and autocompletion of the lists.
QUERIES = {
    "/admin/records/topic/": ("?q=议题", "?export=xlsx", "?export=csv", "?state=draft"),
    "/admin/records/meeting/": ("?q=会议", "?export=csv"),
    "/admin/records/minutes/": ("?q=会议", "?export=csv"),
    "/admin/records/resolution/": ("?q=件事", "?export=csv"),
    "/admin/records/progressreport/": ("?q=方案", "?export=csv"),
    "/admin/search/": ("?q=议题", "?q=会议", "?q=方案", "?export=csv"),
    "/search/": ("?q=议题", "?q=方案", "?export=csv"),
    "/admin/search/suggest/": ("?q=议题", "?q=会议", "?q=方案"),
    "/admin/search/similar/": ("?text=已提出的议题", "?text=已拟定方案"),
    "/search/suggest/": ("?q=议题", "?q=新闻"),
    "/admin/pages/search/": ("?q=新闻",),
    "/admin/choose-page/search/": ("?q=新闻",),
    "/admin/images/": ("?q=图片",),
    "/admin/documents/": ("?q=文件",),
    "/admin/images/chooser/results/": ("?q=图片",),
    "/admin/documents/chooser/results/": ("?q=文件",),
    "/admin/reports/site-history/": ("?q=新闻", "?export=csv"),
    "/admin/api/main/pages/": ("?search=新闻", "?fields=*"),
}


def test_keys_of_others_in_a_form_lead_nowhere(doors: Doors, visitors: dict[str, Visitor]) -> None:
    """Clerks name a record of the other conference in their own forms, and parts of one record under another."""
    county, town = doors.county, doors.town
    objects, clerk = doors.objects, visitors["外地经办"]
    own = town.topic(title="镇的议题")
    tried = [
        ("/admin/records/topic/new/", {"conference": county.conference.pk, "title": "冒名", "text": "x"}),
        ("/admin/records/meeting/new/", {"conference": county.conference.pk, "title": "冒名", "place": "x"}),
        ("/admin/records/delegation/new/", {"tenure": county.tenures["head"].pk, "to": town.tenures["head"].pk}),
        (f"/admin/records/topic/opinion/{own.pk}/{objects['议题·已提出']['part']}/", {"verdict": "agree"}),
        (f"/admin/records/topic/remove-attachment/{own.pk}/{objects['议题·草稿']['part']}/", {}),
    ]
    for url, data in tried:
        with unchanged():
            assert clerk.ask("post", url, data).status_code in {200, 302, 404}, url


@pytest.mark.parametrize(
    ("door", "about", "data"),
    [
        ("meeting/notes", "会议·筹备", {}),
        ("minutes/redraft", "纪要·起草", {}),
        ("minutes/step", "纪要·起草", {}),
        ("topic/step", "议题·草稿", {}),
        ("resolution/step", "事项·推进中", {"text": "进展"}),
    ],
)
def test_a_version_that_is_not_the_present_one_changes_nothing(
    doors: Doors, visitors: dict[str, Visitor], door: str, about: str, data: dict[str, str]
) -> None:
    parts = doors.objects[about]
    end = f"{parts['action']}/" if door.endswith("step") else ""
    who = "有关联络员" if door.startswith("resolution") else "本方经办"
    for version in ("0", "9999", "-1", "x"):  # none at all is what a script may send that never showed a form
        with unchanged():
            url = f"/admin/records/{door}/{parts['pk']}/{end}"
            assert visitors[who].ask("post", url, {**data, "version": version}).status_code in {200, 302, 400}
