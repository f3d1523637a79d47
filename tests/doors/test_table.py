"""Access table: every address of the portal is requested in every role, and no refused request changes a row.

The expected answers are in `table.md`. The records are built once; each request is rolled back.
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
from tests.doors.doors import (
    ACTION_PURPOSE,
    ANSWER_GROUPS,
    NO_ACCESS_ANSWERS,
    Row,
    addresses,
    answer_of,
    concrete,
    row_address_for,
    rows,
)
from tests.doors.world import TODAY, AccessWorld, build
from tests.shared_world import shared_world

pytestmark = [pytest.mark.django_db, pytest.mark.search_index, pytest.mark.slow, pytest.mark.xdist_group("doors")]

# Tables that a refused request may write to: sessions, access log, editing sessions, counts of failed logins.
SIDE_EFFECT_TABLES = re.compile(
    r'"(django_session|meetings_accessentry|wagtailadmin_editingsession|meetings_attemptcount)"'
)
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[AccessWorld]:
    """Build the records of this module; they are rolled back after its tests."""
    with shared_world(django_db_blocker):
        yield build()


class Visitor:
    """A client that stays logged in, whatever a page does to the session."""

    def __init__(self, person: Person | None) -> None:
        self.client = Client(raise_request_exception=False)
        if person is not None:
            self.client.force_login(person, backend="meetings.rights.TenureBackend")
        self.cookies = deepcopy(self.client.cookies)

    def request(self, method: str, url: str, data: Any = None) -> Any:
        """Send a request and return the response; read a streamed response to its end, into `read`."""
        self.client.cookies = deepcopy(self.cookies)
        with clock.at(TODAY):
            response: Any = getattr(self.client, method)(url, data)
        if response.streaming:
            response.read = b"".join(response.streaming_content)
        return response


@pytest.fixture(scope="module")
def visitors(world: AccessWorld) -> dict[str, Visitor]:
    """Log in a client for each column of the table."""
    return {name: Visitor(person) for name, person in world.people.items()}


@pytest.fixture(scope="module")
def other_conference_people(world: AccessWorld) -> dict[str, Visitor]:
    """Log in a client for each person of the other conference."""
    return {name: Visitor(person) for name, person in world.other_conference_people.items()}


def requests_to_try(world: AccessWorld) -> Iterator[tuple[Row, str]]:
    """Yield each row of the table with each concrete URL that it covers."""
    known = addresses()
    for row in rows():
        parts = world.objects["—"] | world.objects[row.object_name]
        for address in known:
            if row_address_for(address) == row.address:
                yield row, concrete(address, parts)


@contextmanager
def unchanged() -> Iterator[None]:
    """Fail if a row is written, except in `SIDE_EFFECT_TABLES`; roll back all writes."""
    written: list[str] = []

    def record_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITES.match(sql) and not SIDE_EFFECT_TABLES.search(sql):
            written.append(sql[:80])
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(record_writes):
            yield
        transaction.set_rollback(True)
    assert not written


def failure_message(found: list[str]) -> str:
    return f"{len(found)} answers differ from the table:\n" + "\n".join(found)


def test_each_door_opens_to_whom_the_table_says(world: AccessWorld, visitors: dict[str, Visitor]) -> None:
    found = []
    for row, url in requests_to_try(world):
        for name, visitor in visitors.items():
            answer, expected = answer_of(visitor.request("get", url)), row.answers[name]
            if answer not in ANSWER_GROUPS.get(expected, {expected}):
                found.append(f"{row} {url} {name}: {answer}, not {expected}")
    assert not found, failure_message(found)


def test_a_refused_form_changes_nothing(world: AccessWorld, visitors: dict[str, Visitor]) -> None:
    found = []
    for row, url in requests_to_try(world):
        if row.purpose != ACTION_PURPOSE:
            continue
        for name, visitor in visitors.items():
            if row.answers[name] in NO_ACCESS_ANSWERS and name != "未登录":
                with unchanged():
                    status = visitor.request("post", url, junk_form(row)).status_code
                if status not in {200, 302, 400, 403, 404, 405}:
                    found.append(f"{row} {url} {name}: {status}")
    assert not found, failure_message(found)


def junk_form(row: Row) -> dict[str, str]:
    """Return form data with arbitrary foreign keys and version."""
    return {"version": "1", "conference": "2", "department": "1", "post": "1", "reason": "x", "text": "x", "name": "x"}


# Only entry points of the portal: Wagtail's page editor answers 500 if the hidden fields of its form are missing.
OWN_PREFIXES = (
    "admin/records/",
    "admin/publicity/",
    "admin/settings/",
    "admin/images/",
    "admin/documents/",
    "admin/login/",
)


def test_a_form_that_makes_no_sense_breaks_nothing(world: AccessWorld, visitors: dict[str, Visitor]) -> None:
    found = []
    for row, url in requests_to_try(world):
        for name, visitor in visitors.items():
            if (
                row.purpose != ACTION_PURPOSE
                or row.answers[name] in NO_ACCESS_ANSWERS
                or not row.address.startswith(OWN_PREFIXES)
            ):
                continue
            for data in ({}, {"version": "x", "post": "²", "topic": "999999", "order": "²", "status": "\x00"}):
                with transaction.atomic():
                    status = visitor.request("post", url, data).status_code
                    transaction.set_rollback(True)
                if status >= 500:
                    found.append(f"{row} {url} {name}: {status}")
            break  # one role with access is enough: the form is tested, not the permission
    assert not found, failure_message(found)


FIELD = re.compile(r"""<(?:input|select|textarea)\b[^>]*\bname=["']([^"']+)["']""")
# What links, filters, choosers and scripts write into addresses beside the fields of the page itself.
PARAMETERS = {
    *("conference", "department", "page", "p", "state", "status", "stage", "year", "tag", "ordering", "user", "owner"),
    *("edited_by", "content_type", "site", "action", "collection_id", "workflow", "task", "requested_by", "reviewable"),
    *("usage_count_min", "timestamp_from", "created_at_from", "page_type", "parent_page_id", "root_page_id", "term"),
    *("target_pages", "text", "post", "person", "meeting", "resolution", "facet", "category", "child_of", "order"),
    *("descendant_of", "ancestor_of", "limit", "offset", "search", "locale", "element_id", "key", "object_id", "next"),
}
NO_KEYS = ("9" * 30, str(2**63), "-1", "²", "abc", "\x00")


def test_a_key_that_no_row_has_breaks_nothing(world: AccessWorld, visitors: dict[str, Visitor]) -> None:
    """Fill each field and parameter of each page with such a value; only Wagtail's forms without fields answer 400."""
    found = []
    for row, url in requests_to_try(world):
        name = next((one for one, given in row.answers.items() if given not in NO_ACCESS_ANSWERS), None)
        if name is None:
            continue
        page = visitors[name].request("get", url)
        text = "" if page.streaming else page.content.decode("utf-8", "replace")
        fields = set(FIELD.findall(text)) - {"csrfmiddlewaretoken"}
        for value in NO_KEYS:
            tries = [("get", dict.fromkeys({*PARAMETERS, *fields}, value))]
            tries += [("get", {key: value}) for key in fields] if value == "abc" else []
            if row.purpose == ACTION_PURPOSE:
                tries.append(("post", dict.fromkeys(fields, value)))
            for method, data in tries:
                with transaction.atomic():
                    response = visitors[name].request(method, url, data)
                    transaction.set_rollback(True)
                error = getattr(response, "exc_info", None)
                # The count of a failed login is a transaction of its own, which this test is inside of.
                if response.status_code >= 500 and not (error and "durable" in str(error[1])):
                    found.append(f"{method} {url} {value[:30]!r} {list(data)[:1] if len(data) == 1 else ''} {name}")
    assert not found, failure_message(sorted(set(found)))


