"""Status badges: the state of a record as shape and text of `components/stage.html`, as on the public pages."""

from dataclasses import dataclass

from django.db.models import Model

from meetings.enums import (
    AttendanceStatus,
    ChangeState,
    MeetingState,
    MinutesState,
    ReportVerdict,
    ResolutionState,
    TopicState,
    Verdict,
)
from meetings.models import Attendance, Meeting, Minutes, Opinion, PendingChange, ProgressReport, Resolution, Topic
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
    PendingChange: {
        ChangeState.WAITING: NEARLY,
        ChangeState.CONFIRMED: DONE,
        ChangeState.EXPIRED_IN: DONE,
        ChangeState.DECLINED: BACK,
        ChangeState.WITHDRAWN: SKIPPED,
    },
    ProgressReport: {ReportVerdict.PENDING: GOING, ReportVerdict.VERIFIED: DONE, ReportVerdict.RETURNED: BACK},
}
STAGES = {"done": DONE, "ahead": EMPTY, "skipped": SKIPPED}


@dataclass(frozen=True)
class StatusBadge:
    """A badge: its shape (`stage`, a code of `components/mark.html`) and its text (`word`)."""

    stage: str
    word: str


def status_badge(record: Model) -> StatusBadge:
    """Return the badge of a record's state, verdict or status; values that `SHAPES` lacks get the empty shape."""
    field = CATALOGUE[type(record)].state_field
    shape = SHAPES[type(record)].get(getattr(record, field), EMPTY)
    return StatusBadge(shape, str(getattr(record, f"get_{field}_display")()))
