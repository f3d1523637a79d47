"""The full-text table of the embedded engine on PostgreSQL. It starts empty, like the one of SQLite."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from search.engines import postgresql


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(postgresql.CREATE)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(postgresql.DROP)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text_table")]
    operations = [migrations.RunPython(create, drop)]
