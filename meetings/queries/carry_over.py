"""Queries of carry-over (结转): a resolution of a later meeting continues an unfinished one of an earlier meeting.

- `continuable(minutes)`: the resolutions that a resolution of these minutes may continue.
- `carry_over_chain(resolution)`: all resolutions of the chain, earliest first.
"""

from django.db.models import Exists, OuterRef, QuerySet

from meetings.enums import UNFINISHED
from meetings.models import Minutes, Resolution


def continuable(minutes: Minutes, row: Resolution | None = None) -> QuerySet[Resolution]:
    """Return the unfinished resolutions of earlier meetings that no other resolution continues.

    `row` is the resolution that is being edited; what it already continues is included.
    """
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


def carry_over_chain(resolution: Resolution) -> list[int]:
    """Return the primary keys of the chain that contains the resolution, earliest first. One query.

    A draft row of a correction (`amends`) stands for the resolution that it amends.
    """
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
