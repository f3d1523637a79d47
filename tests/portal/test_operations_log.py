"""操作记录: records, pages and files in one list, with addresses for auditors; Wagtail's logs cannot be changed."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry, PageLogEntry

from meetings.enums import AccessKind, Role
from meetings.models import AccessEntry, Person, RecordLogEntry
from meetings.models.base import AppendOnlyError
from meetings.operations.people import save_person
from meetings.operations.tenures import begin_tenure, save_post
from meetings.operations.topic import submit_topic
from portal.operations_log import seen
from tests.meetings.admin.pages import at_desk, page, query_count
from tests.meetings.factories import PostFactory, World, seat
from tests.publicity.factories import article, county

pytestmark = pytest.mark.django_db
LIST = "wagtailadmin_reports:site_history"


@pytest.fixture
def world() -> World:
    return county()


def submitted(world: World, title: str = "关于户外劳动者服务站点的议题") -> Any:
    """A topic that was submitted from a known address."""
    topic = world.topic(title=title)
    url = reverse("topic:step", args=[topic.pk, "submit"])
    at_desk(world.union_clerk).post(url, {"version": topic.version}, REMOTE_ADDR="203.0.113.7")
    return topic


def test_an_auditor_reads_who_did_what_when_and_from_where(world: World) -> None:
    topic = submitted(world)
    shown = page(at_desk(world.auditor), LIST)
    entry = RecordLogEntry.objects.get_for_instance(topic).get()
    for expected in (topic.title, "议题", "总工会经办人员", "203.0.113.7", "（草案 → 已提出）"):
        assert expected in shown
    assert f'href="{reverse("topic:inspect", args=[topic.pk])}"' in shown
    assert entry.address == "203.0.113.7"


def test_whoever_sees_records_reads_of_the_own_ones_without_addresses(world: World) -> None:
    topic, other = submitted(world), county("镇")
    for person in (world.gov_clerk, world.head):
        shown = page(at_desk(person), LIST)
        assert topic.title in shown
        assert "203.0.113.7" not in shown
        assert "export=" not in shown
        assert at_desk(person).get(reverse(LIST) + "?export=csv")["Content-Type"].startswith("text/html")
    assert topic.title not in page(at_desk(other.union_clerk), LIST)


def test_pages_are_told_with_their_address(world: World) -> None:
    desk, draft = at_desk(world.writer), article(world)
    desk.post(reverse("publicity_admin:send", args=[draft.pk]), REMOTE_ADDR="203.0.113.9")
    assert PageLogEntry.objects.filter(page=draft.pk)[0].data["address"] == "203.0.113.9"
    shown = page(at_desk(world.auditor), LIST)
    assert draft.title in shown
    assert "203.0.113.9" in shown


def test_an_auditor_of_one_conference_reads_its_records_pages_and_people(world: World) -> None:
    other = county("镇")
    auditor = seat("本县审计员", role=Role.AUDITOR, conference=world.conference).person
    mine, theirs = article(world, title="县里的新闻"), article(other, title="镇里的新闻")
    topics = [submit_topic(w.topic(), by=w.union_clerk) for w in (world, other)]
    post = PostFactory.create(conference=world.conference)
    begin_tenure(post, world.stranger, by=world.administrator, from_date=date(2025, 1, 1))
    read = {log: set(seen(log, auditor).values_list("label", flat=True)) for log in (RecordLogEntry, PageLogEntry)}
    assert topics[0].title in read[RecordLogEntry]
    assert topics[1].title not in read[RecordLogEntry]
    assert str(world.stranger) in read[RecordLogEntry]
    assert mine.title in read[PageLogEntry]
    assert theirs.title not in read[PageLogEntry]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?label=站点", True),
        ("?label=欠薪", False),
        ("?user={clerk}", True),
        ("?user={other}", False),
        ("?conference={conference}", True),
        ("?action=提出议题", True),
        ("?timestamp_from=2100-01-01", False),
    ],
)
def test_the_filters(world: World, query: str, shown: bool) -> None:
    topic, other = submitted(world), county("镇")
    submit_topic(other.topic(), by=other.union_clerk)
    asked = query.format(clerk=world.union_clerk.pk, other=other.union_clerk.pk, conference=world.conference.pk)
    text = page(at_desk(world.auditor), "wagtailadmin_reports:site_history_results", query=asked)
    assert (f">{topic.title}<" in text.replace("\n", "").replace(" ", "")) is shown


def test_the_spreadsheet_tells_the_same_and_is_told_itself(world: World) -> None:
    topic = submitted(world)
    answer = at_desk(world.auditor).get(reverse(LIST) + f"?export=xlsx&label={topic.title}")
    rows = list(load_workbook(BytesIO(b"".join(answer))).worksheets[0].values)
    assert rows[0] == ("记录或页面", "类别", "操作", "人员", "时间", "来源地址")
    assert rows[1][0] == topic.title
    assert rows[1][5] == "203.0.113.7"
    entry = AccessEntry.objects.get(kind=AccessKind.EXPORT)
    assert entry.what == "操作记录（xlsx，1 行）"


@pytest.mark.postgresql
def test_the_queries_do_not_grow_with_the_list(world: World) -> None:
    desk, counts = at_desk(world.auditor), []
    submit_topic(world.topic(), by=world.union_clerk)
    for _more in range(2):
        counts.append(query_count(desk, LIST))
        for by in (world.liaison, world.union_clerk):
            submit_topic(world.topic(), by=by)
    assert counts[0] == counts[1]


def test_the_menu_leads_auditors_to_both_logs(world: World) -> None:
    shown = page(at_desk(world.auditor), "wagtailadmin_home")
    assert reverse(LIST) in shown
    assert reverse("accessentry:index") in shown
    assert reverse("accessentry:index") not in page(at_desk(world.head), "wagtailadmin_home")


@pytest.mark.parametrize("log", [PageLogEntry, ModelLogEntry])
def test_wagtails_own_logs_are_not_changed_either(world: World, client: Client, log: Any) -> None:
    article(world)
    ModelLogEntry.objects.log_action(Person.objects.first(), "wagtail.edit")
    entry = log.objects.first()
    for attempt in (entry.save, entry.delete, log.objects.all().delete):
        with pytest.raises(AppendOnlyError), transaction.atomic():
            attempt()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {log._meta.db_table} SET label = '' WHERE id = %s", [entry.pk])


def test_administrators_read_what_was_done_to_posts(world: World) -> None:
    post = save_post(PostFactory.build(title="副县长（分管就业）", conference=world.conference), by=world.administrator)
    shown = page(at_desk(world.administrator), LIST)
    assert post.title in shown
    assert f'href="{reverse("post:inspect", args=[post.pk])}"' in shown
    assert world.topic(title="户外劳动者服务站点").title not in shown


def test_an_entry_about_a_person_leads_nowhere_for_staff_read_no_list_of_people(world: World) -> None:
    save_person(Person(name="王新", username="wangxin"), by=world.administrator)
    shown = page(at_desk(world.administrator), LIST)
    assert "王新" in shown
    assert reverse("person:inspect", args=[Person.objects.get(username="wangxin").pk]) not in shown
