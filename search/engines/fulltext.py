"""The full-text table: the same functions on FTS5 (SQLite) or tsvectors (PostgreSQL).

`table()` returns that of the database. Both find by text; the table of PostgreSQL also narrows what it reads to the
documents that carry certain marks (`search.engines.tokens.Text`), which saves it reading the rows of all others.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db import connection

from search.engines import fts5, postgresql
from search.engines.tokens import Marks, Text
from search.terms import TextQuery
from search.text import Phrase


class FullText(Protocol):
    """Interface of a full-text table. It stores the tokens of each document under the document's id."""

    def matching(self, text_query: TextQuery, *, title: bool = False, within: Sequence[Marks] = ()) -> list[int]:
        """Return the ids of documents that match in the title or anywhere, unordered.

        `within` is a hint: documents may be left out that lack all marks of one of its sets.
        """
        ...

    def ids_by_phrase(self, phrases: Sequence[Phrase], *, within: Sequence[Marks] = ()) -> list[list[int]]:
        """Return, for each of `phrases`, the ids of the documents that contain it; `within` as above."""
        ...

    def replace(self, gone: Iterable[Text], new: Iterable[Text]) -> None:
        """Delete documents and add others in one statement. `gone` must equal the texts that were added."""
        ...

    def clear(self) -> None:
        """Delete all rows."""
        ...

    def fingerprints(self) -> dict[int, int]:
        """Return a number for the stored content of each document, to compare with `fingerprint`."""
        ...

    def fingerprint(self, text: Text) -> int:
        """Return the number that `fingerprints` returns for a document with these texts and marks."""
        ...


def table() -> FullText:
    """Return the full-text table for the vendor of the database."""
    return postgresql if connection.vendor == "postgresql" else fts5
