"""The one place where what a settlement covers is changed: by clerks, in preparation, voiding what was agreed before.

Key concepts
- `arranging(meeting, action, by=…)`: the context of every change of time, place, agenda and attendance.
- `void_outdated(meeting)`: voids, visibly, the approvals of another content than the present one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from meetings.enums import ApprovalStep
from meetings.models import Meeting, Person
from meetings.operations.base import announce, locked, refresh, void_approvals
from meetings.refusal import Refused
from meetings.rules.meeting import consultation_hash, settlement_hash, why_closed
from meetings.rules.seats import either_clerk, seat_of
from meetings.write_lock import writing


@dataclass
class Arrangement:
    """A change under way: the locked meeting, and what the log will say."""

    meeting: Meeting
    data: dict[str, Any] = field(default_factory=dict)


def demand_clerk(person: Person, meeting: Meeting) -> None:
    """Refuse anybody who is no clerk of the conference today."""
    if seat_of(person, meeting, either_clerk(meeting)) is None:
        raise Refused(_("Meetings are prepared by the clerks of the conference."), code="not_a_meeting_clerk")


@contextmanager
def arranging(meeting: Meeting, action: str, *, by: Person, version: int | None = None) -> Iterator[Arrangement]:
    """Change a meeting in preparation; the body writes, approvals of another content are voided afterwards."""
    with writing():
        row = locked(meeting, version)
        demand_clerk(by, row)
        if gap := why_closed(row):
            raise Refused.lacking([gap])
        change = Arrangement(row)
        yield change
        row.version += 1
        row.save()
        announce(row, action, by=by, data=change.data | {"content": hashes(row)})
        void_outdated(row, by=by)
    refresh(meeting, row)


def hashes(meeting: Meeting) -> dict[str, str]:
    """What each panel of the meeting agrees to, for the log: since when it has been as it is."""
    return {ApprovalStep.SETTLE: settlement_hash(meeting), ApprovalStep.CONSULT: consultation_hash(meeting)}


def void_outdated(meeting: Meeting, *, by: Person) -> None:
    """Void the approvals that were given to another arrangement, or to another occasion of a special meeting."""
    for step, found, reason in (
        (ApprovalStep.SETTLE, settlement_hash, _("Time, place, chair, agenda or attendance changed")),
        (ApprovalStep.CONSULT, consultation_hash, _("The occasion of the special meeting changed")),
    ):
        given = meeting.approvals.filter(step=step, voided_at=None)
        if given.exclude(hash=found(meeting)).exists():
            void_approvals(meeting, reason, steps=(step,))
            announce(meeting, "void", by=by, data={"reason": reason})
