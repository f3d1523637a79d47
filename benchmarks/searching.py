"""Compare our search call with the raw round trip of the same request, and with the embedded engine.

Each query is sent by all sides in turn, so that other load of the machine affects all equally. The requests that our
search sends to Elasticsearch are recorded once and repeated unchanged: through the same client, and as bare bytes over
a persistent connection without parsing the response.
"""

import http.client
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from elasticsearch import Elasticsearch

from benchmarks.measuring import ALL_CLASSES, Times, resident_memory
from benchmarks.questions import queries
from search.engines.elasticsearch import requests
from search.engines.elasticsearch.client import client
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.query import Query

TIMEOUT = 60.0
WARM_UP = 3


class Request(NamedTuple):
    """A request that a search sent."""

    index_name: str
    body: dict[str, Any]


class BareClient:
    """A client that sends bytes to the node over one connection and does not parse the response."""

    def __init__(self) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(settings.ELASTICSEARCH["HOSTS"][0]).netloc)

    def search(self, requests: list[tuple[str, bytes]]) -> None:
        """Send one request after the other, and read each response completely."""
        for name, body in requests:
            path = f"/{name}/_search?allow_partial_search_results=false"
            self._connection.request("POST", path, body, {"Content-Type": "application/json"})
            self._connection.getresponse().read()


@contextmanager
def _recorded_requests() -> Iterator[list[Request]]:
    """Record the requests sent inside the block."""
    recorded: list[Request] = []
    ask = requests.execute

    def recording_ask(connection: Any, index: str, request: Any, *, scored: bool = False) -> requests.SearchResponse:
        recorded.append(Request(index, dict(request)))
        return ask(connection, index, request, scored=scored)

    requests.execute = recording_ask
    try:
        yield recorded
    finally:
        requests.execute = ask


def requests_of(query: Query) -> list[Request]:
    """Return the requests that a search for `query` sends."""
    with _recorded_requests() as recorded:
        ours(query)
    return recorded


def ours(query: Query) -> int:
    """Search in Elasticsearch; return the number of hits."""
    return ElasticsearchEngine(TIMEOUT).search(query).total


def embedded(query: Query) -> int:
    """Search in the embedded index; return the number of hits."""
    return EmbeddedEngine().search(query).total


def raw(es_client: Elasticsearch, requests: list[Request]) -> None:
    """Send the same requests through the same client."""
    for name, body in requests:
        es_client.search(index=name, body=body, allow_partial_search_results=False)


class Side(NamedTuple):
    """A way to search, and its durations by class of question."""

    ask: Callable[[int], object]
    times: defaultdict[str, Times]


def compare(calls: int) -> dict[str, Any]:
    """Run every query until each side has at least `calls`; return times by class, and the memory of the process.

    The embedded engine comes last, so that its memory can be told from the rest.
    """
    questions = list(queries())
    sent = [requests_of(query) for _, query in questions]
    bodies = [[(name, json.dumps(body).encode()) for name, body in requests] for requests in sent]
    bare, es_client = BareClient(), client(TIMEOUT)
    sides = {
        "ours": _side(lambda number: ours(questions[number][1])),
        "raw": _side(lambda number: raw(es_client, sent[number])),
        "bare": _side(lambda number: bare.search(bodies[number])),
    }
    rounds = ceil(calls / len(questions))
    _run_queries(list(sides.values()), questions, rounds)
    memory = {"portal": resident_memory()}
    sides["embedded"] = _side(lambda number: embedded(questions[number][1]))
    _run_queries([sides["embedded"]], questions, rounds)
    memory["portal with the embedded engine"] = resident_memory()
    totals = [(embedded(query), ours(query)) for _, query in questions]
    return {
        "times": {name: {key: times.summary() for key, times in side.times.items()} for name, side in sides.items()},
        "memory": memory,
        "queries": len(questions),
        "same": sum(one == other for one, other in totals),
        "hits": [one for one, _ in totals],
    }


def _side(ask: Callable[[int], object]) -> Side:
    return Side(ask, defaultdict(Times))


def _run_queries(sides: list[Side], questions: list[tuple[str, Query]], rounds: int) -> None:
    """Run each query on all sides in turn, in alternating order from round to round; the first rounds warm up."""
    for each in range(-WARM_UP, rounds):
        for number, (name, _) in enumerate(questions):
            for side in sides if each % 2 else reversed(sides):
                elapsed = Times()
                with elapsed.timed():
                    side.ask(number)
                if each >= 0:
                    side.times[name].taken += elapsed.taken
                    side.times[ALL_CLASSES].taken += elapsed.taken
