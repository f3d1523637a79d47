"""Operations on the attendance of a meeting (`Y 2(3)`, `C 5(3)`): invitations, replies, and who came.

Invitations are part of the settlement. Replies (请假, 派员代会) are not; they are accepted until the meeting is held.
After the meeting the clerks record who came, including people who were not invited, until the minutes are issued.
Later errors are corrected by a correction of the minutes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Q
from django.utils.translation import gettext as _

from meetings.enums import LEADERS, AttendanceStatus, MeetingState, Role
from meetings.models import Attendance, Department, Meeting, Person, Post, Tenure
from meetings.operations.base import announce, locked, refresh, required_text
from meetings.operations.preparation import PreparationChange, preparation_change, require_clerk
from meetings.operations.seal import minutes_content_changed
from meetings.queries.meeting import NOT_MEMBERS, attendees, topic_departments
from meetings.queries.minutes import attendance_is_closed, unissued_minutes_of
from meetings.queries.people import side_of, tenures
from meetings.refusal import Refused
from meetings.rules.meeting import invitation_key
from meetings.rules.seats import is_clerk, is_liaison_of
from meetings.write_lock import write_transaction

DEPARTMENTS_FROM, GUESTS_FROM = 500, 1000  # first `order` of each group: posts, then departments, then guests


def draw_attendance(meeting: Meeting, *, by: Person, version: int | None = None) -> list[Attendance]:
    """Invite the attending posts and the departments of the topics, as the regulation says; existing rows stay.

    Return the new rows.
    """
    with preparation_change(meeting, "draw_attendance", by=by, version=version) as change:
        new = add_missing_attendance(change.meeting)
        change.data["count"] = len(new)
    return new


def add_missing_attendance(meeting: Meeting) -> list[Attendance]:
    """Create the rows that the regulation requires and that are missing; a person in two posts is invited once."""
    existing = attendees(meeting)
    people = {who.tenure.person_id for who in existing if who.tenure} | {who.row.person_id for who in existing}
    posts, departments = {who.row.post_id for who in existing}, {who.row.department_id for who in existing}
    wanted, new = meeting.adoption.attends, []
    in_office = tenures(meeting.conference, on=meeting.day)
    for tenure in in_office.filter(post__attends=True) if "posts" in wanted else ():
        if tenure.post_id not in posts and tenure.person_id not in people:
            new.append(_row(meeting, tenure=tenure, order=tenure.post.order))
            people.add(tenure.person_id)
            departments.add(tenure.post.department_id)
    for department in topic_departments(meeting) if "topic_departments" in wanted else ():
        if department.pk not in departments:
            head = in_office.filter(post__department=department, post__role__in=LEADERS | {Role.NONE}).first()
            new.append(_row(meeting, tenure=head, department=department, order=DEPARTMENTS_FROM + department.order))
    return Attendance.objects.bulk_create(new)


def _row(
    meeting: Meeting, *, order: int, tenure: Tenure | None = None, department: Department | None = None
) -> Attendance:
    """Build an unsaved row for a post, or for a department of which no head is recorded."""
    post = tenure.post if tenure else None
    department = department or (post.department if post else None)
    side = post.side if post and post.side else side_of(department, meeting.conference) if department else ""
    return Attendance(meeting=meeting, post=post, department=department, side=side, order=order)


@contextmanager
def _recording(
    meeting: Meeting, *, by: Person, version: int | None = None, action: str = "set_attendance"
) -> Iterator[PreparationChange]:
    """Save a reply or an actual attendance.

    The settlement stays valid, but approvals of the minutes do not. `Refused` once the minutes are issued.
    """
    with write_transaction():
        row = locked(meeting, version)
        change = PreparationChange(row)
        yield change
        row.version += 1
        row.save()
        announce(row, action, by=by, data=change.data)
        if attendance_is_closed(row):
            raise Refused(
                _("The minutes are issued. To put the attendance right, start a correction of them first."),
                code="attendance_closed",
            )
        if (minutes := unissued_minutes_of(row)) is not None:
            minutes_content_changed(minutes, by=by, reason=_("The attendance changed"))
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
    """Invite a guest or an attendee without vote (`C 5(3)`)."""
    name = required_text(name, _("Give the name of the guest."), code="guest_name_missing")
    if status not in NOT_MEMBERS:
        raise Refused(_("Guests are invited as guests or without vote."), code="guest_status_wrong")
    with preparation_change(meeting, "add_guest", by=by, version=version) as change:
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
    """Record somebody who came to a held meeting uninvited: the holder of a post, or a guest.

    The settlement stays valid; the reason is written to the log. `Refused` once the minutes are issued.
    """
    reason = required_text(reason, _("Say how it came that they attended."), code="attendance_reason_missing")
    with _recording(meeting, by=by, version=version, action="record_attendee") as change:
        held = change.meeting
        require_clerk(by, held)
        if held.state != MeetingState.HELD:
            raise Refused(
                _("The meeting was not held yet. Invite them in its preparation."), code="attendance_before_meeting"
            )
        row = _attendee_by_post(held, post, status) if post else _attendee_by_name(held, name, title, status)
        row.save()
        change.data |= {"name": str(row), "status": str(AttendanceStatus(status).label), "reason": reason}
    return row


def _attendee_by_post(meeting: Meeting, post: Post, status: str) -> Attendance:
    """Build a row for the holder of the post on the day, with the name and title of that day."""
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


def _attendee_by_name(meeting: Meeting, name: str, title: str, status: str) -> Attendance:
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
    """Record a reply or an actual attendance.

    Clerks may do it for everybody, a liaison for their own department once the notice is issued. A name stored with a
    post stays; an empty name makes the row follow the holder of the post again. None leaves name or title unchanged.
    """
    with write_transaction():
        meeting = locked(row.meeting)
        current = _current_row(meeting, row)
        before, stored_name = invitation_key(current), (current.name, current.title)
        current.name = current.name if name is None else name.strip()
        current.title = current.title if title is None else title.strip()
        if current.follows_post:
            current.title = ""
        _apply_reply(current, status, delegate_name.strip(), delegate_title.strip())
        renamed = current.post_id is not None and (current.name, current.title) != stored_name
        invites = invitation_key(current) != before
        _require_permission(by, meeting, current, beyond_reply=renamed or invites)
        invitation_changed = invites and meeting.state != MeetingState.HELD
        context = (
            preparation_change(row.meeting, "set_attendance", by=by, version=version)
            if invitation_changed
            else _recording(row.meeting, by=by, version=version)
        )
        with context as change:
            current.save()
            change.data |= {"name": str(current.department or current), "status": str(AttendanceStatus(status).label)}
    return current


def _current_row(meeting: Meeting, row: Attendance) -> Attendance:
    """Return the row as stored now; `Refused` if it is no longer part of this meeting."""
    found = meeting.attendance.select_related("department", "post").filter(pk=row.pk).first()
    if found is None:
        raise Refused(
            _("This entry does not exist any more. Look at the present attendance."), code="attendance_entry_gone"
        )
    return found


def _apply_reply(row: Attendance, status: str, delegate_name: str, delegate_title: str) -> None:
    """Set the reply on the row; a delegate is stored only with the status “delegate”."""
    if status not in AttendanceStatus.values:
        raise Refused(_("Choose how they attend."), code="attendance_status_missing")
    if status == AttendanceStatus.DELEGATE and not delegate_name:
        raise Refused(_("Name the delegate, with the title."), code="delegate_missing")
    sends = status == AttendanceStatus.DELEGATE
    row.status = status
    row.delegate_name, row.delegate_title = (delegate_name, delegate_title) if sends else ("", "")
    if not (row.name or row.post_id or row.department_id):
        raise Refused(_("Give the name of the guest."), code="guest_name_missing")


def _require_permission(by: Person, meeting: Meeting, row: Attendance, *, beyond_reply: bool) -> None:
    if is_clerk(by, meeting):
        return
    own = row.department_id is not None and is_liaison_of(by, meeting.conference_id, row.department_id)
    if not own or beyond_reply:
        raise Refused(
            _("The attendance is kept by the clerks; a liaison replies for the own department."),
            code="not_your_attendance",
        )
    if meeting.state != MeetingState.NOTIFIED:
        raise Refused(_("Departments reply from the notice on until the meeting is held."), code="replies_closed")


def remove_attendance(row: Attendance, *, by: Person, version: int | None = None) -> None:
    """Remove an invitation."""
    with preparation_change(row.meeting, "remove_attendance", by=by, version=version) as change:
        current = _current_row(change.meeting, row)
        change.data["name"] = str(current.department or current.post or current)
        current.delete()


def freeze_attendance(meeting: Meeting) -> None:
    """Store the names and titles of the day.

    A row that follows a post which is vacant on that day is deleted, unless a delegate was sent: nobody was invited.
    """
    for who in attendees(meeting):
        row = who.row
        if not row.follows_post:
            continue
        if who.tenure is not None:
            row.person, row.name, row.title = who.tenure.person, who.name, who.title
            row.save(update_fields=["person", "name", "title"])
        elif row.status != AttendanceStatus.DELEGATE:
            row.delete()
