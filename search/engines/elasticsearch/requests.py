"""The questions in Elasticsearch's own language, and reading its answers; an answer of another shape is refused.

Key concepts
- `Scope`: what is asked for, of whom, without what. `page(scope, …)`, `exists`, `titles`, `holders`, `alike`: requests.
- `ask(index, request)`: send one; `Answered`: what came back.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.query import Query as Clause

from search.engines.elasticsearch.client import Unusable
from search.engines.elasticsearch.mapping import PAIRS, paired, written
from search.reader import Reader
from search.terms import Wanted
from search.text import Phrase

MOST_VALUES = 65_000  # of all facets together; a cluster counts no more in one answer
IN_TITLE, ALL = "title", "all"
ROUNDED = 1e-5  # a cluster scores with fewer digits

Order = tuple[int, int, int, str, int]  # 0 for a hit in the title, and then as the embedded engine orders


@dataclass(frozen=True)
class Scope:
    """What the reader may find of what is wanted in these days, `without` the keys of what is laid over the answer."""

    reader: Reader
    what: Wanted
    without: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    in_title: bool = False

    def clause(self) -> Clause:
        """Return the conditions; none of them counts for the order."""
        must = [Q("terms", tokens=sorted(self.reader.tokens)), *holds("words", self.what)]
        must += holds("title_words", self.what) if self.in_title else []
        if self.since or self.until:
            last = self.until or date.max - timedelta(days=1)  # the last day of all is that of what has none
            must.append(Q("range", day={"gte": (self.since or date.min).toordinal(), "lte": last.toordinal()}))
        must_not = [_phrase("words", phrase) for phrase in self.what.without]
        must_not += [Q("ids", values=list(self.without))] if self.without else []
        return Q("bool", filter=must, must_not=must_not)


@dataclass(frozen=True)
class Answered:
    """An answer: how many, the hits of the part that was asked for in order, and the counts by id of the value."""

    total: int
    hits: list[tuple[Order, int]]
    counts: Mapping[str, Counter[int]] = field(default_factory=dict)


def holds(name: str, what: Wanted) -> list[Clause]:
    """Return the conditions under which the field `name` holds enough of what is wanted; none when nothing is."""
    phrases = [_phrase(name, phrase) for phrase in what.phrases]
    if what.all:
        return phrases
    return [Q("bool", should=phrases, minimum_should_match=what.need)]


def _phrase(name: str, phrase: Phrase) -> Clause:
    if len(phrase) == 1:
        return Q("term", **{name: written(phrase)})
    return Q("match_phrase", **{name: written(phrase)})


def page(
    scope: Scope, chosen: Mapping[str, Collection[int]], *, title_first: bool, first: int, size: int
) -> dict[str, Any]:
    """Return the request for a part of the hits, with the counts of every value (`ALL`), and once more for each facet
    of which something is chosen, as if nothing of it were.
    """
    clause = scope.clause()
    if title_first:
        title = Q("bool", filter=holds("title_words", scope.what))
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
    return _request(search, [*(["_score"] if title_first else []), *ORDER])


ORDER: list[Any] = [{"day": "desc"}, {"number": "desc"}, "kind", "row"]


def _request(search: Search[Any], order: list[Any]) -> dict[str, Any]:
    return {**search.extra(stored_fields="_none_").to_dict(), "sort": order}


def exists(scope: Scope) -> dict[str, Any]:
    """Return the request that tells whether anything is found."""
    return {**Search().query(scope.clause()).extra(size=0, terminate_after=1).to_dict(), "track_total_hits": 1}


def anything() -> dict[str, Any]:
    """Return the request for any hit at all, by which an index is tried."""
    return _request(Search().extra(size=1, _source=False), ORDER)


def titles(scope: Scope, size: int) -> dict[str, Any]:
    """Return the request for the first hits with a title of their own."""
    search = Search().query(scope.clause()).extra(size=size, _source=False, collapse={"field": "title"})
    return _request(search, ORDER)


def holders(scope: Scope, pairs: Sequence[Phrase], kind: str) -> dict[str, Any]:
    """Return the request that counts the documents of a kind that hold each of `pairs`, and those that hold any."""
    any_of_them = Q("terms", **{PAIRS: [paired(pair) for pair in pairs]})
    clause = Q("bool", filter=[scope.clause(), Q("term", kind=kind), any_of_them])
    search = Search().query(clause).extra(size=0, track_total_hits=True)
    search.aggs.bucket("pairs", A("filters", filters={str(at): _pair(pair) for at, pair in enumerate(pairs)}))
    return search.to_dict()


def alike(scope: Scope, weights: Sequence[tuple[Phrase, float]], kind: str, enough: float, size: int) -> dict[str, Any]:
    """Return the request for the documents of a kind whose pairs weigh `enough` together, the heaviest first."""
    shared = [Q("constant_score", filter=_pair(pair), boost=weight) for pair, weight in weights]
    conditions = [scope.clause(), Q("term", kind=kind)]
    clause = Q("bool", filter=conditions, should=shared, minimum_should_match=1)
    search = Search().query(clause).extra(size=size, _source=False, min_score=enough * (1 - ROUNDED))
    return _request(search, ["_score", *ORDER])


def _pair(pair: Phrase) -> Clause:
    return Q("term", **{PAIRS: paired(pair)})


def ask(connection: Elasticsearch, index: str, request: Mapping[str, Any], *, scored: bool = False) -> Answered:
    """Send a request and read the answer; `scored` when the first thing it is sorted by is the score.

    Raises one of `client.FAILURES`.
    """
    answer = connection.search(index=index, body=dict(request), allow_partial_search_results=False)
    try:
        return _read(answer.body, scored=scored)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise Unusable(f"an answer of another shape: {error!r}") from error


def _read(answer: Mapping[str, Any], *, scored: bool) -> Answered:
    if answer["timed_out"] or answer["_shards"]["failed"]:
        raise Unusable("an answer that was cut short")
    found = answer["hits"]
    hits = []
    for hit in found["hits"]:
        score, (day, number, kind, row) = (hit["sort"][0], hit["sort"][1:]) if scored else (0, hit["sort"])
        hits.append(((0 if score else 1, -int(day), -int(number), str(kind), int(row)), int(row)))
    counts = {name: _counted(each) for name, each in answer.get("aggregations", {}).items()}
    return Answered(int(found["total"]["value"]) if "total" in found else len(hits), hits, counts)


def _counted(of: Mapping[str, Any]) -> Counter[int]:
    """Return the counts of a facet by the ids of its values, those of several conditions by their places."""
    if "values" not in of:
        return Counter({int(place): int(bucket["doc_count"]) for place, bucket in of["buckets"].items()})
    if of["values"]["sum_other_doc_count"]:
        raise Unusable("more values than can be counted")
    return Counter({int(bucket["key"]): int(bucket["doc_count"]) for bucket in of["values"]["buckets"]})
