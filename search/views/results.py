"""What both doors show of a result: its lines, its filters, its pages, and what must be said about it.

Key concepts
- `Line`: a hit as `components/ledger_line.html` takes it.
- `filters(query, result)`: the facets as links; each address holds the whole query.
- `listing(query, result, problems, lines)`: the context of both templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.document import FACETS
from search.query import DATE, RELEVANCE, Query
from search.result import Hit, Result

LABELS = {
    "kind": gettext_lazy("Kind"),
    "conference": gettext_lazy("Joint conference"),
    "year": gettext_lazy("Year"),
    "department": gettext_lazy("Department"),
    "stage": gettext_lazy("Progress"),
    "category": gettext_lazy("Subject"),
    "tag": gettext_lazy("Tag"),
}
SHOWN = 6


@dataclass(frozen=True)
class Line:
    """A hit: what it is, who, by when, how far; `about` says what kind of thing it is, and of which day."""

    what: SafeString
    url: str
    about: str
    number: str
    lead: str
    lead_as: str
    co: str
    when: str
    stage: str
    word: str
    passage: SafeString


@dataclass(frozen=True)
class Option:
    """One link of a filter: its words, how many it leaves, and whether it is chosen."""

    label: str
    query: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """A facet as links: those that are shown at once, and the rest."""

    name: str
    label: str
    options: Sequence[Option]
    more: Sequence[Option]


@dataclass(frozen=True)
class Link:
    """A link and whether it leads to what is shown already."""

    label: str
    query: str
    chosen: bool


def about(hit: Hit) -> str:
    """Return what kind of thing a hit is, of which conference, and of which day."""
    day = date_format(hit.day, "DATE_FORMAT") if hit.day else ""
    return " · ".join(part for part in (hit.kind_label, hit.data["place"], day) if part)


def filters(query: Query, result: Result) -> list[Filter]:
    """Return the facets that divide the result, or that something was chosen of."""
    found: list[Filter] = []
    for name in FACETS:
        chosen = query.chosen.get(name, ())
        counts = result.facets[name]
        if not chosen and len(counts) < 2:
            continue
        options = [
            Option(each.label, query.toggled(name, each.value).to_url(), each.count, each.value in chosen)
            for each in sorted(counts, key=lambda each: each.value not in chosen)  # what was chosen is never folded in
        ]
        shown = max(SHOWN, len(chosen))
        found.append(Filter(name, str(LABELS[name]), options[:shown], options[shown:]))
    return found


def picked(found: Sequence[Filter]) -> list[Option]:
    """Return what was chosen, each as the link that takes it away."""
    return [option for each in found for option in each.options if option.chosen]


def _page(query: Query, result: Result) -> Page[int] | None:
    """Return the page for `components/pagination.html`; None beyond the last one."""
    if query.page > result.pages:
        return None
    return Paginator(range(result.total), query.page_size).page(query.page)


def _notices(query: Query, result: Result, problems: Sequence[str]) -> list[str]:
    notices = [*problems, *([result.message] if result.message else [])]
    if result.relaxed:
        notices.append(
            _("Nothing contains all of “%(text)s”. Shown is what contains at least half of its words.")
            % {"text": query.text}
        )
    if result.total and query.page > result.pages:
        notices.append(
            _("There is no page %(number)s; the last one is page %(last)s.")
            % {"number": query.page, "last": result.pages}
        )
    return notices


def listing(query: Query, result: Result, problems: Sequence[str], lines: Sequence[Line]) -> dict[str, Any]:
    """Return what both templates show."""
    sorts = ((RELEVANCE, _("Title hits first")), (DATE, _("Newest first")))
    divided = filters(query, result)
    return {
        "query": query,
        "result": result,
        "lines": lines,
        "filters": divided,
        "picked": picked(divided),
        "narrowed": query.narrowed,
        "notices": _notices(query, result, problems),
        "sorts": [Link(label, query.sorted_by(sort).to_url(), query.sort == sort) for sort, label in sorts],
        "page_obj": _page(query, result),
        "page_query": query.on_page(1).to_url(),
        "exports": [
            Link(label, urlencode([*query.on_page(1).params(), ("export", form)]), chosen=False)
            for form, label in (("xlsx", _("Export to Excel")), ("csv", _("Export as CSV")))
        ],
        "widened": query.widened().to_url(),
        "kept": [(name, value) for name, value in query.params() if name not in {"q", "since", "until", "page"}],
    }
