"""Measure the time from the commit of a change until it is found, at fifty saves per second.

Saves are real transactions, and the portal's own outbox worker delivers them. A separate connection polls the index
itself. For one save in ten, a thread also polls `finder()`, which the search pages use.
"""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field, replace
from queue import Queue
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from benchmarks.corpus import READER, documents
from benchmarks.measuring import Times
from search.document import Document
from search.engines.elasticsearch.client import prefix
from search.engines.selection import engine, finder
from search.models import SearchDocument
from search.query import Query
from search.reader import PUBLIC

SAVES_PER_SECOND, POLL_INTERVAL, TIMEOUT = 50, 0.02, 30.0
FIRST = 10_000_000  # higher than any number in the corpus


@dataclass
class IndexWatcher:
    """The time at which each row first appeared in the index itself."""

    after: int
    seen: dict[int, float] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Poll for rows newer than the newest one seen."""
        node = http.client.HTTPConnection(urlsplit(settings.ELASTICSEARCH["HOSTS"][0]).netloc)
        while not self.stop.wait(POLL_INTERVAL):
            body = {
                "query": {"range": {"row": {"gt": self.after}}},
                "size": 1000,
                "sort": ["row"],
                "_source": False,
                "stored_fields": "_none_",
            }
            node.request("POST", f"/{prefix()}/_search", json.dumps(body), {"Content-Type": "application/json"})
            answer = json.loads(node.getresponse().read())
            now = time.perf_counter()
            for hit in answer["hits"]["hits"]:
                self.after = int(hit["sort"][0])
                self.seen[self.after] = now


@dataclass
class FinderProbe:
    """The time until `finder()` shows a change, and how often the embedded engine answered instead."""

    found: Times = field(default_factory=Times)
    standby: int = 0
    queue: Queue[tuple[str, float] | None] = field(default_factory=Queue)

    def ask(self) -> None:
        """Search for each text from the queue until it is found."""
        while one := self.queue.get():
            text, committed = one
            while True:
                result = finder().search(Query(text=text, reader=READER))
                self.standby += result.standby
                if result.total and not result.relaxed:
                    break
            self.found.taken.append(time.perf_counter() - committed)
        connection.close()


def measure(duration: float) -> dict[str, Any]:
    """Save for `duration` seconds and wait until all rows were seen; return the delays and the saves per second."""
    newest = SearchDocument.objects.order_by("-pk").values_list("pk", flat=True)[0]
    watcher, probe = IndexWatcher(newest), FinderProbe()
    threads = [threading.Thread(target=watcher.watch), threading.Thread(target=probe.ask)]
    for thread in threads:
        thread.start()
    saves, committed, taken = Times(), {}, time.perf_counter()
    for number, document in enumerate(documents(int(SAVES_PER_SECOND * duration), first=FIRST)):
        time.sleep(max(0.0, taken + number / SAVES_PER_SECOND - time.perf_counter()))
        changed = _with_unique_text(document)
        with saves.timed(), transaction.atomic():
            engine().index([changed])
        committed[document.key] = time.perf_counter()
        if number % 10 == 0:
            probe.queue.put((f"试存第{document.number}件", committed[document.key]))
    taken = time.perf_counter() - taken
    probe.queue.put(None)
    rows = dict(SearchDocument.objects.filter(key__in=committed).values_list("key", "pk"))
    _wait(watcher, len(rows))
    watcher.stop.set()
    for thread in threads:
        thread.join()
    delays = [watcher.seen[pk] - committed[key] for key, pk in rows.items() if pk in watcher.seen]
    return {
        "a second": len(rows) / taken,
        "saves": saves.summary(),
        "in the index": Times(delays).summary(),
        "never seen": len(rows) - len(delays),
        "through finder()": probe.found.summary(),
        "standby": probe.standby,
    }


def _with_unique_text(document: Document) -> Document:
    return replace(document, tokens=frozenset({PUBLIC}), texts=(*document.texts, f"试存第{document.number}件。"))


def _wait(watcher: IndexWatcher, number: int) -> None:
    ends = time.monotonic() + TIMEOUT
    while len(watcher.seen) < number and time.monotonic() < ends:
        time.sleep(POLL_INTERVAL)
