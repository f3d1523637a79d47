"""What the public reads of a resolution, as columns of one row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.components import LedgerLine
from meetings.enums import Facet
from meetings.models import Department, JointConference, Meeting, Resolution
from meetings.queries.parts import with_current_name
from meetings.rules.deadline import deadline_display
from publicity.enums import Stage


class PublicContent(models.Model):
    """Base of `Release` and `PublicDecision`: everything that lists, pages and feeds show is in the row itself.

    - `meeting`, `chain_start` identify records and are compared, never joined, by public pages.
    - `meeting_title` is the title that the reviewers of the outcome page approved.
    - `chain_start` is the first resolution of the carry-over chain (结转): it is the same for all of the chain.
    """

    conference = models.ForeignKey(
        JointConference, models.PROTECT, related_name="%(class)ss", verbose_name=_("joint conference")
    )
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="%(class)ss", verbose_name=_("meeting"))
    meeting_title = models.CharField(_("title of the meeting"), max_length=120, blank=True)
    held_on = models.DateField(_("day of the meeting"))
    year = models.PositiveSmallIntegerField(_("year of the meeting"))
    number = models.CharField(_("public number"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    chain_start = models.ForeignKey(Resolution, models.PROTECT, related_name="+", verbose_name=_("carried over from"))
    title = models.CharField(_("title"), max_length=120, blank=True)
    wording = models.TextField(_("wording"), blank=True)
    facet = models.CharField(_("subject"), max_length=20, choices=Facet.choices, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    lead = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="%(class)ss_led", verbose_name=_("lead department")
    )
    lead_name = models.CharField(_("lead department as released"), max_length=80, blank=True)
    co_names = models.CharField(_("co-operating departments as released"), max_length=500, blank=True)
    deadline_text = models.CharField(_("deadline as written"), max_length=60, blank=True)
    deadline = models.DateField(_("deadline"), null=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """Return the public URL of the resolution."""
        return f"/resolutions/{self.number}/"

    def ledger_line(self) -> LedgerLine:
        """Return the ledger line of this public resolution."""
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
