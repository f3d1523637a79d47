"""The database itself refuses to change a row of Wagtail's own logs, as it does for the records' (meetings.0005).

Deletion is refused by a receiver (`portal.access_log`). A later migration of Wagtail's that rebuilds one of these tables on
SQLite drops its trigger; a migration after it has to create the trigger again.
"""

from typing import Any

from django.db import migrations

TABLES = ("wagtailcore_pagelogentry", "wagtailcore_modellogentry")
CREATE = {
    "sqlite": """
CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'a log is never changed'); END
""",
    "postgresql": """
CREATE FUNCTION {table}_unchanged() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a log is never changed'; END $$;
CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_unchanged()
""",
}
DROP = {
    "sqlite": "DROP TRIGGER {table}_unchanged",
    "postgresql": "DROP TRIGGER {table}_unchanged ON {table}; DROP FUNCTION {table}_unchanged()",
}


def forwards(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        if statement := CREATE.get(schema_editor.connection.vendor):
            schema_editor.execute(statement.format(table=table))


def backwards(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        if statement := DROP.get(schema_editor.connection.vendor):
            schema_editor.execute(statement.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(forwards, backwards)]
