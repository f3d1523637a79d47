"""The access log (访问记录): who reads which entries, its filters, and its export, which is for auditors only."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from meetings.enums import AccessKind, Role
from meetings.models import AccessEntry, Person
from meetings.operations.access import note_access
from meetings.queries.access import seen_accesses
from tests.meetings.admin.pages import at_desk, page, query_count
from tests.meetings.factories import World, chengqiao, seat, yuanqu

pytestmark = pytest.mark.django_db
LIST = reverse("accessentry:index")


@pytest.fixture
def world() -> World:
    return yuanqu()


@pytest.fixture
def town() -> World:
    return chengqiao()


@pytest.fixture
def entries(world: World, town: World) -> dict[str, AccessEntry]:
    """One entry of each kind, each with a distinct text."""
    made: dict[str, tuple[AccessKind, Person | None, Any]] = {
        "登录甲": (AccessKind.LOGIN, world.head, None),
        "登录乙": (AccessKind.LOGIN, town.head, None),
        "锁定甲": (AccessKind.LOCKED, world.head, None),
        "猜测者": (AccessKind.LOGIN_FAILED, None, None),
        "拒绝甲": (AccessKind.REFUSED, town.head, world.conference),
        "拒绝乙": (AccessKind.REFUSED, world.head, town.conference),
        "导出甲": (AccessKind.EXPORT, world.head, None),
    }
    return {
        what: note_access(kind, person=person, what=what, conference=place)
        for what, (kind, person, place) in made.items()
    }


def read(person: Person, entries: dict[str, AccessEntry]) -> set[str]:
    """Return the texts of the entries that this person may read."""
    return set(seen_accesses(person).filter(pk__in=[e.pk for e in entries.values()]).values_list("what", flat=True))


def local(world: World, role: Role) -> Person:
    """Return a person who holds a role in a single conference."""
    person: Person = seat(f"本地{role.label}", role=role, conference=world.conference).person
    return person


def test_an_auditor_reads_all_and_one_of_a_conference_what_concerns_it(
    world: World, entries: dict[str, AccessEntry]
) -> None:
    assert read(world.auditor, entries) == set(entries)
    assert read(local(world, Role.AUDITOR), entries) == {"登录甲", "锁定甲", "拒绝甲", "导出甲"}


def test_an_administrator_reads_logins_alone(world: World, entries: dict[str, AccessEntry]) -> None:
    assert read(world.administrator, entries) == {"登录甲", "登录乙", "锁定甲", "猜测者"}
    assert read(local(world, Role.ADMINISTRATOR), entries) == {"登录甲", "锁定甲"}


def test_nobody_else_reads_any(world: World, entries: dict[str, AccessEntry]) -> None:
    for person in (world.head, world.union_head, world.gov_clerk, world.liaison, world.writer, world.stranger):
        assert read(person, entries) == set()
        for query in ("", "?export=csv"):
            assert at_desk(person).get(LIST + query).status_code == 302


def test_the_list_tells_who_when_what_and_from_where(world: World, entries: dict[str, AccessEntry]) -> None:
    with time_machine.travel("2026-03-01T09:30:00+08:00", tick=False):
        note_access(
            AccessKind.EXPORT,
            person=world.head,
            what="议题（xlsx，3 行）",
            conference=world.conference,
            path="/admin/records/topic/",
            address="203.0.113.7",
        )
    shown = page(at_desk(world.auditor), "accessentry:index")
    for expected in (
        "2026-03-01 09:30:00",
        "导出",
        f"韩正（{world.head.username}）",
        "议题（xlsx，3 行）",
        "203.0.113.7",
    ):
        assert expected in shown
    assert "韩正" in page(at_desk(world.administrator), "accessentry:index")
    assert "议题（xlsx，3 行）" not in page(at_desk(world.administrator), "accessentry:index")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?kind=refused", {"拒绝甲", "拒绝乙"}),
        ("?person={head}", {"登录甲", "锁定甲", "拒绝乙", "导出甲"}),
        ("?conference={conference}", {"拒绝甲"}),
        ("?q=导出", {"导出甲"}),
        ("?at_from=2030-01-01", set()),
    ],
)
def test_the_filters(world: World, entries: dict[str, AccessEntry], query: str, shown: set[str]) -> None:
    asked = query.format(head=world.head.pk, conference=world.conference.pk)
    text = page(at_desk(world.auditor), "accessentry:index_results", query=asked)
    assert {what for what in entries if what in text} == shown


def test_an_administrator_is_offered_no_kind_and_no_person_beyond_logins(
    world: World, entries: dict[str, AccessEntry]
) -> None:
    note_access(AccessKind.EXPORT, person=world.union_leader, what="")
    shown = page(at_desk(world.administrator), "accessentry:index")
    assert 'value="locked"' in shown
    assert 'value="export"' not in shown
    assert world.union_leader.name not in shown


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_spreadsheet_is_for_auditors_and_is_told_itself(world: World, kind: str) -> None:
    note_access(AccessKind.LOGIN, person=world.head, what="")
    answer = at_desk(world.auditor).get(f"{LIST}?export={kind}")
    assert b"".join(answer)[:3] == {"csv": b"\xef\xbb\xbf", "xlsx": b"PK\x03"}[kind]
    entry = AccessEntry.objects.filter(kind=AccessKind.EXPORT).get()
    assert (entry.person, entry.what[:4]) == (world.auditor, "访问记录")
    desk = at_desk(world.administrator)
    assert desk.get(f"{LIST}?export={kind}")["Content-Type"].startswith("text/html")
    assert "export=" not in page(desk, "accessentry:index")


@pytest.mark.postgresql
def test_the_queries_do_not_grow_with_the_list(world: World) -> None:
    desk, counts = at_desk(world.auditor), []
    for people in ([world.head], [world.union_head, world.gov_clerk]):
        for person in people:
            note_access(AccessKind.REFUSED, person=person, what="甲", conference=world.conference)
        counts.append(query_count(desk, "accessentry:index"))
    assert counts[0] == counts[1]


def test_there_is_no_door_to_write_in_it(world: World, client: Client) -> None:
    entry, desk = note_access(AccessKind.LOGIN, person=world.head, what=""), at_desk(world.auditor)
    for tail in ("new/", f"edit/{entry.pk}/", f"delete/{entry.pk}/", f"history/{entry.pk}/", f"{entry.pk}/"):
        assert desk.post(LIST + tail, {"what": "改"}).status_code == 404
    assert desk.post("/admin/bulk/meetings/accessentry/delete/?id=all").status_code == 404
    assert AccessEntry.objects.get(pk=entry.pk).what == ""
