"""What a meeting must have before each step, and what causes only a warning (`Y 2(3)(4)`, `C 5(2)(3)(4)`).

- `has_place` … `day_has_come`: the requirements of the steps. Those that come from the regulation (`@judged`) do not
  apply if its text is not available.
- `settlement_hash(meeting)`: the hash of the content that all settlers agree to.
- `warnings(meeting)`, `conference_warnings(conference)`: requirements of a regulation that do not block a step.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import GOVERNMENT_LEADERS, AgendaKind, ApprovalStep, Frequency, MeetingKind, MeetingState, Side
from meetings.models import Attendance, JointConference, Meeting, RegulationAdoption
from meetings.queries.conference import year_rules
from meetings.queries.meeting import (
    NOT_MEMBERS,
    agenda,
    earlier_meetings,
    has_met_in,
    planned_meeting_in,
    topic_departments,
    unexplained_titles,
)
from meetings.refusal import Missing
from meetings.rules.conference import name_gaps
from meetings.rules.hashing import digest
from meetings.rules.seats import consultees, seat_names

Need = Callable[[Meeting], list[Missing]]


def judged(need: Need) -> Need:
    """Decorate a requirement of the regulation, so that it does not apply if the text of the regulation is missing."""

    @wraps(need)
    def ask(meeting: Meeting) -> list[Missing]:
        return need(meeting) if meeting.adoption.judged else []

    return ask


def has_place(meeting: Meeting) -> list[Missing]:
    """Require a place; the time is a mandatory field."""
    return (
        []
        if meeting.place.strip()
        else [Missing(_("The place is missing. Enter where you meet."), code="place_missing", clause="meeting.settle")]
    )


@judged
def has_chair(meeting: Meeting) -> list[Missing]:
    """Require a chair who holds the post on the day of the meeting (`Y 2(3)`, `C 5(4)`)."""
    chair = meeting.chair
    if chair is None:
        reason = _("The chair is missing. By the regulation it is in general: %(who)s.")
        return [Missing(reason % {"who": meeting.adoption.chair}, code="chair_missing", clause="chair")]
    if chair.from_date > meeting.day or (chair.to_date and chair.to_date < meeting.day):
        reason = _("%(who)s does not hold this post on the day of the meeting. Choose another chair.")
        return [Missing(reason % {"who": chair}, code="chair_not_in_office", clause="chair")]
    return []


@judged
def has_official_name(meeting: Meeting) -> list[Missing]:
    """Require the official name that the regulation of the day prescribes (`Y 3(3)`)."""
    return name_gaps(meeting.conference, meeting.adoption)


@judged
def has_agenda(meeting: Meeting) -> list[Missing]:
    """Require an agenda, which is part of the settlement (`Y 2(4)`)."""
    if meeting.agenda.exists():
        return []
    return [Missing(_("The agenda is empty. Add its items."), code="agenda_empty", clause="agenda")]


@judged
def has_attendance(meeting: Meeting) -> list[Missing]:
    """Require invitations, which are part of the settlement (`Y 2(3)(4)`, `C 5(3)`)."""
    if meeting.attendance.exists():
        return []
    return [
        Missing(
            _("Nobody is invited yet. Draw the attendance from posts and topics."),
            code="nobody_invited",
            clause="attendance",
        )
    ]


@judged
def has_occasion(meeting: Meeting) -> list[Missing]:
    """Require the occasion of a special meeting, which those who are consulted read (`Y 2`, `C 5(2)`)."""
    if meeting.kind != MeetingKind.SPECIAL or meeting.consultation.strip():
        return []
    reason = _("A special meeting needs a consultation beforehand. Enter who was consulted, when, and why.")
    return [Missing(reason, code="occasion_missing", clause="special")]


@judged
def was_consulted(meeting: Meeting) -> list[Missing]:
    """Require, for a special meeting, the agreement of everybody whom the regulation names."""
    if meeting.kind != MeetingKind.SPECIAL or (gaps := has_occasion(meeting)):
        return gaps if meeting.kind == MeetingKind.SPECIAL else []
    approvals = meeting.approvals.filter(step=ApprovalStep.CONSULT, voided_at=None, hash=consultation_hash(meeting))
    agreed = set(approvals.values_list("seat", flat=True))
    waiting = seat_names((seat for seat in consultees(meeting) if seat.key not in agreed), together=True)
    if not waiting:
        return []
    reason = _("A special meeting is called after a consultation. Still to agree: %(who)s.")
    return [Missing(reason % {"who": waiting}, code="consultation_open", clause="special")]


def consultation_hash(meeting: Meeting) -> str:
    """Return the hash of the occasion of a special meeting, to which those who are consulted agree."""
    return digest([meeting.kind, meeting.consultation.strip()])


@judged
def follow_up_listed(meeting: Meeting) -> list[Missing]:
    """Require an agenda item on the follow-up of earlier resolutions; not for a first meeting (`Y 1(6)`, `C 4三`)."""
    listed = any(item.kind == AgendaKind.FOLLOW_UP for item in meeting.agenda.all())
    if listed or not earlier_meetings(meeting).exists():
        return []
    reason = _("The agenda has no item on the follow-up of earlier resolutions. Add one.")
    return [Missing(reason, code="follow_up_not_on_agenda", clause="follow_up_explained")]


@judged
def follow_up_explained(meeting: Meeting) -> list[Missing]:
    """Require explanation and opinion for each unfinished resolution of earlier meetings (`Y 1(6)`, `C 4三`)."""
    unexplained = unexplained_titles(meeting)
    if not unexplained:
        return []
    reason = _("Without explanation and opinion: %(titles)s. Write both for each.")
    return [
        Missing(
            reason % {"titles": "；".join(unexplained)}, code="unfinished_not_explained", clause="follow_up_explained"
        )
    ]


def day_has_come(meeting: Meeting) -> list[Missing]:
    """Require that the day of the meeting has come."""
    if clock.today() >= meeting.day:
        return []
    reason = _("The meeting is on %(day)s. It can be recorded as held from that day on.")
    return [Missing(reason % {"day": date_format(meeting.day)}, code="meeting_day_not_come")]


def invitation_key(row: Attendance) -> list[str | int]:
    """Return who is invited and as what (a post, a department or a named guest), without the reply."""
    guest = [] if row.post_id or row.department_id else [row.name, row.title]
    return [row.post_id or 0, row.department_id or 0, row.status if row.status in NOT_MEMBERS else "", *guest]


def settlement_content(meeting: Meeting) -> list[object]:
    """Return the content of a settlement: time, place, chair, agenda and invitations, without replies."""
    items = [[item.kind, item.side, item.topic_id, item.title] for item in agenda(meeting)]
    invited = sorted(invitation_key(row) for row in meeting.attendance.all())
    return [int(meeting.time.timestamp()), meeting.place, meeting.chair_id, items, invited]


def settlement_hash(meeting: Meeting) -> str:
    """Return the hash of the content of the settlement."""
    return digest(settlement_content(meeting))


def why_preparation_closed(meeting: Meeting) -> Missing | None:
    """Return why time, place, agenda and attendance cannot be changed now; None if they can."""
    if meeting.state == MeetingState.PLANNED:
        return None
    if meeting.state == MeetingState.HELD:
        return meeting_already_held()
    return Missing(
        _("The meeting is settled. Reopen it first; the settlement is then asked for again."), code="meeting_settled"
    )


def meeting_already_held() -> Missing:
    """Return the reason why a held meeting cannot be changed."""
    return Missing(
        _("The meeting was held. Its time, place, agenda and attendance are part of the record."), code="meeting_held"
    )


def warnings(meeting: Meeting) -> list[Missing]:
    """Return what a meeting that is not held yet lacks by the regulation, without blocking it."""
    if meeting.state == MeetingState.HELD or not meeting.adoption.judged:
        return []
    return [
        *_briefings(meeting),
        *_topics(meeting),
        *_topic_departments(meeting),
        *_usual_chair(meeting),
        *conference_warnings(meeting.conference),
    ]


def _briefings(meeting: Meeting) -> list[Missing]:
    """Warn if a side has no briefing on its work (`Y 1(1)(2)`, `C 4一`)."""
    sides = {item.side for item in meeting.agenda.all() if item.kind == AgendaKind.BRIEFING}
    reason = _("%(side)s: no briefing on the agenda.")
    wanted = (Side.GOVERNMENT, Side.UNION)
    return [
        Missing(reason % {"side": side.label}, code="briefing_not_on_agenda", clause="briefing")
        for side in wanted
        if side not in sides
    ]


def _topics(meeting: Meeting) -> list[Missing]:
    if any(item.topic_id for item in meeting.agenda.all()):
        return []
    return [Missing(_("No topic is on the agenda yet."), code="no_topic_on_agenda", clause="agenda")]


def _topic_departments(meeting: Meeting) -> list[Missing]:
    """Warn if a department concerned by a topic is not invited (`Y 2(3)`, `C 5(3)`)."""
    invited = meeting.attendance.filter(department__isnull=False).values("department")
    names = "、".join(topic_departments(meeting).exclude(pk__in=invited).values_list("name", flat=True))
    if not names:
        return []
    reason = _("%(names)s: concerned by a topic, but not invited. Draw the attendance again.")
    return [Missing(reason % {"names": names}, code="concerned_department_not_invited", clause="attendance")]


def _usual_chair(meeting: Meeting) -> list[Missing]:
    if meeting.chair is None or meeting.chair.post.role in GOVERNMENT_LEADERS:
        return []
    return [
        Missing(
            _("The chair is in general: %(who)s.") % {"who": meeting.adoption.chair},
            code="unusual_chair",
            clause="chair",
        )
    ]


def conference_warnings(conference: JointConference, on: date | None = None) -> list[Missing]:
    """Warn if no meeting was held late in the year (`Y 2`, `C 5(2)`); less strictly if the rule is “in principle”."""
    day = on or clock.today()
    rules, met = year_rules([conference.pk], day).get(conference.pk, (None, False))
    return year_warnings(conference, rules, day, met=met)


def year_warnings(
    conference: JointConference,
    rules: RegulationAdoption | None,
    day: date,
    upcoming: Meeting | None = None,
    met: bool | None = None,
) -> list[Missing]:
    """Return the warnings of `conference_warnings` under the adoption of that day.

    `upcoming` is the next meeting of the conference and `met` whether it met in the year, if they were read before.
    """
    if rules is None or not rules.judged or day.month < rules.flagged_from_month:
        return []
    if has_met_in(conference, day.year) if met is None else met:
        return []
    if rules.frequency == Frequency.YEARLY:
        text = _("No meeting was held in %(year)s yet; the regulation asks for at least one a year.")
    else:
        text = _("No meeting was held in %(year)s yet. In principle there is one a year; consider when to meet.")
    text %= {"year": day.year}
    planned = planned_meeting_in(conference, day.year) if upcoming is None else upcoming
    if planned is not None and planned.day.year == day.year:
        message = _("%(warning)s The next one is planned for %(day)s.")
        text = message % {"warning": text, "day": date_format(planned.day)}
    return [Missing(text, code="no_meeting_this_year", clause="frequency")]
