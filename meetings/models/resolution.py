"""Models of resolutions (议定事项) and their follow-up (`Y 2(6)`, `C 5(5)`, `Y 1(6)`)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase, TagBase

from meetings.enums import ApprovalStep, DeadlineKind, Disclosure, Facet, PartRole, ReportVerdict, ResolutionState
from meetings.models.base import Record
from meetings.models.conference import JointConference
from meetings.models.meeting import AgendaItem, Meeting
from meetings.models.minutes import Approval, Minutes
from meetings.models.people import Department, Person, Tenure
from meetings.models.regulation import RegulationAdoption


class RecordTag(TagBase):
    """A tag of records. Public pages have a separate tag model, so that internal tags are not suggested there."""

    free_tagging = True

    class Meta:
        verbose_name = _("record tag")
        verbose_name_plural = _("record tags")


class Resolution(ClusterableModel, Record):
    """A decision of a meeting: drafted in the minutes, adopted at their issue, followed up until it is verified.

    A content field has a row in `meetings.models.resolution_fields`. The form takes label and help text from here.
    """

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="resolutions", verbose_name=_("minutes"))
    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="resolutions", verbose_name=_("agenda item")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=120, help_text=_("One line that names the matter."))
    text = models.TextField(_("what was settled"), help_text=_("As it stands in the minutes."))
    facet = models.CharField(_("subject"), max_length=20, choices=Facet.choices, default=Facet.OTHER)
    tags = ClusterTaggableManager(
        through="meetings.TaggedResolution", blank=True, verbose_name=_("tags"), help_text=_("Separated by commas.")
    )
    amount = models.DecimalField(_("amount in yuan"), max_digits=14, decimal_places=2, null=True, blank=True)
    deadline_text = models.CharField(
        pgettext_lazy("resolution", "deadline as written"),
        max_length=60,
        blank=True,
        help_text=format_lazy("{} {}", _("For example:"), "2026年底前、会后1个月内、长期坚持、下次会议前"),
    )
    deadline_kind = models.CharField(
        _("kind of deadline"), max_length=20, choices=DeadlineKind.choices, default=DeadlineKind.NONE
    )
    deadline = models.DateField(
        _("deadline as a day"),
        null=True,
        blank=True,
        help_text=_("Empty: as the words say. From the day after it counts as overdue."),
    )
    disclosure = models.CharField(
        _("disclosure"), max_length=20, choices=Disclosure.choices, default=Disclosure.ON_REQUEST
    )
    disclosure_reason = models.CharField(
        _("reason of the disclosure"),
        max_length=200,
        blank=True,
        help_text=_("Required where it is not disclosed."),
    )
    approved_disclosure = models.CharField(
        _("disclosure as approved"), max_length=20, choices=Disclosure.choices, blank=True, editable=False
    )
    approved_disclosure_reason = models.CharField(max_length=200, blank=True, editable=False)
    loosened_by = models.ForeignKey(
        Tenure,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("loosened with the approval of"),
        editable=False,
    )
    state = models.CharField(
        _("state"), max_length=20, choices=ResolutionState.choices, default=ResolutionState.DRAFTED, editable=False
    )
    # 结转: the unfinished resolution of an earlier meeting that this one continues.
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("carries over"),
        help_text=_("The unfinished one ends with the issue of these minutes; both name each other."),
    )
    # Set on draft rows of a correction. At the issue the content is copied to the amended row, which keeps its key.
    amends = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="amendments", editable=False)
    suspended_reason = models.TextField(_("reason of the suspension"), blank=True, editable=False)
    verified_on = models.DateField(_("verified on"), null=True, blank=True, editable=False)
    public_number = models.CharField(_("public number"), max_length=20, unique=True, null=True, editable=False)

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["-minutes__meeting__time", "order", "pk"]
        indexes = [models.Index(fields=["state"], name="resolution_by_state")]  # few of many years are unfinished
        constraints = [
            models.CheckConstraint(
                condition=Q(deadline_kind=DeadlineKind.DATE, deadline__isnull=False)
                | (~Q(deadline_kind=DeadlineKind.DATE) & Q(deadline__isnull=True)),
                name="deadline_date_fits_its_kind",
            ),
            models.UniqueConstraint(
                fields=["continues"],
                condition=Q(continues__isnull=False, amends__isnull=True),
                name="continued_once",
            ),
            models.UniqueConstraint(
                fields=["minutes", "amends"], condition=Q(amends__isnull=False), name="amended_once_per_correction"
            ),
            models.CheckConstraint(
                condition=~Q(disclosure=Disclosure.CLOSED) | ~Q(disclosure_reason=""), name="closed_needs_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def conference(self) -> JointConference:
        """The conference of the meeting."""
        return self.minutes.conference

    @property
    def adoption(self) -> RegulationAdoption:
        """The rules that apply: those on the day of the meeting."""
        return self.minutes.adoption

    @property
    def sealed_disclosure(self) -> tuple[str, str]:
        """Disclosure and reason as approved with the minutes, regardless of later changes."""
        if self.approved_disclosure:
            return self.approved_disclosure, self.approved_disclosure_reason
        return self.disclosure, self.disclosure_reason

    def pending_completion(self) -> "ProgressReport | None":
        """Return the lead department's completion report that waits for verification, if any."""
        return self._lead_reports().filter(claims_done=True, verdict=ReportVerdict.PENDING).first()

    def suspension_basis(self) -> "ProgressReport | None":
        """Return the lead department's report to which approvals of a suspension are attached.

        This is the report that already has such approvals, otherwise the latest one; None without a report.
        """
        approvals = Approval.objects.filter(report=OuterRef("pk"), step=ApprovalStep.SUSPEND, voided_at=None)
        return self._lead_reports().annotate(signed=Exists(approvals)).order_by("-signed", "-on", "-pk").first()

    def signed_through(self, step: str) -> "ProgressReport | None":
        """Return the report to which approvals of a step are attached: `suspension_basis` or `pending_completion`."""
        return self.suspension_basis() if step == ApprovalStep.SUSPEND else self.pending_completion()

    def _lead_reports(self) -> "models.QuerySet[ProgressReport]":
        rows = ProgressReport.objects.filter(part__resolution=self, part__role=PartRole.LEAD)
        return rows.select_related("part").order_by("-on", "-pk")


