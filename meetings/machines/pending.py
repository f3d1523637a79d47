"""The steps that wait for a person today, from the transition tables; a fixed number of queries for any size.

- `PendingStep`: a record and the next step that the person should perform. Unmet requirements of the step are not
  checked.
- `pending_steps(person)`: all of them. Steps back are never pending, nor are steps without an approval that do not
  change the state.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Model, Prefetch, Q

from meetings import clock
from meetings.enums import ApprovalStep, MeetingKind, PartRole, ReportVerdict, TopicState
from meetings.machines import MACHINES
from meetings.machines.base import Machine, R, Transition
from meetings.models import Approval, Meeting, Minutes, Person, ProgressReport, Resolution, Topic
from meetings.models.record_types import MachineRecord
from meetings.queries.deadline import due_day, with_next_meeting
from meetings.queries.visibility import visible
from meetings.rules.approval import find_signer_choices
from meetings.rules.seats import seat_of
from meetings.rules.suspension import suspension_proposed
from meetings.types import StrOrPromise

LIMIT = 200  # maximum number of records of each model, oldest first
RETURNED_TOPIC_PERIOD = timedelta(days=365)  # a returned topic stays pending this long after its submission
COMPLETION_LEAD_TIME = timedelta(days=30)  # the completion report is pending from this long before the due day
SELECT_RELATED: dict[type[Model], tuple[str, ...]] = {
    Topic: ("conference", "adoption"),
    Meeting: ("conference", "adoption"),
    Minutes: ("meeting__adoption", "meeting__conference"),
    Resolution: ("minutes__meeting__adoption", "minutes__meeting__conference"),
}
VALID_APPROVALS = Prefetch(
    "approvals", queryset=Approval.objects.filter(voided_at=None).select_related("delegation__tenure")
)
REPORTS_WITH_SIGNATURES = Prefetch(
    "parts__reports",
    queryset=ProgressReport.objects.filter(
        Q(claims_done=True, verdict=ReportVerdict.PENDING)
        | Q(approvals__step=ApprovalStep.SUSPEND, approvals__voided_at=None)
    )
    .distinct()
    .prefetch_related(VALID_APPROVALS),
)
PREFETCHES: "dict[type, tuple[str | Prefetch[str], ...]]" = {Resolution: ("parts", REPORTS_WITH_SIGNATURES)}
ANNOTATIONS: dict[type, Callable[[Any], Any]] = {Resolution: with_next_meeting}


def _is_abandoned(topic: Topic) -> bool:
    """Return whether a returned topic was submitted long ago. It can still be resubmitted, but is not pending."""
    day = topic.submitted_on
    return topic.state == TopicState.RETURNED and day is not None and day < clock.today() - RETURNED_TOPIC_PERIOD


def _is_far_off(resolution: Resolution) -> bool:
    """Return whether the due day is unknown or far off; False once all co-operating departments, if any, are done."""
    done_days = [part.done_on for part in resolution.parts.all() if part.role == PartRole.CO]
    if done_days and all(done_days):
        return False
    day = due_day(resolution)
    return day is None or day > clock.today() + COMPLETION_LEAD_TIME


# Steps that are not pending yet, or that do not apply to the record.
NOT_DUE: dict[tuple[type, str], Callable[[Any], bool]] = {
    (Meeting, "hold"): lambda meeting: meeting.time > clock.now(),
    (Meeting, "consult"): lambda meeting: meeting.kind != MeetingKind.SPECIAL,
    (Resolution, "agree_suspension"): lambda resolution: not suspension_proposed(resolution),
    (Topic, "submit"): _is_abandoned,
    (Resolution, "report_part_done"): _is_far_off,
    (Resolution, "report_done"): _is_far_off,
}
# Steps that are pending although they may not change the state: a department's own part is open.
OWN_PART_STEPS = {(Resolution, "report_part_done")}


@dataclass(frozen=True)
class PendingStep:
    """A step that a person should perform on a record, with the due day if there is one."""

    record: MachineRecord
    action: str
    label: StrOrPromise
    due: date | None


def pending_steps(person: Person) -> list[PendingStep]:
    """Return all records with a step pending for this person, topics first, at most one step per record."""
    return [found for model, machine in MACHINES.items() for found in _pending_steps(person, model, machine)]


def _pending_steps(person: Person, model: type[Model], machine: Machine[Any]) -> Iterable[PendingStep]:
    onward = [row for row in machine.transitions if (row.target or row.panel) and not row.back]
    open_states = {state for row in onward for state in row.source}
    rows = visible(person, model).filter(state__in=open_states).order_by("pk")
    rows = rows.select_related(*SELECT_RELATED[model]).prefetch_related(*PREFETCHES.get(model, (VALID_APPROVALS,)))
    for record in ANNOTATIONS.get(model, _unannotated)(rows)[:LIMIT]:
        step = next((row for row in onward if _is_pending(person, record, machine, row)), None)
        if step is not None:
            due = due_day(record) if isinstance(record, Resolution) else None
            yield PendingStep(record, step.action, step.label, due)


def _unannotated(rows: Any) -> Any:
    return rows


def _is_pending(person: Person, record: R, machine: Machine[R], row: Transition[R]) -> bool:
    rules = record.adoption
    stays = row.target == record.state and (type(record), row.action) not in OWN_PART_STEPS
    if stays or not row.required(rules) or record.state not in machine.sources(row, rules):
        return False
    if NOT_DUE.get((type(record), row.action), lambda record: False)(record):
        return False
    seats = row.who(record)
    if row.panel:
        given = [approval for approval in _approvals(record) if approval.step == row.panel]
        return bool(find_signer_choices(person, record, seats, given))
    return seat_of(person, record, seats) is not None


def _approvals(record: MachineRecord) -> list[Approval]:
    if isinstance(record, Resolution):
        return [a for part in record.parts.all() for report in part.reports.all() for a in report.approvals.all()]
    return list(record.approvals.all())