# Who has no access to the records of the county.
OUTSIDERS = ("未登录", "无关联络员", "外地经办", "卸任者", "镇岗联络员", "县岗联络员", "镇岗其他职责")


@pytest.mark.parametrize("method", ["head", "put", "delete", "options"])
def test_other_verbs_open_no_other_door(world: AccessWorld, visitors: dict[str, Visitor], method: str) -> None:
    for row, url in requests_to_try(world):
        if "admin/records/" not in row.address or row.object_name == "—":
            continue
        for name in OUTSIDERS:
            if row.answers[name] in NO_ACCESS_ANSWERS:
                with unchanged():
                    assert visitors[name].request(method, url).status_code in {302, 403, 404, 405}, (row, name)


# Administrators of every conference may read these: departments and regulations are common to all conferences.
COMMON = {"部门", "制度"}


def test_the_other_conference_has_no_way_in(world: AccessWorld, other_conference_people: dict[str, Visitor]) -> None:
    found = []
    for row, url in requests_to_try(world):
        if row.object_name == "—" or row.answers["外地经办"] not in NO_ACCESS_ANSWERS - {"去登录"}:
            continue
        for name, visitor in other_conference_people.items():
            if name == "外地管理员" and row.object_name in COMMON:
                continue
            status = visitor.request("get", url).status_code
            if status not in {302, 403, 404, 405}:
                found.append(f"{row} {url} {name}: {status}")
    assert not found, failure_message(found)


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
    world: AccessWorld, visitors: dict[str, Visitor], other_conference_people: dict[str, Visitor]
) -> None:
    others = {name: visitors[name] for name in OUTSIDERS} | other_conference_people
    lists = [
        url
        for row, url in requests_to_try(world)
        if row.purpose != ACTION_PURPOSE and row.object_name in {"—", "新闻栏目"}
    ]
    for url in [*lists, *(f"{one}{query}" for one in lists for query in QUERIES.get(one, ()))]:
        for name, visitor in others.items():
            response = visitor.request("get", url)
            body = getattr(response, "read", None) or response.content
            text = body.decode("utf-8", "replace")
            if response.get("Content-Type", "").startswith("application/json"):
                text += json.dumps(json.loads(text), ensure_ascii=False)
            assert not [word for word in SECRETS if word in text], (url, name)


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


