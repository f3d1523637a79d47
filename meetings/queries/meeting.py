"""Queries of meetings: unfinished resolutions of earlier meetings, agenda, attendance, next meeting.

- `unfinished_before(meeting)`: the resolutions that the follow-up item must report (`Y 1(6)`, `C 4三`), each with its
  latest verified report and its explanation.
- `agenda(meeting)`: the agenda with its topics.
- `attendees(meeting)`, `attendance_groups(meeting)`, `roll(meeting)`: the attendance, with names and titles as on the
  day of the meeting, as a list, grouped by side, and grouped by presence.
- `next_meeting`, `has_met_in`, `planned_meeting_in`: for the home page and for warnings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
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
    Opinion,
    ProgressReport,
    Resolution,
    Tenure,
    Topic,
)
from meetings.queries.deadline import with_next_meeting
from meetings.queries.parts import parts_in_order
from meetings.queries.people import in_force
from meetings.queries.prefetched import is_prefetched
from meetings.types import StrOrPromise


def earlier_meetings(meeting: Meeting) -> QuerySet[Meeting]:
    """Return the held meetings of the conference before this one, latest first."""
    rows = Meeting.objects.filter(conference=meeting.conference_id, state=MeetingState.HELD, time__lt=meeting.time)
    return rows.order_by("-time")


@dataclass(frozen=True)
class Unfinished:
    """An unfinished resolution before a meeting, with its latest verified report and its explanation."""

    resolution: Resolution
    report: ProgressReport | None
    explanation: Explanation | None

    @property
    def explained(self) -> bool:
        """Whether the meeting has both the explanation and an opinion."""
        row = self.explanation
        return row is not None and bool(row.text.strip()) and bool(row.opinion.strip())


def _unfinished_rows(meeting: Meeting) -> QuerySet[Resolution]:
    rows = Resolution.objects.filter(
        minutes__meeting__conference=meeting.conference_id, minutes__meeting__time__lt=meeting.time
    )
    if meeting.state == MeetingState.HELD:
        return rows.filter(explanations__meeting=meeting)
    return rows.filter(state__in=UNFINISHED)


def unfinished_before(meeting: Meeting) -> list[Unfinished]:
    """Return the unfinished resolutions of earlier meetings, overdue or not (`Y 1(6)`, `C 4三`). Four queries.

    For a held meeting: the resolutions that have an explanation for it, whatever their present state.
    """
    resolutions = list(
        with_next_meeting(_unfinished_rows(meeting))
        .select_related("minutes__meeting__conference")
        .defer("minutes__body", "minutes__drafted", "minutes__frozen")
        .prefetch_related(Prefetch("parts", queryset=parts_in_order()))
        .order_by("minutes__meeting__time", "order", "pk")
    )
    verified = ProgressReport.objects.filter(part__resolution__in=resolutions, verdict=ReportVerdict.VERIFIED)
    if meeting.state == MeetingState.HELD:
        verified = verified.filter(on__lte=meeting.day)
    reports = {row.part.resolution_id: row for row in verified.select_related("part__department").order_by("on", "pk")}
    explanations = {row.resolution_id: row for row in meeting.explanations.select_related("by")}
    return [Unfinished(row, reports.get(row.pk), explanations.get(row.pk)) for row in resolutions]


def with_resolutions(rows: QuerySet[Explanation]) -> QuerySet[Explanation]:
    """Return explanations with who wrote them and the resolutions, in the order of these."""
    large = [f"resolution__minutes__{name}" for name in ("body", "drafted", "frozen")]
    found = rows.select_related("by", "resolution__minutes__meeting").defer(*large)
    return found.order_by("resolution__minutes__meeting__time", "resolution__order", "resolution")


def heard(meeting: Meeting) -> list[Unfinished]:
    """Return what a meeting heard of unfinished resolutions, without their reports; before it is held, what it will.

    For a held meeting one query, or none if its explanations were prefetched `with_resolutions`.
    """
    if meeting.state != MeetingState.HELD:
        return unfinished_before(meeting)
    known = is_prefetched(meeting, "explanations")
    rows = meeting.explanations.all() if known else with_resolutions(meeting.explanations.all())
    return [Unfinished(row.resolution, None, row) for row in rows]


def unexplained_titles(meeting: Meeting) -> list[str]:
    """Return the titles of the unfinished resolutions without explanation or opinion for the meeting. One query."""
    written = Explanation.objects.filter(
        text__regex=r"\S", opinion__regex=r"\S", meeting=meeting, resolution=OuterRef("pk")
    )
    rows = _unfinished_rows(meeting).filter(~Exists(written))
    return list(rows.order_by("minutes__meeting__time", "order", "pk").values_list("title", flat=True))


def agenda(meeting: Meeting) -> QuerySet[AgendaItem]:
    """Return the agenda items in order, with their topics; no query if they were prefetched `with_topics`."""
    return meeting.agenda.all() if is_prefetched(meeting, "agenda") else with_topics(meeting.agenda.all())


def with_topics(rows: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """Return the agenda items in order, with their topics."""
    return rows.select_related("topic__proposer", "topic__category").order_by("order", "pk")


def attendance_of(meeting: Meeting) -> QuerySet[Attendance]:
    """Return everybody invited, in protocol order; no query if they were prefetched `with_posts`."""
    return meeting.attendance.all() if is_prefetched(meeting, "attendance") else with_posts(meeting.attendance.all())


def with_posts(rows: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """Return the rows of the attendance in protocol order, with department and post."""
    return rows.select_related("department", "post").order_by("order", "pk")


def topic_departments(meeting: Meeting) -> QuerySet[Department]:
    """Return the departments that proposed, or were asked for an opinion on, the topics of the agenda (`Y 2(3)`)."""
    topics = meeting.agenda.filter(topic__isnull=False).values("topic")
    # Subqueries, not joins: departments have many topics and opinions, the agenda has few.
    proposers = Topic.objects.filter(pk__in=topics).values("proposer")
    asked = Opinion.objects.filter(topic__in=topics).values("department")
    return Department.objects.filter(Q(pk__in=proposers) | Q(pk__in=asked)).order_by("order", "pk")


@dataclass(frozen=True)
class Attendee:
    """A row of the attendance with the effective name and title: of the post's holder on the day, or as recorded."""

    row: Attendance
    name: str
    title: str
    tenure: Tenure | None = None  # the source of name and title while the row follows a post

    @property
    def printed_name(self) -> str:
        """Title and name as printed; for a delegate, those of the delegate and of the represented person."""
        if self.row.status != AttendanceStatus.DELEGATE:
            return f"{self.title}{self.name}"
        return f"{self.row.delegate_title}{self.row.delegate_name}（代{self.title}{self.name}）"


