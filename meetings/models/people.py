"""Models of people, departments, posts and tenures.

- `Person`: the user model; with or without a login; never deleted, only deactivated.
- `Department`, `Membership`: a unit, and its side in one conference.
- `Post`: an office or a duty; it carries the rights. `Tenure`: a person in a post from a day to a day.
"""

import re
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from meetings import clock
from meetings.enums import GroupKind, PostKind, Role, SeatKind, Side
from meetings.models.base import AppendOnlyError, Versioned
from meetings.models.conference import GroupSeat, JointConference


class Person(Versioned, ClusterableModel, AbstractUser):
    """A person and user. The login name is the inherited `username`; a person without a password cannot log in."""

    name = models.CharField(pgettext_lazy("person", "name"), max_length=40)
    last_name: Any = None  # a Chinese name is one field: Django's two are left out
    password_is_temporary = models.BooleanField(_("password was set by somebody else"), default=False, editable=False)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name or self.username

    def tenures_in_force(self, on: date | None = None) -> "list[Tenure]":
        """Return the tenures in force on `on` (today by default), with post, conference and department.

        The result is cached on the object for each day. Every request loads its own person object, so a tenure that
        begins or ends takes effect at the next request. An inactive person has no tenures in force.
        """
        day = on or clock.today()
        cache: dict[date, list[Tenure]] = self.__dict__.setdefault("_held", {})
        if day not in cache:
            cache[day] = (
                with_headed(
                    Tenure.objects.filter(
                        Q(to_date__isnull=True) | Q(to_date__gte=day), person_id=self.pk, from_date__lte=day
                    )
                    .select_related("post__conference", "post__department")
                    .order_by("order", "pk")
                )
                if self.is_active and self.pk
                else []
            )
        return cache[day]

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Raise `AppendOnlyError`: records and logs refer to the person."""
        raise AppendOnlyError("people are deactivated, never deleted")

    @property
    def first_name(self) -> str:  # type: ignore[override]  # a field in the base
        """The name; Wagtail's sidebar shows it."""
        return self.name

    def get_full_name(self) -> str:
        """Return `name`, which has the Chinese name order. Wagtail shows it in histories."""
        return self.name

    def get_short_name(self) -> str:
        """Return `name`; Chinese names are not shortened."""
        return self.name


AnyUser = Person | AnonymousUser  # whoever asks, with or without a login


# Numbers as they are written: digits, signs between them, an extension; several are separated by 、.
TELEPHONES = re.compile(r"(?:[0-9+()（） \-转、]|分机)*[0-9](?:[0-9+()（） \-转、]|分机)*")


def is_telephone(text: str) -> bool:
    """Return True for one or more telephone numbers and nothing else; the public reads them without a review."""
    return bool(TELEPHONES.fullmatch(text))


class Department(Versioned):
    """A department. It stays the same row when it is renamed, and former names still find it.

    When it is merged into another department, that is its `successor` and takes over its open items.
    """

    name = models.CharField(_("name"), max_length=80)
    former_names = models.CharField(_("former names"), max_length=200, blank=True, help_text=_("Separated by 、"))
    telephone = models.CharField(_("office telephone"), max_length=40, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("merged into")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["name"], name="department_name_once")]

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """Each telephone number as written, with the one to dial; empty if what is stored is no telephone number."""
        if not is_telephone(self.telephone):
            return []
        written = [part.strip() for part in self.telephone.split("、") if part.strip()]
        return [(part, re.sub(r"[^0-9+]", "", re.split("转|分机", part)[0])) for part in written]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def inherited_ids(self) -> frozenset[int]:
        """The ids of this department and of all departments merged into it, directly or indirectly.

        The department acts for all of them.
        """
        found, newest = {self.pk}, {self.pk}
        while newest:
            merged = Department.objects.filter(successor__in=newest).values_list("pk", flat=True)
            newest = set(merged) - found
            found |= newest
        return frozenset(found)


class Membership(models.Model):
    """The side of a department in one conference."""

    conference = models.ForeignKey(
        JointConference, models.CASCADE, related_name="memberships", verbose_name=_("joint conference")
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="memberships", verbose_name=_("department"))
    side = models.CharField(_("side"), max_length=20, choices=Side.choices, default=Side.GOVERNMENT)

    class Meta:
        verbose_name = _("member department")
        verbose_name_plural = _("member departments")
        ordering = ["conference", "department__order", "pk"]
        constraints = [models.UniqueConstraint(fields=["conference", "department"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.conference.short_name} · {self.department}"


class Post(Versioned):
    """An office or a duty. It carries rights: a role, a side or a department, and a conference (none means all)."""

    conference = models.ForeignKey(
        JointConference, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("joint conference")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("department")
    )
    title = models.CharField(pgettext_lazy("post", "title"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=PostKind.choices, default=PostKind.OFFICE)
    role = models.CharField(_("rights"), max_length=30, choices=Role.choices, default=Role.NONE)
    former_roles: Any = models.JSONField(_("rights it carried before"), default=list, blank=True, editable=False)
    side = models.CharField(_("side"), max_length=20, choices=Side.choices, blank=True)
    attends = models.BooleanField(_("attends the meetings"), default=False)
    order = models.PositiveSmallIntegerField(_("protocol order"), default=0)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["conference", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(role=Role.LIAISON) | Q(department__isnull=False), name="liaison_has_a_department"
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.CLERK) | (Q(conference__isnull=False) & Q(side__in=["government", "union"])),
                name="clerk_has_conference_and_side",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def headed_ids(self) -> frozenset[int]:
        """The id of the post's conference if this post heads its coordination group (`C 3`); empty otherwise."""
        heads = {"kind": SeatKind.HEAD, "group__kind": GroupKind.COORDINATION, "group__conference": self.conference_id}
        return frozenset(GroupSeat.objects.filter(post=self.pk, **heads).values_list("group__conference", flat=True))


class Tenure(models.Model):
    """A person in a post from a day to a day, both inclusive. The operation refuses overlaps."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures", verbose_name=_("post"))
    person = ParentalKey(Person, on_delete=models.PROTECT, related_name="tenures", verbose_name=_("person"))
    full_title = models.CharField(
        _("title to print"),
        max_length=120,
        help_text=_("As it stands in minutes, with every office that is printed."),
    )
    order = models.PositiveSmallIntegerField(_("protocol order"), default=0)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty while it lasts."))

    class Meta:
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        ordering = ["post", "-from_date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")), name="tenure_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.full_title}"

    @property
    def conference(self) -> JointConference | None:
        """The conference of the post, if it has one."""
        return self.post.conference


def with_headed(rows: QuerySet[Tenure]) -> list[Tenure]:
    """Return the tenures, read with their posts, and `headed_ids` of each post in the same query."""
    heading = GroupSeat.objects.filter(
        post=OuterRef("post"),
        kind=SeatKind.HEAD,
        group__kind=GroupKind.COORDINATION,
        group__conference=OuterRef("post__conference"),
    )
    found: list[Tenure] = []
    for tenure in rows.annotate(heads=Exists(heading)):
        conference = tenure.post.conference_id
        tenure.post.headed_ids = frozenset({conference} if tenure.heads and conference is not None else ())
        found.append(tenure)
    return found
