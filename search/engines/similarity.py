"""Similar documents in the embedded index: those that share the most weight of rare token pairs with a text.

A pair of adjacent tokens weighs more the rarer it is among the documents of the kind that the reader may see. The
Elasticsearch engine computes the same (`search.engines.elasticsearch.requests.similar`). Its `more_like_this` is not
used: it weighs by all documents, so the order of results would leak information about documents that the reader may not
see.

- `pairs_of(text)`: the pairs. `weights(document_counts, total)`: their weights. `similar_ids(…)`: the documents.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import chain, pairwise
from math import log

from search.engines.document_cache import DocumentCache
from search.engines.filtering import visible_entries
from search.engines.fulltext import table
from search.engines.tokens import kind_mark
from search.models import SearchDocument
from search.reader import Reader
from search.terms import LONGEST_TERM
from search.text import Phrase, split_phrases

MOST_PAIRS = 80
MIN_SHARED_WEIGHT = 0.15  # minimum share of the weight of all pairs of the text


def pairs_of(text: str) -> list[Phrase]:
    """Return the first `MOST_PAIRS` distinct pairs of adjacent tokens of a text, without overlong tokens."""
    found: dict[Phrase, None] = dict.fromkeys(
        pair for phrase in split_phrases(text) for pair in pairwise(phrase) if max(map(len, pair)) <= LONGEST_TERM
    )
    return list(found)[:MOST_PAIRS]


def weights(document_counts: Sequence[int], total: int) -> list[float]:
    """Return the weight of each pair.

    `document_counts`: how many documents contain each pair. `total`: how many contain any of the pairs.
    """
    return [log(1 + total / each) if each else 0.0 for each in document_counts]


def similar_ids(
    cache: DocumentCache, reader: Reader, text: str, kind: str, excluded_keys: Collection[str]
) -> list[int]:
    """Return the ids of documents of `kind` similar to `text`, the most similar first.

    Documents with `excluded_keys`, such as the source of the text, are neither counted nor returned.
    """
    ids_by_pair = table().ids_by_phrase(pairs_of(text), within=[reader.tokens, {kind_mark(kind)}])
    own = (
        set(SearchDocument.objects.filter(key__in=excluded_keys).values_list("pk", flat=True))
        if excluded_keys
        else set()
    )
    candidates = {
        entry.pk: entry
        for entry in visible_entries(cache, reader, list(set(chain.from_iterable(ids_by_pair)) - own))
        if entry.kind == kind
    }
    shared = [[pk for pk in ids if pk in candidates] for ids in ids_by_pair]
    pair_weights = weights(list(map(len, shared)), len(candidates))
    scores: defaultdict[int, float] = defaultdict(float)
    for ids, weight in zip(shared, pair_weights, strict=True):
        for pk in ids:
            scores[pk] += weight
    threshold = MIN_SHARED_WEIGHT * sum(pair_weights)
    found = [entry for pk, entry in candidates.items() if scores[pk] >= threshold]
    return [entry.pk for entry in sorted(found, key=lambda entry: (-scores[entry.pk], entry))]
