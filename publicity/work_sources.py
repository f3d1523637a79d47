"""What waits for people in the publicity, as sources of work items (`meetings.registry.work_source`).

- Pages: the review of a page (三审三校), and a returned page for its writer.
- Meetings: a held meeting whose regulation asks for publicity and of which nothing is public (`Y 2(7)`); an outcome
  page that names minutes which were corrected since.
- Resolutions: a result that the public does not read yet, and a corrected wording (`Y 2(7)`); an explanation of a stage
  that a reviewer has to read, or has returned to the office.

`connect()` adds the signals of Wagtail: reviews begin and end there, and pages can leave the site there.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.db.models.signals import post_delete
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, WorkflowState
from wagtail.signals import (
    page_published,
    page_unpublished,
    task_approved,
    task_cancelled,
    task_rejected,
    task_submitted,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from meetings import registry
from meetings.enums import MeetingState, MinutesState, Role
from meetings.models import Meeting, Minutes, Resolution
from meetings.models.work_item import Task
from meetings.operations.work import changed
from meetings.registry import WorkAction, WorkSource
from meetings.rules.addressees import LIAISON, addressees
from meetings.rules.seats import GOVERNMENT_CLERK, LEAD_LIAISON, UNION_CLERK
from meetings.write_lock import write_transaction
from publicity.enums import ProposalState
from publicity.models import GatedPage, NewsIndex, StageProposal, gated_page_types
from publicity.queries.release_text import older_than_record, outdated_sources
from publicity.queries.status import publicity_due_on, unpublished_results, unreported
from publicity.rules import authors, counted_approvals
from publicity.tree_paths import inside

OFFICE = (GOVERNMENT_CLERK.key, UNION_CLERK.key)
Affected = Callable[[Any, str], Iterable[int]]
# Verbs of a resolution that change neither how it ended nor its wording.
UNFINISHED_VERBS = frozenset(
    {
        *("create", "edit", "tag", "remove", "number", "assign", "report", "report_part_done", "report_done", "return"),
        *(
            "accept_report",
            "send_back_report",
            "deliver",
            "suspend",
            "agree_suspension",
            "decline_suspension",
            "resume",
        ),
    }
)


def _tasks(action: str, seats: Iterable[str], **fields: Any) -> Iterator[Task]:
    for seat in seats:
        yield Task(action=action, seat=seat, **fields)


# --- pages -----------------------------------------------------------------------------------------------------------
def page_tasks(page: GatedPage) -> Iterator[Task]:
    """Yield the review that a page waits for, or its rework by those who sent and own it."""
    state = page.current_workflow_state
    if state is None:
        return
    if state.status == WorkflowState.STATUS_IN_PROGRESS:
        approved = counted_approvals(state, page.get_latest_revision_as_object().content_hash())
        given = {verdict.finished_by_id for verdict in approved if verdict.finished_by_id}
        barred = frozenset(authors(page, state) | given)
        yield Task(action="page.review", seat=Role.REVIEWER.value, clause="publicity", not_for=barred)
    elif state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        for person in {pk for pk in (state.requested_by_id, page.owner_id) if pk}:
            yield Task(action="page.rework", person=person, clause="publicity")


def _page_source(model: type[GatedPage]) -> WorkSource:
    def load(pks: Collection[int] | None) -> Iterable[GatedPage]:
        """Return the pages in a review, or returned by one; nothing waits on the others."""
        active = WorkflowState.objects.active().filter(base_content_type=ContentType.objects.get_for_model(Page))
        reviewed = {int(key) for key in active.values_list("object_id", flat=True)}
        found: Iterable[GatedPage] = model._default_manager.filter(
            pk__in=reviewed if pks is None else reviewed & set(pks)
        )
        return found

    return WorkSource(
        name=f"publicity.{model._meta.model_name}",
        model=model,
        load=load,
        tasks=page_tasks,
        affected={model: lambda page, action: [page.pk]},
    )


# --- meetings --------------------------------------------------------------------------------------------------------
def meeting_tasks(meeting: Meeting) -> Iterator[Task]:
    """Yield what is still to be published of a meeting of `meetings_to_publish` (`Y 2(7)`)."""
    if meeting.is_unreported:  # type: ignore[attr-defined]  # annotated
        due = publicity_due_on(meeting)
        seats = (Role.WRITER.value, *OFFICE)
        yield from _tasks("meeting.publish", seats, clause="publicity", due_on=due)
    if meeting.has_outdated_source:  # type: ignore[attr-defined]  # annotated
        yield from _tasks("meeting.renew_source", OFFICE, clause="publicity")


def meetings_to_publish(pks: Collection[int] | None) -> QuerySet[Meeting]:
    """Return those of the meetings (of all without `pks`) on which something waits, with what it is; one query."""
    rows = Meeting.objects.all() if pks is None else Meeting.objects.filter(pk__in=pks)
    rows = rows.filter(state=MeetingState.HELD).annotate(
        is_unreported=Exists(unreported().order_by().filter(pk=OuterRef("pk"))),
        has_outdated_source=Exists(outdated_sources().order_by().filter(meeting=OuterRef("pk"))),
    )
    found = rows.filter(Q(is_unreported=True) | Q(has_outdated_source=True))
    return found.select_related("conference", "adoption").order_by("pk")


def _meeting_of_page(page: Any, action: str) -> Iterable[int]:
    return [page.meeting_id] if page.meeting_id else ()


def _meeting_of_resolution(row: Resolution, action: str) -> Iterable[int]:
    return [row.minutes.meeting_id] if action in {"release", "withdraw"} else ()


# --- resolutions -----------------------------------------------------------------------------------------------------
def resolution_tasks(resolution: Resolution) -> Iterator[Task]:
    """Yield what waits on a resolution of `resolutions_to_publish`.

    The public reads otherwise than the record says: an ended resolution, or a corrected wording.
    """
    proposals: list[StageProposal] = resolution.pending_proposals  # type: ignore[attr-defined]  # prefetched
    if proposals:
        yield from _proposal_tasks(proposals[0])
    elif resolution.result_is_unpublished:  # type: ignore[attr-defined]  # annotated
        yield from _tasks("resolution.publish_result", OFFICE, clause="publicity")
    if older_than_record(resolution) is not None:
        yield from _tasks("resolution.renew_wording", OFFICE, clause="publicity")


def resolutions_to_publish(pks: Collection[int] | None) -> QuerySet[Resolution]:
    """Return those of the resolutions (of all without `pks`) on which something can wait, with what it is.

    Three queries; the wording is compared one by one, for resolutions of corrections alone.
    """
    rows = Resolution.objects.all() if pks is None else Resolution.objects.filter(pk__in=pks)
    pending = StageProposal.objects.filter(state__in=ProposalState.pending())
    unpublished = unpublished_results().order_by().filter(resolution=OuterRef("pk"))
    rows = rows.filter(minutes__state=MinutesState.ISSUED).annotate(
        has_proposal=Exists(pending.filter(resolution=OuterRef("pk"))), result_is_unpublished=Exists(unpublished)
    )
    found = rows.filter(Q(has_proposal=True) | Q(result_is_unpublished=True) | Q(minutes__corrects__isnull=False))
    waiting = Prefetch("stage_proposals", queryset=pending.order_by("pk"), to_attr="pending_proposals")
    return found.select_related("minutes__meeting__conference").prefetch_related("parts", waiting).order_by("pk")


def _proposal_tasks(proposal: StageProposal) -> Iterator[Task]:
    """Yield the review of an explanation by somebody else, its rework, or the confirmation by the lead department."""
    fields: dict[str, Any] = {"detail": proposal.pk, "clause": "publicity"}
    if proposal.state == ProposalState.IN_REVIEW:
        barred = frozenset({proposal.by_id})
        yield Task(action="resolution.review_explanation", seat=Role.REVIEWER.value, not_for=barred, **fields)
    elif proposal.state == ProposalState.RETURNED:
        yield from _tasks("resolution.rework_explanation", OFFICE, **fields)
    elif proposal.state == ProposalState.WAITING:
        for _seat, department in addressees(LEAD_LIAISON, proposal.resolution):
            yield Task(action="resolution.confirm_stage", seat=LIAISON, department=department, **fields)


def _resolution_keys(row: Resolution, action: str) -> Iterable[int]:
    return () if action in UNFINISHED_VERBS else [row.pk]


def _resolutions_of(row: Minutes, action: str) -> Iterable[int]:
    return row.resolutions.values_list("pk", flat=True) if action == "issue" else ()


# --- how they are shown ----------------------------------------------------------------------------------------------
def _title(item: Any) -> str:
    record = item.record
    return str(record.get_admin_display_title() if isinstance(record, Page) else record)


def _publish_url(item: Any, detail: None) -> str:
    """Return the form of a new article for a writer, who sees no records; the page of the meeting for the office."""
    if item.seat in OFFICE:
        return reverse("meeting:inspect", args=[item.object_id])
    index = NewsIndex.objects.filter(inside(item.conference.section.path)).first()
    return reverse("wagtailadmin_pages:add", args=["publicity", "article", index.pk]) if index else ""


def _review_url(item: Any, detail: None) -> str:
    return reverse("publicity_admin:review", args=[item.object_id])


def _proposals() -> QuerySet[StageProposal]:
    return StageProposal.objects.all()


ACTIONS = {
    "resolution.review_explanation": WorkAction(
        what=gettext_lazy("Review the explanation"),
        text=lambda item, detail: _("Review the explanation: %(title)s") % {"title": detail.title},
        kind=gettext_lazy("Publicity"),
        url=lambda item, detail: reverse("publicity_admin:review_proposal", args=[item.detail]),
        detail=_proposals,
    ),
    "resolution.rework_explanation": WorkAction(
        what=gettext_lazy("Explanation returned by a reviewer"),
        text=lambda item, detail: _("Explanation returned by a reviewer: %(title)s") % {"title": detail.title},
        kind=gettext_lazy("Publicity"),
        url=lambda item, detail: reverse("publicity_admin:stage", args=[item.object_id]),
        detail=_proposals,
    ),
    "page.review": WorkAction(
        what=gettext_lazy("Review"),
        text=lambda item, detail: _("Review: %(title)s") % {"title": _title(item)},
        kind=gettext_lazy("Publicity"),
        url=_review_url,
        shared=True,
    ),
    "page.rework": WorkAction(
        what=gettext_lazy("Returned by a reviewer"),
        text=lambda item, detail: _("Returned by a reviewer: %(title)s") % {"title": _title(item)},
        kind=gettext_lazy("Publicity"),
        url=_review_url,
        shared=True,
    ),
    "meeting.publish": WorkAction(
        what=gettext_lazy("Held without publicity"),
        text=lambda item, detail: _("Held without publicity: %(meeting)s") % {"meeting": item.record},
        kind=gettext_lazy("Publicity"),
        url=_publish_url,
    ),
    "meeting.renew_source": WorkAction(
        what=gettext_lazy("The outcome page names the former minutes"),
        text=lambda item, detail: (
            _("Corrected, but the outcome page names the former minutes: %(title)s") % {"title": item.record}
        ),
        kind=gettext_lazy("Publicity"),
    ),
    "resolution.confirm_stage": WorkAction(
        what=gettext_lazy("Confirm what the public will read"),
        text=lambda item, detail: _("Confirm what the public will read: %(title)s") % {"title": item.record},
        kind=gettext_lazy("Publicity"),
        url=lambda item, detail: reverse("publicity_admin:proposal", args=[item.object_id]),
    ),
    "resolution.publish_result": WorkAction(
        what=gettext_lazy("Publish the result"),
        text=lambda item, detail: (
            _("%(state)s, but the public does not read it yet: %(title)s")
            % {"state": item.record.get_state_display(), "title": item.record}
        ),
        kind=gettext_lazy("Publicity"),
    ),
    "resolution.renew_wording": WorkAction(
        what=gettext_lazy("Publish the corrected wording"),
        text=lambda item, detail: (
            _("Corrected, but the public reads the older words: %(title)s") % {"title": item.record}
        ),
        kind=gettext_lazy("Publicity"),
    ),
}


# --- registration ----------------------------------------------------------------------------------------------------
def register() -> None:
    """Register the sources and how their items are shown; called once when the app is ready."""
    for name, action in ACTIONS.items():
        registry.work_action(name, action)
    for model in gated_page_types():
        registry.work_source(_page_source(model))
    with_meeting: dict[type[Model], Affected] = {
        model: _meeting_of_page for model in gated_page_types() if hasattr(model, "meeting_id")
    }
    registry.work_source(
        WorkSource(
            name="publicity.meeting",
            model=Meeting,
            load=meetings_to_publish,
            tasks=meeting_tasks,
            affected={
                Meeting: lambda row, action: [row.pk] if action in {"hold", "edit"} else (),
                Minutes: lambda row, action: [row.meeting_id] if action == "issue" else (),
                Resolution: _meeting_of_resolution,
                **with_meeting,
            },
        )
    )
    registry.work_source(
        WorkSource(
            name="publicity.resolution",
            model=Resolution,
            load=resolutions_to_publish,
            tasks=resolution_tasks,
            affected={Resolution: _resolution_keys, Minutes: _resolutions_of},
        )
    )
    connect()


def connect() -> None:
    """Connect the signals by which reviews begin and end, and pages enter and leave the site."""
    for signal in (task_submitted, task_approved, task_rejected, task_cancelled):
        signal.connect(_task_changed, dispatch_uid="publicity.work.task")
    for signal in (workflow_submitted, workflow_approved, workflow_rejected, workflow_cancelled):
        signal.connect(_workflow_changed, dispatch_uid="publicity.work.workflow")
    for signal in (page_published, page_unpublished):
        signal.connect(_page_changed, dispatch_uid="publicity.work.page")
    for model in gated_page_types():
        post_delete.connect(_page_changed, sender=model, dispatch_uid=f"publicity.work.{model._meta.model_name}")


def _page_changed(instance: Page, **kwargs: object) -> None:
    page = instance.specific_deferred if type(instance) is Page else instance
    if isinstance(page, GatedPage):
        with write_transaction(savepoint=False):
            changed(page)


def _workflow_changed(instance: WorkflowState, **kwargs: object) -> None:
    page = instance.content_object
    if page is not None:
        _page_changed(page.specific)


def _task_changed(instance: Any, **kwargs: object) -> None:
    _workflow_changed(instance.workflow_state)
