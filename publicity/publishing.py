"""What Wagtail calls when the last review is done (`WAGTAIL_FINISH_WORKFLOW_ACTION`).

The module is imported while `wagtail.models` itself loads, so nothing that needs models is imported at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from meetings.models import Person


def finish(workflow_state: WorkflowState, user: Person | None = None) -> None:
    """Publish what the reviewers approved, and only that; see `publicity.operations.reviews`."""
    from publicity.operations.reviews import publish_reviewed

    publish_reviewed(workflow_state, by=user)
