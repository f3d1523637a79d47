"""What the person of the current request may see of files and pages that a form names by key.

Wagtail's chooser widgets and its rich-text editor show title, picture and address of whatever key they are given. The
middleware `publicity.page_visibility` opens the context, and the widgets of `publicity.choosers` ask it.

- `Viewer`: what to ask.
- `use_viewer(viewer)`: a context for one request.
- `viewer()`: the current viewer; outside of a request one that may see nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage


class Viewer(Protocol):
    """The rights of a person, as far as the editor needs them."""

    def may_open(self, file: AbstractImage | AbstractDocument) -> bool:
        """Return True if the person may see title and content of the file."""

    def may_name(self, page_id: int) -> bool:
        """Return True if the person may see that the page exists, and its address."""


class Nobody:
    """The viewer outside of a request."""

    def may_open(self, file: AbstractImage | AbstractDocument) -> bool:
        """Return False."""
        return False

    def may_name(self, page_id: int) -> bool:
        """Return False."""
        return False


_viewer: ContextVar[Viewer] = ContextVar("viewer", default=Nobody())  # noqa: B039  # it has no state


def viewer() -> Viewer:
    """Return the viewer of the current request."""
    return _viewer.get()


@contextmanager
def use_viewer(current: Viewer) -> Iterator[None]:
    """Let `viewer()` return `current` inside the context."""
    token = _viewer.set(current)
    try:
        yield
    finally:
        _viewer.reset(token)
