"""Operations on cached entries: visibility, filters and facet counts.

The embedded engine uses them for all matches, the Elasticsearch engine for pending changes only.

- `visible_entries`, `within_days`, `filter_by_facets`: filters.
- `count_values`: counts per facet value. `facet_counts`: the counts with labels.
- `read_rows(ids, reader)`: the documents that the reader may see.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain

from django.db import connection

from search.batches import batches
from search.document import FACETS
from search.engines.base import Row
from search.engines.document_cache import CHUNK, DocumentCache, Entry, Value
from search.models import SearchAudience, SearchDocument
from search.query import Query
from search.reader import Reader
from search.result import FacetCount

# Between the texts of a document, and before its keywords. The symbols are breaks for the tokenizer.
TEXT_SEPARATOR, KEYWORDS_SEPARATOR = "\n␞\n", "\n␟\n"
ALL = "all"


def visible_entries(cache: DocumentCache, reader: Reader, ids: Sequence[int]) -> list[Entry]:
    """Return the entries of `ids` that the reader may see."""
    entries = cache.entries(ids)
    audience_ids = cache.audiences(reader)
    return [entry for entry in entries if entry.audience in audience_ids]


def within_days(entries: list[Entry], query: Query) -> list[Entry]:
    """Return the entries within the days of the query. Entries without a day are never within days."""
    if not (query.since or query.until):
        return entries
    # Days of entries are negated.
    first = -(query.since or date.min).toordinal()
    last = -(query.until or date.max - timedelta(days=1)).toordinal()
    return [entry for entry in entries if last <= entry.day <= first]


def filter_by_facets(entries: list[Entry], chosen: Mapping[str, Collection[int]]) -> list[Entry]:
    """Return the entries that have, for each facet, one of the selected values. `chosen` contains value ids."""
    for ids in chosen.values():
        wanted = set(ids)
        entries = [entry for entry in entries if not wanted.isdisjoint(entry.values)]
    return entries


def count_values(entries: list[Entry], chosen: Mapping[str, Collection[int]]) -> dict[str, Counter[int]]:
    """Count entries by value id, with all selected values applied (`ALL`).

    For each facet with selected values, count once more without the selection in that facet.
    """
    others = {name: {each: ids for each, ids in chosen.items() if each != name} for name in chosen}
    return {
        name: Counter(chain.from_iterable(entry.values for entry in filter_by_facets(entries, left)))
        for name, left in {ALL: chosen, **others}.items()
    }


def facet_counts(
    counts: Mapping[str, Counter[int]], values: Mapping[int, Value], query: Query
) -> dict[str, tuple[FacetCount, ...]]:
    """Return the counts of each facet. Counts of a facet ignore the values selected in it.

    Selected values are always included, even with count 0, so that they can be deselected.
    """
    found = _merge_labels(counts[ALL], values)
    for name, chosen in query.chosen.items():
        found[name] = _merge_labels(counts[name], values)[name]
        for value in chosen:
            found[name].setdefault(value, FacetCount(value, value, 0))
    return {name: tuple(sorted(found[name].values(), key=_facet_sort_key(name))) for name in FACETS}


def _merge_labels(counts: Counter[int], values: Mapping[int, Value]) -> dict[str, dict[str, FacetCount]]:
    """Add up the counts of a value that has several labels. The newest label is shown."""
    found: dict[str, dict[str, FacetCount]] = {name: {} for name in FACETS}
    for pk in sorted(counts):
        name, value, label = values[pk]
        former = found[name].get(value)
        found[name][value] = FacetCount(value, label, counts[pk] + (former.count if former else 0))
    return found


def _facet_sort_key(name: str) -> Callable[[FacetCount], tuple[int, str]]:
    if name == "year":
        return lambda count: (-int(count.value) if count.value.isdecimal() else 0, count.value)
    return lambda count: (-count.count, count.label)


# Every result page runs it. Through the models it takes three times as long.
_ROWS = f"""
SELECT document.id, tokens, key, kind, kind_label, title, body, day, url, data
FROM {SearchDocument._meta.db_table} document JOIN {SearchAudience._meta.db_table} audience
ON audience.id = document.audience_id WHERE document.id IN
"""  # noqa: S608 -- built of constants


def read_rows(ids: Sequence[int], reader: Reader) -> list[Row]:
    """Read the documents of `ids`, in order, that the reader may see according to the database."""
    shown: dict[int, Row] = {}
    for batch in batches(ids, CHUNK):
        with connection.cursor() as cursor:
            cursor.execute(f"{_ROWS} ({', '.join(['%s'] * len(batch))})", batch)
            found = cursor.fetchall()
        shown |= {pk: _row(*values) for pk, tokens, *values in found if not reader.tokens.isdisjoint(tokens.split())}
    return [shown[pk] for pk in ids if pk in shown]


def _row(key: str, kind: str, label: str, title: str, body: str, day: date | None, url: str, data: str) -> Row:
    texts = body.partition(KEYWORDS_SEPARATOR)[0].split(TEXT_SEPARATOR)
    return Row(key, kind, label, title, texts, day, url, json.loads(data))
