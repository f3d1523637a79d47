"""The engine that asks Elasticsearch. It raises when there is no right answer to be had: `guard` sees to that.

Hits come back as ids in order; the documents are read from the embedded index, by the reader's rights once more. Pages
far behind the first, and exports, are answered by the embedded engine: a cluster gives 10,000 hits and no more.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from search.engines.base import MATTERS, Engine, Found, Row
from search.engines.document_cache import Entry, Memory, memory
from search.engines.elasticsearch import requests
from search.engines.elasticsearch.client import client
from search.engines.elasticsearch.pending_changes import order, standing
from search.engines.elasticsearch.requests import Answered, Scope
from search.engines.embedded import EmbeddedEngine
from search.engines.filtering import facets, narrowed, rows, tallied, within_days
from search.engines.similarity import SHARED, pairs_of, weights
from search.models import SearchValue
from search.query import DATE, Query
from search.reader import Reader
from search.terms import Wanted

DEEPEST = 10_000  # hits; what a cluster gives without being told otherwise
MOST_PHRASES = 200  # a question of more would be refused


class ElasticsearchEngine(Engine):
    """Answers one search from Elasticsearch: what is asked within it is of one moment and shares one time-out."""

    def __init__(self, seconds: float) -> None:
        """Begin a search that may take `seconds`: read which index answers, and what waits.

        Raises `NotReady` or `TooFarBehind`.
        """
        self.ends = time.monotonic() + seconds
        self.known: Memory = memory()
        self.index, self.overlay = standing()

    def holds(self, reader: Reader, what: Wanted) -> bool:
        """Tell whether anything that `reader` may see has `what` in it."""
        if self._waiting(reader, what):
            return True
        return self._ask(requests.exists(self._scope(reader, what))).total > 0

    def find(self, query: Query, reader: Reader, what: Wanted) -> Found:
        """Return what of `what` the query's filters leave, on its page; counts and rows obey `reader`."""
        if query.page * query.page_size > DEEPEST or len(what.phrases) + len(what.without) > MOST_PHRASES:
            return EmbeddedEngine().find(query, reader, what)
        title_first = query.sort != DATE and bool(what.phrases)
        chosen = self._chosen(query)
        waiting = within_days(self._waiting(reader, what), query)
        own = narrowed(waiting, chosen)
        first, last = (query.page - 1) * query.page_size, query.page * query.page_size
        start = first if not own else 0  # where the own ones fall is known from the first hit on
        scope = self._scope(reader, what, query)
        request = requests.page(scope, chosen, title_first=title_first, first=start, size=last - start)
        answered = self._ask(request, scored=title_first)
        titled: Collection[int] = ()
        if title_first and own:
            titled = {entry.pk for entry in self._waiting(reader, what, in_title=True)}
        hits = sorted([*answered.hits, *((order(entry, titled), entry.pk) for entry in own)])
        page = rows([pk for _, pk in hits[first - start : last - start]], reader)
        counts = _sum(answered.counts, tallied(waiting, chosen))
        return Found(answered.total + len(own), page, facets(counts, self._values(counts), query))

    def titles(self, reader: Reader, what: Wanted, size: int) -> list[str]:
        """Return the first different titles that hold `what`, as hits are ordered by date."""
        own = self._waiting(reader, what, in_title=True)
        answered = self._ask(requests.titles(self._scope(reader, what, in_title=True), size))
        hits = sorted([*answered.hits, *((order(entry), entry.pk) for entry in own)])
        return list(dict.fromkeys(row.title for row in rows([pk for _, pk in hits], reader)))[:size]

    def alike(self, reader: Reader, text: str, without: Collection[str], size: int) -> list[Row]:
        """Return the resolutions that share most of what is rare in `text`.

        While resolutions wait the embedded engine answers: how alike they are cannot be told beside the cluster's own.
        """
        if any(entry.kind == MATTERS for entry in self.known.entries(self.overlay.ids)):
            return EmbeddedEngine().alike(reader, text, without, size)
        pairs, scope = pairs_of(text), self._scope(reader, Wanted(), without=without)
        if not pairs:
            return []
        held = self._ask(requests.holders(scope, pairs, MATTERS))
        counting = weights([held.counts["pairs"][at] for at in range(len(pairs))], held.total)
        heavy = [(pair, weight) for pair, weight in zip(pairs, counting, strict=True) if weight]
        if not heavy:
            return []
        request = requests.alike(scope, heavy, MATTERS, SHARED * sum(counting), size)
        return rows([pk for _, pk in self._ask(request, scored=True).hits], reader)

    def every(self, query: Query) -> Iterator[Row]:
        """Yield every hit of `query`, from the embedded engine, which does not break off half way."""
        return EmbeddedEngine().every(query)

    def _waiting(self, reader: Reader, what: Wanted, *, in_title: bool = False) -> list[Entry]:
        """Return what is found of what waits; the time that it takes is not the cluster's."""
        began = time.monotonic()
        found = self.overlay.matching(self.known, reader, what, in_title=in_title)
        self.ends += time.monotonic() - began
        return found

    def _scope(
        self,
        reader: Reader,
        what: Wanted,
        query: Query | None = None,
        *,
        without: Collection[str] = (),
        in_title: bool = False,
    ) -> Scope:
        days = (query.since, query.until) if query else (None, None)
        return Scope(reader, what, [*self.overlay.keys, *without], *days, in_title=in_title)

    def _ask(self, request: Mapping[str, Any], *, scored: bool = False) -> Answered:
        left = max(0.05, self.ends - time.monotonic())
        return requests.ask(client(left), self.index, request, scored=scored)

    def _chosen(self, query: Query) -> dict[str, set[int]]:
        return {
            name: set(SearchValue.objects.filter(name=name, value__in=values).values_list("pk", flat=True))
            for name, values in query.chosen.items()
        }

    def _values(self, counts: Mapping[str, Counter[int]]) -> Mapping[int, Any]:
        self.known.learn({pk for each in counts.values() for pk in each})
        return self.known.values


def _sum(one: Mapping[str, Counter[int]], other: Mapping[str, Counter[int]]) -> dict[str, Counter[int]]:
    return {name: one[name] + other[name] for name in other}
