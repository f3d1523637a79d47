"""Models of regulations: the document, its content as rows, and the periods in which conferences follow it.

- `Regulation`: the document, with the rules that an adoption starts with.
- `RegulationClause`: a clause with its number as printed, its text, and the points that it governs.
- `TopicCategory`: a category of topics that the regulation names, mapped to a common facet.
- `StandardAgendaItem`: an item of the agenda in the order of the regulation.
- `RegulationAdoption`: the period in which a conference follows a regulation, with its rules and citations as data.

A regulation that a conference follows is not changed. Instead, a dated copy (`copy_of`) is changed, and the conference
follows it from its day by a new adoption. So earlier meetings keep their clauses.
"""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from meetings.clauses import NO_CITATION, Citation
from meetings.enums import (
    AgendaKind,
    Disclosure,
    Facet,
    FollowUpBy,
    Frequency,
    MinutesApprovers,
    Numbering,
    Office,
    ReportsTo,
    SettledBy,
    Side,
    SpecialAfter,
)
from meetings.models.base import Versioned
from meetings.models.conference import JointConference


class Rules(models.Model):
    """The rules that differ between regulations, as data; one field per row of the table in the design."""

    judged = models.BooleanField(_("text at hand"), default=True, help_text=_("Without the text nothing is judged."))
    name_pattern = models.CharField(
        _("official name"), max_length=80, blank=True, help_text=_("{government} and {union} stand for the two sides.")
    )
    frequency = models.CharField(_("frequency"), max_length=20, choices=Frequency.choices)
    flagged_from_month = models.PositiveSmallIntegerField(
        _("a year without a meeting is flagged from month"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    settled_by = models.CharField(_("meeting settled by"), max_length=20, choices=SettledBy.choices)
    special_after = models.CharField(
        _("before a special meeting"), max_length=20, choices=SpecialAfter.choices, default=SpecialAfter.BOTH_SIDES
    )
    topic_conferral = models.BooleanField(_("topics are conferred by both sides"), default=True)
    topic_approval = models.BooleanField(_("topics are approved by the leader in charge of union work"), default=True)
    joint_research = models.BooleanField(_("joint research led by the union"), default=True)
    consensus_report = models.BooleanField(_("a proposal report before the meeting"), default=True)
    chair = models.CharField(_("chair"), max_length=60)
    attends = models.JSONField(_("who attends"), default=list)
    notice_by = models.CharField(_("notice issued by"), max_length=20, choices=Office.choices)
    minutes_approved_by = models.CharField(_("minutes approved by"), max_length=20, choices=MinutesApprovers.choices)
    minutes_issued_by = models.CharField(_("minutes issued by"), max_length=20, choices=Office.choices)
    minutes_numbering = models.CharField(_("number of the minutes"), max_length=20, choices=Numbering.choices)
    follow_up_by = models.CharField(_("followed up and verified by"), max_length=20, choices=FollowUpBy.choices)
    reports_to = models.CharField(_("reports go to"), max_length=20, choices=ReportsTo.choices)
    publicity_required = models.BooleanField(_("publicity is required"), default=True)
    publicity_days = models.PositiveSmallIntegerField(
        _("days until a meeting is reported"), default=20, validators=[MaxValueValidator(366)]
    )

    class Meta:
        abstract = True


RULE_FIELDS = tuple(field.name for field in Rules._meta.local_fields)


class Regulation(Versioned, Rules, ClusterableModel):
    """A document that conferences follow: 通知, 意见 or 实施办法.

    An adoption starts with its rules.
    """

    title = models.CharField(_("title"), max_length=160)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issuer = models.CharField(_("issued by"), max_length=60)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    bases = models.TextField(_("bases"), blank=True, help_text=_("One document a line."))
    repeals = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repealed_by", verbose_name=_("repeals")
    )
    text = models.TextField(_("text"), blank=True)
    copies = models.CharField(_("copies to"), max_length=200, blank=True)
    disclosure = models.CharField(_("disclosure"), max_length=20, choices=Disclosure.choices, default=Disclosure.PUBLIC)
    copy_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="dated_copies", verbose_name=_("copy of")
    )
    applies_from = models.DateField(
        _("applies from"), null=True, blank=True, help_text=_("Of a copy: the day from which its changes apply.")
    )

    class Meta:
        verbose_name = _("regulation")
        verbose_name_plural = _("regulations")
        ordering = ["-issued_on", "pk"]

    def __str__(self) -> str:
        name = f"{self.title}（{self.number}）" if self.number else self.title
        return f"{name}（{date_format(self.applies_from)}修订）" if self.applies_from else name


