"""Carry-over (结转): when minutes are issued, an unfinished resolution is replaced by the one that continues it."""

from django.utils.translation import gettext as _

from meetings.enums import ApprovalStep, ResolutionState
from meetings.models import Person, Resolution
from meetings.operations.base import announce, locked
from meetings.operations.voiding import void_approvals
from meetings.refusal import Refused
from meetings.rules.carry_over import carry_over_gaps


def carry_over(resolution: Resolution, *, into: Resolution, by: Person) -> Resolution:
    """Set an unfinished resolution to “carried over”; call it in the transaction that adopts `into`.

    From now on its departments report on `into`. Approvals of a completion report that is pending are voided, because
    it will not be verified any more.
    """
    if gaps := carry_over_gaps(into):
        raise Refused.lacking(gaps)
    row: Resolution = locked(resolution)
    report = row.pending_completion()
    if report is not None:
        void_approvals(report, _("The resolution was carried over"), by=by, steps=(ApprovalStep.VERIFY,))
    before, row.state = row.state, ResolutionState.CARRIED
    row.version += 1
    row.save()
    # Only the key of the later resolution: readers of this log may lack permission to see it. Its page checks that.
    announce(row, "carry", by=by, data={"from": before, "to": ResolutionState.CARRIED, "later": into.pk})
    return row
