"""暂缓: those who verify a resolution let it rest with a reason, and take it up again (`Y 2(6)`, `C 5(5)`).

Key concepts
- `suspend` proposes it; where one seat verifies, that is enough. `agree_suspension`, `decline_suspension`: the answer
  of the other side. `resume`: the work goes on.
"""

from django.utils.translation import gettext as _

from meetings.enums import ApprovalStep
from meetings.models import Person, Resolution
from meetings.operations.base import Take, operation, required_text, sign, taking, void_approvals
from meetings.rules.approval import Signature
from meetings.rules.suspension import suspension_hash


def _sign(take: Take, opinion: str) -> None:
    report = take.record.suspension_basis()
    if report is None:
        raise TypeError("a suspension rests on a report")
    sign(take, digest=suspension_hash(take.record, report), opinion=opinion)


def drop_proposal(take: Take, reason: str) -> None:
    """End a suspension, or what was proposed of one; the signatures stay, voided."""
    report = take.record.suspension_basis()
    if report is not None:
        void_approvals(report, reason[:200], steps=(ApprovalStep.SUSPEND,))
    take.record.suspended_reason = ""


@operation(Resolution, "suspend")
def suspend(
    resolution: Resolution, *, by: Person, reason: str, version: int | None = None, signature: Signature | None = None
) -> Resolution:
    """Let the resolution rest with a reason; where both sides verify, the other one has to agree."""
    with taking(resolution, "suspend", by=by, version=version, signature=signature) as take:
        take.record.suspended_reason = required_text(
            reason, _("Give the reason why it is suspended."), code="suspension_reason_missing"
        )
        _sign(take, "")
        take.data["reason"] = take.record.suspended_reason
    return resolution


@operation(Resolution, "agree_suspension")
def agree_suspension(
    resolution: Resolution,
    *,
    by: Person,
    opinion: str = "",
    version: int | None = None,
    signature: Signature | None = None,
) -> Resolution:
    """The other side agrees to the suspension as it was proposed."""
    with taking(resolution, "agree_suspension", by=by, version=version, signature=signature) as take:
        _sign(take, opinion)
    return resolution


@operation(Resolution, "decline_suspension")
def decline_suspension(resolution: Resolution, *, by: Person, reason: str, version: int | None = None) -> Resolution:
    """Turn a proposed suspension down, or take it back; the resolution goes on as it was."""
    with taking(resolution, "decline_suspension", by=by, version=version) as take:
        take.data["reason"] = required_text(reason, _("Say why it is not suspended."), code="decline_reason_missing")
        drop_proposal(take, take.data["reason"])
    return resolution


@operation(Resolution, "resume")
def resume(resolution: Resolution, *, by: Person, reason: str, version: int | None = None) -> Resolution:
    """Take a suspended resolution up again; its departments report from now on."""
    with taking(resolution, "resume", by=by, version=version) as take:
        take.data["reason"] = required_text(reason, _("Say why it is taken up again."), code="resume_reason_missing")
        drop_proposal(take, take.data["reason"])
    return resolution
