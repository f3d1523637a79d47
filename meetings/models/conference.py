"""Models of the joint conference and of the groups that `C 3` sets up.

- `JointConference`: 政府与工会联席会议 as an institution, with its two sides.
- `LeadingGroup`, `GroupSeat`: groups whose seats are held by posts.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from meetings.enums import GroupKind, Level, SeatKind
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
    government_section = models.CharField(_("responsible section of the government office"), max_length=60, blank=True)
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
