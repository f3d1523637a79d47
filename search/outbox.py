"""Outbox: changes that wait for delivery to Elasticsearch. They are recorded in the transaction that made them.

Rows of the embedded index are immutable; a changed document is a new row with a higher id. So ids order the changes of
a document, in whatever order they arrive (`version`). The outbox holds at most one row per document, and only while a
`SearchIndex` exists. So nothing is lost if Elasticsearch is switched off for a while.

- `outbox_enabled()`: whether changes must be recorded.
- `record_changes(changes)`: called by the embedded engine for documents that it stores and deletes.
- `changes_recorded`: signal sent after the commit, for code that delivers changes at once.
- `backlog()`: how many changes wait, and since when.
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
changes_recorded = Signal()


class Change(NamedTuple):
    """A document that was stored (`gone` is False) or deleted, with the id of its row."""

    key: str
    document: int
    gone: bool


class Backlog(NamedTuple):
    """The number of waiting changes and the time of the oldest."""

    number: int
    since: datetime | None


def version(document: int, *, gone: bool) -> int:
    """Return the Elasticsearch version of a change. Deleting a row comes after storing it and before the next row."""
    return 2 * document + gone


def outbox_enabled() -> bool:
    """Return whether an Elasticsearch index exists that must receive changes."""
    return SearchIndex.objects.exists()


def record_changes(changes: Iterable[Change]) -> None:
    """Record changes in the current transaction, replacing earlier waiting changes of the same documents.

    Call it only if `outbox_enabled`.
    """
    for batch in batches(changes, BATCH):
        last = {change.key: change for change in batch}
        SearchChange.objects.filter(key__in=last).delete()
        SearchChange.objects.bulk_create(SearchChange(**change._asdict()) for change in last.values())
    transaction.on_commit(_send_signal)


def _send_signal() -> None:
    changes_recorded.send(None)


def backlog() -> Backlog:
    """Return how many changes wait, and since when."""
    found = SearchChange.objects.aggregate(count=Count("pk"), since=Min("at"))
    return Backlog(found["count"], found["since"])
