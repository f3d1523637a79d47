"""Every row of every table as JSON lines, whatever the database: what one writes, the other reads.

Key concepts
- `models()`: the tables that are kept; sessions are not, and search indexes are built anew from the rows.
- `dump(model)`, `load(lines)`: Django's own serializer without relations of many to many, whose tables are kept
  as such. Rows are loaded raw: no signal that writes, no default, no check but those of the database itself.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.core.serializers.python import Deserializer
from django.core.serializers.python import Serializer as PythonSerializer
from django.db import connections
from django.db.models import Model
from django.db.models import signals as model_signals
from wagtail.fields import StreamField

LEFT_OUT = frozenset({"sessions", "search", "wagtailsearch"})
BATCH = 500


class RowEncoder(DjangoJSONEncoder):
    """Django's encoder, but times to the microsecond, as the databases keep them; Django's stops at a thousandth."""

    def default(self, value: Any) -> Any:
        """Return what JSON can say of `value`."""
        return value.isoformat() if isinstance(value, datetime | time) else super().default(value)


class RowSerializer(PythonSerializer):
    """A row with its own columns alone."""

    def handle_m2m_field(self, obj: Model, field: Any) -> None:
        """Nothing: the table between is kept as such."""


def models() -> list[type[Model]]:
    """The models whose tables are kept, those between many and many included, in a fixed order."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: str(model._meta.label_lower))


def dump(model: type[Model], using: str) -> Iterator[bytes]:
    """The rows of a model in the order of their keys, a line each; keys of objects in order, so that equal is equal."""
    rows = model._base_manager.using(using).order_by("pk")
    batch: list[Model] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield _lines(batch)
            batch = []
    yield _lines(batch)


def _lines(batch: list[Model]) -> bytes:
    rows = RowSerializer().serialize(batch)
    bodies = [field.name for field in batch[0]._meta.concrete_fields if isinstance(field, StreamField)] if batch else []
    for row in rows:
        for name in bodies:  # a text of JSON, whose keys each database keeps in an order of its own
            row["fields"][name] = json.dumps(json.loads(row["fields"][name]), ensure_ascii=False, sort_keys=True)
    return "".join(json.dumps(row, cls=RowEncoder, ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode()


def load(lines: Iterable[str], using: str) -> int:
    """Insert the rows of one member; returns how many."""
    count = 0
    for found in Deserializer((json.loads(line) for line in lines if line.strip()), using=using):
        found.save(using=using, force_insert=True)
        count += 1
    return count


class Quiet:
    """While rows are loaded nobody hears of it: what receivers would write is among the rows."""

    HEARD = (model_signals.pre_save, model_signals.post_save)

    def __enter__(self) -> None:
        self.kept = [(signal, signal.receivers) for signal in self.HEARD]
        for signal in self.HEARD:
            signal.receivers = []
            signal.sender_receivers_cache.clear()

    def __exit__(self, *error: object) -> None:
        for signal, receivers in self.kept:
            signal.receivers = receivers
            signal.sender_receivers_cache.clear()


def empty(using: str) -> None:
    """Delete what a fresh database holds of its own: types, permissions, the first page."""
    connection = connections[using]
    tables = [model._meta.db_table for model in models()]
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True):
            cursor.execute(statement)


def finish(using: str) -> None:
    """Set the sequences behind the keys that were loaded, then let the database check every reference."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models()):
            cursor.execute(statement)
    connection.check_constraints()
