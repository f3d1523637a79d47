"""制度对照 in print: the clauses of the regulation with their evidence, per meeting and per year of a conference.

Only people who see all records of a conference may read it: clerks, leaders and auditors. For anybody else the views
answer 404.
"""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem

from meetings import clock
from meetings.admin.core.access_log import note_out_of_reach
from meetings.admin.core.printing import PrintView
from meetings.admin.core.record_urls import url_of
from meetings.models import (
    AgendaItem,
    Approval,
    Attendance,
    Explanation,
    JointConference,
    LeadingGroup,
    Meeting,
    Minutes,
    Opinion,
    ProgressReport,
    RegulationAdoption,
    Resolution,
    Topic,
)
from meetings.queries.approval import with_signers
from meetings.queries.conference import adoption_on, years_of
from meetings.queries.meeting import with_posts, with_resolutions, with_topics
from meetings.queries.reach import reach_of
from meetings.queries.visibility import supervised
from meetings.rules.evidence import Finding, of_meeting, of_year

MODELS_WITH_PAGE = (Topic, Meeting, Minutes, Resolution, ProgressReport, JointConference, LeadingGroup)


def with_evidence(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Return the meetings with what their findings read, for all of them at once."""
    signed = with_signers(Approval.objects.all())
    opinions = Opinion.objects.select_related("department")
    agenda = with_topics(AgendaItem.objects.select_related("topic__adoption")).prefetch_related(
        Prefetch("topic__approvals", queryset=signed.filter(voided_at=None)),
        Prefetch("topic__opinions", queryset=opinions),
    )
    return rows.select_related("conference", "adoption__regulation", "chair__person").prefetch_related(
        "adoption__regulation__clauses",
        Prefetch("agenda", queryset=agenda),
        Prefetch("attendance", queryset=with_posts(Attendance.objects.all())),
        Prefetch("approvals", queryset=signed),
        Prefetch("explanations", queryset=with_resolutions(Explanation.objects.all())),
        Prefetch("minutes", queryset=Minutes.objects.defer("body", "drafted", "frozen")),
        Prefetch("minutes__approvals", queryset=signed),
    )


def finding_rows(findings: list[Finding]) -> list[dict[str, object]]:
    """Return the findings, with a URL for each proof whose record has a page."""
    return [
        {
            "finding": finding,
            "proofs": [
                {"proof": proof, "url": url_of(proof.record) if isinstance(proof.record, MODELS_WITH_PAGE) else ""}
                for proof in finding.proofs
            ],
        }
        for finding in findings
    ]


def meeting_findings(meeting: Meeting, *, with_texts: bool = True) -> dict[str, object]:
    """Return the template values of one meeting: the meeting, its regulation and its findings."""
    findings = of_meeting(meeting, with_texts=with_texts)
    return {"meeting": meeting, "rules": meeting.adoption, "rows": finding_rows(findings)}


class MeetingClausesView(PrintView):
    """The clauses of a meeting's regulation, each with its evidence or its gap."""

    template_name = "meetings/print/clauses.html"
    route = "clauses/<int:pk>/"
    url_name = "clauses"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: Any) -> HttpResponseBase:
        """Answer 404, and log the attempt, unless the person sees all records of the conference."""
        if not Meeting.objects.filter(pk=kwargs["pk"], conference__in=supervised(request.user)).exists():
            note_out_of_reach(request, Meeting, kwargs["pk"])
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        meeting = with_evidence(Meeting.objects.all()).get(pk=self.object.pk)
        return super().get_context_data(**kwargs) | {
            "title": str(meeting),
            "sheets": [meeting_findings(meeting)],
            "back": reverse("meeting:inspect", args=[meeting.pk]),
        }


class YearClausesView(TemplateView):
    """One year of a conference: the yearly requirements, then each meeting of the year."""

    template_name = "meetings/print/clauses.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: Any) -> HttpResponseBase:
        """Answer 404, and log the attempt, unless the person sees all records and the year has any."""
        self.conferences = list(supervised(request.user))
        self.year: int = kwargs["year"]
        found = next((conference for conference in self.conferences if conference.pk == kwargs["pk"]), None)
        if found is None or self.year not in years_of(found):
            note_out_of_reach(request, JointConference, kwargs["pk"])
            raise Http404
        self.conference = found
        return super().dispatch(request, *args, **kwargs)

    def rules(self) -> RegulationAdoption | None:
        """Return the adoption in force at the end of the year; in the present year, today."""
        day = min(clock.today(), clock.today().replace(year=self.year, month=12, day=31))
        return adoption_on(self.conference, day)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        rules = self.rules()
        meetings = Meeting.objects.filter(conference=self.conference, time__year=self.year).order_by("time", "pk")
        held = with_evidence(meetings)
        return super().get_context_data(**kwargs) | {
            "title": self.conference.name,
            "year": self.year,
            "years": years_of(self.conference),
            "conference": self.conference,
            "conferences": self.conferences,
            "this_year": clock.today().year,
            "rules": rules,
            "rows": finding_rows(of_year(self.conference, self.year, rules)) if rules else [],
            "sheets": [meeting_findings(meeting, with_texts=False) for meeting in held],
            "back": reverse("meeting:index"),
        }


def first_conference_clauses(request: HttpRequest) -> HttpResponse:
    """Redirect to the present year of the first conference whose records the person sees."""
    first = supervised(request.user).first()
    if first is None:
        raise Http404
    return redirect("records_year_clauses", first.pk, clock.today().year)


class ClausesMenuItem(MenuItem):
    """The menu item, shown to people who see all records of a conference."""

    def is_shown(self, request: HttpRequest) -> bool:
        reach = reach_of(request.user)
        return reach.everything or bool(reach.conferences)


def menu_item() -> ClausesMenuItem:
    """Return the menu item 制度对照, placed after the records."""
    url = reverse_lazy("records_clauses")
    return ClausesMenuItem(_("Clauses and evidence"), url, name="clauses", icon_name="list-ul", order=60)


def urls() -> list[URLPattern]:
    """Return the URL patterns of the yearly page and of its entry point; both require admin access."""
    view = require_admin_access(YearClausesView.as_view())
    return [
        path("records/clauses/", require_admin_access(first_conference_clauses), name="records_clauses"),
        path("records/clauses/<int:pk>/<int:year>/", view, name="records_year_clauses"),
    ]
