"""Test who may download which document, and the entries that downloads leave in the access log."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from meetings.enums import AccessKind
from meetings.models import AccessEntry, Meeting
from tests.meetings.admin.pages import at_desk
from tests.meetings.documents.reading import file_of, rows, sheet, word
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import LATER, under_way
from tests.meetings.steps import DAY, agreed_topic, planned_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel(LATER):
        yield


@pytest.fixture
def world() -> World:
    return yuanqu()


@pytest.fixture
def meeting(world: World) -> Meeting:
    """A held meeting with issued minutes; its second resolution concerns neither liaison."""
    agreed_topic(world)
    row, _report = under_way(world, topics=1)
    other = row.minutes.resolutions.create(title="外人不得知晓的事项", text="内部", state="under_way", order=9)
    other.parts.create(department=world.union_office, role="lead")
    return row.minutes.meeting


def doors(meeting: Meeting) -> Iterator[str]:
    """Yield the URL of every document of the meeting and of its minutes."""
    for name in ("notice_file", "sign_in", "ledger", "ledger_sheet", "follow_up_report"):
        yield reverse(f"meeting:{name}", args=[meeting.pk])
    yield reverse("minutes:file", args=[meeting.minutes.get().pk])


def test_a_foreign_clerk_and_a_foreign_liaison_find_none(world: World, meeting: Meeting) -> None:
    town = chengqiao()
    for person in (town.gov_clerk, town.liaison, world.stranger, world.writer, world.administrator):
        desk = at_desk(person)
        for url in doors(meeting):
            for answer in (desk.get(url), desk.post(url), desk.head(url)):
                assert answer.status_code in {302, 404}, f"{person} {url}"
                assert "attachment" not in answer.get("Content-Disposition", "")
    for url in doors(meeting):
        assert Client().get(url).status_code == 302
    assert not AccessEntry.objects.filter(kind=AccessKind.EXPORT).exists()


def test_a_liaison_gets_what_the_own_department_may_know(world: World, meeting: Meeting) -> None:
    desk = at_desk(world.liaison)
    assert file_of(desk.get(reverse("meeting:notice_file", args=[meeting.pk])))
    ledger = word(desk.get(reverse("meeting:ledger", args=[meeting.pk])))
    assert [row[1] for row in rows(ledger.tables[0])[1:]] == ["关于第1件事的议题"]
    assert sheet(desk.get(reverse("meeting:ledger_sheet", args=[meeting.pk]))).max_row == 4
    listed = word(desk.get(reverse("resolution:ledger")))
    assert [row[1] for row in rows(listed.tables[0])[1:]] == ["关于第1件事的议题"]
    assert desk.get(reverse("minutes:file", args=[meeting.minutes.get().pk])).status_code == 404


def test_the_follow_up_report_is_for_those_who_see_all_of_it(world: World, meeting: Meeting) -> None:
    following = planned_meeting(world, DAY.replace(year=2026), topics=1)
    Meeting.objects.filter(pk=following.pk).update(state="notified")
    url = reverse("meeting:follow_up_report", args=[following.pk])
    liaison = at_desk(world.liaison)
    assert liaison.get(reverse("meeting:inspect", args=[following.pk])).status_code == 200
    assert url not in liaison.get(reverse("meeting:inspect", args=[following.pk])).content.decode()
    assert liaison.get(url).status_code == 302
    for person in (world.gov_clerk, world.union_leader, world.auditor):
        assert "外人不得知晓的事项" in "".join(p.text for p in word(at_desk(person).get(url)).paragraphs)


def test_each_document_that_leaves_is_noted(world: World, meeting: Meeting) -> None:
    desk = at_desk(world.union_clerk)
    urls = [url for url in doors(meeting) if "follow-up" not in url]
    urls += [
        reverse("resolution:ledger"),
        reverse("resolution:letter", args=[world.conference.pk, world.department.pk]),
    ]
    for url in urls:
        name, _content = file_of(desk.get(url, REMOTE_ADDR="203.0.113.9"))
        entry = AccessEntry.objects.filter(kind=AccessKind.EXPORT).latest("pk")
        assert (entry.person, entry.what, entry.conference) == (world.union_clerk, name, world.conference)
        assert (entry.path.partition("?")[0], entry.address) == (url, "203.0.113.9")
    assert AccessEntry.objects.filter(kind=AccessKind.EXPORT).count() == len(urls)
