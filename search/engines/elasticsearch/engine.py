"""The engine that asks Elasticsearch. It raises if there is no correct answer; `circuit_breaker` handles this.

Hits are ids in order. The documents are read from the embedded index, where the reader's tokens are checked again. The
embedded engine answers for pages far behind the first and for exports, because a cluster returns 10,000 hits at most.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from search.engines.base import SIMILAR_KIND, Engine, Matches, Row
from search.engines.document_cache import DocumentCache, Entry, Value, get_cache
from search.engines.elasticsearch import requests
from search.engines.elasticsearch.client import client
from search.engines.elasticsearch.pending_changes import index_and_overlay, sort_key
from search.engines.elasticsearch.requests import Scope, SearchResponse
from search.engines.embedded import EmbeddedEngine
from search.engines.filtering import count_values, facet_counts, filter_by_facets, read_rows, within_days
from search.engines.similarity import MIN_SHARED_WEIGHT, pairs_of, weights
from search.models import SearchValue
from search.query import DATE, Query
from search.reader import Reader
from search.terms import TextQuery

MAX_DEPTH = 10_000  # hits; the default limit of a cluster (`max_result_window`)
MOST_PHRASES = 200  # a cluster would refuse a larger query


class ElasticsearchEngine(Engine):
    """Answers one search. Its requests use one state of index and outbox, and share one time limit."""

    def __init__(self, seconds: float) -> None:
        """Start a search that may take `seconds`: read the name of the index in use and the pending changes.

        Raises `NotReady` or `TooFarBehind`.
        """
        self.deadline = time.monotonic() + seconds
        self.cache: DocumentCache = get_cache()
        self.index, self.overlay = index_and_overlay()

    def has_match(self, reader: Reader, text_query: TextQuery) -> bool:
        if self._pending_matches(reader, text_query):
            return True
        return self._execute(requests.exists(self._scope(reader, text_query))).total > 0

    def find(self, query: Query, reader: Reader, text_query: TextQuery) -> Matches:
        if (
            query.page * query.page_size > MAX_DEPTH
            or len(text_query.phrases) + len(text_query.excluded) > MOST_PHRASES
        ):
            return EmbeddedEngine().find(query, reader, text_query)
        title_first = query.sort != DATE and bool(text_query.phrases)
        chosen = self._chosen_ids(query)
        pending = within_days(self._pending_matches(reader, text_query), query)
        pending_hits = filter_by_facets(pending, chosen)
        first, last = (query.page - 1) * query.page_size, query.page * query.page_size
        start = first if not pending_hits else 0  # the positions of pending hits depend on all hits before
        scope = self._scope(reader, text_query, query)
        request = requests.page(scope, chosen, title_first=title_first, first=start, size=last - start)
        response = self._execute(request, scored=title_first)
        title_ids: Collection[int] = ()
        if title_first and pending_hits:
            title_ids = {entry.pk for entry in self._pending_matches(reader, text_query, in_title=True)}
        hits = sorted([*response.hits, *((sort_key(entry, title_ids), entry.pk) for entry in pending_hits)])
        page = read_rows([pk for _, pk in hits[first - start : last - start]], reader)
        counts = _add_counts(response.counts, count_values(pending, chosen))
        return Matches(response.total + len(pending_hits), page, facet_counts(counts, self._values(counts), query))

    def titles(self, reader: Reader, text_query: TextQuery, size: int) -> list[str]:
        pending_hits = self._pending_matches(reader, text_query, in_title=True)
        response = self._execute(requests.titles(self._scope(reader, text_query, in_title=True), size))
        hits = sorted([*response.hits, *((sort_key(entry), entry.pk) for entry in pending_hits)])
        return list(dict.fromkeys(row.title for row in read_rows([pk for _, pk in hits], reader)))[:size]

    def similar_rows(self, reader: Reader, text: str, excluded_keys: Collection[str], size: int) -> list[Row]:
        """Return the resolutions that share most rare token pairs with `text`.

        The embedded engine answers while changes of resolutions are pending: their weights cannot be combined with the
        cluster's.
        """
        if any(entry.kind == SIMILAR_KIND for entry in self.cache.entries(self.overlay.ids)):
            return EmbeddedEngine().similar_rows(reader, text, excluded_keys, size)
        pairs, scope = pairs_of(text), self._scope(reader, TextQuery(), excluded_keys=excluded_keys)
        if not pairs:
            return []
        response = self._execute(requests.pair_counts(scope, pairs, SIMILAR_KIND))
        pair_weights = weights([response.counts["pairs"][at] for at in range(len(pairs))], response.total)
        weighted = [(pair, weight) for pair, weight in zip(pairs, pair_weights, strict=True) if weight]
        if not weighted:
            return []
        request = requests.similar(scope, weighted, SIMILAR_KIND, MIN_SHARED_WEIGHT * sum(pair_weights), size)
        return read_rows([pk for _, pk in self._execute(request, scored=True).hits], reader)

    def all_rows(self, query: Query) -> Iterator[Row]:
        """Yield every hit from the embedded engine, which cannot fail halfway."""
        return EmbeddedEngine().all_rows(query)

    def _pending_matches(self, reader: Reader, text_query: TextQuery, *, in_title: bool = False) -> list[Entry]:
        """Return the pending documents that match. The time spent here does not count against the cluster."""
        began = time.monotonic()
        found = self.overlay.matching(self.cache, reader, text_query, in_title=in_title)
        self.deadline += time.monotonic() - began
        return found

    def _scope(
        self,
        reader: Reader,
        text_query: TextQuery,
        query: Query | None = None,
        *,
        excluded_keys: Collection[str] = (),
        in_title: bool = False,
    ) -> Scope:
        days = (query.since, query.until) if query else (None, None)
        return Scope(reader, text_query, [*self.overlay.keys, *excluded_keys], *days, in_title=in_title)

    def _execute(self, request: Mapping[str, object], *, scored: bool = False) -> SearchResponse:
        left = max(0.05, self.deadline - time.monotonic())
        return requests.execute(client(left), self.index, request, scored=scored)

    def _chosen_ids(self, query: Query) -> dict[str, set[int]]:
        return {
            name: set(SearchValue.objects.filter(name=name, value__in=values).values_list("pk", flat=True))
            for name, values in query.chosen.items()
        }

    def _values(self, counts: Mapping[str, Counter[int]]) -> Mapping[int, Value]:
        self.cache.load_values({pk for each in counts.values() for pk in each})
        return self.cache.values


def _add_counts(one: Mapping[str, Counter[int]], other: Mapping[str, Counter[int]]) -> dict[str, Counter[int]]:
    return {name: one[name] + other[name] for name in other}
