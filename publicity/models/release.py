"""What the public may know of a resolution: an append-only history.

- `Release`: a release shows a resolution as it is in the row, a withdrawal hides it; the latest row decides.
- `Release.objects.released()`: the deciding releases of what is public now.
- `StageProposal`: a stage that waits for a reviewer, or for the confirmation of the lead department.
- `PublicNumbers`: the last public number of a year, allocated under a lock.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from meetings.components import LedgerLine
from meetings.enums import Facet
from meetings.models import Department, JointConference, Meeting, Person, Resolution
from meetings.models.base import AppendOnlyQuerySet, History
from meetings.queries.parts import with_current_name
from meetings.rules.deadline import deadline_display
from publicity.enums import ProposalState, ReleaseKind, Stage


class ReleaseQuerySet(AppendOnlyQuerySet):
    """Releases and withdrawals."""

    def released(self) -> "models.QuerySet[Release]":
        """Return the deciding release of each resolution that is public now, newest meeting first.

        The latest row decides; no record is read. A release is written only for a resolution that is disclosed
        proactively, of issued minutes, and whatever changes that writes a withdrawal in its transaction.
        What the public reads starts from these rows and never from `Resolution`.
        """
        later = Release.objects.filter(resolution=OuterRef("resolution"), pk__gt=OuterRef("pk"))
        rows = self.filter(~Exists(later), kind=ReleaseKind.RELEASE)
        return rows.select_related("conference", "lead__successor__successor").order_by(
            "-held_on", "-meeting_id", "order", "resolution_id"
        )

    def latest_of(self, resolution: Resolution) -> "Release | None":
        """Return the row that decides about a resolution; None before the first release."""
        row: Release | None = self.filter(resolution=resolution).order_by("-pk").first()
        return row


ReleaseManager = models.Manager.from_queryset(ReleaseQuerySet)


class Release(History):
    """A release or withdrawal of a resolution. Everything that the public reads of it is in the row itself.

    - `reason` (of a withdrawal) is for the office, `explanation` (of a release) for the public.
    - `resolution`, `meeting`, `chain_start` identify records and are compared, never joined, by public pages.
    - `meeting_title` is the title that the reviewers of the outcome page approved.
    - `chain_start` is the first resolution of the carry-over chain (结转): it is the same for all of the chain.
    """

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="releases", verbose_name=_("resolution"))
    conference = models.ForeignKey(
        JointConference, models.PROTECT, related_name="releases", verbose_name=_("joint conference")
    )
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="releases", verbose_name=_("meeting"))
    meeting_title = models.CharField(_("title of the meeting"), max_length=120, blank=True)
    held_on = models.DateField(_("day of the meeting"))
    year = models.PositiveSmallIntegerField(_("year of the meeting"))
    number = models.CharField(_("public number"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    chain_start = models.ForeignKey(Resolution, models.PROTECT, related_name="+", verbose_name=_("carried over from"))
    kind = models.CharField(_("kind"), max_length=20, choices=ReleaseKind.choices)
    title = models.CharField(_("title"), max_length=120, blank=True)
    wording = models.TextField(_("wording"), blank=True)
    facet = models.CharField(_("subject"), max_length=20, choices=Facet.choices, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    lead = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="releases_led", verbose_name=_("lead department")
    )
    lead_name = models.CharField(_("lead department as released"), max_length=80, blank=True)
    co_names = models.CharField(_("co-operating departments as released"), max_length=500, blank=True)
    deadline_text = models.CharField(_("deadline as written"), max_length=60, blank=True)
    deadline = models.DateField(_("deadline"), null=True)
    reason = models.TextField(_("reason of the withdrawal"), blank=True)
    reviewed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("explanation reviewed by")
    )
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by the lead department")
    )
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

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

    def get_absolute_url(self) -> str:
        """Return the public URL of the resolution."""
        return f"/resolutions/{self.number}/"

    def ledger_line(self) -> LedgerLine:
        """Return the ledger line of this public resolution; all of it comes from the release."""
        return LedgerLine(
            what=self.title,
            url=self.get_absolute_url(),
            number=self.number,
            lead=with_current_name(self.lead_name, self.lead),
            co=self.co_names,
            when=deadline_display(self.deadline_text, self.deadline),
            stage=self.stage,
            word=self.get_stage_display(),
            wording=self.wording,
        )


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
