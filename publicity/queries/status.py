"""The status of publicity: of a page, of a meeting, and what remains to be published.

- `status_of(page)`: draft, in review, returned, public, as text; `pages_of(conferences)`: all their pages.
- `submitted()`: the condition for those that reviewers read.
- `unreported()`: held meetings without publicity (`Y 2(7)`).
- `unpublished_results()`: verified results that the public does not read yet (`Y 2(7)`, 工作成效).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState, WorkflowState

from meetings import clock
from meetings.enums import MeetingState, ResolutionState
from meetings.models import JointConference, Meeting
from publicity.enums import Stage
from publicity.models import Article, ConferenceSection, GatedPage, OutcomePage, PublicDecision, gated_page_types
from publicity.tree_paths import inside


def status_of(page: Page) -> str:
    """Return the status of a page as text."""
    state = page.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return _("Returned by a reviewer")
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        task_state = state.current_task_state
        return _("Waits for the %(review)s") % {"review": task_state.task.name if task_state else ""}
    if page.live:
        return _("Public, with changes not yet sent") if page.has_unpublished_changes else _("Public")
    return _("Taken back") if page.first_published_at else _("Draft")


def pages_of(conferences: Iterable[JointConference]) -> QuerySet[Page]:
    """Return the reviewed pages of conferences, with drafts, the last change first."""
    paths = ConferenceSection.objects.filter(conference__in=conferences).values_list("path", flat=True)
    below = reduce(or_, (inside(path) for path in paths), Q(pk__in=[]))
    rows: QuerySet[Page] = (
        Page.objects.filter(below)
        .type(*gated_page_types())
        .prefetch_workflow_states()
        .order_by("-latest_revision_created_at", "-pk")
    )
    return rows


def submitted() -> Q:
    """Return the condition for pages of which a reviewer may read the latest text.

    It is being reviewed, it was returned and not changed since, or the public reads it.
    """
    states = WorkflowState.objects.filter(base_content_type=ContentType.objects.get_for_model(Page))
    running = states.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    returned = states.filter(
        status=WorkflowState.STATUS_NEEDS_CHANGES, current_task_state__revision=OuterRef("latest_revision")
    )
    key = Cast(OuterRef("pk"), CharField())
    return (
        Q(Exists(running.filter(object_id=key)))
        | Q(Exists(returned.filter(object_id=key)))
        | Q(live=True, has_unpublished_changes=False)
    )


def verdicts_of(page: GatedPage) -> QuerySet[TaskState]:
    """Return every verdict ever given on a page, newest first, with person, time and opinion."""
    given = [TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED]
    rows: QuerySet[TaskState] = TaskState.objects.for_instance(page).filter(status__in=given)
    return rows.select_related("finished_by", "task").order_by("-finished_at", "-pk")


def publicity_due_on(meeting: Meeting) -> date | None:
    """Return the day until which a held meeting has to be reported, or None if no report is required (`Y 2(7)`)."""
    rules = meeting.adoption
    if not (rules.judged and rules.publicity_required and meeting.held_on):
        return None
    return meeting.held_on + timedelta(days=rules.publicity_days)


def unreported(conferences: Iterable[JointConference] | None = None) -> QuerySet[Meeting]:
    """Return held meetings whose regulation asks for publicity and of which nothing is public, the oldest first."""
    rows = Meeting.objects.filter(
        ~Exists(Article.objects.public().order_by().filter(meeting=OuterRef("pk"))),
        ~Exists(OutcomePage.objects.public().order_by().filter(meeting=OuterRef("pk"))),
        state=MeetingState.HELD,
        adoption__judged=True,
        adoption__publicity_required=True,
    )
    if conferences is not None:
        rows = rows.filter(conference__in=conferences)
    return rows.select_related("conference", "adoption").order_by("held_on", "pk")


def unpublished_results(conferences: Iterable[JointConference] | None = None) -> QuerySet[PublicDecision]:
    """Return public resolutions that were verified or carried over in the record while the public reads otherwise."""
    ended = {ResolutionState.VERIFIED: Stage.VERIFIED, ResolutionState.CARRIED: Stage.CARRIED}
    silent = reduce(or_, (Q(resolution__state=state) & ~Q(stage=stage) for state, stage in ended.items()))
    rows = PublicDecision.objects.released().filter(silent)
    if conferences is not None:
        rows = rows.filter(conference__in=conferences)
    return rows.select_related("resolution")


def is_late(meeting: Meeting) -> bool:
    """Return True if the day for reporting a meeting has passed."""
    until = publicity_due_on(meeting)
    return until is not None and until < clock.today()
