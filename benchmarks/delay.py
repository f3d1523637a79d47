"""How long a change takes from its commit until it is found, while fifty are saved every second.

Saves are real transactions and the portal's own courier brings them. One connection of its own looks into the index
itself, again and again; and for one save in ten a thread asks `finder()`, which a reader's page asks.
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

RATE, PAUSE, LAST = 50, 0.02, 30.0
FIRST = 10_000_000  # numbers that the corpus does not have


@dataclass
class Watched:
    """When each row was first seen in the index itself."""

    after: int
    seen: dict[int, float] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Ask for what is newer than the newest that was seen."""
        node = http.client.HTTPConnection(urlsplit(settings.ELASTICSEARCH["HOSTS"][0]).netloc)
        while not self.stop.wait(PAUSE):
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
class Asked:
    """How long `finder()` took to show a change, and how often the embedded engine had to answer."""

    found: Times = field(default_factory=Times)
    standby: int = 0
    queue: Queue[tuple[str, float] | None] = field(default_factory=Queue)

    def ask(self) -> None:
        """Search for each text that comes, until it is found."""
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
    """Save for `duration` seconds and wait until all was seen; returns delays, and how many saves a second it were."""
    newest = SearchDocument.objects.order_by("-pk").values_list("pk", flat=True)[0]
    watched, asked = Watched(newest), Asked()
    threads = [threading.Thread(target=watched.watch), threading.Thread(target=asked.ask)]
    for thread in threads:
        thread.start()
    saves, committed, taken = Times(), {}, time.perf_counter()
    for number, document in enumerate(documents(int(RATE * duration), first=FIRST)):
        time.sleep(max(0.0, taken + number / RATE - time.perf_counter()))
        changed = _with_a_mark(document)
        with saves.timed(), transaction.atomic():
            engine().index([changed])
        committed[document.key] = time.perf_counter()
        if number % 10 == 0:
            asked.queue.put((f"试存第{document.number}件", committed[document.key]))
    taken = time.perf_counter() - taken
    asked.queue.put(None)
    rows = dict(SearchDocument.objects.filter(key__in=committed).values_list("key", "pk"))
    _wait(watched, len(rows))
    watched.stop.set()
    for thread in threads:
        thread.join()
    delays = [watched.seen[pk] - committed[key] for key, pk in rows.items() if pk in watched.seen]
    return {
        "a second": len(rows) / taken,
        "saves": saves.told(),
        "in the index": Times(delays).told(),
        "never seen": len(rows) - len(delays),
        "through finder()": asked.found.told(),
        "standby": asked.standby,
    }


def _with_a_mark(document: Document) -> Document:
    return replace(document, tokens=frozenset({PUBLIC}), texts=(*document.texts, f"试存第{document.number}件。"))


def _wait(watched: Watched, number: int) -> None:
    ends = time.monotonic() + LAST
    while len(watched.seen) < number and time.monotonic() < ends:
        time.sleep(PAUSE)
