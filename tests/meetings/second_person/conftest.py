"""The county of the tests of the second person, with and without somebody who may confirm."""

from typing import Any

import pytest

from tests.meetings.confirming import with_records
from tests.meetings.factories import World, yuanqu
from tests.meetings.second_person.requests import NOON


@pytest.fixture
def world(time_machine: Any) -> World:
    """A county with records, an administrator and an auditor of all conferences, at noon of a day."""
    time_machine.move_to(NOON, tick=False)
    return with_records(yuanqu())


@pytest.fixture
def alone(world: World) -> World:
    """The same without an auditor who can log in: the administrator is the only one."""
    world.auditor.set_unusable_password()
    world.auditor.save()
    return world
