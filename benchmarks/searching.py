"""Our search call beside the raw round trip of the same request, and the embedded engine on the same queries.

Each query is asked by all in turn, so that what else the machine does meets all alike. What a search of ours sends to
Elasticsearch is written down once and sent again as it is: through the same client, and as bare bytes over a kept
connection, unread.
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

from benchmarks.measuring import ALL, Times, resident
from benchmarks.questions import queries
from search.engines.elasticsearch import requests
from search.engines.elasticsearch.client import client
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.query import Query

PATIENT = 60.0
WARM_UP = 3


class Request(NamedTuple):
    """What was sent for a query."""

    of: str
    body: dict[str, Any]


class Bare:
    """Sends bytes to the node over one connection and reads the answer without looking at it."""

    def __init__(self) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(settings.ELASTICSEARCH["HOSTS"][0]).netloc)

    def search(self, requests: list[tuple[str, bytes]]) -> None:
        """Ask one after the other, and wait for the whole of each answer."""
        for name, body in requests:
            path = f"/{name}/_search?allow_partial_search_results=false"
            self._connection.request("POST", path, body, {"Content-Type": "application/json"})
            self._connection.getresponse().read()


@contextmanager
def _written_down() -> Iterator[list[Request]]:
    """Keep what is asked inside."""
    kept: list[Request] = []
    ask = requests.ask

    def noted(connection: Any, index: str, request: Any, *, scored: bool = False) -> requests.Answered:
        kept.append(Request(index, dict(request)))
        return ask(connection, index, request, scored=scored)

    requests.ask = noted
    try:
        yield kept
    finally:
        requests.ask = ask


def requests_of(query: Query) -> list[Request]:
    """Return what a search for `query` sends."""
    with _written_down() as kept:
        ours(query)
    return kept


def ours(query: Query) -> int:
    """Answer `query` from Elasticsearch; returns how many."""
    return ElasticsearchEngine(PATIENT).search(query).total


def embedded(query: Query) -> int:
    """Answer `query` from the embedded index; returns how many."""
    return EmbeddedEngine().search(query).total


def raw(connected: Elasticsearch, requests: list[Request]) -> None:
    """Send the same requests through the same client."""
    for name, body in requests:
        connected.search(index=name, body=body, allow_partial_search_results=False)


class Side(NamedTuple):
    """One way to ask, and how long it took by class of question."""

    ask: Callable[[int], object]
    times: defaultdict[str, Times]


def compare(calls: int) -> dict[str, Any]:
    """Ask every query until there are at least `calls` of each side; returns times by class, and the process's memory.

    The embedded engine comes last, so that the memory that it takes can be told from the rest.
    """
    asked = list(queries())
    sent = [requests_of(query) for _, query in asked]
    bodies = [[(name, json.dumps(body).encode()) for name, body in requests] for requests in sent]
    bare, connected = Bare(), client(PATIENT)
    sides = {
        "ours": _side(lambda number: ours(asked[number][1])),
        "raw": _side(lambda number: raw(connected, sent[number])),
        "bare": _side(lambda number: bare.search(bodies[number])),
    }
    rounds = ceil(calls / len(asked))
    _ask(list(sides.values()), asked, rounds)
    memory = {"portal": resident()}
    sides["embedded"] = _side(lambda number: embedded(asked[number][1]))
    _ask([sides["embedded"]], asked, rounds)
    memory["portal with the embedded engine"] = resident()
    totals = [(embedded(query), ours(query)) for _, query in asked]
    return {
        "times": {name: {key: times.told() for key, times in side.times.items()} for name, side in sides.items()},
        "memory": memory,
        "queries": len(asked),
        "same": sum(one == other for one, other in totals),
        "hits": [one for one, _ in totals],
    }


def _side(ask: Callable[[int], object]) -> Side:
    return Side(ask, defaultdict(Times))


def _ask(sides: list[Side], asked: list[tuple[str, Query]], rounds: int) -> None:
    """Ask each query of all sides in turn, who comes first changing from round to round; the first rounds warm up."""
    for each in range(-WARM_UP, rounds):
        for number, (name, _) in enumerate(asked):
            for side in sides if each % 2 else reversed(sides):
                spent = Times()
                with spent.timed():
                    side.ask(number)
                if each >= 0:
                    side.times[name].taken += spent.taken
                    side.times[ALL].taken += spent.taken
