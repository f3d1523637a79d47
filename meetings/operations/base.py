"""Building blocks of operations: lock, re-read, check, write, log and signal, in one transaction.

- `perform_step(record, action, by=…)`: context manager for a step of a state machine; the body writes the changes.
- `sign(context, digest=…)`: records the approval of one seat of a panel, given on screen, on paper or by a deputy. The
  state changes with the last approval.
- `saving(record, action, by=…)`: context manager for creating or editing a record outside its state machine.

The operations of the steps are listed in `meetings.operations.steps`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from meetings import clock, confirmation
from meetings.enums import Medium
from meetings.machines import machine_of
from meetings.machines.base import R, Step, approval_target, open_seats
from meetings.models import Approval, Person
from meetings.models.base import Versioned
from meetings.operations.work import add_notice
from meetings.queries.approval import known_since
from meetings.refusal import Refused, Stale
from meetings.rules.approval import Signature, day_gaps
from meetings.rules.pending_change import needs_second_person
from meetings.rules.people import manages
from meetings.signals import record_changed
from meetings.types import StrOrPromise
from meetings.write_lock import write_transaction

M = TypeVar("M", bound=Model)
MAX_OPINION_LENGTH = 500
_UNLOGGED_FIELDS = frozenset({"version", "password", "former_roles"})


def locked(record: M, version: int | None = None) -> M:
    """Return the stored row, locked until the transaction ends; raise `Stale` if its version is not `version`."""
    row = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if version is not None and getattr(row, "version", None) != version:
        raise Stale()
    return row


@dataclass
class StepContext(Generic[R]):
    """A step being performed: the locked record, the step with seat and tenure, and the data for the log.

    `by` is the logged-in user. The signer is in `step.filling`; a signature on paper is described by `signature`. With
    `keeps_state` the state of the record does not change, because other seats of the panel have still to sign.
    """

    record: R
    step: Step[R]
    by: Person
    signature: Signature = field(default_factory=Signature)
    data: dict[str, object] = field(default_factory=dict)
    keeps_state: bool = False


@contextmanager
def perform_step(
    record: R, action: str, *, by: Person, version: int | None = None, signature: Signature | None = None
) -> Iterator[StepContext[R]]:
    """Perform a step of the record's state machine.

    The body changes `context.record`; the warnings of the step are logged. At the end the state is set, the row saved,
    the step logged and `record` updated. `Refused` if the step is not allowed, `Stale` if the record is newer than
    `version`.
    """
    with write_transaction():
        row = locked(record, version)
        step = machine_of(row).check(by, row, action, signature=signature)
        context = StepContext(row, step, by, signature or Signature())
        if warned := step.transition.warnings(row):
            context.data["warned"] = [str(gap) for gap in warned]
        yield context
        target = context.step.transition.target
        if target and not context.keeps_state:
            context.data |= {"from": row.state, "to": target}
            row.state = target
        if not context.keeps_state:
            row.version += 1
        row.save()
        announce(row, action, by=by, data=context.data)
    refresh(record, row)


@contextmanager
def saving(record: M, action: str, *, by: Person | None, version: int | None = None) -> Iterator[M]:
    """Save a record outside its state machine: check the version of an existing one, then save, log and signal.

    A new record that is refused on the way has no key again, so that nobody refers to a row that does not exist.
    """
    is_new = not record.pk
    try:
        with write_transaction():
            before = None if is_new else locked(record, version)
            if isinstance(before, Versioned) and isinstance(record, Versioned):
                record.version = before.version + 1
            _require_unique(record)
            yield record
            record.save()
            announce(record, action, by=by, data=changes(before, record))
    except Exception:
        if is_new:
            record.pk, record._state.adding = None, True
        raise


def _require_unique(record: Model) -> None:
    """Refuse a value that must be unique and was taken since the form was validated: a name, a login, an address."""
    try:
        record.validate_unique()
    except ValidationError as error:
        raise Refused.invalid(error) from error


def changes(before: Model | None, after: Model) -> dict[str, object]:
    """Return the log data of an edit: the verbose names of the changed fields; empty for a new record."""
    if before is None:
        return {}
    fields = [f for f in after._meta.concrete_fields if f.name not in _UNLOGGED_FIELDS]
    return {"fields": [str(f.verbose_name) for f in fields if getattr(before, f.attname) != getattr(after, f.attname)]}


def announce(
    record: Model, action: str, *, by: Person | None, data: Mapping[str, object] | None = None, log_action: str = ""
) -> None:
    """Log the action with the time of the clock and send `record_changed`, inside the transaction.

    The log action is `meetings.<model>.<action>` if no other is given.
    """
    log_action = log_action or f"meetings.{record._meta.model_name}.{action}"
    log(record, log_action, user=by, data={**(data or {}), **_confirmed_by()}, timestamp=clock.now())
    record_changed.send(type(record), record=record, action=action, by=by)


def _confirmed_by() -> dict[str, object]:
    """Return for the log who confirmed the request of which the action is a part; empty for other actions."""
    given = confirmation.current()
    if given is None:
        return {}
    text = _("after the waiting period, without a second person") if given.alone else given.by_name
    return {"confirmed": _("confirmed: %(who)s") % {"who": text}, "change": given.change}


def refresh(record: Model, row: Model) -> None:
    """Copy the stored values of `row` to the object of the caller."""
    for name in (f.attname for f in row._meta.concrete_fields):
        setattr(record, name, getattr(row, name))


def sign(context: StepContext[R], *, digest: str, opinion: str = "") -> bool:
    """Record the approval of the content `digest` by one seat of the step's panel; True if it was the last one needed.

    A signature on paper has its own date; `Refused` if that date does not fit the content or the earlier panels.
    """
    step, signature = context.step, context.signature
    if step.transition.panel is None or step.filling is None:
        raise TypeError("only a seat of a panel signs")
    if len(opinion) > MAX_OPINION_LENGTH:
        raise Refused(
            _("The opinion is longer than %(most)s characters. Shorten it.") % {"most": MAX_OPINION_LENGTH},
            code="opinion_too_long",
        )
    _check_date_on_paper(context, digest)
    target = approval_target(context.record, step.transition.panel)
    filling, on_paper = step.filling, signature.scan is not None
    approval = Approval.objects.create(
        **{next(n for n in Approval.TARGETS if Approval._meta.get_field(n).related_model is type(target)): target},
        step=step.transition.panel,
        seat=filling.seat.key,
        post=filling.tenure.post,
        tenure=filling.tenure,
        person_id=filling.signer,
        delegation=filling.delegation,
        hash=digest,
        opinion=opinion,
        medium=Medium.PAPER if on_paper else Medium.SCREEN,
        on=signature.on or clock.today(),
        at=clock.now(),
        entered_by=context.by if on_paper else None,
        scan=signature.scan,
    )
    if filling.delegation is not None or on_paper:
        signed_by = context.by if on_paper else filling.delegation.to.person if filling.delegation else context.by
        data = {"by": signed_by.name, "delegated": filling.delegation is not None}
        add_notice(context.record, "signed_for", people=filling.people - {context.by.pk}, data=data)
    context.data |= {"seat": filling.seat.key, "opinion": opinion, "hash": digest, "signer": approval.log_text}
    complete = not open_seats(context.record, step.transition.panel, step.transition.who(context.record))
    context.keeps_state = not complete
    return complete


def _check_date_on_paper(context: StepContext[R], digest: str) -> None:
    """Refuse a date on paper that is earlier than the content or than the approvals of earlier panels."""
    on, row = context.signature.on, context.step.transition
    if on is None or row.panel is None:
        return
    target = approval_target(context.record, row.panel)
    if target is None:
        return
    earlier = target.approvals.filter(voided_at=None, step__in=machine_of(context.record).panels_before(row))
    before = earlier.aggregate(Max("on"))["on__max"]
    if gaps := day_gaps(on, known_since(context.record, row.panel, digest), before):
        raise Refused.lacking(gaps)


def required_text(value: str, reason: StrOrPromise, *, code: str) -> str:
    """Return the stripped text; raise `Refused` with `reason` and `code` if it is empty."""
    if not value.strip():
        raise Refused(reason, code=code)
    return value.strip()


def require_administrator(by: Person | None, *rows: Model) -> None:
    """Raise `Refused` unless `by` administers all these rows; None is always allowed."""
    if by is not None and not all(manages(by, row) for row in rows):
        raise Refused(_("This is kept by the administrator. Ask there."), code="not_your_administration")


def require_second_person(by: Person | None, raises: bool) -> None:
    """Raise `Refused` if `by` must not do this alone: `raises` says whether it raises rights or lowers a protection.

    The pages submit such an act for confirmation (`operations.pending_change.request_or_apply`).
    """
    if needs_second_person(by, raises):
        raise Refused(
            _("Nobody may do this alone. Submit it; a second person confirms it, then it takes effect."),
            code="needs_second_person",
        )
