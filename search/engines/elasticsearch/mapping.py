"""What Elasticsearch keeps of a document, and how its words are written for it.

Texts are cut into tokens here, by the one definition (`search.text`), and written with a space between; the analyzer
only parts them again, so that every engine agrees on what equals what. Each part without a break is a value of its
own: a phrase never runs from one into the next. Nothing is kept to be shown.

Key concepts
- `MAPPING`, `SETTINGS`: of an index.
- `kept(rows)`: what is read of rows of the embedded index; `body(row)`: what is sent of one.
- `written(phrase)`: a phrase as it is asked for. `paired(pair)`: two neighbours as `PAIRS` holds them.
"""

import hashlib
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from elasticsearch.dsl import Integer, Keyword, Long, Mapping, Text, analyzer, token_filter

from search.models import SearchDocument
from search.text import Phrase, breaks

NO_DAY = date.max.toordinal()  # what has no day yet stands before all that has one
PAIRS = "words.pairs"
LONGEST = 100  # the analyzer cuts what is longer than 255 UTF-16 units
GAP = 100  # between the values of a field, in tokens

# Makes pairs of the tokens that were sent: sending them costs twice as much as the words alone.
_PAIRING = analyzer(
    "pairs",
    tokenizer="standard",
    filter=[
        token_filter(
            "pairs", "shingle", min_shingle_size=2, max_shingle_size=2, output_unigrams=False, token_separator=""
        )
    ],
)
FIXED: dict[str, Any] = {"number_of_shards": 1, "analysis": _PAIRING.get_analysis_definition()}
SETTINGS: dict[str, Any] = {
    "refresh_interval": "1s",
    # For as long a change that arrives late meets the trace of what was forgotten after it.
    "gc_deletes": "1h",
}


def _mapping() -> Mapping:
    found = Mapping()
    found.meta("dynamic", "strict")
    found.meta("_source", enabled=False)
    words: dict[str, Any] = {"analyzer": "whitespace", "norms": False, "position_increment_gap": GAP}
    pairs = Text(**{**words, "analyzer": _PAIRING, "index_options": "freqs"})
    found.field("words", Text(index_phrases=True, fields={"pairs": pairs}, **words))
    found.field("title_words", Text(index_phrases=True, **words))
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
    return tuple(map(_token, phrase))


def written(phrase: Phrase) -> str:
    """Return a phrase as the analyzer parts it again; a very long token is a mark of it."""
    plain = " ".join(phrase)
    return plain if len(plain) <= LONGEST else " ".join(_tokens(phrase))  # only there can a token be that long


def paired(pair: Phrase) -> str:
    """Return a pair of neighbouring tokens as the one token that the index makes of it."""
    return "".join(_tokens(pair))


class Kept(NamedTuple):
    """A row of the embedded index, as far as Elasticsearch hears of it; `tokens` are parted by spaces."""

    pk: int
    key: str
    kind: str
    number: int
    day: date | None
    values: str
    title: str
    body: str
    tokens: str


_COLUMNS = tuple("audience__tokens" if name == "tokens" else name for name in Kept._fields)


def kept(rows: QuerySet[SearchDocument]) -> list[Kept]:
    """Return what `rows` hold, read in one query. An index is filled with as many as there are: no model is made."""
    return list(map(Kept._make, rows.values_list(*_COLUMNS)))


def body(row: Kept) -> dict[str, Any]:
    """Return what is sent of `row`; who has one of its tokens may see it."""
    title = breaks(row.title)
    words = [written(phrase) for phrase in (*title, *breaks(row.body))]
    return {
        "words": words,
        "title_words": words[: len(title)],
        "title": row.title,
        "tokens": row.tokens.split(),
        "values": row.values.split(","),
        "kind": row.kind,
        "day": row.day.toordinal() if row.day else NO_DAY,
        "number": row.number,
        "row": row.pk,
    }
