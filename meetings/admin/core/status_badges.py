"""A record's state as the shape and word of `components/stage.html`; the shapes are those of the public pages."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from meetings.enums import (
    AttendanceStatus,
    MeetingState,
    MinutesState,
    ReportVerdict,
    ResolutionState,
    TopicState,
    Verdict,
)
from meetings.models import Attendance, Meeting, Minutes, Opinion, ProgressReport, Resolution, Topic
from meetings.models.catalogue import CATALOGUE

EMPTY, GOING, NEARLY, DONE = "adopted", "under_way", "reported_done", "verified"
BACK, LATE, RESTING, LASTING, SKIPPED = "returned", "overdue", "suspended", "lasting", "skipped"
ONWARD = "carried"

SHAPES: dict[type[Model], dict[str, str]] = {
    Topic: {
        TopicState.SUBMITTED: GOING,
        TopicState.CONFERRED: GOING,
        TopicState.APPROVED: GOING,
        TopicState.AGREED: NEARLY,
        TopicState.LISTED: NEARLY,
        TopicState.DISCUSSED: DONE,
        TopicState.RETURNED: BACK,
    },
    Meeting: {MeetingState.SETTLED: GOING, MeetingState.NOTIFIED: NEARLY, MeetingState.HELD: DONE},
    Minutes: {MinutesState.IN_APPROVAL: GOING, MinutesState.APPROVED: NEARLY, MinutesState.ISSUED: DONE},
    Resolution: {
        ResolutionState.UNDER_WAY: GOING,
        ResolutionState.REPORTED: NEARLY,
        ResolutionState.RETURNED: BACK,
        ResolutionState.SUSPENDED: RESTING,
        ResolutionState.CARRIED: ONWARD,
        ResolutionState.VERIFIED: DONE,
    },
    Opinion: {Verdict.AGREE: DONE, Verdict.CHANGES: BACK, Verdict.OBJECT: RESTING},
    Attendance: {
        AttendanceStatus.ATTENDS: DONE,
        AttendanceStatus.LEAVE: RESTING,
        AttendanceStatus.DELEGATE: NEARLY,
        AttendanceStatus.OBSERVER: DONE,
        AttendanceStatus.GUEST: DONE,
    },
    ProgressReport: {ReportVerdict.PENDING: GOING, ReportVerdict.VERIFIED: DONE, ReportVerdict.RETURNED: BACK},
}
STAGES = {"done": DONE, "ahead": EMPTY, "skipped": SKIPPED}


@dataclass(frozen=True)
class Mark:
    """A shape (a code of `components/mark.html`) with its word."""

    stage: str
    word: str


def mark_of(record: Any) -> Mark:
    """The mark of a record's state, or of what stands for it; what is not named has the empty shape."""
    field = CATALOGUE[type(record)].state_field
    shape = SHAPES[type(record)].get(getattr(record, field), EMPTY)
    return Mark(shape, str(getattr(record, f"get_{field}_display")()))
