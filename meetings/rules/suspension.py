"""Suspension of a resolution (暂缓) by those who verify it, based on a written report of its lead department.

- `suspension_proposed(resolution)`: one side proposed a suspension and the other has not answered yet (`Y 2(6)`).
- `has_lead_report`: the requirement of a suspension.
- `suspension_hash`: the hash of the content that everybody who suspends agrees to.

A suspended resolution counts as unfinished: it must be explained to the next meeting (`Y 1(6)`, `C 4三`).
"""

from django.utils.translation import gettext as _

from meetings.enums import ResolutionState
from meetings.models import ProgressReport, Resolution
from meetings.refusal import Missing
from meetings.rules.hashing import digest


def suspension_proposed(resolution: Resolution) -> bool:
    """Return whether a proposed suspension waits for the answer of the other side."""
    return bool(resolution.suspended_reason) and resolution.state != ResolutionState.SUSPENDED


def suspension_not_proposed(resolution: Resolution) -> bool:
    """Return whether no suspension is proposed or in force."""
    return not resolution.suspended_reason


def has_lead_report(resolution: Resolution) -> list[Missing]:
    """Require a written report of the lead department."""
    if resolution.suspension_basis() is not None:
        return []
    reason = _("The lead department has not reported yet. A suspension rests on its written report; ask for one.")
    return [Missing(reason, code="lead_has_not_reported", clause="follow_up")]


def suspension_hash(resolution: Resolution, report: ProgressReport) -> str:
    """Return the hash of the agreed content: the resolution, the reason, and the report it is based on."""
    content = [resolution.title, resolution.text, resolution.suspended_reason]
    return digest([*content, report.pk, report.on, report.text])
