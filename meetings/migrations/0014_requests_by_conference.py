from typing import Any

from django.db import migrations, models


def name_conferences(apps: Any, schema_editor: Any) -> None:
    """Give each request of one conference its row; the others concern the whole installation."""
    changes = apps.get_model("meetings", "PendingChange")
    for change in changes.objects.exclude(conference=None).iterator():
        change.conferences.add(change.conference_id)


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0013_pending_changes"),
    ]

    operations = [
        migrations.RemoveField(model_name="logincode", name="replaces"),
        migrations.AddField(
            model_name="pendingchange",
            name="conferences",
            field=models.ManyToManyField(editable=False, related_name="+", to="meetings.jointconference"),
        ),
        migrations.RunPython(name_conferences, migrations.RunPython.noop),
    ]
