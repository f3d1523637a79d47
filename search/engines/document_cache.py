"""What a process remembers of the embedded index, so that it can count and order without asking the database again.

Counting facets over the ids that the full-text table found is the dearest part of a search; over tuples in memory it is
five to ten times as fast as in SQL. Nothing here goes stale: rows of the index are never changed and their ids never
used twice, so an id that is remembered is remembered rightly, and one that is not is read. Inside a transaction, which
may be rolled back and its ids given out again, nothing is remembered beyond the search.

Key concepts
- `Entry`: what is remembered of a document. `Memory.entries(ids)`: those of the ids, in the same order.
- `Memory.audiences(reader)`: the audiences that the reader belongs to. `Memory.values`: the values by their ids.
"""

from collections.abc import Sequence, Set
from datetime import date
from typing import NamedTuple

from django.db import connection

from search.batches import batches
from search.models import SearchAudience, SearchDocument, SearchValue
from search.reader import Reader

CHUNK = 900  # below the fewest parameters that any SQLite takes
SPARE = 10_000


class Entry(NamedTuple):
    """A document as the engine counts and orders it; entries sort as hits do. What has no day has the last there is."""

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


class Memory:
    """Entries, values and audiences by their ids."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._audiences: dict[int, frozenset[str]] = {}
        self.values: dict[int, Value] = {}

    def entries(self, ids: Sequence[int]) -> list[Entry]:
        """Return the entries of `ids`; a document that went away meanwhile is left out."""
        known = self._entries  # another thread may begin a new one meanwhile; this one stays whole
        if [pk for pk in ids if pk not in known]:
            self._forget_the_dead()
            known = self._entries
            for chunk in batches([pk for pk in ids if pk not in known], CHUNK):
                self._read(chunk, known)
            return [known[pk] for pk in ids if pk in known]
        return [known[pk] for pk in ids]

    def audiences(self, reader: Reader) -> set[int]:
        """Return the ids of the audiences that have a token in common with `reader`, as far as entries name them."""
        known = list(self._audiences.items())  # another thread may be learning
        return {pk for pk, tokens in known if not tokens.isdisjoint(reader.tokens)}

    def learn(self, ids: Set[int]) -> None:
        """Read the values of `ids` that are not known yet."""
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
        self.learn({value for entry in entries for value in entry.values})
        audiences = {entry.audience for entry in entries} - self._audiences.keys()
        for chunk in batches(audiences, CHUNK):
            for pk, tokens in SearchAudience.objects.filter(pk__in=chunk).values_list("pk", "tokens"):
                self._audiences[pk] = frozenset(tokens.split())
        known.update((entry.pk, entry) for entry in entries)  # last: what they name is known by then

    def _forget_the_dead(self) -> None:
        """Start afresh when most of what is remembered is of documents that are no more."""
        if len(self._entries) > SPARE and len(self._entries) > 2 * SearchDocument.objects.count():
            self._entries = {}


_process = Memory()


def memory() -> Memory:
    """Return the memory of this process; inside a transaction, one that lasts for the search only."""
    return Memory() if connection.in_atomic_block else _process
