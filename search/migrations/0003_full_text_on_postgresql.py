"""The full-text table of the embedded engine on PostgreSQL. It starts empty, like the one of SQLite."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CREATE = """
CREATE TABLE search_index (document bigint NOT NULL, title boolean NOT NULL, words tsvector NOT NULL);
CREATE INDEX search_index_document ON search_index (document);
CREATE INDEX search_index_words ON search_index USING gin (words) WITH (gin_pending_list_limit = 1024)
"""
DROP = "DROP TABLE search_index"


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text_table")]
    operations = [migrations.RunPython(create, drop)]
