"""Queries of supervision: the unfinished resolutions of each department (`Y 2(6)`, `C 5(5)`).

A department acts for those merged into it. Staff of a conference see all of its departments, a liaison only their own.

- `department_tasks(person)`: the departments visible to the person with their unfinished resolutions.
- `unfinished_of_department(conference, department)`: the unfinished resolutions of one department.
- `letter_departments(person, conference, departments)`: the departments whose letters the person may read.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from meetings.enums import UNFINISHED, MinutesState
from meetings.models import Department, JointConference, Resolution, ResolutionPart
from meetings.models.people import AnyUser
from meetings.queries.deadline import is_overdue
from meetings.queries.reach import reach_of
from meetings.queries.resolution import ledger
from meetings.queries.visibility import supervised


@dataclass(frozen=True)
class DepartmentTasks:
    """A department with its unfinished resolutions in one conference, as rows of `ledger()`."""

    conference: JointConference
    department: Department
    rows: list[Resolution]

    @property
    def overdue_count(self) -> int:
        """The number of overdue resolutions."""
        return sum(map(is_overdue, self.rows))


def _unfinished() -> QuerySet[Resolution]:
    rows = Resolution.objects.filter(state__in=UNFINISHED, minutes__state=MinutesState.ISSUED)
    return ledger(rows).order_by("minutes__meeting__time", "order", "pk")


def _acting_ids() -> dict[int, int]:
    """Map the id of each merged department to the id of the department that acts for it. One query."""
    rows = Department.objects.exclude(successor=None).values_list("pk", "successor_id")
    merged = {pk: successor for pk, successor in rows if successor is not None}

    def last(pk: int) -> int:
        seen = set()
        while pk in merged and pk not in seen:
            seen.add(pk)
            pk = merged[pk]
        return pk

    return {pk: last(pk) for pk in merged}


def department_tasks(person: AnyUser) -> list[DepartmentTasks]:
    """Return each visible department with unfinished resolutions, ordered by conference. Four queries."""
    reach, whole, successor = reach_of(person), {row.pk for row in supervised(person)}, _acting_ids()
    found: dict[tuple[JointConference, int], list[Resolution]] = defaultdict(list)
    for row in _unfinished():
        conference = row.minutes.meeting.conference
        own = {part.department_id for part in row.parts.all()}
        seen = own if conference.pk in whole else own & reach.departments_in(conference.pk)
        for department in {successor.get(pk, pk) for pk in seen}:
            found[conference, department].append(row)
    known = Department.objects.in_bulk({department for _conference, department in found})
    rows = [DepartmentTasks(conference, known[pk], resolutions) for (conference, pk), resolutions in found.items()]
    return sorted(rows, key=lambda row: (row.conference.pk, row.department.order, row.department.pk))


def unfinished_of_department(conference: JointConference, department: Department) -> QuerySet[Resolution]:
    """Return the unfinished resolutions of a conference in which a department has a part, earliest first."""
    parts = ResolutionPart.objects.filter(department__in=department.inherited_ids)
    return _unfinished().filter(minutes__meeting__conference=conference, pk__in=parts.values("resolution"))


def letter_departments(
    person: AnyUser, conference: JointConference, departments: Iterable[Department]
) -> list[Department]:
    """Return the departments whose letters the person may read: all for staff and auditors, their own for a liaison."""
    if supervised(person).filter(pk=conference.pk).exists():
        return list(departments)
    own = reach_of(person).departments_in(conference.pk)
    return [department for department in departments if department.pk in own]
