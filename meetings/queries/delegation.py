"""Queries of delegated signatures (委托审签).

- `delegation_in_force(on)`: the condition for delegations in force on a day: they are confirmed. A delegation ends
  early when one of its two tenures ends.
- `delegations_to(person)`: the delegations under which a person may sign for others today.
- `delegations_of(person)`: the current and future delegations given by or to a person.
- `delegations(rows)`: delegations with all relations that a page prints.
"""

from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from meetings import clock
from meetings.models import Delegation, Person
from meetings.queries.alternatives import rows_of_any
from meetings.queries.people import in_force

CONFIRMED = Q(confirmed_by__isnull=False)


def delegation_in_force(on: date | None = None) -> Q:
    """Return the condition for delegations that are in force on a day (today by default)."""
    day = on or clock.today()
    tenures = in_force(day, prefix="tenure__") & in_force(day, prefix="to__")
    return Q(CONFIRMED, from_date__lte=day, to_date__gte=day) & tenures


def delegations(rows: QuerySet[Delegation] | None = None) -> QuerySet[Delegation]:
    """Return the delegations (all by default) with both people and their posts."""
    found = Delegation.objects.all() if rows is None else rows
    return found.select_related(
        "tenure__person",
        "tenure__post__conference",
        "tenure__post__department",
        "to__person",
        "to__post",
        "entered_by",
        "confirmed_by",
    )


def is_running(delegation: Delegation, on: date | None = None) -> bool:
    """Return whether the delegation is in force on a day (today by default)."""
    return Delegation.objects.filter(delegation_in_force(on), pk=delegation.pk).exists()


def delegations_of(person: Person) -> list[Delegation]:
    """Return the delegations given by or to the person that have not expired.

    The result is cached on the object for each day, as in `Person.tenures_in_force`.
    """
    day = clock.today()
    cache: dict[date, list[Delegation]] = person.__dict__.setdefault("_delegations", {})
    if day not in cache:
        lasting = Delegation.objects.filter(to_date__gte=day)
        rows = delegations(rows_of_any(lasting, [Q(tenure__person=person), Q(to__person=person)]))
        running = ExpressionWrapper(delegation_in_force(day), output_field=BooleanField())
        cache[day] = list(rows.annotate(running=running).order_by("from_date", "pk"))
    return cache[day]


def delegations_to(person: Person) -> list[Delegation]:
    """Return the delegations under which the person may sign for somebody else today.

    Delegations by a deactivated person do not count.
    """
    if not person.is_active or not person.pk:
        return []
    return [
        row
        for row in delegations_of(person)
        if getattr(row, "running", False) and row.to.person_id == person.pk and row.tenure.person.is_active
    ]
