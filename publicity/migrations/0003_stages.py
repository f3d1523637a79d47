"""Two further public stages: suspended (暂缓) and carried over (结转).

On SQLite the constraint rebuilds the table of the release history, which drops its trigger: it is created again.
"""

from importlib import import_module
from typing import Any

from django.db import migrations, models
from django.db.models import Q

OLD = [
    ("adopted", "Settled"),
    ("under_way", "Under way"),
    ("lasting", "Long-term"),
    ("overdue", "Overdue"),
    ("reported_done", "Reported done"),
    ("verified", "Done"),
]
NEW = [*OLD[:4], ("suspended", "Suspended"), *OLD[4:], ("carried", "Carried over")]
TRIGGER = import_module("publicity.migrations.0002_release_unchanged").SQLITE


def complete(stages: list[tuple[str, str]]) -> models.CheckConstraint:
    """What a row of the release history must have."""
    return models.CheckConstraint(
        condition=Q(kind="withdrawal", wording="", stage="") & ~Q(reason="")
        | Q(kind="release", lead__isnull=False, reason="")
        & ~Q(title="")
        & ~Q(wording="")
        & Q(stage__in=[stage for stage, _word in stages]),
        name="release_is_complete",
    )


def protect(apps: Any, schema_editor: Any) -> None:
    """Let the database refuse again to change a row."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(TRIGGER)


def unprotect(apps: Any, schema_editor: Any) -> None:
    """On the way back the trigger is created when the table has been rebuilt."""


def stage(name: str, stages: list[tuple[str, str]], *, blank: bool) -> migrations.AlterField:
    """The stage of a release or of a proposal."""
    field = models.CharField(blank=blank, choices=stages, max_length=20, verbose_name="stage")
    return migrations.AlterField(model_name=name, name="stage", field=field)


class Migration(migrations.Migration):
    dependencies = [("publicity", "0002_release_unchanged")]

    operations = [
        migrations.RunPython(unprotect, protect),
        migrations.RemoveConstraint("release", "release_is_complete"),
        stage("release", NEW, blank=True),
        stage("stageproposal", NEW, blank=False),
        migrations.AddConstraint("release", complete(NEW)),
        migrations.RunPython(protect, unprotect),
    ]
