"""The query object: text, reader, filters, order and page. A result page's URL holds all of it except the reader.

- `Query`: frozen. Chosen facet values use the facet's name as URL parameter; `text` is `q`.
- `Query.from_params(params, reader)`: the query and messages about parameters that are invalid.
- `Query.to_url()`: the query string, without defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol, Self
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from search.document import FACETS
from search.reader import Reader

RELEVANCE, DATE = "relevance", "date"
PAGE_SIZE = 20
LAST_PAGE = 1_000_000


class Params(Protocol):
    """The part of Django's `QueryDict` that a query needs."""

    def getlist(self, key: str, /) -> list[str]:
        """Return every value of `key`."""
        ...


@dataclass(frozen=True)
class Query:
    """A search: text, reader, chosen facet values (any of a facet's values may match), days, order and page."""

    text: str = ""
    reader: Reader | None = None
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    sort: str = RELEVANCE
    page: int = 1
    page_size: int = PAGE_SIZE

    @classmethod
    def from_params(cls, params: Params, reader: Reader) -> tuple[Self, list[str]]:
        """Parse URL parameters. Invalid values get their default and a message in the returned list."""
        problems: list[str] = []
        chosen = {name: values for name in FACETS if (values := _values(params, name))}
        since = _day(_last(params, "since"), problems)
        until = _day(_last(params, "until"), problems)
        if since and until and since > until:
            problems.append(_("The first day lies after the last day, so nothing can be found between them."))
        query = cls(
            text=_last(params, "q").strip(),
            reader=reader,
            chosen=chosen,
            since=since,
            until=until,
            sort=DATE if _last(params, "sort") == DATE else RELEVANCE,
            page=_page(_last(params, "page"), problems),
        )
        return query, problems

    @property
    def narrowed(self) -> bool:
        """True if facets or days restrict the result besides the text."""
        return bool(self.chosen or self.since or self.until)

    def params(self) -> list[tuple[str, str]]:
        """Return the URL parameters in a fixed order."""
        pairs = [("q", self.text), *((name, value) for name, values in self.chosen.items() for value in values)]
        pairs += [("since", self.since.isoformat() if self.since else "")]
        pairs += [("until", self.until.isoformat() if self.until else "")]
        pairs += [("sort", self.sort if self.sort != RELEVANCE else "")]
        pairs += [("page", str(self.page) if self.page > 1 else "")]
        return [(name, value) for name, value in pairs if value]

    def to_url(self) -> str:
        """Return the query string, without the question mark."""
        return urlencode(self.params())

    def toggled(self, facet: str, value: str) -> Self:
        """Return this query with `value` of `facet` added or removed, on the first page."""
        old = self.chosen.get(facet, ())
        new = tuple(each for each in old if each != value) if value in old else (*old, value)
        chosen = {name: new if name == facet else self.chosen.get(name, ()) for name in FACETS}
        return replace(self, chosen={name: values for name, values in chosen.items() if values}, page=1)

    def widened(self) -> Self:
        """Return this query without filters, on the first page."""
        return replace(self, chosen={}, since=None, until=None, page=1)

    def sorted_by(self, sort: str) -> Self:
        """Return this query in another order, on the first page."""
        return replace(self, sort=sort, page=1)

    def on_page(self, number: int) -> Self:
        """Return this query on page `number`."""
        return replace(self, page=number)


def _values(params: Params, name: str) -> tuple[str, ...]:
    # A database may refuse NUL in a text. No value contains one, and the invalid value must still restrict the result.
    return tuple(dict.fromkeys(value.replace("\0", "\ufffd") for value in params.getlist(name) if value))


def _last(params: Params, name: str) -> str:
    values = params.getlist(name)
    return values[-1] if values else ""


def _day(text: str, problems: list[str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        problems.append(_("“%(text)s” is not a day. Please write it as 2024-09-05.") % {"text": text[:20]})
        return None


def _page(text: str, problems: list[str]) -> int:
    if not text:
        return 1
    if text.isdecimal() and len(text) <= len(str(LAST_PAGE)) and 1 <= int(text) <= LAST_PAGE:
        return int(text)
    problems.append(_("There is no page “%(text)s”. This is the first page.") % {"text": text[:20]})
    return 1
