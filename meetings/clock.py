"""The one clock of the records: real time, unless a story is told on its own days.

Key concepts
- `now()` and `today()`: what every rule and operation asks.
- `at(moment)`: a context in which both answer with that moment; used by `load_demo`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, aware, in the current time zone."""
    return _moment.get() or timezone.now()


def today() -> date:
    """The present day in the current time zone."""
    return timezone.localtime(now()).date()


@contextmanager
def at(moment: date | datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the context; a bare date means nine o'clock of that day."""
    if not isinstance(moment, datetime):
        moment = timezone.make_aware(datetime.combine(moment, time(9)))
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
