"""Whether the public still reads what the minutes in force say.

- `older_than_record(resolution)`: when a correction made the public wording outdated, or None.
- `outdated(conferences)`: the public resolutions that need a new wording, with that time.
- `outdated_sources(conferences)`: the public outcome pages that name minutes which were corrected since.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery

from meetings.enums import Disclosure, MinutesState
from meetings.models import JointConference, Minutes, Resolution
from meetings.queries.issued_copy import reworded_at
from publicity.enums import ReleaseKind
from publicity.models import OutcomePage, PublicDecision, Release


def _worded_at(rows: Iterable[Release]) -> datetime | None:
    """Return when the last of these rows, oldest first, got its wording; None for a withdrawal or no row.

    A release of a stage repeats the wording and never the stage. A release that repeats both is one of the wording.
    """
    at, before = None, None
    for row in rows:
        same_words = before is not None and (row.title, row.wording) == (before.title, before.wording)
        same_stage = before is not None and (row.stage, row.explanation) == (before.stage, before.explanation)
        if not same_words or same_stage:
            at = row.at
        before = row
    return at if before is not None and before.kind == ReleaseKind.RELEASE else None


def _changed_since(resolution: Resolution, rows: Iterable[Release]) -> datetime | None:
    changed, worded = reworded_at(resolution), _worded_at(rows)
    return changed if changed is not None and worded is not None and worded < changed else None


def older_than_record(resolution: Resolution) -> datetime | None:
    """Return when a correction changed the record, if the public still reads the wording of before; else None."""
    if resolution.minutes.corrects_id is None:
        return None
    return _changed_since(resolution, Release.objects.filter(resolution=resolution).order_by("pk"))


def outdated(conferences: Iterable[JointConference]) -> list[tuple[PublicDecision, datetime]]:
    """Return the public resolutions of these conferences with an outdated wording, and when the record changed."""
    shown = PublicDecision.objects.released().filter(
        conference__in=conferences, resolution__minutes__corrects__isnull=False
    )
    rows = list(shown.select_related("resolution__minutes"))
    history: dict[int, list[Release]] = {row.resolution_id: [] for row in rows}
    for row in Release.objects.filter(resolution__in=history).order_by("pk"):
        history[row.resolution_id].append(row)
    found = ((row, _changed_since(row.resolution, history[row.resolution_id])) for row in rows)
    return [(row, changed) for row, changed in found if changed is not None]


def outdated_sources(conferences: Iterable[JointConference] | None = None) -> QuerySet[OutcomePage]:
    """Return the public outcome pages whose source is not the minutes in force, although these may be named."""
    issued = Minutes.objects.filter(meeting=OuterRef("meeting"), state=MinutesState.ISSUED).order_by("-pk")
    shown = OutcomePage.objects.public()
    if conferences is not None:
        shown = shown.filter(meeting__conference__in=conferences)
    pages: QuerySet[OutcomePage] = (
        shown.exclude(source_number="")
        .annotate(number=Subquery(issued.values("number")[:1]), disclosed=Subquery(issued.values("disclosure")[:1]))
        .filter(disclosed=Disclosure.PUBLIC)
        .exclude(source_number=F("number"))
    )
    return pages
