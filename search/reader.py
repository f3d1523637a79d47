"""Who is searching: the tokens of what a reader may see, asked from the database at the time of the query.

A document carries tokens too; a reader sees it when the two have one in common. An engine refuses a query without a
reader, so that nothing is shown by oversight.
"""

from dataclasses import dataclass

from meetings.queries.visibility import reader_tokens

PUBLIC = "public"


@dataclass(frozen=True)
class Reader:
    """The tokens of one reader at one moment. Without a token nothing is seen."""

    tokens: frozenset[str]


class ReaderMissing(TypeError):
    """A query reached an engine without a reader."""


def public_reader() -> Reader:
    """Return the reader that everyone is: sees what was released and nothing else."""
    return Reader(frozenset({PUBLIC}))


def staff_reader(person: object) -> Reader:
    """Return the reader that a person is today: of the records that the own tenures let see, and of nothing else."""
    return Reader(frozenset(reader_tokens(person)))
