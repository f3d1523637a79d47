"""What the publicity adds to the pages of records and to the home page of the staff.

- panels of a meeting (what was published about it) and of a resolution (what the public reads of it);
- entries of "mine today": pages to review, returned pages, proposed stages, meetings and results without publicity;
- the evidence for `Y 2(7)`.
"""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from meetings import registry
from meetings.enums import MeetingState, MinutesState, Role
from meetings.models import JointConference, Meeting, Person, Resolution
from meetings.models.people import AnyUser
from meetings.queries.reach import reach_of
from publicity.enums import ProposalState, ReleaseKind
from publicity.models import Article, GatedPage, NewsIndex, OutcomePage, Release, StageProposal
from publicity.queries.release_text import older_than_record, outdated, outdated_sources
from publicity.queries.status import is_late, publicity_due_on, status_of, unpublished_results, unreported
from publicity.rules import (
    conferences_as,
    disclosure_refusal,
    is_clerk,
    is_lead_liaison,
    is_reviewer,
    is_writer,
    stages_for,
    verdict_refusal,
)


# --- panels ----------------------------------------------------------------------------------------------------------
def _page_entry(person: AnyUser, page: GatedPage) -> dict[str, object]:
    conference = page.conference
    permissions = page.permissions_for_user(person)
    return {
        "title": page.get_admin_display_title(),
        "status": status_of(page),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]) if permissions.can_edit() else "",
        "review_url": reverse("publicity_admin:review", args=[page.pk])
        if page.workflow_in_progress and is_reviewer(person, conference)
        else "",
        "view_url": page.url if page.is_public() else "",
        "take_down_url": reverse("publicity_admin:take_down", args=[page.pk])
        if page.live and is_clerk(person, conference)
        else "",
    }


def meeting_panel(meeting: Meeting, request: HttpRequest) -> str:
    """Render what was published about a held meeting and what remains to be done; empty for other meetings."""
    if meeting.state != MeetingState.HELD:
        return ""
    person, conference = request.user, meeting.conference
    outcome = OutcomePage.objects.filter(meeting=meeting).first()
    issued = meeting.minutes.filter(state=MinutesState.ISSUED).exists()
    return render_to_string(
        "publicity/admin/meeting_panel.html",
        {
            "news": [
                _page_entry(person, page) for page in Article.objects.filter(meeting=meeting).order_by("-date", "-pk")
            ],
            "outcome": _page_entry(person, outcome) if outcome else None,
            "may_draft": issued and is_clerk(person, conference) and not (outcome and outcome.workflow_in_progress),
            "waits_for_minutes": not issued,
            "draft_url": reverse("publicity_admin:draft_outcome", args=[meeting.pk]),
            "add_news_url": add_news_url(person, conference),
            "until": publicity_due_on(meeting),
            "missing": unreported().filter(pk=meeting.pk).exists(),
            "late": is_late(meeting),
            "names_former_minutes": outdated_sources([conference]).filter(meeting=meeting).exists(),
        },
        request,
    )


def add_news_url(person: AnyUser, conference: JointConference) -> str:
    """Return the URL where a writer of this conference creates an article; empty for everybody else."""
    if not hasattr(conference, "section") or not is_writer(person, conference):
        return ""
    index = NewsIndex.objects.filter(path__startswith=conference.section.path).first()
    return reverse("wagtailadmin_pages:add", args=["publicity", "article", index.pk]) if index else ""


def _unreported_url(meeting: Meeting, clerk: Iterable[JointConference], person: Person) -> str:
    """Return the page of the meeting for its clerks. Writers cannot see records: they go to the new article."""
    if meeting.conference in clerk:
        return reverse("meeting:inspect", args=[meeting.pk])
    return add_news_url(person, meeting.conference) or reverse("publicity_admin:index")


def resolution_panel(resolution: Resolution, request: HttpRequest) -> str:
    """Render what the public reads of a resolution now, and every release and withdrawal."""
    if resolution.minutes.state != MinutesState.ISSUED:
        return ""
    last, proposal = Release.objects.latest_of(resolution), _waiting_proposal(resolution)
    return render_to_string(
        "publicity/admin/resolution_panel.html",
        {
            "last": last if last and last.kind == ReleaseKind.RELEASE else None,
            "withdrawn": last if last and last.kind == ReleaseKind.WITHDRAWAL else None,
            "releases": resolution.releases.select_related("by", "confirmed_by").order_by("-pk"),
            "refusal": disclosure_refusal(resolution),
            "older": older_than_record(resolution),
            "proposal": proposal,
            "resolution": resolution,
        },
        request,
    )


def _waiting_proposal(resolution: Resolution) -> StageProposal | None:
    found: StageProposal | None = (
        resolution.stage_proposals.filter(state=ProposalState.WAITING).select_related("by").first()
    )
    return found


def resolution_buttons(resolution: Resolution, person: Person) -> list[registry.Button]:
    """Return what this clerk or liaison of the lead department may do with the publicity of a resolution."""
    last, proposal, buttons = Release.objects.latest_of(resolution), _waiting_proposal(resolution), []
    if proposal and is_lead_liaison(person, resolution):
        buttons.append(registry.Button(_("Answer the proposed stage"), _url("proposal", resolution)))
    if last is None or not is_clerk(person, resolution.minutes.meeting.conference):
        return buttons
    if last.kind == ReleaseKind.WITHDRAWAL:
        if disclosure_refusal(resolution) is None:
            buttons.append(registry.Button(_("Put it up for release again"), _url("lift", resolution)))
        return buttons
    if older_than_record(resolution) and disclosure_refusal(resolution) is None:
        buttons.append(registry.Button(_("Put the corrected wording up for release"), _url("renew", resolution)))
    if proposal is None and stages_for(resolution) and disclosure_refusal(resolution) is None:
        buttons.append(registry.Button(_("Release the stage"), _url("stage", resolution)))
    buttons.append(registry.Button(_("Take it back"), _url("withdraw", resolution)))
    return buttons


