"""Who may know of which record: the catalogue of the models, read as a queryset and as tokens.

The catalogue (`meetings.models.catalogue`) holds for each model the lookups to its conference and to the departments
that it concerns, each with its condition.

Key concepts
- `visible(person, Model)`: the rows a person may know of.
- `audience(record)`, `reader_tokens(person)`: the same rule as sets of tokens; a person sees a record if and only if
  the two sets meet. Search stores the former and asks with the latter.
- `with_audience(rows)`, `audience_in(row)`: the audiences of many records, read in the query of the rows.
- `audience_of_both(one, other)`: the tokens of what is known to whoever may know of two records.
- `readers(record)`: the same rule read the other way, the people who may know of a record.
- `overseen(person, Model)`: the rows of what administrators keep that a person may look at.
Staff (clerks and leaders) see their conference's records, drafts too; a liaison sees what concerns the own
department once it has left the drafting; an auditor reads all; nobody else sees anything.
"""

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, TypeVar

from django.db.models import F, Model, OuterRef, Q, QuerySet

from meetings.enums import STAFF, Role
from meetings.models import JointConference, Membership, Person
from meetings.models.catalogue import CATALOGUE
from meetings.queries.json_list import JSONList
from meetings.queries.people import in_force, with_successors

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Reach:
    """What a person's tenures of one day let them see."""

    everything: bool = False
    conferences: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()


def reach_of(person: Any, on: date | None = None) -> Reach:
    """The reach of a person on a day (today by default); an anonymous visitor's is empty."""
    held = person.tenures_in_force(on) if isinstance(person, Person) else []
    auditor = [t for t in held if t.post.role == Role.AUDITOR]
    return Reach(
        everything=any(t.post.conference_id is None for t in auditor),
        conferences=frozenset(
            t.post.conference_id for t in held if t.post.role in STAFF | {Role.AUDITOR} and t.post.conference_id
        ),
        departments=frozenset(
            pk
            for t in held
            if t.post.role == Role.LIAISON and t.post.department
            for pk in t.post.department.inherited_ids
        ),
    )


def visible(person: Any, model: type[M], on: date | None = None) -> QuerySet[M]:
    """The rows of `model` that this person may know of."""
    entry, reach = CATALOGUE[model], reach_of(person, on)
    rows = model._default_manager.all()
    if reach.everything:
        return rows
    condition = Q(pk__in=[])
    if reach.conferences:
        condition |= Q(**{f"{entry.conference}__in": reach.conferences})
    if reach.departments:
        for path, when in entry.departments.items():
            concerned = model._default_manager.filter(when, **{f"{path}__in": reach.departments})
            condition |= Q(pk__in=concerned.values("pk"))
    return rows.filter(condition)


def sees(person: Any, record: Model, on: date | None = None) -> bool:
    """True if the person may know of this record."""
    return visible(person, type(record), on).filter(pk=record.pk).exists()


def supervised(person: Any, on: date | None = None) -> QuerySet[JointConference]:
    """The conferences of whose every record the person may know: its staff's, and all of them for auditors."""
    reach, rows = reach_of(person, on), JointConference.objects.all()
    return rows if reach.everything else rows.filter(pk__in=reach.conferences)


def audience(record: Model) -> set[str]:
    """The tokens of those who may know of this record: `auditor`, `conference:<id>`, `department:<id>`."""
    row = with_audience(type(record)._default_manager.filter(pk=record.pk)).order_by().first()
    return audience_in(row) if row is not None else set()


def with_audience(rows: QuerySet[M], model: type[Model] | None = None, of: str = "pk") -> QuerySet[M]:
    """Annotate rows with the audience of the record of `model` that their field `of` names, by default their own."""
    model = model or rows.model
    entry, record = CATALOGUE[model], model._default_manager.filter(pk=OuterRef(of)).order_by()
    asked: dict[str, Any] = {_known(of): F(entry.conference if of == "pk" else f"{of}__{entry.conference}")}
    for number, (path, when) in enumerate(entry.departments.items()):
        asked[_known(of, number)] = JSONList(record.filter(when), pk=path)
    annotated: QuerySet[M] = rows.annotate(**asked)
    return annotated


