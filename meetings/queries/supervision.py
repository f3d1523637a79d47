"""Which department has what to do: the unfinished resolutions that it leads or helps with (`Y 2(6)`, `C 5(5)`).

A department acts for those merged into it. Staff of a conference see all of its departments, a liaison the own one.

Key concepts
- `charges(person)`: each department with what is open. `charged(conference, department)`: the same of one.
- `within_reach(person, conference, departments)`: to which of them the person may have the letter.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from meetings.enums import UNFINISHED, MinutesState
from meetings.models import Department, JointConference, Resolution, ResolutionPart
from meetings.queries.deadline import is_overdue
from meetings.queries.resolution import ledger
from meetings.queries.visibility import reach_of, supervised


@dataclass(frozen=True)
class Charge:
    """A department with the resolutions of a conference that it has to deal with, as ledger rows."""

    conference: JointConference
    department: Department
    rows: list[Resolution]

    @property
    def late(self) -> int:
        """How many of them are overdue."""
        return sum(map(is_overdue, self.rows))


def _unfinished() -> QuerySet[Resolution]:
    rows = Resolution.objects.filter(state__in=UNFINISHED, minutes__state=MinutesState.ISSUED)
    return ledger(rows).order_by("minutes__meeting__time", "order", "pk")


def _acting_ids() -> dict[int, int]:
    """For each department that was merged, the id of the one that acts for it. One query."""
    rows = Department.objects.exclude(successor=None).values_list("pk", "successor_id")
    merged = {pk: successor for pk, successor in rows if successor is not None}

    def last(pk: int) -> int:
        seen = set()
        while pk in merged and pk not in seen:
            seen.add(pk)
            pk = merged[pk]
        return pk

    return {pk: last(pk) for pk in merged}


def charges(person: Any) -> list[Charge]:
    """Each department of the person's reach that has something to do, in order of conferences. Four queries."""
    reach, whole, successor = reach_of(person), {row.pk for row in supervised(person)}, _acting_ids()
    found: dict[tuple[JointConference, int], list[Resolution]] = defaultdict(list)
    for row in _unfinished():
        conference = row.minutes.meeting.conference
        own = {part.department_id for part in row.parts.all()}
        seen = own if conference.pk in whole else own & reach.departments
        for department in {successor.get(pk, pk) for pk in seen}:
            found[conference, department].append(row)
    known = Department.objects.in_bulk({department for _conference, department in found})
    rows = [Charge(conference, known[pk], resolutions) for (conference, pk), resolutions in found.items()]
    return sorted(rows, key=lambda row: (row.conference.pk, row.department.order, row.department.pk))


def charged(conference: JointConference, department: Department) -> QuerySet[Resolution]:
    """The unfinished resolutions of a conference in which a department has a part, the earliest first."""
    parts = ResolutionPart.objects.filter(department__in=department.inherited_ids)
    return _unfinished().filter(minutes__meeting__conference=conference, pk__in=parts.values("resolution"))


def within_reach(person: Any, conference: JointConference, departments: Iterable[Department]) -> list[Department]:
    """Those to which the person may have the letters: all for staff and auditors, the own one for a liaison."""
    if supervised(person).filter(pk=conference.pk).exists():
        return list(departments)
    own = reach_of(person).departments
    return [department for department in departments if department.pk in own]