def _url(name: str, resolution: Resolution) -> str:
    return reverse(f"publicity_admin:{name}", args=[resolution.pk])


# --- mine today ------------------------------------------------------------------------------------------------------
def _pages_in(status: str) -> list[tuple[WorkflowState, GatedPage]]:
    rows = WorkflowState.objects.filter(status=status).order_by("created_at")
    found = [(row, row.content_object.specific) for row in rows if row.content_object]
    return [(row, page) for row, page in found if isinstance(page, GatedPage)]


def reviews_today(person: Person) -> list[registry.TodayEntry]:
    """Return the pages that this reviewer may approve or return now."""
    if not conferences_as(person, Role.REVIEWER):
        return []
    return [
        registry.TodayEntry(
            text=_("Review: %(title)s") % {"title": page.get_admin_display_title()},
            url=reverse("publicity_admin:review", args=[page.pk]),
            kind=status_of(page),
        )
        for _state, page in _pages_in(WorkflowState.STATUS_IN_PROGRESS)
        if verdict_refusal(page, person) is None
    ]


def returned_today(person: Person) -> list[registry.TodayEntry]:
    """Return the pages that a reviewer returned to this writer."""
    return [
        registry.TodayEntry(
            text=_("Returned by a reviewer: %(title)s") % {"title": page.get_admin_display_title()},
            url=reverse("publicity_admin:review", args=[page.pk]),
            kind=_("Publicity"),
            tone="due",
        )
        for state, page in _pages_in(WorkflowState.STATUS_NEEDS_CHANGES)
        if person.pk in {state.requested_by_id, page.owner_id}
    ]


def proposals_today(person: Person) -> list[registry.TodayEntry]:
    """Return the stages that the department of this liaison is asked to confirm."""
    own = reach_of(person).department_rows("resolution__minutes__meeting__conference", "resolution__parts__department")
    rows: QuerySet[StageProposal] = StageProposal.objects.filter(
        own, state=ProposalState.WAITING, resolution__parts__role="lead"
    ).select_related("resolution")
    return [
        registry.TodayEntry(
            text=_("Confirm what the public will read: %(title)s") % {"title": row.resolution.title},
            url=_url("proposal", row.resolution),
            kind=_("Publicity"),
        )
        for row in rows
    ]


def unpublished_today(person: Person) -> list[registry.TodayEntry]:
    """Return what clerks and writers have not published yet, or only in an older wording (`Y 2(7)`)."""
    clerk, writer = conferences_as(person, Role.CLERK), conferences_as(person, Role.WRITER)
    entries = [
        registry.TodayEntry(
            text=_("Held without publicity: %(meeting)s") % {"meeting": meeting},
            url=_unreported_url(meeting, clerk, person),
            kind=_("Publicity"),
            due=publicity_due_on(meeting),
            tone="late" if is_late(meeting) else "due",
        )
        for meeting in unreported({row.pk: row for row in [*clerk, *writer]}.values())
    ]
    entries += [
        registry.TodayEntry(
            text=_("%(state)s, but the public does not read it yet: %(title)s")
            % {"state": row.resolution.get_state_display(), "title": row.title},
            url=reverse("resolution:inspect", args=[row.resolution_id]),
            kind=_("Publicity"),
        )
        for row in unpublished_results(clerk)
        if _waiting_proposal(row.resolution) is None
    ]
    entries += [
        registry.TodayEntry(
            text=_("Corrected, but the public reads the older words: %(title)s") % {"title": row.title},
            url=reverse("resolution:inspect", args=[row.resolution_id]),
            kind=_("Publicity"),
            tone="due",
        )
        for row, _changed in outdated(clerk)
    ]
    entries += [
        registry.TodayEntry(
            text=_("Corrected, but the outcome page names the former minutes: %(title)s") % {"title": page.title},
            url=reverse("meeting:inspect", args=[page.meeting_id]),
            kind=_("Publicity"),
            tone="due",
        )
        for page in outdated_sources(clerk)
    ]
    return entries


# --- evidence --------------------------------------------------------------------------------------------------------
def publicity_evidence(meeting: Meeting) -> str:
    """Return how a held meeting was reported to the public; empty if it was not (`Y 2(7)`)."""
    article = Article.objects.public().filter(meeting=meeting).order_by("date").first()
    if article is not None:
        return _("Reported on %(day)s: %(title)s") % {
            "day": date_format(article.date, "DATE_FORMAT"),
            "title": article.title,
        }
    outcome = OutcomePage.objects.public().filter(meeting=meeting).first()
    return _("Outcomes made public: %(title)s") % {"title": outcome.title} if outcome else ""


def register() -> None:
    """Add everything to the registries of `meetings`; called once when the app is ready."""
    registry.panel(Meeting)(meeting_panel)
    registry.panel(Resolution)(resolution_panel)
    registry.extra_buttons(Resolution)(resolution_buttons)
    for entries in (reviews_today, returned_today, proposals_today, unpublished_today):
        registry.today_entries(entries)
    registry.evidence("publicity")(publicity_evidence)
