"""Builds a new index beside the one in use, compares it with the rows, and switches over.

Rows are read in the order of their ids and sent by several threads. The last id sent is stored, so an interrupted build
continues from there. Changes made meanwhile are delivered to both indices (`outbox_worker`). The new index is used only
if it has as many documents as there are rows and the rows of a sample. The former index stays until the next build, so
that `roll_back` can return to it.

- `build(tick)`: the whole build. `roll_back()`. `drop_indices()`: delete all indices and stop recording changes.
- `differences(name)`: compare an index with the rows, document by document.
"""

import random
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from elasticsearch import NotFoundError, TransportError

from meetings.write_lock import write_transaction
from search.batches import batches
from search.engines.elasticsearch.client import BATCH_TIMEOUT, client, prefix
from search.engines.elasticsearch.mapping import DYNAMIC_SETTINGS, MAPPING, STATIC_SETTINGS, SourceRow, read_source_rows
from search.engines.elasticsearch.outbox_worker import ClusterBusy, deliver, operations, send, write_alias
from search.models import SearchChange, SearchDocument, SearchIndex
from search.outbox import Change, outbox_enabled, record_changes

BATCH, SENDER_THREADS = 500, 4
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # seconds, for a busy cluster
SAMPLE, COMPARE_ATTEMPTS = 200, 5
PAGE = 5_000
LONG_TIMEOUT = 600.0
FORMER = -1  # value of `reached` that marks the former index
Tick = Callable[[int], object]
BUILD_SETTINGS: dict[str, object] = {"refresh_interval": "-1", "number_of_replicas": 0}


class IndexDifference(NamedTuple):
    """A document whose row in an index differs from the portal's. None means that there is none."""

    key: str
    indexed: int | None
    row: int | None

    def __str__(self) -> str:
        what = "missing" if self.indexed is None else "orphaned" if self.row is None else "stale"
        return f"{self.key}: {what} in Elasticsearch"


class IndexMismatch(Exception):
    """The new index does not have the expected content. The index in use stays."""


def build(tick: Tick = lambda number: None) -> str:
    """Fill a new index, or continue the unfinished one, and switch to it. Returns its name.

    `tick` is called with the number of documents sent. Raises `IndexMismatch` or one of `client.FAILURES`.
    """
    index = unfinished_build() or _create_index()
    _fill(index, tick)
    try:
        return _switch_to(index)
    except IndexMismatch:  # the next build starts over
        _drop(index)
        raise


def unfinished_build() -> SearchIndex | None:
    """Return the unfinished index, if any. Unregister indices that are missing in the cluster; drop broken ones."""
    for index in SearchIndex.objects.all():
        if not client(BATCH_TIMEOUT).indices.exists(index=index.name):
            index.delete()
        elif not index.ready and _is_unassigned(index):
            _drop(index)
    return SearchIndex.objects.filter(ready=False, reached__gte=0).order_by("-pk").first()


def _is_unassigned(index: SearchIndex) -> bool:
    """Return whether no node has a copy of the index. Such an index would block the outbox forever.

    The cluster health would show the same, but needs a privilege on the whole cluster.
    """
    return not client(BATCH_TIMEOUT).indices.stats(index=index.name, metric="docs").body["_shards"]["successful"]


def _create_index() -> SearchIndex:
    name = f"{prefix()}-{timezone.now():%Y%m%d%H%M%S%f}"
    client(BATCH_TIMEOUT).indices.create(
        index=name,
        mappings=MAPPING,
        settings={**STATIC_SETTINGS, **DYNAMIC_SETTINGS, **BUILD_SETTINGS},
        aliases={write_alias(name): {}},
    )
    with write_transaction():  # earlier writers have committed; later ones see the row and record changes
        return SearchIndex.objects.create(name=name)


def _fill(index: SearchIndex, tick: Tick) -> None:
    """Send every row after the last one sent, and store the progress."""
    tick_lock = threading.Lock()

    def send_rows(rows: list[SourceRow]) -> int:
        _send(list(operations(index.name, rows)))
        with tick_lock:
            tick(len(rows))
        return rows[-1].pk

    with ThreadPoolExecutor(SENDER_THREADS) as senders:
        futures: list[Future[int]] = []
        for rows in _rows(index.reached):
            futures.append(senders.submit(send_rows, rows))
            if len(futures) > 2 * SENDER_THREADS:
                _save_progress(index, futures.pop(0).result())
        for each in futures:
            _save_progress(index, each.result())


def _send(lines: list[dict[str, object]]) -> None:
    """Send a request, and retry while the cluster is busy. Raises `ClusterBusy` after about a minute."""
    for pause in PAUSES:
        try:
            send(lines, refresh=False)
        except ClusterBusy:
            time.sleep(pause)
        else:
            return
    send(lines, refresh=False)


def _rows(after: int) -> Iterator[list[SourceRow]]:
    rows = SearchDocument.objects.order_by("pk")
    while batch := read_source_rows(rows.filter(pk__gt=after)[:BATCH]):
        yield batch
        after = batch[-1].pk


def _save_progress(index: SearchIndex, pk: int) -> None:
    SearchIndex.objects.filter(pk=index.pk).update(reached=pk)


def _switch_to(index: SearchIndex) -> str:
    """Compare, then use the index. The index in use until now becomes the former one."""
    settings = {**dict.fromkeys(BUILD_SETTINGS), **DYNAMIC_SETTINGS}
    connected = client(LONG_TIMEOUT)
    connected.indices.put_settings(index=index.name, settings={"index": settings})
    deliver(refresh=True)
    _require_match(index.name)
    _point_alias(index.name)  # first: the probe uses the alias, and after a crash here the next build repeats this
    with transaction.atomic():
        answered = list(SearchIndex.objects.filter(ready=True).exclude(pk=index.pk).values_list("pk", flat=True))
        SearchIndex.objects.filter(pk__in=answered).update(ready=False, reached=FORMER)
        SearchIndex.objects.filter(pk=index.pk).update(ready=True)
    _drop_former_except(answered)
    return index.name


