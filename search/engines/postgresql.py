"""The full-text table of the embedded engine on PostgreSQL: tokens (`search.engines.tokens`) as tsvectors, with GIN.

Tokens are written as literals, for PostgreSQL's own parser cuts otherwise; a break is a place that no token takes. A
tsvector remembers places up to 16,383, and 255 of one token: a text that needs more is kept in parts, each of which
begins with as much of the part before as a phrase can hold. What was written last waits in a list that each search
reads through; it is kept short, for it makes the planner prefer to read the whole table.

Key concepts
- `literals(text)`: the parts of a text as the table keeps them.
- `matching(wanted)`: the ids of the documents with enough of what is wanted.
"""

import zlib
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from search.engines.tokens import STOP, asked, tokens
from search.models import SearchDocument
from search.terms import LONGEST_TERM, Wanted
from search.text import Phrase

TABLE = "search_index"
LAST_PLACE, MOST_PLACES = 16_383, 255

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
_HOLDING_ANY = f"""
SELECT document
FROM unnest(%s::tsquery[]) query
CROSS JOIN LATERAL (SELECT document FROM {TABLE} WHERE words @@ query) hit
"""  # noqa: S608
_HOLDERS = f"""
SELECT (SELECT array_agg(DISTINCT document) FROM {TABLE} WHERE words @@ query)
FROM unnest(%s::tsquery[]) WITH ORDINALITY asked(query, place) ORDER BY place
"""  # noqa: S608

_REPLACE = f"""
WITH gone AS (DELETE FROM {TABLE} WHERE document = ANY(%s::bigint[]))
INSERT INTO {TABLE} (document, title, words)
SELECT document, title, words::tsvector FROM unnest(%s::bigint[], %s::boolean[], %s::text[]) new(document, title, words)
"""  # noqa: S608

Text = tuple[int, str, str]  # id, title, body


def literals(text: str) -> Iterator[str]:
    """Yield the parts of `text`, at least one, each as PostgreSQL itself writes it out."""
    for part in _parts(text):
        yield " ".join(f"'{token}':{','.join(map(str, part[token]))}" for token in sorted(part))


def _parts(text: str) -> Iterator[dict[str, list[int]]]:
    """Yield the places of each token; no token holds a quotation mark. One too long to be asked for counts as a break.

    A part ends before PostgreSQL would forget a place.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    place = 0
    unbroken: deque[str] = deque(maxlen=LONGEST_TERM - 1)
    for token in tokens(text):
        if token == STOP or len(token) > LONGEST_TERM:
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
    found = asked(phrase)
    return " <-> ".join(f"'{token}'" for token in found.tokens) + (":*" if found.beginning else "")


def _queries(phrases: Iterable[Phrase]) -> list[str]:
    return [_query(phrase) for phrase in phrases]


def matching(what: Wanted, *, title: bool = False) -> list[int]:
    """Return the ids of the documents that hold what is wanted, in the title or anywhere, in no order.

    Each phrase is looked up by itself, for it may lie in a part of its own.
    """
    sql: str = _EVERYTHING
    given: list[Any] = []
    if what.phrases:
        sql, given = _IN_TITLE if title else _ANYWHERE, [_queries(what.phrases), what.need]
    if what.without:
        sql, given = f"{sql} EXCEPT {_HOLDING_ANY}", [*given, _queries(what.without)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT array_agg(found.id) FROM ({sql}) found(id)", given)  # noqa: S608
        (ids,) = cursor.fetchone()
    return ids or []


def holders(phrases: Sequence[Phrase]) -> list[list[int]]:
    """Return, for each of `phrases`, the ids of the documents that hold it."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [_queries(phrases)])
        return [ids or [] for (ids,) in cursor.fetchall()]


def replace(gone: Iterable[Text], new: Iterable[Text]) -> None:
    """Take documents out of the table and add others."""
    rows = [
        (pk, is_title, literal)
        for pk, title, body in new
        for is_title, text in ((True, title), (False, body))
        for literal in literals(text)
    ]
    added = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(_REPLACE, [[pk for pk, _title, _body in gone], *added])


def clear() -> None:
    """Empty the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608


def kept() -> dict[int, int]:
    """Return what the table holds of each document, as a number that `fingerprint` gives for the same texts."""
    sums: defaultdict[int, int] = defaultdict(int)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT document, title, words::text FROM {TABLE}")  # noqa: S608
        for pk, is_title, literal in cursor:
            sums[pk] += _mark(is_title, literal)
    return sums


def fingerprint(title: str, body: str) -> int:
    """Return the number that `kept` gives for a document with these texts."""
    columns = ((True, title), (False, body))
    return sum(_mark(is_title, literal) for is_title, text in columns for literal in literals(text))


def _mark(is_title: bool, literal: str) -> int:
    return zlib.crc32(f"{is_title} {literal}".encode())
