"""Tests of the agenda of a meeting: topics, items, their order, and notes (`C 5(4)`)."""

from datetime import date

import pytest

from meetings import clock
from meetings.enums import AgendaKind, TopicState, Verdict
from meetings.models import Opinion
from meetings.operations.agenda import (
    add_agenda_item,
    add_topic,
    edit_agenda_item,
    order_agenda,
    remove_agenda_item,
    remove_topic,
)
from tests.meetings.factories import chengqiao, yuanqu
from tests.meetings.steps import DAY, agreed_topic, held_meeting, issued_minutes, planned_meeting, settled
from tests.refusals import refusal, refused

pytestmark = pytest.mark.django_db


def test_a_topic_takes_the_empty_deliberation_the_next_one_stands_behind_it() -> None:
    world = yuanqu()
    meeting = planned_meeting(world, topics=0)
    first, second = agreed_topic(world, title="甲"), agreed_topic(world, title="乙")
    add_topic(meeting, first, by=world.gov_clerk)
    add_topic(meeting, second, by=world.union_clerk)
    kinds = list(meeting.agenda.values_list("kind", "title"))
    assert [title for kind, title in kinds if kind == AgendaKind.DELIBERATION] == ["甲", "乙"]
    assert kinds[-1][0] == AgendaKind.DEPLOYMENT
    assert {first.state, second.state} == {TopicState.LISTED}


@pytest.mark.parametrize("state", [s for s in TopicState if s != TopicState.AGREED])
def test_only_a_topic_with_a_consensus_is_listed(state: str) -> None:
    world = yuanqu()
    meeting, topic = planned_meeting(world), world.topic(state=state)
    refused(lambda: add_topic(meeting, topic, by=world.gov_clerk), "topic_without_consensus")
    topic.refresh_from_db()
    assert topic.state == state


def test_a_topic_is_listed_once_and_in_its_own_conference() -> None:
    world, other = yuanqu(), chengqiao()
    meeting, topic = planned_meeting(world), agreed_topic(world)
    add_topic(meeting, topic, by=world.gov_clerk)
    refused(lambda: add_topic(meeting, topic, by=world.gov_clerk), "topic_without_consensus")
    later = planned_meeting(world, date(2026, 3, 1), topics=0)
    refused(lambda: add_topic(later, topic, by=world.gov_clerk), "topic_without_consensus")
    refused(lambda: add_topic(meeting, agreed_topic(other), by=world.gov_clerk), "topic_of_another_conference")


def test_an_open_objection_stops_the_listing_until_it_is_overridden() -> None:
    world = yuanqu()
    meeting, topic = planned_meeting(world, topics=0), agreed_topic(world)
    objection = Opinion.objects.create(
        topic=topic, department=world.other_department, verdict=Verdict.OBJECT, text="财力不足", asked_on=DAY
    )
    refused(lambda: add_topic(meeting, topic, by=world.gov_clerk), "objection_open")
    objection.override_reason = "已商定分年安排"
    objection.save()
    add_topic(meeting, topic, by=world.gov_clerk)
    assert topic.state == TopicState.LISTED


def test_a_topic_that_is_taken_off_may_be_listed_again() -> None:
    world = yuanqu()
    meeting, topic = planned_meeting(world), agreed_topic(world)
    add_topic(meeting, topic, by=world.gov_clerk)
    remove_topic(meeting, topic, by=world.union_clerk)
    assert topic.state == TopicState.AGREED
    refused(lambda: remove_topic(meeting, topic, by=world.union_clerk), "topic_not_on_agenda")
    remove_agenda_item(add_topic(meeting, topic, by=world.gov_clerk), by=world.gov_clerk)
    topic.refresh_from_db()
    assert topic.state == TopicState.AGREED


def test_items_go_where_their_kind_belongs() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    add_agenda_item(meeting, by=world.gov_clerk, kind="briefing", side="union", title="通报劳模评选情况")
    add_agenda_item(meeting, by=world.gov_clerk, kind="other", title="其他事项", side="union")
    titles = list(meeting.agenda.values_list("kind", flat=True))
    assert titles == ["briefing", "briefing", "briefing", "presentation", "deliberation", "deployment", "other"]
    assert meeting.agenda.get(kind="other").side == ""


