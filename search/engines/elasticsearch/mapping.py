"""What Elasticsearch keeps of a document, and how its words are written for it.

Texts are cut into tokens here, by the one definition (`search.text`), and written with a space between; the analyzer
only parts them again, so that every engine agrees on what equals what. Each part without a break is a value of its
own: a phrase never runs from one into the next. Nothing is kept to be shown.

Key concepts
- `MAPPING`, `SETTINGS`: of an index. `body(row, tokens)`: what is sent of a row of the embedded index.
- `written(phrase)`: a phrase as it is asked for. `pairs(phrases)`: neighbouring tokens, for what resembles a text.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from itertools import chain
from operator import add
from typing import Any

from elasticsearch.dsl import Integer, Keyword, Long, Mapping, Text

from search.models import SearchDocument
from search.text import Phrase, breaks

NO_DAY = date.max.toordinal()  # what has no day yet stands before all that has one
LONGEST = 100  # the analyzer cuts what is longer than 255 UTF-16 units
GAP = 100  # between the values of a field, in tokens

SETTINGS = {
    "number_of_shards": 1,
    "refresh_interval": "1s",
    # For as long a change that arrives late meets the trace of what was forgotten after it.
    "gc_deletes": "1h",
}


def _mapping() -> Mapping:
    found = Mapping()
    found.meta("dynamic", "strict")
    found.meta("_source", enabled=False)
    words: dict[str, Any] = {"analyzer": "whitespace", "norms": False, "position_increment_gap": GAP}
    found.field("words", Text(index_phrases=True, **words))
    found.field("title_words", Text(index_phrases=True, **words))
    found.field("pairs", Text(index_options="freqs", **words))
    found.field("title", Keyword(ignore_above=8000))
    found.field("tokens", Keyword())
    found.field("values", Keyword())
    found.field("kind", Keyword())
    found.field("day", Integer())
    found.field("number", Long())
    found.field("row", Long())
    return found


MAPPING = _mapping().to_dict()


def _token(token: str) -> str:
    return token if len(token) <= LONGEST else hashlib.sha256(token.encode()).hexdigest()


def _tokens(phrase: Phrase) -> Phrase:
    return phrase if max(map(len, phrase)) <= LONGEST else tuple(map(_token, phrase))


def written(phrase: Phrase) -> str:
    """Return a phrase as the analyzer parts it again; a very long token is a mark of it."""
    return " ".join(_tokens(phrase))


def pairs(phrases: Iterable[Phrase]) -> str:
    """Return each pair of neighbouring tokens in `phrases`, as one token."""
    return _pairs(map(_tokens, phrases))


def _pairs(phrases: Iterable[Phrase]) -> str:
    return " ".join(chain.from_iterable(map(add, phrase, phrase[1:]) for phrase in phrases))


def body(row: SearchDocument, tokens: str) -> dict[str, Any]:
    """Return what is sent of `row`, which readers with one of `tokens` (parted by spaces) may see."""
    title = breaks(row.title)
    phrases = list(map(_tokens, (*title, *breaks(row.body))))
    words = list(map(" ".join, phrases))
    return {
        "words": words,
        "title_words": words[: len(title)],
        "pairs": _pairs(phrases),
        "title": row.title,
        "tokens": tokens.split(),
        "values": row.values.split(","),
        "kind": row.kind,
        "day": row.day.toordinal() if row.day else NO_DAY,
        "number": row.number,
        "row": row.pk,
    }
