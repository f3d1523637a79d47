"""Measure index builds: the embedded index, Elasticsearch's index, and raw bulk requests for comparison.

The raw requests send the same bodies, prepared beforehand, with the same client, batch size, number of senders and
index settings. The time to prepare and load the bodies is not measured.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connection

from benchmarks.corpus import documents
from benchmarks.measuring import MOST_FOR_ONE_SENDER, TimedIterator, seconds
from search.batches import batches
from search.engines.elasticsearch import index_build
from search.engines.elasticsearch.client import BATCH_TIMEOUT, client, prefix
from search.engines.elasticsearch.mapping import DYNAMIC_SETTINGS, MAPPING, STATIC_SETTINGS, read_source_rows
from search.engines.elasticsearch.outbox_worker import operations, write_alias
from search.engines.selection import engine
from search.models import SearchDocument

GROUP_SIZE = 20_000  # number of documents whose bodies are held in memory at a time
TIMEOUT = 600.0
ERROR_STATUS = 300


def fill_embedded(size: int) -> float:
    """Index the corpus in the embedded engine; return documents per second without the time to generate the corpus."""
    corpus = TimedIterator(documents(size))
    elapsed = seconds(lambda: engine().index(corpus))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return size / (elapsed - corpus.waited)


def fill_elasticsearch(size: int, rounds: int) -> dict[str, Any]:
    """Build the index with the portal and with raw requests, in turn; the portal's last index stays in use.

    Return documents per second, the best round of each, and their ratio.
    """
    _raw_rate(min(size, GROUP_SIZE), index_build.SENDER_THREADS)  # warm-up: lets the node's JIT compile its code
    raw_alone, raw, ours = [], [], []
    for each in range(rounds):
        if each:
            index_build.drop_indices()
        raw_alone.append(_raw_rate(min(size, MOST_FOR_ONE_SENDER), 1))
        raw.append(_raw_rate(size, index_build.SENDER_THREADS))
        ours.append(size / seconds(index_build.build))
    best = max(*raw, *raw_alone)
    return {"raw, one sender": max(raw_alone), "raw": max(raw), "ours": max(ours), "ratio": max(ours) / best}


def _raw_rate(size: int, senders: int) -> float:
    """Return documents per second of raw bulk requests into a temporary index."""
    name = f"{prefix()}-raw"
    settings = {**STATIC_SETTINGS, **DYNAMIC_SETTINGS, **index_build.BUILD_SETTINGS}
    es_client = client(TIMEOUT)
    elapsed = seconds(
        lambda: es_client.indices.create(
            index=name, mappings=MAPPING, settings=settings, aliases={write_alias(name): {}}
        )
    )
    with ThreadPoolExecutor(senders) as pool:
        for requests in _prepared_requests(name, size):
            elapsed += seconds(partial(_send_all, pool, requests))
    elapsed += seconds(lambda: es_client.indices.refresh(index=name))
    es_client.indices.delete(index=name)
    return size / elapsed


def _send_all(pool: ThreadPoolExecutor, requests: list[list[Any]]) -> None:
    for answer in pool.map(
        lambda lines: client(BATCH_TIMEOUT).bulk(operations=lines, refresh=False, require_alias=True), requests
    ):
        if answer.body["errors"]:
            refused = next(item for item in answer.body["items"] if item["index"]["status"] >= ERROR_STATUS)
            raise RuntimeError(f"A raw bulk request was refused in part: {refused}")


def _prepared_requests(name: str, size: int) -> Iterator[list[list[Any]]]:
    """Yield the requests for the first `size` rows, in groups that fit in memory."""
    rows = SearchDocument.objects.order_by("pk")
    for first in range(0, size, GROUP_SIZE):
        part = read_source_rows(rows[first : min(size, first + GROUP_SIZE)])
        yield [list(operations(name, batch)) for batch in batches(part, index_build.BATCH)]


def disk() -> dict[str, float]:
    """Return the megabytes of the rows, of the full-text table, and of Elasticsearch's index."""
    found = client(TIMEOUT).indices.stats(index=f"{prefix()}-*", metric="store").body
    sizes = {"elasticsearch": found["_all"]["total"]["store"]["size_in_bytes"]}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, SUM(pgsize) FROM dbstat WHERE name LIKE '%%search%%' GROUP BY name")
        else:
            cursor.execute(
                "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
                "WHERE relkind = 'r' AND relname LIKE '%%search%%'"
            )
        tables = dict(cursor.fetchall())
    full_text = {name: size for name, size in tables.items() if name.startswith("search_index")}
    sizes["full-text table"] = sum(full_text.values())
    sizes["rows"] = sum(tables.values()) - sizes["full-text table"]
    return {name: size / 1024 / 1024 for name, size in sizes.items()}
