from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def confirm_entered(apps: Any, schema_editor: Any) -> None:
    """Let the delegations that were entered before go on to count."""
    apps.get_model("meetings", "Delegation").objects.update(confirmed_by=F("entered_by"), confirmed_at=F("at"))


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0015_indexes_of_a_city"),
    ]

    operations = [
        migrations.AddField(
            model_name="delegation",
            name="confirmed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="confirmed at"),
        ),
        migrations.AddField(
            model_name="delegation",
            name="confirmed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="confirmed by",
            ),
        ),
        migrations.RunPython(confirm_entered, migrations.RunPython.noop),
    ]