def _tenures_of_the_day(rows: Iterable[Attendance], day: date) -> dict[int, Tenure]:
    posts = {row.post_id for row in rows if row.follows_post}
    if not posts:
        return {}
    held = Tenure.objects.filter(in_force(day), post__in=posts).select_related("person").order_by("-from_date", "-pk")
    return {tenure.post_id: tenure for tenure in held}


def attendees(meeting: Meeting) -> list[Attendee]:
    """Return everybody invited, in protocol order, with name and title as on the day.

    Two queries, or one if the attendance was prefetched `with_posts`.
    """
    rows = list(attendance_of(meeting))
    held = _tenures_of_the_day(rows, meeting.day)
    found = []
    for row in rows:
        tenure = held.get(row.post_id) if row.follows_post and row.post_id else None
        title = tenure.full_title if tenure else row.title or _unnamed(row)
        found.append(Attendee(row, tenure.person.name if tenure else row.name, title, tenure))
    return found


def _unnamed(row: Attendance) -> str:
    """Return the text shown for a row without name and title: the vacant post, or the department."""
    if row.name:
        return ""
    return str(row.post or row.department or "")


@dataclass
class AttendeeGroup:
    """A group of attendees with a heading."""

    label: StrOrPromise
    attendees: list[Attendee] = field(default_factory=list)


NOT_MEMBERS = frozenset({AttendanceStatus.OBSERVER, AttendanceStatus.GUEST})


def attendance_groups(meeting: Meeting, everyone: list[Attendee] | None = None) -> list[AttendeeGroup]:
    """Return the attendees grouped by side, then observers and guests; without empty groups.

    `everyone` are the attendees if they were read already.
    """
    groups = {
        Side.GOVERNMENT: AttendeeGroup(Side.GOVERNMENT.label),
        Side.UNION: AttendeeGroup(Side.UNION.label),
        Side.NEITHER: AttendeeGroup(_("Others")),
        "observers": AttendeeGroup(_("Without vote and guests")),
    }
    for attendee in attendees(meeting) if everyone is None else everyone:
        key = "observers" if attendee.row.status in NOT_MEMBERS else attendee.row.side or Side.NEITHER
        groups[key].attendees.append(attendee)
    return [group for group in groups.values() if group.attendees]


@dataclass
class Roll:
    """The attendance as minutes list it: 出席 (present), 请假 (on leave), 列席 (observers and guests)."""

    present: list[Attendee] = field(default_factory=list)
    leave: list[Attendee] = field(default_factory=list)
    observers: list[Attendee] = field(default_factory=list)


def roll(meeting: Meeting) -> Roll:
    """Return the roll of a meeting. Invited people who have not replied are in none of its lists."""
    return roll_of(attendees(meeting))


def roll_of(people: Iterable[Attendee]) -> Roll:
    """Return the roll of these attendees."""
    found = Roll()
    for attendee in people:
        if attendee.row.status in {AttendanceStatus.ATTENDS, AttendanceStatus.DELEGATE}:
            found.present.append(attendee)
        elif attendee.row.status == AttendanceStatus.LEAVE:
            found.leave.append(attendee)
        elif attendee.row.status in NOT_MEMBERS:
            found.observers.append(attendee)
    return found


def next_meeting(conference: JointConference) -> Meeting | None:
    """Return the earliest meeting that has not been held, if any."""
    rows = Meeting.objects.filter(conference=conference).exclude(state=MeetingState.HELD)
    return rows.select_related("conference", "adoption").order_by("time", "pk").first()


def has_met_in(conference: JointConference, year: int) -> bool:
    """Return whether the conference held a meeting in a year."""
    return Meeting.objects.filter(conference=conference, held_on__year=year).exists()


def planned_meeting_in(conference: JointConference, year: int | None = None) -> Meeting | None:
    """Return the next meeting of the conference if it is planned for the given (by default the current) year."""
    found = next_meeting(conference)
    return found if found and found.day.year == (year or clock.today().year) else None
