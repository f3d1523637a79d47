"""Building the indices: the embedded one from the corpus, Elasticsearch's from that, and raw bulk requests beside it.

The raw side sends ready-made bodies, the very same ones, with the same client, batches, number of senders and settings
of the index; making and loading them is not in its time.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connection

from benchmarks.corpus import documents
from benchmarks.measuring import ALONE, Outside, seconds
from search.batches import batches
from search.engines.elasticsearch import index_build
from search.engines.elasticsearch.client import PATIENCE, client, prefix
from search.engines.elasticsearch.mapping import FIXED, MAPPING, SETTINGS, kept
from search.engines.elasticsearch.outbox_worker import door, operations
from search.engines.selection import engine
from search.models import SearchDocument

LOADED = 20_000  # documents whose bodies are held in memory at a time
LONG = 600.0
REFUSED = 300


def fill_embedded(size: int) -> float:
    """Keep the corpus in the embedded index; returns documents a second, without the making of the corpus."""
    corpus = Outside(documents(size))
    taken = seconds(lambda: engine().index(corpus))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return size / (taken - corpus.waited)


def fill_elasticsearch(size: int, rounds: int) -> dict[str, Any]:
    """Build by our own way and by raw requests, in turn; the last index of our own answers afterwards.

    Returns documents a second, the best of the rounds for each, and their ratio.
    """
    _raw(min(size, LOADED), index_build.SENDERS)  # the node's code is compiled by then
    raw_alone, raw, ours = [], [], []
    for each in range(rounds):
        if each:
            index_build.give_up()
        raw_alone.append(_raw(min(size, ALONE), 1))
        raw.append(_raw(size, index_build.SENDERS))
        ours.append(size / seconds(index_build.build))
    best = max(*raw, *raw_alone)
    return {"raw, one sender": max(raw_alone), "raw": max(raw), "ours": max(ours), "ratio": max(ours) / best}


def _raw(size: int, senders: int) -> float:
    """Return documents a second of raw bulk requests into an index that is gone afterwards."""
    name = f"{prefix()}-raw"
    settings = {**FIXED, **SETTINGS, **index_build.WHILE_FILLED}
    connected = client(LONG)
    taken = seconds(
        lambda: connected.indices.create(index=name, mappings=MAPPING, settings=settings, aliases={door(name): {}})
    )
    with ThreadPoolExecutor(senders) as pool:
        for requests in _ready_made(name, size):
            taken += seconds(partial(_send_all, pool, requests))
    taken += seconds(lambda: connected.indices.refresh(index=name))
    connected.indices.delete(index=name)
    return size / taken


def _send_all(pool: ThreadPoolExecutor, requests: list[list[Any]]) -> None:
    for answer in pool.map(
        lambda lines: client(PATIENCE).bulk(operations=lines, refresh=False, require_alias=True), requests
    ):
        if answer.body["errors"]:
            refused = next(item for item in answer.body["items"] if item["index"]["status"] >= REFUSED)
            raise RuntimeError(f"A raw bulk request was refused in part: {refused}")


def _ready_made(name: str, size: int) -> Iterator[list[list[Any]]]:
    """Yield the requests for the first `size` rows, as many at a time as are held in memory."""
    rows = SearchDocument.objects.order_by("pk")
    for first in range(0, size, LOADED):
        part = kept(rows[first : min(size, first + LOADED)])
        yield [list(operations(name, batch)) for batch in batches(part, index_build.BATCH)]


def disk() -> dict[str, float]:
    """Return the megabytes of the rows, of the full-text table, and of Elasticsearch's index."""
    found = client(LONG).indices.stats(index=f"{prefix()}-*", metric="store").body
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
