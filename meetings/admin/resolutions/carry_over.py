"""结转 on pages: the chain of a resolution through later meetings, and what draft minutes may carry over."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.admin.core.guard import seen_by
from meetings.admin.core.ledger import ledger_line, resolution_badge
from meetings.components import LedgerLine, TimelinePoint
from meetings.models import Meeting, Minutes, Person, Resolution
from meetings.queries.carry_over import carry_over_chain, continuable
from meetings.queries.minutes import unissued_minutes_of
from meetings.queries.resolution import ledger


def carry_over_timeline(resolution: Resolution, person: Person) -> list[TimelinePoint]:
    """Return the resolutions of the chain that the reader may see, the earliest first, as a timeline.

    The list is empty if the resolution neither continues nor is continued.
    """
    line = carry_over_chain(resolution)
    if len(line) < 2:
        return []
    rows = {row.pk: row for row in ledger(seen_by(person, Resolution).filter(pk__in=line))}
    here = resolution.amends_id or resolution.pk
    return [_timeline_point(rows[pk], here=pk == here) for pk in line if pk in rows] if len(rows) > 1 else []


def _timeline_point(row: Resolution, *, here: bool) -> TimelinePoint:
    badge, meeting = resolution_badge(row), row.minutes.meeting
    text = _("%(meeting)s, %(state)s") % {"meeting": meeting.title, "state": badge.word}
    url = "" if here else reverse("resolution:inspect", args=[row.pk])
    label = _("%(title)s (this one)") % {"title": row.title} if here else row.title
    return TimelinePoint(badge.stage, label, meeting.held_on, text, url)


def carry_urls(meeting: Meeting) -> dict[int, str]:
    """Return the URLs that carry unfinished resolutions over into the unissued minutes, by resolution key."""
    minutes = unissued_minutes_of(meeting)
    if minutes is None:
        return {}
    add = reverse("minutes:add_resolution", args=[minutes.pk])
    return {pk: f"{add}?continues={pk}" for pk in continuable(minutes).values_list("pk", flat=True)}


@dataclass(frozen=True)
class Carriable:
    """An unfinished resolution, and the URL of the form that carries it over."""

    line: LedgerLine
    meeting: str
    url: str


def carriable(minutes: Minutes) -> list[Carriable]:
    """Return the unfinished resolutions of earlier meetings that these draft minutes may carry over."""
    add = reverse("minutes:add_resolution", args=[minutes.pk])
    return [
        Carriable(ledger_line(row), row.minutes.meeting.title, f"{add}?continues={row.pk}")
        for row in ledger(continuable(minutes))
    ]
