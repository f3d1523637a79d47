"""The pages of work items: the lists, the menu, the desk, the record, and notices."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from meetings import clock
from meetings.models import WorkItem
from meetings.operations.minutes import approve_minutes, return_minutes
from meetings.operations.tenures import end_tenure
from meetings.operations.topic import submit_topic
from tests.meetings.admin.pages import at_desk, page, query_count
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.steps import AFTER, in_approval

pytestmark = pytest.mark.django_db
WORK, HOME = "records_work", "wagtailadmin_home"


def submitted(world: World, count: int) -> None:
    """Submit topics, which then wait for the clerks of both sides."""
    with clock.at(AFTER):
        for number in range(count):
            submit_topic(world.topic(title=f"第{number}个议题"), by=world.liaison)


@time_machine.travel(AFTER)
def test_the_list_and_the_menu_say_how_much_waits() -> None:
    world = yuanqu()
    submitted(world, 2)
    client = at_desk(world.gov_clerk)
    text = page(client, WORK)
    assert "第0个议题" in text
    assert "第1个议题" in text
    assert json.dumps("待办（2）")[1:-1] in text, "the menu is data of a script"
    assert "第0个议题" not in page(at_desk(chengqiao().gov_clerk), WORK)


@time_machine.travel(AFTER)
def test_each_list_says_when_it_is_empty() -> None:
    client = at_desk(yuanqu().gov_clerk)
    assert "今天没有待办事项" in page(client, WORK)
    assert "没有因岗位空缺" in page(client, WORK, query="?show=vacant")
    assert "没有等待他人" in page(client, WORK, query="?show=others")
    assert "今天没有待办事项" in page(client, WORK, query="?show=nonsense&p=99")


@time_machine.travel(AFTER)
def test_vacant_posts_and_others_are_named() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    for key in ("union_head", "union_leader"):
        end_tenure(world.tenures[key], by=None, on=AFTER - timedelta(days=1))
    client = at_desk(world.gov_clerk)
    vacant = page(client, WORK, query="?show=vacant")
    assert minutes.title in vacant
    assert "空缺" in vacant
    assert world.head.name in page(client, WORK, query="?show=others")
    record = page(client, "minutes:inspect", minutes.pk)
    assert "等候办理" in record
    assert world.head.name in record


@time_machine.travel(AFTER)
def test_a_notice_leads_to_its_record_and_is_gone() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    approve_minutes(minutes, by=world.head)
    return_minutes(minutes, by=world.union_clerk, reason="请补充依据")
    notice = WorkItem.objects.get(action="voided")
    url = reverse("records_notice", args=[notice.pk])
    assert at_desk(world.union_head).get(url).status_code == 404
    client = at_desk(world.head)
    assert url in page(client, HOME)
    assert client.get(url)["Location"] == reverse("minutes:inspect", args=[minutes.pk])
    assert url not in page(client, HOME)


def test_the_desk_tells_what_others_did_since_the_last_visit() -> None:
    world = yuanqu()
    with time_machine.travel(AFTER):
        assert "上次查看以来" not in page(at_desk(world.gov_clerk), HOME)
        submit_topic(world.topic(title="新提出的议题"), by=world.liaison)
        submit_topic(world.topic(title="自己提出的议题"), by=world.union_clerk)
    with time_machine.travel(AFTER + timedelta(days=1)):
        assert "上次查看以来" in page(at_desk(world.gov_clerk), HOME)
        text = page(at_desk(world.union_clerk), HOME)
        assert "上次查看以来" not in text, "the first visit has nothing to compare with"
        assert "上次查看以来" not in page(at_desk(chengqiao().gov_clerk), HOME)


@pytest.mark.postgresql
@pytest.mark.parametrize("show", ["mine", "others"])
@time_machine.travel(AFTER)
def test_the_lists_ask_the_same_number_of_questions_at_any_size(show: str) -> None:
    counts = []
    for size, place in ((1, "垣"), (3, "绛")):
        world = yuanqu(place)
        submitted(world, size)
        person = world.gov_clerk if show == "mine" else world.liaison
        counts.append(query_count(at_desk(person), WORK, query=f"?show={show}"))
    assert counts[0] == counts[1]
