"""Who has to choose an own password, what telephones show, one correction of minutes; and the database itself refuses to change a row of the two logs.

Deletion is refused by the models (`History`): a trigger would stop the test suite from emptying its tables.
A later migration that rebuilds one of these tables on SQLite has to create its trigger again.
"""

from typing import Any

from django.db import migrations, models

TABLES = ("meetings_recordlogentry", "meetings_accessentry")
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
    dependencies = [("meetings", "0004_office_year"), ("otp_totp", "0003_add_timestamps")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="password_is_temporary",
            field=models.BooleanField(default=False, editable=False, verbose_name="password was set by somebody else"),
        ),
        migrations.CreateModel(
            name="Telephone",
            fields=[],
            options={"proxy": True, "default_permissions": (), "indexes": [], "constraints": []},
            bases=("otp_totp.totpdevice",),
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.UniqueConstraint(fields=["corrects"], name="minutes_corrected_once"),
        ),
        migrations.RunPython(forwards, backwards),
    ]
