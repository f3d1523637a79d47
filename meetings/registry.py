"""Registry through which the apps of higher layers add content of records: panels, buttons, work, evidence.

Each function is called with a record or a person and returns data or HTML. What belongs to Wagtail's admin as a whole
(menus, URLs, assets, log actions) is registered through Wagtail's hooks instead, in `wagtail_hooks.py` of each app.

The decorators register functions with these signatures; an app calls them in `AppConfig.ready`:
- `panel(model)`: `render(record, request) -> str` (safe HTML, empty for no panel), for the page of a record.
- `form_panel(model)`: `render(request) -> str` (safe HTML), for the edit form of a record.
- `desk_section`: `find(person) -> DeskSection | None`, for the home page.
- `evidence(clause)`: `find(meeting) -> str` that says how a clause was met, or "" for a gap.
- `work_source(source)`: a `WorkSource`, whose tasks wait for people because of the state of an app's own rows.
- `work_action(name, action)`: a `WorkAction`, how work items of this action are shown and where they are done.
- `extra_buttons(model)`: `buttons(record, person) -> list[Button]`, for the page of a record.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.safestring import SafeString, mark_safe

from meetings.models import JointConference, Meeting, Person
from meetings.models.work_item import Task
from meetings.types import StrOrPromise

M = TypeVar("M", bound=Model)
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class DeskLine:
    """A line of a section of the desk: text with link, and a note in small print."""

    text: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class DeskSection:
    """A section of the desk that an app adds; `link` with `url` leads to all lines."""

    key: str
    title: StrOrPromise
    lines: list[DeskLine]
    link: StrOrPromise = ""
    url: str = ""


@dataclass(frozen=True)
class Button:
    """A button that another app adds to a record page: a link (GET), or a form (POST) if `post` is set."""

    label: str
    url: str
    post: bool = False
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkSource:
    """The tasks of one kind of record, as a function of its state.

    - `load(pks)`: the records with these keys, all of them for None, with what `tasks` reads.
    - `tasks(record)`: everything that waits on the record now.
    - `affected`: for each model whose change can change tasks, a function of the changed row and the verb that returns
      the keys of the records concerned.
    - `conference(record)`: the conference of all tasks of a record; None if each task names its own.
    """

    name: str
    model: type[Model]
    load: Callable[[Collection[int] | None], Iterable[Any]]
    tasks: Callable[[Any], Iterable[Task]]
    affected: Mapping[type[Model], Callable[[Any, str], Iterable[int]]]
    conference: Callable[[Any], JointConference | None] | None = lambda record: record.conference


@dataclass(frozen=True, kw_only=True)
class WorkAction:
    """How the work items of an action are shown.

    - `what`: what is to be done. `text(item, detail)`: the same with the name of the record.
    - `kind`: a word for the kind of work; the name of the record's model if it is empty.
    - `url(item, detail)`: the page where it is done; the page of the record if it is None.
    - `shared`: whether those who wait for others may open that page too; otherwise they get the page of the record.
    - `detail`: the rows that `WorkItem.detail` names, read once for all items that are shown.
    """

    what: StrOrPromise
    text: Callable[[Any, Any], str]
    kind: StrOrPromise = ""
    url: Callable[[Any, Any], str] | None = None
    shared: bool = False
    detail: Callable[[], QuerySet[Any]] | None = None


# The requests are of the type `Any`: this module is below the admin and imports no HTTP.
RecordPanel = Callable[[M, Any], str]
FormPanel = Callable[[Any], str]
FindSection = Callable[[Person], DeskSection | None]
FindEvidence = Callable[[Meeting], str]
FindButtons = Callable[[M, Person], list[Button]]

PANELS: dict[type, list[RecordPanel[Any]]] = {}
FORM_PANELS: dict[type, list[FormPanel]] = {}
DESK_SECTIONS: list[FindSection] = []
EVIDENCE: dict[str, list[FindEvidence]] = {}
WORK_SOURCES: list[WorkSource] = []
WORK_ACTIONS: dict[str, WorkAction] = {}
EXTRA_BUTTONS: dict[type, list[FindButtons[Any]]] = {}


def _append(functions: list[F]) -> Callable[[F], F]:
    """Return a decorator that appends a function to the list."""

    def decorator(function: F) -> F:
        functions.append(function)
        return function

    return decorator


def panel(model: type[M]) -> Callable[[RecordPanel[M]], RecordPanel[M]]:
    """Register a panel for the page of a record."""
    return _append(PANELS.setdefault(model, []))


def form_panel(model: type[Model]) -> Callable[[FormPanel], FormPanel]:
    """Register a panel for the edit form of a record."""
    return _append(FORM_PANELS.setdefault(model, []))


def render_panels(panels: Iterable[Callable[..., str]], *args: object) -> list[SafeString]:
    """Call the registered panels with `args` and return their HTML, without the empty ones."""
    return [mark_safe(html) for render in panels if (html := render(*args))]  # noqa: S308  # rendered by templates


def desk_section(find: FindSection) -> FindSection:
    """Register a section of the desk; None for people for whom there is none."""
    return _append(DESK_SECTIONS)(find)


def evidence(clause: str) -> Callable[[FindEvidence], FindEvidence]:
    """Register a function that finds evidence for a clause (a value of `meetings.clauses.Point`)."""
    return _append(EVIDENCE.setdefault(clause, []))


def extra_buttons(model: type[M]) -> Callable[[FindButtons[M]], FindButtons[M]]:
    """Register a function that returns additional buttons for the page of a record."""
    return _append(EXTRA_BUTTONS.setdefault(model, []))


def work_source(source: WorkSource) -> None:
    """Register a source of tasks."""
    WORK_SOURCES.append(source)


def work_action(name: str, action: WorkAction) -> None:
    """Register how the work items of an action are shown."""
    WORK_ACTIONS[name] = action
