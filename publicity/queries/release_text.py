"""Whether the public still reads what the minutes in force say.

Key concepts
- `older_than_record(resolution)`: the day of the correction since which the public wording is older, or None.
- `outdated(conferences)`: the public resolutions that need a new wording, with that day.
"""

from collections.abc import Iterable
from datetime import datetime

from meetings.models import JointConference, Resolution
from meetings.queries.issued_copy import reworded_at
from publicity.enums import ReleaseKind
from publicity.models import Release


def _worded_at(rows: Iterable[Release]) -> datetime | None:
    """When the last of these rows, oldest first, got its words; None if it is a withdrawal or there is none.

    A release of a stage repeats the words and never the stage; a release that repeats both is one of the wording.
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
    """When a correction changed what the public reads, if it still reads what was there before."""
    if resolution.minutes.corrects_id is None:
        return None
    return _changed_since(resolution, Release.objects.filter(resolution=resolution).order_by("pk"))


def outdated(conferences: Iterable[JointConference]) -> list[tuple[Release, datetime]]:
    """The public resolutions of these conferences whose words are older than the record, with the day of the change."""
    shown = Release.objects.released().filter(conference__in=conferences, resolution__minutes__corrects__isnull=False)
    rows = list(shown.select_related("resolution__minutes"))
    history: dict[int, list[Release]] = {row.resolution_id: [] for row in rows}
    for row in Release.objects.filter(resolution__in=history).order_by("pk"):
        history[row.resolution_id].append(row)
    found = ((row, _changed_since(row.resolution, history[row.resolution_id])) for row in rows)
    return [(row, changed) for row, changed in found if changed is not None]
