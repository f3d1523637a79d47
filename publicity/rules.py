"""Permissions and conditions of the publicity: each refusal gives a reason.

- `stages_for`: the stages that the office may release for a resolution.
- `review_reasons`: why an explanation of a stage has to be read by a reviewer before the public reads it.
- `is_clerk`, `is_reviewer`, `is_lead_liaison`, `conferences_as`: roles of a person today.
- `can_open_file`: access to a picture or document that no public page uses.
- `verdict_refusal`: why somebody may not review a page now (三审三校). `proposal_review_refusal`: nor an explanation.
"""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import GroupCollectionPermission, Revision, TaskState, WorkflowState
from wagtail.permissions import policy_registry

from meetings.enums import DeadlineKind, Disclosure, MinutesState, ResolutionState, Role
from meetings.models import JointConference, Person, Resolution
from meetings.queries.deadline import is_overdue
from meetings.queries.people import holds_role
from meetings.refusal import Missing, Refused
from meetings.rights import role_group_name
from meetings.rules.seats import lead_liaisons, seat_of
from meetings.rules.second_people import seen_changes
from publicity.contact_details import has_address, longest_digit_run
from publicity.enums import ProposalState, Stage
from publicity.models import GatedPage, Picture, PublicDocument, StageProposal
from publicity.queries.files import request_showing

_STAGE_BY_STATE = {
    ResolutionState.ADOPTED: Stage.ADOPTED,
    ResolutionState.ASSIGNED: Stage.ADOPTED,
    ResolutionState.UNDER_WAY: Stage.UNDER_WAY,
    ResolutionState.RETURNED: Stage.UNDER_WAY,
    ResolutionState.REPORTED: Stage.REPORTED_DONE,
    ResolutionState.SUSPENDED: Stage.SUSPENDED,
    ResolutionState.VERIFIED: Stage.VERIFIED,
    ResolutionState.CARRIED: Stage.CARRIED,
}
MAX_PLAIN_EXPLANATION = 60  # characters of an explanation that a clerk alone may publish
DIGITS_IN_A_ROW = 5  # from here on they may be a telephone number
ENDED = {ResolutionState.VERIFIED, ResolutionState.CARRIED}
EXPLAINED_STAGES = {Stage.OVERDUE, Stage.SUSPENDED}  # the public reads the reason beside the stage


# --- stages ----------------------------------------------------------------------------------------------------------
def stages_for(resolution: Resolution, on: date | None = None) -> list[Stage]:
    """Return the stages that the office may release on the day, first the one that matches the state of the record.

    "Done" can be released only for what was verified. For unfinished work the office chooses among the stages that are
    true.
    """
    state = ResolutionState(resolution.state)
    if state not in _STAGE_BY_STATE:
        return []
    if state in ENDED or state == ResolutionState.SUSPENDED:
        return [_STAGE_BY_STATE[state]]
    stages = [_STAGE_BY_STATE[state]]
    if resolution.deadline_kind == DeadlineKind.STANDING:
        stages.insert(0, Stage.LASTING)
    if is_overdue(resolution, on):
        stages.insert(int(state == ResolutionState.REPORTED), Stage.OVERDUE)
    if state != ResolutionState.ADOPTED and Stage.UNDER_WAY not in stages:
        stages.append(Stage.UNDER_WAY)
    return stages


def review_reasons(explanation: str, before: Sequence[str] = ()) -> list[str]:
    """Return why a reviewer has to read the explanation of a stage before it goes out; empty for a plain short one.

    `before` are the explanations that the public reads beside it and no reviewer has read
    (`publicity.queries.releases.unreviewed_explanations`): what is split over several counts together. This is the only
    place that decides it, for whoever releases.
    """
    text = explanation.strip()
    if not text:
        return []
    if found := _found_in([text]):
        return found
    together = _("with the explanations that the public reads already and no reviewer has read, %(reason)s")
    return [together % {"reason": reason} for reason in _found_in([*before, text])]


def _found_in(texts: list[str]) -> list[str]:
    found = []
    if sum(map(len, texts)) > MAX_PLAIN_EXPLANATION:
        found.append(_("it has more than %(most)s characters") % {"most": MAX_PLAIN_EXPLANATION})
    if any(has_address("".join(order)) for order in (texts, reversed(texts))):
        found.append(_("it holds an address of the web or of mail"))
    if sum(map(longest_digit_run, texts)) >= DIGITS_IN_A_ROW:
        found.append(_("it holds %(number)s digits in a row or more") % {"number": DIGITS_IN_A_ROW})
    return found


def explanation_gap(reasons: list[str]) -> Missing:
    """Return the refusal of an explanation that no reviewer has read."""
    reason = _("A reviewer has to read the explanation before it goes out: %(reasons)s. Send it for review.")
    return Missing(reason % {"reasons": "；".join(reasons)}, code="explanation_needs_reviewer")


def disclosure_refusal(resolution: Resolution) -> Missing | None:
    """Return why a resolution may not be public at all, or None."""
    if resolution.minutes.state != MinutesState.ISSUED:
        return Missing(
            _("The minutes are not issued yet. A resolution can be released once they are."),
            code="release_of_minutes_not_issued",
        )
    if resolution.disclosure != Disclosure.PUBLIC:
        return Missing(
            _("This resolution is not disclosed proactively. Its disclosure must be changed first."),
            code="not_disclosed",
        )
    return None


# --- people ----------------------------------------------------------------------------------------------------------
def is_clerk(person: object, conference: JointConference) -> bool:
    """Return True for a clerk of either side: the office of this conference."""
    return holds_role(person, conference, Role.CLERK)


