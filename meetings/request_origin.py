"""Where the present request comes from: what the logs say besides who did what.

Key concepts
- `Origin`: the client's address and the page it asked for; `noted` says what the access log has heard of it already.
- `coming_from(origin)`: a context that a middleware of the portal opens around each request.
- `origin()`: the present one; None for a command, whose entries bear no address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Origin:
    """Where one request comes from, and the kinds of access that were noted of it."""

    address: str | None = None
    path: str = ""
    noted: set[str] = field(default_factory=set)


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin | None:
    """The origin of the present request, if there is one."""
    return _origin.get()


def address() -> str | None:
    """The address that the present request comes from; None outside of a request."""
    present = _origin.get()
    return present.address if present else None


@contextmanager
def coming_from(present: Origin) -> Iterator[Origin]:
    """Let `origin()` answer `present` inside the context."""
    token = _origin.set(present)
    try:
        yield present
    finally:
        _origin.reset(token)
