"""结转 on pages: the line of a resolution from both ends, and what may be carried over into draft minutes."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.admin.core.guard import seen_by
from meetings.admin.core.ledger import LedgerLine, ledger_line, resolution_mark
from meetings.admin.core.record_state import Knot
from meetings.models import Meeting, Minutes, Person, Resolution
from meetings.queries.carry_over import continuable, line_of
from meetings.queries.minutes import at_work
from meetings.queries.resolution import ledger


def carried_rows(resolution: Resolution, person: Person) -> list[Knot]:
    """The whole line that the reader may know of, the earliest first, as a thread; nothing where it stands alone."""
    line = line_of(resolution)
    if len(line) < 2:
        return []
    rows = {row.pk: row for row in ledger(seen_by(person, Resolution).filter(pk__in=line))}
    here = resolution.amends_id or resolution.pk
    return [_knot(rows[pk], here=pk == here) for pk in line if pk in rows] if len(rows) > 1 else []


def _knot(row: Resolution, *, here: bool) -> Knot:
    mark, meeting = resolution_mark(row), row.minutes.meeting
    told = _("%(meeting)s, %(state)s") % {"meeting": meeting.title, "state": mark.word}
    url = "" if here else reverse("resolution:inspect", args=[row.pk])
    label = _("%(title)s (this one)") % {"title": row.title} if here else row.title
    return Knot(mark.stage, label, meeting.held_on, told, url)


def carry_urls(meeting: Meeting) -> dict[int, str]:
    """The forms that carry unfinished resolutions over into the minutes that are being written, by their keys."""
    minutes = at_work(meeting)
    if minutes is None:
        return {}
    add = reverse("minutes:add_resolution", args=[minutes.pk])
    return {pk: f"{add}?continues={pk}" for pk in continuable(minutes).values_list("pk", flat=True)}


@dataclass(frozen=True)
class Carriable:
    """An unfinished resolution, and the form that carries it over."""

    line: LedgerLine
    meeting: str
    url: str


def carriable(minutes: Minutes) -> list[Carriable]:
    """The unfinished resolutions of earlier meetings that these draft minutes may carry over."""
    add = reverse("minutes:add_resolution", args=[minutes.pk])
    return [
        Carriable(ledger_line(row), row.minutes.meeting.title, f"{add}?continues={row.pk}")
        for row in ledger(continuable(minutes))
    ]
