"""Working with remembered documents: who sees them, what filters leave of them, and how they divide.

The embedded engine does all of it here; Elasticsearch with what it does not know yet.

Key concepts
- `seen`, `within_days`, `narrowed`: what is left of some entries.
- `tallied`: how many have each value; `facets` puts such counts into words.
- `rows(ids, reader)`: the documents themselves, as far as the reader may see them.
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
from search.engines.document_cache import CHUNK, Entry, Memory, Value
from search.models import SearchAudience, SearchDocument
from search.query import Query
from search.reader import Reader
from search.result import FacetCount

# Between the texts of a document, and before its words: symbols, and so breaks.
SEPARATOR, WORDS = "\n␞\n", "\n␟\n"
ALL = "all"


def seen(known: Memory, reader: Reader, ids: Sequence[int]) -> list[Entry]:
    """Return the entries of `ids` that the reader may see."""
    entries = known.entries(ids)
    mine = known.audiences(reader)
    return [entry for entry in entries if entry.audience in mine]


def within_days(entries: list[Entry], query: Query) -> list[Entry]:
    """Return the entries of the query's days; what has no day lies in none."""
    if not (query.since or query.until):
        return entries
    # Entries count their days downwards.
    first = -(query.since or date.min).toordinal()
    last = -(query.until or date.max - timedelta(days=1)).toordinal()
    return [entry for entry in entries if last <= entry.day <= first]


def narrowed(entries: list[Entry], chosen: Mapping[str, Collection[int]]) -> list[Entry]:
    """Return the entries with one of the chosen values of each facet, which are given by their ids."""
    for ids in chosen.values():
        wanted = set(ids)
        entries = [entry for entry in entries if not wanted.isdisjoint(entry.values)]
    return entries


def tallied(entries: list[Entry], chosen: Mapping[str, Collection[int]]) -> dict[str, Counter[int]]:
    """Count the values, by their ids, over what was chosen (`ALL`), and for each facet as if nothing of it were."""
    others = {name: {each: ids for each, ids in chosen.items() if each != name} for name in chosen}
    return {
        name: Counter(chain.from_iterable(entry.values for entry in narrowed(entries, left)))
        for name, left in {ALL: chosen, **others}.items()
    }


def facets(
    counts: Mapping[str, Counter[int]], values: Mapping[int, Value], query: Query
) -> dict[str, tuple[FacetCount, ...]]:
    """Return the counts of each facet; those of one of which something was chosen as if it were not.

    What was chosen stays on offer although nothing has it, so that it can be taken back.
    """
    found = _summed(counts[ALL], values)
    for name, chosen in query.chosen.items():
        found[name] = _summed(counts[name], values)[name]
        for value in chosen:
            found[name].setdefault(value, FacetCount(value, value, 0))
    return {name: tuple(sorted(found[name].values(), key=_rank(name))) for name in FACETS}


def _summed(counts: Counter[int], values: Mapping[int, Value]) -> dict[str, dict[str, FacetCount]]:
    """Put together the counts of one value under several labels; the newest label is shown."""
    found: dict[str, dict[str, FacetCount]] = {name: {} for name in FACETS}
    for pk in sorted(counts):
        name, value, label = values[pk]
        former = found[name].get(value)
        found[name][value] = FacetCount(value, label, counts[pk] + (former.count if former else 0))
    return found


def _rank(name: str) -> Callable[[FacetCount], tuple[int, str]]:
    if name == "year":
        return lambda count: (-int(count.value) if count.value.isdecimal() else 0, count.value)
    return lambda count: (-count.count, count.label)


# Every page of hits asks it; said through the models, it takes three times as long.
_ROWS = f"""
SELECT document.id, tokens, key, kind, kind_label, title, body, day, url, data
FROM {SearchDocument._meta.db_table} document JOIN {SearchAudience._meta.db_table} audience
ON audience.id = document.audience_id WHERE document.id IN
"""  # noqa: S608 -- built of constants


def rows(ids: Sequence[int], reader: Reader) -> list[Row]:
    """Read the documents of `ids` in their order, as far as the reader may see them by what stands there now."""
    shown: dict[int, Row] = {}
    for batch in batches(ids, CHUNK):
        with connection.cursor() as cursor:
            cursor.execute(f"{_ROWS} ({', '.join(['%s'] * len(batch))})", batch)
            found = cursor.fetchall()
        shown |= {pk: _row(*values) for pk, tokens, *values in found if not reader.tokens.isdisjoint(tokens.split())}
    return [shown[pk] for pk in ids if pk in shown]


def _row(key: str, kind: str, label: str, title: str, body: str, day: date | None, url: str, data: str) -> Row:
    texts = body.partition(WORDS)[0].split(SEPARATOR)
    return Row(key, kind, label, title, texts, day, url, json.loads(data))
