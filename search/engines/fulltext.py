"""The full-text table of the database at hand: the same functions over FTS5 or over tsvectors."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db import connection

from search.engines import fts5, postgresql
from search.terms import Wanted
from search.text import Phrase

Text = tuple[int, str, str]  # id, title, body


class FullText(Protocol):
    """What the embedded engine asks of a table that holds the tokens of each document under its id."""

    def matching(self, what: Wanted, *, title: bool = False) -> list[int]:
        """Return the ids of the documents that hold what is wanted, in the title or anywhere, in no order."""
        ...

    def holders(self, phrases: Sequence[Phrase]) -> list[list[int]]:
        """Return, for each of `phrases`, the ids of the documents that hold it."""
        ...

    def replace(self, gone: Iterable[Text], new: Iterable[Text]) -> None:
        """Take documents out and add others, in one statement; `gone` are exactly texts that were added."""
        ...

    def clear(self) -> None:
        """Empty the table."""
        ...

    def kept(self) -> dict[int, int]:
        """Return what the table holds of each document, as a number that `fingerprint` gives for the same texts."""
        ...

    def fingerprint(self, title: str, body: str) -> int:
        """Return the number that `kept` gives for a document with these texts."""
        ...


def table() -> FullText:
    """Return the table of the database that answers."""
    return postgresql if connection.vendor == "postgresql" else fts5
