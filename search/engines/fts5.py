"""The full-text table of the embedded engine on SQLite: two columns of tokens (`search.engines.tokens`), FTS5.

The table is contentless: it takes 139 MB for 100,000 documents; one that also stores its text takes 481 MB. Before
SQLite 3.43 such a table forgets a row only when told exactly what it holds: `replace` takes the texts that were
added, and whoever changes `segment` adds a migration that empties the index.

Key concepts
- `segment(text)`: the tokens of a text as the table keeps them.
- `expression(phrases)`: phrases in FTS5's language. `matching(wanted)`: the ids of the rows with enough of them.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain

from django.db import connection

from search.engines.tokens import asked, tokens
from search.models import SearchDocument
from search.terms import Wanted
from search.text import Phrase

TABLE = "search_index"

Text = tuple[int, str, str]  # id, title, body


def segment(text: str) -> str:
    """Return the tokens of `text` as the table keeps them, parted by spaces."""
    return " ".join(tokens(text))


def expression(phrases: Iterable[Phrase]) -> str:
    """Return, in the query language of FTS5, that each of `phrases` must occur."""
    return " AND ".join(map(_quoted, phrases))


def _quoted(phrase: Phrase) -> str:
    found = asked(phrase)
    return f'"{" ".join(found.tokens)}"{"*" if found.beginning else ""}'


def matching(what: Wanted, *, title: bool = False) -> list[int]:
    """Return the ids of the documents that hold what is wanted, in the title or anywhere, in no order."""
    sql, given = _selection(what, "{title} : " if title else "")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT group_concat(rowid) FROM ({sql})", given)  # noqa: S608 -- built of constants
        (ids,) = cursor.fetchone()
    return list(map(int, ids.split(","))) if ids else []


_ONE = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608


def _selection(what: Wanted, columns: str) -> tuple[str, list[str | int]]:
    """Return what selects the documents: those with the phrases in `columns`, but for those with an excluded one."""
    sql, given = _holding(what, columns)
    if not what.without:
        return sql, given
    return f"{sql} EXCEPT {_ONE}", [*given, " OR ".join(map(_quoted, what.without))]


def _holding(what: Wanted, columns: str) -> tuple[str, list[str | int]]:
    """Return one MATCH when every phrase is needed, else a count of matches for each document."""
    if not what.phrases:
        return f"SELECT id AS rowid FROM {SearchDocument._meta.db_table}", []  # noqa: S608
    if what.all:
        return _ONE, [f"{columns}({expression(what.phrases)})"]
    each = " UNION ALL ".join([_ONE] * len(what.phrases))
    given = [f"{columns}({expression([phrase])})" for phrase in what.phrases]
    return f"SELECT rowid FROM ({each}) GROUP BY rowid HAVING COUNT(*) >= %s", [*given, what.need]  # noqa: S608


def holders(phrases: Sequence[Phrase]) -> list[list[int]]:
    """Return, for each of `phrases`, the ids of the documents that hold it."""
    if not phrases:
        return []
    one = f"(SELECT group_concat(rowid) FROM {TABLE} WHERE {TABLE} MATCH %s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([one] * len(phrases))}", [_quoted(phrase) for phrase in phrases])
        return [list(map(int, ids.split(","))) if ids else [] for ids in cursor.fetchone()]


# In the first column stands a command to the table; where it is null, the row is an ordinary one.
_REPLACE = f"INSERT INTO {TABLE}({TABLE}, rowid, title, body) VALUES (%s, %s, %s, %s)"  # noqa: S608


def replace(gone: Iterable[Text], new: Iterable[Text]) -> None:
    """Take rows out of the table and add others; `gone` are exactly texts that were added."""
    cut = cache(segment)  # a document that changed often keeps its texts
    rows = chain((("delete", *text) for text in gone), ((None, *text) for text in new))
    with connection.cursor() as cursor:
        cursor.executemany(_REPLACE, [(command, pk, cut(title), cut(body)) for command, pk, title, body in rows])


def clear() -> None:
    """Empty the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')")  # noqa: S608


def kept() -> dict[int, int]:
    """Return what the table holds of each row, as a number that `fingerprint` gives for the same texts.

    Reads the whole table through FTS5's own vocabulary; meant for `search_check`, not for a request.
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
                sums[pk] += _mark(term, column, offset)
        cursor.execute(f"DROP TABLE temp.{TABLE}_terms")
    return sums


def fingerprint(title: str, body: str) -> int:
    """Return the number that `kept` gives for a row with these texts."""
    columns = (("title", title), ("body", body))
    return sum(
        _mark(term, column, offset) for column, text in columns for offset, term in enumerate(segment(text).split())
    )


def _mark(term: str, column: str, offset: int) -> int:
    return zlib.crc32(f"{column} {offset} {term}".encode())
