"""Base class of the sources whose documents are visible to everyone who may see the record.

Record documents are for staff. Record pages belong to the admin: a document stores the id of the record
(`data["record"]`), and the result page builds the URL. The tokens of a document are those of
`meetings.queries.visibility`.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from meetings.queries.visibility import audience_in, with_audience
from search.document import Document
from search.sources.base import Source

M = TypeVar("M", bound=Model)


class RecordSource(Source, Generic[M]):
    """A source whose documents are visible to everyone who may see the record."""

    def read(self, subjects: Collection[int]) -> Iterator[Document]:
        """Yield the document of each record, with the tokens of its audience."""
        rows = self._full_rows.filter(pk__in=subjects)
        return (self.document(row, frozenset(audience_in(row))) for row in rows)

    @abstractmethod
    def rows(self) -> QuerySet[M]: ...

    @cached_property
    def _full_rows(self) -> QuerySet[M]:
        return with_audience(self.rows()).order_by()

    @abstractmethod
    def document(self, row: M, tokens: frozenset[str]) -> Document:
        """Return the document of one record."""
