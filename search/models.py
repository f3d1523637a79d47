"""Tables of the embedded index.

The full-text table is not a model (`search.engines.fulltext`). It holds the tokens of `title` and `body` under the id
of the document. Only the embedded engine writes documents.

Invariant: rows are never updated. A changed document is a new row with a new id, so a process may cache what it read
under an id (`search.engines.document_cache`).
"""

from django.db import models
from django.utils import timezone


class SearchAudience(models.Model):
    """A set of visibility tokens. Documents with the same tokens share one row."""

    tokens = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.tokens


class SearchValue(models.Model):
    """A value of a facet and its label."""

    name = models.CharField(max_length=20)
    value = models.CharField(max_length=200)
    label = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "value", "label"], name="search_value_once")]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class SearchDocument(models.Model):
    """A document of the index: texts, facet values, audience, and the data that its line in a result shows."""

    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=30)
    kind_label = models.CharField(max_length=60)
    number = models.BigIntegerField()
    day = models.DateField(null=True)
    audience = models.ForeignKey(SearchAudience, models.PROTECT, related_name="documents")
    values = models.TextField(help_text="Ids of `SearchValue`, parted by commas.")
    url = models.CharField(max_length=500)
    checksum = models.CharField(max_length=64)
    title = models.TextField()
    body = models.TextField()
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.key


class SearchIndex(models.Model):
    """An Elasticsearch index that receives every change as long as this row exists.

    A build fills it from the rows of `SearchDocument` in the order of their ids; `reached` is the last id that was
    sent. Changes are delivered to it during the build and afterwards. Searches use the index that is `ready`.
    """

    name = models.CharField(max_length=100, unique=True)
    ready = models.BooleanField(default=False)
    reached = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ready"], condition=models.Q(ready=True), name="search_one_index_answers")
        ]

    def __str__(self) -> str:
        return self.name


class SearchChange(models.Model):
    """A document whose last change (stored or deleted) was not yet delivered to Elasticsearch (`search.outbox`)."""

    key = models.CharField(max_length=60, unique=True)
    document = models.BigIntegerField()
    gone = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.key} {'gone' if self.gone else 'kept'}"
