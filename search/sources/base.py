"""What every source of documents has in common.

Key concepts
- `Source`: one kind of findable thing: which rows of a model are found, and the document of each.
- `register(source)`, `SOURCES`: all of them, by name; building, comparing and renewing read these alone.
- `plain(html)`: the texts of rich text, one for each block, so that no phrase runs from one into the next.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
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
        """Return the rows that are found, with what `documents_of` needs of each."""

    @abstractmethod
    def documents_of(self, rows: list[Any]) -> Iterator[Document]:
        """Yield the document of each of `rows`."""

    def key(self, subject: int) -> str:
        """Return the key of the document of a subject."""
        return f"{self.name}:{subject}"

    def subjects(self, lookup: str, pks: Collection[int]) -> set[int]:
        """Return the subjects, found or not, that `lookup` joins to the rows `pks`."""
        if lookup == self.subject:
            return set(pks)
        rows = self.model._default_manager.filter(**{f"{lookup}__in": pks})
        return set(rows.values_list(self.subject, flat=True))

    def documents(self, subjects: Collection[int] | None = None) -> Iterator[Document]:
        """Yield the documents of these subjects, as far as they are found, or of all."""
        rows = self.rows().order_by("pk")
        found = rows.iterator(BATCH) if subjects is None else rows.filter(**{f"{self.subject}__in": subjects})
        for batch in batches(found, BATCH):
            yield from self.documents_of(batch)


SOURCES: dict[str, Source] = {}


def register(source: type[Source]) -> type[Source]:
    """Let what this source yields be found."""
    SOURCES[source.name] = source()
    return source


def plain(html: str) -> tuple[str, ...]:
    """Return the texts of `html`, one for each block; entities become what they stand for."""
    texts = (" ".join(unescape(_TAG.sub("", block)).split()) for block in _BLOCK.split(html))
    return tuple(text for text in texts if text)
