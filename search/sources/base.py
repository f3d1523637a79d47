"""Base class of the document sources.

- `Source`: one kind of document: which rows of a model it covers, and the document of each.
- `text_blocks(html)`: the text of rich text, one item per block element, so that no phrase matches across blocks.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from typing import ClassVar

from django.db.models import Model, QuerySet

from search.batches import batches
from search.document import Document

BATCH = 200
_BLOCK = re.compile(r"</?(?:p|h[1-6]|li|ul|ol|blockquote|div|table|tr|td|th|hr)\b[^>]*>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


class Source(ABC):
    """One kind of document.

    `name` is the prefix of its document keys. `model` is the model that is read. `subject` is the field that identifies
    a document: `pk`, unless later rows replace earlier ones.
    """

    name: ClassVar[str]
    model: ClassVar[type[Model]]
    subject: ClassVar[str] = "pk"

    @abstractmethod
    def rows(self) -> QuerySet[Model]:
        """Return the rows that have a document."""

    @abstractmethod
    def read(self, subjects: Collection[int]) -> Iterator[Document]:
        """Yield the documents of those of these subjects that have one. The number of queries does not depend on their
        number.
        """

    def key(self, subject: int) -> str:
        """Return the key of the document of a subject."""
        return f"{self.name}:{subject}"

    def join_sql(self, lookup: str) -> tuple[str, str]:
        """Return SQL for the subjects that `lookup` joins to given rows, in two parts: before and after the row ids.

        Subjects without a document are included. Updates run this query often with few rows, and composing it takes
        longer than executing it, so callers cache the SQL. Raises TypeError if the query has parameters besides the
        ids.
        """
        rows = self.model._default_manager.order_by().filter(**{f"{lookup}__in": [0]})
        sql, given = rows.values_list(self.subject).query.sql_with_params()
        before, ids, after = sql.partition(" IN (%s)")
        if not ids or given != (0,):
            raise TypeError(f"{lookup} of {self.name} is not asked by ids alone")
        return f"{before} IN", after

    def documents(self, subjects: Iterable[int] | None = None) -> Iterator[Document]:
        """Yield the documents of these subjects, or of all. Subjects without a document are skipped."""
        if subjects is None:
            subjects = self.rows().order_by("pk").values_list(self.subject, flat=True).iterator(BATCH)
        for batch in batches(subjects, BATCH):
            yield from self.read(batch)


def text_blocks(html: str) -> tuple[str, ...]:
    """Return the texts of `html`, one per block element, with entities decoded."""
    texts = (" ".join(unescape(_TAG.sub("", block)).split()) for block in _BLOCK.split(html))
    return tuple(text for text in texts if text)
