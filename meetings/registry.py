"""Registry through which the apps of higher layers add content to the record pages.

The decorators register functions with these signatures:
- `panel(model)`: `render(record, request) -> str` (safe HTML, empty for no panel), for the page of a record.
- `form_panel(model)`: `render(request) -> str` (safe HTML), for the edit form of a record.
- `today_entries`: `entries(person) -> list[TodayEntry]`, for "mine today" on the home page.
- `evidence(clause)`: `find(meeting) -> str` that says how a clause was met, or "" for a gap.
- `extra_buttons(model)`: `buttons(record, person) -> list[Button]`, for the page of a record.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.utils.safestring import SafeString, mark_safe

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class TodayEntry:
    """An entry of "mine today": text, link, due date, and urgency (`tone`: `due`, `late` or empty)."""

    text: str
    url: str
    kind: str = ""
    due: date | None = None
    tone: str = ""


@dataclass(frozen=True)
class Button:
    """A button that another app adds to a record page: a link (GET), or a form (POST) if `post` is set."""

    label: str
    url: str
    post: bool = False
    icon: str = ""


PANELS: dict[type, list[Callable[..., str]]] = {}
FORM_PANELS: dict[type, list[Callable[..., str]]] = {}
TODAY_SOURCES: list[Callable[..., list[TodayEntry]]] = []
EVIDENCE: dict[str, list[Callable[..., str]]] = {}
EXTRA_BUTTONS: dict[type, list[Callable[..., list[Button]]]] = {}


def _append(functions: list[Callable[..., Any]]) -> Callable[[F], F]:
    """Return a decorator that appends a function to the list."""

    def decorator(function: F) -> F:
        functions.append(function)
        return function

    return decorator


def panel(model: type) -> Callable[[F], F]:
    """Register a panel for the page of a record."""
    return _append(PANELS.setdefault(model, []))


def form_panel(model: type) -> Callable[[F], F]:
    """Register a panel for the edit form of a record."""
    return _append(FORM_PANELS.setdefault(model, []))


def render_panels(panels: list[Callable[..., str]], *args: Any) -> list[SafeString]:
    """Call the registered panels with `args` and return their HTML, without the empty ones."""
    return [mark_safe(html) for render in panels if (html := render(*args))]  # noqa: S308  # rendered by templates


def today_entries(entries: F) -> F:
    """Register a function that returns entries for "mine today"."""
    TODAY_SOURCES.append(entries)
    return entries


def evidence(clause: str) -> Callable[[F], F]:
    """Register a function that finds evidence for a clause (a key of `meetings.clauses.CLAUSES`)."""
    return _append(EVIDENCE.setdefault(clause, []))


def extra_buttons(model: type) -> Callable[[F], F]:
    """Register a function that returns additional buttons for the page of a record."""
    return _append(EXTRA_BUTTONS.setdefault(model, []))