class TopicCategory(models.Model):
    """A category of topics that a regulation names, with its clause, common facet and default disclosure."""

    regulation = ParentalKey(
        Regulation, on_delete=models.CASCADE, related_name="categories", verbose_name=_("regulation")
    )
    clause = models.CharField(_("clause"), max_length=30, blank=True)
    title = models.CharField(_("category"), max_length=60)
    facet = models.CharField(_("subject"), max_length=20, choices=Facet.choices)
    disclosure = models.CharField(
        _("usual disclosure"), max_length=20, choices=Disclosure.choices, default=Disclosure.PUBLIC
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0, editable=False)
    sort_order_field = "order"  # as Wagtail's Orderable: rows are moved up and down in the form

    class Meta:
        verbose_name = _("topic category")
        verbose_name_plural = _("topic categories")
        ordering = ["regulation", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["regulation", "title"], name="category_once_per_regulation")]

    def __str__(self) -> str:
        return self.title

    @property
    def citation(self) -> Citation:
        """The clause that names the category; empty if there is none."""
        return Citation(self.clause, self.regulation_id) if self.clause else NO_CITATION


class RegulationClause(models.Model):
    """A clause of a regulation: its number as printed, its text, and the points (`meetings.clauses`) that it governs.

    A clause without points is shown in 制度对照 as text.
    """

    regulation = ParentalKey(Regulation, on_delete=models.CASCADE, related_name="clauses", verbose_name=_("regulation"))
    number = models.CharField(_("number of the clause"), max_length=30)
    words = models.TextField(_("words"))
    points = models.JSONField(_("governs"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0, editable=False)
    sort_order_field = "order"  # as Wagtail's Orderable: rows are moved up and down in the form

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["regulation", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["regulation", "number"], name="clause_once_per_regulation")]

    def __str__(self) -> str:
        return self.number

    @property
    def anchor(self) -> str:
        """The id of the clause on the page of its regulation."""
        return Citation(self.number, self.regulation_id).anchor

    @property
    def lines(self) -> list[str]:
        """The words by line. An article begins with its number, which pages show beside it, so it is left out."""
        words = self.words.removeprefix(self.number) if self.number.startswith("第") else self.words
        return words.strip().splitlines()


class StandardAgendaItem(models.Model):
    """An item of the agenda in the order of the regulation (`Y 1`, `C 5(4)`). Clerks rearrange and rename."""

    regulation = ParentalKey(Regulation, on_delete=models.CASCADE, related_name="agenda", verbose_name=_("regulation"))
    kind = models.CharField(_("kind"), max_length=20, choices=AgendaKind.choices)
    side = models.CharField(_("side"), max_length=20, choices=Side.choices, blank=True)
    title = models.CharField(_("title"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0, editable=False)
    sort_order_field = "order"  # as Wagtail's Orderable: rows are moved up and down in the form

    class Meta:
        verbose_name = _("item of the agenda")
        verbose_name_plural = _("order of the agenda")
        ordering = ["regulation", "order", "pk"]

    def __str__(self) -> str:
        return self.title


class RegulationAdoption(Versioned, Rules):
    """The period in which a conference follows a regulation, with rules that may be adjusted (可参照, `Y 3(3)`)."""

    conference = models.ForeignKey(
        JointConference, models.PROTECT, related_name="adoptions", verbose_name=_("joint conference")
    )
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="adoptions", verbose_name=_("regulation"))
    from_date = models.DateField(_("in force from"), null=True, blank=True)
    to_date = models.DateField(_("in force until"), null=True, blank=True, help_text=_("The last day."))
    # The clause of each point, as printed in the regulation. It is copied from the clauses when the adoption is saved,
    # so that a page with many records needs no query for each citation.
    citations = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("regulation in force")
        verbose_name_plural = _("regulations in force")
        ordering = ["conference", "-from_date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(from_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="adoption_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.conference.short_name} · {self.regulation}"

    def cite(self, point: str) -> Citation:
        """Return the clause that governs `point`; empty if there is none, or if the text is not available."""
        number: Any = self.citations.get(point, "") if self.judged and point else ""
        return Citation(number, self.regulation_id) if number else NO_CITATION