def test_keys_of_others_in_a_form_lead_nowhere(world: AccessWorld, visitors: dict[str, Visitor]) -> None:
    """Clerks submit keys of records of the other conference in their own forms, and parts of another record."""
    county, town = world.county, world.town
    objects, clerk = world.objects, visitors["外地经办"]
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
            assert clerk.request("post", url, data).status_code in {200, 302, 404}, url


@pytest.mark.parametrize(
    ("view", "object_name", "data"),
    [
        ("meeting/notes", "会议·筹备", {}),
        ("minutes/redraft", "纪要·起草", {}),
        ("minutes/step", "纪要·起草", {}),
        ("topic/step", "议题·草稿", {}),
        ("resolution/step", "事项·推进中", {"text": "进展"}),
    ],
)
def test_a_version_that_is_not_the_present_one_changes_nothing(
    world: AccessWorld, visitors: dict[str, Visitor], view: str, object_name: str, data: dict[str, str]
) -> None:
    parts = world.objects[object_name]
    end = f"{parts['action']}/" if view.endswith("step") else ""
    person = "有关联络员" if view.startswith("resolution") else "本方经办"
    for version in (
        "0",
        "9999",
        "-1",
        "x",
    ):  # a request without a version is allowed: scripts that show no form may send it
        with unchanged():
            url = f"/admin/records/{view}/{parts['pk']}/{end}"
            assert visitors[person].request("post", url, {**data, "version": version}).status_code in {200, 302, 400}
