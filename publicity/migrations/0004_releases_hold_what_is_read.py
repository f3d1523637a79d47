"""Releases hold what public pages need of the records, and outcome pages what they say of their source.

The new columns of the release history are filled with what the public reads of the records today. Public pages no
longer ask the records, so whatever these hide today gets a withdrawal here.

Source and title of the meeting stay unset on the outcome pages that exist: their approved hash still matches. The source
is proposed when the page is drafted again, and shown after its reviews.

The history is protected by a trigger, which is taken off meanwhile (`0002_release_unchanged`).
"""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

trigger = import_module("publicity.migrations.0002_release_unchanged")
STAGES = [stage for stage, _word in import_module("publicity.migrations.0003_stages").NEW]
FOUND = "更新系统时核对：该事项不属于主动公开。"


def fill(apps: Any, schema_editor: Any) -> None:
    """Fill the new columns from the records, and withdraw what the records hide."""
    releases = apps.get_model("publicity", "Release").objects
    resolutions = apps.get_model("meetings", "Resolution").objects
    of_release = resolutions.filter(pk=OuterRef("resolution"))
    meeting = "minutes__meeting__"
    releases.update(
        meeting=Subquery(of_release.values("minutes__meeting")),
        held_on=Subquery(of_release.values(day=Coalesce(meeting + "held_on", TruncDate(meeting + "time")))),
        order=Subquery(of_release.values("order")),
        number=Coalesce(Subquery(of_release.values("public_number")), models.Value("")),
        chain_start=F("resolution"),
    )
    releases.filter(kind="release").update(meeting_title=Subquery(of_release.values(meeting + "title")))
    for resolution, first in carried(resolutions).items():
        releases.filter(resolution=resolution).update(chain_start=first)
    later = releases.filter(resolution=OuterRef("resolution"), pk__gt=OuterRef("pk"))
    shown = releases.filter(~Exists(later), kind="release")
    for row in shown.exclude(resolution__disclosure="public", resolution__minutes__state="issued"):
        withdraw(row)
    articles = apps.get_model("publicity", "Article").objects
    articles.filter(meeting__isnull=False).exclude(meeting__state="held").update(approved_hash="")
    if schema_editor.connection.vendor == "postgresql":
        # Check the foreign keys now: a table with checks that are still to be made cannot be altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def carried(resolutions: Any) -> dict[int, int]:
    """Return the first resolution of the chain of each resolution that continues another."""
    links = resolutions.filter(continues__isnull=False, amends__isnull=True)
    before = dict(links.values_list("pk", "continues"))
    first = {}
    for resolution in before:
        start = resolution
        while start in before:
            start = before[start]
        first[resolution] = start
    return first


def withdraw(row: Any) -> None:
    """Add a withdrawal after a release."""
    kept = ("resolution_id", "conference_id", "meeting_id", "held_on", "order", "number", "chain_start_id", "year")
    values = {name: getattr(row, name) for name in kept}
    type(row).objects.create(**values, kind="withdrawal", reason=FOUND, at=timezone.now())


def nothing(apps: Any, schema_editor: Any) -> None:
    """On the way back the columns are dropped."""


def key(to: str, related_name: str, label: str, **options: Any) -> Any:
    """A foreign key of the release history."""
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to, verbose_name=label, **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0010_resolution_labels"),
        ("publicity", "0003_stages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(trigger.backwards, trigger.forwards),
        migrations.RemoveConstraint(model_name="release", name="release_is_complete"),
        migrations.AddField("release", "meeting", key("meetings.meeting", "releases", "meeting", null=True)),
        migrations.AddField(
            "release",
            "meeting_title",
            models.CharField(blank=True, default="", max_length=120, verbose_name="title of the meeting"),
            preserve_default=False,
        ),
        migrations.AddField("release", "held_on", models.DateField(null=True, verbose_name="day of the meeting")),
        migrations.AddField(
            "release",
            "number",
            models.CharField(blank=True, default="", max_length=20, verbose_name="public number"),
            preserve_default=False,
        ),
        migrations.AddField("release", "order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
        migrations.AddField("release", "chain_start", key("meetings.resolution", "+", "carried over from", null=True)),
        migrations.RunPython(fill, nothing),
        migrations.AlterField("release", "meeting", key("meetings.meeting", "releases", "meeting")),
        migrations.AlterField("release", "held_on", models.DateField(verbose_name="day of the meeting")),
        migrations.AlterField("release", "chain_start", key("meetings.resolution", "+", "carried over from")),
        migrations.AddIndex("release", models.Index(fields=["number"], name="release_of_number")),
        migrations.AddConstraint(
            "release",
            models.CheckConstraint(
                condition=Q(kind="withdrawal", wording="", stage="") & ~Q(reason="")
                | Q(kind="release", lead__isnull=False, reason="")
                & ~Q(title="")
                & ~Q(wording="")
                & ~Q(number="")
                & ~Q(meeting_title="")
                & Q(stage__in=STAGES),
                name="release_is_complete",
            ),
        ),
        migrations.RunPython(trigger.forwards, trigger.backwards),
        migrations.AddField(
            "outcomepage",
            "meeting_title",
            models.CharField(
                blank=True,
                default="",
                help_text="As the list of outcomes and the pages of the resolutions call it. Empty: as in the record.",
                max_length=120,
                verbose_name="title of the meeting",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "outcomepage",
            "source_title",
            models.CharField(blank=True, default="", max_length=160, verbose_name="title of the minutes"),
            preserve_default=False,
        ),
        migrations.AddField(
            "outcomepage",
            "source_number",
            models.CharField(blank=True, default="", max_length=60, verbose_name="number of the minutes"),
            preserve_default=False,
        ),
        migrations.AddField(
            "outcomepage",
            "source_issued_on",
            models.DateField(blank=True, null=True, verbose_name="minutes issued on"),
        ),
        migrations.CreateModel(
            name="HiddenSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="publicity.outcomepage",
                        verbose_name="page",
                    ),
                ),
            ],
            options={
                "verbose_name": "hidden source of an outcome page",
                "verbose_name_plural": "hidden sources of outcome pages",
            },
        ),
    ]
