"""Reads of meetings: what came before, the agenda, who attends under which name, what waits.

Key concepts
- `unfinished_before(meeting)`: what the follow-up item must tell of (`Y 1(6)`, `C 4三`), each with its latest
  verified report and its explanation.
- `agenda(meeting)`, `attendees(meeting)`, `attendance(meeting)`, `roll(meeting)`: names and titles as on the day.
- `next_meeting`, `held_in`: what waits, for a home page and for warnings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import UNFINISHED, AttendanceStatus, MeetingState, ReportVerdict, Side
from meetings.models import (
    AgendaItem,
    Attendance,
    Department,
    Explanation,
    JointConference,
    Meeting,
    ProgressReport,
    Resolution,
    Tenure,
)
from meetings.queries.deadline import with_next_meeting
from meetings.queries.parts import parts_in_order
from meetings.queries.people import in_force


def earlier(meeting: Meeting) -> QuerySet[Meeting]:
    """The held meetings of the conference before this one, the latest first."""
    rows = Meeting.objects.filter(conference=meeting.conference_id, state=MeetingState.HELD, time__lt=meeting.time)
    return rows.order_by("-time")


@dataclass(frozen=True)
class Unfinished:
    """An unfinished resolution before a meeting: what was last verified of it, and why it is not finished."""

    resolution: Resolution
    report: ProgressReport | None
    explanation: Explanation | None

    @property
    def explained(self) -> bool:
        """True if this meeting has both the explanation and an opinion."""
        told = self.explanation
        return told is not None and bool(told.text.strip()) and bool(told.opinion.strip())


def unfinished_before(meeting: Meeting) -> list[Unfinished]:
    """Every resolution of earlier meetings that is not verified, overdue or not (`Y 1(6)`, `C 4三`).

    Of a held meeting: those that were explained to it, whatever became of them since. Four queries.
    """
    rows = Resolution.objects.filter(
        minutes__meeting__conference=meeting.conference_id, minutes__meeting__time__lt=meeting.time
    )
    if meeting.state == MeetingState.HELD:
        rows = rows.filter(explanations__meeting=meeting)
    else:
        rows = rows.filter(state__in=UNFINISHED)
    resolutions = list(
        with_next_meeting(rows)
        .select_related("minutes__meeting__conference")
        .prefetch_related(Prefetch("parts", queryset=parts_in_order()))
        .order_by("minutes__meeting__time", "order", "pk")
    )
    verified = ProgressReport.objects.filter(part__resolution__in=resolutions, verdict=ReportVerdict.VERIFIED)
    if meeting.state == MeetingState.HELD:
        verified = verified.filter(on__lte=meeting.day)
    reports = {row.part.resolution_id: row for row in verified.select_related("part__department").order_by("on", "pk")}
    told = {row.resolution_id: row for row in meeting.explanations.select_related("by")}
    return [Unfinished(row, reports.get(row.pk), told.get(row.pk)) for row in resolutions]


def agenda(meeting: Meeting) -> QuerySet[AgendaItem]:
    """The items in order, with their topics."""
    return meeting.agenda.select_related("topic__proposer", "topic__category").order_by("order", "pk")


def topic_departments(meeting: Meeting) -> QuerySet[Department]:
    """The departments that the topics on the agenda concern: who proposed them and who was asked (`Y 2(3)`)."""
    topics = meeting.agenda.filter(topic__isnull=False).values("topic")
    return (
        Department.objects.filter(Q(proposed_topics__in=topics) | Q(opinions__topic__in=topics))
        .distinct()
        .order_by("order", "pk")
    )


@dataclass(frozen=True)
class Attendee:
    """A row of the attendance with the name and title that count: those of the day, or as written down."""

    row: Attendance
    name: str
    title: str
    tenure: Tenure | None = None  # whose name and title they are, while the row follows a post

    @property
    def present(self) -> str:
        """Who sits there, as printed: the title and name, or those of the delegate with whom is represented."""
        if self.row.status != AttendanceStatus.DELEGATE:
            return f"{self.title}{self.name}"
        return f"{self.row.delegate_title}{self.row.delegate_name}（代{self.title}{self.name}）"


def _of_the_day(rows: Iterable[Attendance], day: date) -> dict[int, Tenure]:
    posts = {row.post_id for row in rows if row.follows_post}
    if not posts:
        return {}
    held = Tenure.objects.filter(in_force(day), post__in=posts).select_related("person").order_by("-from_date", "-pk")
    return {tenure.post_id: tenure for tenure in held}


def attendees(meeting: Meeting) -> list[Attendee]:
    """Everybody invited, in protocol order, under the name and title of the day. Two queries."""
    rows = list(meeting.attendance.select_related("department", "post").order_by("order", "pk"))
    held = _of_the_day(rows, meeting.day)
    found = []
    for row in rows:
        tenure = held.get(row.post_id) if row.follows_post and row.post_id else None
        title = tenure.full_title if tenure else row.title or _unnamed(row)
        found.append(Attendee(row, tenure.person.name if tenure else row.name, title, tenure))
    return found


def _unnamed(row: Attendance) -> str:
    """What stands for somebody without a title yet: the vacant post, or the department."""
    if row.name:
        return ""
    return str(row.post or row.department or "")


@dataclass
class Group:
    """Attendees that belong together on a page."""

    label: Any
    attendees: list[Attendee] = field(default_factory=list)


NOT_MEMBERS = frozenset({AttendanceStatus.OBSERVER, AttendanceStatus.GUEST})


def attendance(meeting: Meeting) -> list[Group]:
    """The attendees by side, then who attends without vote or as a guest; empty groups are left out."""
    groups = {
        Side.GOVERNMENT: Group(Side.GOVERNMENT.label),
        Side.UNION: Group(Side.UNION.label),
        Side.NEITHER: Group(_("Others")),
        "observers": Group(_("Without vote and guests")),
    }
    for who in attendees(meeting):
        key = "observers" if who.row.status in NOT_MEMBERS else who.row.side or Side.NEITHER
        groups[key].attendees.append(who)
    return [group for group in groups.values() if group.attendees]


@dataclass
class Roll:
    """出席, 请假 and 列席, as minutes list them."""

    present: list[Attendee] = field(default_factory=list)
    leave: list[Attendee] = field(default_factory=list)
    observers: list[Attendee] = field(default_factory=list)


def roll(meeting: Meeting) -> Roll:
    """Who was there, who was on leave, who attended without vote; who has not answered is in none of them."""
    return called(attendees(meeting))


def called(people: Iterable[Attendee]) -> Roll:
    """The roll of these people."""
    found = Roll()
    for who in people:
        if who.row.status in {AttendanceStatus.ATTENDS, AttendanceStatus.DELEGATE}:
            found.present.append(who)
        elif who.row.status == AttendanceStatus.LEAVE:
            found.leave.append(who)
        elif who.row.status in NOT_MEMBERS:
            found.observers.append(who)
    return found


def next_meeting(conference: JointConference) -> Meeting | None:
    """The meeting that is prepared next, if there is one."""
    rows = Meeting.objects.filter(conference=conference).exclude(state=MeetingState.HELD)
    return rows.select_related("conference", "adoption").order_by("time", "pk").first()


def held_in(conference: JointConference, year: int) -> bool:
    """True if the conference has met in a year."""
    return Meeting.objects.filter(conference=conference, held_on__year=year).exists()


def planned_in(conference: JointConference, year: int | None = None) -> Meeting | None:
    """The next meeting of the conference if it is planned for a year (this one by default)."""
    found = next_meeting(conference)
    return found if found and found.day.year == (year or clock.today().year) else None
