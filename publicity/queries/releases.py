"""What the public may know of resolutions: one query, behind every public door.

Key concepts
- `released()`: the release that shows each public resolution now. Nothing public reads `Resolution` but through it.
- `latest(resolution)`: the row that decides, a release or a withdrawal.
- `timeline(release)`: the released rows since the last withdrawal, oldest first.
- `line_of_releases(release)`: what it continues and what continues it, as far as that is public.
- `counts(rows, …)`: how many, by conference, year and stage, all from one grouped query.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from meetings.enums import Disclosure, MinutesState
from meetings.models import JointConference, Resolution
from meetings.queries.carry_over import carry_over_chain
from publicity.enums import ReleaseKind
from publicity.models import Release


def released() -> QuerySet[Release]:
    """The deciding release of each resolution that is public now, newest meeting first.

    The latest row decides. It must be a release, the resolution itself disclosed proactively, its minutes issued.
    """
    later = Release.objects.filter(resolution=OuterRef("resolution"), pk__gt=OuterRef("pk"))
    rows: QuerySet[Release] = Release.objects.filter(
        ~Exists(later),
        kind=ReleaseKind.RELEASE,
        resolution__disclosure=Disclosure.PUBLIC,
        resolution__minutes__state=MinutesState.ISSUED,
    )
    return rows.select_related("resolution", "conference", "lead__successor__successor").order_by(
        "-resolution__minutes__meeting__held_on", "resolution__order", "resolution_id"
    )


def latest(resolution: Resolution) -> Release | None:
    """The row that decides about a resolution, or None before the first release."""
    row: Release | None = Release.objects.filter(resolution=resolution).order_by("-pk").first()
    return row


def timeline(release: Release) -> QuerySet[Release]:
    """The released rows of a public resolution since its last withdrawal, oldest first.

    What was withdrawn stays withdrawn: rows before a withdrawal are not shown again by a later release.
    """
    rows: QuerySet[Release] = Release.objects.filter(resolution=release.resolution_id)
    withdrawn = rows.filter(kind=ReleaseKind.WITHDRAWAL).order_by("-pk").values_list("pk", flat=True).first()
    return rows.filter(pk__gt=withdrawn or 0, kind=ReleaseKind.RELEASE).order_by("pk")


def line_of_releases(release: Release) -> list[Release]:
    """The line of a public resolution from meeting to meeting (结转), as far as it is public, the earliest first.

    What is not public is left out without a gap; nothing where nothing else of it is public. Two queries.
    """
    line = carry_over_chain(release.resolution)
    rows = released().filter(resolution__in=line).select_related("resolution__minutes__meeting")
    found = {row.resolution_id: row for row in rows} if len(line) > 1 else {}
    return [found[pk] for pk in line if pk in found] if len(found) > 1 else []


@dataclass(frozen=True)
class Choice:
    """What a reader chose in the list of outcomes; None and "" leave it open."""

    conference: JointConference | None = None
    year: int | None = None
    stage: str = ""

    def rows(self) -> QuerySet[Release]:
        """The public rows that fit the choice."""
        rows = released()
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


def counts(choice: Choice) -> Counts:
    """Count the public resolutions by conference, year and stage; each ignores its own part of the choice."""
    groups = released().order_by().values_list("conference", "year", "stage").annotate(Count("pk"))
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
