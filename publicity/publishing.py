"""The function that Wagtail calls after the last review (`WAGTAIL_FINISH_WORKFLOW_ACTION`).

Wagtail imports this module while `wagtail.models` is being loaded, so nothing at its top may import models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from meetings.models import Person


def finish(workflow_state: WorkflowState, user: Person | None = None) -> None:
    """Publish exactly what the reviewers approved; see `publicity.operations.reviews`."""
    from publicity.operations.reviews import publish_reviewed

    publish_reviewed(workflow_state, by=user)
