"""Bringing changes to Elasticsearch: whoever does it, how often and in which order, the newest of each document stays.

A line of the outbox is crossed out when every index has the change and shows it. Two who bring the same line, a line
that arrives twice or late, a process that dies half way: all of them end with the same index, for each change bears a
version (`search.outbox.version`) and an older one is turned away. The same one is written again: a row never changes,
and who comes second waits, too, until the change is shown.

Key concepts
- `deliver()`: bring what waits, a part at a time. `operations(...)`: the lines of a request for some documents.
- `Courier`: brings changes in the background right after the commit; `follow()` does nothing else.
"""

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import DatabaseError, close_old_connections
from elasticsearch import ApiError

from search.batches import batches
from search.engines.elasticsearch.client import FAILURES, PATIENCE, Unusable, client, configured
from search.engines.elasticsearch.mapping import Kept, body, kept
from search.models import SearchChange, SearchDocument, SearchIndex
from search.outbox import left, version

BATCH = 500
CROSSED = 200  # lines crossed out in one transaction, so that a save waits for milliseconds at most
PAUSE, LONGEST_PAUSE = 0.5, 30.0
OLDER = 409  # the index has this change, or a newer one
BUSY = 429
log = logging.getLogger("portal.search")


class Busy(Unusable):
    """The cluster has too much to do; it took a part at most, and the same request may be sent again later."""


def operations(name: str, rows: Iterable[Kept], gone: Iterable[SearchChange] = ()) -> Iterator[Any]:
    """Yield what a bulk request says of documents that are kept in the index `name`, and of such that are not."""
    for row in rows:
        yield {"index": _about(name, row.key, version(row.pk, gone=False))}
        yield body(row)
    for change in gone:
        yield {"delete": _about(name, change.key, version(change.document, gone=True))}


def _about(name: str, key: str, number: int) -> dict[str, Any]:
    return {"_index": door(name), "_id": key, "version": number, "version_type": "external_gte"}


def door(name: str) -> str:
    """Return the alias by which the index `name` is written. A cluster would make an index that is gone anew, of any
    shape and with what changes alone; an alias it does not.
    """
    return f"{name}-write"


def send(lines: Iterable[Any], *, refresh: bool | str) -> None:
    """Send a bulk request. Raises one of `client.FAILURES`, also when a single document was turned away; `Busy` too."""
    sent = list(lines)
    if not sent:
        return
    try:
        answer = client(PATIENCE).bulk(operations=sent, refresh=refresh, require_alias=True).body
    except ApiError as error:
        if error.meta.status == BUSY:
            raise Busy(str(error)) from error
        raise
    try:
        told = [next(iter(item.values())) for item in answer["items"]]
        refused = [each for each in told if "error" in each and each["status"] != OLDER]
    except (KeyError, TypeError, AttributeError, StopIteration) as error:
        raise Unusable(f"an answer of another shape: {error!r}") from error
    if refused:
        kind = Busy if all(each["status"] == BUSY for each in refused) else Unusable
        raise kind(f"{len(refused)} documents were turned away, the first: {refused[0]}")


def deliver(*, refresh: bool | str = "wait_for") -> int:
    """Bring what waits to every index that is kept in step; returns how many changes it were.

    Raises one of `client.FAILURES`; what was not crossed out yet then waits on.
    """
    number = 0
    while waiting := list(SearchChange.objects.order_by("pk")[:BATCH]):
        gone = [change for change in waiting if change.gone]
        still = [change.document for change in waiting if not change.gone]
        rows = kept(SearchDocument.objects.filter(pk__in=still))
        for name, ready in SearchIndex.objects.order_by("-ready").values_list("name", "ready"):
            # One that is being filled shows nothing until it is full: who waited for it would wait in vain.
            send(operations(name, rows, gone), refresh=refresh if ready else False)
        # What changed meanwhile is a line of its own, under another id.
        for done in batches([change.pk for change in waiting], CROSSED):
            SearchChange.objects.filter(pk__in=done).delete()
        number += len(waiting)
    return number


class Courier:
    """Brings changes in a thread of its own, so that no save waits; it sleeps until somebody tells it of one."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def tell(self, **kwargs: Any) -> None:
        """Let what waits be brought soon."""
        if not configured():
            return
        self._told.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="elasticsearch-courier", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        pause = 0.0
        while True:
            time.sleep(pause)
            if not pause:
                self._told.wait()
            self._told.clear()
            pause = _attempt(pause)


def _attempt(pause: float) -> float:
    """Bring what waits; returns how long to wait before the next attempt, 0 after a good one. Tells of each change."""
    close_old_connections()
    try:
        deliver()
    except (*FAILURES, DatabaseError) as error:
        if not pause:
            log.warning("Changes wait, for they cannot be brought to Elasticsearch: %s", error)
        return min(2 * pause or PAUSE, LONGEST_PAUSE)
    finally:
        close_old_connections()
    if pause:
        log.warning("Elasticsearch takes changes again.")
    return 0.0


def follow(stop: threading.Event) -> None:
    """Bring changes as they come, from whichever process, until `stop`."""
    pause = 0.0
    while not stop.wait(pause or PAUSE):
        pause = _attempt(pause)


courier = Courier()


def connect() -> None:
    """Let the courier hear of what was left."""
    left.connect(courier.tell, dispatch_uid="search.elasticsearch")
