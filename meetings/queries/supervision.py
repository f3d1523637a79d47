"""Queries of supervision: the unfinished resolutions of each department (`Y 2(6)`, `C 5(5)`).

A department acts for those merged into it. Staff of a conference see all of its departments, a liaison only their own.

- `department_tasks(person)`: the departments visible to the person with the keys of their unfinished resolutions.
- `with_rows(tasks, most)`: some of these departments with the first of their resolutions.
- `unfinished_of_department(conference, department)`: the unfinished resolutions of one department.
- `letter_departments(person, conference, departments)`: the departments whose letters the person may read.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet

from meetings.enums import UNFINISHED, MinutesState
from meetings.models import Department, JointConference, Resolution, ResolutionPart
from meetings.models.people import AnyUser
from meetings.queries.deadline import overdue
from meetings.queries.reach import reach_of
from meetings.queries.resolution import ledger
from meetings.queries.visibility import supervised


@dataclass(frozen=True)
class DepartmentTasks:
    """A department with the keys of its unfinished resolutions in one conference, the earliest meeting first.

    `rows` are the first of them as rows of `ledger()`, once `with_rows` has read them.
    """

    conference: JointConference
    department: Department
    keys: list[int]
    overdue_count: int
    rows: list[Resolution] = field(default_factory=list)


def _unfinished() -> QuerySet[Resolution]:
    rows = Resolution.objects.filter(state__in=UNFINISHED, minutes__state=MinutesState.ISSUED)
    return rows.order_by("minutes__meeting__time", "order", "pk")


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
    """Return each visible department with unfinished resolutions, ordered by conference. Six queries."""
    reach, places, successor = reach_of(person), supervised(person).in_bulk(), _acting_ids()
    conference, department = "minutes__meeting__conference", "parts__department"
    rows = _unfinished()
    if not reach.everything:
        rows = rows.filter(Q(**{f"{conference}__in": places}) | reach.department_rows(conference, department))
    found: dict[tuple[int, int], dict[int, None]] = defaultdict(dict)
    for pk, place, unit in rows.values_list("pk", conference, department):
        if unit is not None and (place in places or unit in reach.departments_in(place)):
            found[place, successor.get(unit, unit)][pk] = None
    late = set(overdue(_unfinished().filter(pk__in=rows.order_by().values("pk"))).values_list("pk", flat=True))
    places = JointConference.objects.in_bulk({place for place, _unit in found})
    units = Department.objects.in_bulk({unit for _place, unit in found})
    tasks = [
        DepartmentTasks(places[place], units[unit], list(keys), len(late & set(keys)))
        for (place, unit), keys in found.items()
    ]
    return sorted(tasks, key=lambda task: (task.conference.pk, task.department.order, task.department.pk))


def with_rows(tasks: Iterable[DepartmentTasks], most: int) -> list[DepartmentTasks]:
    """Return these departments with the first `most` of their resolutions each. Two queries."""
    chosen = list(tasks)
    shown = {key for task in chosen for key in task.keys[:most]}
    rows = {row.pk: row for row in ledger(Resolution.objects.filter(pk__in=shown))}
    return [replace(task, rows=[rows[key] for key in task.keys[:most] if key in rows]) for task in chosen]


def unfinished_of_department(conference: JointConference, department: Department) -> QuerySet[Resolution]:
    """Return the unfinished resolutions of a conference in which a department has a part, earliest first."""
    parts = ResolutionPart.objects.filter(department__in=department.inherited_ids)
    rows = _unfinished().filter(minutes__meeting__conference=conference, pk__in=parts.values("resolution"))
    return ledger(rows)


def letter_departments(
    person: AnyUser, conference: JointConference, departments: Iterable[Department]
) -> list[Department]:
    """Return the departments whose letters the person may read: all for staff and auditors, their own for a liaison."""
    if supervised(person).filter(pk=conference.pk).exists():
        return list(departments)
    own = reach_of(person).departments_in(conference.pk)
    return [department for department in departments if department.pk in own]
