"""Models of the joint conference, the regulations it follows, and the groups that `C 3` sets up.

- `JointConference`: 政府与工会联席会议 as an institution, with its two sides.
- `Regulation`: the document. `RegulationAdoption`: the period in which a conference follows it, with its rules as data.
- `TopicCategory`: the categories of topics that a regulation names, each mapped to a common facet.
- `LeadingGroup`, `GroupSeat`: groups whose seats are held by posts.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from meetings.enums import (
    Disclosure,
    Facet,
    FollowUpBy,
    Frequency,
    GroupKind,
    Level,
    MinutesApprovers,
    Numbering,
    Office,
    ReportsTo,
    SeatKind,
    SettledBy,
    SpecialAfter,
)
from meetings.models.base import Versioned


class JointConference(Versioned):
    """The joint conference (政府与工会联席会议) of one place.

    Its official name is checked against its regulation (`Y 3(3)`).
    """

    name = models.CharField(_("official name"), max_length=120, unique=True)
    short_name = models.CharField(pgettext_lazy("conference", "place"), max_length=30, unique=True)
    slug = models.SlugField(_("address"), max_length=50, unique=True)
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("superior conference")
    )
    government_side = models.CharField(_("government side"), max_length=60)
    union_side = models.CharField(_("union side"), max_length=60)
    government_section = models.CharField(
        _("responsible section of the government office"), max_length=60, blank=True, help_text=_("Y 3(2)")
    )
    union_section = models.CharField(_("responsible section of the union"), max_length=60, blank=True)
    reviews_required = models.PositiveSmallIntegerField(_("reviews before publishing"), default=3)
    writer_is_first_review = models.BooleanField(_("the writer counts as the first review"), default=False)
    lead_confirms_release = models.BooleanField(_("the lead department confirms a released stage"), default=False)

    class Meta:
        verbose_name = _("joint conference")
        verbose_name_plural = _("joint conferences")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviews_required__gte=1, reviews_required__lte=3), name="conference_reviews_1_to_3"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Regulation(Versioned, ClusterableModel):
    """A document that conferences follow: 通知, 意见 or 实施办法."""

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

    class Meta:
        verbose_name = _("regulation")
        verbose_name_plural = _("regulations")
        ordering = ["-issued_on", "pk"]

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）" if self.number else self.title


class TopicCategory(models.Model):
    """A category of topics that a regulation names, with its clause, common facet and default disclosure."""

    regulation = ParentalKey(
        Regulation, on_delete=models.CASCADE, related_name="categories", verbose_name=_("regulation")
    )
    clause = models.CharField(_("clause"), max_length=30)
    title = models.CharField(_("category"), max_length=60)
    facet = models.CharField(_("subject"), max_length=20, choices=Facet.choices)
    disclosure = models.CharField(
        _("usual disclosure"), max_length=20, choices=Disclosure.choices, default=Disclosure.PUBLIC
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("topic category")
        verbose_name_plural = _("topic categories")
        ordering = ["regulation", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["regulation", "title"], name="category_once_per_regulation")]

    def __str__(self) -> str:
        return self.title


class Rules(models.Model):
    """The rules that differ between regulations, as data: the rows of the table in the design."""

    judged = models.BooleanField(_("text at hand"), default=True, help_text=_("Without the text nothing is judged."))
    clause_set = models.CharField(
        _("clauses cited"), max_length=2, choices=[("Y", _("County notice")), ("C", _("Town measures"))], default="Y"
    )
    name_pattern = models.CharField(
        _("official name"), max_length=80, blank=True, help_text=_("{government} and {union} stand for the two sides.")
    )
    frequency = models.CharField(_("frequency"), max_length=20, choices=Frequency.choices)
    flagged_from_month = models.PositiveSmallIntegerField(
        _("a year without a meeting is flagged from month"), default=10
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
    publicity_days = models.PositiveSmallIntegerField(_("days until a meeting is reported"), default=20)

    class Meta:
        abstract = True


class RegulationAdoption(Versioned, Rules):
    """The period in which a conference follows a regulation, with rules that may be adjusted (可参照, `Y 3(3)`)."""

    conference = models.ForeignKey(
        JointConference, models.PROTECT, related_name="adoptions", verbose_name=_("joint conference")
    )
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="adoptions", verbose_name=_("regulation"))
    from_date = models.DateField(_("in force from"), null=True, blank=True)
    to_date = models.DateField(_("in force until"), null=True, blank=True, help_text=_("The last day."))

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


class LeadingGroup(Versioned, ClusterableModel):
    """A group of a conference: 领导小组, 协调小组, or the office of the latter (`C 3`)."""

    conference = models.ForeignKey(
        JointConference, models.PROTECT, related_name="groups", verbose_name=_("joint conference")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=GroupKind.choices)
    name = models.CharField(_("name"), max_length=80)
    located_at = models.CharField(_("located at"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("leading group")
        verbose_name_plural = _("leading groups")
        ordering = ["conference", "pk"]
        constraints = [models.UniqueConstraint(fields=["conference", "kind"], name="group_kind_once")]

    def __str__(self) -> str:
        return self.name


class GroupSeat(models.Model):
    """A seat of a group. It is held by a post, so a successor in the post takes it over (自然替补, `C 3`)."""

    group = ParentalKey(LeadingGroup, on_delete=models.CASCADE, related_name="seats", verbose_name=_("group"))
    post = models.ForeignKey("meetings.Post", models.PROTECT, related_name="seats", verbose_name=_("post"))
    kind = models.CharField(_("seat"), max_length=20, choices=SeatKind.choices, default=SeatKind.MEMBER)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("group seat")
        verbose_name_plural = _("group seats")
        ordering = ["group", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["group", "post"], name="seat_once_per_group")]

    def __str__(self) -> str:
        return f"{self.group} · {self.post}"
