"""Queries on what the public may know of resolutions.

All start from `PublicDecision.objects.released()`, the decisions that are public now, or from their counts.

- `timeline(decision)`: the releases since the last withdrawal, oldest first.
- `unreviewed_explanations(resolution)`: those in the timeline that no reviewer has read.
- `carry_over_line(decision)`: what it continues and what continues it, as far as that is public.
- `ReleaseFilter`: what a reader chose in the list of outcomes.
- `counts(choice)`: how many, by conference, year and stage.
- `count_by(…)`: how many, by one of the three.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import QuerySet, Sum

from meetings.models import JointConference, Resolution
from publicity.enums import ReleaseKind
from publicity.models import PublicCount, PublicDecision, Release


def timeline(decision: PublicDecision) -> QuerySet[Release]:
    """Return the releases of a public resolution since its last withdrawal, oldest first.

    What was withdrawn stays withdrawn: a later release does not show the rows before the withdrawal again.
    """
    return _since_withdrawal(decision.resolution_id)


def _since_withdrawal(resolution: int) -> QuerySet[Release]:
    rows: QuerySet[Release] = Release.objects.filter(resolution=resolution)
    withdrawn = rows.filter(kind=ReleaseKind.WITHDRAWAL).order_by("-pk").values_list("pk", flat=True).first()
    return rows.filter(pk__gt=withdrawn or 0, kind=ReleaseKind.RELEASE).order_by("pk")


def unreviewed_explanations(resolution: Resolution) -> list[str]:
    """Return the explanations in the public timeline since the last one that a reviewer read, oldest first.

    A row that repeats stage and explanation of the row before is not shown again; it is as reviewed as that one.
    """
    last = Release.objects.latest_of(resolution)
    if last is None or last.kind != ReleaseKind.RELEASE:
        return []
    texts: list[str] = []
    before: tuple[str, str] | None = None
    for row in _since_withdrawal(resolution.pk):
        if row.reviewed_by_id is not None:
            texts = []
        elif row.explanation and (row.stage, row.explanation) != before:
            texts.append(row.explanation)
        before = (row.stage, row.explanation)
    return texts


def carry_over_line(decision: PublicDecision) -> list[PublicDecision]:
    """Return a public resolution with those it continues and that continue it (结转), the earliest first.

    What is not public is left out without a trace. The list is empty if nothing else of it is public. Two queries.
    """
    rows = PublicDecision.objects.released().filter(chain_start=decision.chain_start_id)
    # A resolution continues one of an earlier meeting.
    line = list(rows.order_by("held_on", "meeting_id", "order", "resolution_id"))
    return line if len(line) > 1 else []


def count_by(name: Literal["conference", "year", "stage"], **chosen: Any) -> dict[Any, int]:
    """Return the numbers of public decisions by one column, of the rows with these values."""
    rows = PublicCount.objects.filter(**chosen).order_by().values_list(name)
    return dict(rows.annotate(Sum("number")))


@dataclass(frozen=True)
class ReleaseFilter:
    """What a reader chose in the list of outcomes; None and "" mean any."""

    conference: JointConference | None = None
    year: int | None = None
    stage: str = ""

    @property
    def chosen(self) -> dict[str, Any]:
        """The chosen values by the name of their column."""
        values = {"conference": self.conference, "year": self.year, "stage": self.stage}
        return {name: value for name, value in values.items() if value not in (None, "")}

    def rows(self) -> QuerySet[PublicDecision]:
        """Return the public decisions that match."""
        return PublicDecision.objects.released().filter(**self.chosen)

    def total(self) -> int:
        """Return how many match."""
        return int(PublicCount.objects.filter(**self.chosen).aggregate(total=Sum("number", default=0))["total"])


@dataclass(frozen=True)
class Counts:
    """How many public resolutions each further choice would leave."""

    conferences: dict[int, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)


def counts(choice: ReleaseFilter) -> Counts:
    """Count the public resolutions by conference, year and stage; each count ignores its own part of the choice."""

    def others(name: str) -> dict[str, Any]:
        return {key: value for key, value in choice.chosen.items() if key != name}

    return Counts(
        conferences=count_by("conference", **others("conference")),
        years=count_by("year", **others("year")),
        stages=count_by("stage", **others("stage")),
    )
