"""What resembles a text, worked out over the embedded index: the documents that share most of its rare pairs.

Each pair of neighbouring tokens counts for as much as it is rare among the documents of the kind that the reader may
see. Elasticsearch is asked for the same (`search.engines.elasticsearch.requests.alike`), not for its
`more_like_this`, which weighs by all documents: what comes first would tell of those that the reader may not see.

Key concepts
- `pairs_of(text)`: the pairs. `weights(holders, of_all)`: what each counts for. `alike(…)`: the documents.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import chain, pairwise
from math import log

from search.engines.document_cache import Memory
from search.engines.filtering import seen
from search.engines.fulltext import table
from search.models import SearchDocument
from search.reader import Reader
from search.terms import LONGEST_TERM
from search.text import Phrase, breaks

MOST_PAIRS = 80
SHARED = 0.15  # of the weight of the text's pairs, to be of its matter at all


def pairs_of(text: str) -> list[Phrase]:
    """Return the first pairs of neighbouring tokens of a text, each once; none has a token that is no word at all."""
    found: dict[Phrase, None] = dict.fromkeys(
        pair for phrase in breaks(text) for pair in pairwise(phrase) if max(map(len, pair)) <= LONGEST_TERM
    )
    return list(found)[:MOST_PAIRS]


def weights(holders: Sequence[int], of_all: int) -> list[float]:
    """Return what each pair counts for, which so many of all the documents with any of the pairs hold."""
    return [log(1 + of_all / each) if each else 0.0 for each in holders]


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
    counting = weights(list(map(len, shared)), len(of_kind))
    scores: defaultdict[int, float] = defaultdict(float)
    for ids, weight in zip(shared, counting, strict=True):
        for pk in ids:
            scores[pk] += weight
    enough = SHARED * sum(counting)
    found = [entry for pk, entry in of_kind.items() if scores[pk] >= enough]
    return [entry.pk for entry in sorted(found, key=lambda entry: (-scores[entry.pk], entry))]
