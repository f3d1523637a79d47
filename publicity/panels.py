"""What the publicity adds to the pages of records and to the home page of the staff.

- panels of a meeting (what was published about it) and of a resolution (what the public reads of it);
- the evidence for `Y 2(7)`.
"""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import registry
from meetings.enums import MeetingState, MinutesState
from meetings.models import JointConference, Meeting, Person, Resolution
from meetings.models.people import AnyUser
from meetings.queries.minutes import issued_minutes_of
from publicity.enums import ProposalState, ReleaseKind
from publicity.models import Article, GatedPage, NewsIndex, OutcomePage, Release
from publicity.queries.proposals import pending_proposal
from publicity.queries.release_text import older_than_record, outdated_sources
from publicity.queries.status import is_late, publicity_due_on, status_of, unreported
from publicity.rules import (
    disclosure_refusal,
    is_clerk,
    is_lead_liaison,
    is_reviewer,
    is_writer,
    stages_for,
)
from publicity.tree_paths import inside


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
    issued = issued_minutes_of(meeting) is not None
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
            "names_former_minutes": outcome and outdated_sources([conference]).filter(pk=outcome.pk).exists(),
        },
        request,
    )


def add_news_url(person: AnyUser, conference: JointConference) -> str:
    """Return the URL where a writer of this conference creates an article; empty for everybody else."""
    if not hasattr(conference, "section") or not is_writer(person, conference):
        return ""
    index = NewsIndex.objects.filter(inside(conference.section.path)).first()
    return reverse("wagtailadmin_pages:add", args=["publicity", "article", index.pk]) if index else ""


def resolution_panel(resolution: Resolution, request: HttpRequest) -> str:
    """Render what the public reads of a resolution now, and every release and withdrawal."""
    if resolution.minutes.state != MinutesState.ISSUED:
        return ""
    releases = list(resolution.releases.select_related("by", "reviewed_by", "confirmed_by").order_by("-pk"))
    last, proposal = releases[0] if releases else None, pending_proposal(resolution)
    return render_to_string(
        "publicity/admin/resolution_panel.html",
        {
            "last": last if last and last.kind == ReleaseKind.RELEASE else None,
            "withdrawn": last if last and last.kind == ReleaseKind.WITHDRAWAL else None,
            "releases": releases,
            "refusal": disclosure_refusal(resolution),
            "older": older_than_record(resolution),
            "proposal": proposal,
            "resolution": resolution,
        },
        request,
    )


def resolution_buttons(resolution: Resolution, person: Person) -> list[registry.Button]:
    """Return what this clerk or liaison of the lead department may do with the publicity of a resolution."""
    clerk, liaison = is_clerk(person, resolution.minutes.meeting.conference), is_lead_liaison(person, resolution)
    if not (clerk or liaison):
        return []
    proposal, buttons = pending_proposal(resolution), []
    waits_for_lead = proposal is not None and proposal.state == ProposalState.WAITING
    if waits_for_lead and liaison:
        buttons.append(registry.Button(_("Answer the proposed stage"), _url("proposal", resolution)))
    if not clerk or (last := Release.objects.latest_of(resolution)) is None:
        return buttons
    if last.kind == ReleaseKind.WITHDRAWAL:
        if disclosure_refusal(resolution) is None:
            buttons.append(registry.Button(_("Put it up for release again"), _url("lift", resolution)))
        return buttons
    if older_than_record(resolution) and disclosure_refusal(resolution) is None:
        buttons.append(registry.Button(_("Put the corrected wording up for release"), _url("renew", resolution)))
    if not waits_for_lead and stages_for(resolution) and disclosure_refusal(resolution) is None:
        buttons.append(registry.Button(_("Release the stage"), _url("stage", resolution)))
    if proposal is not None:
        buttons.append(registry.Button(_("Take the proposed stage back"), _url("drop_proposal", resolution)))
    buttons.append(registry.Button(_("Take it back"), _url("withdraw", resolution)))
    return buttons


def _url(name: str, resolution: Resolution) -> str:
    return reverse(f"publicity_admin:{name}", args=[resolution.pk])


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
    registry.evidence("publicity")(publicity_evidence)
