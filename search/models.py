"""The embedded index: what is kept of each findable thing, as ordinary rows beside the full-text table.

The full-text table itself is no model (`search.engines.fulltext`); it holds the tokens of `title` and `body` under the
id of the document. The embedded engine alone writes documents. No row is ever changed: a document that changed
is a new row with a new id, so what a process remembers of an id stays true (`search.engines.document_cache`).
"""

from django.db import models
from django.utils import timezone


class SearchAudience(models.Model):
    """A set of tokens by which readers see documents; few sets serve many documents."""

    tokens = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.tokens


class SearchValue(models.Model):
    """A value of a facet and the words for it."""

    name = models.CharField(max_length=20)
    value = models.CharField(max_length=200)
    label = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "value", "label"], name="search_value_once")]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class SearchDocument(models.Model):
    """A findable thing: its texts, its facets, who may see it, and what its line in a list shows."""

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
    """An index of Elasticsearch that is kept in step, as long as this row stands.

    It is filled from the rows of `SearchDocument` in the order of their ids, up to `reached`; from then on, and while
    it is filled, changes are brought to it. The one that is ready answers.
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
    """A document of which Elasticsearch does not know yet that it was kept or forgotten (`search.outbox`)."""

    key = models.CharField(max_length=60, unique=True)
    document = models.BigIntegerField()
    gone = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.key} {'gone' if self.gone else 'kept'}"
