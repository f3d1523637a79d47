"""Suspension (暂缓) of a resolution with a reason, by those who verify it (`Y 2(6)`, `C 5(5)`).

- `suspend`: proposes the suspension. Where a single seat verifies, the resolution is suspended at once.
- `agree_suspension`, `decline_suspension`: the answer of the other side.
- `resume`: ends the suspension.
"""

from django.utils.translation import gettext as _

from meetings.enums import ApprovalStep
from meetings.models import Person, Resolution
from meetings.operations.base import StepContext, perform_step, required_text, sign
from meetings.operations.voiding import void_approvals
from meetings.rules.approval import Signature
from meetings.rules.suspension import suspension_hash


def _sign(context: StepContext[Resolution], opinion: str) -> None:
    report = context.record.suspension_basis()
    if report is None:
        raise TypeError("a suspension rests on a report")
    sign(context, digest=suspension_hash(context.record, report), opinion=opinion)


def drop_proposal(context: StepContext[Resolution], reason: str) -> None:
    """End a suspension or a proposal of one; its signatures are voided and stay readable."""
    report = context.record.suspension_basis()
    if report is not None:
        void_approvals(report, reason[:200], by=context.by, steps=(ApprovalStep.SUSPEND,), announced=True)
    context.record.suspended_reason = ""


def suspend(
    resolution: Resolution, *, by: Person, reason: str, version: int | None = None, signature: Signature | None = None
) -> Resolution:
    """Suspend the resolution with a reason; where both sides verify, this is a proposal and the other must agree."""
    with perform_step(resolution, "suspend", by=by, version=version, signature=signature) as context:
        context.record.suspended_reason = required_text(
            reason, _("Give the reason why it is suspended."), code="suspension_reason_missing"
        )
        _sign(context, "")
        context.data["reason"] = context.record.suspended_reason
    return resolution


def agree_suspension(
    resolution: Resolution,
    *,
    by: Person,
    opinion: str = "",
    version: int | None = None,
    signature: Signature | None = None,
) -> Resolution:
    """Agree to the proposed suspension for the other side."""
    with perform_step(resolution, "agree_suspension", by=by, version=version, signature=signature) as context:
        _sign(context, opinion)
    return resolution


def decline_suspension(resolution: Resolution, *, by: Person, reason: str, version: int | None = None) -> Resolution:
    """Decline or withdraw a proposed suspension; the state of the resolution does not change."""
    with perform_step(resolution, "decline_suspension", by=by, version=version) as context:
        reason = required_text(reason, _("Say why it is not suspended."), code="decline_reason_missing")
        context.data["reason"] = reason
        drop_proposal(context, reason)
    return resolution


def resume(resolution: Resolution, *, by: Person, reason: str, version: int | None = None) -> Resolution:
    """Resume a suspended resolution; its departments report again from now on."""
    with perform_step(resolution, "resume", by=by, version=version) as context:
        reason = required_text(reason, _("Say why it is taken up again."), code="resume_reason_missing")
        context.data["reason"] = reason
        drop_proposal(context, reason)
    return resolution
