"""The seal of minutes: what a change of anything that the approvals cover does to them.

Key concepts
- `touch(minutes, by=…, reason=…)`: every write to text, attendance, resolutions and files calls it afterwards, inside
  its transaction. Issued minutes refuse the write; sealed ones lose seal and approvals, visibly; of those that were
  sent for approval the log tells that they are no longer what was sent.
- `unseal(row, reason)`: used where minutes go back to the draft.
"""

from django.utils.translation import gettext as _

from meetings.enums import ApprovalStep, MinutesState
from meetings.models import Minutes, Person
from meetings.operations.base import announce, locked, refresh, void_approvals
from meetings.queries.approval import known_since
from meetings.refusal import Refused
from meetings.rules.seal import content_hash
from meetings.write_lock import writing


def unseal(row: Minutes, reason: str) -> None:
    """Take seal and approvals off the locked row; the approvals stay readable, with the reason."""
    void_approvals(row, reason, steps=(ApprovalStep.APPROVE_MINUTES,))
    row.hash, row.sealed_at = "", None


def touch(minutes: Minutes, *, by: Person, reason: str) -> None:
    """Say that something which the approvals cover was written; call it after the write, in the same transaction.

    Issued minutes refuse it (`Refused`, which rolls the write back). If the content no longer fits the seal, the
    approvals are voided with `reason` and the minutes are a draft again. An approver's open page becomes stale.
    """
    with writing():
        row = locked(minutes)
        if row.state == MinutesState.ISSUED:
            raise Refused(_("The minutes are issued and cannot be changed any more."), code="minutes_issued")
        row.version += 1
        found = content_hash(row)
        broken = bool(row.hash) and found != row.hash
        if broken:
            unseal(row, reason)
            row.state = MinutesState.DRAFT
        row.save()
        if broken:
            announce(row, "void", by=by, data={"reason": reason})
        elif row.state == MinutesState.IN_APPROVAL and not known_since(row, ApprovalStep.APPROVE_MINUTES, found):
            changed = {"reason": reason, "content": {ApprovalStep.APPROVE_MINUTES: found}}
            announce(row, "change", by=by, data=changed)
    refresh(minutes, row)
