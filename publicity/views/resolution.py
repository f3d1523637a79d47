"""One released resolution: a view over its releases, not a page of the tree."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings import registry
from meetings.queries.parts import acting_department
from publicity.breadcrumbs import OUTCOMES, trail_to
from publicity.enums import Stage
from publicity.ledger import Knot
from publicity.models import OutcomePage, Release
from publicity.queries.releases import line_of_releases, timeline
from publicity.views.lists import uncached


def knots(release: Release) -> list[Knot]:
    """The thread of a public resolution: its meeting, then each change of stage, with the explanation."""
    meeting = release.resolution.minutes.meeting
    threads = [
        Knot(
            stage=Stage.ADOPTED,
            label=_("Settled by the %(meeting)s") % {"meeting": meeting.title},
            on=meeting.held_on,
        )
    ]
    before: tuple[str, str] = (Stage.ADOPTED, "")
    for row in timeline(release):
        if (row.stage, row.explanation) != before:
            day = timezone.localtime(row.at).date()
            # What holds now stands above the thread already.
            text = row.explanation if row.explanation != release.explanation else ""
            threads.append(Knot(stage=row.stage, label=row.get_stage_display(), on=day, text=text))
        before = (row.stage, row.explanation)
    return threads


def line_knots(release: Release) -> list[Knot]:
    """The line from meeting to meeting (结转), of what is public alone; this resolution leads nowhere."""
    return [
        Knot(
            stage=row.stage,
            label=row.title if row.pk != release.pk else _("%(title)s (this item)") % {"title": row.title},
            on=row.resolution.minutes.meeting.held_on,
            text=f"{row.resolution.minutes.meeting.title} · {row.number} · {row.get_stage_display()}",
            url=row.get_absolute_url() if row.pk != release.pk else "",
        )
        for row in line_of_releases(release)
    ]


@require_safe
def resolution(request: HttpRequest, number: str) -> HttpResponse:
    """A public resolution by its public number; whatever is not public now is not there."""
    rows = Release.objects.released().select_related("resolution__minutes__meeting")
    release = rows.filter(resolution__public_number=number).first()
    if release is None:
        raise Http404
    lead = release.lead
    return uncached(
        render(
            request,
            "publicity/resolution.html",
            {
                "column": OUTCOMES,
                "trail": trail_to(release.conference, OUTCOMES),
                "release": release,
                "line": release.ledger_line(),
                "knots": knots(release),
                "carried": line_knots(release),
                "panels": registry.render_panels(registry.PANELS.get(Release, []), release, request),
                "outcome": OutcomePage.objects.public().filter(items__resolution=release.resolution_id).first(),
                # A department that was merged hands its telephone on; the name stays as released.
                "department": acting_department(lead) if lead else None,
            },
        )
    )
