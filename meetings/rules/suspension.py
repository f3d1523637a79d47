"""暂缓: work on a resolution rests, by the word of those who verify it, on the written ground of its lead department.

Key concepts
- `proposed(resolution)`: one side has asked for it, and the other one has not answered yet (`Y 2(6)`).
- `has_lead_report`: what a suspension needs. `suspension_hash`: the one content that all who suspend agree to.
A suspended resolution stays unfinished: the next meeting hears why, and what is proposed (`Y 1(6)`, `C 4三`).
"""

from django.utils.translation import gettext as _

from meetings.enums import ResolutionState
from meetings.models import ProgressReport, Resolution
from meetings.refusal import Missing
from meetings.rules.hashing import digest


def proposed(resolution: Resolution) -> bool:
    """True while a suspension waits for the other side."""
    return bool(resolution.suspended_reason) and resolution.state != ResolutionState.SUSPENDED


def not_proposed(resolution: Resolution) -> bool:
    """True while nobody has asked for a suspension."""
    return not resolution.suspended_reason


def has_lead_report(resolution: Resolution) -> list[Missing]:
    """The lead department has reported in writing how it stands."""
    if resolution.suspension_basis() is not None:
        return []
    reason = _("The lead department has not reported yet. A suspension rests on its written report; ask for one.")
    return [Missing(reason, code="lead_has_not_reported", clause="follow_up")]


def suspension_hash(resolution: Resolution, report: ProgressReport) -> str:
    """The hash of what is agreed to: the resolution, the reason, and the report that it rests on."""
    said = [resolution.title, resolution.text, resolution.suspended_reason]
    return digest([*said, report.pk, report.on, report.text])
