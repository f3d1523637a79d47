"""What Elasticsearch does not know yet, laid over its answer.

Documents whose change still waits to be brought there are asked for without: what was withdrawn is gone at once, from
hits, totals, counts and suggestions alike. As they are now, they are searched here, in the process, and put among the
hits. So the answer is right from the moment of the commit, however far Elasticsearch is behind; where it is too far
behind, `TooFarBehind` says so.

Key concepts
- `Overlay.now()`: the waiting changes of this moment. `matching(reader, what)`: those documents that are found.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from search.engines.elasticsearch.asking import Order
from search.engines.entries import seen
from search.engines.memory import Entry, Memory
from search.models import SearchChange, SearchDocument
from search.reader import Reader
from search.terms import Wanted
from search.text import Phrase, breaks

MOST = 500


class TooFarBehind(Exception):
    """More changes wait than can be laid over an answer."""


@dataclass(frozen=True)
class Overlay:
    """The keys of the documents that Elasticsearch does not know as they are, and the ids of those that there are."""

    keys: Sequence[str]
    ids: Sequence[int]

    @classmethod
    def now(cls) -> Self:
        """Read what waits. Raises `TooFarBehind`."""
        waiting = list(SearchChange.objects.values_list("key", "document", "gone")[: MOST + 1])
        if len(waiting) > MOST:
            raise TooFarBehind
        return cls([key for key, _, _ in waiting], [document for _, document, gone in waiting if not gone])

    def matching(self, known: Memory, reader: Reader, what: Wanted, *, in_title: bool = False) -> list[Entry]:
        """Return the entries of the waiting documents that hold what is wanted and that the reader may see."""
        if not self.ids:
            return []
        found = [
            pk
            for pk, texts in _texts(self.ids)
            if _count(texts[:1] if in_title else texts, what.phrases) >= what.need and not _count(texts, what.without)
        ]
        return seen(known, reader, found)


def _texts(ids: Collection[int]) -> list[tuple[int, tuple[str, str]]]:
    rows = SearchDocument.objects.filter(pk__in=ids).values_list("pk", "title", "body")
    return [(pk, (title, body)) for pk, title, body in rows]


def _count(texts: Sequence[str], phrases: Sequence[Phrase]) -> int:
    """Return how many of `phrases` occur in `texts`."""
    parts = [part for text in texts for part in _breaks(text)] if phrases else []
    return sum(any(_inside(phrase, part) for part in parts) for phrase in phrases)


@lru_cache(maxsize=2 * MOST)
def _breaks(text: str) -> list[Phrase]:
    return breaks(text)


def _inside(phrase: Phrase, part: Phrase) -> bool:
    size = len(phrase)
    return any(part[start : start + size] == phrase for start in range(len(part) - size + 1))


def order(entry: Entry, titled: Collection[int] = ()) -> Order:
    """Return what an entry is ordered by among the hits; `titled` are the ids of those that come first."""
    return (0 if entry.pk in titled else 1, entry.day, entry.number, entry.kind, entry.pk)
