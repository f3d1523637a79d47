"""The contract of a search engine, and what every engine does alike.

An engine answers a few questions about the documents that are kept; reading the text, relaxing it, marking the hits and
refusing a query without a reader are done here, once. The order of hits is the same everywhere: what is found in the
title first, then the later day, then the higher number, then the kind.

Key concepts
- `Engine.search(query)`: the result object. `every(query)`: all hits, for an export.
- `Engine.suggest(text, reader)`: titles that hold what was typed so far.
- `Engine.similar(text, reader)`: decisions on the same matter.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from search.highlight import marked, passage
from search.query import Query
from search.reader import Reader, ReaderMissing
from search.result import FacetCount, Hit, Result
from search.terms import Wanted, refusal, relaxed, wanted

SUGGESTED, SIMILAR = 8, 5
LONGEST_MATTER = 4000  # characters
MATTERS = "resolution"  # the kind of what settles a matter


@dataclass(frozen=True)
class Row:
    """A stored document, as far as a line of the result needs it."""

    key: str
    kind: str
    kind_label: str
    title: str
    texts: Sequence[str]
    day: date | None
    url: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """What an engine answers: how many, the rows of the page, and the counts of each facet."""

    total: int
    rows: Sequence[Row]
    facets: Mapping[str, tuple[FacetCount, ...]]


class Engine(ABC):
    """A search engine. Subclasses find; what a reader sees of it is decided here."""

    @abstractmethod
    def holds(self, reader: Reader, what: Wanted) -> bool:
        """Tell whether anything that `reader` may see has `what` in it."""

    @abstractmethod
    def find(self, query: Query, reader: Reader, what: Wanted) -> Found:
        """Return what of `what` the query's filters leave, on its page; counts and rows obey `reader`."""

    @abstractmethod
    def titles(self, reader: Reader, what: Wanted, size: int) -> list[str]:
        """Return the first different titles that hold `what`, as hits are ordered by date."""

    @abstractmethod
    def alike(self, reader: Reader, text: str, without: Collection[str], size: int) -> list[Row]:
        """Return the resolutions that share most of what is rare in `text`, but for those with the keys `without`."""

    @abstractmethod
    def every(self, query: Query) -> Iterator[Row]:
        """Yield every hit of `query`, whatever its page, in order. Raises `ReaderMissing` when it has no reader."""

    def search(self, query: Query) -> Result:
        """Answer `query`. Raises `ReaderMissing` when it has no reader.

        The text is relaxed only when nothing that the reader may see holds it: what filters exclude stays excluded.
        """
        reader = reader_of(query)
        if message := refusal(query.text):
            return Result(message=message)
        exact = wanted(query.text)
        found = self.find(query, reader, exact)
        what = exact if found.total else self.meant(query.text, reader)
        if what == exact:
            return _result(query, exact, found, relaxed=False)
        return _result(query, what, self.find(query, reader, what), relaxed=True)

    def meant(self, text: str, reader: Reader) -> Wanted:
        """Return what `text` asks for: every term of it, or less when nothing that the reader may see holds it all."""
        exact, loose = wanted(text), relaxed(text)
        return exact if self.holds(reader, exact) or loose is None or not self.holds(reader, loose) else loose

    def suggest(self, text: str, reader: Reader) -> list[str]:
        """Return titles that hold every term typed so far, the newest first; none while nothing can be searched."""
        what = wanted(text)
        return self.titles(reader, what, SUGGESTED) if what.phrases and not refusal(text) else []

    def similar(self, text: str, reader: Reader, without: Collection[str] = (), size: int = SIMILAR) -> list[Hit]:
        """Return decisions on the matter of `text`, the most alike first, but for those with the keys `without`."""
        text = text[:LONGEST_MATTER]
        return [_hit(row, Wanted()) for row in self.alike(reader, text, without, size)] if text.strip() else []


def reader_of(query: Query) -> Reader:
    """Return who asks. Raises `ReaderMissing`."""
    if query.reader is None:
        raise ReaderMissing
    return query.reader


def _result(query: Query, what: Wanted, found: Found, *, relaxed: bool) -> Result:
    return Result(
        total=found.total,
        hits=tuple(_hit(row, what) for row in found.rows),
        facets=found.facets,
        phrases=what.phrases,
        relaxed=relaxed,
        page=query.page,
        pages=max(1, -(-found.total // query.page_size)),
    )


def _hit(row: Row, what: Wanted) -> Hit:
    snippet = passage(row.texts, what.phrases)
    return Hit(
        key=row.key,
        kind=row.kind,
        kind_label=row.kind_label,
        title=row.title,
        snippet=snippet,
        title_html=marked(row.title, what.phrases),
        snippet_html=marked(snippet, what.phrases),
        day=row.day,
        url=row.url,
        data=row.data,
    )
