"""Tests of the audit log: person, day and states are logged; an unregistered action is refused."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from meetings import clock
from meetings.models import RecordLogEntry
from meetings.operations.base import announce
from meetings.operations.topic import submit_topic
from tests.meetings.factories import yuanqu

pytestmark = pytest.mark.django_db


def test_a_step_is_logged_with_person_day_and_states() -> None:
    world = yuanqu()
    topic = world.topic()
    with clock.at(date(2025, 3, 1)):
        submit_topic(topic, by=world.liaison)
    entry = RecordLogEntry.objects.get_for_instance(topic).get()
    assert (entry.action, entry.user, entry.conference) == ("meetings.topic.submit", world.liaison, world.conference)
    assert entry.timestamp.date() == date(2025, 3, 1)
    assert {name: entry.data[name] for name in ("from", "to")} == {"from": "draft", "to": "submitted"}


def test_an_action_without_a_name_is_refused() -> None:
    with pytest.raises(ValidationError):
        announce(yuanqu().topic(), "unheard_of", by=None)


def test_the_words_of_a_step_stand_beside_it() -> None:
    topic = yuanqu().topic()
    announce(topic, "override", by=None, data={"reason": "时间紧迫"})
    entry = RecordLogEntry.objects.get_for_instance(topic).get()
    assert entry.formatter.format_comment(entry) == "时间紧迫"
