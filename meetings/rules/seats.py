"""Permissions as data: a seat describes a kind of post; the rules of the regulation select the seats of each step.

- `Seat`: a key, a label, and a predicate of tenure and record.
- Functions from a record to seats (`either_clerk`, `settlers`, `minutes_approvers` …): the column `who` of the
  transition tables. In a panel every seat must act, otherwise any one of them.
- `seat_of(person, record, seats)`: the seat that a person fills today, with the tenure.
- `is_clerk(person, record)`, `is_liaison_of(person, conference, department)`: the two roles that most pages ask for.

A seat is filled on the key of the post: its conference, for a liaison together with its department (`queries.reach`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.enums import (
    GOVERNMENT_LEADERS,
    UNION_LEADERS,
    FollowUpBy,
    MinutesApprovers,
    Office,
    PartRole,
    Role,
    SettledBy,
    Side,
    SpecialAfter,
)
from meetings.models import Person, Resolution, ResolutionPart, Tenure, Topic
from meetings.models.record_types import HasConference, HasRules
from meetings.queries.people import is_group_head
from meetings.queries.reach import speaks_for
from meetings.types import StrOrPromise

Fits = Callable[[Tenure, HasConference], bool]


@dataclass(frozen=True)
class Seat:
    """A kind of post that may act on a record; `fits` decides whether a tenure has it.

    For a seat of liaisons, `departments` returns the ids of the departments whose liaisons have it.
    """

    key: str
    label: StrOrPromise
    fits: Fits
    departments: Callable[[Any], list[int]] | None = None


def _in_conference(tenure: Tenure, record: HasConference) -> bool:
    return record.conference is not None and tenure.post.conference_id == record.conference.pk


def _clerk(side: str) -> Fits:
    return lambda tenure, record: (
        tenure.post.role == Role.CLERK and tenure.post.side == side and _in_conference(tenure, record)
    )


def _leader(roles: Iterable[str]) -> Fits:
    return lambda tenure, record: tenure.post.role in roles and _in_conference(tenure, record)


def _head(side: str) -> Fits:
    return lambda tenure, record: (
        tenure.post.side == side and record.conference is not None and is_group_head(tenure, record.conference)
    )


def _liaisons(
    key: str, label: StrOrPromise, model: type[Topic] | type[Resolution], departments: Callable[[Any], list[int]]
) -> Seat:
    """Return the seat of the liaisons of these departments of a record, in its conference."""
    return Seat(
        key,
        label,
        lambda tenure, record: (
            isinstance(record, model)
            and any(speaks_for(tenure, record.conference.pk, department) for department in departments(record))
        ),
        departments,
    )


def _of_parts(among: Callable[[ResolutionPart], bool]) -> Callable[[Resolution], list[int]]:
    return lambda resolution: [part.department_id for part in resolution.parts.all() if among(part)]


GOVERNMENT_CLERK = Seat("government_clerk", _("a clerk of the government side"), _clerk(Side.GOVERNMENT))
UNION_CLERK = Seat("union_clerk", _("a clerk of the union side"), _clerk(Side.UNION))
TOPIC_APPROVER = Seat(
    "topic_approver", _("the government leader in charge of union work"), _leader({Role.LIAISON_LEADER})
)
GOVERNMENT_LEADER = Seat("government_leader", _("a government leader"), _leader(GOVERNMENT_LEADERS))
UNION_LEADER = Seat("union_leader", _("a union leader"), _leader(UNION_LEADERS))
GOVERNMENT_HEAD = Seat(
    "government_group_head", _("the head of the coordination group on the government side"), _head(Side.GOVERNMENT)
)
UNION_HEAD = Seat("union_group_head", _("the head of the coordination group on the union side"), _head(Side.UNION))
PROPOSER = _liaisons("proposer", _("the liaison of the proposing department"), Topic, lambda topic: [topic.proposer_id])
HEAD_OF_GOVERNMENT = Seat("head_of_government", _("the head of the government"), _leader({Role.HEAD_OF_GOVERNMENT}))
LEAD_LIAISON = _liaisons(
    "lead_liaison",
    _("the liaison of the lead department"),
    Resolution,
    _of_parts(lambda part: part.role == PartRole.LEAD),
)
COORDINATION_OFFICE = Seat(
    "coordination_office",
    _("a clerk of the coordination office"),
    lambda tenure, record: GOVERNMENT_CLERK.fits(tenure, record) or UNION_CLERK.fits(tenure, record),
)
PART_LIAISON = _liaisons(
    "part_liaison", _("a liaison of a department that takes part"), Resolution, _of_parts(lambda part: True)
)
OPEN_PART_LIAISON = _liaisons(
    "open_part_liaison",
    _("the liaison of a co-operating department whose part is open"),
    Resolution,
    _of_parts(lambda part: part.role == PartRole.CO and part.done_on is None),
)


def _office(office: str) -> tuple[Seat, ...]:
    return (GOVERNMENT_CLERK,) if office == Office.GOVERNMENT else (GOVERNMENT_CLERK, UNION_CLERK)


def either_clerk(record: object) -> tuple[Seat, ...]:
    """Return the clerks of both sides."""
    return (GOVERNMENT_CLERK, UNION_CLERK)


def proposers(record: Topic) -> tuple[Seat, ...]:
    """Return the liaison of the proposing department and the clerk of the proposing side (`Y 2(1)`, `C 5(1)`)."""
    return (PROPOSER, GOVERNMENT_CLERK if record.side == Side.GOVERNMENT else UNION_CLERK)


def topic_approvers(record: object) -> tuple[Seat, ...]:
    """Return the government leader in charge of union work (`Y 2(2)`)."""
    return (TOPIC_APPROVER,)


def consensus_leaders(record: Topic) -> tuple[Seat, ...]:
    """Return who states consensus: the union after joint research (`Y 2(2)`), else the proposing side (`C 5(1)`)."""
    if record.adoption.joint_research or record.side == Side.UNION:
        return (UNION_CLERK,)
    return (GOVERNMENT_CLERK,)


def settlers(record: HasRules) -> tuple[Seat, ...]:
    """Return who settles a meeting: both sides (`Y 2(4)`) or the heads of the coordination group (`C 5(2)`)."""
    if record.adoption.settled_by == SettledBy.BOTH_SIDES:
        return (GOVERNMENT_CLERK, UNION_CLERK)
    return (GOVERNMENT_HEAD, UNION_HEAD)


def consultees(record: HasRules) -> tuple[Seat, ...]:
    """Return who must agree to a special meeting: both sides (`Y 2`) or the head of the government (`C 5(2)`)."""
    if record.adoption.special_after == SpecialAfter.BOTH_SIDES:
        return (GOVERNMENT_CLERK, UNION_CLERK)
    return (HEAD_OF_GOVERNMENT,)


def notice_issuers(record: HasRules) -> tuple[Seat, ...]:
    """Return the clerks of the office that issues the notice (`Y 2(4)`, `C 5(2)`)."""
    return _office(record.adoption.notice_by)


def minutes_approvers(record: HasRules) -> tuple[Seat, ...]:
    """Return who approves minutes: leaders of both sides (`Y 2(5)`) or both heads of the group (`C 5(4)`)."""
    if record.adoption.minutes_approved_by == MinutesApprovers.LEADERS:
        return (GOVERNMENT_LEADER, UNION_LEADER)
    return (GOVERNMENT_HEAD, UNION_HEAD)


def minutes_issuers(record: HasRules) -> tuple[Seat, ...]:
    """Return the clerks of the office that issues the minutes (`Y 2(5)`, `C 5(4)`)."""
    return _office(record.adoption.minutes_issued_by)


def verifiers(record: HasRules) -> tuple[Seat, ...]:
    """Return who verifies a result: both sides jointly (`Y 2(6)`), or the coordination office (`C 5(5)`)."""
    if record.adoption.follow_up_by == FollowUpBy.BOTH_SIDES:
        return (GOVERNMENT_CLERK, UNION_CLERK)
    return (COORDINATION_OFFICE,)


def lead_liaisons(record: object) -> tuple[Seat, ...]:
    """Return the liaison of the lead department."""
    return (LEAD_LIAISON,)


def part_liaisons(record: object) -> tuple[Seat, ...]:
    """Return the liaisons of all departments that take part."""
    return (PART_LIAISON,)


def open_part_liaisons(record: object) -> tuple[Seat, ...]:
    """Return the liaisons of co-operating departments whose parts are open."""
    return (OPEN_PART_LIAISON,)


def seat_names(seats: Iterable[Seat], *, together: bool = False) -> str:
    """Return the labels of the seats joined with “or”, or with “and” if `together`."""
    *before, last = [str(seat.label) for seat in seats] or [""]
    if not before:
        return last
    joined = gettext("%(before)s and %(last)s") if together else gettext("%(before)s or %(last)s")
    return joined % {"before": "、".join(before), "last": last}


def seat_of(person: Person, record: HasConference, seats: Iterable[Seat]) -> tuple[Seat, Tenure] | None:
    """Return the first of `seats` that a current tenure of the person fits, with that tenure; None if there is none."""
    return next(
        ((seat, tenure) for seat in seats for tenure in person.tenures_in_force() if seat.fits(tenure, record)), None
    )


def is_clerk(person: Person, record: HasConference) -> bool:
    """Return whether the person is a clerk of either side of the record's conference today."""
    return seat_of(person, record, either_clerk(record)) is not None


def is_liaison_of(person: Person, conference: int, department: int) -> bool:
    """Return whether the person is a liaison of this department, or of its successor, in this conference today."""
    return any(speaks_for(tenure, conference, department) for tenure in person.tenures_in_force())
