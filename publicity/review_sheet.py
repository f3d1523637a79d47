"""The content of the review sheet of a page (信息发布审核表): its text, its reviewers and verdicts, its status.

- `last_review(page)`: the review that the sheet is about: the one in progress, else the last one.
- `sheet_of(page)`: the sheet; `Refused` for a page that was never sent for review.
"""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from meetings.documents.base import format_date, format_datetime
from meetings.documents.review_sheet import RetainedData, ReviewSheet, ReviewVerdict
from meetings.enums import Role
from meetings.models import JointConference, Person
from meetings.refusal import Refused
from publicity.blocks import texts
from publicity.models import GatedPage, OutcomePage, PersonalDataException
from publicity.queries.status import status_of

VERDICTS = {TaskState.STATUS_APPROVED: "通过", TaskState.STATUS_REJECTED: "退回"}


def last_review(page: GatedPage) -> WorkflowState | None:
    """Return the review in progress or the last one; reviews that the writer cancelled do not count."""
    rows = WorkflowState.objects.for_instance(page).exclude(status=WorkflowState.STATUS_CANCELLED)
    found: WorkflowState | None = rows.select_related("workflow", "requested_by").order_by("-created_at", "-pk").first()
    return found


def _lines(draft: GatedPage) -> Iterator[str]:
    """Yield the texts as they are published, one per paragraph."""
    if isinstance(draft, OutcomePage):
        yield draft.intro
        yield f"会议名称：{draft.named_meeting()}"
        if draft.names_source:
            yield f"来源：《{draft.source_title}》（{draft.source_number}），{format_date(draft.source_issued_on)}印发"
        for number, item in enumerate(draft.items.all(), 1):
            yield f"{number}. {item.title}"
            yield from (item.wording, item.discussion)
    else:
        yield from (text for _place, text in texts(getattr(draft, "body", [])))


def _paragraphs(draft: GatedPage) -> list[str]:
    return [line.strip() for text in _lines(draft) for line in text.splitlines() if line.strip()]


def _reviewer_title(person: Person, conference: JointConference, verdict: TaskState) -> str:
    """Return the title under which somebody reviewed, on the day of the verdict."""
    held = person.tenures_in_force(timezone.localtime(verdict.finished_at).date())
    own = [t for t in held if t.post.role == Role.REVIEWER and t.post.conference_id == conference.pk]
    return own[0].full_title if own else ""


def _verdicts(state: WorkflowState, conference: JointConference) -> list[ReviewVerdict]:
    """Return each review of the section in order, with the last verdict on it; without one while it is open."""
    given = TaskState.objects.filter(workflow_state=state, status__in=VERDICTS).select_related("finished_by")
    last = {verdict.task_id: verdict for verdict in given.order_by("finished_at", "pk")}
    found = []
    for task in state.workflow.tasks.order_by("workflow_tasks__sort_order"):
        verdict = last.get(task.pk)
        if verdict is None or verdict.finished_by is None:
            found.append(ReviewVerdict(task.name))
            continue
        found.append(
            ReviewVerdict(
                review=task.name,
                name=verdict.finished_by.name,
                title=_reviewer_title(verdict.finished_by, conference, verdict),
                verdict=VERDICTS[verdict.status],
                opinion=verdict.comment,
                at=format_datetime(verdict.finished_at),
            )
        )
    return found


def _exceptions(page: GatedPage) -> list[RetainedData]:
    rows = PersonalDataException.objects.filter(page_id=page.pk).select_related("by").order_by("at", "pk")
    return [
        RetainedData(row.masked, row.reason, f"{row.by}，{format_date(timezone.localtime(row.at).date())}")
        for row in rows
    ]


def sheet_of(page: GatedPage) -> ReviewSheet:
    """Return the sheet on the text that was sent for review last; `Refused` if there is none."""
    state = last_review(page)
    sent = TaskState.objects.filter(workflow_state=state).order_by("pk").last() if state else None
    if state is None or sent is None:
        raise Refused(
            _("Nobody has sent this page for review yet; there is nothing to put on a sheet."),
            code="never_sent_for_review",
        )
    draft: GatedPage = sent.revision.as_object()
    meeting = getattr(draft, "meeting", None)
    public = page.is_public()
    return ReviewSheet(
        title=draft.title,
        kind=str(page._meta.verbose_name),
        meeting=str(meeting) if meeting else "",
        writer=page.owner.name if page.owner else "",
        sender=state.requested_by.name if state.requested_by else "",
        sent_at=format_datetime(state.created_at),
        summary=getattr(draft, "summary", ""),
        status=status_of(page),
        published_at=format_datetime(page.last_published_at) if public else "",
        url=page.full_url or "" if public else "",
        text=_paragraphs(draft),
        retained=_exceptions(page),
        verdicts=_verdicts(state, page.conference),
    )