def test_a_briefing_names_its_side_and_every_item_has_kind_and_title() -> None:
    world = yuanqu()
    meeting, clerk = planned_meeting(world), world.gov_clerk
    refused(lambda: add_agenda_item(meeting, by=clerk, kind="briefing", title="通报"), "briefing_side_missing")
    refused(lambda: add_agenda_item(meeting, by=clerk, kind="speech", title="讲话"), "agenda_kind_missing")
    refused(lambda: add_agenda_item(meeting, by=clerk, kind="other", title="  "), "agenda_title_missing")
    refused(lambda: add_agenda_item(meeting, by=world.head, kind="other", title="其他"), "not_a_meeting_clerk")
    refused(lambda: edit_agenda_item(meeting.agenda.all()[0], by=clerk, title=" "), "agenda_title_missing")


def test_the_order_is_arranged_whole_or_not_at_all() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    ids = list(meeting.agenda.values_list("pk", flat=True))
    order_agenda(meeting, order=ids[::-1], by=world.gov_clerk, version=meeting.version)
    assert list(meeting.agenda.values_list("pk", flat=True)) == ids[::-1]
    for wrong in (ids[1:], [*ids, ids[0]], [*ids[1:], 0]):
        refused(lambda wrong=wrong: order_agenda(meeting, order=wrong, by=world.gov_clerk), "agenda_changed")  # type: ignore[misc]
    assert list(meeting.agenda.values_list("pk", flat=True)) == ids[::-1]


def test_a_stale_arrangement_is_told() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    seen, ids = meeting.version, list(meeting.agenda.values_list("pk", flat=True))
    edit_agenda_item(meeting.agenda.all()[0], by=world.union_clerk, notes="新增就业。")
    with refusal("stale"):
        order_agenda(meeting, order=ids, by=world.gov_clerk, version=seen)


def test_an_item_that_is_gone_is_not_removed_twice() -> None:
    world = yuanqu()
    item = planned_meeting(world).agenda.all()[0]
    twin = type(item).objects.get(pk=item.pk)
    remove_agenda_item(item, by=world.gov_clerk)
    refused(lambda: remove_agenda_item(twin, by=world.gov_clerk), "agenda_item_gone")


def test_title_and_notes_in_one_form_are_saved_together_or_not_at_all() -> None:
    world = yuanqu()
    item = planned_meeting(world).agenda.all()[0]
    edit_agenda_item(item, by=world.gov_clerk, title="通报就业情况", speaker="段怀", notes="就业稳定。", version=None)
    item.refresh_from_db()
    assert (item.title, item.speaker, item.notes) == ("通报就业情况", "段怀", "就业稳定。")
    refused(lambda: edit_agenda_item(item, by=world.liaison, title="改题", notes="改记录"), "not_a_meeting_clerk")
    item.refresh_from_db()
    assert (item.title, item.notes) == ("通报就业情况", "就业稳定。")


def test_the_speaker_may_change_until_the_meeting_the_notes_until_the_issue() -> None:
    world = yuanqu()
    meeting = settled(world, planned_meeting(world))
    item = meeting.agenda.all()[0]
    edit_agenda_item(item, by=world.gov_clerk, speaker="县长韩正")
    assert meeting.approvals.filter(voided_at=None).count() == 2

    meeting = held_meeting(world, date(2025, 12, 20))
    item = meeting.agenda.all()[0]
    edit_agenda_item(item, by=world.gov_clerk, notes="就业稳定。")
    refused(lambda: edit_agenda_item(item, by=world.gov_clerk, speaker="别人"), "meeting_held")
    refused(lambda: edit_agenda_item(item, by=world.gov_clerk, title="别的"), "meeting_held")

    issued = issued_minutes(chengqiao()).meeting
    clerk = issued.conference.posts.get(role="clerk", side="union").tenures.get().person
    with clock.at(DAY):
        refused(lambda: edit_agenda_item(issued.agenda.all()[0], by=clerk, notes="补记"), "notes_closed")
