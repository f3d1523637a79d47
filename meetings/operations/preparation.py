"""Changes of the content that a settlement covers; only by clerks and only in preparation.

- `preparation_change(meeting, action, by=…)`: context manager of every change of time, place, agenda and attendance.
- `void_outdated_approvals(meeting)`: voids, visibly, approvals that were given to other content than the present one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from meetings.enums import ApprovalStep
from meetings.models import Meeting, Person
from meetings.operations.base import announce, locked, refresh
from meetings.operations.voiding import void_approvals
from meetings.refusal import Refused
from meetings.rules.meeting import consultation_hash, settlement_hash, why_preparation_closed
from meetings.rules.seats import is_clerk
from meetings.write_lock import write_transaction


@dataclass
class PreparationChange:
    """A change in progress: the locked meeting and the data for the log."""

    meeting: Meeting
    data: dict[str, object] = field(default_factory=dict)


def require_clerk(person: Person, meeting: Meeting) -> None:
    """Raise `Refused` unless the person is a clerk of the conference today."""
    if not is_clerk(person, meeting):
        raise Refused(_("Meetings are prepared by the clerks of the conference."), code="not_a_meeting_clerk")


@contextmanager
def preparation_change(
    meeting: Meeting, action: str, *, by: Person, version: int | None = None
) -> Iterator[PreparationChange]:
    """Change a meeting in preparation: the body writes, then approvals of the former content are voided.

    `Refused` if the meeting is not in preparation or `by` is not a clerk, `Stale` if it is newer than `version`.
    """
    with write_transaction():
        row = locked(meeting, version)
        require_clerk(by, row)
        if gap := why_preparation_closed(row):
            raise Refused.lacking([gap])
        change = PreparationChange(row)
        yield change
        row.version += 1
        row.save()
        announce(row, action, by=by, data=change.data | {"content": content_hashes(row)})
        void_outdated_approvals(row, by=by)
    refresh(meeting, row)


def content_hashes(meeting: Meeting) -> dict[str, str]:
    """Return the content hash for each panel. The log stores it to know since when the content is unchanged."""
    return {ApprovalStep.SETTLE: settlement_hash(meeting), ApprovalStep.CONSULT: consultation_hash(meeting)}


def void_outdated_approvals(meeting: Meeting, *, by: Person) -> None:
    """Void approvals of a former settlement content, or of a former occasion of a special meeting."""
    for step, current_hash, reason in (
        (ApprovalStep.SETTLE, settlement_hash, _("Time, place, chair, agenda or attendance changed")),
        (ApprovalStep.CONSULT, consultation_hash, _("The occasion of the special meeting changed")),
    ):
        given = meeting.approvals.filter(step=step, voided_at=None)
        if given.exclude(hash=current_hash(meeting)).exists():
            void_approvals(meeting, reason, by=by, steps=(step,))
            announce(meeting, "void", by=by, data={"reason": reason})