def is_reviewer(person: object, conference: JointConference, on: date | None = None) -> bool:
    """Return True for somebody who holds a reviewer's post of this conference on the day."""
    return holds_role(person, conference, Role.REVIEWER, on)


def is_writer(person: object, conference: JointConference) -> bool:
    """Return True for a writer of news of this conference."""
    return holds_role(person, conference, Role.WRITER)


def conferences_as(person: object, *roles: str) -> list[JointConference]:
    """Return the conferences in which somebody holds one of these roles today."""
    held = person.tenures_in_force() if isinstance(person, Person) else []
    found = {t.post.conference_id: t.post.conference for t in held if t.post.role in roles}
    return [conference for conference in found.values() if conference is not None]


def can_open_file(person: object, file: Picture | PublicDocument) -> bool:
    """Return True for those who manage the collection of a file, for reviewers of its conference, and for those who
    read the request that makes it the mark of the site.
    """
    if not isinstance(person, Person):
        return False
    policy = policy_registry.get_by_type(type(file))
    if policy.user_has_any_permission_for_instance(person, ["add", "change", "choose"], file):
        return True
    writers = [role_group_name(Role.WRITER, conference) for conference in conferences_as(person, Role.REVIEWER)]
    folders = GroupCollectionPermission.objects.filter(group__name__in=writers)
    if folders.filter(collection__in=file.collection.get_ancestors(inclusive=True)).exists():
        return True
    request = request_showing(file)
    return request is not None and seen_changes(person).filter(pk=request.pk).exists()


def is_lead_liaison(person: object, resolution: Resolution) -> bool:
    """Return True for a liaison of the department that leads the resolution, or of its successor."""
    return isinstance(person, Person) and seat_of(person, resolution, lead_liaisons(resolution)) is not None


# --- reviews ---------------------------------------------------------------------------------------------------------
def reviews_needed(conference: JointConference) -> int:
    """Return how many people other than the writer must approve a text; at least one, whatever the setting."""
    return max(1, conference.reviews_required - int(conference.writer_is_first_review))


def authors(page: GatedPage, state: WorkflowState | None = None) -> set[int]:
    """Return the keys of those who wrote the unpublished text: who saved it, and who sent it for review."""
    revisions = Revision.objects.for_instance(page)
    if page.live_revision_id:
        revisions = revisions.filter(pk__gt=page.live_revision_id)
    people = set(revisions.values_list("user_id", flat=True)) | {state.requested_by_id if state else None}
    return {pk for pk in people | ({page.owner_id} if not page.live_revision_id else set()) if pk is not None}


def page_under_review(state: WorkflowState) -> GatedPage:
    """Return the page of a review; `Refused` if it is none that passes reviews."""
    page = state.content_object.specific if state.content_object is not None else None
    if not isinstance(page, GatedPage):
        raise Refused(_("This page is kept by the portal itself and passes no reviews."), code="page_without_reviews")
    return page


def counted_approvals(state: WorkflowState, text_hash: str) -> list[TaskState]:
    """Return the approvals in a review that count, at most one per person.

    They are of exactly this text, by somebody who held a reviewer's post on that day and did not write the text.
    """
    page = page_under_review(state)
    wrote, conference = authors(page, state), page.conference
    counted: dict[int, TaskState] = {}
    rows = TaskState.objects.filter(workflow_state=state, status=TaskState.STATUS_APPROVED)
    for verdict in rows.select_related("finished_by", "revision").order_by("finished_at", "pk"):
        person = verdict.finished_by
        if person is None or person.pk in wrote or verdict.finished_at is None:
            continue
        day = timezone.localtime(verdict.finished_at).date()
        if is_reviewer(person, conference, day) and same_text(verdict.revision, text_hash):
            counted.setdefault(person.pk, verdict)
    return list(counted.values())


def same_text(revision: Revision, text_hash: str) -> bool:
    """Return True if the content of the revision has this hash."""
    return bool(revision.as_object().content_hash() == text_hash)


def verdict_refusal(page: GatedPage, person: Person) -> Missing | None:
    """Return why a person may not review the page now, or None."""
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        return Missing(_("The page is not being reviewed. Its writer has to send it first."), code="not_under_review")
    if not is_reviewer(person, page.conference):
        return Missing(
            _("Reviews are for those who hold a reviewer's post of this conference today."), code="not_a_reviewer"
        )
    if person.pk in authors(page, state):
        return Missing(_("You wrote part of this text. Somebody else has to review it."), code="own_text")
    given = counted_approvals(state, page.get_latest_revision_as_object().content_hash())
    if any(verdict.finished_by_id == person.pk for verdict in given):
        return Missing(
            _("You have already approved this text. The other reviews are for other people."), code="already_approved"
        )
    return None


def proposal_review_refusal(proposal: StageProposal, person: Person) -> Missing | None:
    """Return why a person may not review the explanation of a proposed stage now, or None."""
    if proposal.state != ProposalState.IN_REVIEW:
        return Missing(
            _("This text waits for no reviewer any more: %(state)s.") % {"state": proposal.get_state_display()},
            code="proposal_not_in_review",
        )
    if not is_reviewer(person, proposal.resolution.minutes.meeting.conference):
        return Missing(
            _("Reviews are for those who hold a reviewer's post of this conference today."), code="not_a_reviewer"
        )
    if proposal.by_id == person.pk:
        return Missing(_("You wrote part of this text. Somebody else has to review it."), code="own_text")
    return None
