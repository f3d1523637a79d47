"""What Elasticsearch does not know yet, laid over its answer.

Documents whose change still waits to be brought there are asked for without: what was withdrawn is gone at once, from
hits, totals, counts and suggestions alike. As they are now, they are searched here, in the process, and put among the
hits. So the answer is right from the moment of the commit, however far Elasticsearch is behind; where it is too far
behind, `TooFarBehind` says so.

Key concepts
- `standing()`: the index that answers at this moment, and the `Overlay` of what it does not know.
- `Overlay.matching(reader, what)`: those of the waiting documents that are found.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from search.engines.document_cache import Entry, Memory
from search.engines.elasticsearch.requests import Order
from search.engines.filtering import seen
from search.models import SearchChange, SearchDocument, SearchIndex
from search.reader import Reader
from search.terms import Wanted
from search.text import Phrase, breaks

MOST = 500


# One question, for every search asks it first.
_STANDING = f"""
SELECT name, '', 0, ready FROM {SearchIndex._meta.db_table} WHERE ready
UNION ALL
SELECT '', key, document, gone
FROM (SELECT key, document, gone FROM {SearchChange._meta.db_table} LIMIT {MOST + 1}) waiting
"""  # noqa: S608 -- built of constants


class NotReady(Exception):
    """No index was filled yet."""


class TooFarBehind(Exception):
    """More changes wait than can be laid over an answer."""


@dataclass(frozen=True)
class Overlay:
    """The keys of the documents that Elasticsearch does not know as they are, and the ids of those that there are."""

    keys: Sequence[str]
    ids: Sequence[int]

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


def standing() -> tuple[str, Overlay]:
    """Return the name of the index that answers, and what waits. Raises `NotReady` or `TooFarBehind`."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        rows = cursor.fetchall()
    name = next((name for name, *_ in rows if name), "")
    if not name:
        raise NotReady
    waiting = [(key, document, gone) for name, key, document, gone in rows if not name]
    if len(waiting) > MOST:
        raise TooFarBehind
    return name, Overlay([key for key, _, _ in waiting], [document for _, document, gone in waiting if not gone])


def _texts(ids: Collection[int]) -> list[tuple[int, tuple[str, str]]]:
    rows = SearchDocument.objects.filter(pk__in=ids).values_list("pk", "title", "body")
    return [(pk, (title, body)) for pk, title, body in rows]


def _count(texts: Sequence[str], phrases: Sequence[Phrase]) -> int:
    """Return how many of `phrases` occur in `texts`."""
    parts = [_written(text) for text in texts] if phrases else []
    return sum(any(_spaced(phrase) in part for part in parts) for phrase in phrases)


@lru_cache(maxsize=2 * MOST)
def _written(text: str) -> str:
    """Return the tokens of a text between spaces, a line for each part without a break."""
    return "\n".join(map(_spaced, breaks(text)))


def _spaced(phrase: Phrase) -> str:
    return f" {' '.join(phrase)} "


def order(entry: Entry, titled: Collection[int] = ()) -> Order:
    """Return what an entry is ordered by among the hits; `titled` are the ids of those that come first."""
    return (0 if entry.pk in titled else 1, entry.day, entry.number, entry.kind, entry.pk)
