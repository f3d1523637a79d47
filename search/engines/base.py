"""Base class of the search engines.

An engine implements a few queries on the stored documents. The base class parses and relaxes the text, highlights the
hits, and refuses queries without a reader. All engines return hits in the same order: title matches first, then the
later day, then the higher number, then the kind.

- `Engine.search(query)`: the result object. `all_rows(query)`: all hits, for an export.
- `Engine.suggest(text, reader)`: titles that contain what was typed so far.
- `Engine.similar(text, reader)`: similar decisions.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from search.document import LineData
from search.highlight import highlight, make_snippet
from search.query import Query
from search.reader import Reader, ReaderMissing
from search.result import FacetCount, Hit, Result
from search.terms import TextQuery, parse_query, refusal, relax_query

MAX_SUGGESTIONS, MAX_SIMILAR = 8, 5
MAX_SIMILAR_TEXT = 4000  # characters
SIMILAR_KIND = "resolution"  # the kind of document that similar decisions have


@dataclass(frozen=True)
class Row:
    """A stored document with the fields that a result line needs."""

    key: str
    kind: str
    kind_label: str
    title: str
    texts: Sequence[str]
    day: date | None
    url: str
    data: LineData


@dataclass(frozen=True)
class Matches:
    """The answer of an engine: the total, the rows of the page, and the counts of each facet."""

    total: int
    rows: Sequence[Row]
    facets: Mapping[str, tuple[FacetCount, ...]]


class Engine(ABC):
    """Base class of the search engines. Subclasses run the queries; this class builds the results."""

    @abstractmethod
    def has_match(self, reader: Reader, text_query: TextQuery) -> bool:
        """Return whether any document that `reader` may see matches `text_query`."""

    @abstractmethod
    def find(self, query: Query, reader: Reader, text_query: TextQuery) -> Matches:
        """Return the page of documents that match `text_query` and the query's filters, as visible to `reader`."""

    @abstractmethod
    def titles(self, reader: Reader, text_query: TextQuery, size: int) -> list[str]:
        """Return the first `size` distinct titles that match `text_query`, ordered by date."""

    @abstractmethod
    def similar_rows(self, reader: Reader, text: str, excluded_keys: Collection[str], size: int) -> list[Row]:
        """Return the resolutions that share most rare token pairs with `text`, except those with `excluded_keys`."""

    @abstractmethod
    def all_rows(self, query: Query) -> Iterator[Row]:
        """Yield every hit of `query` in order, ignoring its page. Raises `ReaderMissing` if it has no reader."""

    def search(self, query: Query) -> Result:
        """Return the result of `query`. Raises `ReaderMissing` if it has no reader.

        The text is relaxed only if no document that the reader may see matches it. Filters have no influence on this.
        """
        reader = reader_of(query)
        if message := refusal(query.text):
            return Result(message=message)
        exact = parse_query(query.text)
        found = self.find(query, reader, exact)
        text_query = exact if found.total else self.exact_or_relaxed(query.text, reader)
        if text_query == exact:
            return _result(query, exact, found, relaxed=False)
        return _result(query, text_query, self.find(query, reader, text_query), relaxed=True)

    def exact_or_relaxed(self, text: str, reader: Reader) -> TextQuery:
        """Return the exact query for `text`, or the relaxed one if only that matches a visible document."""
        exact, loose = parse_query(text), relax_query(text)
        return exact if self.has_match(reader, exact) or loose is None or not self.has_match(reader, loose) else loose

    def suggest(self, text: str, reader: Reader) -> list[str]:
        """Return titles that contain every term typed so far, the newest first. Empty if no term is searchable."""
        text_query = parse_query(text)
        return self.titles(reader, text_query, MAX_SUGGESTIONS) if text_query.phrases and not refusal(text) else []

    def similar(
        self, text: str, reader: Reader, excluded_keys: Collection[str] = (), size: int = MAX_SIMILAR
    ) -> list[Hit]:
        """Return decisions similar to `text`, the most similar first, except those with `excluded_keys`."""
        text = text[:MAX_SIMILAR_TEXT]
        return (
            [_hit(row, TextQuery()) for row in self.similar_rows(reader, text, excluded_keys, size)]
            if text.strip()
            else []
        )


def reader_of(query: Query) -> Reader:
    """Return the reader of `query`. Raises `ReaderMissing`."""
    if query.reader is None:
        raise ReaderMissing
    return query.reader


def _result(query: Query, text_query: TextQuery, found: Matches, *, relaxed: bool) -> Result:
    return Result(
        total=found.total,
        hits=tuple(_hit(row, text_query) for row in found.rows),
        facets=found.facets,
        phrases=text_query.phrases,
        relaxed=relaxed,
        page=query.page,
        pages=max(1, -(-found.total // query.page_size)),
    )


def _hit(row: Row, text_query: TextQuery) -> Hit:
    snippet = make_snippet(row.texts, text_query.phrases)
    return Hit(
        key=row.key,
        kind=row.kind,
        kind_label=row.kind_label,
        title=row.title,
        snippet=snippet,
        title_html=highlight(row.title, text_query.phrases),
        snippet_html=highlight(snippet, text_query.phrases),
        day=row.day,
        url=row.url,
        data=row.data,
    )
