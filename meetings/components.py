"""Data of the templates in `templates/components/` that every app uses: ledger lines, timelines, filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from meetings.clauses import NO_CITATION, Citation


@dataclass(frozen=True)
class LedgerLine:
    """A resolution or a search result in a list (`components/ledger_line.html`).

    - `what`: the title; `url`: the address that it links to, or empty.
    - `number`: the public number, or the number within the minutes.
    - `lead`, `co`: names of the lead department and of the co-operating ones, joined; may be empty.
    - `when`: the deadline as written; may be empty.
    - `stage`, `word`: code (see `components/mark.html`) and label of the stage; may be empty.
    - `wording`: the text that the public reads, where the page shows it too.
    - `about`: kind, conference and day of a search result; `passage`: its matching passage, safe HTML if highlighted.
    - `lead_as`: label of `lead` in a search result where it is not the lead department.
    """

    what: str
    url: str
    number: str
    lead: str
    co: str
    when: str
    stage: str
    word: str
    wording: str = ""
    about: str = ""
    passage: str = ""
    lead_as: str = ""


@dataclass(frozen=True)
class TimelinePoint:
    """A point of a timeline (`components/thread.html`): icon of the stage, label, date, more text, address, clause."""

    stage: str
    label: str
    on: date | None = None
    text: str = ""
    url: str = ""
    clause: Citation = NO_CITATION


@dataclass(frozen=True)
class FilterOption:
    """A link of a filter: label, query string, number of results if known, and whether it is chosen."""

    label: str
    query: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """A filter as links (`components/filters.html`): `options` are shown at once, `more` on demand.

    `name` is the parameter of the query string, where a page needs it.
    """

    label: str
    options: Sequence[FilterOption]
    more: Sequence[FilterOption] = ()
    name: str = ""
