"""The embedded engine: the search of one database, always current, in the transaction of whoever writes.

The full-text table says which documents match (`search.engines.fulltext`); who sees them, what filters leave, how they
count and in which order they stand is worked out in the process (`search.engines.document_cache`). A result page
takes the same few queries whatever it shows. The rows of the page are read by the reader's rights once more.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from meetings.write_lock import writing
from search.batches import batches
from search.document import Document
from search.engines.base import MATTERS, Engine, Found, Row, reader_of
from search.engines.document_cache import Entry, Memory, memory
from search.engines.filtering import facets, narrowed, rows, seen, tallied, within_days
from search.engines.fulltext import table
from search.engines.index_writer import write
from search.engines.similarity import alike
from search.models import SearchAudience, SearchDocument, SearchValue
from search.outbox import Change, followed, leave
from search.query import DATE, Query
from search.reader import Reader
from search.terms import Wanted, refusal

BATCH = 500


class EmbeddedEngine(Engine):
    """Keeps documents in the portal's own database, and finds them there.

    What is kept belongs to the transaction of whoever changes something; others hear of it (`search.outbox`).
    """

    # --- keeping -----------------------------------------------------------------------------------------------------
    def index(self, documents: Iterable[Document], gone: Iterable[str] = ()) -> None:
        """Keep `documents`, of which those that did not change are left alone, and forget those of the keys `gone`.

        Runs in one transaction, which an exception undoes.
        """
        wanted = chain(((each.key, each) for each in documents), ((key, None) for key in gone))
        with writing(savepoint=False):
            for batch in batches(wanted, BATCH):
                write(dict(batch))

    def delete(self, keys: Iterable[str]) -> None:
        """Forget the documents of `keys`. Runs in one transaction, which an exception undoes."""
        self.index((), gone=keys)

    def clear(self) -> None:
        """Forget everything. Runs in one transaction."""
        with writing():
            if followed():
                kept = SearchDocument.objects.values_list("key", "pk").iterator()
                leave(Change(key, pk, gone=True) for key, pk in kept)
            table().clear()
            for model in (SearchDocument, SearchAudience, SearchValue):
                model._default_manager.all().delete()

    # --- comparing ---------------------------------------------------------------------------------------------------
    def checksums(self) -> Iterator[tuple[str, str]]:
        """Yield the key and the checksum of each kept document."""
        yield from SearchDocument.objects.order_by("key").values_list("key", "checksum").iterator()

    def faults(self) -> Iterator[str]:
        """Yield each document whose entry in the full-text table is missing, differs, or outlived it."""
        kept = table().kept()
        for key, pk, title, body in SearchDocument.objects.values_list("key", "pk", "title", "body").iterator():
            found = kept.pop(pk, None)
            if found != table().fingerprint(title, body):
                yield f"{key}: the full-text table {'lacks it' if found is None else 'holds another text'}"
        yield from (f"row {pk}: in the full-text table without a document" for pk in kept)

    # --- finding -----------------------------------------------------------------------------------------------------
    def holds(self, reader: Reader, what: Wanted) -> bool:
        """Tell whether anything that `reader` may see has `what` in it."""
        return bool(seen(memory(), reader, table().matching(what)))

    def find(self, query: Query, reader: Reader, what: Wanted) -> Found:
        """Return what of `what` the query's filters leave, on its page."""
        known = memory()
        everything, chosen = _everything(known, query, reader, what)
        found = narrowed(everything, chosen)
        page = rows([entry.pk for entry in _page(found, query, what)], reader)
        return Found(len(found), page, facets(tallied(everything, chosen), known.values, query))

    def titles(self, reader: Reader, what: Wanted, size: int) -> list[str]:
        """Return the first different titles that hold `what`, as hits are ordered by date."""
        found: dict[str, None] = {}
        for batch in batches(sorted(seen(memory(), reader, table().matching(what, title=True))), BATCH):
            found |= dict.fromkeys(row.title for row in rows([entry.pk for entry in batch], reader))
            if len(found) >= size:
                break
        return list(found)[:size]

    def alike(self, reader: Reader, text: str, without: Collection[str], size: int) -> list[Row]:
        """Return the resolutions that share most of what is rare in `text`, but for those with the keys `without`."""
        return rows(alike(memory(), reader, text, MATTERS, without)[:size], reader)

    def every(self, query: Query) -> Iterator[Row]:
        """Yield every hit of `query`, whatever its page, in order; what changes meanwhile may be missing."""
        reader = reader_of(query)
        if refusal(query.text):
            return
        what = self.meant(query.text, reader)
        everything, chosen = _everything(memory(), query, reader, what)
        found = narrowed(everything, chosen)
        whole = replace(query, page=1, page_size=len(found))
        for batch in batches(_page(found, whole, what), BATCH):
            yield from rows([entry.pk for entry in batch], reader)


def _everything(known: Memory, query: Query, reader: Reader, what: Wanted) -> tuple[list[Entry], dict[str, set[int]]]:
    """Return what is found before facets narrow it, and the ids of what was chosen of each facet."""
    everything = within_days(seen(known, reader, table().matching(what)), query)
    return everything, {name: _ids(known, name, values) for name, values in query.chosen.items()}


def _ids(known: Memory, name: str, values: Sequence[str]) -> set[int]:
    found = list(known.values.items())  # another thread may be learning
    return {pk for pk, value in found if value.name == name and value.value in values}


def _page(found: list[Entry], query: Query, what: Wanted) -> list[Entry]:
    """Return the entries of the query's page: those with a hit in the title first, then by day, number and kind."""
    first, last = (query.page - 1) * query.page_size, query.page * query.page_size
    if query.sort == DATE or not what.phrases:
        return heapq.nsmallest(last, found)[first:]
    in_title = set(table().matching(what, title=True))
    top = sorted(entry for entry in found if entry.pk in in_title)
    if last > len(top):
        top += heapq.nsmallest(last - len(top), (entry for entry in found if entry.pk not in in_title))
    return top[first:last]
