"""Per-process cache of the embedded index, for filtering, counting and sorting without further queries.

Counting facets over the ids that the full-text table returns is the most expensive part of a search. On tuples in
memory it is five to ten times as fast as in SQL. The cache cannot become stale: rows of the index are never changed and
ids never reused, so a cached id stays valid and an unknown one is read. Inside a transaction, which may be rolled back
so that its ids are used again, the cache lasts for one search only.

- `Entry`: the cached fields of a document. `DocumentCache.entries(ids)`: those of the ids, in the same order.
- `DocumentCache.audiences(reader)`: the audiences of the reader. `DocumentCache.values`: facet values by id.
"""

from collections.abc import Sequence, Set
from datetime import date
from typing import NamedTuple

from django.db import connection

from search.batches import batches
from search.models import SearchAudience, SearchDocument, SearchValue
from search.reader import Reader

CHUNK = 900  # below the parameter limit of every SQLite
MIN_STALE_SIZE = 10_000


class Entry(NamedTuple):
    """The fields of a document for counting and sorting. Entries sort in the order of hits.

    `day` and `number` are negated, so that later days and higher numbers come first. A document without a day has the
    last possible day.
    """

    day: int
    number: int
    kind: str
    pk: int
    audience: int
    values: tuple[int, ...]


class Value(NamedTuple):
    """A value of a facet."""

    name: str
    value: str
    label: str


class DocumentCache:
    """Entries, facet values and audiences by id."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._audiences: set[int] = set()
        self._audiences_by_token: dict[str, set[int]] = {}  # of thousands of audiences, a reader has a few
        self.values: dict[int, Value] = {}

    def entries(self, ids: Sequence[int]) -> list[Entry]:
        """Return the entries of `ids`. Documents that were deleted meanwhile are left out."""
        known = self._entries  # another thread may replace the dict meanwhile; this one stays complete
        if [pk for pk in ids if pk not in known]:
            self._drop_stale_entries()
            known = self._entries
            for chunk in batches([pk for pk in ids if pk not in known], CHUNK):
                self._read(chunk, known)
            return [known[pk] for pk in ids if pk in known]
        return [known[pk] for pk in ids]

    def audiences(self, reader: Reader) -> set[int]:
        """Return the ids of the cached audiences that share a token with `reader`."""
        # Another thread may be adding; `union` copies each set in one step.
        return set().union(*(self._audiences_by_token.get(token, ()) for token in reader.tokens))

    def load_values(self, ids: Set[int]) -> None:
        """Read the facet values of `ids` that are not cached yet."""
        for chunk in batches(ids - self.values.keys(), CHUNK):
            for pk, *value in SearchValue.objects.filter(pk__in=chunk).values_list("pk", "name", "value", "label"):
                self.values[pk] = Value(*value)

    def _read(self, ids: Sequence[int], known: dict[int, Entry]) -> None:
        rows = SearchDocument.objects.filter(pk__in=ids).values_list(
            "day", "number", "kind", "pk", "audience_id", "values"
        )
        entries = [
            Entry(-(day or date.max).toordinal(), -number, kind, pk, audience, tuple(map(int, values.split(","))))
            for day, number, kind, pk, audience, values in rows
        ]
        self.load_values({value for entry in entries for value in entry.values})
        audiences = {entry.audience for entry in entries} - self._audiences
        for chunk in batches(audiences, CHUNK):
            for pk, tokens in SearchAudience.objects.filter(pk__in=chunk).values_list("pk", "tokens"):
                for token in tokens.split():
                    self._audiences_by_token.setdefault(token, set()).add(pk)
                self._audiences.add(pk)
        known.update((entry.pk, entry) for entry in entries)  # last: their values and audiences are cached by then

    def _drop_stale_entries(self) -> None:
        """Clear the entries if most of them belong to deleted documents."""
        if len(self._entries) > MIN_STALE_SIZE and len(self._entries) > 2 * SearchDocument.objects.count():
            self._entries = {}


_process_cache = DocumentCache()


def get_cache() -> DocumentCache:
    """Return the cache of this process. Inside a transaction, return a new one for this search only."""
    return DocumentCache() if connection.in_atomic_block else _process_cache
