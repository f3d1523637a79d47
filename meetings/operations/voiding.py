"""Voiding approvals: never silently. Whoever would void one is asked first, and its signer is told afterwards.

- `void_approvals(target, reason, by=…)`: voids valid approvals; each signer gets a notice with the reason.
- `asks_before_voiding(confirmed=…)`: inside, approvals are voided only if the person has confirmed it; otherwise the
  operation raises `WouldVoid`, which names the approvals, and writes nothing. The requests of the admin run in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _

from meetings import clock
from meetings.models import Approval, Person, ProgressReport
from meetings.models.record_types import ApprovalTarget
from meetings.operations.work import add_notice
from meetings.queries.approval import with_signers
from meetings.refusal import Refused
from meetings.rules.approval import involved_people

_confirmed: ContextVar[bool] = ContextVar("voiding_confirmed", default=True)


class WouldVoid(Refused):
    """The refusal of a change that would void approvals, until the person has confirmed that it may."""

    def __init__(self, approvals: list[Approval]) -> None:
        names = "；".join(dict.fromkeys(approval.signer for approval in approvals))
        reason = _(
            "This voids the approval of: %(names)s. They have to sign again and are told why. If that is right, "
            "confirm it below and save again."
        )
        super().__init__(reason % {"names": names}, code="would_void")


@contextmanager
def asks_before_voiding(*, confirmed: bool) -> Iterator[None]:
    """Void approvals inside only if `confirmed`; otherwise the first attempt raises `WouldVoid`."""
    token = _confirmed.set(confirmed)
    try:
        yield
    finally:
        _confirmed.reset(token)


def void_approvals(
    target: ApprovalTarget, reason: str, *, by: Person, steps: tuple[str, ...] = (), announced: bool = False
) -> int:
    """Void the valid approvals of a record and return their number; they stay readable, with time and reason.

    Each signer but `by` gets a notice with the reason. `announced`: the step says by itself that it voids approvals.
    """
    rows = target.approvals.filter(voided_at=None)
    if steps:
        rows = rows.filter(step__in=steps)
    approvals = list(with_signers(rows))
    if not approvals:
        return 0
    if not announced and not _confirmed.get():
        raise WouldVoid(approvals)
    voided: int = rows.update(voided_at=clock.now(), void_reason=reason)
    record = target.part.resolution if isinstance(target, ProgressReport) else target
    add_notice(record, "voided", people=involved_people(approvals) - {by.pk}, data={"reason": reason})
    return voided
