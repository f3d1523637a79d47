"""The pages of records have the sections that the catalogue names, so that no operation leads to a missing anchor."""

import re
from collections.abc import Callable

import pytest

from meetings.models import Meeting, Minutes, Resolution, Topic
from meetings.models.base import Record
from meetings.models.catalogue import CATALOGUE
from meetings.operations.topic import confer_topic, submit_topic
from tests.meetings.admin.pages import at_desk, page
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import assigned, next_minutes, verified

pytestmark = pytest.mark.django_db


def approved_topic(world: World) -> Topic:
    topic = submit_topic(world.topic(), by=world.union_clerk)
    confer_topic(topic, by=world.union_clerk)
    return confer_topic(topic, by=world.gov_clerk)


def explained(world: World) -> Resolution:
    """Return an unfinished resolution that was explained to the next meeting."""
    resolution = assigned(world)
    next_minutes(world, resolution)
    return resolution


# Records that together show every section: some sections are shown only if they have content.
RECORDS: dict[type[Record], tuple[Callable[[World], Record], ...]] = {
    Topic: (approved_topic,),
    Meeting: (lambda world: next_minutes(world, assigned(world)).meeting,),
    Minutes: (lambda world: verified(world).minutes,),
    Resolution: (explained, verified),
}


@pytest.mark.parametrize("model", RECORDS)
def test_a_page_has_its_sections(model: type[Record]) -> None:
    ids: set[str] = set()
    for number, record_of in enumerate(RECORDS[model]):
        world = chengqiao() if number else yuanqu()  # minutes of two meetings in one year need different numbers
        record = record_of(world)
        shown = page(at_desk(world.union_clerk), f"{CATALOGUE[model].page}:inspect", record.pk)
        ids |= set(re.findall(r'\bid="([\w-]+)"', shown))
    assert set(CATALOGUE[model].sections) <= ids
