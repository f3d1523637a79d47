"""How every write happens: lock, re-read, check, write, log, signal, in one transaction.

Key concepts
- `taking(record, action, by=…)`: the context of a verb of a machine; the body writes what the verb changes.
- `sign(take, digest=…)`: one seat of a panel agrees, on screen, on paper or by a deputy; the state moves when the last
  one has.
- `saving(record, by=…)`: the context of an edit or a creation that is no step of a machine.
- `operation(Model, action)`: registers a verb, so that a page can perform it by the action's name.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from meetings import clock
from meetings.enums import Medium
from meetings.machines import machine_of
from meetings.machines.base import Step, approved_thing, open_seats
from meetings.models import Approval, Person
from meetings.queries.approval import known_since
from meetings.refusal import Refused, Stale
from meetings.rules.approval import Signature, day_gaps
from meetings.signals import record_changed
from meetings.write_lock import writing

F = TypeVar("F", bound=Callable[..., Any])
LONGEST_OPINION = 500
VERBS: dict[tuple[type, str], Callable[..., Any]] = {}


def operation(model: type[Model], action: str) -> Callable[[F], F]:
    """Register a function as the verb `action` of `model`: `verb(record, *, by, version=None, **inputs)`."""

    def register(verb: F) -> F:
        VERBS[(model, action)] = verb
        return verb

    return register


def perform(record: Model, action: str, *, by: Person, version: int | None, **inputs: Any) -> Any:
    """Do the step `action` of a record by its registered verb; `Refused` says why not."""
    machine_of(record).get(action)
    return VERBS[(type(record), action)](record, by=by, version=version, **inputs)


def locked(record: Any, version: int | None = None) -> Any:
    """The row as it is now, locked until the transaction ends; `Stale` if it is newer than `version`."""
    row = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if version is not None and row.version != version:
        raise Stale()
    return row


@dataclass
class Take:
    """A step under way: the locked record, the step with seat and tenure, and what the log will say.

    `by` is at the screen; who signs stands in the step's filling, and on which paper in `signature`.
    """

    record: Any
    step: Step
    by: Person
    signature: Signature = field(default_factory=Signature)
    data: dict[str, Any] = field(default_factory=dict)
    stays: bool = False


@contextmanager
def taking(
    record: Any, action: str, *, by: Person, version: int | None = None, signature: Signature | None = None
) -> Iterator[Take]:
    """Do a step of the record's machine; the body changes `take.record`, the state follows at the end."""
    with writing():
        row = locked(record, version)
        step = machine_of(row).check(by, row, action, signature=signature)
        take = Take(row, step, by, signature or Signature())
        yield take
        target = take.step.transition.target
        if target and not take.stays:
            take.data |= {"from": row.state, "to": target}
            row.state = target
        if not take.stays:
            row.version += 1
        row.save()
        announce(row, action, by=by, data=take.data)
    refresh(record, row)


@contextmanager
def saving(record: Any, action: str, *, by: Person | None, version: int | None = None) -> Iterator[Any]:
    """Write a record outside its machine: checks the version of an existing one, then saves, logs and signals."""
    with writing():
        before = locked(record, version) if record.pk else None
        if before is not None and hasattr(before, "version"):
            record.version = before.version + 1
        _demand_unique(record)
        yield record
        record.save()
        announce(record, action, by=by, data=changes(before, record))


def _demand_unique(record: Any) -> None:
    """Refuse what a form had found free and somebody else has taken meanwhile: a name, a login, an address."""
    try:
        record.validate_unique()
    except ValidationError as taken:
        raise Refused.invalid(taken) from taken


def changes(before: Any, after: Any) -> dict[str, Any]:
    """What the log says of an edit: the names of the fields that differ; nothing of a new record."""
    if before is None:
        return {}
    fields = [f for f in after._meta.concrete_fields if f.name != "version" and f.name != "password"]
    return {"fields": [str(f.verbose_name) for f in fields if getattr(before, f.attname) != getattr(after, f.attname)]}


def announce(record: Any, action: str, *, by: Person | None, data: dict[str, Any] | None = None) -> None:
    """Log `meetings.<model>.<action>` at the clock's time and send `record_changed`, inside the transaction."""
    log(record, f"meetings.{record._meta.model_name}.{action}", user=by, data=data or {}, timestamp=clock.now())
    record_changed.send(type(record), record=record, action=action, by=by)


def refresh(record: Any, row: Any) -> None:
    """Give the caller's object the values that were written."""
    for name in (f.attname for f in row._meta.concrete_fields):
        setattr(record, name, getattr(row, name))


def sign(take: Take, *, digest: str, opinion: str = "") -> bool:
    """One seat of the step's panel agrees to the content `digest`; True when every seat has, and the state may move.

    A signature on paper bears a day of its own; `Refused` where that day cannot be of this content.
    """
    step, signature = take.step, take.signature
    if step.transition.panel is None or step.filling is None:
        raise TypeError("only a seat of a panel signs")
    if len(opinion) > LONGEST_OPINION:
        raise Refused(
            _("The opinion is longer than %(most)s characters. Shorten it.") % {"most": LONGEST_OPINION},
            code="opinion_too_long",
        )
    _refuse_day(take, digest)
    target = approved_thing(take.record, step.transition.panel)
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
        entered_by=take.by if on_paper else None,
        scan=signature.scan,
    )
    take.data |= {"seat": filling.seat.key, "opinion": opinion, "hash": digest, "signer": approval.told}
    complete = not open_seats(take.record, step.transition.panel, step.transition.who(take.record))
    take.stays = not complete
    return complete


def _refuse_day(take: Take, digest: str) -> None:
    """Refuse a day on paper that lies before the content stood, or before the panels that come first."""
    on, row = take.signature.on, take.step.transition
    if on is None or row.panel is None:
        return
    earlier = take.record.approvals.filter(voided_at=None, step__in=machine_of(take.record).panels_before(row))
    before = earlier.aggregate(Max("on"))["on__max"]
    if gaps := day_gaps(on, known_since(take.record, row.panel, digest), before):
        raise Refused.lacking(gaps)


def void_approvals(target: Any, reason: str, *, steps: tuple[str, ...] = ()) -> int:
    """Void the valid approvals of a record, visibly: they stay, with when and why; returns how many."""
    rows = target.approvals.filter(voided_at=None)
    if steps:
        rows = rows.filter(step__in=steps)
    voided: int = rows.update(voided_at=clock.now(), void_reason=reason)
    return voided


def required_text(value: str, reason: Any, *, code: str) -> str:
    """The text without outer space; `Refused` with `reason` under `code` if nothing is left."""
    if not value.strip():
        raise Refused(reason, code=code)
    return value.strip()
