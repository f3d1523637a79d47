"""Who signs for whom (委托审签), and on which days.

Key concepts
- `in_days(on)`: the condition on delegations that run on a day; one ends with either of its two tenures.
- `deputised(person)`: the delegations by which a person may sign for somebody else today.
- `delegations_of(person)`: those that the person gave or was given and that are not over.
- `delegations(rows)`: rows with everything that a page says of them.
"""

from datetime import date

from django.db.models import Q, QuerySet

from meetings import clock
from meetings.models import Delegation, Person
from meetings.queries.people import in_force


def in_days(on: date | None = None) -> Q:
    """The condition on delegations that run on a day (today by default)."""
    day = on or clock.today()
    tenures = in_force(day, prefix="tenure__") & in_force(day, prefix="to__")
    return Q(from_date__lte=day, to_date__gte=day) & tenures


def delegations(rows: QuerySet[Delegation] | None = None) -> QuerySet[Delegation]:
    """Delegations with giver, deputy and their posts."""
    found = Delegation.objects.all() if rows is None else rows
    return found.select_related(
        "tenure__person", "tenure__post__conference", "tenure__post__department", "to__person", "to__post", "entered_by"
    )


def runs(delegation: Delegation, on: date | None = None) -> bool:
    """True if the delegation runs on a day (today by default)."""
    return Delegation.objects.filter(in_days(on), pk=delegation.pk).exists()


def delegations_of(person: Person) -> QuerySet[Delegation]:
    """Those that the person gave or was given and that run today or later."""
    rows = delegations().filter(Q(tenure__person=person) | Q(to__person=person), to_date__gte=clock.today())
    return rows.order_by("from_date", "pk")


def deputised(person: Person) -> list[Delegation]:
    """The delegations by which the person may sign for somebody else today; read once per object and day, as `held`.

    A giver whose login was closed gives nothing any more.
    """
    day = clock.today()
    cache: dict[date, list[Delegation]] = person.__dict__.setdefault("_deputised", {})
    if day not in cache:
        rows = delegations().filter(in_days(day), to__person_id=person.pk, tenure__person__is_active=True)
        cache[day] = list(rows.order_by("from_date", "pk")) if person.is_active and person.pk else []
    return cache[day]
