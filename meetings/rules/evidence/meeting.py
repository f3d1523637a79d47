"""What the records hold of a meeting's preparation and course (`Y 1`, `Y 2(3)(4)`, `C 4`, `C 5(2)(3)(4)`)."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from meetings.enums import AgendaKind, ApprovalStep, AttendanceStatus, MeetingKind, MeetingState, Side
from meetings.models import Meeting
from meetings.queries.approval import shown
from meetings.queries.meeting import agenda, attendees, earlier, roll, unfinished_before
from meetings.rules.evidence.base import Found, Proof, signatures
from meetings.rules.meeting import was_consulted


def _held(meeting: Meeting) -> bool:
    return meeting.state == MeetingState.HELD


def _ahead() -> str:
    return _("The meeting was not held yet.")


def briefing(meeting: Meeting) -> Found:
    """Both sides report on their work (`Y 1(1)(2)`, `C 4一`)."""
    items = [item for item in agenda(meeting) if item.kind == AgendaKind.BRIEFING]
    proofs = [Proof(f"{item.speaker}：{item.title}" if item.speaker else item.title, meeting.day) for item in items]
    told = {item.side for item in items}
    missing = [side.label for side in (Side.GOVERNMENT, Side.UNION) if side not in told]
    gaps = [_("%(side)s: no briefing on the agenda.") % {"side": side} for side in missing]
    return Found(proofs, gaps if _held(meeting) else [], "" if _held(meeting) else _ahead())


def follow_up_explained(meeting: Meeting) -> Found:
    """What became of earlier resolutions is told, and what is unfinished explained (`Y 1(6)`, `C 4三`)."""
    if not earlier(meeting).exists():
        return Found(told=_("The first meeting under this system: nothing is to be told."))
    items = meeting.agenda.filter(kind=AgendaKind.FOLLOW_UP)
    proofs = [Proof(item.title, meeting.day) for item in items]
    gaps = [] if proofs else [_("The agenda has no item on the follow-up of earlier resolutions.")]
    for row in unfinished_before(meeting):
        if row.explained and row.explanation is not None:
            by = _("%(title)s: explained by %(name)s") % {"title": row.resolution, "name": row.explanation.by}
            proofs.append(Proof(by, row.explanation.on, row.resolution))
        else:
            gaps.append(_("%(title)s: no explanation and opinion.") % {"title": row.resolution})
    return Found(proofs, gaps)


def special(meeting: Meeting) -> Found | None:
    """A special meeting is called after a consultation (`Y 2`, `C 5(2)`)."""
    if meeting.kind != MeetingKind.SPECIAL:
        return None
    given = shown(meeting.approvals.filter(step=ApprovalStep.CONSULT))
    return Found(signatures(given, meeting), [str(gap) for gap in was_consulted(meeting)])


def attendance(meeting: Meeting) -> Found:
    """Who came, was on leave, or attended without vote (`Y 2(3)`, `C 5(3)`)."""
    called, everybody = roll(meeting), attendees(meeting)
    counts = {
        "present": len(called.present), "leave": len(called.leave), "observers": len(called.observers),
    }  # fmt: skip
    open_ = [who.title or who.name for who in everybody if who.row.status == AttendanceStatus.INVITED]
    if not everybody:
        return Found(gaps=[_("Nobody is invited yet.")])
    told = _("%(present)s attended, %(leave)s on leave, %(observers)s without vote or as guests") % counts
    if not _held(meeting):
        return Found([Proof(_("%(count)s invited") % {"count": len(everybody)}, None, meeting)])
    gaps = [_("Attendance not recorded: %(names)s.") % {"names": "、".join(open_)}] if open_ else []
    return Found([Proof(told, meeting.day, meeting)], gaps)


def chair(meeting: Meeting) -> Found:
    """Who chaired, and who does by the regulation (`Y 2(3)`, `C 5(4)`)."""
    if meeting.chair is None:
        return Found(gaps=[_("Nobody is named as the chair.")])
    who = f"{meeting.chair.full_title}{meeting.chair.person.name}"
    usual = _("by the regulation in general: %(who)s") % {"who": meeting.adoption.chair}
    return Found([Proof(f"{who}（{usual}）", meeting.day)])


def settle(meeting: Meeting) -> Found:
    """Who agreed to time, place, agenda and attendance (`Y 2(4)`, `C 5(2)`)."""
    given = shown(meeting.approvals.filter(step=ApprovalStep.SETTLE))
    return Found(
        signatures(given, meeting) if meeting.state != MeetingState.PLANNED else [], told=_("Not settled yet.")
    )


def notify(meeting: Meeting) -> Found:
    """The notice, its number and its office (`Y 2(4)`, `C 5(2)`)."""
    if meeting.notified_on is None:
        return Found(told=_("Not issued yet."))
    number = f"{meeting.notice_number}，" if meeting.notice_number else ""
    return Found([Proof(f"{number}{meeting.adoption.get_notice_by_display()}", meeting.notified_on, meeting)])


def order_of_agenda(meeting: Meeting) -> Found:
    """The agenda as it was taken (`Y 2(4)`, `C 5(4)`)."""
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
