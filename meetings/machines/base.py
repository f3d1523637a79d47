"""State machines as transition tables, with the queries that operations and pages run on them.

- `Input`: an input field of a step; forms are generated from it.
- `Transition`: one row `(source, action, target, who, needs)` of a table.
- `Machine`: the table of one model. `open_steps` returns the steps of the current state with the seats that a person
  can fill in each. `check` decides, under the lock, whether a step may be done. `path` returns the progress of a record
  for display, where steps that its regulation does not require are marked as skipped.
- `check_paper`: like `check`, for a signature on paper (线下审签) that a clerk registers for somebody else.

A step that the regulation does not require is skipped: the next step then also starts from the sources of the skipped
one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from meetings.clauses import NO_CITATION, Citation
from meetings.enums import ApprovalStep
from meetings.models import Approval, Person, RegulationAdoption, Resolution, Tenure
from meetings.models.record_types import ApprovalTarget, MachineRecord
from meetings.queries.prefetched import is_prefetched
from meetings.refusal import Missing, Refused
from meetings.rules.approval import (
    Signature,
    SignerChoice,
    find_signer_choices,
    free_seats,
    signer_gaps,
    why_not_register,
)
from meetings.rules.seats import Seat, seat_names, seat_of
from meetings.types import StrOrPromise

R = TypeVar("R", bound=MachineRecord)
SAME = ""  # the target of a step that does not change the state


def always(record: object) -> bool:
    """Return True: the input or the step exists for every record."""
    return True


@dataclass(frozen=True)
class Input(Generic[R]):
    """An input field of a step. `kind`: text, longtext, date, files, departments, tenures, choice, checkbox.

    `options(record)` returns the queryset or the choices, `initial(record)` the initial value. The field is shown only
    for records for which `when(record)` is true.
    """

    name: str
    kind: str
    label: StrOrPromise
    required: bool = True
    help: StrOrPromise = ""
    options: Callable[[R], object] | None = None
    initial: Callable[[R], object] | None = None
    when: Callable[[R], bool] = always


@dataclass(frozen=True)
class Transition(Generic[R]):
    """A row of a transition table.

    - `source`, `action`, `target`: the states it starts from, the verb, and the state it leads to (or `SAME`).
    - `who(record)`: the seats that may perform it.
    - `needs`: functions that return unmet requirements, which prevent the step.
    - `warns`: functions that return warnings, which are shown before the step and logged, but do not prevent it.
    - `required(rules)`: whether the regulation requires the step; if not, it is skipped.
    - `when(record)`: whether the step exists for this record.
    - `panel`: if set, every seat must approve. `on_paper`: whether a clerk may register such an approval on paper.
    - `back`: whether the step does not lead forward (return, suspend, correct …).
    - `awaited`: whether somebody waits for the step although it does not change the state.
    """

    source: tuple[str, ...]
    action: str
    target: str
    label: StrOrPromise
    who: Callable[[R], tuple[Seat, ...]]
    needs: tuple[Callable[[R], list[Missing]], ...] = ()
    warns: tuple[Callable[[R], list[Missing]], ...] = ()
    required: Callable[[RegulationAdoption], bool] = lambda rules: True
    panel: ApprovalStep | None = None
    on_paper: bool = True
    inputs: tuple[Input[R], ...] = ()
    clause: str = ""
    back: bool = False
    awaited: bool = False
    note: StrOrPromise = ""
    when: Callable[[R], bool] = always

    def missing(self, record: R) -> list[Missing]:
        """Return all unmet requirements of this step."""
        return [gap for need in self.needs for gap in need(record)]

    def warnings(self, record: R) -> list[Missing]:
        """Return the warnings to show before this step."""
        return [gap for warn in self.warns for gap in warn(record)]

    def inputs_for(self, record: R) -> tuple[Input[R], ...]:
        """Return the input fields of the step for this record."""
        return tuple(field for field in self.inputs if field.when(record))


@dataclass(frozen=True)
class Step(Generic[R]):
    """A transition from the point of view of one person: unmet requirements, and the seats the person can fill."""

    transition: Transition[R]
    missing: list[Missing]
    fillings: tuple[SignerChoice, ...] = ()
    waiting_for: tuple[Seat, ...] = ()
    given: tuple[Approval, ...] = ()  # the valid approvals of its panel

    @property
    def filling(self) -> SignerChoice | None:
        """The default filling: the first one, unless the person chooses another."""
        return self.fillings[0] if self.fillings else None

    @property
    def seat(self) -> Seat | None:
        """The seat that the person fills; None if the person may not perform the step."""
        return self.filling.seat if self.filling else None

    @property
    def tenure(self) -> Tenure | None:
        """The tenure by which the seat is filled."""
        return self.filling.tenure if self.filling else None


@dataclass(frozen=True)
class Stage:
    """One state in the progress display of a record, with its label, clause and status."""

    state: str
    label: StrOrPromise
    clause: Citation
    status: str  # done | now | ahead | skipped


@dataclass(frozen=True)
class Machine(Generic[R]):
    """The transition table of one model.

    `states` is the enumeration of all states; `forward_states` lists those of regular progress, in order.
    """

    states: type[TextChoices]
    forward_states: tuple[str, ...]
    transitions: tuple[Transition[R], ...]

    def get(self, action: str) -> Transition[R]:
        """Return the transition of an action; raise `Refused` for an unknown one."""
        for transition in self.transitions:
            if transition.action == action:
                return transition
        raise Refused(_("This step does not exist."), code="step_unknown")

    def sources(self, transition: Transition[R], rules: RegulationAdoption) -> set[str]:
        """Return the states from which the transition starts under these rules, also those before skipped steps."""
        found = set(transition.source)
        if not transition.back:
            for before in self.transitions:
                if before.target and before.target in found and not before.back and not before.required(rules):
                    found |= self.sources(before, rules)
        return found

    def open_steps(self, person: Person, record: R) -> list[Step[R]]:
        """Return every step that starts from the current state, also those that the person may not perform."""
        rules = record.adoption
        rows = (t for t in self.transitions if t.required(rules) and record.state in self.sources(t, rules))
        return [self.step(person, record, row) for row in rows if row.when(record)]

    def check(self, person: Person, record: R, action: str, *, signature: Signature | None = None) -> Step[R]:
        """Return the step if the person may perform it now; raise `Refused` with every reason otherwise.

        Call it under the write lock. `signature` is given for a signature on paper (it has a tenure), or to choose the
        delegation under which the person signs.
        """
        transition = self._open(record, action)
        if signature is not None and signature.tenure is not None:
            return self._signed(person, record, signature, self.check_paper(person, record, action, signature.seat))
        step = self.step(person, record, transition)
        if signature is not None:
            chosen = tuple(filling for filling in step.fillings if filling.delegation == signature.delegation)
            step = replace(step, fillings=chosen)
        if step.filling is None:
            raise Refused.lacking([self._not_yours(person, record, step)])
        if step.missing:
            raise Refused.lacking(step.missing)
        return step

    def check_paper(self, by: Person, record: R, action: str, seat: str) -> Step[R]:
        """Return the step if the clerk may now register a signature on paper for the seat; raise `Refused` if not."""
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

    def panels_before(self, transition: Transition[R]) -> list[ApprovalStep]:
        """Return the panels that come before the transition in the table."""
        rows = self.transitions[: self.transitions.index(transition)]
        return [row.panel for row in rows if row.panel]

    def path(self, record: R) -> list[Stage]:
        """Return the forward states with their status for this record, under its regulation."""
        rules, stages, passed = record.adoption, [], record.state in self.forward_states
        for state in self.forward_states:
            into = next((t for t in self.transitions if t.target == state and not t.back), None)
            if into is not None and not into.required(rules):
                status = "skipped"
            elif state == record.state:
                status, passed = "now", False
            else:
                status = "done" if passed else "ahead"
            clause = rules.cite(into.clause) if into else NO_CITATION
            stages.append(Stage(state, self.states(state).label, clause, status))
        return stages

    def _open(self, record: R, action: str) -> Transition[R]:
        """Return the transition of an action; raise `Refused` if it does not start from the current state."""
        transition, rules = self.get(action), record.adoption
        if not transition.required(rules):
            raise Refused(_("The regulation in force does not ask for this step."), code="step_not_required")
        if record.state not in self.sources(transition, rules) or not transition.when(record):
            reason = _("“%(step)s” cannot be done now: the record is in the state “%(state)s”.")
            raise Refused(reason % {"step": transition.label, "state": record.get_state_display()}, code="wrong_state")
        return transition

    def step(self, person: Person, record: R, transition: Transition[R]) -> Step[R]:
        """Return the step of a transition for this person, whether or not the record is in a source state."""
        seats, missing = transition.who(record), transition.missing(record)
        if transition.panel is None:
            filled = seat_of(person, record, seats)
            return Step(transition, missing, (SignerChoice(*filled),) if filled else (), waiting_for=seats)
        given = tuple(valid_approvals(record, transition.panel))
        fillings = find_signer_choices(person, record, seats, given)
        return Step(transition, missing, tuple(fillings), waiting_for=free_seats(seats, given), given=given)

    def _signed(self, by: Person, record: R, signature: Signature, step: Step[R]) -> Step[R]:
        """Return the step with the seat filled by the signer of the paper; raise `Refused` if the signer may not."""
        seat = next(seat for seat in step.waiting_for if seat.key == signature.seat)
        if gaps := signer_gaps(by, record, seat, step.given, signature):
            raise Refused.lacking(gaps)
        if signature.tenure is None:
            raise TypeError("a signature on paper names a tenure")
        return replace(step, fillings=(SignerChoice(seat, signature.tenure, signature.delegation),))

    def _not_yours(self, person: Person, record: R, step: Step[R]) -> Missing:
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
        if seat_of(person, record, seats) is not None:  # others signed in that seat, or a deputy for this person
            reason = _("“%(step)s”: the seat that you can fill has been signed already. You need not sign.")
            return Missing(reason % {"step": step.transition.label}, code="no_seat_left")
        reason = _("“%(step)s” is for %(who)s. Your posts of today do not include that.")
        return Missing(reason % {"step": step.transition.label, "who": seat_names(seats)}, code="not_your_post")


def approval_target(record: MachineRecord, step: ApprovalStep) -> ApprovalTarget | None:
    """Return the row to which approvals of this record are attached.

    This is the record itself; for a resolution it is the report that the step is about, or None without one.
    """
    return record.signed_through(step) if isinstance(record, Resolution) else record


def valid_approvals(record: MachineRecord, step: ApprovalStep) -> list[Approval]:
    """Return the valid approvals of a step, with their delegations; no query if the approvals were prefetched."""
    target = approval_target(record, step)
    if target is None:
        return []
    if is_prefetched(target, "approvals"):
        return [row for row in target.approvals.all() if row.step == step and row.voided_at is None]
    return list(target.approvals.filter(step=step, voided_at=None).select_related("delegation__tenure"))


def open_seats(record: MachineRecord, step: ApprovalStep, seats: Iterable[Seat]) -> tuple[Seat, ...]:
    """Return the seats of a panel that nobody has filled yet."""
    return free_seats(seats, valid_approvals(record, step))
