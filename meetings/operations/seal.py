"""The seal of minutes and the effect of changes to content that the approvals cover.

- `minutes_content_changed(minutes, by=…, reason=…)`: every operation that writes text, attendance, resolutions or files
  calls it after the write, in its transaction. Issued minutes refuse the write. Sealed minutes lose seal and approvals,
  visibly. For minutes that were sent for approval it logs that the content differs from what was sent.
- `unseal(row, reason)`: used when minutes return to draft.
"""

from django.utils.translation import gettext as _

from meetings.enums import ApprovalStep, MinutesState
from meetings.models import Minutes, Person
from meetings.operations.base import announce, locked, refresh
from meetings.operations.voiding import void_approvals
from meetings.queries.approval import known_since
from meetings.refusal import Refused
from meetings.rules.seal import content_hash
from meetings.write_lock import write_transaction


def unseal(row: Minutes, reason: str, *, by: Person, announced: bool = False) -> None:
    """Remove the seal from the locked row and void its approvals; they stay readable, with the reason."""
    void_approvals(row, reason, by=by, steps=(ApprovalStep.APPROVE_MINUTES,), announced=announced)
    row.hash, row.sealed_at = "", None


def minutes_content_changed(minutes: Minutes, *, by: Person, reason: str) -> None:
    """Handle a change of content that the approvals cover; call it after the write, in the same transaction.

    `Refused` for issued minutes, which rolls the write back. If the content no longer matches the seal, the approvals
    are voided with `reason` and the minutes return to draft. The version increases, so open pages of approvers become
    stale.
    """
    with write_transaction():
        row = locked(minutes)
        if row.state == MinutesState.ISSUED:
            raise Refused(_("The minutes are issued and cannot be changed any more."), code="minutes_issued")
        row.version += 1
        digest = content_hash(row)
        broken = bool(row.hash) and digest != row.hash
        if broken:
            unseal(row, reason, by=by)
            row.state = MinutesState.DRAFT
        row.save()
        if broken:
            announce(row, "void", by=by, data={"reason": reason})
        elif row.state == MinutesState.IN_APPROVAL and not known_since(row, ApprovalStep.APPROVE_MINUTES, digest):
            data = {"reason": reason, "content": {ApprovalStep.APPROVE_MINUTES: digest}}
            announce(row, "change", by=by, data=data)
    refresh(minutes, row)
