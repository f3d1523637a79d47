"""Readers: the visibility tokens of the person who searches, read from the database at query time.

Documents carry tokens too. A reader may see a document if they share a token. Engines refuse a query without a reader,
so a missing permission check cannot expose documents.
"""

from dataclasses import dataclass

from meetings.queries.visibility import reader_tokens

PUBLIC = "public"


@dataclass(frozen=True)
class Reader:
    """The visibility tokens of one person at one moment. A reader without tokens sees nothing."""

    tokens: frozenset[str]


class ReaderMissing(TypeError):
    """An engine received a query without a reader."""


def public_reader() -> Reader:
    """Return the reader for anonymous visitors. It sees released content only."""
    return Reader(frozenset({PUBLIC}))


def staff_reader(person: object) -> Reader:
    """Return the reader for `person`: it sees the records that the person's tenures of today permit, nothing else."""
    return Reader(frozenset(reader_tokens(person)))