class TaggedResolution(ItemBase):
    """The through model between tags and resolutions."""

    tag = models.ForeignKey(RecordTag, models.CASCADE, related_name="tagged_resolutions")
    content_object = ParentalKey(Resolution, on_delete=models.CASCADE, related_name="tagged_items")


class ResolutionPart(models.Model):
    """The part of a department in a resolution; exactly one department leads."""

    resolution = ParentalKey(Resolution, on_delete=models.CASCADE, related_name="parts", verbose_name=_("resolution"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="parts", verbose_name=_("department"))
    role = models.CharField(_("part"), max_length=10, choices=PartRole.choices, default=PartRole.CO)
    name = models.CharField(_("name as on the day"), max_length=80, blank=True, editable=False)
    task = models.TextField(_("task"), blank=True)
    done_on = models.DateField(_("reported done on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("department's part")
        verbose_name_plural = _("departments' parts")
        ordering = ["resolution", "-role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["resolution", "department"], name="department_has_one_part"),
            models.UniqueConstraint(fields=["resolution"], condition=Q(role=PartRole.LEAD), name="one_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.department}（{self.get_role_display()}）"


class ProgressReport(models.Model):
    """A dated, written report (落实情况) of a department on its part."""

    part = models.ForeignKey(ResolutionPart, models.PROTECT, related_name="reports", verbose_name=_("part"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="reports", verbose_name=_("reported by"))
    on = models.DateField(_("date"))
    text = models.TextField(_("progress"))
    claims_done = models.BooleanField(_("reports the resolution done"), default=False)
    verdict = models.CharField(
        _("verification"), max_length=20, choices=ReportVerdict.choices, default=ReportVerdict.PENDING
    )
    verdict_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.part.department} {date_format(self.on)}"

    @property
    def conference(self) -> JointConference:
        """The conference of the resolution."""
        resolution: Resolution = self.part.resolution
        return resolution.conference

    @property
    def adoption(self) -> RegulationAdoption:
        """The rules that apply: those on the day of the meeting."""
        resolution: Resolution = self.part.resolution
        return resolution.adoption


class Delivery(models.Model):
    """The delivery of a report to a leader (及时向负责人汇报, `Y 2(6)`, `C 5(5)`)."""

    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="deliveries")
    tenure = models.ForeignKey(Tenure, models.PROTECT, related_name="deliveries", verbose_name=_("delivered to"))
    on = models.DateField(_("delivered on"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["on", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "tenure"], name="delivered_once")]

    def __str__(self) -> str:
        return f"{self.report} → {self.tenure}"


class Explanation(models.Model):
    """The explanation and opinion (未落实的说明和意见) on an unfinished resolution for a later meeting.

    Required by `Y 1(6)` and `C 4三`.
    """

    resolution = models.ForeignKey(
        Resolution, models.PROTECT, related_name="explanations", verbose_name=_("resolution")
    )
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="explanations", verbose_name=_("meeting"))
    text = models.TextField(_("explanation"), help_text=_("Why it is not finished."))
    opinion = models.TextField(_("opinion"), help_text=_("What is proposed to do about it."))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    on = models.DateField(_("date"))

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        ordering = ["meeting", "pk"]
        constraints = [models.UniqueConstraint(fields=["resolution", "meeting"], name="explained_once")]

    def __str__(self) -> str:
        return f"{self.resolution} · {self.meeting}"

    @property
    def conference(self) -> JointConference:
        """The conference of the meeting."""
        return self.meeting.conference
