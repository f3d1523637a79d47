"""Circuit breaker: the embedded engine answers while Elasticsearch is slow, unreachable or returns invalid answers.

After a failure, a process uses the embedded engine at once and for all further searches. A background thread probes
Elasticsearch, first after a second, then with growing pauses, so that no search waits for it again.

- `GuardedEngine`: the engine with fallback.
- `CircuitBreaker`: whether Elasticsearch is asked; `breaker` is the one of this process.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import TypeVar

from django.conf import settings
from elasticsearch import ApiError

from search.engines.base import MAX_SIMILAR, Engine, Matches, Row
from search.engines.elasticsearch import requests
from search.engines.elasticsearch.client import FAILURES, client, prefix
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.pending_changes import NotReady, TooFarBehind
from search.engines.embedded import EmbeddedEngine
from search.query import Query
from search.reader import Reader
from search.result import Hit, Result
from search.terms import TextQuery

T = TypeVar("T")
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
TIME_BUDGET = 1.3  # limit for all requests of one search together, as a multiple of the time-out of one request
BAD_REQUEST = 400  # the request is at fault, not the cluster
log = logging.getLogger("portal.search")


class CircuitBreaker:
    """State of the connection: `closed` while Elasticsearch is asked. Each change of state writes one log line."""

    def __init__(self, probe: Callable[[], object]) -> None:
        self.closed = True
        self._probe = probe
        self._lock = threading.Lock()
        self._outage = 0

    def record_failure(self, error: Exception) -> None:
        """Open the circuit and start probing in the background. Only the first of concurrent failures counts."""
        with self._lock:
            if not self.closed:
                return
            self.closed = False
            self._outage += 1
        log.error("Elasticsearch does not answer, the embedded index does from now on: %s", _error_text(error))
        threading.Thread(
            target=self._probe_until_success, args=[self._outage], name="elasticsearch-probe", daemon=True
        ).start()

    def _probe_until_success(self, outage: int) -> None:
        wait = FIRST_WAIT
        while True:
            time.sleep(wait)
            if self.closed or outage != self._outage:
                return
            try:
                self._probe()
            except FAILURES:
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                self.close()
                return

    def close(self) -> None:
        """Close the circuit: ask Elasticsearch again."""
        with self._lock:
            if self.closed:
                return
            self.closed = True
        log.warning("Elasticsearch answers again.")


def _error_text(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


def probe() -> None:
    """Request one hit through the alias of the index, as a search would. Raises one of `client.FAILURES`."""
    connection = client(settings.ELASTICSEARCH["TIMEOUT"])
    requests.execute(connection, prefix(), requests.any_hit())


breaker = CircuitBreaker(probe)


class GuardedEngine(Engine):
    """Elasticsearch while it answers correctly, otherwise the embedded engine."""

    def search(self, query: Query) -> Result:
        """Answer `query`. `Result.standby` is set if Elasticsearch should have answered and could not."""
        found, standby = self._ask_with_fallback(lambda engine: engine.search(query))
        return replace(found, standby=standby)

    def has_match(self, reader: Reader, text_query: TextQuery) -> bool:
        return self._ask_with_fallback(lambda engine: engine.has_match(reader, text_query))[0]

    def find(self, query: Query, reader: Reader, text_query: TextQuery) -> Matches:
        return self._ask_with_fallback(lambda engine: engine.find(query, reader, text_query))[0]

    def titles(self, reader: Reader, text_query: TextQuery, size: int) -> list[str]:
        return self._ask_with_fallback(lambda engine: engine.titles(reader, text_query, size))[0]

    def similar_rows(self, reader: Reader, text: str, excluded_keys: Collection[str], size: int) -> list[Row]:
        return self._ask_with_fallback(lambda engine: engine.similar_rows(reader, text, excluded_keys, size))[0]

    def similar(
        self, text: str, reader: Reader, excluded_keys: Collection[str] = (), size: int = MAX_SIMILAR
    ) -> list[Hit]:
        return self._ask_with_fallback(lambda engine: engine.similar(text, reader, excluded_keys, size))[0]

    def all_rows(self, query: Query) -> Iterator[Row]:
        """Yield every hit from the embedded engine, which cannot fail halfway."""
        return EmbeddedEngine().all_rows(query)

    def _ask_with_fallback(self, ask: Callable[[Engine], T]) -> tuple[T, bool]:
        """Return the answer, and whether the embedded engine gave it in place of Elasticsearch."""
        if not breaker.closed:
            return ask(EmbeddedEngine()), True
        try:
            return ask(ElasticsearchEngine(TIME_BUDGET * settings.ELASTICSEARCH["TIMEOUT"])), False
        except (NotReady, TooFarBehind):
            return ask(EmbeddedEngine()), True
        except FAILURES as error:
            if isinstance(error, ApiError) and error.meta.status == BAD_REQUEST:
                log.warning("Elasticsearch refused a question: %s", _error_text(error))
            else:
                breaker.record_failure(error)
            return ask(EmbeddedEngine()), True
