"""Building an index afresh beside the one that answers, comparing it with the rows, and switching over.

The rows are read in the order of their ids, in several threads that write the requests, and where they have been read
up to is kept: a build that was cut off goes on from there. What changes meanwhile reaches both indices (`delivery`).
Only an index that holds as many documents as there are rows, and each of a sample, takes over; the former one stays
until the next build, so that `roll_back` can go back to it.

Key concepts
- `build(tick)`: the whole of it. `roll_back()`. `give_up()`: keep no index in step any more.
- `differences(name)`: how an index and the rows differ, document by document.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from elasticsearch import NotFoundError, TransportError

from meetings.write_lock import writing
from search.batches import batches
from search.engines.elasticsearch.client import PATIENCE, client, prefix
from search.engines.elasticsearch.mapping import FIXED, MAPPING, SETTINGS, Kept, kept
from search.engines.elasticsearch.outbox_worker import Busy, deliver, door, operations, send
from search.models import SearchChange, SearchDocument, SearchIndex
from search.outbox import Change, followed, leave

BATCH, SENDERS = 500, 4
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # seconds, for a cluster that has too much to do
SAMPLE, LOOKS = 200, 5
PAGE = 5_000
LONG = 600.0
FORMER = -1  # in place of `reached`: of the index that answered before
Tick = Callable[[int], object]
WHILE_FILLED: dict[str, Any] = {"refresh_interval": "-1", "number_of_replicas": 0}


class Differing(NamedTuple):
    """A document of which an index holds one row and the portal has another; None where there is none."""

    key: str
    held: int | None
    row: int | None

    def __str__(self) -> str:
        what = "missing" if self.held is None else "orphaned" if self.row is None else "stale"
        return f"{self.key}: {what} in Elasticsearch"


class Unlike(Exception):
    """The new index does not hold what it should; the one that answers stays."""


def build(tick: Tick = lambda number: None) -> str:
    """Fill an index with every row, or go on filling the one that was begun, and let it answer. Returns its name.

    `tick` is called with the number of documents sent. Raises `Unlike`, or one of `client.FAILURES`.
    """
    index = begun() or _begin()
    _fill(index, tick)
    try:
        return _take_over(index)
    except Unlike:  # whoever tries again begins anew
        _drop(index)
        raise


def begun() -> SearchIndex | None:
    """Return the index that is being filled, if one is. What is gone from the cluster or broken is forgotten."""
    for index in SearchIndex.objects.all():
        if not client(PATIENCE).indices.exists(index=index.name):
            index.delete()
        elif not index.ready and _broken(index):
            _drop(index)
    return SearchIndex.objects.filter(ready=False, reached__gte=0).order_by("-pk").first()


def _broken(index: SearchIndex) -> bool:
    """Tell whether no node has the index, which would keep every change waiting for ever.

    The health of a cluster would tell as much, and takes a right over the whole of it.
    """
    return not client(PATIENCE).indices.stats(index=index.name, metric="docs").body["_shards"]["successful"]


def _begin() -> SearchIndex:
    name = f"{prefix()}-{timezone.now():%Y%m%d%H%M%S%f}"
    client(PATIENCE).indices.create(
        index=name, mappings=MAPPING, settings={**FIXED, **SETTINGS, **WHILE_FILLED}, aliases={door(name): {}}
    )
    with writing():  # whoever writes has ended, or will see that changes are to be left
        return SearchIndex.objects.create(name=name)


def _fill(index: SearchIndex, tick: Tick) -> None:
    """Send every row behind the one that was reached; remember how far one got."""
    last = threading.Lock()

    def bring(rows: list[Kept]) -> int:
        _send(list(operations(index.name, rows)))
        with last:
            tick(len(rows))
        return rows[-1].pk

    with ThreadPoolExecutor(SENDERS) as senders:
        under_way: list[Future[int]] = []
        for rows in _rows(index.reached):
            under_way.append(senders.submit(bring, rows))
            if len(under_way) > 2 * SENDERS:
                _reached(index, under_way.pop(0).result())
        for each in under_way:
            _reached(index, each.result())


def _send(lines: list[Any]) -> None:
    """Send a request, again and again while the cluster is busy; a minute later `Busy` is raised."""
    for pause in PAUSES:
        try:
            send(lines, refresh=False)
        except Busy:
            time.sleep(pause)
        else:
            return
    send(lines, refresh=False)


def _rows(after: int) -> Iterator[list[Kept]]:
    rows = SearchDocument.objects.order_by("pk")
    while batch := kept(rows.filter(pk__gt=after)[:BATCH]):
        yield batch
        after = batch[-1].pk


def _reached(index: SearchIndex, pk: int) -> None:
    SearchIndex.objects.filter(pk=index.pk).update(reached=pk)


def _take_over(index: SearchIndex) -> str:
    """Compare, then let the index answer; the one that answered until now becomes the former one."""
    settings = {**dict.fromkeys(WHILE_FILLED), **SETTINGS}
    connected = client(LONG)
    connected.indices.put_settings(index=index.name, settings={"index": settings})
    deliver(refresh=True)
    _demand_like(index.name)
    _point_alias(index.name)  # first: the probe asks the alias, and who is killed here builds again
    with transaction.atomic():
        answered = list(SearchIndex.objects.filter(ready=True).exclude(pk=index.pk).values_list("pk", flat=True))
        SearchIndex.objects.filter(pk__in=answered).update(ready=False, reached=FORMER)
        SearchIndex.objects.filter(pk=index.pk).update(ready=True)
    _drop_formers_but(answered)
    return index.name


def _demand_like(name: str) -> None:
    """Raise `Unlike` when an index differs from the rows each time that it is looked at: others write meanwhile."""
    for _attempt in range(LOOKS - 1):
        with suppress(Unlike):
            _compare(name)
            return
        time.sleep(PAUSES[0])
    _compare(name)


def _compare(name: str) -> None:
    """Raise `Unlike` when the number of documents differs, or one of a sample. What changes meanwhile is left out."""
    ids = list(SearchDocument.objects.values_list("pk", flat=True))
    client(LONG).indices.refresh(index=name)  # so that it shows what was brought by the time of those ids
    found = client(LONG).count(index=name).body["count"]
    waiting = SearchChange.objects.count()
    if abs(found - len(ids)) > waiting:
        raise Unlike(f"{name} holds {found} documents, there are {len(ids)}.")
    chosen = random.sample(ids, min(SAMPLE, len(ids)))  # a sample, nothing secret
    rows = dict(SearchDocument.objects.filter(pk__in=chosen).values_list("key", "pk"))
    held = _held(name, rows)
    changed = set(SearchChange.objects.filter(key__in=rows).values_list("key", flat=True))
    if wrong := [key for key, pk in rows.items() if held.get(key) != pk and key not in changed]:
        raise Unlike(f"{name} lacks {wrong[0]}, or holds it as it was.")


def _held(name: str, keys: Any) -> dict[str, int]:
    if not keys:
        return {}
    answer = client(LONG).search(
        index=name,
        query={"ids": {"values": list(keys)}},
        docvalue_fields=[{"field": "row"}],
        source=False,
        size=len(keys),
    )
    return {hit["_id"]: hit["fields"]["row"][0] for hit in answer.body["hits"]["hits"]}


def _point_alias(name: str) -> None:
    """Let the alias, by which people and the probe know the index that answers, point to it alone."""
    actions: list[dict[str, Any]] = [
        {"remove": {"index": f"{prefix()}-*", "alias": prefix(), "must_exist": False}},
        {"add": {"index": name, "alias": prefix()}},
    ]
    client(PATIENCE).indices.update_aliases(actions=actions)


def _drop_formers_but(answered: list[int]) -> None:
    """Keep of the former indices the one that answered until now."""
    for index in SearchIndex.objects.filter(ready=False, reached=FORMER).exclude(pk__in=answered):
        _drop(index)


def _drop(index: SearchIndex, *, unreachable: bool = False) -> None:
    """Delete an index and forget it; `unreachable`: also where no cluster answers that could delete it."""
    with suppress(NotFoundError, *([TransportError] if unreachable else [])):
        client(PATIENCE).indices.delete(index=index.name)
    index.delete()


def roll_back() -> str:
    """Let the former index answer again; it was kept in step meanwhile. Returns its name. Raises `Unlike`."""
    former = SearchIndex.objects.filter(ready=False, reached=FORMER).order_by("-pk").first()
    if former is None:
        raise Unlike("There is no former index.")
    return _take_over(former)


def give_up() -> int:
    """Keep no index in step any more and delete those there are; returns how many. The embedded engine answers."""
    found = list(SearchIndex.objects.all())
    for index in found:
        _drop(index, unreachable=True)
    with writing():  # nobody begins another one meanwhile, whose changes these would be
        if not SearchIndex.objects.exists():
            SearchChange.objects.all().delete()
    return len(found)


def differences(name: str) -> Iterator[Differing]:
    """Yield each document of which an index and the rows differ; what waits to be brought is no difference."""
    waiting = set(SearchChange.objects.values_list("key", flat=True))
    rows = dict(SearchDocument.objects.values_list("key", "pk"))
    for key, held in _everything(name):
        row = rows.pop(key, None)
        if key not in waiting and row != held:
            yield Differing(key, held, row)
    yield from (Differing(key, None, row) for key, row in rows.items() if key not in waiting)


def _everything(name: str) -> Iterator[tuple[str, int]]:
    """Yield key and row of every document of an index, of one moment."""
    connected = client(LONG)
    moment = connected.open_point_in_time(index=name, keep_alive="5m").body["id"]
    after: list[Any] | None = None
    try:
        while True:
            answer = connected.search(
                pit={"id": moment, "keep_alive": "5m"},
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
        connected.close_point_in_time(id=moment)


def repair(found: list[Differing]) -> None:
    """Let these documents be brought again, as they are now, and those that are no more be taken out."""
    with writing():
        if not followed():
            return
        for batch in batches(found, BATCH):
            present = dict(SearchDocument.objects.filter(key__in=[each.key for each in batch]).values_list("key", "pk"))
            leave(
                Change(each.key, present.get(each.key, each.held or 0), gone=each.key not in present) for each in batch
            )
