"""Where the rooms above hang themselves in: what they register here, the records' pages show.

Key concepts
- `panel(model)`: decorates `render(record, request) -> str` (safe HTML, empty for nothing) for a record's page.
- `today`: decorates `entries(person) -> list[Entry]` for "mine today" on the home page.
- `evidence(clause)`: decorates `find(meeting) -> str` that says how a clause was met, or "" for a gap.
- `form_panel(model)`: decorates `render(request) -> str` (safe HTML) for the form in which a record is written.
- `extra_steps(model)`: decorates `steps(record, person) -> list[Button]` for buttons of the rooms above.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.utils.safestring import SafeString, mark_safe

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Entry:
    """A line of "mine today": what waits, where, until when, how urgent (`due`, `late` or empty)."""

    text: str
    url: str
    kind: str = ""
    due: date | None = None
    tone: str = ""


@dataclass(frozen=True)
class Button:
    """A button of a room above: a link with GET, or a form with POST when `post` is set."""

    label: str
    url: str
    post: bool = False
    icon: str = ""


PANELS: dict[type, list[Callable[..., str]]] = {}
FORM_PANELS: dict[type, list[Callable[..., str]]] = {}
TODAY: list[Callable[..., list[Entry]]] = []
EVIDENCE: dict[str, list[Callable[..., str]]] = {}
EXTRA_STEPS: dict[type, list[Callable[..., list[Button]]]] = {}


def _append(rows: list[Callable[..., Any]]) -> Callable[[F], F]:
    """A decorator that keeps a function in a list."""

    def keep(function: F) -> F:
        rows.append(function)
        return function

    return keep


def panel(model: type) -> Callable[[F], F]:
    """Register a panel of a record's page."""
    return _append(PANELS.setdefault(model, []))


def form_panel(model: type) -> Callable[[F], F]:
    """Register a panel of the form of a record."""
    return _append(FORM_PANELS.setdefault(model, []))


def rendered(panels: list[Callable[..., str]], *about: Any) -> list[SafeString]:
    """What registered panels show; empty ones are left out."""
    return [mark_safe(html) for render in panels if (html := render(*about))]  # noqa: S308  # made by templates


def today(entries: F) -> F:
    """Register a source of entries of "mine today"."""
    TODAY.append(entries)
    return entries


def evidence(clause: str) -> Callable[[F], F]:
    """Register evidence for a clause (a key of `meetings.clauses.CLAUSES`)."""
    return _append(EVIDENCE.setdefault(clause, []))


def extra_steps(model: type) -> Callable[[F], F]:
    """Register buttons on a record's page."""
    return _append(EXTRA_STEPS.setdefault(model, []))
