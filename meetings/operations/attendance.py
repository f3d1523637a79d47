"""The verbs of the attendance (`Y 2(3)`, `C 5(3)`): who is invited, how they reply, who came.

Who is invited is part of the settlement; replies (请假, 派员代会) are not: they are taken until the meeting is held.
Afterwards the clerks record who really came, those whom nobody had invited too, until the minutes are issued; what is
found wrong later is put right with a correction of the minutes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Q
from django.utils.translation import gettext as _

from meetings.enums import LEADERS, AttendanceStatus, MeetingState, Role
from meetings.models import Attendance, Department, Meeting, Person, Post, Tenure
from meetings.operations.base import announce, locked, refresh, required_text
from meetings.operations.preparation import Arrangement, arranging, demand_clerk
from meetings.operations.seal import touch
from meetings.queries.conference import rules_of
from meetings.queries.meeting import NOT_MEMBERS, attendees, topic_departments
from meetings.queries.minutes import at_work, closed
from meetings.queries.people import side_of, tenures
from meetings.refusal import Refused
from meetings.rules.meeting import invitation
from meetings.rules.seats import either_clerk, seat_of, speaks_for
from meetings.write_lock import writing

DEPARTMENTS_FROM, GUESTS_FROM = 500, 1000  # protocol order: posts, then departments, then guests


def draw_attendance(meeting: Meeting, *, by: Person, version: int | None = None) -> list[Attendance]:
    """Invite who the regulation names: posts that attend, and the departments of the topics; keeps what is there."""
    with arranging(meeting, "draw_attendance", by=by, version=version) as change:
        new = draw(change.meeting)
        change.data["count"] = len(new)
    return new


def draw(meeting: Meeting) -> list[Attendance]:
    """Add the rows that the regulation asks for and that are missing; a person in two posts is invited once."""
    there = attendees(meeting)
    people = {who.tenure.person_id for who in there if who.tenure} | {who.row.person_id for who in there}
    posts, rooms = {who.row.post_id for who in there}, {who.row.department_id for who in there}
    wanted, new = rules_of(meeting).attends, []
    in_office = tenures(meeting.conference, on=meeting.day)
    for tenure in in_office.filter(post__attends=True) if "posts" in wanted else ():
        if tenure.post_id not in posts and tenure.person_id not in people:
            new.append(_row(meeting, tenure=tenure, order=tenure.post.order))
            people.add(tenure.person_id)
            rooms.add(tenure.post.department_id)
    for department in topic_departments(meeting) if "topic_departments" in wanted else ():
        if department.pk not in rooms:
            head = in_office.filter(post__department=department, post__role__in=LEADERS | {Role.NONE}).first()
            new.append(_row(meeting, tenure=head, department=department, order=DEPARTMENTS_FROM + department.order))
    return Attendance.objects.bulk_create(new)


def _row(
    meeting: Meeting, *, order: int, tenure: Tenure | None = None, department: Department | None = None
) -> Attendance:
    """A row that follows a post, or stands for a department whose head is not known here."""
    post = tenure.post if tenure else None
    department = department or (post.department if post else None)
    side = post.side if post and post.side else side_of(department, meeting.conference) if department else ""
    return Attendance(meeting=meeting, post=post, department=department, side=side, order=order)


@contextmanager
def _recording(
    meeting: Meeting, *, by: Person, version: int | None = None, action: str = "set_attendance"
) -> Iterator[Arrangement]:
    """Write a reply, or who came: the settlement stands; minutes under approval do not."""
    with writing():
        row = locked(meeting, version)
        change = Arrangement(row)
        yield change
        row.version += 1
        row.save()
        announce(row, action, by=by, data=change.data)
        if closed(row):
            raise Refused(
                _("The minutes are issued. To put the attendance right, start a correction of them first."),
                code="attendance_closed",
            )
        if (minutes := at_work(row)) is not None:
            touch(minutes, by=by, reason=_("The attendance changed"))
    refresh(meeting, row)


def add_guest(
    meeting: Meeting,
    *,
    by: Person,
    name: str,
    title: str = "",
    status: str = AttendanceStatus.GUEST,
    version: int | None = None,
) -> Attendance:
    """Invite a guest or somebody without vote (`C 5(3)`)."""
    name = required_text(name, _("Give the name of the guest."), code="guest_name_missing")
    if status not in NOT_MEMBERS:
        raise Refused(_("Guests are invited as guests or without vote."), code="guest_status_wrong")
    with arranging(meeting, "add_guest", by=by, version=version) as change:
        order = GUESTS_FROM + change.meeting.attendance.count()
        change.data["name"] = name
        return Attendance.objects.create(
            meeting=change.meeting, name=name, title=title.strip(), status=status, order=order
        )


def record_attendee(
    meeting: Meeting,
    *,
    by: Person,
    reason: str,
    post: Post | None = None,
    name: str = "",
    title: str = "",
    status: str = AttendanceStatus.ATTENDS,
    version: int | None = None,
) -> Attendance:
    """Record somebody who came to a held meeting without having been invited: who holds a post, or a guest.

    The settlement stands; the reason stays in the log. `Refused` once the minutes are issued.
    """
    reason = required_text(reason, _("Say how it came that they attended."), code="attendance_reason_missing")
    with _recording(meeting, by=by, version=version, action="record_attendee") as change:
        held = change.meeting
        demand_clerk(by, held)
        if held.state != MeetingState.HELD:
            raise Refused(
                _("The meeting was not held yet. Invite them in its preparation."), code="attendance_before_meeting"
            )
        row = _came(held, post, status) if post else _came_by_name(held, name, title, status)
        row.save()
        change.data |= {"name": str(row), "status": str(AttendanceStatus(status).label), "reason": reason}
    return row


def _came(meeting: Meeting, post: Post, status: str) -> Attendance:
    """A row for whoever held the post on the day, under the name and title of then."""
    tenure = tenures(meeting.conference, on=meeting.day).filter(post=post).first()
    if tenure is None:
        raise Refused(_("Nobody of this conference held that post on the day of the meeting."), code="post_vacant")
    if meeting.attendance.filter(Q(post=post) | Q(person=tenure.person_id)).exists():
        raise Refused(
            _("%(name)s stands in the attendance already. Record there how they attended.") % {"name": tenure},
            code="already_in_attendance",
        )
    if status not in {AttendanceStatus.ATTENDS, *NOT_MEMBERS}:
        raise Refused(_("Choose how they attended."), code="attended_how_missing")
    row = _row(meeting, tenure=tenure, order=post.order)
    row.person, row.name, row.title, row.status = tenure.person, tenure.person.name, tenure.full_title, status
    return row


def _came_by_name(meeting: Meeting, name: str, title: str, status: str) -> Attendance:
    name = required_text(name, _("Choose a post, or give the name of the guest."), code="attendee_missing")
    if status not in NOT_MEMBERS:
        raise Refused(_("Whoever has no post here attends as a guest or without vote."), code="attendee_without_post")
    order = GUESTS_FROM + meeting.attendance.count()
    return Attendance(meeting=meeting, name=name, title=title.strip(), status=status, order=order)


def set_attendance(
    row: Attendance,
    *,
    by: Person,
    status: str,
    delegate_name: str = "",
    delegate_title: str = "",
    name: str | None = None,
    title: str | None = None,
    version: int | None = None,
) -> Attendance:
    """Record a reply or who came. Clerks for all; a department's liaison for the own department, once notified.

    A name that is written down for a post stays as it is; an empty one follows the post again. None leaves a value.
    """
    with writing():
        meeting = locked(row.meeting)
        now = _present(meeting, row)
        before, given = invitation(now), (now.name, now.title)
        now.name = now.name if name is None else name.strip()
        now.title = now.title if title is None else title.strip()
        if now.follows_post:
            now.title = ""
        _answer(now, status, delegate_name.strip(), delegate_title.strip())
        renamed = now.post_id is not None and (now.name, now.title) != given
        invites = invitation(now) != before
        _demand_right(by, meeting, now, beyond_reply=renamed or invites)
        arranged = invites and meeting.state != MeetingState.HELD
        context = (
            arranging(row.meeting, "set_attendance", by=by, version=version)
            if arranged
            else _recording(row.meeting, by=by, version=version)
        )
        with context as change:
            now.save()
            change.data |= {"name": str(now.department or now), "status": str(AttendanceStatus(status).label)}
    return now


def _present(meeting: Meeting, row: Attendance) -> Attendance:
    """The row as it is now, in this meeting."""
    found = meeting.attendance.select_related("department", "post").filter(pk=row.pk).first()
    if found is None:
        raise Refused(
            _("This entry does not exist any more. Look at the present attendance."), code="attendance_entry_gone"
        )
    return found


def _answer(row: Attendance, status: str, delegate_name: str, delegate_title: str) -> None:
    """Write the reply into the row; only who sends a delegate names one."""
    if status not in AttendanceStatus.values:
        raise Refused(_("Choose how they attend."), code="attendance_status_missing")
    if status == AttendanceStatus.DELEGATE and not delegate_name:
        raise Refused(_("Name the delegate, with the title."), code="delegate_missing")
    sends = status == AttendanceStatus.DELEGATE
    row.status = status
    row.delegate_name, row.delegate_title = (delegate_name, delegate_title) if sends else ("", "")
    if not (row.name or row.post_id or row.department_id):
        raise Refused(_("Give the name of the guest."), code="guest_name_missing")


def _demand_right(by: Person, meeting: Meeting, row: Attendance, *, beyond_reply: bool) -> None:
    if seat_of(by, meeting, either_clerk(meeting)) is not None:
        return
    own = row.department_id is not None and any(
        tenure.post.role == Role.LIAISON and speaks_for(tenure, row.department_id) for tenure in by.held()
    )
    if not own or beyond_reply:
        raise Refused(
            _("The attendance is kept by the clerks; a liaison replies for the own department."),
            code="not_your_attendance",
        )
    if meeting.state != MeetingState.NOTIFIED:
        raise Refused(_("Departments reply from the notice on until the meeting is held."), code="replies_closed")


def remove_attendance(row: Attendance, *, by: Person, version: int | None = None) -> None:
    """Take somebody off the list of those invited."""
    with arranging(row.meeting, "remove_attendance", by=by, version=version) as change:
        now = _present(change.meeting, row)
        change.data["name"] = str(now.department or now.post or now)
        now.delete()


def freeze_attendance(meeting: Meeting) -> None:
    """Copy the names and titles of the day; who was to follow a post that is vacant that day was not invited."""
    for who in attendees(meeting):
        row = who.row
        if not row.follows_post:
            continue
        if who.tenure is not None:
            row.person, row.name, row.title = who.tenure.person, who.name, who.title
            row.save(update_fields=["person", "name", "title"])
        elif row.status != AttendanceStatus.DELEGATE:
            row.delete()
