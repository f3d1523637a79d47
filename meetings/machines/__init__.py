"""The four state machines, by model."""

from typing import Any

from meetings.machines.base import Machine, R
from meetings.machines.meeting import MEETING
from meetings.machines.minutes import MINUTES
from meetings.machines.resolution import RESOLUTION
from meetings.machines.topic import TOPIC
from meetings.models import Meeting, Minutes, Resolution, Topic

MACHINES: dict[type, Machine[Any]] = {Topic: TOPIC, Meeting: MEETING, Minutes: MINUTES, Resolution: RESOLUTION}


def machine_of(record: R) -> Machine[R]:
    """Return the state machine of the record's model."""
    return MACHINES[type(record)]
