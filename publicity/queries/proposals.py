"""Queries on proposed stages that wait for somebody.

- `pending_proposal(resolution)`: the one that waits for a reviewer, the lead department, or a change by the office.
"""

from meetings.models import Resolution
from publicity.enums import ProposalState
from publicity.models import StageProposal


def pending_proposal(resolution: Resolution) -> StageProposal | None:
    """Return the proposal of a resolution that waits for somebody, or None."""
    found: StageProposal | None = (
        resolution.stage_proposals.filter(state__in=ProposalState.pending()).select_related("by", "reviewed_by").first()
    )
    return found
