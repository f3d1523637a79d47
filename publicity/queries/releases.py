"""Queries on what the public may know of resolutions.

All start from `Release.objects.released()`, the release that shows each public resolution now.

- `timeline(release)`: the releases since the last withdrawal, oldest first.
- `carry_over_line(release)`: what it continues and what continues it, as far as that is public.
- `ReleaseFilter`: what a reader chose in the list of outcomes.
- `counts(choice)`: how many, by conference, year and stage, from one grouped query.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from meetings.models import JointConference
from publicity.enums import ReleaseKind
from publicity.models import Release


def timeline(release: Release) -> QuerySet[Release]:
    """Return the releases of a public resolution since its last withdrawal, oldest first.

    What was withdrawn stays withdrawn: a later release does not show the rows before the withdrawal again.
    """
    rows: QuerySet[Release] = Release.objects.filter(resolution=release.resolution_id)
    withdrawn = rows.filter(kind=ReleaseKind.WITHDRAWAL).order_by("-pk").values_list("pk", flat=True).first()
    return rows.filter(pk__gt=withdrawn or 0, kind=ReleaseKind.RELEASE).order_by("pk")


def carry_over_line(release: Release) -> list[Release]:
    """Return a public resolution with those it continues and that continue it (结转), the earliest first.

    What is not public is left out without a trace. The list is empty if nothing else of it is public. One query.
    """
    rows = Release.objects.released().filter(chain_start=release.chain_start_id)
    # A resolution continues one of an earlier meeting.
    line = list(rows.order_by("held_on", "meeting_id", "order", "resolution_id"))
    return line if len(line) > 1 else []


@dataclass(frozen=True)
class ReleaseFilter:
    """What a reader chose in the list of outcomes; None and "" mean any."""

    conference: JointConference | None = None
    year: int | None = None
    stage: str = ""

    def rows(self) -> QuerySet[Release]:
        """Return the public releases that match."""
        rows = Release.objects.released()
        if self.conference is not None:
            rows = rows.filter(conference=self.conference)
        if self.year is not None:
            rows = rows.filter(year=self.year)
        if self.stage:
            rows = rows.filter(stage=self.stage)
        return rows


@dataclass(frozen=True)
class Counts:
    """How many public resolutions each further choice would leave."""

    conferences: Counter[int]
    years: Counter[int]
    stages: Counter[str]


def counts(choice: ReleaseFilter) -> Counts:
    """Count the public resolutions by conference, year and stage; each count ignores its own part of the choice."""
    groups = Release.objects.released().order_by().values_list("conference", "year", "stage").annotate(Count("pk"))
    result = Counts(Counter(), Counter(), Counter())
    chosen = choice.conference.pk if choice.conference else None
    for conference, year, stage, number in groups:
        fits = (chosen in {None, conference}, choice.year in {None, year}, choice.stage in {"", stage})
        if fits[1] and fits[2]:
            result.conferences[conference] += number
        if fits[0] and fits[2]:
            result.years[year] += number
        if fits[0] and fits[1]:
            result.stages[stage] += number
    return result
