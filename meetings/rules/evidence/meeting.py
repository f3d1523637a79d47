"""Evidence on the preparation and course of a meeting (`Y 1`, `Y 2(3)(4)`, `C 4`, `C 5(2)(3)(4)`)."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from meetings.enums import AgendaKind, ApprovalStep, AttendanceStatus, MeetingKind, MeetingState, Side
from meetings.models import Meeting
from meetings.queries.approval import signed_approvals
from meetings.queries.meeting import agenda, attendees, earlier_meetings, heard, roll_of
from meetings.rules.evidence.base import Found, Proof, signatures
from meetings.rules.meeting import was_consulted


def _held(meeting: Meeting) -> bool:
    return meeting.state == MeetingState.HELD


def _not_held_message() -> str:
    return _("The meeting was not held yet.")


def briefing(meeting: Meeting) -> Found:
    """Find the briefings of both sides on their work (`Y 1(1)(2)`, `C 4一`)."""
    items = [item for item in agenda(meeting) if item.kind == AgendaKind.BRIEFING]
    proofs = [Proof(f"{item.speaker}：{item.title}" if item.speaker else item.title, meeting.day) for item in items]
    sides = {item.side for item in items}
    missing = [side.label for side in (Side.GOVERNMENT, Side.UNION) if side not in sides]
    gaps = [_("%(side)s: no briefing on the agenda.") % {"side": side} for side in missing]
    return Found(proofs, gaps if _held(meeting) else [], "" if _held(meeting) else _not_held_message())


def follow_up_explained(meeting: Meeting) -> Found:
    """Find the follow-up item and the explanations of unfinished resolutions (`Y 1(6)`, `C 4三`)."""
    if not earlier_meetings(meeting).exists():
        return Found(message=_("The first meeting under this system: nothing is to be told."))
    items = [item for item in agenda(meeting) if item.kind == AgendaKind.FOLLOW_UP]
    proofs = [Proof(item.title, meeting.day) for item in items]
    gaps = [] if proofs else [_("The agenda has no item on the follow-up of earlier resolutions.")]
    for row in heard(meeting):
        if row.explained and row.explanation is not None:
            by = _("%(title)s: explained by %(name)s") % {"title": row.resolution, "name": row.explanation.by}
            proofs.append(Proof(by, row.explanation.on, row.resolution))
        else:
            gaps.append(_("%(title)s: no explanation and opinion.") % {"title": row.resolution})
    return Found(proofs, gaps)


def special(meeting: Meeting) -> Found | None:
    """Find the consultation before a special meeting (`Y 2`, `C 5(2)`); None for a regular one."""
    if meeting.kind != MeetingKind.SPECIAL:
        return None
    given = signed_approvals(meeting, ApprovalStep.CONSULT)
    return Found(signatures(given, meeting), [str(gap) for gap in was_consulted(meeting)])


def attendance(meeting: Meeting) -> Found:
    """Count who came, was on leave, or attended without vote (`Y 2(3)`, `C 5(3)`)."""
    everybody = attendees(meeting)
    called = roll_of(everybody)
    counts = {
        "present": len(called.present), "leave": len(called.leave), "observers": len(called.observers),
    }  # fmt: skip
    not_recorded = [
        attendee.title or attendee.name for attendee in everybody if attendee.row.status == AttendanceStatus.INVITED
    ]
    if not everybody:
        return Found(gaps=[_("Nobody is invited yet.")])
    summary = _("%(present)s attended, %(leave)s on leave, %(observers)s without vote or as guests") % counts
    if not _held(meeting):
        return Found([Proof(_("%(count)s invited") % {"count": len(everybody)}, None, meeting)])
    gaps = [_("Attendance not recorded: %(names)s.") % {"names": "、".join(not_recorded)}] if not_recorded else []
    return Found([Proof(summary, meeting.day, meeting)], gaps)


def chair(meeting: Meeting) -> Found:
    """Find the chair, with the chair that the regulation names in general (`Y 2(3)`, `C 5(4)`)."""
    if meeting.chair is None:
        return Found(gaps=[_("Nobody is named as the chair.")])
    name = f"{meeting.chair.full_title}{meeting.chair.person.name}"
    usual = _("by the regulation in general: %(who)s") % {"who": meeting.adoption.chair}
    return Found([Proof(f"{name}（{usual}）", meeting.day)])


def settle(meeting: Meeting) -> Found:
    """Find who agreed to time, place, agenda and attendance (`Y 2(4)`, `C 5(2)`)."""
    given = signed_approvals(meeting, ApprovalStep.SETTLE)
    return Found(
        signatures(given, meeting) if meeting.state != MeetingState.PLANNED else [], message=_("Not settled yet.")
    )


def notify(meeting: Meeting) -> Found:
    """Find the notice with its number and office (`Y 2(4)`, `C 5(2)`)."""
    if meeting.notified_on is None:
        return Found(message=_("Not issued yet."))
    number = f"{meeting.notice_number}，" if meeting.notice_number else ""
    return Found([Proof(f"{number}{meeting.adoption.get_notice_by_display()}", meeting.notified_on, meeting)])


def order_of_agenda(meeting: Meeting) -> Found:
    """Find the agenda in its order (`Y 2(4)`, `C 5(4)`)."""
    titles = [f"{number}. {item.title}" for number, item in enumerate(agenda(meeting), 1)]
    return (
        Found([Proof("；".join(titles), meeting.held_on, meeting)])
        if titles
        else Found(gaps=[_("The agenda is empty.")])
    )


MEETING: dict[str, Callable[[Meeting], Found | None]] = {
    "briefing": briefing,
    "follow_up_explained": follow_up_explained,
    "special": special,
    "attendance": attendance,
    "chair": chair,
    "meeting.settle": settle,
    "meeting.notify": notify,
    "agenda": order_of_agenda,
}
