"""The key on which rights are granted and used: the conference of a post, for a liaison together with its department.

- `DepartmentKey`: a conference and a department; without a conference it counts in all of them.
- `liaison_keys(tenure)`: the keys of a liaison's post. `speaks_for(tenure, …)`: whether one of them fits a record.
- `Reach`, `reach_of(person)`: what a person may see on a day.
"""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from meetings.enums import STAFF, Role
from meetings.models import Person, Tenure


class DepartmentKey(NamedTuple):
    """A department of a conference, by their ids. None as the conference stands for all conferences."""

    conference: int | None
    department: int


def liaison_keys(tenure: Tenure) -> frozenset[DepartmentKey]:
    """Return the keys for which the holder acts: department and conference of a liaison's post; none for other posts.

    The department acts for all departments merged into it, in the same conference.
    """
    post = tenure.post
    if post.role != Role.LIAISON or post.department is None:
        return frozenset()
    return frozenset(DepartmentKey(post.conference_id, pk) for pk in post.department.inherited_ids)


def fitting_keys(conference: int, department: int) -> frozenset[DepartmentKey]:
    """Return the keys that fit a record of this conference about this department."""
    return frozenset({DepartmentKey(conference, department), DepartmentKey(None, department)})


def speaks_for(tenure: Tenure, conference: int, department: int) -> bool:
    """Return whether the tenure is a liaison's of this department, or of its successor, in this conference."""
    return not fitting_keys(conference, department).isdisjoint(liaison_keys(tenure))


@dataclass(frozen=True)
class Reach:
    """What a person may see on a day: everything, all records of these conferences, or those that fit these keys."""

    everything: bool = False
    conferences: frozenset[int] = frozenset()
    departments: frozenset[DepartmentKey] = frozenset()

    def departments_in(self, conference: int) -> frozenset[int]:
        """Return the ids of the departments for which the person acts in this conference."""
        return frozenset(key.department for key in self.departments if key.conference in {conference, None})

    def department_rows(self, conference: str, department: str) -> Q:
        """Return the condition for rows that fit a key; `conference` and `department` are lookups from the row."""
        found = Q(pk__in=[])
        for place, departments in sorted(self._by_conference().items(), key=lambda item: item[0] or 0):
            own = Q(**{f"{department}__in": departments})
            found |= own if place is None else own & Q(**{conference: place})
        return found

    def _by_conference(self) -> dict[int | None, Set[int]]:
        found: dict[int | None, set[int]] = defaultdict(set)
        for key in self.departments:
            found[key.conference].add(key.department)
        return dict(found)


def reach_of(person: object, on: date | None = None) -> Reach:
    """Return the reach of a person on a day (today by default); empty for an anonymous visitor."""
    held = person.tenures_in_force(on) if isinstance(person, Person) else []
    return Reach(
        everything=any(t.post.role == Role.AUDITOR and t.post.conference_id is None for t in held),
        conferences=frozenset(
            t.post.conference_id for t in held if t.post.role in STAFF | {Role.AUDITOR} and t.post.conference_id
        ),
        departments=frozenset().union(*map(liaison_keys, held)),
    )
