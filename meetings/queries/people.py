"""Who holds what on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from meetings import clock
from meetings.enums import GroupKind, SeatKind
from meetings.models import Department, JointConference, Membership, Person, Post, Tenure


def in_force(on: date | None = None, *, prefix: str = "") -> Q:
    """The condition on tenures that are in force on `on` (today by default); `prefix` is a lookup that leads there."""
    day = on or clock.today()
    return Q(**{f"{prefix}from_date__lte": day}) & (
        Q(**{f"{prefix}to_date__isnull": True}) | Q(**{f"{prefix}to_date__gte": day})
    )


def tenures(conference: JointConference | None = None, *, on: date | None = None) -> QuerySet[Tenure]:
    """The tenures in force on a day, of one conference if given, in protocol order, with person and post."""
    rows = Tenure.objects.filter(in_force(on), person__is_active=True).select_related(
        "person", "post__department", "post__conference"
    )
    if conference is not None:
        rows = rows.filter(post__conference=conference)
    return rows.order_by("post__order", "order", "pk")


def holders(conference: JointConference, *, roles: Iterable[str], on: date | None = None) -> QuerySet[Tenure]:
    """The tenures in force whose post carries one of `roles` in this conference."""
    return tenures(conference, on=on).filter(post__role__in=list(roles))


def holds(person: object, conference: JointConference, role: str, on: date | None = None) -> bool:
    """True if the person holds a post with this role in this conference on the day."""
    held = person.held(on) if isinstance(person, Person) else []
    return any(t.post.role == role and t.post.conference_id == conference.pk for t in held)


def group_heads(conference: JointConference, *, on: date | None = None) -> QuerySet[Tenure]:
    """The tenures of the heads of the coordination group (`C 3`)."""
    return tenures(on=on).filter(
        post__seats__group__conference=conference,
        post__seats__group__kind=GroupKind.COORDINATION,
        post__seats__kind=SeatKind.HEAD,
    )


def is_group_head(tenure: Tenure, conference: JointConference) -> bool:
    """True if the tenure's post sits at the head of the conference's coordination group (`C 3`)."""
    return conference.pk in tenure.post.headed_ids


def departments(conference: JointConference) -> QuerySet[Department]:
    """The member departments of a conference that are in being, in order; a merged one is given nothing new."""
    return Department.objects.filter(memberships__conference=conference, successor=None).order_by("order", "pk")


def side_of(department: Department, conference: JointConference) -> str:
    """The side that a department takes in a conference; empty for one that is no member."""
    return (
        Membership.objects.filter(conference=conference, department=department).values_list("side", flat=True).first()
        or ""
    )


def successors(departments: Iterable[int | str]) -> set[int]:
    """The ids of these departments and of those that they were merged into, directly or not."""
    found, newest = set(map(int, departments)), set(map(int, departments))
    while newest:
        merged = Department.objects.filter(predecessors__in=newest).values_list("pk", flat=True)
        newest = set(merged) - found
        found |= newest
    return found


def overlapping(tenure: Tenure, post: Post) -> QuerySet[Tenure]:
    """The other tenures of a post whose days meet those of `tenure`."""
    rows = Tenure.objects.filter(post=post).exclude(pk=tenure.pk)
    rows = rows.filter(Q(to_date__isnull=True) | Q(to_date__gte=tenure.from_date))
    return rows.filter(from_date__lte=tenure.to_date) if tenure.to_date else rows
