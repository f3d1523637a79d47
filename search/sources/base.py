"""What every source of documents has in common.

Key concepts
- `Source`: one kind of findable thing: which rows of a model are found, and the document of each.
- `register(source)`, `SOURCES`: all of them, by name; building, comparing and renewing read these alone.
- `plain(html)`: the texts of rich text, one for each block, so that no phrase runs from one into the next.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from typing import Any, ClassVar

from django.db.models import Model, QuerySet

from search.batches import batches
from search.document import Document

BATCH = 200
_BLOCK = re.compile(r"</?(?:p|h[1-6]|li|ul|ol|blockquote|div|table|tr|td|th|hr)\b[^>]*>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


class Source(ABC):
    """One kind of findable thing.

    `name` begins the keys of its documents. `model` is where they are read from, `subject` the field of it that they
    are counted by: `pk`, unless a later row takes the place of an earlier one.
    """

    name: ClassVar[str]
    model: ClassVar[type[Model]]
    subject: ClassVar[str] = "pk"

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """Return the rows that are found."""

    @abstractmethod
    def read(self, subjects: Collection[int]) -> Iterator[Document]:
        """Yield the documents of these subjects, as far as they are found, in as many queries as for one."""

    def key(self, subject: int) -> str:
        """Return the key of the document of a subject."""
        return f"{self.name}:{subject}"

    def joined(self, lookup: str) -> tuple[str, str]:
        """Return SQL for the subjects, found or not, that `lookup` joins to some rows: before their ids, and after.

        Whoever renews asks it many times of few rows; to compose it takes longer than to answer it.
        """
        rows = self.model._default_manager.order_by().filter(**{f"{lookup}__in": [0]})
        sql, given = rows.values_list(self.subject).query.sql_with_params()
        before, ids, after = sql.partition(" IN (%s)")
        if not ids or given != (0,):
            raise TypeError(f"{lookup} of {self.name} is not asked by ids alone")
        return f"{before} IN", after

    def documents(self, subjects: Iterable[int] | None = None) -> Iterator[Document]:
        """Yield the documents of these subjects, as far as they are found, or of all."""
        if subjects is None:
            subjects = self.rows().order_by("pk").values_list(self.subject, flat=True).iterator(BATCH)
        for batch in batches(subjects, BATCH):
            yield from self.read(batch)


SOURCES: dict[str, Source] = {}


def register(source: type[Source]) -> type[Source]:
    """Let what this source yields be found."""
    SOURCES[source.name] = source()
    return source


def plain(html: str) -> tuple[str, ...]:
    """Return the texts of `html`, one for each block; entities become what they stand for."""
    texts = (" ".join(unescape(_TAG.sub("", block)).split()) for block in _BLOCK.split(html))
    return tuple(text for text in texts if text)
