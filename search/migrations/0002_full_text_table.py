"""The full-text table of the embedded engine on SQLite: FTS5. The next migration makes that of PostgreSQL."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# The ascii tokenizer leaves every other character alone: the tokens are those of `search.engines.tokens`.
CREATE = "CREATE VIRTUAL TABLE search_index USING fts5(title, body, content='', tokenize=\"ascii tokenchars '.'\")"
DROP = "DROP TABLE search_index"


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(CREATE)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_documents")]
    operations = [migrations.RunPython(create, drop)]
