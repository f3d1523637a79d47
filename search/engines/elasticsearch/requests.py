"""Builds requests in Elasticsearch's query language and parses the answers. Answers of unexpected shape are rejected.

- `Scope`: the base condition of a request. `page(scope, …)`, `exists`, `titles`, `pair_counts`, `similar`: requests.
- `execute(connection, index, request)`: send a request. `SearchResponse`: the parsed answer.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.query import Query as Clause

from search.engines.elasticsearch.client import UnusableResponse
from search.engines.elasticsearch.mapping import PAIRS, encode_pair, encode_phrase
from search.reader import Reader
from search.terms import TextQuery
from search.text import Phrase

MOST_VALUES = 65_000  # of all facets together; below the limit of a cluster (`search.max_buckets`)
IN_TITLE, ALL = "title", "all"
SCORE_TOLERANCE = 1e-5  # scores of a cluster have fewer digits

SortKey = tuple[int, int, int, str, int]  # 0 for a title match, then the order of the embedded engine


@dataclass(frozen=True)
class Scope:
    """Documents that `reader` may see and that match the text and days, except those with `excluded_keys`."""

    reader: Reader
    text_query: TextQuery
    excluded_keys: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    in_title: bool = False

    def clause(self) -> Clause:
        """Return the conditions as a filter, without influence on scores."""
        must = [Q("terms", tokens=sorted(self.reader.tokens)), *match_conditions("words", self.text_query)]
        must += match_conditions("title_words", self.text_query) if self.in_title else []
        if self.since or self.until:
            last = self.until or date.max - timedelta(days=1)  # the last day stands for documents without a day
            must.append(Q("range", day={"gte": (self.since or date.min).toordinal(), "lte": last.toordinal()}))
        must_not = [_phrase("words", phrase) for phrase in self.text_query.excluded]
        must_not += [Q("ids", values=list(self.excluded_keys))] if self.excluded_keys else []
        return Q("bool", filter=must, must_not=must_not)


@dataclass(frozen=True)
class SearchResponse:
    """A parsed answer: the total, the hits with sort key and id, and the counts by value id."""

    total: int
    hits: list[tuple[SortKey, int]]
    counts: Mapping[str, Counter[int]] = field(default_factory=dict)


def match_conditions(name: str, text_query: TextQuery) -> list[Clause]:
    """Return the conditions under which the field `name` matches. Empty if the query has no phrases."""
    phrases = [_phrase(name, phrase) for phrase in text_query.phrases]
    if text_query.all:
        return phrases
    return [Q("bool", should=phrases, minimum_should_match=text_query.min_match)]


def _phrase(name: str, phrase: Phrase) -> Clause:
    if len(phrase) == 1:
        return Q("term", **{name: encode_phrase(phrase)})
    return Q("match_phrase", **{name: encode_phrase(phrase)})


def page(
    scope: Scope, chosen: Mapping[str, Collection[int]], *, title_first: bool, first: int, size: int
) -> dict[str, object]:
    """Return the request for a range of the hits, with the counts of every value (`ALL`).

    For each facet with selected values, it counts once more without the selection in that facet.
    """
    clause = scope.clause()
    if title_first:
        title = Q("bool", filter=match_conditions("title_words", scope.text_query))
        clause = Q("bool", filter=[clause], should=[Q("constant_score", filter=title, boost=1.0)])
    search = Search().query(clause).extra(track_total_hits=True, from_=first, size=size, _source=False)
    narrowed = {name: Q("terms", values=[str(pk) for pk in ids]) for name, ids in chosen.items()}
    if narrowed:
        search = search.post_filter(Q("bool", filter=list(narrowed.values())))
    for facet in (ALL, *narrowed):
        others = [each for name, each in narrowed.items() if name != facet]
        search.aggs.bucket(facet, A("filter", filter=Q("bool", filter=others))).bucket(
            "values", A("terms", field="values", size=MOST_VALUES)
        )
    return _request(search, [*(["_score"] if title_first else []), *SORT])


Order = Sequence[str | dict[str, str]]
SORT: Order = [{"day": "desc"}, {"number": "desc"}, "kind", "row"]


def _request(search: Search[Any], order: Order) -> dict[str, object]:
    return {**search.extra(stored_fields="_none_").to_dict(), "sort": order}


def exists(scope: Scope) -> dict[str, object]:
    """Return the request that checks whether anything matches."""
    return {**Search().query(scope.clause()).extra(size=0, terminate_after=1).to_dict(), "track_total_hits": 1}


def any_hit() -> dict[str, object]:
    """Return the request for any one hit, used as a probe."""
    return _request(Search().extra(size=1, _source=False), SORT)


def titles(scope: Scope, size: int) -> dict[str, object]:
    """Return the request for the first hits with distinct titles."""
    search = Search().query(scope.clause()).extra(size=size, _source=False, collapse={"field": "title"})
    return _request(search, SORT)


def pair_counts(scope: Scope, pairs: Sequence[Phrase], kind: str) -> dict[str, object]:
    """Return the request that counts the documents of `kind` that contain each of `pairs`, and any of them."""
    any_of_them = Q("terms", **{PAIRS: [encode_pair(pair) for pair in pairs]})
    clause = Q("bool", filter=[scope.clause(), Q("term", kind=kind), any_of_them])
    search = Search().query(clause).extra(size=0, track_total_hits=True)
    search.aggs.bucket("pairs", A("filters", filters={str(index): _pair(pair) for index, pair in enumerate(pairs)}))
    return search.to_dict()


def similar(
    scope: Scope, weights: Sequence[tuple[Phrase, float]], kind: str, min_score: float, size: int
) -> dict[str, object]:
    """Return the request for documents of `kind` whose pairs weigh at least `min_score`, the heaviest first."""
    shared = [Q("constant_score", filter=_pair(pair), boost=weight) for pair, weight in weights]
    conditions = [scope.clause(), Q("term", kind=kind)]
    clause = Q("bool", filter=conditions, should=shared, minimum_should_match=1)
    search = Search().query(clause).extra(size=size, _source=False, min_score=min_score * (1 - SCORE_TOLERANCE))
    return _request(search, ["_score", *SORT])


def _pair(pair: Phrase) -> Clause:
    return Q("term", **{PAIRS: encode_pair(pair)})


def execute(
    connection: Elasticsearch, index: str, request: Mapping[str, object], *, scored: bool = False
) -> SearchResponse:
    """Send a request and parse the answer. `scored`: the first sort criterion is the score.

    Raises one of `client.FAILURES`.
    """
    answer = connection.search(index=index, body=dict(request), allow_partial_search_results=False)
    try:
        return _parse(answer.body, scored=scored)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise UnusableResponse(f"an answer of another shape: {error!r}") from error


def _parse(answer: Mapping[str, Any], *, scored: bool) -> SearchResponse:
    if answer["timed_out"] or answer["_shards"]["failed"]:
        raise UnusableResponse("an answer that was cut short")
    found = answer["hits"]
    hits = []
    for hit in found["hits"]:
        score, (day, number, kind, row) = (hit["sort"][0], hit["sort"][1:]) if scored else (0, hit["sort"])
        hits.append(((0 if score else 1, -int(day), -int(number), str(kind), int(row)), int(row)))
    counts = {name: _parse_counts(each) for name, each in answer.get("aggregations", {}).items()}
    return SearchResponse(int(found["total"]["value"]) if "total" in found else len(hits), hits, counts)


def _parse_counts(of: Mapping[str, Any]) -> Counter[int]:
    """Return the counts of a facet by value id, or those of several filters by their index."""
    if "values" not in of:
        return Counter({int(place): int(bucket["doc_count"]) for place, bucket in of["buckets"].items()})
    if of["values"]["sum_other_doc_count"]:
        raise UnusableResponse("more values than can be counted")
    return Counter({int(bucket["key"]): int(bucket["doc_count"]) for bucket in of["values"]["buckets"]})
