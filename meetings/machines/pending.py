"""What waits for a person today, read from the tables, in a fixed number of queries for any number of records.

Key concepts
- `Waiting`: a record and the step that this person's seat should do next; what the step still lacks is not asked here.
- `waiting(person)`: all of it. Steps back wait for nobody, nor do steps without
  a signature that leave the state as it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Model, Prefetch, Q

from meetings import clock
from meetings.enums import ApprovalStep, MeetingKind, PartRole, ReportVerdict, TopicState
from meetings.machines import MACHINES
from meetings.machines.base import Machine, Transition
from meetings.models import Approval, Meeting, Minutes, Person, ProgressReport, Resolution, Topic
from meetings.queries.conference import rules_of
from meetings.queries.deadline import due_day, with_next_meeting
from meetings.queries.visibility import visible
from meetings.rules.approval import find_signer_choices
from meetings.rules.seats import seat_of
from meetings.rules.suspension import suspension_proposed

LIMIT = 200  # records of one kind that are looked at, the oldest first
A_YEAR = timedelta(days=365)  # after which nobody is asked any more for a topic that was returned
AHEAD = timedelta(days=30)  # before its day, the end of a resolution is nothing for today
RULES: dict[type[Model], tuple[str, ...]] = {
    Topic: ("conference", "adoption"),
    Meeting: ("conference", "adoption"),
    Minutes: ("meeting__adoption__conference",),
    Resolution: ("minutes__meeting__adoption__conference",),
}
VALID = Prefetch("approvals", queryset=Approval.objects.filter(voided_at=None).select_related("delegation__tenure"))
SIGNED = Prefetch(
    "parts__reports",
    queryset=ProgressReport.objects.filter(
        Q(claims_done=True, verdict=ReportVerdict.PENDING)
        | Q(approvals__step=ApprovalStep.SUSPEND, approvals__voided_at=None)
    )
    .distinct()
    .prefetch_related(VALID),
)
SIGNATURES: dict[type, tuple[Any, ...]] = {Resolution: ("parts", SIGNED)}
DATED: dict[type, Callable[[Any], Any]] = {Resolution: with_next_meeting}


def _given_up(topic: Topic) -> bool:
    """True for a topic returned long ago: it may still be taken up, but it is nobody's task of today."""
    asked_on = topic.submitted_on
    return topic.state == TopicState.RETURNED and asked_on is not None and asked_on < clock.today() - A_YEAR


def _far_off(resolution: Resolution) -> bool:
    """True while the day is far off or unknown, unless every co-operating department has done its part."""
    shares = [part.done_on for part in resolution.parts.all() if part.role == PartRole.CO]
    if shares and all(shares):
        return False
    day = due_day(resolution)
    return day is None or day > clock.today() + AHEAD


# A step whose day has not come yet, or that this record does not have, waits for nobody.
NOT_YET: dict[tuple[type, str], Callable[[Any], bool]] = {
    (Meeting, "hold"): lambda meeting: meeting.time > clock.now(),
    (Meeting, "consult"): lambda meeting: meeting.kind != MeetingKind.SPECIAL,
    (Resolution, "agree_suspension"): lambda resolution: not suspension_proposed(resolution),
    (Topic, "submit"): _given_up,
    (Resolution, "report_part_done"): _far_off,
    (Resolution, "report_done"): _far_off,
}
# Steps that wait although the record stays where it is: somebody's own share of it is open.
OWN_SHARE = {(Resolution, "report_part_done")}


@dataclass(frozen=True)
class Waiting:
    """A record that waits for the person's next step, and the day by which it should be done, if there is one."""

    record: Any
    action: str
    label: Any
    due: date | None


def waiting(person: Person) -> list[Waiting]:
    """Every record that waits for this person, topics first."""
    return [found for model, machine in MACHINES.items() for found in _waiting(person, model, machine)]


def _waiting(person: Person, model: type[Model], machine: Machine) -> Iterable[Waiting]:
    onward = [row for row in machine.transitions if (row.target or row.panel) and not row.back]
    open_states = {state for row in onward for state in row.source}
    rows = visible(person, model).filter(state__in=open_states).order_by("pk")
    rows = rows.select_related(*RULES[model]).prefetch_related(*SIGNATURES.get(model, (VALID,)))
    for record in DATED.get(model, _as_they_are)(rows)[:LIMIT]:
        step = next((row for row in onward if _waits(person, record, machine, row)), None)
        if step is not None:
            due = due_day(record) if isinstance(record, Resolution) else None
            yield Waiting(record, step.action, step.label, due)


def _as_they_are(rows: Any) -> Any:
    return rows


def _waits(person: Person, record: Any, machine: Machine, row: Transition) -> bool:
    rules = rules_of(record)
    stays = row.target == record.state and (type(record), row.action) not in OWN_SHARE
    if stays or not row.required(rules) or record.state not in machine.sources(row, rules):
        return False
    if NOT_YET.get((type(record), row.action), lambda record: False)(record):
        return False
    seats = row.who(record)
    if row.panel:
        given = [approval for approval in _approvals(record) if approval.step == row.panel]
        return bool(find_signer_choices(person, record, seats, given))
    return seat_of(person, record, seats) is not None


def _approvals(record: Any) -> list[Approval]:
    if isinstance(record, Resolution):
        return [a for part in record.parts.all() for report in part.reports.all() for a in report.approvals.all()]
    return list(record.approvals.all())
