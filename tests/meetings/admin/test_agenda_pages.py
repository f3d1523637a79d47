"""The agenda of a meeting through its pages: order, items, and what was said on them."""

import pytest
import time_machine
from django.urls import reverse

from meetings.enums import MeetingState, TopicState
from meetings.models import Attendance, Meeting, Topic
from tests.meetings.admin.pages import at_desk, landed, page, page_text, send
from tests.meetings.factories import chengqiao, yuanqu
from tests.meetings.steps import AFTER, BEFORE, agreed_topic, held_meeting, planned_meeting

pytestmark = pytest.mark.django_db


def order(meeting: Meeting) -> list[str]:
    """Return the titles of the agenda items in order."""
    return list(meeting.agenda.order_by("order").values_list("title", flat=True))


def posted(meeting: Meeting) -> list[int]:
    """Return the ids of the agenda items in the order of the page."""
    return list(meeting.agenda.order_by("order").values_list("pk", flat=True))


@time_machine.travel(BEFORE)
def test_the_order_of_the_page_is_saved_as_it_was_dragged() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    client, wanted = at_desk(world.gov_clerk), list(reversed(posted(meeting)))
    landed(send(client, "meeting:order", meeting.pk, version=meeting.version, order=wanted), client)
    assert posted(meeting) == wanted


@time_machine.travel(BEFORE)
@pytest.mark.parametrize(("move", "expected"), [("up", [1, 0, 2]), ("down", [0, 2, 1])])
def test_one_item_moves_by_a_button_without_script(move: str, expected: list[int]) -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    before = posted(meeting)
    data = {"version": meeting.version, "order": before, "move": f"{before[1]}:{move}"}
    client = at_desk(world.gov_clerk)
    answer = send(client, "meeting:order", meeting.pk, **data)
    assert answer["Location"].endswith(f"#item-{before[1]}")
    assert posted(meeting)[:3] == [before[n] for n in expected]


@time_machine.travel(BEFORE)
def test_an_order_of_a_stale_page_changes_nothing_and_is_told() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    stale, before = meeting.version - 1, posted(meeting)
    client = at_desk(world.gov_clerk)
    text = landed(send(client, "meeting:order", meeting.pk, version=stale, order=before[::-1]), client)
    assert world.gov_clerk.name in text
    assert posted(meeting) == before
    foreign = planned_meeting(chengqiao()).agenda.first()
    assert foreign is not None
    meeting.refresh_from_db()
    data = {"version": meeting.version, "order": [*before, foreign.pk]}
    landed(send(client, "meeting:order", meeting.pk, **data), client)
    assert posted(meeting) == before


@time_machine.travel(BEFORE)
def test_only_topics_with_a_consensus_of_the_own_conference_are_offered() -> None:
    world, town = yuanqu(), chengqiao()
    meeting = planned_meeting(world, topics=0)
    agreed_topic(world, title="可列入的议题")
    world.topic(title="还在研究的议题", state=TopicState.APPROVED)
    other = agreed_topic(town, title="别处的议题")
    client = at_desk(world.union_clerk)
    text = page(client, "meeting:add_topic", meeting.pk)
    assert "可列入的议题" in text
    assert "还在研究的议题" not in text
    assert "别处的议题" not in text
    page_text(send(client, "meeting:add_topic", meeting.pk, version=meeting.version, topic=other.pk))
    topic = Topic.objects.get(title="可列入的议题")
    text = landed(send(client, "meeting:add_topic", meeting.pk, version=meeting.version, topic=topic.pk), client)
    assert "可列入的议题" in order(meeting)
    assert reverse("topic:inspect", args=[topic.pk]) in text


@time_machine.travel(BEFORE)
def test_a_liaison_who_attends_is_told_no_topic_of_others() -> None:
    world = yuanqu()
    meeting = planned_meeting(world, topics=0)
    Attendance.objects.create(meeting=meeting, department=world.other_department, order=99)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.NOTIFIED)
    agreed_topic(world, title="别的部门的议题")
    client = at_desk(world.other_liaison)
    assert meeting.title in page(client, "meeting:inspect", meeting.pk)
    address = reverse("meeting:add_topic", args=[meeting.pk])
    for answer in (client.get(address), client.post(address, {"version": meeting.version})):
        assert "别的部门的议题" not in answer.content.decode()


@time_machine.travel(BEFORE)
def test_a_briefing_without_a_side_is_refused_and_kept() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    data = {"version": meeting.version, "kind": "briefing", "title": "通报欠薪治理情况", "side": ""}
    client = at_desk(world.gov_clerk)
    text = page_text(send(client, "meeting:add_item", meeting.pk, **data))
    assert "通报欠薪治理情况" in text
    assert 'role="alert"' in text
    text = landed(send(client, "meeting:add_item", meeting.pk, **{**data, "side": "government"}), client)
    assert "通报欠薪治理情况" in text


@time_machine.travel(BEFORE)
def test_an_item_is_changed_and_removed() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    item = meeting.agenda.filter(topic=None).first()
    assert item is not None
    client = at_desk(world.gov_clerk)
    data = {"version": meeting.version, "title": "通报就业情况", "speaker": "人社局", "notes": ""}
    assert "人社局汇报" in landed(send(client, "meeting:edit_item", meeting.pk, item.pk, **data), client)
    meeting.refresh_from_db()
    landed(send(client, "meeting:remove_item", meeting.pk, item.pk, version=meeting.version), client)
    assert "通报就业情况" not in order(meeting)


@time_machine.travel(AFTER)
def test_what_was_said_is_noted_on_one_page() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    first, second = posted(meeting)[:2]
    client = at_desk(world.union_clerk)
    data = {"version": meeting.version, f"notes_{first}": "全县城镇新增就业2416人。", f"notes_{second}": ""}
    text = landed(send(client, "meeting:notes", meeting.pk, **data), client)
    assert "全县城镇新增就业2416人。" in text
    assert "通报" in text
    text = page_text(send(client, "meeting:notes", meeting.pk, **{**data, "version": meeting.version}))
    assert "全县城镇新增就业2416人。" in text, "a stale page keeps what was typed"
    meeting.refresh_from_db()
    assert "没有改动" in page_text(send(client, "meeting:notes", meeting.pk, **{**data, "version": meeting.version}))


@time_machine.travel(BEFORE)
def test_a_leader_looks_and_arranges_nothing() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    client = at_desk(world.head)
    text = page(client, "meeting:inspect", meeting.pk)
    assert reverse("meeting:order", args=[meeting.pk]) not in text
    before = posted(meeting)
    landed(send(client, "meeting:order", meeting.pk, version=meeting.version, order=before[::-1]), client)
    assert posted(meeting) == before
