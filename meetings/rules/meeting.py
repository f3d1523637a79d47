"""What a meeting must have before each step, and what is only worth a warning (`Y 2(3)(4)`, `C 5(2)(3)(4)`).

Key concepts
- `has_place` … `day_has_come`: needs; those of the regulation (`judged`) fall silent where its text is not at hand.
- `settlement_hash(meeting)`: the one content that all settlers agree to.
- `warnings(meeting)`, `conference_warnings(conference)`: what a regulation asks for without stopping anything.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import GOVERNMENT_LEADERS, AgendaKind, ApprovalStep, Frequency, MeetingKind, MeetingState, Side
from meetings.models import Attendance, JointConference, Meeting
from meetings.queries.conference import adoption_on, rules_of
from meetings.queries.meeting import (
    NOT_MEMBERS,
    agenda,
    earlier,
    held_in,
    planned_in,
    topic_departments,
    unfinished_before,
)
from meetings.refusal import Missing
from meetings.rules.conference import name_gaps
from meetings.rules.hashing import digest
from meetings.rules.seats import consulted, names

Need = Callable[[Meeting], list[Missing]]


def judged(need: Need) -> Need:
    """A need of the regulation: nothing is asked where its text is not at hand."""

    @wraps(need)
    def ask(meeting: Meeting) -> list[Missing]:
        return need(meeting) if rules_of(meeting).judged else []

    return ask


def has_place(meeting: Meeting) -> list[Missing]:
    """A meeting needs a place; its time is never empty."""
    return (
        []
        if meeting.place.strip()
        else [Missing(_("The place is missing. Enter where you meet."), code="place_missing", clause="meeting.settle")]
    )


@judged
def has_chair(meeting: Meeting) -> list[Missing]:
    """Somebody chairs, who holds that post on the day (`Y 2(3)`, `C 5(4)`)."""
    chair = meeting.chair
    if chair is None:
        reason = _("The chair is missing. By the regulation it is in general: %(who)s.")
        return [Missing(reason % {"who": rules_of(meeting).chair}, code="chair_missing", clause="chair")]
    if chair.from_date > meeting.day or (chair.to_date and chair.to_date < meeting.day):
        reason = _("%(who)s does not hold this post on the day of the meeting. Choose another chair.")
        return [Missing(reason % {"who": chair}, code="chair_not_in_office", clause="chair")]
    return []


@judged
def fits_name(meeting: Meeting) -> list[Missing]:
    """The conference bears the name that the regulation of the day prescribes (`Y 3(3)`)."""
    return name_gaps(meeting.conference, rules_of(meeting))


@judged
def has_agenda(meeting: Meeting) -> list[Missing]:
    """The agenda is part of what is settled (`Y 2(4)`)."""
    if meeting.agenda.exists():
        return []
    return [Missing(_("The agenda is empty. Add its items."), code="agenda_empty", clause="agenda")]


@judged
def has_attendance(meeting: Meeting) -> list[Missing]:
    """Who attends is part of what is settled (`Y 2(3)(4)`, `C 5(3)`)."""
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
    """Who is consulted reads why a special meeting cannot wait (`Y 2`, `C 5(2)`)."""
    if meeting.kind != MeetingKind.SPECIAL or meeting.consultation.strip():
        return []
    reason = _("A special meeting needs a consultation beforehand. Enter who was consulted, when, and why.")
    return [Missing(reason, code="occasion_missing", clause="special")]


@judged
def was_consulted(meeting: Meeting) -> list[Missing]:
    """A special meeting follows a consultation: everybody whom the regulation names has agreed to it."""
    if meeting.kind != MeetingKind.SPECIAL or (gaps := has_occasion(meeting)):
        return gaps if meeting.kind == MeetingKind.SPECIAL else []
    given = meeting.approvals.filter(step=ApprovalStep.CONSULT, voided_at=None, hash=consultation_hash(meeting))
    agreed = set(given.values_list("seat", flat=True))
    waiting = names((seat for seat in consulted(meeting) if seat.key not in agreed), together=True)
    if not waiting:
        return []
    reason = _("A special meeting is called after a consultation. Still to agree: %(who)s.")
    return [Missing(reason % {"who": waiting}, code="consultation_open", clause="special")]


def consultation_hash(meeting: Meeting) -> str:
    """The hash of what those who are consulted agree to: the occasion of the special meeting."""
    return digest([meeting.kind, meeting.consultation.strip()])


@judged
def follow_up_listed(meeting: Meeting) -> list[Missing]:
    """The agenda tells what became of the earlier resolutions; a first meeting is exempt (`Y 1(6)`, `C 4三`)."""
    if not earlier(meeting).exists() or meeting.agenda.filter(kind=AgendaKind.FOLLOW_UP).exists():
        return []
    reason = _("The agenda has no item on the follow-up of earlier resolutions. Add one.")
    return [Missing(reason, code="follow_up_not_on_agenda", clause="follow_up_explained")]


@judged
def follow_up_explained(meeting: Meeting) -> list[Missing]:
    """Every unfinished resolution of earlier meetings has an explanation and an opinion (`Y 1(6)`, `C 4三`)."""
    silent = [row.resolution.title for row in unfinished_before(meeting) if not row.explained]
    if not silent:
        return []
    reason = _("Without explanation and opinion: %(titles)s. Write both for each.")
    return [
        Missing(reason % {"titles": "；".join(silent)}, code="unfinished_not_explained", clause="follow_up_explained")
    ]


def day_has_come(meeting: Meeting) -> list[Missing]:
    """A meeting is held on its day, not before."""
    if clock.today() >= meeting.day:
        return []
    reason = _("The meeting is on %(day)s. It can be recorded as held from that day on.")
    return [Missing(reason % {"day": date_format(meeting.day)}, code="meeting_day_not_come")]


def invitation(row: Attendance) -> list[Any]:
    """Who is invited and as what: a post, a department or a named guest; not how they reply."""
    own = [] if row.post_id or row.department_id else [row.name, row.title]
    return [row.post_id or 0, row.department_id or 0, row.status if row.status in NOT_MEMBERS else "", *own]


def settlement_content(meeting: Meeting) -> list[Any]:
    """Time, place, chair, agenda and who is invited; replies are no part of it."""
    items = [[item.kind, item.side, item.topic_id, item.title] for item in agenda(meeting)]
    invited = sorted(invitation(row) for row in meeting.attendance.all())
    return [int(meeting.time.timestamp()), meeting.place, meeting.chair_id, items, invited]


def settlement_hash(meeting: Meeting) -> str:
    """The hash of what all settlers agree to."""
    return digest(settlement_content(meeting))


def why_closed(meeting: Meeting) -> Missing | None:
    """Why time, place, agenda and attendance cannot be changed now; None while they can."""
    if meeting.state == MeetingState.PLANNED:
        return None
    if meeting.state == MeetingState.HELD:
        return held_already()
    return Missing(
        _("The meeting is settled. Reopen it first; the settlement is then asked for again."), code="meeting_settled"
    )


def held_already() -> Missing:
    """Why nothing of a held meeting can be changed."""
    return Missing(
        _("The meeting was held. Its time, place, agenda and attendance are part of the record."), code="meeting_held"
    )


def warnings(meeting: Meeting) -> list[Missing]:
    """What the regulation asks of a meeting that is not held yet, without stopping it."""
    if meeting.state == MeetingState.HELD or not rules_of(meeting).judged:
        return []
    return [
        *_briefings(meeting),
        *_topics(meeting),
        *_topic_departments(meeting),
        *_usual_chair(meeting),
        *conference_warnings(meeting.conference),
    ]


def _briefings(meeting: Meeting) -> list[Missing]:
    """Both sides report on their work (`Y 1(1)(2)`, `C 4一`)."""
    sides = set(meeting.agenda.filter(kind=AgendaKind.BRIEFING).values_list("side", flat=True))
    reason = _("%(side)s: no briefing on the agenda.")
    wanted = (Side.GOVERNMENT, Side.UNION)
    return [
        Missing(reason % {"side": side.label}, code="briefing_not_on_agenda", clause="briefing")
        for side in wanted
        if side not in sides
    ]


def _topics(meeting: Meeting) -> list[Missing]:
    if meeting.agenda.filter(topic__isnull=False).exists():
        return []
    return [Missing(_("No topic is on the agenda yet."), code="no_topic_on_agenda", clause="agenda")]


def _topic_departments(meeting: Meeting) -> list[Missing]:
    """The departments that the topics concern attend (`Y 2(3)`, `C 5(3)`)."""
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
            _("The chair is in general: %(who)s.") % {"who": rules_of(meeting).chair},
            code="unusual_chair",
            clause="chair",
        )
    ]


def conference_warnings(conference: JointConference, on: date | None = None) -> list[Missing]:
    """A year that draws to its end without a meeting (`Y 2`, `C 5(2)`); softer where it is so in principle only."""
    day = on or clock.today()
    rules = adoption_on(conference, day)
    if rules is None or not rules.judged or day.month < rules.flagged_from_month or held_in(conference, day.year):
        return []
    if rules.frequency == Frequency.YEARLY:
        text = _("No meeting was held in %(year)s yet; the regulation asks for at least one a year.")
    else:
        text = _("No meeting was held in %(year)s yet. In principle there is one a year; consider when to meet.")
    text %= {"year": day.year}
    if coming := planned_in(conference, day.year):
        told = _("%(warning)s The next one is planned for %(day)s.")
        text = told % {"warning": text, "day": date_format(coming.day)}
    return [Missing(text, code="no_meeting_this_year", clause="frequency")]
