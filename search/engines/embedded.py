"""The embedded engine: search in the portal's own database, always current, updated in the transaction of each change.

The full-text table returns the matching documents (`search.engines.fulltext`). Visibility, filters, counts and order
are computed in the process (`search.engines.document_cache`). A result page takes the same few queries whatever it
shows. The rows of the page are checked against the reader's tokens a second time when they are read.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from meetings.write_lock import write_transaction
from search.batches import batches
from search.document import Document
from search.engines.base import SIMILAR_KIND, Engine, Matches, Row, reader_of
from search.engines.document_cache import DocumentCache, Entry, get_cache
from search.engines.filtering import (
    count_values,
    facet_counts,
    filter_by_facets,
    read_rows,
    visible_entries,
    within_days,
)
from search.engines.fulltext import table
from search.engines.index_writer import write
from search.engines.similarity import similar_ids
from search.engines.tokens import Text, marks_of
from search.models import SearchAudience, SearchDocument, SearchValue
from search.outbox import Change, outbox_enabled, record_changes
from search.query import DATE, Query
from search.reader import Reader
from search.terms import TextQuery, refusal

BATCH = 500


class EmbeddedEngine(Engine):
    """Stores documents in the portal's own database and searches them there.

    Writes belong to the transaction of the change. They are recorded for Elasticsearch in `search.outbox`.
    """

    # --- writing -----------------------------------------------------------------------------------------------------
    def index(self, documents: Iterable[Document], gone: Iterable[str] = ()) -> None:
        """Store `documents`, and delete the documents with the keys `gone`. Unchanged documents are not written.

        Runs in one transaction, which an exception rolls back.
        """
        wanted = chain(((each.key, each) for each in documents), ((key, None) for key in gone))
        with write_transaction(savepoint=False):
            for batch in batches(wanted, BATCH):
                write(dict(batch))

    def delete(self, keys: Iterable[str]) -> None:
        """Delete the documents with `keys`. Runs in one transaction, which an exception rolls back."""
        self.index((), gone=keys)

    def clear(self) -> None:
        """Delete all documents. Runs in one transaction."""
        with write_transaction():
            if outbox_enabled():
                stored = SearchDocument.objects.values_list("key", "pk").iterator()
                record_changes(Change(key, pk, gone=True) for key, pk in stored)
            table().clear()
            for model in (SearchDocument, SearchAudience, SearchValue):
                model._default_manager.all().delete()

    # --- comparing ---------------------------------------------------------------------------------------------------
    def checksums(self) -> Iterator[tuple[str, str]]:
        """Yield key and checksum of each stored document."""
        yield from SearchDocument.objects.order_by("key").values_list("key", "checksum").iterator()

    def faults(self) -> Iterator[str]:
        """Yield a message for each missing, different or orphaned entry of the full-text table."""
        fingerprints = table().fingerprints()
        columns = ("key", "kind", "audience__tokens", "pk", "title", "body")
        for key, kind, tokens, pk, title, body in SearchDocument.objects.values_list(*columns).iterator():
            found = fingerprints.pop(pk, None)
            if found != table().fingerprint(Text(pk, title, body, marks_of(kind, tokens.split()))):
                yield f"{key}: the full-text table {'lacks it' if found is None else 'holds another text'}"
        yield from (f"row {pk}: in the full-text table without a document" for pk in fingerprints)

    # --- searching ---------------------------------------------------------------------------------------------------
    def has_match(self, reader: Reader, text_query: TextQuery) -> bool:
        return bool(_visible_matches(get_cache(), reader, text_query))

    def find(self, query: Query, reader: Reader, text_query: TextQuery) -> Matches:
        cache = get_cache()
        everything, chosen = _matching_entries(cache, query, reader, text_query)
        found = filter_by_facets(everything, chosen)
        page = read_rows([entry.pk for entry in _page_entries(found, query, text_query)], reader)
        return Matches(len(found), page, facet_counts(count_values(everything, chosen), cache.values, query))

    def titles(self, reader: Reader, text_query: TextQuery, size: int) -> list[str]:
        found: dict[str, None] = {}
        for batch in batches(sorted(_visible_matches(get_cache(), reader, text_query, title=True)), BATCH):
            found |= dict.fromkeys(row.title for row in read_rows([entry.pk for entry in batch], reader))
            if len(found) >= size:
                break
        return list(found)[:size]

    def similar_rows(self, reader: Reader, text: str, excluded_keys: Collection[str], size: int) -> list[Row]:
        return read_rows(similar_ids(get_cache(), reader, text, SIMILAR_KIND, excluded_keys)[:size], reader)

    def all_rows(self, query: Query) -> Iterator[Row]:
        """Yield every hit of `query` in order. Documents that change meanwhile may be missing."""
        reader = reader_of(query)
        if refusal(query.text):
            return
        text_query = self.exact_or_relaxed(query.text, reader)
        everything, chosen = _matching_entries(get_cache(), query, reader, text_query)
        found = filter_by_facets(everything, chosen)
        whole = replace(query, page=1, page_size=len(found))
        for batch in batches(_page_entries(found, whole, text_query), BATCH):
            yield from read_rows([entry.pk for entry in batch], reader)


def _visible_matches(
    cache: DocumentCache, reader: Reader, text_query: TextQuery, *, title: bool = False
) -> list[Entry]:
    """Return the entries that match, in the title or anywhere, and that the reader may see."""
    return visible_entries(cache, reader, table().matching(text_query, title=title, within=[reader.tokens]))


def _matching_entries(
    cache: DocumentCache, query: Query, reader: Reader, text_query: TextQuery
) -> tuple[list[Entry], dict[str, set[int]]]:
    """Return the matches before facets filter them, and the ids of the selected values of each facet."""
    everything = within_days(
        visible_entries(cache, reader, table().matching(text_query, within=[reader.tokens])), query
    )
    return everything, {name: _value_ids(cache, name, values) for name, values in query.chosen.items()}


def _value_ids(cache: DocumentCache, name: str, values: Sequence[str]) -> set[int]:
    found = list(cache.values.items())  # a copy: another thread may be adding
    return {pk for pk, value in found if value.name == name and value.value in values}


def _page_entries(found: list[Entry], query: Query, text_query: TextQuery) -> list[Entry]:
    """Return the entries of the query's page: title matches first, then by day, number and kind."""
    first, last = (query.page - 1) * query.page_size, query.page * query.page_size
    if query.sort == DATE or not text_query.phrases:
        return heapq.nsmallest(last, found)[first:]
    in_title = set(table().matching(text_query, title=True, within=[reader_of(query).tokens]))
    top = sorted(entry for entry in found if entry.pk in in_title)
    if last > len(top):
        top += heapq.nsmallest(last - len(top), (entry for entry in found if entry.pk not in in_title))
    return top[first:last]
