"""The embedded engine: the search of one database, always current, in the transaction of whoever writes.

The full-text table says which documents match (`search.engines.fulltext`); who sees them, what filters leave, how they
count and in which order they stand is worked out in the process (`search.engines.memory`). A result page takes the same
few queries whatever it shows. The rows of the page are read by the reader's rights once more.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from meetings.writing import writing
from search.batches import batches
from search.document import Choice, Document
from search.engines.base import MATTERS, Engine, Found, Row, reader_of
from search.engines.entries import SEPARATOR, WORDS, facets, narrowed, rows, seen, tallied, within_days
from search.engines.fulltext import table
from search.engines.matter import alike
from search.engines.memory import Entry, Memory, memory
from search.models import SearchAudience, SearchDocument, SearchValue
from search.outbox import Change, leave
from search.query import DATE, Query
from search.reader import Reader
from search.terms import Wanted, refusal

BATCH = 500


class EmbeddedEngine(Engine):
    """Keeps documents in the portal's own database, and finds them there.

    What is kept belongs to the transaction of whoever changes something; others hear of it (`search.outbox`).
    """

    # --- keeping -----------------------------------------------------------------------------------------------------
    def index(self, documents: Iterable[Document]) -> None:
        """Keep `documents`; those that did not change are left alone. Runs in one transaction."""
        with writing():
            for found in batches(documents, BATCH):
                batch = {document.key: document for document in found}
                kept = dict(SearchDocument.objects.filter(key__in=batch).values_list("key", "checksum"))
                sums = {key: each.checksum() for key, each in batch.items()}
                fresh = [key for key, checksum in sums.items() if kept.get(key) != checksum]
                self._forget([key for key in fresh if key in kept])
                leave(self._keep([batch[key] for key in fresh], sums))

    def delete(self, keys: Iterable[str]) -> None:
        """Forget the documents of `keys`. Runs in one transaction."""
        with writing():
            leave(self._forget(list(keys)))

    def clear(self) -> None:
        """Forget everything. Runs in one transaction."""
        with writing():
            leave(Change(key, pk, gone=True) for key, pk in SearchDocument.objects.values_list("key", "pk").iterator())
            table().clear()
            for model in (SearchDocument, SearchAudience, SearchValue):
                model._default_manager.all().delete()

    def _forget(self, keys: Sequence[str]) -> list[Change]:
        changes = []
        for batch in batches(keys, BATCH):
            old = SearchDocument.objects.filter(key__in=batch)
            changes += [Change(key, pk, gone=True) for key, pk in old.values_list("key", "pk")]
            table().remove(old.values_list("pk", "title", "body"))
            old.delete()
        return changes

    def _keep(self, documents: Sequence[Document], checksums: Mapping[str, str]) -> list[Change]:
        audiences, values = _audiences(documents), _values(documents)
        rows = SearchDocument.objects.bulk_create(
            SearchDocument(
                key=each.key,
                kind=each.kind.value,
                kind_label=each.kind.label,
                number=each.number,
                day=each.day,
                audience_id=audiences[_joined(each.tokens)],
                values=",".join(str(values[choice]) for choice in each.choices()),
                url=each.url,
                checksum=checksums[each.key],
                title=_storable(each.title),
                body=_storable(SEPARATOR.join(each.texts) + WORDS + SEPARATOR.join(each.words)),
                data=dict(each.data),
            )
            for each in documents
        )
        table().insert((row.pk, row.title, row.body) for row in rows)
        return [Change(row.key, row.pk, gone=False) for row in rows]

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


def _storable(text: str) -> str:
    """Return `text` as both databases take it: PostgreSQL stores no NUL, and any other sign is a break as well."""
    return text.replace("\0", "\ufffd")


def _joined(tokens: Iterable[str]) -> str:
    return " ".join(sorted(tokens))


def _audiences(documents: Sequence[Document]) -> dict[str, int]:
    """Return the ids of the audiences of `documents`; new ones are added."""
    wanted = {_joined(document.tokens) for document in documents}
    rows = SearchAudience.objects.filter(tokens__in=wanted).values_list("tokens", "pk")
    new = wanted - dict(rows).keys()
    if new:
        SearchAudience.objects.bulk_create([SearchAudience(tokens=tokens) for tokens in new], ignore_conflicts=True)
    return dict(rows.all())


def _values(documents: Sequence[Document]) -> dict[tuple[str, Choice], int]:
    """Return the ids of the facet values of `documents`; new ones are added."""
    wanted = {choice for document in documents for choice in document.choices()}
    rows = SearchValue.objects.filter(value__in={choice.value for _, choice in wanted})
    known = {(row.name, Choice(row.value, row.label)): row.pk for row in rows}
    if new := wanted - known.keys():
        SearchValue.objects.bulk_create(
            [SearchValue(name=name, value=choice.value, label=choice.label) for name, choice in new],
            ignore_conflicts=True,
        )
        known = {(row.name, Choice(row.value, row.label)): row.pk for row in rows.all()}
    return known


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
