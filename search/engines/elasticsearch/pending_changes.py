"""Pending changes: merges what Elasticsearch does not have yet into its answer.

Documents with a pending change are excluded from the request, so a withdrawn document disappears at once from hits,
totals, counts and suggestions. Their present versions are searched here, in the process, and merged into the hits. So
the answer is correct from the commit on, however far Elasticsearch is behind. `TooFarBehind` is raised if too many
changes are pending.

- `index_and_overlay()`: the name of the index in use, and the `Overlay` of pending changes.
- `Overlay.matching(cache, reader, text_query)`: the pending documents that match.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from search.engines.document_cache import DocumentCache, Entry
from search.engines.elasticsearch.requests import SortKey
from search.engines.filtering import visible_entries
from search.models import SearchChange, SearchDocument, SearchIndex
from search.reader import Reader
from search.terms import TextQuery
from search.text import Phrase, split_phrases

MAX_PENDING = 500


# A single query, because every search starts with it.
_INDEX_AND_CHANGES = f"""
SELECT name, '', 0, ready FROM {SearchIndex._meta.db_table} WHERE ready
UNION ALL
SELECT '', key, document, gone
FROM (SELECT key, document, gone FROM {SearchChange._meta.db_table} LIMIT {MAX_PENDING + 1}) waiting
"""  # noqa: S608 -- built of constants


class NotReady(Exception):
    """No index was built yet."""


class TooFarBehind(Exception):
    """More changes are pending than can be merged into an answer."""


@dataclass(frozen=True)
class Overlay:
    """The keys of documents with a pending change, and the ids of their present rows."""

    keys: Sequence[str]
    ids: Sequence[int]

    def matching(
        self, cache: DocumentCache, reader: Reader, text_query: TextQuery, *, in_title: bool = False
    ) -> list[Entry]:
        """Return the entries of pending documents that match and that the reader may see."""
        if not self.ids:
            return []
        found = [
            pk
            for pk, texts in _texts(self.ids)
            if _count_matches(texts[:1] if in_title else texts, text_query.phrases) >= text_query.min_match
            and not _count_matches(texts, text_query.excluded)
        ]
        return visible_entries(cache, reader, found)


def index_and_overlay() -> tuple[str, Overlay]:
    """Return the name of the index in use, and the pending changes. Raises `NotReady` or `TooFarBehind`."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEX_AND_CHANGES)
        rows = cursor.fetchall()
    name = next((name for name, *_ in rows if name), "")
    if not name:
        raise NotReady
    pending = [(key, document, gone) for name, key, document, gone in rows if not name]
    if len(pending) > MAX_PENDING:
        raise TooFarBehind
    return name, Overlay([key for key, _, _ in pending], [document for _, document, gone in pending if not gone])


def _texts(ids: Collection[int]) -> list[tuple[int, tuple[str, str]]]:
    rows = SearchDocument.objects.filter(pk__in=ids).values_list("pk", "title", "body")
    return [(pk, (title, body)) for pk, title, body in rows]


def _count_matches(texts: Sequence[str], phrases: Sequence[Phrase]) -> int:
    """Return how many of `phrases` occur in `texts`."""
    parts = [_token_text(text) for text in texts] if phrases else []
    return sum(any(_padded(phrase) in part for part in parts) for phrase in phrases)


@lru_cache(maxsize=2 * MAX_PENDING)
def _token_text(text: str) -> str:
    """Return the tokens of a text, surrounded by spaces, with one line per part without a break."""
    return "\n".join(map(_padded, split_phrases(text)))


def _padded(phrase: Phrase) -> str:
    return f" {' '.join(phrase)} "


def sort_key(entry: Entry, title_ids: Collection[int] = ()) -> SortKey:
    """Return the sort key of an entry among the hits. Entries whose ids are in `title_ids` come first."""
    return (0 if entry.pk in title_ids else 1, entry.day, entry.number, entry.kind, entry.pk)
