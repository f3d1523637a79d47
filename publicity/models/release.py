"""What the public may know of a resolution: an append-only history.

- `Release`: a release shows a resolution as it is in the row, a withdrawal hides it; the latest row decides. What is
  public now is in `publicity.models.decision`.
- `StageProposal`: a stage that waits for a reviewer, or for the confirmation of the lead department.
- `PublicNumbers`: the last public number of a year, allocated under a lock.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from meetings.models import Person, Resolution
from meetings.models.base import AppendOnlyQuerySet, History
from publicity.enums import ProposalState, ReleaseKind, Stage
from publicity.models.content import PublicContent


class ReleaseQuerySet(AppendOnlyQuerySet):
    """Releases and withdrawals."""

    def latest_of(self, resolution: Resolution) -> "Release | None":
        """Return the row that decides about a resolution; None before the first release."""
        row: Release | None = self.filter(resolution=resolution).order_by("-pk").first()
        return row


ReleaseManager = models.Manager.from_queryset(ReleaseQuerySet)


class Release(PublicContent, History):
    """A release or withdrawal of a resolution. A withdrawal repeats meeting and number, and no text.

    `reason` (of a withdrawal) is for the office, `explanation` (of a release) for the public.
    """

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="releases", verbose_name=_("resolution"))
    kind = models.CharField(_("kind"), max_length=20, choices=ReleaseKind.choices)
    reason = models.TextField(_("reason of the withdrawal"), blank=True)
    reviewed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("explanation reviewed by")
    )
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by the lead department")
    )
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))

    objects: ClassVar[ReleaseManager["Release"]] = ReleaseManager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["resolution", "-id"], name="release_latest"),
            models.Index(fields=["conference", "year", "kind"], name="release_of_conference"),
            models.Index(fields=["number"], name="release_of_number"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ReleaseKind.WITHDRAWAL, wording="", stage="") & ~Q(reason="")
                | Q(kind=ReleaseKind.RELEASE, lead__isnull=False, reason="")
                & ~Q(title="")
                & ~Q(wording="")
                & ~Q(number="")
                & ~Q(meeting_title="")
                & Q(stage__in=Stage.values),
                name="release_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.title}"


class StageProposal(models.Model):
    """A stage that the office wants to release, while somebody reads it first.

    A reviewer does if the explanation needs that (`publicity.rules.review_reasons`), then the lead department if the
    conference asks that. What they read does not change: a new text is a new proposal. `title` is that of the
    resolution as released.
    """

    resolution = models.ForeignKey(
        Resolution, models.PROTECT, related_name="stage_proposals", verbose_name=_("resolution")
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices)
    explanation = models.TextField(_("explanation"), blank=True)
    state = models.CharField(_("state"), max_length=20, choices=ProposalState.choices, default=ProposalState.WAITING)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    at = models.DateTimeField(_("proposed at"))
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by"))
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    opinion = models.TextField(_("opinion"), blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("proposed stage")
        verbose_name_plural = _("proposed stages")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resolution"], condition=Q(state__in=ProposalState.pending()), name="one_proposal_waits"
            ),
            models.CheckConstraint(condition=~Q(reviewed_by=F("by")), name="nobody_reviews_the_own_proposal"),
        ]

    def __str__(self) -> str:
        return f"{self.resolution} · {self.get_stage_display()}"


class PublicNumbers(models.Model):
    """The last public number of a year, over the whole installation."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("public numbers of a year")
        verbose_name_plural = _("public numbers of the years")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
