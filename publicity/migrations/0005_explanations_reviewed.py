"""Explanations of a stage that a reviewer reads before the public does.

What waits for the lead department and has an explanation waits for a reviewer first: nobody has read it yet.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

STATES = [
    ("in_review", "Waits for a reviewer"),
    ("returned", "Returned by a reviewer"),
    ("waiting", "Waits for the lead department"),
    ("confirmed", "Confirmed"),
    ("declined", "Declined"),
    ("dropped", "Taken back by the office"),
]
PENDING = ("in_review", "returned", "waiting")


def send_to_reviewers(apps: Any, schema_editor: Any) -> None:
    """Fill the titles, and let explanations that wait be read by a reviewer."""
    proposals = apps.get_model("publicity", "StageProposal").objects
    released = apps.get_model("publicity", "Release").objects.filter(resolution=OuterRef("resolution"), kind="release")
    with_release = proposals.filter(resolution__releases__kind="release").distinct().values("pk")
    proposals.filter(pk__in=with_release).update(title=Subquery(released.order_by("-pk").values("title")[:1]))
    proposals.filter(state="waiting").exclude(explanation="").update(state="in_review")


def send_to_lead(apps: Any, schema_editor: Any) -> None:
    """On the way back there are no reviewers: what waits for one waits for the lead department."""
    proposals = apps.get_model("publicity", "StageProposal").objects
    proposals.filter(state="in_review").update(state="waiting")
    proposals.filter(state__in=["returned", "dropped"]).update(state="declined")


def person(label: str) -> Any:
    """A foreign key to the person who reviewed."""
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name=label,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("publicity", "0004_releases_hold_what_is_read"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="stageproposal", name="one_proposal_waits"),
        # A new column without a value does not rebuild the table on SQLite: the trigger of the history stays.
        migrations.AddField("release", "reviewed_by", person("explanation reviewed by")),
        migrations.AddField("stageproposal", "reviewed_by", person("reviewed by")),
        migrations.AddField(
            "stageproposal", "reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed at")
        ),
        migrations.AddField(
            "stageproposal",
            "opinion",
            models.TextField(blank=True, default="", verbose_name="opinion"),
            preserve_default=False,
        ),
        migrations.AddField(
            "stageproposal",
            "title",
            models.CharField(blank=True, default="", max_length=120, verbose_name="title"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "stageproposal",
            "state",
            models.CharField(choices=STATES, default="waiting", max_length=20, verbose_name="state"),
        ),
        migrations.RunPython(send_to_reviewers, send_to_lead),
        migrations.AddConstraint(
            "stageproposal",
            models.UniqueConstraint(
                condition=models.Q(state__in=PENDING), fields=("resolution",), name="one_proposal_waits"
            ),
        ),
        migrations.AddConstraint(
            "stageproposal",
            models.CheckConstraint(
                condition=models.Q(("reviewed_by", models.F("by")), _negated=True),
                name="nobody_reviews_the_own_proposal",
            ),
        ),
    ]
