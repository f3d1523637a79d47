"""The four state machines, by model."""

from typing import Any

from meetings.machines.base import Machine
from meetings.machines.meeting import MEETING
from meetings.machines.minutes import MINUTES
from meetings.machines.resolution import RESOLUTION
from meetings.machines.topic import TOPIC
from meetings.models import Meeting, Minutes, Resolution, Topic

MACHINES: dict[type, Machine] = {Topic: TOPIC, Meeting: MEETING, Minutes: MINUTES, Resolution: RESOLUTION}


def machine_of(record: Any) -> Machine:
    """Return the state machine of the record's model."""
    return MACHINES[type(record)]
