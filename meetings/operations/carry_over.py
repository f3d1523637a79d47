"""结转: at the issue of the minutes an unfinished resolution ends in the one that continues it."""

from django.utils.translation import gettext as _

from meetings.enums import ApprovalStep, ResolutionState
from meetings.models import Person, Resolution
from meetings.operations.base import announce, locked, void_approvals
from meetings.refusal import Refused
from meetings.rules.carry_over import carrying_gaps


def carry_over(resolution: Resolution, *, into: Resolution, by: Person) -> Resolution:
    """End an unfinished resolution as carried over; inside the transaction that settles the one that continues it.

    Its departments report on the later one from now on; signatures under a report that nobody will verify are void.
    """
    if gaps := carrying_gaps(into):
        raise Refused.lacking(gaps)
    row: Resolution = locked(resolution)
    report = row.pending_completion()
    if report is not None:
        void_approvals(report, _("The resolution was carried over"), steps=(ApprovalStep.VERIFY,))
    before, row.state = row.state, ResolutionState.CARRIED
    row.version += 1
    row.save()
    # Whoever reads this log may not know of the later one: its page tells those who may.
    announce(row, "carry", by=by, data={"from": before, "to": ResolutionState.CARRIED, "later": into.pk})
    return row
