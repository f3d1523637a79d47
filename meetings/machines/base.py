"""Transitions as data, and the questions that operations and pages ask of them.

Key concepts
- `Input`: something a step asks the person for; forms are made from it.
- `Transition`: one row `(source, action, target, who, needs)` of a table.
- `Machine`: the table of one model. `open_steps` gives the steps of the present state with a person's seat in each,
  `check` decides under the lock, `path` shows where a record stands, with the steps that its regulation lacks marked
  as not required.
- `check_paper`: the same decision for a signature on paper (线下审签), which a clerk registers for somebody else.
A step that the regulation lacks is skipped: what follows it starts from where it would have started.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from meetings.clauses import cite
from meetings.enums import ApprovalStep
from meetings.models import Approval, Person, RegulationAdoption, Tenure
from meetings.queries.conference import rules_of
from meetings.refusal import Missing, Refused
from meetings.rules.approval import (
    Signature,
    SignerChoice,
    find_signer_choices,
    free_seats,
    signer_gaps,
    why_not_register,
)
from meetings.rules.seats import Seat, Seats, seat_names, seat_of

SAME = ""  # the target of a step that leaves the state as it is


@dataclass(frozen=True)
class Input:
    """One thing that a step asks for. `kind`: text, longtext, date, files, departments, tenures, choice, checkbox.

    `options(record)` gives the queryset or the choices, `initial(record)` the first value; it is asked for only of
    records for which `when(record)` holds.
    """

    name: str
    kind: str
    label: Any
    required: bool = True
    help: Any = ""
    options: Callable[[Any], Any] | None = None
    initial: Callable[[Any], Any] | None = None
    when: Callable[[Any], bool] = lambda record: True


@dataclass(frozen=True)
class Transition:
    """A row of a table: from where, what, to where, who, and what it needs; it exists only `when(record)` holds.

    What it `warns` of is shown before it is done, and stops nothing.
    A `panel` has each of its seats sign; `on_paper` says whether a clerk may register such a signature.
    """

    source: tuple[str, ...]
    action: str
    target: str
    label: Any
    who: Seats
    needs: tuple[Callable[[Any], list[Missing]], ...] = ()
    warns: tuple[Callable[[Any], list[Missing]], ...] = ()
    required: Callable[[RegulationAdoption], bool] = lambda rules: True
    panel: ApprovalStep | None = None
    on_paper: bool = True
    inputs: tuple[Input, ...] = ()
    clause: str = ""
    back: bool = False
    note: Any = ""
    when: Callable[[Any], bool] = lambda record: True

    def missing(self, record: Any) -> list[Missing]:
        """Everything that the record still lacks for this step."""
        return [gap for need in self.needs for gap in need(record)]

    def warned(self, record: Any) -> list[Missing]:
        """What is worth knowing of the record before this step."""
        return [gap for warn in self.warns for gap in warn(record)]

    def asks(self, record: Any) -> tuple[Input, ...]:
        """What the step asks the person for, of this record."""
        return tuple(asked for asked in self.inputs if asked.when(record))


@dataclass(frozen=True)
class Step:
    """A transition as one person meets it: what is missing, and in which seats the person may do it, if in any."""

    transition: Transition
    missing: list[Missing]
    fillings: tuple[SignerChoice, ...] = ()
    waiting_for: tuple[Seat, ...] = ()
    given: tuple[Approval, ...] = ()  # the valid approvals of its panel

    @property
    def filling(self) -> SignerChoice | None:
        """The seat that is filled, unless another of the fillings is chosen."""
        return self.fillings[0] if self.fillings else None

    @property
    def seat(self) -> Seat | None:
        """The seat in which the person does it."""
        return self.filling.seat if self.filling else None

    @property
    def tenure(self) -> Tenure | None:
        """The tenure that fits the seat."""
        return self.filling.tenure if self.filling else None


@dataclass(frozen=True)
class Stage:
    """One state on a record's way: its name and clause, and whether it is done, now, ahead or not required."""

    state: str
    label: Any
    clause: str
    status: str  # done | now | ahead | skipped


