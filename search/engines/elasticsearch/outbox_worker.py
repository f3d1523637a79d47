"""Delivers changes to Elasticsearch. The newest change of each document wins, regardless of the order, the number and
the senders of the deliveries.

A row of the outbox is deleted once every index has the change and shows it. Two workers with the same row, repeated or
late deliveries and a crash halfway all lead to the same index: each change has a version (`search.outbox.version`), and
Elasticsearch rejects older ones. An equal version is accepted again (`external_gte`): rows are immutable, and the
second worker must wait, too, until the change is visible.

- `deliver()`: deliver the waiting changes in batches. `operations(...)`: the lines of a bulk request.
- `OutboxWorker`: delivers in the background right after the commit. `follow()`: delivers until it is stopped.
"""

import logging
import threading
import time
from collections.abc import Iterable, Iterator

from django.db import DatabaseError, close_old_connections
from elasticsearch import ApiError

from search.batches import batches
from search.engines.elasticsearch.client import BATCH_TIMEOUT, FAILURES, UnusableResponse, client, configured
from search.engines.elasticsearch.mapping import SourceRow, document_body, read_source_rows
from search.models import SearchChange, SearchDocument, SearchIndex
from search.outbox import changes_recorded, version

BATCH = 500
DELETE_BATCH = 200  # rows deleted in one transaction, so that a save waits for milliseconds at most
PAUSE, LONGEST_PAUSE = 0.5, 30.0
VERSION_CONFLICT = 409  # version conflict: the index has a newer change
TOO_MANY_REQUESTS = 429
log = logging.getLogger("portal.search")


class ClusterBusy(UnusableResponse):
    """The cluster is overloaded. It accepted a part at most, and the same request may be sent again later."""


def operations(name: str, rows: Iterable[SourceRow], gone: Iterable[SearchChange] = ()) -> Iterator[dict[str, object]]:
    """Yield the lines of a bulk request that stores `rows` in the index `name` and deletes `gone`."""
    for row in rows:
        yield {"index": _action_metadata(name, row.key, version(row.pk, gone=False))}
        yield document_body(row)
    for change in gone:
        yield {"delete": _action_metadata(name, change.key, version(change.document, gone=True))}


def _action_metadata(name: str, key: str, number: int) -> dict[str, object]:
    return {"_index": write_alias(name), "_id": key, "version": number, "version_type": "external_gte"}


def write_alias(name: str) -> str:
    """Return the alias through which the index `name` is written.

    A write to a missing index would create it, with a guessed schema and only the changes. A write to a missing alias
    fails.
    """
    return f"{name}-write"


def send(lines: Iterable[dict[str, object]], *, refresh: bool | str) -> None:
    """Send a bulk request.

    Raises one of `client.FAILURES`, also if a single document is rejected. Raises `ClusterBusy` if the cluster is
    overloaded.
    """
    sent = list(lines)
    if not sent:
        return
    try:
        answer = client(BATCH_TIMEOUT).bulk(operations=sent, refresh=refresh, require_alias=True).body
    except ApiError as error:
        if error.meta.status == TOO_MANY_REQUESTS:
            raise ClusterBusy(str(error)) from error
        raise
    try:
        results = [next(iter(item.values())) for item in answer["items"]]
        failed = [each for each in results if "error" in each and each["status"] != VERSION_CONFLICT]
    except (KeyError, TypeError, AttributeError, StopIteration) as error:
        raise UnusableResponse(f"an answer of another shape: {error!r}") from error
    if failed:
        kind = ClusterBusy if all(each["status"] == TOO_MANY_REQUESTS for each in failed) else UnusableResponse
        raise kind(f"{len(failed)} documents were turned away, the first: {failed[0]}")


def deliver(*, refresh: bool | str = "wait_for") -> int:
    """Deliver the waiting changes to every registered index. Returns their number.

    Raises one of `client.FAILURES`. Changes that are not deleted from the outbox by then keep waiting.
    """
    number = 0
    while waiting := list(SearchChange.objects.order_by("pk")[:BATCH]):
        gone = [change for change in waiting if change.gone]
        still = [change.document for change in waiting if not change.gone]
        rows = read_source_rows(SearchDocument.objects.filter(pk__in=still))
        for name, ready in SearchIndex.objects.order_by("-ready").values_list("name", "ready"):
            # An index in build is not refreshed (`BUILD_SETTINGS`), so waiting for a refresh would never end.
            send(operations(name, rows, gone), refresh=refresh if ready else False)
        # A document that changed meanwhile has a new row with another id.
        for batch in batches([change.pk for change in waiting], DELETE_BATCH):
            SearchChange.objects.filter(pk__in=batch).delete()
        number += len(waiting)
    return number


class OutboxWorker:
    """Delivers changes in its own thread, so that no save waits. The thread sleeps until `wake` is called."""

    def __init__(self) -> None:
        self._wake_event = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self, **kwargs: object) -> None:
        """Deliver the waiting changes soon. Receiver of `changes_recorded`."""
        if not configured():
            return
        self._wake_event.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="elasticsearch-outbox-worker", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        pause = 0.0
        while True:
            time.sleep(pause)
            if not pause:
                self._wake_event.wait()
            self._wake_event.clear()
            pause = _try_deliver(pause)


def _try_deliver(pause: float) -> float:
    """Deliver, and return the pause in seconds before the next attempt; 0 after a success.

    Writes a log line when delivery starts to fail and when it works again.
    """
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
    """Deliver the changes of all processes as they come, until `stop` is set."""
    pause = 0.0
    while not stop.wait(pause or PAUSE):
        pause = _try_deliver(pause)


worker = OutboxWorker()


def connect() -> None:
    """Connect the worker to the outbox signal."""
    changes_recorded.connect(worker.wake, dispatch_uid="search.elasticsearch")
