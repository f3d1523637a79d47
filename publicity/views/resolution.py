"""The page of one released resolution: a view of its releases, not a page of the tree."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings import registry
from meetings.components import TimelinePoint
from meetings.queries.parts import acting_department
from publicity.breadcrumbs import OUTCOMES, breadcrumb_trail
from publicity.enums import Stage
from publicity.models import OutcomePage, PublicDecision
from publicity.queries.releases import carry_over_line, timeline
from publicity.revalidation import canonical


def timeline_points(decision: PublicDecision) -> list[TimelinePoint]:
    """Return the timeline of a public resolution: its meeting, then each change of stage, with the explanation."""
    points = [
        TimelinePoint(
            stage=Stage.ADOPTED,
            label=_("Settled by the %(meeting)s") % {"meeting": decision.meeting_title},
            on=decision.held_on,
        )
    ]
    before: tuple[str, str] = (Stage.ADOPTED, "")
    for row in timeline(decision):
        if (row.stage, row.explanation) != before:
            day = timezone.localtime(row.at).date()
            # The current explanation is shown above the timeline already.
            text = row.explanation if row.explanation != decision.explanation else ""
            points.append(TimelinePoint(stage=row.stage, label=row.get_stage_display(), on=day, text=text))
        before = (row.stage, row.explanation)
    return points


def carry_over_points(decision: PublicDecision) -> list[TimelinePoint]:
    """Return the line from meeting to meeting (结转), public parts only; this resolution has no link."""
    return [
        TimelinePoint(
            stage=row.stage,
            label=row.title if row.pk != decision.pk else _("%(title)s (this item)") % {"title": row.title},
            on=row.held_on,
            text=f"{row.meeting_title} · {row.number} · {row.get_stage_display()}",
            url=row.get_absolute_url() if row.pk != decision.pk else "",
        )
        for row in carry_over_line(decision)
    ]


@require_safe
def resolution(request: HttpRequest, number: str) -> HttpResponse:
    """Show a public resolution by its public number; 404 for one that is not public now."""
    decision = PublicDecision.objects.released().filter(number=number).first()
    if decision is None:
        raise Http404
    lead = decision.lead
    return canonical(
        request,
        render(
            request,
            "publicity/resolution.html",
            {
                "column": OUTCOMES,
                "breadcrumbs": breadcrumb_trail(decision.conference, OUTCOMES),
                "decision": decision,
                "line": decision.ledger_line(),
                "timeline": timeline_points(decision),
                "carried": carry_over_points(decision),
                "panels": registry.render_panels(registry.PANELS.get(PublicDecision, []), decision, request),
                "outcome": OutcomePage.objects.public().filter(items__resolution=decision.resolution_id).first(),
                # The telephone is that of a merged department's successor; the name stays as released.
                "department": acting_department(lead) if lead else None,
            },
        ),
    )
