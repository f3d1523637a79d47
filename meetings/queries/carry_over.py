"""结转: an unfinished resolution goes on in one of a later meeting, which names it.

Key concepts
- `continuable(minutes)`: what a resolution of these minutes may continue.
- `line_of(resolution)`: the whole line, the earliest first, from whichever end it is asked for.
"""

from django.db.models import Exists, OuterRef, QuerySet

from meetings.enums import UNFINISHED
from meetings.models import Minutes, Resolution


def continuable(minutes: Minutes, row: Resolution | None = None) -> QuerySet[Resolution]:
    """The unfinished resolutions of earlier meetings that no other one continues; `row` is the one that asks."""
    taken = Resolution.objects.filter(continues=OuterRef("pk"), amends=None)
    if row is not None and row.pk:
        taken = taken.exclude(pk=row.pk)
    rows = Resolution.objects.filter(
        ~Exists(taken),
        minutes__meeting__conference=minutes.meeting.conference_id,
        minutes__meeting__time__lt=minutes.meeting.time,
        state__in=UNFINISHED,
        amends=None,
    )
    return rows.select_related("minutes__meeting").order_by("minutes__meeting__time", "order", "pk")


def line_of(resolution: Resolution) -> list[int]:
    """The keys of the whole line, this one among them; one query however long it is."""
    conference = resolution.minutes.meeting.conference_id
    links = Resolution.objects.filter(continues__isnull=False, amends=None, minutes__meeting__conference=conference)
    before: dict[int, int] = dict(links.values_list("pk", "continues_id"))
    after = {earlier: later for later, earlier in before.items()}
    start = resolution.amends_id or resolution.pk
    line = [start]
    while line[0] in before:
        line.insert(0, before[line[0]])
    while line[-1] in after:
        line.append(after[line[-1]])
    return line
