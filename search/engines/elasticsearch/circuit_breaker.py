"""Keeps searches answered while Elasticsearch is slow, gone, or talks nonsense: the embedded engine stands by.

A process that meets a failure asks the embedded engine at once and from then on; meanwhile it tries Elasticsearch in
the background, after a second, then after longer and longer waits, so that no search waits for it again.

Key concepts
- `GuardedEngine`: the engine that answers. `Breaker`: whether Elasticsearch is asked at present; `breaker` of this
  process.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import TypeVar

from django.conf import settings
from elasticsearch import ApiError

from search.engines.base import SIMILAR, Engine, Found, Row
from search.engines.elasticsearch import requests
from search.engines.elasticsearch.client import FAILURES, client, prefix
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.pending_changes import NotReady, TooFarBehind
from search.engines.embedded import EmbeddedEngine
from search.query import Query
from search.reader import Reader
from search.result import Hit, Result
from search.terms import Wanted

T = TypeVar("T")
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
BUDGET = 1.3  # of the time-out of one request: what all requests of one search may take together
BAD_REQUEST = 400  # the question was at fault, not the cluster
log = logging.getLogger("portal.search")


class Breaker:
    """Whether Elasticsearch is asked: `closed` while it answers. Each change of state is one line in the log."""

    def __init__(self, probe: Callable[[], object]) -> None:
        self.closed = True
        self._probe = probe
        self._lock = threading.Lock()
        self._outage = 0

    def failed(self, error: Exception) -> None:
        """Ask no more, and begin to try in the background; the first of several failures alone counts."""
        with self._lock:
            if not self.closed:
                return
            self.closed = False
            self._outage += 1
        log.error("Elasticsearch does not answer, the embedded index does from now on: %s", _told(error))
        threading.Thread(target=self._try, args=[self._outage], name="elasticsearch-probe", daemon=True).start()

    def _try(self, outage: int) -> None:
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
        """Ask again."""
        with self._lock:
            if self.closed:
                return
            self.closed = True
        log.warning("Elasticsearch answers again.")


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


def probe() -> None:
    """Ask the index that answers for one hit, as a search would. Raises one of `client.FAILURES`."""
    connection = client(settings.ELASTICSEARCH["TIMEOUT"])
    requests.ask(connection, prefix(), requests.anything())


breaker = Breaker(probe)


class GuardedEngine(Engine):
    """Elasticsearch as long as it answers rightly, and otherwise the embedded engine."""

    def search(self, query: Query) -> Result:
        """Answer `query`; `Result.standby` tells that Elasticsearch should have and could not."""
        found, standby = self._answered(lambda engine: engine.search(query))
        return replace(found, standby=standby)

    def holds(self, reader: Reader, what: Wanted) -> bool:
        """Tell whether anything that `reader` may see has `what` in it."""
        return self._answered(lambda engine: engine.holds(reader, what))[0]

    def find(self, query: Query, reader: Reader, what: Wanted) -> Found:
        """Return what of `what` the query's filters leave, on its page; counts and rows obey `reader`."""
        return self._answered(lambda engine: engine.find(query, reader, what))[0]

    def titles(self, reader: Reader, what: Wanted, size: int) -> list[str]:
        """Return the first different titles that hold `what`, as hits are ordered by date."""
        return self._answered(lambda engine: engine.titles(reader, what, size))[0]

    def alike(self, reader: Reader, text: str, without: Collection[str], size: int) -> list[Row]:
        """Return the resolutions that share most of what is rare in `text`, but for those with the keys `without`."""
        return self._answered(lambda engine: engine.alike(reader, text, without, size))[0]

    def similar(self, text: str, reader: Reader, without: Collection[str] = (), size: int = SIMILAR) -> list[Hit]:
        """Return decisions on the matter of `text`, the most alike first, but for those with the keys `without`."""
        return self._answered(lambda engine: engine.similar(text, reader, without, size))[0]

    def every(self, query: Query) -> Iterator[Row]:
        """Yield every hit of `query`, from the embedded engine, which does not break off half way."""
        return EmbeddedEngine().every(query)

    def _answered(self, ask: Callable[[Engine], T]) -> tuple[T, bool]:
        """Return the answer, and whether it comes from the embedded engine because Elasticsearch failed."""
        if not breaker.closed:
            return ask(EmbeddedEngine()), True
        try:
            return ask(ElasticsearchEngine(BUDGET * settings.ELASTICSEARCH["TIMEOUT"])), False
        except (NotReady, TooFarBehind):
            return ask(EmbeddedEngine()), True
        except FAILURES as error:
            if isinstance(error, ApiError) and error.meta.status == BAD_REQUEST:
                log.warning("Elasticsearch refused a question: %s", _told(error))
            else:
                breaker.failed(error)
            return ask(EmbeddedEngine()), True
