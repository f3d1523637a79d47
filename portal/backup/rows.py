"""Every row of every table as JSON lines, independent of the database: SQLite and PostgreSQL read each other's.

- `models()`: the tables that are saved. Sessions and the counter of the public state are not; search indexes are
  rebuilt from the rows.
- `dump(model)`, `load(lines)`: Django's serializer without many-to-many relations, whose tables are saved like others.
  Rows are loaded raw: no signals that write, no defaults, no checks but those of the database itself.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, time

from django.apps import apps
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.core.serializers.python import Deserializer
from django.core.serializers.python import Serializer as PythonSerializer
from django.db import connections
from django.db.models import Model
from django.db.models import signals as model_signals
from wagtail.fields import StreamField

EXCLUDED_APPS = frozenset({"sessions", "search", "wagtailsearch"})
EXCLUDED_MODELS = frozenset({"publicity.publicstate"})  # triggers write it; a restored database has a state of its own
BATCH = 500


class RowEncoder(DjangoJSONEncoder):
    """Django's encoder, but with times to the microsecond, as the databases store them; Django's has milliseconds."""

    def default(self, value: object) -> object:
        return value.isoformat() if isinstance(value, datetime | time) else super().default(value)


class RowSerializer(PythonSerializer):
    """Serializer of a row's own columns only."""

    def handle_m2m_field(self, obj: Model, field: object) -> None:
        """Leave the relation out: its table is saved like any other."""


def models() -> list[type[Model]]:
    """Return the models whose tables are saved, including many-to-many tables, in a fixed order."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.app_label not in EXCLUDED_APPS
        and model._meta.label_lower not in EXCLUDED_MODELS
    ]
    return sorted(found, key=lambda model: str(model._meta.label_lower))


def dump(model: type[Model], using: str) -> Iterator[bytes]:
    """Yield the rows of a model ordered by primary key, one JSON line each, with sorted keys: same data, same bytes."""
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
    stream_fields = (
        [field.name for field in batch[0]._meta.concrete_fields if isinstance(field, StreamField)] if batch else []
    )
    for row in rows:
        for name in stream_fields:  # JSON as text; each database orders its keys differently
            row["fields"][name] = json.dumps(json.loads(row["fields"][name]), ensure_ascii=False, sort_keys=True)
    return "".join(json.dumps(row, cls=RowEncoder, ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode()


def load(lines: Iterable[str], using: str) -> int:
    """Insert the rows of one member; return their number."""
    count = 0
    for found in Deserializer((json.loads(line) for line in lines if line.strip()), using=using):
        found.save(using=using, force_insert=True)
        count += 1
    return count


class SignalsDisabled:
    """Context manager that disables save signals while rows load: what receivers would write is among the rows."""

    SIGNALS = (model_signals.pre_save, model_signals.post_save)

    def __enter__(self) -> None:
        self.saved_receivers = [(signal, signal.receivers) for signal in self.SIGNALS]
        for signal in self.SIGNALS:
            signal.receivers = []
            signal.sender_receivers_cache.clear()

    def __exit__(self, *error: object) -> None:
        for signal, receivers in self.saved_receivers:
            signal.receivers = receivers
            signal.sender_receivers_cache.clear()


def delete_all(using: str) -> None:
    """Delete the rows that a fresh database contains: content types, permissions, the first page."""
    connection = connections[using]
    tables = [model._meta.db_table for model in models()]
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True):
            cursor.execute(statement)


def finish_load(using: str) -> None:
    """Set the sequences of the primary keys that were loaded, then let the database check every reference."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models()):
            cursor.execute(statement)
    connection.check_constraints()
