"""The state of a record for its page: the next steps and the timeline, derived from its machine.

No step is named here: everything comes from the transition tables.

- `due_steps(person, record, …)`: the possible steps, for whom they wait, and what is missing, with the clauses.
- `timeline(record, log)`: the states of the record with dates and clauses; those that the regulation does not require
  are marked 不要求.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.admin.core.status_badges import STAGES, status_badge
from meetings.clauses import NO_CITATION, Citation
from meetings.components import TimelinePoint
from meetings.machines import machine_of
from meetings.machines.base import Stage, Step
from meetings.models import Person, RecordLogEntry, RegulationAdoption
from meetings.models.record_types import MachineRecord
from meetings.rules.approval import others_may_sign, why_not_register
from meetings.rules.seats import seat_names

R = TypeVar("R", bound=MachineRecord)


@dataclass(frozen=True)
class Gap:
    """A reason why a step is not possible yet, with the clause that requires it."""

    reason: str
    clause: Citation = NO_CITATION


@dataclass(frozen=True)
class OpenSeat:
    """A seat of a panel without a signature, and the URL where a clerk registers one on paper."""

    label: str
    paper_url: str


@dataclass(frozen=True)
class DueStep:
    """A step that starts from the present state.

    - `mine`: this person may perform it; otherwise `waits_for` names who may.
    - `direct`: it has no inputs, so a click performs it.
    - `back`: a return, suspension or resumption, offered apart from the steps that lead on.
    - `moves`: it has a target state.
    - `seats`: the seats of its panel for which this person may register a signature on paper.
    """

    action: str
    label: str
    url: str
    clause: Citation
    mine: bool
    direct: bool
    back: bool
    waits_for: str
    version: int
    gaps: list[Gap] = field(default_factory=list)
    note: str = ""
    moves: bool = True
    seats: list[OpenSeat] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """Return True if this person may perform the step now."""
        return self.mine and not self.gaps


def due_steps(person: Person, record: MachineRecord, step_url_name: str) -> list[DueStep]:
    """Return the steps from the present state in the order of the table; steps back come last.

    Steps back that this person may not perform are left out.
    """
    rules = record.adoption
    steps = [_due(person, step, record, rules, step_url_name) for step in machine_of(record).open_steps(person, record)]
    return sorted((step for step in steps if step.mine or not step.back), key=lambda step: step.back)


def _due(person: Person, step: Step[R], record: R, rules: RegulationAdoption, step_url_name: str) -> DueStep:
    row = step.transition
    return DueStep(
        action=row.action,
        label=str(row.label),
        url=reverse(step_url_name, args=[record.pk, row.action]),
        clause=rules.cite(row.clause),
        mine=step.seat is not None,
        direct=not row.inputs_for(record),
        back=row.back,
        waits_for=seat_names(step.waiting_for, together=row.panel is not None),
        version=record.version,
        gaps=[Gap(str(gap), rules.cite(gap.clause)) for gap in step.missing],
        note=str(row.note),
        moves=bool(row.target),
        seats=_open_seats(person, step, record),
    )


def _open_seats(person: Person, step: Step[R], record: R) -> list[OpenSeat]:
    row = step.transition
    if row.panel is None or not row.on_paper or step.missing or why_not_register(person, record, step.given):
        return []
    name, own = f"{record._meta.model_name}:paper", {filling.seat.key for filling in step.fillings}
    return [
        OpenSeat(str(seat.label), reverse(name, args=[record.pk, row.action, seat.key]))
        for seat in step.waiting_for
        if seat.key not in own or others_may_sign(person, record, seat)
    ]


def state_dates(log: Sequence[RecordLogEntry]) -> dict[str, date]:
    """Return the day on which a record last entered each state, from its log, latest first."""
    return {row.data["to"]: timezone.localtime(row.timestamp).date() for row in reversed(log) if row.data.get("to")}


def timeline(record: MachineRecord, log: Sequence[RecordLogEntry]) -> list[TimelinePoint]:
    """Return the timeline of a record from its first state to its last.

    A record outside of the main path, e.g. returned or suspended, shows how far it came, its present state, and then
    the states that can still follow.
    """
    on, machine = state_dates(log), machine_of(record)
    stages = machine.path(record)
    if record.state in machine.forward_states:
        return [_point(record, stage, stage.status, on) for stage in stages]
    reached = max((n for n, stage in enumerate(stages, 1) if stage.state in on), default=0)
    badge = status_badge(record)
    continues = any(record.state in row.source and row.target for row in machine.transitions)
    return [
        *(_point(record, stage, "done" if stage.status == "ahead" else stage.status, on) for stage in stages[:reached]),
        TimelinePoint(badge.stage, badge.word, on.get(record.state)),
        *(_point(record, stage, stage.status, on) for stage in stages[reached:] if continues),
    ]


def _point(record: MachineRecord, stage: Stage, status: str, on: dict[str, date]) -> TimelinePoint:
    return TimelinePoint(
        stage=status_badge(record).stage if status == "now" else STAGES[status],
        label=str(stage.label),
        on=on.get(stage.state) if status in {"done", "now"} else None,
        text=_("Not required by this regulation") if status == "skipped" else "",
        clause=NO_CITATION if status == "skipped" else stage.clause,
    )
