"""Visibility of records: which person may see which record, as querysets and as sets of tokens.

Staff (clerks and leaders) see all records of their conferences, drafts included. A liaison sees the records of the
conference of their post that concern its department, once they are no longer drafts; only a post without a conference
reaches those of all conferences. An auditor sees everything in the audited conferences.
Nobody else sees a record. For each model, the catalogue (`meetings.models.catalogue`) holds the lookups to the
conference and to the departments concerned, each with its condition.

- `visible(person, Model)`: the rows that a person may see.
- `audience(record)`, `reader_tokens(person)`: the same rule as sets of tokens. A person may see a record if and only if
  the two sets have a token in common. Search stores the former and queries with the latter.
- `with_audience(rows)`, `audience_in(row)`: the audiences of many records, read in the query of the rows.
- `audience_of_both(one, other)`: the tokens of the readers who may see both of two records.
- `readers(record)`: the people who may see a record.
- `overseen(person, Model)`: the rows of a model maintained by administrators that a person may read.
"""

from collections.abc import Iterable
from datetime import date
from itertools import combinations
from typing import TypeVar

from django.db.models import F, Model, OuterRef, Q, QuerySet

from meetings.enums import STAFF, Role
from meetings.models import JointConference, Membership, Person
from meetings.models.catalogue import CATALOGUE
from meetings.models.people import AnyUser
from meetings.queries.json_list import JSONList
from meetings.queries.people import in_force, with_successors
from meetings.queries.reach import DepartmentKey, Reach, fitting_keys, reach_of

M = TypeVar("M", bound=Model)


def visible(person: AnyUser, model: type[M], on: date | None = None) -> QuerySet[M]:
    """Return the rows of `model` that the person may see on a day (today by default)."""
    entry, reach = CATALOGUE[model], reach_of(person, on)
    rows = model._default_manager.all()
    if reach.everything:
        return rows
    condition = Q(pk__in=[])
    if reach.conferences:
        condition |= Q(**{f"{entry.conference}__in": reach.conferences})
    if reach.departments:
        for path, when in entry.departments.items():
            concerned = model._default_manager.filter(when, reach.department_rows(entry.conference, path))
            condition |= Q(pk__in=concerned.values("pk"))
    return rows.filter(condition)


def sees(person: AnyUser, record: Model, on: date | None = None) -> bool:
    """Return True if the person may see this record."""
    return visible(person, type(record), on).filter(pk=record.pk).exists()


def supervised(person: AnyUser, on: date | None = None) -> QuerySet[JointConference]:
    """Return the conferences of which the person may see all records, as staff or as auditor."""
    reach, rows = reach_of(person, on), JointConference.objects.all()
    return rows if reach.everything else rows.filter(pk__in=reach.conferences)


def oversees(person: AnyUser, conference: int, on: date | None = None) -> bool:
    """Return whether the person may see all records of a conference, as staff or as auditor."""
    reach = reach_of(person, on)
    return reach.everything or conference in reach.conferences


def audience(record: Model) -> set[str]:
    """Return the tokens of the readers of this record.

    They are `auditor`, `conference:<id>`, and for each department concerned `department:<id>@<conference>` and
    `department:<id>`, which a liaison without a conference has.
    """
    row = with_audience(type(record)._default_manager.filter(pk=record.pk)).order_by().first()
    return audience_in(row) if row is not None else set()


def with_audience(rows: QuerySet[M], model: type[Model] | None = None, of: str = "pk") -> QuerySet[M]:
    """Annotate rows with the audience of the `model` record to which their field `of` refers, by default their own."""
    model = model or rows.model
    entry, record = CATALOGUE[model], model._default_manager.filter(pk=OuterRef(of)).order_by()
    asked: dict[str, object] = {
        _annotation_name(of): F(entry.conference if of == "pk" else f"{of}__{entry.conference}")
    }
    for number, (path, when) in enumerate(entry.departments.items()):
        asked[_annotation_name(of, number)] = JSONList(record.filter(when), pk=path)
    annotated: QuerySet[M] = rows.annotate(**asked)
    return annotated


def audience_in(row: Model, model: type[Model] | None = None, of: str = "pk") -> set[str]:
    """Return the tokens (see `audience`) that `with_audience` read with a row."""
    conference: int = getattr(row, _annotation_name(of))
    tokens = {"auditor", f"conference:{conference}"}
    for number in range(len(CATALOGUE[model or type(row)].departments)):
        for found in getattr(row, _annotation_name(of, number)) or ():
            if found["pk"]:
                tokens |= {_token(key) for key in fitting_keys(conference, found["pk"])}
    return tokens


