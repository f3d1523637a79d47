"""What resembles a text, worked out over the embedded index: the documents that share most of its rare pairs.

Each pair of neighbouring tokens counts for as much as it is rare among the documents of the kind that the reader may
see, as in Elasticsearch's `more_like_this`; the scores differ, what comes first should not.
"""

from collections import defaultdict
from collections.abc import Collection
from itertools import chain, pairwise
from math import log

from search.engines.entries import seen
from search.engines.fulltext import table
from search.engines.memory import Memory
from search.models import SearchDocument
from search.reader import Reader
from search.text import Phrase, breaks

MOST_PAIRS = 80
SHARED = 0.15  # of the weight of the text's pairs, to be of its matter at all


def pairs_of(text: str) -> list[Phrase]:
    """Return the first pairs of neighbouring tokens of a text, each once."""
    found: dict[Phrase, None] = dict.fromkeys(pair for phrase in breaks(text) for pair in pairwise(phrase))
    return list(found)[:MOST_PAIRS]


def alike(known: Memory, reader: Reader, text: str, kind: str, without: Collection[str]) -> list[int]:
    """Return the ids of the documents of a kind that are of the matter of `text`, the most alike first.

    Those with the keys `without`, such as the text's own, neither count nor are returned.
    """
    holders = table().holders(pairs_of(text))
    own = set(SearchDocument.objects.filter(key__in=without).values_list("pk", flat=True)) if without else set()
    of_kind = {
        entry.pk: entry
        for entry in seen(known, reader, list(set(chain.from_iterable(holders)) - own))
        if entry.kind == kind
    }
    shared = [[pk for pk in ids if pk in of_kind] for ids in holders]
    weights = [log(1 + len(of_kind) / len(ids)) if ids else 0.0 for ids in shared]
    scores: defaultdict[int, float] = defaultdict(float)
    for ids, weight in zip(shared, weights, strict=True):
        for pk in ids:
            scores[pk] += weight
    enough = SHARED * sum(weights)
    found = [entry for pk, entry in of_kind.items() if scores[pk] >= enough]
    return [entry.pk for entry in sorted(found, key=lambda entry: (-scores[entry.pk], entry))]