@dataclass(frozen=True)
class Machine:
    """The table of one model; `states` are in the order of the way forward."""

    states: Any
    way: tuple[str, ...]
    transitions: tuple[Transition, ...]

    def get(self, action: str) -> Transition:
        """The row of an action; an unknown one raises `Refused`."""
        for transition in self.transitions:
            if transition.action == action:
                return transition
        raise Refused(_("This step does not exist."), code="step_unknown")

    def sources(self, transition: Transition, rules: RegulationAdoption) -> set[str]:
        """The states it starts from under these rules: those before skipped steps count too."""
        found = set(transition.source)
        if not transition.back:
            for before in self.transitions:
                if before.target and before.target in found and not before.back and not before.required(rules):
                    found |= self.sources(before, rules)
        return found

    def open_steps(self, person: Person, record: Any) -> list[Step]:
        """Every step that starts from the present state, whoever may do it; shows for whom a record waits."""
        rules = rules_of(record)
        rows = (t for t in self.transitions if t.required(rules) and record.state in self.sources(t, rules))
        return [self.step(person, record, row) for row in rows if row.when(record)]

    def check(self, person: Person, record: Any, action: str, *, signature: Signature | None = None) -> Step:
        """The step under the lock, or `Refused` with every reason; `signature` where it is not simply the person's."""
        transition = self._open(record, action)
        if signature is not None and signature.tenure is not None:
            return self._signed(person, record, signature, self.check_paper(person, record, action, signature.seat))
        step = self.step(person, record, transition)
        if signature is not None:
            chosen = tuple(way for way in step.fillings if way.delegation == signature.delegation)
            step = replace(step, fillings=chosen)
        if step.filling is None:
            raise Refused.lacking([self._not_yours(person, record, step)])
        if step.missing:
            raise Refused.lacking(step.missing)
        return step

    def check_paper(self, by: Person, record: Any, action: str, seat: str) -> Step:
        """The step of a panel for which a clerk may now register a signature in this seat; `Refused` says why not."""
        transition = self._open(record, action)
        if transition.panel is None or not transition.on_paper:
            raise Refused(
                _("“%(step)s” is not signed on paper.") % {"step": transition.label}, code="not_signed_on_paper"
            )
        step = self.step(by, record, transition)
        if gap := why_not_register(by, record, step.given):
            raise Refused.lacking([gap])
        if seat not in {open_.key for open_ in step.waiting_for}:
            raise Refused(_("This seat has been filled meanwhile. See below who signed."), code="seat_not_open")
        if step.missing:
            raise Refused.lacking(step.missing)
        return step

    def panels_before(self, transition: Transition) -> list[ApprovalStep]:
        """The panels that come earlier in the table."""
        rows = self.transitions[: self.transitions.index(transition)]
        return [row.panel for row in rows if row.panel]

    def path(self, record: Any) -> list[Stage]:
        """Where the record stands on its regulation's way."""
        rules, stages, passed = rules_of(record), [], record.state in self.way
        for state in self.way:
            into = next((t for t in self.transitions if t.target == state and not t.back), None)
            if into is not None and not into.required(rules):
                status = "skipped"
            elif state == record.state:
                status, passed = "now", False
            else:
                status = "done" if passed else "ahead"
            clause = cite(into.clause, rules.clause_set) if into else ""
            stages.append(Stage(state, self.states(state).label, clause if rules.judged else "", status))
        return stages

    def _open(self, record: Any, action: str) -> Transition:
        """The row of an action that starts from the record's present state; `Refused` if it does not."""
        transition, rules = self.get(action), rules_of(record)
        if not transition.required(rules):
            raise Refused(_("The regulation in force does not ask for this step."), code="step_not_required")
        if record.state not in self.sources(transition, rules) or not transition.when(record):
            reason = _("“%(step)s” cannot be done now: the record is in the state “%(state)s”.")
            raise Refused(reason % {"step": transition.label, "state": record.get_state_display()}, code="wrong_state")
        return transition

    def step(self, person: Person, record: Any, transition: Transition) -> Step:
        """A row as this person meets it, whether or not the record has come to it."""
        seats, missing = transition.who(record), transition.missing(record)
        if transition.panel is None:
            filled = seat_of(person, record, seats)
            return Step(transition, missing, (SignerChoice(*filled),) if filled else (), waiting_for=seats)
        given = tuple(signed(record, transition.panel))
        ways = find_signer_choices(person, record, seats, given)
        return Step(transition, missing, tuple(ways), waiting_for=free_seats(seats, given), given=given)

    def _signed(self, by: Person, record: Any, signature: Signature, step: Step) -> Step:
        """The step with the seat filled as the paper says; `Refused` says what is wrong with its signer."""
        seat = next(seat for seat in step.waiting_for if seat.key == signature.seat)
        if gaps := signer_gaps(by, record, seat, step.given, signature):
            raise Refused.lacking(gaps)
        if signature.tenure is None:
            raise TypeError("a signature on paper names a tenure")
        return replace(step, fillings=(SignerChoice(seat, signature.tenure, signature.delegation),))

    def _not_yours(self, person: Person, record: Any, step: Step) -> Missing:
        if any(approval.person_id == person.pk for approval in step.given):
            return Missing(
                _("You have already agreed. The other seats must be filled by other people."), code="already_agreed"
            )
        if any(approval.entered_by_id == person.pk for approval in step.given):
            return Missing(
                _("You registered a signature on paper for this step. The other seats are filled by other people."),
                code="registered_a_signature",
            )
        seats = step.transition.who(record)
        if seat_of(person, record, seats) is not None:  # others have signed in it, or a deputy in this person's name
            told = _("“%(step)s”: the seat that you can fill has been signed already. You need not sign.")
            return Missing(told % {"step": step.transition.label}, code="no_seat_left")
        told = _("“%(step)s” is for %(who)s. Your posts of today do not include that.")
        return Missing(told % {"step": step.transition.label, "who": seat_names(seats)}, code="not_your_post")


def approved_thing(record: Any, step: ApprovalStep) -> Any:
    """What an approval of this record is attached to: of a resolution, the report that the step is about."""
    return record.signed_through(step) if hasattr(record, "signed_through") else record


def signed(record: Any, step: ApprovalStep) -> Any:
    """The valid approvals of a step, a queryset, each with the delegation it was given by."""
    target = approved_thing(record, step)
    rows = target.approvals.filter(step=step, voided_at=None) if target is not None else Approval.objects.none()
    return rows.select_related("delegation__tenure")


def open_seats(record: Any, step: ApprovalStep, seats: Iterable[Seat]) -> tuple[Seat, ...]:
    """The seats of a panel that nobody has filled yet."""
    return free_seats(seats, signed(record, step))
