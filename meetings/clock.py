"""The clock of the records: real time, unless a test or the demo data sets another moment.

- `now()` and `today()`: used by every rule and operation.
- `at(moment)`: a context in which both return that moment; used by `load_demo` and the tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """Return the current moment as an aware datetime."""
    return _moment.get() or timezone.now()


def today() -> date:
    """Return the current day in the current time zone."""
    return timezone.localtime(now()).date()


@contextmanager
def at(moment: date | datetime) -> Iterator[None]:
    """Let `now()` return `moment` inside the context. A date without a time means 09:00 of that day."""
    if not isinstance(moment, datetime):
        moment = timezone.make_aware(datetime.combine(moment, time(9)))
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
