"""The home page: the person's tasks, the next meeting, unfinished and overdue resolutions."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from meetings.enums import DeadlineKind, TopicState
from meetings.models import Resolution
from meetings.operations.topic import ask_opinions, submit_topic
from meetings.operations.work import repair, sources
from tests.meetings.admin.pages import at_desk, page, query_count
from tests.meetings.factories import chengqiao, yuanqu
from tests.meetings.follow_up import LATER, assigned, under_way
from tests.meetings.steps import BEFORE, planned_meeting

pytestmark = pytest.mark.django_db
HOME = "wagtailadmin_home"


def test_a_step_waits_for_whom_it_waits_and_leads_to_the_record() -> None:
    world = yuanqu()
    topic = submit_topic(world.topic(title="等待协商的议题"), by=world.liaison)
    text = page(at_desk(world.gov_clerk), HOME)
    assert "等待协商的议题" in text
    assert reverse("topic:inspect", args=[topic.pk]) in text
    assert "等待协商的议题" not in page(at_desk(chengqiao().gov_clerk), HOME)
    assert "等待协商的议题" not in page(at_desk(world.head), HOME)


def test_an_asked_department_finds_the_way_to_its_answer() -> None:
    world = yuanqu()
    topic = world.topic(state=TopicState.APPROVED)
    ask_opinions(topic, by=world.union_clerk, departments=[world.other_department])
    url = reverse("topic:opinion", args=[topic.pk, topic.opinions.get().pk])
    assert url in page(at_desk(world.other_liaison), HOME)
    assert url not in page(at_desk(world.liaison), HOME)


@time_machine.travel(BEFORE)
def test_the_next_meeting_shows_what_it_lacks_with_the_clause() -> None:
    world = yuanqu()
    meeting = planned_meeting(world, place="")
    for source in sources():
        repair(source)
    text = page(at_desk(world.gov_clerk), HOME)
    assert reverse("meeting:inspect", args=[meeting.pk]) in text
    lacks = text.partition("下次会议")[2]
    assert "还缺" in lacks
    assert "补齐会议筹备" in lacks
    assert "依据二（四）" in lacks


@time_machine.travel(LATER + timedelta(days=60))
def test_unfinished_and_late_ones_lead_to_their_lists() -> None:
    world = yuanqu()
    row = assigned(world)
    Resolution.objects.filter(pk=row.pk).update(deadline_kind=DeadlineKind.DATE, deadline=LATER, deadline_text="年底前")
    client = at_desk(world.union_clerk)
    text = page(client, HOME)
    assert "逾期1项" in text
    assert f"{reverse('resolution:index')}?late=yes" in text
    assert row.title in page(client, "resolution:index", query="?late=yes")
    states = text.partition(f"{reverse('resolution:index')}?state=")[2].partition('"')[0]
    assert row.title in page(client, "resolution:index", query=f"?state={states}".replace("&amp;", "&"))


def test_an_empty_desk_says_so() -> None:
    text = page(at_desk(yuanqu().gov_clerk), HOME)
    assert "今天没有待办事项" in text


def test_nothing_of_wagtails_own_desk_remains() -> None:
    text = page(at_desk(yuanqu().gov_clerk), HOME)
    for noise in ("w-summary", "Wagtail", "account-summary"):
        assert noise not in text.partition("<main")[2]


def test_whoever_sees_no_record_is_shown_none() -> None:
    world = yuanqu()
    under_way(world)
    text = page(at_desk(world.administrator), HOME)
    assert "未办结" not in text


@pytest.mark.postgresql
@time_machine.travel(LATER)
def test_the_desk_asks_the_same_number_of_questions_at_any_size() -> None:
    counts = []
    for size, place in ((1, "垣"), (3, "绛")):
        world = yuanqu(place)
        for number in range(size):
            submit_topic(world.topic(title=f"议题{number}"), by=world.liaison)
        _row, report = under_way(world, number=f"{place}政办纪〔2025〕1号")
        for number in range(size - 1):
            report.pk, report.text = None, f"第{number}次进展"
            report.save()
        counts.append(query_count(at_desk(world.gov_clerk), HOME))
    assert counts[0] == counts[1] <= 25
