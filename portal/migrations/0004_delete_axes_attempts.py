"""Delete the counts of django-axes: logins are now counted in `meetings.AttemptCount`, without names and addresses."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def delete_attempts(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Delete all rows; nothing reads or deletes them any more."""
    apps.get_model("axes", "AccessAttempt").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_login_rules"),
        ("axes", "0010_accessattemptexpiration"),
    ]

    operations = [migrations.RunPython(delete_attempts, migrations.RunPython.noop)]
