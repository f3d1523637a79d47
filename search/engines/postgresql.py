"""The full-text table of the embedded engine on PostgreSQL: tokens (`search.engines.tokens`) as tsvectors, with GIN.

Tsvectors are written as literals, because PostgreSQL's own parser tokenizes differently. A break is a position without
a token. A tsvector stores positions up to 16,383 and at most 255 positions of one token. A longer text is split into
parts; each part begins with the last tokens of the previous one, as many as a phrase can have. New entries wait in
GIN's pending list, which every search scans; the list is kept short, because a long one makes the planner prefer a scan
of the whole table.

- `literals(text, marks)`: the parts of a text as tsvector literals. Each part holds the marks of its document too, as
  lexemes that no text yields: the index then finds which rows of one's own sight match, and only these are read.
- `matching(text_query)`: the ids of matching documents.
"""

import zlib
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from search.engines.tokens import BREAK, Marks, Text, index_tokens, phrase_tokens
from search.models import SearchDocument
from search.terms import LONGEST_TERM, TextQuery
from search.text import Phrase

TABLE = "search_index"
LAST_PLACE, MOST_PLACES = 16_383, 255
MARK = "="  # begins the lexeme of a mark; it is punctuation, so no token of a text contains it

_EVERYTHING = f"SELECT id FROM {SearchDocument._meta.db_table}"  # noqa: S608 -- as below, of constants
_ANYWHERE, _IN_TITLE = (
    f"""
SELECT document
FROM unnest(%s::tsquery[]) query
CROSS JOIN LATERAL (SELECT DISTINCT document FROM {TABLE} WHERE words @@ query {only}) hit
GROUP BY document HAVING count(*) >= %s
"""  # noqa: S608
    for only in ("", "AND title")
)
_CONTAINING_ANY = f"""
SELECT document
FROM unnest(%s::tsquery[]) query
CROSS JOIN LATERAL (SELECT document FROM {TABLE} WHERE words @@ query) hit
"""  # noqa: S608
_IDS_BY_PHRASE = f"""
SELECT (SELECT array_agg(DISTINCT document) FROM {TABLE} WHERE words @@ query)
FROM unnest(%s::tsquery[]) WITH ORDINALITY asked(query, place) ORDER BY place
"""  # noqa: S608

_REPLACE = f"""
WITH gone AS (DELETE FROM {TABLE} WHERE document = ANY(%s::bigint[]))
INSERT INTO {TABLE} (document, title, words)
SELECT document, title, words::tsvector FROM unnest(%s::bigint[], %s::boolean[], %s::text[]) new(document, title, words)
"""  # noqa: S608


def literals(text: str, marks: Marks = ()) -> Iterator[str]:
    """Yield the parts of `text`, at least one, as PostgreSQL itself writes tsvectors."""
    for part in _parts(text):
        lexemes = {token: f"'{token}':{','.join(map(str, places))}" for token, places in part.items()}
        lexemes |= {MARK + mark: f"'{MARK}{mark}'" for mark in marks}
        yield " ".join(lexemes[lexeme] for lexeme in sorted(lexemes))


def _parts(text: str) -> Iterator[dict[str, list[int]]]:
    """Yield the positions of each token, part by part. No token contains a quotation mark.

    A token that is too long for a query counts as a break. A part ends before PostgreSQL would drop a position.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    place = 0
    unbroken: deque[str] = deque(maxlen=LONGEST_TERM - 1)
    for token in index_tokens(text):
        if token == BREAK or len(token) > LONGEST_TERM:
            place += bool(unbroken)
            unbroken.clear()
            continue
        if place >= LAST_PLACE or len(places[token]) == MOST_PLACES:
            yield places
            places, place = defaultdict(list), len(unbroken)
            for again, before in enumerate(unbroken, 1):
                places[before].append(again)
        place += 1
        places[token].append(place)
        unbroken.append(token)
    yield places


def _query(phrase: Phrase) -> str:
    found = phrase_tokens(phrase)
    return " <-> ".join(f"'{token}'" for token in found.tokens) + (":*" if found.is_prefix else "")


def _queries(phrases: Iterable[Phrase], within: Sequence[Marks] = ()) -> list[str]:
    groups = [" | ".join(f"'{MARK}{mark}'" for mark in sorted(marks)) for marks in within]
    return [" & ".join(f"({part})" for part in (_query(phrase), *groups)) for phrase in phrases]


def matching(text_query: TextQuery, *, title: bool = False, within: Sequence[Marks] = ()) -> list[int]:
    """Return the ids of documents that match in the title or anywhere, unordered.

    Each phrase is looked up separately, because phrases may occur in different parts of a text.
    """
    if not all(within):
        return []
    sql: str = _EVERYTHING
    params: list[list[str] | int] = []
    if text_query.phrases:
        sql, params = _IN_TITLE if title else _ANYWHERE, [_queries(text_query.phrases, within), text_query.min_match]
    if text_query.excluded:
        sql, params = f"{sql} EXCEPT {_CONTAINING_ANY}", [*params, _queries(text_query.excluded)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT array_agg(found.id) FROM ({sql}) found(id)", params)  # noqa: S608
        (ids,) = cursor.fetchone()
    return ids or []


def ids_by_phrase(phrases: Sequence[Phrase], *, within: Sequence[Marks] = ()) -> list[list[int]]:
    """Return, for each of `phrases`, the ids of the documents that contain it."""
    if not all(within):
        return [[] for _phrase in phrases]
    with connection.cursor() as cursor:
        cursor.execute(_IDS_BY_PHRASE, [_queries(phrases, within)])
        return [ids or [] for (ids,) in cursor.fetchall()]


def replace(gone: Iterable[Text], new: Iterable[Text]) -> None:
    """Delete documents and add others."""
    rows = [
        (text.pk, is_title, literal)
        for text in new
        for is_title, words in ((True, text.title), (False, text.body))
        for literal in literals(words, text.marks)
    ]
    added = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(_REPLACE, [[text.pk for text in gone], *added])


def clear() -> None:
    """Delete all rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608


def fingerprints() -> dict[int, int]:
    """Return a number for the stored content of each document, to compare with `fingerprint`."""
    sums: defaultdict[int, int] = defaultdict(int)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT document, title, words::text FROM {TABLE}")  # noqa: S608
        for pk, is_title, literal in cursor:
            sums[pk] += _crc(is_title, literal)
    return sums


def fingerprint(text: Text) -> int:
    """Return the number that `fingerprints` returns for a document with these texts and marks."""
    columns = ((True, text.title), (False, text.body))
    return sum(_crc(is_title, literal) for is_title, words in columns for literal in literals(words, text.marks))


def _crc(is_title: bool, literal: str) -> int:
    return zlib.crc32(f"{is_title} {literal}".encode())
