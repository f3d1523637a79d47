"""Index schema: what Elasticsearch stores of a document, and how tokens are encoded for it.

Texts are tokenized here, by the shared definition (`search.text`), and sent with a space between tokens. The analyzer
only splits at spaces, so every engine tokenizes alike. Each part without a break is a separate value of the field, so
phrases do not match across breaks. No text is stored for display.

- `MAPPING`, `STATIC_SETTINGS`, `DYNAMIC_SETTINGS`: of an index.
- `read_source_rows(rows)`: read rows of the embedded index. `document_body(row)`: the document sent for a row.
- `encode_phrase(phrase)`: a phrase for index and query. `encode_pair(pair)`: a token of the field `PAIRS`.
"""

import hashlib
from datetime import date
from functools import partial
from typing import NamedTuple

from django.db.models import QuerySet
from elasticsearch.dsl import Integer, Keyword, Long, Mapping, Text, analyzer, token_filter

from search.models import SearchDocument
from search.text import Phrase, split_phrases

NO_DAY = date.max.toordinal()  # documents without a day sort before all dated ones
PAIRS = "words.pairs"
LONGEST_TOKEN = 100  # the analyzer splits tokens of more than 255 UTF-16 units
POSITION_GAP = 100  # between the values of a field, in positions

# Makes pairs from the tokens. Sending the pairs as well would cost twice as much as the words alone.
_PAIRING = analyzer(
    "pairs",
    tokenizer="standard",
    filter=[
        token_filter(
            "pairs", "shingle", min_shingle_size=2, max_shingle_size=2, output_unigrams=False, token_separator=""
        )
    ],
)
STATIC_SETTINGS: dict[str, object] = {"number_of_shards": 1, "analysis": _PAIRING.get_analysis_definition()}
DYNAMIC_SETTINGS: dict[str, object] = {
    "refresh_interval": "1s",
    # How long versions of deleted documents are kept, so that a late, older change is still rejected.
    "gc_deletes": "1h",
}


def _mapping() -> Mapping:
    found = Mapping()
    found.meta("dynamic", "strict")
    found.meta("_source", enabled=False)
    words = partial(Text, analyzer="whitespace", norms=False, position_increment_gap=POSITION_GAP)
    pairs = words(analyzer=_PAIRING, index_options="freqs")
    found.field("words", words(index_phrases=True, fields={"pairs": pairs}))
    found.field("title_words", words(index_phrases=True))
    found.field("title", Keyword(ignore_above=8000))
    found.field("tokens", Keyword())
    found.field("values", Keyword())
    found.field("kind", Keyword())
    found.field("day", Integer())
    found.field("number", Long())
    found.field("row", Long())
    return found


MAPPING = _mapping().to_dict()


def _encode_token(token: str) -> str:
    return token if len(token) <= LONGEST_TOKEN else hashlib.sha256(token.encode()).hexdigest()


def _encode_tokens(phrase: Phrase) -> Phrase:
    return tuple(map(_encode_token, phrase))


def encode_phrase(phrase: Phrase) -> str:
    """Return a phrase as text for the analyzer. A very long token is replaced by its hash."""
    plain = " ".join(phrase)
    return plain if len(plain) <= LONGEST_TOKEN else " ".join(_encode_tokens(phrase))  # otherwise no token is that long


def encode_pair(pair: Phrase) -> str:
    """Return a pair of adjacent tokens as the single token that the analyzer makes of it."""
    return "".join(_encode_tokens(pair))


class SourceRow(NamedTuple):
    """The fields of a row of the embedded index that are sent. `tokens` are separated by spaces."""

    pk: int
    key: str
    kind: str
    number: int
    day: date | None
    values: str
    title: str
    body: str
    tokens: str


_COLUMNS = tuple("audience__tokens" if name == "tokens" else name for name in SourceRow._fields)


def read_source_rows(rows: QuerySet[SearchDocument]) -> list[SourceRow]:
    """Read the fields of `rows` in one query, without creating model instances, because a build reads all rows."""
    return list(map(SourceRow._make, rows.values_list(*_COLUMNS)))


def document_body(row: SourceRow) -> dict[str, object]:
    """Return the document to send for `row`. Readers who have one of its `tokens` may see it."""
    title = split_phrases(row.title)
    words = [encode_phrase(phrase) for phrase in (*title, *split_phrases(row.body))]
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
