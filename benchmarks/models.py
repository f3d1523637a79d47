"""The tables of the comparison with Wagtail's default search: two equal tables, one of them indexed by Wagtail.

- `Decision`: the source of the portal's engine. `IndexedDecision`: what Wagtail indexes.
- `row(model, document)`, `document(row)`: conversion between the two; a facet keeps one value at most.
"""

from datetime import date
from typing import Any, TypeVar

from django.db import models
from wagtail.search import index

from search.document import FACETS, Choice, Document
from search.reader import PUBLIC

COLUMNS = tuple(name for name in FACETS if name not in {"kind", "year"})


class Row(models.Model):
    """A decision with all fields that are searched, filtered by or shown."""

    kind = models.CharField(max_length=20)
    title = models.TextField()
    body = models.TextField()
    day = models.DateField()
    year = models.CharField(max_length=4)
    conference = models.CharField(max_length=50)
    department = models.CharField(max_length=50)
    stage = models.CharField(max_length=50)
    category = models.CharField(max_length=50)
    tag = models.CharField(max_length=50)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Decision(Row):
    """The rows that the portal's engine finds."""


class IndexedDecision(index.Indexed, Row):
    """The rows that Wagtail's default search finds."""

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("body"),
        index.FilterField("day"),
        *(index.FilterField(name) for name in FACETS),
    ]


R = TypeVar("R", bound=Row)


def row(model: type[R], source: Document) -> R:
    """Return `source` as a row, with the first value of each facet."""
    day = source.day or date.min
    values: dict[str, Any] = {name: next((each.value for each in source.facets[name]), "") for name in COLUMNS}
    text = "\n".join((*source.texts, *source.keywords))
    return model(kind=source.kind.value, title=source.title, body=text, day=day, year=str(day.year), **values)


def document(instance: Row) -> Document:
    """Return a row as a document of the portal's search."""
    values = {name: getattr(instance, name) for name in COLUMNS}
    return Document(
        key=f"{instance.kind}:{instance.pk}",
        kind=Choice(instance.kind, instance.kind),
        number=instance.pk,
        title=instance.title,
        texts=tuple(instance.body.split("\n")),
        day=instance.day,
        url="",
        tokens=frozenset({PUBLIC}),
        facets={name: (Choice(value, value),) if value else () for name, value in values.items()},
    )
