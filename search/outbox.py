"""The changes that wait to be brought to Elasticsearch, left in the transaction that made them.

A document of the embedded index never changes: what changed is a new row with a higher id. So ids order the changes of
a document, whatever the way by which they arrive (`version`). There is one line for each document that differs, and
only while an index is kept in step (`SearchIndex`); switching Elasticsearch off for a while therefore loses nothing.

Key concepts
- `followed()`: whether an index is kept in step, so that changes are to be left.
- `leave(changes)`: the embedded engine leaves what it keeps and what it forgets.
- `left`: a signal after the commit, for whoever brings changes at once.
- `waiting()`: how many wait, and since when.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Min
from django.dispatch import Signal

from search.batches import batches
from search.models import SearchChange, SearchIndex

BATCH = 500
left = Signal()


class Change(NamedTuple):
    """A document that was kept (`gone` is False) or forgotten, under the id that it has or had."""

    key: str
    document: int
    gone: bool


class Waiting(NamedTuple):
    """How many changes wait, and since when the oldest does."""

    number: int
    since: datetime | None


def version(document: int, *, gone: bool) -> int:
    """Return the version of a change for Elasticsearch: forgetting a row comes after keeping it, before the next."""
    return 2 * document + gone


def followed() -> bool:
    """Tell whether an index of Elasticsearch is kept in step."""
    return SearchIndex.objects.exists()


def leave(changes: Iterable[Change]) -> None:
    """Leave changes, each in place of what waits for its document, while an index is kept in step (`followed`).

    Belongs to the transaction of whoever made them.
    """
    for batch in batches(changes, BATCH):
        last = {change.key: change for change in batch}
        SearchChange.objects.filter(key__in=last).delete()
        SearchChange.objects.bulk_create(SearchChange(**change._asdict()) for change in last.values())
    transaction.on_commit(_tell)


def _tell() -> None:
    left.send(None)


def waiting() -> Waiting:
    """Return how many changes wait, and since when."""
    found = SearchChange.objects.aggregate(count=Count("pk"), since=Min("at"))
    return Waiting(found["count"], found["since"])
