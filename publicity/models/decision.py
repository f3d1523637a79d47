"""What is public now: read models that the operations on releases write in their transaction.

- `PublicDecision`: one row per decision that is public now. All that the public reads of decisions starts from
  `PublicDecision.objects.released()`.
- `PublicCount`: how many of them a conference has in a year and stage, for filters and the bar of the year.
- `NewsCount`: how many public articles a conference has in a year.

`publicity.operations.public_decisions` and `news_counts` write them; `manage.py public_check` compares them with the
releases and the pages.
"""

from typing import ClassVar

from django.db import models

from meetings.models import JointConference, Resolution
from publicity.enums import Stage
from publicity.models.content import PublicContent
from publicity.models.release import Release

# The order of every list: the newest meeting first, its decisions as in the minutes.
NEWEST_FIRST = ("-held_on", "-meeting_id", "order", "resolution_id")
_INDEXED_ORDER = ("-held_on", "-meeting", "order", "resolution")


class PublicDecisionQuerySet(models.QuerySet["PublicDecision"]):
    """Decisions that are public now."""

    def released(self) -> "PublicDecisionQuerySet":
        """Return the public decisions, newest meeting first. No record is read.

        A release is written only for a resolution that is disclosed proactively, of issued minutes, and whatever
        changes that writes a withdrawal, which deletes the row, in its transaction.
        """
        # With a join, SQLite would begin with the conferences and sort all decisions.
        rows = self.select_related("lead__successor__successor").prefetch_related("conference")
        return rows.order_by(*NEWEST_FIRST)


PublicDecisionManager = models.Manager.from_queryset(PublicDecisionQuerySet)


class PublicDecision(PublicContent):
    """A decision that is public now, with the content of the release that shows it; withdrawn ones have no row."""

    resolution = models.OneToOneField(Resolution, models.PROTECT, primary_key=True, related_name="public_decision")
    release = models.OneToOneField(Release, models.PROTECT, related_name="+")

    objects: ClassVar[PublicDecisionManager["PublicDecision"]] = PublicDecisionManager()

    class Meta:
        verbose_name = "public decision"
        verbose_name_plural = "public decisions"
        indexes = [
            models.Index(fields=_INDEXED_ORDER, name="decision_newest"),
            models.Index(fields=["conference", *_INDEXED_ORDER], name="decision_of_conference"),
            models.Index(fields=["year", *_INDEXED_ORDER], name="decision_of_year"),
            models.Index(fields=["stage", *_INDEXED_ORDER], name="decision_of_stage"),
        ]
        constraints = [models.UniqueConstraint(fields=["number"], name="public_number_shown_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class PublicCount(models.Model):
    """The number of public decisions of a conference, year and stage; there is no row for none."""

    conference = models.ForeignKey(JointConference, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=20, choices=Stage.choices)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = "count of public decisions"
        verbose_name_plural = "counts of public decisions"
        constraints = [models.UniqueConstraint(fields=["conference", "year", "stage"], name="public_count_once")]

    def __str__(self) -> str:
        return f"{self.conference} {self.year} {self.stage}: {self.number}"


class NewsCount(models.Model):
    """The number of public articles of a conference and year; there is no row for none."""

    conference = models.ForeignKey(JointConference, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = "count of news"
        verbose_name_plural = "counts of news"
        constraints = [models.UniqueConstraint(fields=["conference", "year"], name="news_count_once")]

    def __str__(self) -> str:
        return f"{self.conference} {self.year}: {self.number}"
