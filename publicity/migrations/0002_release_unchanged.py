"""The database itself refuses to change a row of the release history.

Deletion is refused by the model (`AppendOnlyQuerySet`): a trigger would stop the test suite from emptying its tables.
A later migration that rebuilds the table on SQLite has to create the trigger again.
"""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER publicity_release_unchanged BEFORE UPDATE ON publicity_release
BEGIN SELECT RAISE(ABORT, 'a release is never changed'); END
"""
POSTGRESQL = """
CREATE FUNCTION publicity_release_unchanged() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a release is never changed'; END $$;
CREATE TRIGGER publicity_release_unchanged BEFORE UPDATE ON publicity_release
FOR EACH ROW EXECUTE FUNCTION publicity_release_unchanged()
"""
UNDO = {
    "sqlite": "DROP TRIGGER publicity_release_unchanged",
    "postgresql": "DROP TRIGGER publicity_release_unchanged ON publicity_release;"
    "DROP FUNCTION publicity_release_unchanged()",
}


def forwards(apps: Any, schema_editor: Any) -> None:
    statement = {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor)
    if statement:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    statement = UNDO.get(schema_editor.connection.vendor)
    if statement:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("publicity", "0001_publicity")]

    operations = [migrations.RunPython(forwards, backwards)]
