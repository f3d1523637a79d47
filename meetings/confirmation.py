"""The confirmed request that is being put in force, if any.

An act that needs a second person is refused unless it is part of a request that was confirmed (or waited its period).
`meetings.operations.pending_change` opens `applying` around the operations of such a request and nobody else does:
`require_second_person` lets them pass, and the audit log names who confirmed.

- `applying(confirmation)`: the context. `current()`: the confirmation of the context, or None.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_current: ContextVar["Confirmation | None"] = ContextVar("confirmation", default=None)


@dataclass(frozen=True)
class Confirmation:
    """Who confirmed a request; `alone` if nobody did and it takes effect after the waiting period."""

    change: int
    by_name: str
    alone: bool


def current() -> Confirmation | None:
    """Return the confirmation under which the present code runs; None outside of `applying`."""
    return _current.get()


@contextmanager
def applying(confirmation: Confirmation) -> Iterator[None]:
    """Let the operations inside pass that need a second person."""
    token = _current.set(confirmation)
    try:
        yield
    finally:
        _current.reset(token)
