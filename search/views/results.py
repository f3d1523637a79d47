"""Context of the result pages, for staff and public: lines, filters, pagination and messages.

- `filters(query, result)`: the facets as links; each URL contains the whole query.
- `result_context(query, result, problems, lines)`: the context of both templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.components import Filter, FilterOption, LedgerLine
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
MAX_SHOWN = 6


@dataclass(frozen=True)
class Link:
    """A link, and whether it leads to the present view."""

    label: str
    query: str
    chosen: bool


def about(hit: Hit) -> str:
    """Return the kind, the conference and the day of a hit as one text."""
    day = date_format(hit.day, "DATE_FORMAT") if hit.day else ""
    return " · ".join(part for part in (hit.kind_label, hit.data["place"], day) if part)


def filters(query: Query, result: Result) -> list[Filter]:
    """Return the facets with at least two values or a selected value."""
    found: list[Filter] = []
    for name in FACETS:
        chosen = query.chosen.get(name, ())
        counts = result.facets[name]
        if not chosen and len(counts) < 2:
            continue
        options = [
            FilterOption(each.label, query.toggled(name, each.value).to_url(), each.count, each.value in chosen)
            for each in sorted(counts, key=lambda each: each.value not in chosen)  # selected options are always shown
        ]
        shown = max(MAX_SHOWN, len(chosen))
        found.append(Filter(str(LABELS[name]), options[:shown], options[shown:], name))
    return found


def picked(found: Sequence[Filter]) -> list[FilterOption]:
    """Return the selected options; each link removes the option."""
    return [option for each in found for option in each.options if option.chosen]


def _page(query: Query, result: Result) -> Page[int] | None:
    """Return the page for `components/pagination.html`, or None beyond the last page."""
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


def result_context(
    query: Query, result: Result, problems: Sequence[str], lines: Sequence[LedgerLine]
) -> dict[str, object]:
    """Return the context of both result templates."""
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
        "hidden_params": [
            (name, value) for name, value in query.params() if name not in {"q", "since", "until", "page"}
        ],
    }