def _require_match(name: str) -> None:
    """Raise `IndexMismatch` if every one of several comparisons fails. Others write meanwhile."""
    for _attempt in range(COMPARE_ATTEMPTS - 1):
        with suppress(IndexMismatch):
            _compare(name)
            return
        time.sleep(PAUSES[0])
    _compare(name)


def _compare(name: str) -> None:
    """Raise `IndexMismatch` if the number of documents or a row of a sample differs.

    Documents that change meanwhile are not compared.
    """
    ids = list(SearchDocument.objects.values_list("pk", flat=True))
    client(LONG_TIMEOUT).indices.refresh(index=name)  # shows all changes delivered before the ids were read
    found = client(LONG_TIMEOUT).count(index=name).body["count"]
    waiting = SearchChange.objects.count()
    if abs(found - len(ids)) > waiting:
        raise IndexMismatch(f"{name} holds {found} documents, there are {len(ids)}.")
    chosen = random.sample(ids, min(SAMPLE, len(ids)))  # no secret: a sample
    rows = dict(SearchDocument.objects.filter(pk__in=chosen).values_list("key", "pk"))
    indexed = _indexed_rows(name, rows)
    changed = set(SearchChange.objects.filter(key__in=rows).values_list("key", flat=True))
    if wrong := [key for key, pk in rows.items() if indexed.get(key) != pk and key not in changed]:
        raise IndexMismatch(f"{name} lacks {wrong[0]}, or holds it as it was.")


def _indexed_rows(name: str, keys: Collection[str]) -> dict[str, int]:
    if not keys:
        return {}
    answer = client(LONG_TIMEOUT).search(
        index=name,
        query={"ids": {"values": list(keys)}},
        docvalue_fields=[{"field": "row"}],
        source=False,
        size=len(keys),
    )
    return {hit["_id"]: hit["fields"]["row"][0] for hit in answer.body["hits"]["hits"]}


def _point_alias(name: str) -> None:
    """Point the alias to this index only. Administrators and the probe use the alias for the index in use."""
    actions: list[dict[str, object]] = [
        {"remove": {"index": f"{prefix()}-*", "alias": prefix(), "must_exist": False}},
        {"add": {"index": name, "alias": prefix()}},
    ]
    client(BATCH_TIMEOUT).indices.update_aliases(actions=actions)


def _drop_former_except(answered: list[int]) -> None:
    """Drop the former indices, except the one that was in use until now."""
    for index in SearchIndex.objects.filter(ready=False, reached=FORMER).exclude(pk__in=answered):
        _drop(index)


def _drop(index: SearchIndex, *, unreachable: bool = False) -> None:
    """Delete and unregister an index. `unreachable`: unregister it even if the cluster cannot be reached."""
    with suppress(NotFoundError, *([TransportError] if unreachable else [])):
        client(BATCH_TIMEOUT).indices.delete(index=index.name)
    index.delete()


def roll_back() -> str:
    """Switch back to the former index, which received all changes too. Returns its name. Raises `IndexMismatch`."""
    former = SearchIndex.objects.filter(ready=False, reached=FORMER).order_by("-pk").first()
    if former is None:
        raise IndexMismatch("There is no former index.")
    return _switch_to(former)


def drop_indices() -> int:
    """Delete all indices and stop recording changes; the embedded engine answers. Returns the number of indices."""
    found = list(SearchIndex.objects.all())
    for index in found:
        _drop(index, unreachable=True)
    with write_transaction():  # no other build can start meanwhile and need these changes
        if not SearchIndex.objects.exists():
            SearchChange.objects.all().delete()
    return len(found)


def differences(name: str) -> Iterator[IndexDifference]:
    """Yield each document that differs between an index and the rows. Waiting changes are not differences."""
    waiting = set(SearchChange.objects.values_list("key", flat=True))
    rows = dict(SearchDocument.objects.values_list("key", "pk"))
    for key, indexed in _all_documents(name):
        row = rows.pop(key, None)
        if key not in waiting and row != indexed:
            yield IndexDifference(key, indexed, row)
    yield from (IndexDifference(key, None, row) for key, row in rows.items() if key not in waiting)


def _all_documents(name: str) -> Iterator[tuple[str, int]]:
    """Yield key and row id of every document of an index, from one point in time."""
    connected = client(LONG_TIMEOUT)
    point_in_time = connected.open_point_in_time(index=name, keep_alive="5m").body["id"]
    after: list[int] | None = None
    try:
        while True:
            answer = connected.search(
                pit={"id": point_in_time, "keep_alive": "5m"},
                size=PAGE,
                sort={"_shard_doc": "asc"},
                search_after=after,
                source=False,
                docvalue_fields=[{"field": "row"}],
                track_total_hits=False,
            )
            hits = answer.body["hits"]["hits"]
            yield from ((hit["_id"], hit["fields"]["row"][0]) for hit in hits)
            if len(hits) < PAGE:
                return
            after = hits[-1]["sort"]
    finally:
        connected.close_point_in_time(id=point_in_time)


def repair(found: list[IndexDifference]) -> None:
    """Record changes for these documents, so that they are sent again or deleted."""
    with write_transaction():
        if not outbox_enabled():
            return
        for batch in batches(found, BATCH):
            present = dict(SearchDocument.objects.filter(key__in=[each.key for each in batch]).values_list("key", "pk"))
            record_changes(
                Change(each.key, present.get(each.key, each.indexed or 0), gone=each.key not in present)
                for each in batch
            )