def audience_in(row: Any, model: type[Model] | None = None, of: str = "pk") -> set[str]:
    """The tokens that `with_audience` read with a row, see `audience`."""
    tokens = {"auditor", f"conference:{getattr(row, _known(of))}"}
    for number in range(len(CATALOGUE[model or type(row)].departments)):
        found = getattr(row, _known(of, number)) or ()
        tokens |= {f"department:{department['pk']}" for department in found if department["pk"]}
    return tokens


def _known(of: str, number: int | None = None) -> str:
    """The name of an annotation: of the conference, or of the departments by a numbered path."""
    return f"audience_of_{of}" if number is None else f"audience_of_{of}_{number}"


def readers(record: Model, on: date | None = None) -> QuerySet[Person]:
    """The active people who may know of this record on a day (today by default)."""
    tokens = audience(record)
    conferences = [token.removeprefix("conference:") for token in tokens if token.startswith("conference:")]
    departments = [token.removeprefix("department:") for token in tokens if token.startswith("department:")]
    seat = (
        Q(tenures__post__role=Role.AUDITOR, tenures__post__conference=None)
        | Q(tenures__post__role__in=STAFF | {Role.AUDITOR}, tenures__post__conference__in=conferences)
        | Q(tenures__post__role=Role.LIAISON, tenures__post__department__in=with_successors(departments))
    )
    return Person.objects.filter(seat, in_force(on, prefix="tenures__"), is_active=True).distinct()


def audience_of_both(one: set[str], other: set[str]) -> set[str]:
    """The tokens of those who may know of two records, of which these are the audiences.

    Who acts for two departments may know of one record by the one and of the other by the other: each such pair has a
    token of its own, `both:<id>+<id>`.
    """
    pairs = {_both(a, b) for a in _departments(one - other) for b in _departments(other - one)}
    return (one & other) | pairs


def reader_tokens(person: Any, on: date | None = None) -> set[str]:
    """The tokens that this person brings to a search; see `audience` and `audience_of_both`."""
    reach = reach_of(person, on)
    tokens = {f"conference:{pk}" for pk in reach.conferences} | {f"department:{pk}" for pk in reach.departments}
    tokens |= {_both(a, b) for a, b in combinations(reach.departments, 2)}
    return tokens | {"auditor"} if reach.everything else tokens


def _departments(tokens: set[str]) -> list[int]:
    return [int(token.removeprefix("department:")) for token in tokens if token.startswith("department:")]


def _both(one: int, other: int) -> str:
    return f"both:{min(one, other)}+{max(one, other)}"


def has_sight(person: Any, on: date | None = None) -> bool:
    """True if the person's tenures let them see anything at all."""
    return reach_of(person, on) != Reach()


def administers(person: Any, on: date | None = None) -> set[int | None]:
    """The conferences whose people and posts this person keeps; None among them stands for all."""
    held = person.tenures_in_force(on) if isinstance(person, Person) else []
    return {t.post.conference_id for t in held if t.post.role == Role.ADMINISTRATOR}


def overseen(person: Any, model: type[M], on: date | None = None) -> QuerySet[M]:
    """The rows of what administrators keep that this person may look at.

    Administrators and auditors look at all of their reach; whoever sees records, at what is common and at what
    belongs to the own conferences or those of the own department; nobody else, and not at the list of people.
    """
    entry, reach, keeps = CATALOGUE[model], reach_of(person, on), administers(person, on)
    rows = model._default_manager.all()
    if reach.everything or None in keeps:
        return rows
    own: set[int | None] = set(keeps)
    if entry.staff_read:
        own |= reach.conferences
        own |= set(Membership.objects.filter(department__in=reach.departments).values_list("conference", flat=True))
    if not entry.conference:
        return rows if own else rows.none()
    return rows.filter(pk__in=model._default_manager.filter(**{f"{entry.conference}__in": own}).values("pk"))
