"""三审三校: sending a page for review, giving a verdict, and publishing what was approved.

- `send_for_review`: start the review of the latest text, or resume one that was returned.
- `give_verdict`: record one reviewer's verdict with an opinion; the last approval publishes, in the same transaction.
- `publish_reviewed`: the only place that makes a page live; called when Wagtail's workflow has no task left.
"""

from django.utils.translation import gettext as _
from wagtail.models import ReferenceIndex, Revision, TaskState, WorkflowState

from meetings import clock
from meetings.models import Person
from meetings.operations.base import required_text
from meetings.refusal import Refused
from meetings.write_lock import write_transaction
from publicity.models import GatedPage, HiddenSource, OutcomePage
from publicity.operations.base import announce
from publicity.operations.releases import release_wording
from publicity.rules import counted_approvals, page_under_review, reviews_needed, verdict_refusal


@write_transaction()
def send_for_review(page: GatedPage, *, by: Person) -> WorkflowState:
    """Send the latest text of a page to its reviewers; `Refused` while the text itself has refusals."""
    current: GatedPage = type(page)._default_manager.select_for_update().get(pk=page.pk)
    draft = current.get_latest_revision_as_object()
    if gaps := draft.refusals():
        raise Refused.lacking(gaps)
    state: WorkflowState | None = current.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(by)
        return state
    if state is not None:
        raise Refused(_("The page is being reviewed already."), code="already_under_review")
    workflow = current.get_workflow()
    if workflow is None:
        raise Refused(_("No reviews are set up for this section. Ask the administrator."), code="no_reviews_set_up")
    started: WorkflowState = workflow.start(draft, by)
    return started


@write_transaction()
def give_verdict(page: GatedPage, *, approve: bool, opinion: str = "", by: Person) -> TaskState:
    """Approve the text under review, or return it with an opinion; stored with person and time."""
    current: GatedPage = type(page)._default_manager.select_for_update().get(pk=page.pk)
    if gap := verdict_refusal(current, by):
        raise Refused.lacking([gap])
    state: WorkflowState = current.current_workflow_state  # under review, as `verdict_refusal` found
    task_state: TaskState = current.current_workflow_task_state
    if task_state.revision_id != current.latest_revision_id:
        raise Refused(
            _("The text has changed since it was sent. Its writer has to send it again."),
            code="text_changed_since_sent",
        )
    if approve:
        task_state.approve(user=by, update=False, comment=opinion.strip())
    else:
        opinion = required_text(
            opinion, _("Say what has to be changed. The writer reads your opinion."), code="verdict_opinion_missing"
        )
        task_state.reject(user=by, update=False, comment=opinion)
    # Wagtail uses the real time; the times of the portal come from its own clock.
    task_state.finished_at = clock.now()
    task_state.save(update_fields=["finished_at"])
    announce(current, "approve" if approve else "return", by=by, data={"opinion": opinion.strip()})
    state.refresh_from_db()
    state.update(user=by)
    return task_state


def publish_reviewed(state: WorkflowState, *, by: Person | None) -> None:
    """Publish the text that enough different reviewers approved, and nothing else; release the items of an outcome.

    Raises `Refused`, which undoes the last approval too, when there are too few approvals of exactly this text.
    """
    page = page_under_review(state)
    latest = Revision.objects.get(pk=page.latest_revision_id)
    draft = latest.as_object()
    text_hash = draft.content_hash()
    given, needed = counted_approvals(state, text_hash), reviews_needed(page.conference)
    if len(given) < needed:
        raise Refused(
            _(
                "%(needed)s different people who did not write it must approve exactly this text; %(given)s have. "
                "Whoever wrote or changed it does not count."
            )
            % {"needed": needed, "given": len(given)},
            code="too_few_approvals",
        )
    if gaps := draft.refusals():
        raise Refused.lacking(gaps)
    type(page)._default_manager.filter(pk=page.pk).update(approved_hash=text_hash)
    Revision.objects.get(pk=latest.pk).publish(user=by, skip_permission_checks=True)
    stamp = {"last_published_at": clock.now()}
    if page.first_published_at is None:
        stamp["first_published_at"] = clock.now()
    type(page)._default_manager.filter(pk=page.pk).update(**stamp)
    page = type(page)._default_manager.get(pk=page.pk)
    # Wagtail's own update may wait for a worker, but the files of a page have to be accessible at once.
    ReferenceIndex.create_or_update_for_object(page)
    if isinstance(page, OutcomePage):
        _release_items(page, by=by)
    reviewers = sorted(pk for verdict in given if (pk := verdict.finished_by_id) is not None)
    announce(page, "publish", by=by, data={"reviewers": reviewers})


def _release_items(page: OutcomePage, *, by: Person | None) -> None:
    """Release what a published outcome page shows: its items, and its source again if that had been hidden."""
    HiddenSource.objects.filter(page=page).delete()  # `refusals` found that the source may be named
    meeting_title = page.named_meeting()
    for item in page.items.select_related("resolution", "lifts"):
        release_wording(
            item.resolution,
            title=item.title,
            wording=item.wording,
            meeting_title=meeting_title,
            by=by,
            lifts=item.lifts,
        )
