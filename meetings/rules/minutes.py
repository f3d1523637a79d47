"""What minutes must have before each step (`Y 2(5)`, `C 5(4)`)."""

from datetime import date

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from meetings.enums import AttendanceStatus, Disclosure, Numbering
from meetings.models import Minutes, Resolution
from meetings.queries.meeting import attendance_of
from meetings.refusal import Missing
from meetings.rules.carry_over import carry_over_gaps
from meetings.rules.resolution import draft_gaps
from meetings.rules.seal import seal_broken


def has_text(minutes: Minutes) -> list[Missing]:
    """Require a title and a text."""
    if minutes.title.strip() and strip_tags(minutes.body).strip():
        return []
    return [Missing(_("The text is empty. Write the minutes."), code="minutes_empty", clause="minutes")]


def has_disclosure(minutes: Minutes) -> list[Missing]:
    """Require a reason if the minutes are not disclosed (中办发〔2012〕14号, 公开属性)."""
    if minutes.disclosure != Disclosure.CLOSED or minutes.disclosure_reason.strip():
        return []
    return [
        Missing(
            _("Minutes that are not disclosed need a reason. Enter it."),
            code="minutes_closed_without_reason",
            clause="minutes",
        )
    ]


def attendance_final(minutes: Minutes) -> list[Missing]:
    """Require that the attendance of everybody invited is recorded (`Y 2(3)`)."""
    if not minutes.adoption.judged:
        return []
    rows = [row for row in attendance_of(minutes.meeting) if row.status == AttendanceStatus.INVITED]
    names = "、".join(row.name or str(row.department or row.post or "") for row in rows)
    if not names:
        return []
    reason = _("Attendance not recorded: %(names)s. Record who came, was on leave or sent a delegate.")
    return [Missing(reason % {"names": names}, code="attendance_not_recorded", clause="attendance")]


def resolutions_complete(minutes: Minutes) -> list[Missing]:
    """Require text, lead, disclosure and a valid deadline; a resolution may continue only an unfinished one."""
    rows = minutes.resolutions.select_related("continues__minutes__meeting").prefetch_related("parts")
    return [
        gap
        for row in rows.order_by("order", "pk")
        for gap in (*draft_gaps(row), *_deadline_gaps(row, minutes.meeting.day), *carry_over_gaps(row))
    ]


def _deadline_gaps(row: Resolution, day: date) -> list[Missing]:
    if row.deadline is None or row.deadline >= day:
        return []
    reason = _("The deadline of “%(title)s” lies before the meeting. Correct it.")
    return [Missing(reason % {"title": row.title}, code="deadline_before_meeting", clause="follow_up")]


def seal_fits(minutes: Minutes) -> list[Missing]:
    """Require that the content is the one that was approved, including the bytes of files."""
    if minutes.hash and not seal_broken(minutes):
        return []
    reason = _("The content no longer fits what was approved. Return the minutes to the draft and have them approved.")
    return [Missing(reason, code="seal_broken", clause="minutes")]


def uses_registry_number(minutes: Minutes) -> bool:
    """Return whether the number is entered from a shared registry, not allocated from the conference's own series."""
    return minutes.adoption.minutes_numbering == Numbering.REGISTRY
