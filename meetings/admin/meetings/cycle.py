"""The cycle of a meeting in its regulation, with the clauses: from the topics to the follow-up."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from meetings import registry
from meetings.admin.core.record_state import Knot, days, printed_clause
from meetings.admin.core.status_badges import DONE, EMPTY, GOING, NEARLY, SKIPPED
from meetings.enums import ApprovalStep, MeetingState, MinutesState, ResolutionState
from meetings.models import Meeting, Minutes, Resolution

REACHED = list(MeetingState)


def cycle(meeting: Meeting, topics: int, minutes: Minutes | None, resolutions: Iterable[Resolution]) -> list[Knot]:
    """The points of the cycle; what is done bears its day, what comes next is marked as going on."""
    on, at = days(meeting), REACHED.index(MeetingState(meeting.state))
    rows = list(resolutions)
    knots = [
        _knot(meeting, _("Topics"), "topic.research", bool(topics), _("%(n)s on the agenda") % {"n": topics}, "agenda"),
        _state(meeting, pgettext("cycle", "Settled"), "meeting.settle", MeetingState.SETTLED, at, on),
        _state(meeting, _("Notice issued"), "meeting.notify", MeetingState.NOTIFIED, at, on),
        _state(meeting, pgettext("cycle", "Held"), "agenda", MeetingState.HELD, at, on, meeting.held_on),
        *_minutes(meeting, minutes),
        *_publicity(meeting),
        _follow_up(meeting, rows, bool(minutes and minutes.state == MinutesState.ISSUED)),
    ]
    return _mark_next(knots)


def _text(meeting: Meeting, key: str, told: str = "") -> str:
    clause = printed_clause(key, meeting.adoption)
    return "　".join(part for part in (_("Clause %(clause)s") % {"clause": clause} if clause else "", told) if part)


def _knot(
    meeting: Meeting, label: str, key: str, done: bool, told: str = "", anchor: str = "", on: date | None = None
) -> Knot:
    return Knot(DONE if done else EMPTY, label, on, _text(meeting, key, told), f"#{anchor}" if anchor else "")


def _state(
    meeting: Meeting, label: str, key: str, state: MeetingState, at: int, on: dict[str, date], day: date | None = None
) -> Knot:
    done = at >= REACHED.index(state)
    return _knot(meeting, label, key, done, on=(day or on.get(state)) if done else None)


def _minutes(meeting: Meeting, minutes: Minutes | None) -> list[Knot]:
    approved = minutes is not None and minutes.state in {MinutesState.APPROVED, MinutesState.ISSUED}
    issued = minutes is not None and minutes.state == MinutesState.ISSUED
    last = (
        minutes.approvals.filter(step=ApprovalStep.APPROVE_MINUTES, voided_at=None).order_by("on").last()
        if minutes and approved
        else None
    )
    return [
        _knot(
            meeting,
            pgettext("cycle", "Minutes approved"),
            "minutes",
            approved,
            anchor="minutes",
            on=last.on if last else None,
        ),
        _knot(
            meeting,
            _("Minutes issued"),
            "minutes",
            issued,
            minutes.number if minutes and issued else "",
            "minutes",
            minutes.issued_on if minutes and issued else None,
        ),
    ]


def _publicity(meeting: Meeting) -> list[Knot]:
    """What the room above found as evidence; nothing where no room tells of it."""
    finders = registry.EVIDENCE.get("publicity", [])
    found = next((told for find in finders if (told := find(meeting))), "")
    if found or not finders:
        return [_knot(meeting, _("Reported to the public"), "publicity", True, found)] if found else []
    if not meeting.adoption.publicity_required:
        return [Knot(SKIPPED, _("Reported to the public"), None, _("Not required by this regulation"))]
    return [_knot(meeting, _("Reported to the public"), "publicity", False)]


def _follow_up(meeting: Meeting, rows: list[Resolution], issued: bool) -> Knot:
    if not issued:
        return _knot(meeting, _("Followed up"), "follow_up", False, anchor="minutes")
    verified = sum(row.state == ResolutionState.VERIFIED for row in rows)
    carried = sum(row.state == ResolutionState.CARRIED for row in rows)
    told = _("%(done)s of %(all)s verified") % {"done": verified, "all": len(rows)}
    if carried:
        told = _("%(told)s, %(carried)s carried over") % {"told": told, "carried": carried}
    ended = verified + carried
    shape = DONE if ended == len(rows) else NEARLY if ended else EMPTY
    return Knot(shape, _("Followed up"), None, _text(meeting, "follow_up", told), "#minutes")


def _mark_next(knots: list[Knot]) -> list[Knot]:
    """The first point that is not reached yet goes on."""
    for n, knot in enumerate(knots):
        if knot.stage == EMPTY:
            return [*knots[:n], Knot(GOING, knot.label, knot.on, knot.text, knot.url), *knots[n + 1 :]]
    return knots