def _annotation_name(of: str, number: int | None = None) -> str:
    """Return the name of an annotation: for the conference, or for the lookup to departments with this number."""
    return f"audience_of_{of}" if number is None else f"audience_of_{of}_{number}"


def readers(record: Model, on: date | None = None) -> QuerySet[Person]:
    """Return the active people who may see this record on a day (today by default)."""
    tokens = audience(record)
    conferences = [int(token.removeprefix("conference:")) for token in tokens if token.startswith("conference:")]
    departments = with_successors({key.partition("@")[0] for key in _keys(tokens)})
    here = Q(tenures__post__conference__in=conferences)
    seat = (
        Q(tenures__post__role=Role.AUDITOR, tenures__post__conference=None)
        | here & Q(tenures__post__role__in=STAFF | {Role.AUDITOR})
        | (here | Q(tenures__post__conference=None))
        & Q(tenures__post__role=Role.LIAISON, tenures__post__department__in=departments)
    )
    return Person.objects.filter(seat, in_force(on, prefix="tenures__"), is_active=True).distinct()


def audience_of_both(one: set[str], other: set[str]) -> set[str]:
    """Return the tokens of the readers who may see two records with these audiences.

    A liaison of two departments may see one record through the first department and the other record through the
    second. Each such pair of departments has a token of its own, `both:<department>+<department>`, each of them with or
    without its conference as in `audience`.
    """
    pairs = {_both(a, b) for a in _keys(one - other) for b in _keys(other - one)}
    return (one & other) | pairs


def reader_tokens(person: object, on: date | None = None) -> set[str]:
    """Return the tokens of this person as a reader; see `audience` and `audience_of_both`."""
    reach = reach_of(person, on)
    own = {_token(key) for key in reach.departments}
    tokens = {f"conference:{pk}" for pk in reach.conferences} | own
    tokens |= {_both(a, b) for a, b in combinations(_keys(own), 2)}
    return tokens | {"auditor"} if reach.everything else tokens


DEPARTMENT = "department:"


def _token(key: DepartmentKey) -> str:
    """Return the token of a department: `department:<id>@<conference>`, or `department:<id>` for all conferences."""
    return f"{DEPARTMENT}{key.department}" + (f"@{key.conference}" if key.conference is not None else "")


def _keys(tokens: Iterable[str]) -> list[str]:
    """Return the departments of the tokens, as text with or without a conference."""
    return [token.removeprefix(DEPARTMENT) for token in tokens if token.startswith(DEPARTMENT)]


def _both(one: str, other: str) -> str:
    return f"both:{min(one, other)}+{max(one, other)}"


def sees_any_record(person: AnyUser, on: date | None = None) -> bool:
    """Return True if the person may see records of some conference or department on a day (today by default)."""
    return reach_of(person, on) != Reach()


def administers(person: AnyUser, on: date | None = None) -> set[int | None]:
    """Return the ids of the conferences that the person administers on a day (today by default); None means all."""
    held = person.tenures_in_force(on) if isinstance(person, Person) else []
    return {t.post.conference_id for t in held if t.post.role == Role.ADMINISTRATOR}


def overseen(person: AnyUser, model: type[M], on: date | None = None) -> QuerySet[M]:
    """Return the rows of a model maintained by administrators that the person may read.

    Administrators and auditors of all conferences read all rows. An administrator of single conferences reads the rows
    of these. Other people who may see records read the rows of the conferences of their posts, a liaison without a
    conference those of which the department is a member, unless the model has `staff_read=False`. Of a model that all
    conferences share, everybody with at least one such conference reads all rows.
    """
    entry, reach, administered = CATALOGUE[model], reach_of(person, on), administers(person, on)
    rows = model._default_manager.all()
    if reach.everything or None in administered:
        return rows
    own: set[int | None] = set(administered)
    if entry.staff_read:
        own |= reach.conferences
        own |= {key.conference for key in reach.departments if key.conference is not None}
        everywhere = [key.department for key in reach.departments if key.conference is None]
        if everywhere:
            own |= set(Membership.objects.filter(department__in=everywhere).values_list("conference", flat=True))
    if not entry.conference:
        return rows if own else rows.none()
    return rows.filter(pk__in=model._default_manager.filter(**{f"{entry.conference}__in": own}).values("pk"))
