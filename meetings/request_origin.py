"""Origin of the current request (client address and path), for the logs.

- `Origin`: the origin of one request, and the kinds of access-log entries already written for it.
- `use_origin(origin)`: a context that a middleware of the portal opens around each request.
- `origin()`: the current origin; None in a management command, whose log entries have no address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Origin:
    """The client address and path of a request, and the kinds of access that were already logged for it."""

    address: str | None = None
    path: str = ""
    logged_kinds: set[str] = field(default_factory=set)


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin | None:
    """Return the origin of the current request, or None outside of a request."""
    return _origin.get()


def address() -> str | None:
    """Return the client address of the current request, or None outside of a request."""
    current = _origin.get()
    return current.address if current else None


@contextmanager
def use_origin(current: Origin) -> Iterator[Origin]:
    """Let `origin()` return `current` inside the context."""
    token = _origin.set(current)
    try:
        yield current
    finally:
        _origin.reset(token)
