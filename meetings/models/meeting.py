"""Models of meetings (会议), their agenda and attendance (`Y 2(3)(4)`, `C 5(2)(3)(4)`)."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.enums import AgendaKind, AttendanceStatus, MeetingKind, MeetingState, Side
from meetings.models.base import Record
from meetings.models.conference import JointConference
from meetings.models.people import Department, Person, Post
from meetings.models.regulation import RegulationAdoption
from meetings.models.topic import Topic


class Meeting(Record):
    """One meeting of a conference; the regulation in force on its day applies (`adoption`)."""

    conference = models.ForeignKey(
        JointConference, models.PROTECT, related_name="meetings", verbose_name=_("joint conference")
    )
    adoption = models.ForeignKey(
        RegulationAdoption,
        models.PROTECT,
        related_name="meetings",
        verbose_name=_("regulation in force"),
        editable=False,
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MeetingKind.choices, default=MeetingKind.REGULAR)
    title = models.CharField(_("title"), max_length=120, help_text=_("For example: joint conference of 2025."))
    time = models.DateTimeField(_("time"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    chair = models.ForeignKey(
        "meetings.Tenure", models.PROTECT, null=True, blank=True, related_name="chaired", verbose_name=_("chair")
    )
    consultation = models.TextField(
        _("consultation for a special meeting"),
        blank=True,
        help_text=_("Who was consulted, when, and why it cannot wait."),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=MeetingState.choices, default=MeetingState.PLANNED, editable=False
    )
    notice_number = models.CharField(_("number of the notice"), max_length=60, blank=True, editable=False)
    notified_on = models.DateField(_("notified on"), null=True, blank=True, editable=False)
    held_on = models.DateField(_("held on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-time", "-pk"]

    def __str__(self) -> str:
        return f"{self.conference.short_name}{self.title}"

    @property
    def day(self) -> date:
        """The day of the meeting in the current time zone."""
        return timezone.localtime(self.time).date()


class AgendaItem(models.Model):
    """An item of the agenda. The initial order is that of the regulation; the clerks can rearrange it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", verbose_name=_("meeting"))
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=20, choices=AgendaKind.choices)
    side = models.CharField(_("side"), max_length=20, choices=Side.choices[:2], blank=True)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name=_("topic")
    )
    title = models.CharField(_("title"), max_length=160)
    speaker = models.CharField(_("reported by"), max_length=120, blank=True)
    notes = models.TextField(_("what was said"), blank=True, help_text=_("Goes into the draft of the minutes."))

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "topic"], condition=Q(topic__isnull=False), name="topic_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def conference(self) -> JointConference:
        """The conference of the meeting."""
        return self.meeting.conference


class Attendance(models.Model):
    """An invitation to a meeting, with the name and title as on its day."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance", verbose_name=_("meeting"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="attendance", verbose_name=_("department")
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="attendance", verbose_name=_("post")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="attendance", verbose_name=_("person")
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40, blank=True)
    title = models.CharField(pgettext_lazy("person", "title"), max_length=120, blank=True)
    side = models.CharField(_("side"), max_length=20, choices=Side.choices, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=AttendanceStatus.choices, default=AttendanceStatus.INVITED
    )
    delegate_name = models.CharField(_("delegate"), max_length=40, blank=True)
    delegate_title = models.CharField(_("delegate's title"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("protocol order"), default=0)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["meeting", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "post"], condition=Q(post__isnull=False), name="post_attends_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "department"],
                condition=Q(department__isnull=False, post__isnull=True),
                name="department_attends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.name}".strip()

    @property
    def conference(self) -> JointConference:
        """The conference of the meeting."""
        return self.meeting.conference

    @property
    def follows_post(self) -> bool:
        """Whether the row means the holder of the post on the day; False once a name was written down."""
        return self.post_id is not None and not self.name
