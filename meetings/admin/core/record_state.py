"""Where a record stands, read from its machine: nothing here names a step.

Key concepts
- `due_steps(person, record)`: what can happen now, for whom it waits, what is missing, with its clause.
- `knots(record)`: the way of the record as a thread, with days, clauses and 不要求 for what the regulation lacks.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.admin.core.status_badges import STAGES, mark_of
from meetings.clauses import cite
from meetings.machines import machine_of
from meetings.machines.base import Stage, Step
from meetings.models import Person, RecordLogEntry, RegulationAdoption
from meetings.queries.conference import rules_of
from meetings.rules.approval import others_may_sign, why_not_register
from meetings.rules.seats import seat_names


@dataclass(frozen=True)
class Gap:
    """One thing missing, with the clause that asks for it as printed."""

    reason: str
    clause: str = ""


@dataclass(frozen=True)
class OpenSeat:
    """A seat of a panel that waits for a signature, and where a clerk registers one on paper for it."""

    label: str
    paper_url: str


@dataclass(frozen=True)
class Due:
    """A step that could be next: a button for whoever may do it, else whom it waits for.

    `seats` are those of a panel for which this person may register a signature on paper.
    """

    action: str
    label: str
    url: str
    clause: str
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
        """True if this person may do it now."""
        return self.mine and not self.gaps


@dataclass(frozen=True)
class Knot:
    """A point of a thread; see components/thread.html."""

    stage: str
    label: str
    on: date | None = None
    text: str = ""
    url: str = ""


def printed_clause(key: str, rules: RegulationAdoption) -> str:
    """The clause as printed; nothing under a regulation whose text is not at hand."""
    return cite(key, rules.clause_set) if rules.judged and key else ""


def due_steps(person: Person, record: Any, step_url_name: str) -> list[Due]:
    """Every step from the present state, in the order of the table; steps back come last."""
    rules = rules_of(record)
    steps = [_due(person, step, record, rules, step_url_name) for step in machine_of(record).open_steps(person, record)]
    return sorted((step for step in steps if step.mine or not step.back), key=lambda step: step.back)


def _due(person: Person, step: Step, record: Any, rules: RegulationAdoption, step_url_name: str) -> Due:
    row = step.transition
    return Due(
        action=row.action,
        label=str(row.label),
        url=reverse(step_url_name, args=[record.pk, row.action]),
        clause=printed_clause(row.clause, rules),
        mine=step.seat is not None,
        direct=not row.inputs_for(record),
        back=row.back,
        waits_for=seat_names(step.waiting_for, together=row.panel is not None),
        version=record.version,
        gaps=[Gap(str(gap), printed_clause(gap.clause, rules)) for gap in step.missing],
        note=str(row.note),
        moves=bool(row.target),
        seats=_open_seats(person, step, record),
    )


def _open_seats(person: Person, step: Step, record: Any) -> list[OpenSeat]:
    row = step.transition
    if row.panel is None or not row.on_paper or step.missing or why_not_register(person, record, step.given):
        return []
    name, own = f"{record._meta.model_name}:paper", {way.seat.key for way in step.fillings}
    return [
        OpenSeat(str(seat.label), reverse(name, args=[record.pk, row.action, seat.key]))
        for seat in step.waiting_for
        if seat.key not in own or others_may_sign(person, record, seat)
    ]


def days(record: Any) -> dict[str, date]:
    """The day on which the record last came into each state, from its log."""
    log = RecordLogEntry.objects.for_instance(record).order_by("timestamp").values_list("data", "timestamp")
    return {data["to"]: timezone.localtime(at).date() for data, at in log if data.get("to")}


def knots(record: Any) -> list[Knot]:
    """The record's way as a thread."""
    on, machine = days(record), machine_of(record)
    stages = machine.path(record)
    if record.state in machine.forward_states:
        return [_knot(record, stage, stage.status, on) for stage in stages]
    # Aside of the way, returned or at rest: how far it came, where it stands, and what can still come.
    came = max((n for n, stage in enumerate(stages, 1) if stage.state in on), default=0)
    mark = mark_of(record)
    goes_on = any(record.state in row.source and row.target for row in machine.transitions)
    return [
        *(_knot(record, stage, "done" if stage.status == "ahead" else stage.status, on) for stage in stages[:came]),
        Knot(mark.stage, mark.word, on.get(record.state)),
        *(_knot(record, stage, stage.status, on) for stage in stages[came:] if goes_on),
    ]


def _knot(record: Any, stage: Stage, status: str, on: dict[str, date]) -> Knot:
    clause = _("Clause %(clause)s") % {"clause": stage.clause} if stage.clause else ""
    return Knot(
        stage=mark_of(record).stage if status == "now" else STAGES[status],
        label=str(stage.label),
        on=on.get(stage.state) if status in {"done", "now"} else None,
        text=_("Not required by this regulation") if status == "skipped" else clause,
    )
