"""The full-text table of the embedded engine on SQLite: FTS5 with two columns of tokens (`search.engines.tokens`).

The table is contentless: 139 MB for 100,000 documents, against 481 MB with stored text. Before SQLite 3.43 a row of
such a table can only be deleted by passing its exact content. So `replace` takes the texts that were added, and a
change of `segment` needs a migration that empties the index.

- `segment(text)`: the tokens of a text as the table stores them.
- `expression(phrases)`: an FTS5 query. `matching(text_query)`: the ids of matching rows.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain

from django.db import connection

from search.engines.tokens import Marks, Text, index_tokens, phrase_tokens
from search.models import SearchDocument
from search.terms import TextQuery
from search.text import Phrase

TABLE = "search_index"


def segment(text: str) -> str:
    """Return the tokens of `text` as the table stores them, separated by spaces."""
    return " ".join(index_tokens(text))


def expression(phrases: Iterable[Phrase]) -> str:
    """Return the FTS5 query that requires each of `phrases`."""
    return " AND ".join(map(_quote, phrases))


def _quote(phrase: Phrase) -> str:
    found = phrase_tokens(phrase)
    return f'"{" ".join(found.tokens)}"{"*" if found.is_prefix else ""}'


def matching(text_query: TextQuery, *, title: bool = False, within: Sequence[Marks] = ()) -> list[int]:
    """Return the ids of documents that match in the title or anywhere, unordered."""
    sql, params = _select_sql(text_query, "{title} : " if title else "")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT group_concat(rowid) FROM ({sql})", params)  # noqa: S608 -- built of constants
        (ids,) = cursor.fetchone()
    return list(map(int, ids.split(","))) if ids else []


_MATCH = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608


def _select_sql(text_query: TextQuery, columns: str) -> tuple[str, list[str | int]]:
    """Return SQL and parameters that select the matching documents, without those that contain an excluded phrase."""
    sql, params = _containing_sql(text_query, columns)
    if not text_query.excluded:
        return sql, params
    return f"{sql} EXCEPT {_MATCH}", [*params, " OR ".join(map(_quote, text_query.excluded))]


def _containing_sql(text_query: TextQuery, columns: str) -> tuple[str, list[str | int]]:
    """Return one MATCH if every phrase is required, else a count of matching phrases per document."""
    if not text_query.phrases:
        return f"SELECT id AS rowid FROM {SearchDocument._meta.db_table}", []  # noqa: S608
    if text_query.all:
        return _MATCH, [f"{columns}({expression(text_query.phrases)})"]
    each = " UNION ALL ".join([_MATCH] * len(text_query.phrases))
    params = [f"{columns}({expression([phrase])})" for phrase in text_query.phrases]
    return f"SELECT rowid FROM ({each}) GROUP BY rowid HAVING COUNT(*) >= %s", [*params, text_query.min_match]  # noqa: S608


def ids_by_phrase(phrases: Sequence[Phrase], *, within: Sequence[Marks] = ()) -> list[list[int]]:
    """Return, for each of `phrases`, the ids of the documents that contain it; the table knows no marks."""
    if not phrases:
        return []
    one = f"(SELECT group_concat(rowid) FROM {TABLE} WHERE {TABLE} MATCH %s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([one] * len(phrases))}", [_quote(phrase) for phrase in phrases])
        return [list(map(int, ids.split(","))) if ids else [] for ids in cursor.fetchone()]


# The first column is a command to the FTS5 table; if it is null, an ordinary row is inserted.
_REPLACE = f"INSERT INTO {TABLE}({TABLE}, rowid, title, body) VALUES (%s, %s, %s, %s)"  # noqa: S608


def replace(gone: Iterable[Text], new: Iterable[Text]) -> None:
    """Delete rows and add others. `gone` must equal the texts that were added."""
    cut = cache(segment)  # often one of the two texts of a changed document stays the same
    rows = chain((("delete", *text[:3]) for text in gone), ((None, *text[:3]) for text in new))
    with connection.cursor() as cursor:
        cursor.executemany(_REPLACE, [(command, pk, cut(title), cut(body)) for command, pk, title, body in rows])


def clear() -> None:
    """Delete all rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')")  # noqa: S608


def fingerprints() -> dict[int, int]:
    """Return a number for the stored content of each row, to compare with `fingerprint`.

    It reads the whole table through FTS5's vocabulary table. Use it in `search_check`, not in a request.
    """
    sums: dict[int, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {TABLE}_docsize")  # noqa: S608
        for (pk,) in cursor.fetchall():
            sums[pk] = 0
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{TABLE}_terms USING fts5vocab(main, {TABLE}, 'instance')"
        )
        cursor.execute(f'SELECT doc, term, col, "offset" FROM temp.{TABLE}_terms')  # noqa: S608
        while rows := cursor.fetchmany(10_000):
            for pk, term, column, offset in rows:
                sums[pk] += _crc(term, column, offset)
        cursor.execute(f"DROP TABLE temp.{TABLE}_terms")
    return sums


def fingerprint(text: Text) -> int:
    """Return the number that `fingerprints` returns for a row with these texts; the table knows no marks."""
    columns = (("title", text.title), ("body", text.body))
    return sum(
        _crc(term, column, offset) for column, words in columns for offset, term in enumerate(segment(words).split())
    )


def _crc(term: str, column: str, offset: int) -> int:
    return zlib.crc32(f"{column} {offset} {term}".encode())
