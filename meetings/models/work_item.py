"""What waits for a post or a person (待办): one row per thing, written in the transaction of the step.

- `Task`: a task as the state of a record asks for it. `WorkItem`: a stored task, or a notice.

`meetings.operations.work` writes the rows, `meetings.queries.work` reads them. Who holds the post, whether it is
vacant and whether the item is late are never stored: they are decided when the row is read.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.enums import WorkItemKind
from meetings.models.conference import JointConference
from meetings.models.people import Department, Person


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing that waits. `seat` is empty for a task of one `person`; see `WorkItem` for the fields.

    `conference` is for records that concern several conferences; the other tasks have the conference of their record.
    """

    action: str
    seat: str = ""
    conference: int | None = None
    department: int | None = None
    person: int | None = None
    detail: int | None = None
    clause: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    due_on: date | None = None
    signs: bool = False
    not_for: frozenset[int] = frozenset()

    @property
    def key(self) -> tuple[str, str, int | None, int | None, int | None, int | None]:
        """What distinguishes it from the other tasks of its record."""
        return (self.action, self.seat, self.conference, self.department, self.person, self.detail)


class WorkItem(models.Model):
    """One thing that waits: on which record, for whom, by which clause, since when, due when.

    A task is opened and closed by the state of its record. A notice is addressed to a person and closed when the person
    opens it.

    - `source`, `action`: which rule opened it, and what is to be done (`meetings.confer`).
    - `seat`: the key of a seat of `meetings.rules.seats`, in `conference`; with `department` for the seat `liaison`.
      Empty if the item is addressed to a `person`.
    - `detail`: the primary key of the row in the record that the item is about, for example of a report.
    - `signs`: a seat of a panel, which a deputy may sign too (委托审签).
    - `not_for`: people who fill the seat but may not act, for example because they signed in another seat.
    - `starts_on`, `ends_on`: the first and the last day on which it waits; empty if it waits at once, or until done.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=WorkItemKind.choices, default=WorkItemKind.TASK)
    source = models.CharField(max_length=40)
    action = models.CharField(max_length=60)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey("content_type", "object_id", for_concrete_model=False)
    detail = models.BigIntegerField(null=True)
    conference = models.ForeignKey(
        JointConference, models.CASCADE, null=True, related_name="work_items", verbose_name=_("joint conference")
    )
    seat = models.CharField(max_length=40, blank=True)
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, related_name="work_items", verbose_name=_("department")
    )
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="work_items", verbose_name=_("person"))
    not_for = models.ManyToManyField(Person, related_name="+")
    signs = models.BooleanField(default=False)
    clause = models.CharField(_("clause"), max_length=40, blank=True)
    since = models.DateTimeField(_("since"))
    starts_on = models.DateField(_("from"), null=True)
    ends_on = models.DateField(_("until"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    data = models.JSONField(default=dict)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        ordering = ["pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["conference", "seat"], condition=Q(closed_at=None), name="work_of_a_seat"),
            models.Index(fields=["department"], condition=Q(closed_at=None), name="work_of_a_department"),
            models.Index(fields=["person"], condition=Q(closed_at=None), name="work_of_a_person"),
            models.Index(fields=["content_type", "object_id"], condition=Q(closed_at=None), name="work_on_a_record"),
            models.Index(fields=["source"], condition=Q(closed_at=None), name="work_of_a_source"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(seat="", person__isnull=False) | (~Q(seat="") & Q(person__isnull=True)),
                name="work_waits_for_seat_or_person",
            ),
            models.CheckConstraint(
                condition=Q(seat="liaison", department__isnull=False)
                | (~Q(seat="liaison") & Q(department__isnull=True)),
                name="work_names_department_of_liaison",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.seat or self.person_id}"
