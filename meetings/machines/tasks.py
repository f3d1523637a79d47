"""The tasks that the state machines open: who must act on a record in its present state.

`machine_tasks(record)` reads the transition table. Steps back are never awaited, nor are steps without an approval that
do not change the state, unless the table says `awaited`. Where the content of a panel is not complete, its signers
cannot act yet: the clerks have a task to complete it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from meetings.enums import ApprovalStep, DeadlineKind, TopicState
from meetings.machines import machine_of
from meetings.machines.base import R, Transition
from meetings.models import Approval, Meeting, Resolution, Topic
from meetings.models.record_types import MachineRecord
from meetings.models.work_item import Task
from meetings.rules.addressees import addressees
from meetings.rules.approval import free_seats, involved_people
from meetings.rules.seats import either_clerk
from meetings.rules.work import co_departments_done, completion_begins

RETURNED_TOPIC_PERIOD = timedelta(days=365)  # a returned topic is awaited this long after its submission
COMPLETION_LEAD_DAYS = 30  # the completion report is awaited from this long before the due day


def _completion(resolution: Resolution) -> date | None:
    """Return from when the completion report is awaited: at once when all others are done; None for never."""
    if co_departments_done(resolution):
        return date.min
    return completion_begins(resolution, COMPLETION_LEAD_DAYS)


# What a panel lacks until somebody does another task: the consultation, the explanations of unfinished resolutions.
OTHER_TASKS = frozenset({"consultation_open", "unfinished_not_explained"})
# From which day a step is awaited: `date.min` for at once, None for not at all.
BEGINS: dict[tuple[type, str], Callable[[Any], date | None]] = {
    (Meeting, "hold"): lambda meeting: meeting.day,
    (Resolution, "report_part_done"): lambda resolution: completion_begins(resolution, COMPLETION_LEAD_DAYS),
    (Resolution, "report_done"): _completion,
}


def machine_tasks(record: MachineRecord) -> Iterator[Task]:
    """Yield the tasks of the record: for each addressee the first step of the table that waits for it."""
    taken: set[tuple[str, int | None]] = set()
    for row in machine_of(record).transitions:
        if not _is_awaited(record, row):
            continue
        for task in _tasks(record, row):
            if (task.seat, task.department) not in taken:
                taken.add((task.seat, task.department))
                yield task


def _is_awaited(record: R, row: Transition[R]) -> bool:
    if row.back or not (row.awaited or row.panel or (row.target and row.target != record.state)):
        return False
    rules = record.adoption
    return row.required(rules) and record.state in machine_of(record).sources(row, rules) and row.when(record)


def _tasks(record: R, row: Transition[R]) -> Iterator[Task]:
    begins = BEGINS.get((type(record), row.action), lambda record: date.min)(record)
    if begins is None:
        return
    seats, action, signs, not_for = row.who(record), row.action, row.panel is not None, frozenset[int]()
    if row.panel is not None:
        given, gaps = approvals_of(record, row.panel), row.missing(record)
        if not gaps:
            seats, not_for = free_seats(seats, given), _excluded(record, row.panel, given)
        elif any(gap.code not in OTHER_TASKS for gap in gaps):
            seats, action, signs = either_clerk(record), "prepare", False
        else:
            return
    task = Task(
        action=f"{record._meta.model_name}.{action}",
        clause=row.clause,
        starts_on=None if begins == date.min else begins,
        ends_on=_ends(record),
        due_on=_due(record),
        signs=signs,
        not_for=not_for,
    )
    for seat in seats:
        for key, department in addressees(seat, record):
            yield replace(task, seat=key, department=department)


def _ends(record: MachineRecord) -> date | None:
    """Return the last day on which the record waits: a topic that was returned long ago can still be submitted."""
    if isinstance(record, Topic) and record.state == TopicState.RETURNED and record.submitted_on is not None:
        return record.submitted_on + RETURNED_TOPIC_PERIOD
    return None


def _due(record: MachineRecord) -> date | None:
    """Return the due day: that of the resolution, or the day of the meeting that is prepared.

    A deadline 下次会议前 has no day before that meeting is held: departments read the due day of a task, but do
    not know of a meeting in preparation.
    """
    if isinstance(record, Resolution):
        known: date | None = vars(record)["next_held_on"]
        return known if record.deadline_kind == DeadlineKind.NEXT_MEETING else record.deadline
    return record.day if isinstance(record, Meeting) and record.held_on is None else None


def _excluded(record: MachineRecord, step: ApprovalStep, given: list[Approval]) -> frozenset[int]:
    """Return who may not sign: whoever has a part in the panel, and the author of a report of completion."""
    found = involved_people(given) | {row.entered_by_id for row in given if row.entered_by_id}
    if isinstance(record, Resolution) and step == ApprovalStep.VERIFY:
        report = record.pending_completion()
        found |= {report.author_id} if report else set()
    return frozenset(found)


def approvals_of(record: MachineRecord, step: ApprovalStep) -> list[Approval]:
    """Return the valid approvals of a step, from the prefetched rows of `queries.work.with_work`."""
    if isinstance(record, Resolution):
        found = [a for part in record.parts.all() for report in part.reports.all() for a in report.approvals.all()]
    else:
        found = list(record.approvals.all())
    return [approval for approval in found if approval.step == step and approval.voided_at is None]
