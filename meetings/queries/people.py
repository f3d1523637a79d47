"""Queries of tenures, roles, departments and sides on a day."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from meetings import clock
from meetings.enums import GroupKind, Role, SeatKind
from meetings.models import (
    Department,
    JointConference,
    Membership,
    Opinion,
    Person,
    Post,
    ResolutionPart,
    Tenure,
    Topic,
)


def in_force(on: date | None = None, *, prefix: str = "") -> Q:
    """Return the condition for tenures in force on `on` (today by default); `prefix` is a lookup to the tenures."""
    day = on or clock.today()
    return Q(**{f"{prefix}from_date__lte": day}) & (
        Q(**{f"{prefix}to_date__isnull": True}) | Q(**{f"{prefix}to_date__gte": day})
    )


def tenures(conference: JointConference | None = None, *, on: date | None = None) -> QuerySet[Tenure]:
    """Return the tenures of active people in force on a day, in protocol order, with person and post.

    With `conference`, only those whose post belongs to it.
    """
    rows = Tenure.objects.filter(in_force(on), person__is_active=True).select_related(
        "person", "post__department", "post__conference"
    )
    if conference is not None:
        rows = rows.filter(post__conference=conference)
    return rows.order_by("post__order", "order", "pk")


def holders(conference: JointConference, *, roles: Iterable[str], on: date | None = None) -> QuerySet[Tenure]:
    """Return the tenures in force whose post has one of `roles` in this conference."""
    return tenures(conference, on=on).filter(post__role__in=list(roles))


def clerk_conference_ids(person: Person) -> set[int]:
    """Return the ids of the conferences in which the person is a clerk today."""
    return {
        t.post.conference_id for t in person.tenures_in_force() if t.post.role == Role.CLERK and t.post.conference_id
    }


def holds_role(person: object, conference: JointConference, role: str, on: date | None = None) -> bool:
    """Return whether the person holds a post with this role in this conference on the day (today by default)."""
    held = person.tenures_in_force(on) if isinstance(person, Person) else []
    return any(t.post.role == role and t.post.conference_id == conference.pk for t in held)


def group_heads(conference: JointConference, *, on: date | None = None) -> QuerySet[Tenure]:
    """Return the tenures of the heads of the coordination group (`C 3`), in posts of the conference."""
    return tenures(conference, on=on).filter(
        post__seats__group__conference=conference,
        post__seats__group__kind=GroupKind.COORDINATION,
        post__seats__kind=SeatKind.HEAD,
    )


def is_group_head(tenure: Tenure, conference: JointConference) -> bool:
    """Return whether the tenure's post is of the conference and heads its coordination group (`C 3`)."""
    return conference.pk in tenure.post.headed_ids


def departments(conference: JointConference) -> QuerySet[Department]:
    """Return the member departments of a conference in order, without merged ones, which get no new tasks."""
    return Department.objects.filter(memberships__conference=conference, successor=None).order_by("order", "pk")


def side_of(department: Department, conference: JointConference) -> str:
    """Return the side of a department in a conference; empty if it is not a member."""
    return (
        Membership.objects.filter(conference=conference, department=department).values_list("side", flat=True).first()
        or ""
    )


def with_successors(departments: Iterable[int | str]) -> set[int]:
    """Return the ids of these departments and of all that they were merged into, directly or indirectly."""
    found, newest = set(map(int, departments)), set(map(int, departments))
    while newest:
        merged = Department.objects.filter(predecessors__in=newest).values_list("pk", flat=True)
        newest = set(merged) - found
        found |= newest
    return found


# What ties a department to a conference: membership, posts with rights, and the records that its liaisons read there.
DEPARTMENT_TIES: tuple[tuple[type[Model], str, str, Q], ...] = (
    (Membership, "department", "conference", Q()),
    (Post, "department", "conference", ~Q(role=Role.NONE)),
    (Topic, "proposer", "conference", Q()),
    (Opinion, "department", "topic__conference", Q()),
    (ResolutionPart, "department", "resolution__minutes__meeting__conference", Q()),
)


def departments_of(conferences: Iterable[int | None]) -> QuerySet[Department]:
    """Return the departments that belong to these conferences alone, or to none.

    A department belongs to a conference as a member, by a post with rights, or by records that concern it there. It
    belongs where a department that was merged into it does. A post without a conference belongs to all of them.
    """
    tied = Q()
    for rows, department in _ties_elsewhere(conferences):
        # For each department the first row elsewhere answers; a list of all rows elsewhere would grow with the years.
        tied |= Q(Exists(rows.filter(**{department: OuterRef("pk")})))
    elsewhere = Department.objects.filter(tied).order_by().values_list("pk", flat=True)
    return Department.objects.exclude(pk__in=with_successors(set(elsewhere)))


def belongs_to(department: Department, conferences: Iterable[int | None]) -> bool:
    """Return whether `departments_of` these conferences contains the department; only its own rows are read."""
    merged = Department(pk=department.pk).inherited_ids  # a new object: they may have been read before the merger
    ties = _ties_elsewhere(conferences)
    return not any(rows.filter(**{f"{name}__in": merged}).exists() for rows, name in ties)


def _ties_elsewhere(conferences: Iterable[int | None]) -> Iterator[tuple[QuerySet[Model], str]]:
    """Yield the rows that tie departments to other conferences, each with its lookup to the department."""
    own = [pk for pk in conferences if pk is not None]
    for model, department, conference, counted in DEPARTMENT_TIES:
        rows: QuerySet[Model] = model._default_manager.filter(counted).exclude(**{f"{conference}__in": own})
        yield rows.order_by(), department


def relying_tenures(conference: JointConference, departments: Iterable[Department]) -> QuerySet[Tenure]:
    """Return the tenures of today and later in posts of the conference that give rights and name these departments."""
    rows = Tenure.objects.filter(Q(to_date=None) | Q(to_date__gte=clock.today()), post__conference=conference)
    rows = rows.filter(post__department__in=departments).exclude(post__role=Role.NONE)
    return rows.select_related("post__department", "person").order_by("post__order", "pk")


def overlapping(tenure: Tenure, post: Post) -> QuerySet[Tenure]:
    """Return the other tenures of a post whose period overlaps that of `tenure`."""
    rows = Tenure.objects.filter(post=post).exclude(pk=tenure.pk)
    rows = rows.filter(Q(to_date__isnull=True) | Q(to_date__gte=tenure.from_date))
    return rows.filter(from_date__lte=tenure.to_date) if tenure.to_date else rows


def first_day_without_administrator() -> date | None:
    """Return the first day, from today on, on which nobody administers all conferences; None if there is none."""
    held = Tenure.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=clock.today()),
        post__role=Role.ADMINISTRATOR,
        post__conference__isnull=True,
        person__is_active=True,
    )
    day = clock.today()
    for begin, end in sorted(held.values_list("from_date", "to_date"), key=lambda days: days[0]):
        if begin > day:
            break
        if end is None:
            return None
        day = max(day, end + timedelta(days=1))
    return day


def namesakes(name: str, *, of: Person) -> set[int]:
    """Return the ids of the other active people with this name, however it is spaced."""
    wanted = _plain(name)
    others = Person.objects.filter(is_active=True).exclude(pk=of.pk).values_list("pk", "name")
    return {pk for pk, other in others if _plain(other) == wanted}


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
