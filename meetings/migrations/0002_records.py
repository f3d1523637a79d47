import django.core.serializers.json
import django.db.models.deletion
import modelcluster.contrib.taggit
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import meetings.models.attachment


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("meetings", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("slug", models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name="slug")),
            ],
            options={
                "verbose_name": "record tag",
                "verbose_name_plural": "record tags",
            },
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "former_names",
                    models.CharField(
                        blank=True, help_text="Separated by 、", max_length=200, verbose_name="former names"
                    ),
                ),
                ("telephone", models.CharField(blank=True, max_length=40, verbose_name="office telephone")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="meetings.department",
                        verbose_name="merged into",
                    ),
                ),
            ],
            options={
                "verbose_name": "department",
                "verbose_name_plural": "departments",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="JointConference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="official name")),
                ("short_name", models.CharField(max_length=30, unique=True, verbose_name="place")),
                ("slug", models.SlugField(unique=True, verbose_name="address")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "Province"),
                            ("city", "City"),
                            ("county", "County or district"),
                            ("township", "Township or town"),
                            ("zone", "Development zone"),
                        ],
                        max_length=20,
                        verbose_name="level",
                    ),
                ),
                ("government_side", models.CharField(max_length=60, verbose_name="government side")),
                ("union_side", models.CharField(max_length=60, verbose_name="union side")),
                (
                    "government_section",
                    models.CharField(
                        blank=True,
                        help_text="Y 3(2)",
                        max_length=60,
                        verbose_name="responsible section of the government office",
                    ),
                ),
                (
                    "union_section",
                    models.CharField(blank=True, max_length=60, verbose_name="responsible section of the union"),
                ),
                (
                    "reviews_required",
                    models.PositiveSmallIntegerField(default=3, verbose_name="reviews before publishing"),
                ),
                (
                    "writer_is_first_review",
                    models.BooleanField(default=False, verbose_name="the writer counts as the first review"),
                ),
                (
                    "lead_confirms_release",
                    models.BooleanField(default=False, verbose_name="the lead department confirms a released stage"),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="meetings.jointconference",
                        verbose_name="superior conference",
                    ),
                ),
            ],
            options={
                "verbose_name": "joint conference",
                "verbose_name_plural": "joint conferences",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LeadingGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("leading", "Leading group"),
                            ("coordination", "Coordination group"),
                            ("office", "Office of the coordination group"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("located_at", models.CharField(blank=True, max_length=60, verbose_name="located at")),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groups",
                        to="meetings.jointconference",
                        verbose_name="joint conference",
                    ),
                ),
            ],
            options={
                "verbose_name": "leading group",
                "verbose_name_plural": "leading groups",
                "ordering": ["conference", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "key",
                    models.CharField(
                        blank=True, editable=False, max_length=40, null=True, unique=True, verbose_name="key"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("regular", "Regular meeting"), ("special", "Special meeting")],
                        default="regular",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="For example: joint conference of 2025.", max_length=120, verbose_name="title"
                    ),
                ),
                ("time", models.DateTimeField(verbose_name="time")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                (
                    "consultation",
                    models.TextField(
                        blank=True,
                        help_text="Who was consulted, when, and why it cannot wait.",
                        verbose_name="consultation for a special meeting",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "In preparation"),
                            ("settled", "Settled"),
                            ("notified", "Notified"),
                            ("held", "Held"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "notice_number",
                    models.CharField(blank=True, editable=False, max_length=60, verbose_name="number of the notice"),
                ),
                ("notified_on", models.DateField(blank=True, editable=False, null=True, verbose_name="notified on")),
                ("held_on", models.DateField(blank=True, editable=False, null=True, verbose_name="held on")),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="meetings.jointconference",
                        verbose_name="joint conference",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "ordering": ["-time", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(verbose_name="order")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("briefing", "Briefing"),
                            ("follow_up", "Follow-up of earlier resolutions"),
                            ("presentation", "Presentation of the topics"),
                            ("deliberation", "Deliberation"),
                            ("deployment", "Deployment by both leaders"),
                            ("other", "Other agenda item"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[("government", "Government side"), ("union", "Union side")],
                        max_length=20,
                        verbose_name="side",
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("speaker", models.CharField(blank=True, max_length=120, verbose_name="reported by")),
                (
                    "notes",
                    models.TextField(
                        blank=True, help_text="Goes into the draft of the minutes.", verbose_name="what was said"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "agenda item",
                "verbose_name_plural": "agenda items",
                "ordering": ["meeting", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("government", "Government side"),
                            ("union", "Union side"),
                            ("neither", "Neither side"),
                        ],
                        default="government",
                        max_length=20,
                        verbose_name="side",
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="meetings.jointconference",
                        verbose_name="joint conference",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="meetings.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "member department",
                "verbose_name_plural": "member departments",
                "ordering": ["conference", "department__order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "key",
                    models.CharField(
                        blank=True, editable=False, max_length=40, null=True, unique=True, verbose_name="key"
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("body", wagtail.fields.RichTextField(verbose_name="text")),
                (
                    "disclosure",
                    models.CharField(
                        choices=[
                            ("public", "Disclosed proactively"),
                            ("on_request", "Disclosed on request"),
                            ("closed", "Not disclosed"),
                        ],
                        default="on_request",
                        max_length=20,
                        verbose_name="disclosure",
                    ),
                ),
                (
                    "disclosure_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="reason of the disclosure"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being drafted"),
                            ("in_approval", "In approval"),
                            ("approved", "Minutes approved"),
                            ("issued", "Issued"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("number", models.CharField(blank=True, editable=False, max_length=60, verbose_name="number")),
                (
                    "serial",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="number in the series"
                    ),
                ),
                ("hash", models.CharField(blank=True, editable=False, max_length=64, verbose_name="content hash")),
                ("sealed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="sealed at")),
                ("issued_on", models.DateField(blank=True, editable=False, null=True, verbose_name="issued on")),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="meetings.minutes",
                    ),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "minutes",
                "verbose_name_plural": "minutes",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="meetings.jointconference",
                    ),
                ),
            ],
            options={
                "verbose_name": "number series",
                "verbose_name_plural": "number series",
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[("office", "Office"), ("duty", "Duty")],
                        default="office",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("head_of_government", "Head of the government"),
                            ("liaison_leader", "Leader in charge of union work"),
                            ("government_leader", "Government leader"),
                            ("union_head", "Head of the union"),
                            ("union_leader", "Union leader"),
                            ("clerk", "Clerk"),
                            ("liaison", "Department liaison"),
                            ("writer", "News writer"),
                            ("reviewer", "Reviewer"),
                            ("auditor", "Auditor"),
                            ("administrator", "Administrator"),
                            ("none", "No rights, attends only"),
                        ],
                        default="none",
                        max_length=30,
                        verbose_name="rights",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("government", "Government side"),
                            ("union", "Union side"),
                            ("neither", "Neither side"),
                        ],
                        max_length=20,
                        verbose_name="side",
                    ),
                ),
                (
                    "attends",
                    models.BooleanField(default=False, help_text="Y 2(3), C 5(3)", verbose_name="attends the meetings"),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="protocol order")),
                (
                    "conference",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="meetings.jointconference",
                        verbose_name="joint conference",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="meetings.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts",
                "ordering": ["conference", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="GroupSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("head", "Head"), ("deputy", "Deputy head"), ("member", "Member")],
                        default="member",
                        max_length=20,
                        verbose_name="seat",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "group",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="meetings.leadinggroup",
                        verbose_name="group",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="meetings.post",
                        verbose_name="post",
                    ),
                ),
            ],
            options={
                "verbose_name": "group seat",
                "verbose_name_plural": "group seats",
                "ordering": ["group", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="name")),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="title")),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("government", "Government side"),
                            ("union", "Union side"),
                            ("neither", "Neither side"),
                        ],
                        max_length=20,
                        verbose_name="side",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("invited", "Invited, no reply yet"),
                            ("attends", "Attends"),
                            ("leave", "On leave"),
                            ("delegate", "Sends a delegate"),
                            ("observer", "Attends without vote"),
                            ("guest", "Guest"),
                        ],
                        default="invited",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("delegate_name", models.CharField(blank=True, max_length=40, verbose_name="delegate")),
                ("delegate_title", models.CharField(blank=True, max_length=120, verbose_name="delegate's title")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="protocol order")),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="meetings.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendance",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="meetings.post",
                        verbose_name="post",
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance",
                "verbose_name_plural": "attendance",
                "ordering": ["meeting", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RecordLogEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.TextField()),
                ("action", models.CharField(blank=True, db_index=True, max_length=255)),
                (
                    "data",
                    models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("timestamp", models.DateTimeField(db_index=True, verbose_name="timestamp (UTC)")),
                (
                    "uuid",
                    models.UUIDField(
                        blank=True,
                        editable=False,
                        help_text="Log entries that happened as part of the same user action are assigned the same UUID",
                        null=True,
                    ),
                ),
                ("content_changed", models.BooleanField(db_index=True, default=False)),
                ("deleted", models.BooleanField(default=False)),
                ("object_id", models.CharField(db_index=True, max_length=40)),
                (
                    "conference",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log_entries",
                        to="meetings.jointconference",
                        verbose_name="joint conference",
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="content type",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wagtailcore.revision",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "log entry",
                "verbose_name_plural": "log entries",
                "ordering": ["-timestamp", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Regulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="document number")),
                ("issuer", models.CharField(max_length=60, verbose_name="issued by")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="issued on")),
                ("bases", models.TextField(blank=True, help_text="One document a line.", verbose_name="bases")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("copies", models.CharField(blank=True, max_length=200, verbose_name="copies to")),
                (
                    "disclosure",
                    models.CharField(
                        choices=[
                            ("public", "Disclosed proactively"),
                            ("on_request", "Disclosed on request"),
                            ("closed", "Not disclosed"),
                        ],
                        default="public",
                        max_length=20,
                        verbose_name="disclosure",
                    ),
                ),
                (
                    "repeals",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repealed_by",
                        to="meetings.regulation",
                        verbose_name="repeals",
                    ),
                ),
            ],
            options={
                "verbose_name": "regulation",
                "verbose_name_plural": "regulations",
                "ordering": ["-issued_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RegulationAdoption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "judged",
                    models.BooleanField(
                        default=True,
                        help_text="Without the text nothing is judged.",
                        verbose_name="text at hand",
                    ),
                ),
                (
                    "clause_set",
                    models.CharField(
                        choices=[("Y", "County notice"), ("C", "Town measures")],
                        default="Y",
                        max_length=2,
                        verbose_name="clauses cited",
                    ),
                ),
                (
                    "name_pattern",
                    models.CharField(
                        blank=True,
                        help_text="{government} and {union} stand for the two sides.",
                        max_length=80,
                        verbose_name="official name",
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[("yearly", "At least once a year"), ("in_principle", "In principle once a year")],
                        max_length=20,
                        verbose_name="frequency",
                    ),
                ),
                (
                    "settled_by",
                    models.CharField(
                        choices=[
                            ("both_sides", "Both sides by agreement"),
                            ("group_heads", "The heads of the coordination group"),
                        ],
                        max_length=20,
                        verbose_name="meeting settled by",
                    ),
                ),
                (
                    "topic_conferral",
                    models.BooleanField(default=True, verbose_name="topics are conferred by both sides"),
                ),
                (
                    "topic_approval",
                    models.BooleanField(
                        default=True, verbose_name="topics are approved by the leader in charge of union work"
                    ),
                ),
                ("joint_research", models.BooleanField(default=True, verbose_name="joint research led by the union")),
                (
                    "consensus_report",
                    models.BooleanField(default=True, verbose_name="a proposal report before the meeting"),
                ),
                ("chair", models.CharField(max_length=60, verbose_name="chair")),
                ("attends", models.JSONField(default=list, verbose_name="who attends")),
                (
                    "notice_by",
                    models.CharField(
                        choices=[
                            ("government_office", "Government office"),
                            ("coordination_office", "Office of the coordination group"),
                        ],
                        max_length=20,
                        verbose_name="notice issued by",
                    ),
                ),
                (
                    "minutes_approved_by",
                    models.CharField(
                        choices=[
                            ("leaders", "A government leader and a union leader"),
                            ("group_heads", "Both heads of the coordination group"),
                        ],
                        max_length=20,
                        verbose_name="minutes approved by",
                    ),
                ),
                (
                    "minutes_issued_by",
                    models.CharField(
                        choices=[
                            ("government_office", "Government office"),
                            ("coordination_office", "Office of the coordination group"),
                        ],
                        max_length=20,
                        verbose_name="minutes issued by",
                    ),
                ),
                (
                    "minutes_numbering",
                    models.CharField(
                        choices=[
                            ("series", "Own series, allocated (issue N)"),
                            ("registry", "Shared registry, entered (〔year〕 number N)"),
                        ],
                        max_length=20,
                        verbose_name="number of the minutes",
                    ),
                ),
                (
                    "follow_up_by",
                    models.CharField(
                        choices=[("both_sides", "Both sides jointly"), ("office", "Office of the coordination group")],
                        max_length=20,
                        verbose_name="followed up and verified by",
                    ),
                ),
                (
                    "reports_to",
                    models.CharField(
                        choices=[
                            ("leaders", "The leaders of both sides"),
                            ("group_heads", "The heads of the coordination group"),
                        ],
                        max_length=20,
                        verbose_name="reports go to",
                    ),
                ),
                ("publicity_required", models.BooleanField(default=True, verbose_name="publicity is required")),
                (
                    "publicity_days",
                    models.PositiveSmallIntegerField(default=20, verbose_name="days until a meeting is reported"),
                ),
                ("from_date", models.DateField(blank=True, null=True, verbose_name="in force from")),
                (
                    "to_date",
                    models.DateField(blank=True, help_text="The last day.", null=True, verbose_name="in force until"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoptions",
                        to="meetings.jointconference",
                        verbose_name="joint conference",
                    ),
                ),
                (
                    "regulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoptions",
                        to="meetings.regulation",
                        verbose_name="regulation",
                    ),
                ),
            ],
            options={
                "verbose_name": "regulation in force",
                "verbose_name_plural": "regulations in force",
                "ordering": ["conference", "-from_date", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="meeting",
            name="adoption",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="meetings",
                to="meetings.regulationadoption",
                verbose_name="regulation in force",
            ),
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "key",
                    models.CharField(
                        blank=True, editable=False, max_length=40, null=True, unique=True, verbose_name="key"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "facet",
                    models.CharField(
                        choices=[
                            ("achievement", "Mobilising workers"),
                            ("employment", "Employment and skills"),
                            ("pay", "Pay and labour disputes"),
                            ("safety", "Safety and health"),
                            ("welfare", "Social security and support"),
                            ("reform", "Guidance and workforce reform"),
                            ("new_forms", "New forms of employment"),
                            ("union_work", "Building the union"),
                            ("stability", "Stability and political security"),
                            ("other", "Other matters"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="subject",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="In yuan.",
                        max_digits=14,
                        null=True,
                        verbose_name="amount in yuan",
                    ),
                ),
                ("deadline_text", models.CharField(blank=True, max_length=60, verbose_name="deadline as written")),
                (
                    "deadline_kind",
                    models.CharField(
                        choices=[("date", "By a day"), ("standing", "Long-term"), ("none", "No deadline")],
                        default="none",
                        max_length=20,
                        verbose_name="kind of deadline",
                    ),
                ),
                ("deadline", models.DateField(blank=True, null=True, verbose_name="deadline")),
                (
                    "disclosure",
                    models.CharField(
                        choices=[
                            ("public", "Disclosed proactively"),
                            ("on_request", "Disclosed on request"),
                            ("closed", "Not disclosed"),
                        ],
                        default="on_request",
                        max_length=20,
                        verbose_name="disclosure",
                    ),
                ),
                (
                    "disclosure_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="reason of the disclosure"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "In the draft minutes"),
                            ("adopted", "Settled by the meeting"),
                            ("assigned", "Assigned"),
                            ("under_way", "Under way"),
                            ("reported", "Reported done"),
                            ("returned", "Returned for more"),
                            ("verified", "Done and verified"),
                        ],
                        default="drafted",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("verified_on", models.DateField(blank=True, editable=False, null=True, verbose_name="verified on")),
                (
                    "public_number",
                    models.CharField(
                        editable=False, max_length=20, null=True, unique=True, verbose_name="public number"
                    ),
                ),
                (
                    "agenda_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="meetings.agendaitem",
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="meetings.minutes",
                        verbose_name="minutes",
                    ),
                ),
            ],
            options={
                "verbose_name": "resolution",
                "verbose_name_plural": "resolutions",
                "ordering": ["-minutes__meeting__time", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Explanation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(help_text="Why it is not finished.", verbose_name="explanation")),
                ("opinion", models.TextField(help_text="What is proposed to do about it.", verbose_name="opinion")),
                ("on", models.DateField(verbose_name="date")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="explanations",
                        to="meetings.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="explanations",
                        to="meetings.resolution",
                        verbose_name="resolution",
                    ),
                ),
            ],
            options={
                "verbose_name": "explanation",
                "verbose_name_plural": "explanations",
                "ordering": ["meeting", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ResolutionPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "Lead department"), ("co", "Co-operating department")],
                        default="co",
                        max_length=10,
                        verbose_name="part",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="meetings.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "resolution",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="meetings.resolution",
                        verbose_name="resolution",
                    ),
                ),
            ],
            options={
                "verbose_name": "department's part",
                "verbose_name_plural": "departments' parts",
                "ordering": ["resolution", "-role", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="date")),
                ("text", models.TextField(verbose_name="progress")),
                ("claims_done", models.BooleanField(default=False, verbose_name="reports the resolution done")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("pending", "To be verified"), ("verified", "Verified"), ("returned", "Sent back")],
                        default="pending",
                        max_length=20,
                        verbose_name="verification",
                    ),
                ),
                ("verdict_reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reported by",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="meetings.resolutionpart",
                        verbose_name="part",
                    ),
                ),
            ],
            options={
                "verbose_name": "progress report",
                "verbose_name_plural": "progress reports",
                "ordering": ["-on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="TaggedResolution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_object",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged_items",
                        to="meetings.resolution",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged_resolutions",
                        to="meetings.recordtag",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="resolution",
            name="tags",
            field=modelcluster.contrib.taggit.ClusterTaggableManager(
                blank=True,
                help_text="Separated by commas.",
                through="meetings.TaggedResolution",
                to="meetings.RecordTag",
                verbose_name="tags",
            ),
        ),
        migrations.CreateModel(
            name="Tenure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "full_title",
                    models.CharField(
                        help_text="As it stands in minutes, with every office that is printed.",
                        max_length=120,
                        verbose_name="title to print",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="protocol order")),
                ("from_date", models.DateField(verbose_name="from")),
                (
                    "to_date",
                    models.DateField(
                        blank=True, help_text="The last day; empty while it lasts.", null=True, verbose_name="until"
                    ),
                ),
                (
                    "person",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tenures",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tenures",
                        to="meetings.post",
                        verbose_name="post",
                    ),
                ),
            ],
            options={
                "verbose_name": "tenure",
                "verbose_name_plural": "tenures",
                "ordering": ["post", "-from_date", "pk"],
            },
        ),
        migrations.AddField(
            model_name="meeting",
            name="chair",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="chaired",
                to="meetings.tenure",
                verbose_name="chair",
            ),
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="delivered on")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="meetings.progressreport",
                    ),
                ),
                (
                    "tenure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="meetings.tenure",
                        verbose_name="delivered to",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "ordering": ["on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "key",
                    models.CharField(
                        blank=True, editable=False, max_length=40, null=True, unique=True, verbose_name="key"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("government", "Government side"), ("union", "Union side")],
                        max_length=20,
                        verbose_name="proposed by the side",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(help_text="What is asked for, and why.", verbose_name="proposal")),
                (
                    "research",
                    models.TextField(
                        blank=True, help_text="What was found, where and when.", verbose_name="research report"
                    ),
                ),
                ("joint_research", models.TextField(blank=True, verbose_name="joint research")),
                ("proposal_report", models.TextField(blank=True, verbose_name="proposal report")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("conferred", "Conferred"),
                            ("approved", "Approved for study"),
                            ("agreed", "Consensus reached"),
                            ("listed", "On the agenda"),
                            ("discussed", "Discussed"),
                            ("returned", "Returned"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("submitted_on", models.DateField(blank=True, editable=False, null=True, verbose_name="submitted on")),
                ("return_reason", models.TextField(blank=True, editable=False, verbose_name="reason of the return")),
                (
                    "adoption",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="meetings.regulationadoption",
                        verbose_name="regulation in force",
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="meetings.jointconference",
                        verbose_name="joint conference",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposed_topics",
                        to="meetings.department",
                        verbose_name="proposing department",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("pending", "No reply yet"),
                            ("agree", "Agrees"),
                            ("changes", "Asks for changes"),
                            ("object", "Objects"),
                        ],
                        default="pending",
                        max_length=20,
                        verbose_name="opinion",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("asked_on", models.DateField(verbose_name="asked on")),
                ("given_on", models.DateField(blank=True, null=True, verbose_name="given on")),
                ("override_reason", models.TextField(blank=True, verbose_name="reason of the override")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="meetings.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="given by",
                    ),
                ),
                (
                    "overridden_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="overridden by",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="meetings.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion",
                "verbose_name_plural": "opinions",
                "ordering": ["topic", "department__order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=meetings.models.attachment.private_storage,
                        upload_to=meetings.models.attachment.stored_name,
                        verbose_name="file",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("sha256", models.CharField(max_length=64, verbose_name="checksum")),
                ("type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="removed at")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="meetings.jointconference",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="meetings.minutes",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="meetings.progressreport",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="meetings.resolution",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="meetings.topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("confer", "Conferral of both sides"),
                            ("approve_topic", "Approval of the topic"),
                            ("settle", "Settlement of the meeting"),
                            ("approve_minutes", "Approval of the minutes"),
                            ("verify", "Verification of the result"),
                        ],
                        max_length=20,
                        verbose_name="step",
                    ),
                ),
                ("seat", models.CharField(max_length=40, verbose_name="seat")),
                ("hash", models.CharField(max_length=64, verbose_name="content hash")),
                ("opinion", models.CharField(blank=True, max_length=500, verbose_name="opinion")),
                (
                    "medium",
                    models.CharField(
                        choices=[("screen", "On screen")], default="screen", max_length=20, verbose_name="medium"
                    ),
                ),
                ("on", models.DateField(verbose_name="date")),
                ("at", models.DateTimeField(verbose_name="entered at")),
                ("voided_at", models.DateTimeField(blank=True, null=True, verbose_name="voided at")),
                ("void_reason", models.CharField(blank=True, max_length=200, verbose_name="reason of the voiding")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="meetings.minutes",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="meetings.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="meetings.progressreport",
                    ),
                ),
                (
                    "tenure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="meetings.tenure",
                        verbose_name="tenure",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="meetings.topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agenda_items",
                to="meetings.topic",
                verbose_name="topic",
            ),
        ),
        migrations.CreateModel(
            name="TopicCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clause", models.CharField(max_length=30, verbose_name="clause")),
                ("title", models.CharField(max_length=60, verbose_name="category")),
                (
                    "facet",
                    models.CharField(
                        choices=[
                            ("achievement", "Mobilising workers"),
                            ("employment", "Employment and skills"),
                            ("pay", "Pay and labour disputes"),
                            ("safety", "Safety and health"),
                            ("welfare", "Social security and support"),
                            ("reform", "Guidance and workforce reform"),
                            ("new_forms", "New forms of employment"),
                            ("union_work", "Building the union"),
                            ("stability", "Stability and political security"),
                            ("other", "Other matters"),
                        ],
                        max_length=20,
                        verbose_name="subject",
                    ),
                ),
                (
                    "disclosure",
                    models.CharField(
                        choices=[
                            ("public", "Disclosed proactively"),
                            ("on_request", "Disclosed on request"),
                            ("closed", "Not disclosed"),
                        ],
                        default="public",
                        max_length=20,
                        verbose_name="usual disclosure",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "regulation",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="categories",
                        to="meetings.regulation",
                        verbose_name="regulation",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic category",
                "verbose_name_plural": "topic categories",
                "ordering": ["regulation", "order", "pk"],
            },
        ),
        migrations.AddField(
            model_name="topic",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="topics",
                to="meetings.topiccategory",
                verbose_name="category",
            ),
        ),
        migrations.AddConstraint(
            model_name="department",
            constraint=models.UniqueConstraint(fields=("name",), name="department_name_once"),
        ),
        migrations.AddConstraint(
            model_name="jointconference",
            constraint=models.CheckConstraint(
                condition=models.Q(("reviews_required__gte", 1), ("reviews_required__lte", 3)),
                name="conference_reviews_1_to_3",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadinggroup",
            constraint=models.UniqueConstraint(fields=("conference", "kind"), name="group_kind_once"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("conference", "department"), name="member_once"),
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", True)), fields=("meeting",), name="minutes_once_per_meeting"
            ),
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("number", ""), _negated=True), ("serial__isnull", True)),
                fields=("number",),
                name="number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "issued"), _negated=True),
                    models.Q(
                        models.Q(("number", ""), _negated=True),
                        models.Q(("hash", ""), _negated=True),
                        ("issued_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="issued_minutes_are_numbered_and_sealed",
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.UniqueConstraint(fields=("conference", "name"), name="series_once"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "liaison"), _negated=True), ("department__isnull", False), _connector="OR"
                ),
                name="liaison_has_a_department",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "clerk"), _negated=True),
                    models.Q(("conference__isnull", False), ("side__in", ["government", "union"])),
                    _connector="OR",
                ),
                name="clerk_has_conference_and_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupseat",
            constraint=models.UniqueConstraint(fields=("group", "post"), name="seat_once_per_group"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("post__isnull", False)), fields=("meeting", "post"), name="post_attends_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("department__isnull", False), ("post__isnull", True)),
                fields=("meeting", "department"),
                name="department_attends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulationadoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_date__isnull", True),
                    ("from_date__isnull", True),
                    ("to_date__gte", models.F("from_date")),
                    _connector="OR",
                ),
                name="adoption_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.UniqueConstraint(fields=("resolution", "meeting"), name="explained_once"),
        ),
        migrations.AddConstraint(
            model_name="resolutionpart",
            constraint=models.UniqueConstraint(fields=("resolution", "department"), name="department_has_one_part"),
        ),
        migrations.AddConstraint(
            model_name="resolutionpart",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "lead")), fields=("resolution",), name="one_lead"
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deadline__isnull", False), ("deadline_kind", "date")),
                    models.Q(models.Q(("deadline_kind", "date"), _negated=True), ("deadline__isnull", True)),
                    _connector="OR",
                ),
                name="deadline_date_fits_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("disclosure", "closed"), _negated=True),
                    models.Q(("disclosure_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="closed_needs_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="tenure",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_date__isnull", True), ("to_date__gte", models.F("from_date")), _connector="OR"),
                name="tenure_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("report", "tenure"), name="delivered_once"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(fields=("topic", "department"), name="opinion_once"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("meeting__isnull", True),
                        ("minutes__isnull", True),
                        ("report__isnull", True),
                        ("resolution__isnull", True),
                        ("topic__isnull", False),
                    ),
                    models.Q(
                        ("meeting__isnull", False),
                        ("minutes__isnull", True),
                        ("report__isnull", True),
                        ("resolution__isnull", True),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("meeting__isnull", True),
                        ("minutes__isnull", False),
                        ("report__isnull", True),
                        ("resolution__isnull", True),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("meeting__isnull", True),
                        ("minutes__isnull", True),
                        ("report__isnull", True),
                        ("resolution__isnull", False),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("meeting__isnull", True),
                        ("minutes__isnull", True),
                        ("report__isnull", False),
                        ("resolution__isnull", True),
                        ("topic__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="attachment_of_one_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("meeting__isnull", True),
                        ("minutes__isnull", True),
                        ("report__isnull", True),
                        ("topic__isnull", False),
                    ),
                    models.Q(
                        ("meeting__isnull", False),
                        ("minutes__isnull", True),
                        ("report__isnull", True),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("meeting__isnull", True),
                        ("minutes__isnull", False),
                        ("report__isnull", True),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("meeting__isnull", True),
                        ("minutes__isnull", True),
                        ("report__isnull", False),
                        ("topic__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="approval_of_one_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("topic__isnull", False), ("voided_at__isnull", True)),
                fields=("topic", "step", "seat"),
                name="approval_topic_seat_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("topic__isnull", False), ("voided_at__isnull", True)),
                fields=("topic", "step", "person"),
                name="approval_topic_person_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("meeting__isnull", False), ("voided_at__isnull", True)),
                fields=("meeting", "step", "seat"),
                name="approval_meeting_seat_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("meeting__isnull", False), ("voided_at__isnull", True)),
                fields=("meeting", "step", "person"),
                name="approval_meeting_person_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("minutes__isnull", False), ("voided_at__isnull", True)),
                fields=("minutes", "step", "seat"),
                name="approval_minutes_seat_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("minutes__isnull", False), ("voided_at__isnull", True)),
                fields=("minutes", "step", "person"),
                name="approval_minutes_person_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("report__isnull", False), ("voided_at__isnull", True)),
                fields=("report", "step", "seat"),
                name="approval_report_seat_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("report__isnull", False), ("voided_at__isnull", True)),
                fields=("report", "step", "person"),
                name="approval_report_person_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("topic__isnull", False)), fields=("meeting", "topic"), name="topic_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="topiccategory",
            constraint=models.UniqueConstraint(fields=("regulation", "title"), name="category_once_per_regulation"),
        ),
    ]
