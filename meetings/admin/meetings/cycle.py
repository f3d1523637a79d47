"""The timeline of a meeting with the clauses of its regulation: from the topics to the follow-up."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from meetings import registry
from meetings.admin.core.record_state import state_dates
from meetings.admin.core.status_badges import DONE, EMPTY, GOING, NEARLY, SKIPPED
from meetings.components import TimelinePoint
from meetings.enums import ApprovalStep, MeetingState, MinutesState, ResolutionState
from meetings.models import Meeting, Minutes, RecordLogEntry, Resolution

STATE_ORDER = list(MeetingState)


def cycle(
    meeting: Meeting,
    log: Sequence[RecordLogEntry],
    topics: int,
    minutes: Minutes | None,
    resolutions: Iterable[Resolution],
) -> list[TimelinePoint]:
    """Return the points of the timeline. A reached point has its date; the first open point is marked as under way."""
    on, at = state_dates(log), STATE_ORDER.index(MeetingState(meeting.state))
    rows = list(resolutions)
    points = [
        _point(
            meeting, _("Topics"), "topic.research", bool(topics), _("%(n)s on the agenda") % {"n": topics}, "agenda"
        ),
        _state_point(meeting, pgettext("cycle", "Settled"), "meeting.settle", MeetingState.SETTLED, at, on),
        _state_point(meeting, _("Notice issued"), "meeting.notify", MeetingState.NOTIFIED, at, on),
        _state_point(meeting, pgettext("cycle", "Held"), "agenda", MeetingState.HELD, at, on, meeting.held_on),
        *_minutes_points(meeting, minutes),
        *_publicity_points(meeting),
        _follow_up_point(meeting, rows, bool(minutes and minutes.state == MinutesState.ISSUED)),
    ]
    return _mark_next(points)


def _point(
    meeting: Meeting, label: str, key: str, done: bool, detail: str = "", anchor: str = "", on: date | None = None
) -> TimelinePoint:
    url = f"#{anchor}" if anchor else ""
    return TimelinePoint(DONE if done else EMPTY, label, on, detail, url, meeting.adoption.cite(key))


def _state_point(
    meeting: Meeting, label: str, key: str, state: MeetingState, at: int, on: dict[str, date], day: date | None = None
) -> TimelinePoint:
    done = at >= STATE_ORDER.index(state)
    return _point(meeting, label, key, done, on=(day or on.get(state)) if done else None)


def _minutes_points(meeting: Meeting, minutes: Minutes | None) -> list[TimelinePoint]:
    approved = minutes is not None and minutes.state in {MinutesState.APPROVED, MinutesState.ISSUED}
    issued = minutes is not None and minutes.state == MinutesState.ISSUED
    last = (
        minutes.approvals.filter(step=ApprovalStep.APPROVE_MINUTES, voided_at=None).order_by("on").last()
        if minutes and approved
        else None
    )
    return [
        _point(
            meeting,
            pgettext("cycle", "Minutes approved"),
            "minutes",
            approved,
            anchor="minutes",
            on=last.on if last else None,
        ),
        _point(
            meeting,
            _("Minutes issued"),
            "minutes",
            issued,
            minutes.number if minutes and issued else "",
            "minutes",
            minutes.issued_on if minutes and issued else None,
        ),
    ]


def _publicity_points(meeting: Meeting) -> list[TimelinePoint]:
    """Return the point “reported to the public”, with the evidence registered by `publicity`.

    Return no point if no app registers evidence for the clause, and a skipped point if the regulation does not require
    publicity.
    """
    finders = registry.EVIDENCE.get("publicity", [])
    found = next((detail for find in finders if (detail := find(meeting))), "")
    if found or not finders:
        return [_point(meeting, _("Reported to the public"), "publicity", True, found)] if found else []
    if not meeting.adoption.publicity_required:
        return [TimelinePoint(SKIPPED, _("Reported to the public"), None, _("Not required by this regulation"))]
    return [_point(meeting, _("Reported to the public"), "publicity", False)]


def _follow_up_point(meeting: Meeting, rows: list[Resolution], issued: bool) -> TimelinePoint:
    if not issued:
        return _point(meeting, _("Followed up"), "follow_up", False, anchor="minutes")
    verified = sum(row.state == ResolutionState.VERIFIED for row in rows)
    carried = sum(row.state == ResolutionState.CARRIED for row in rows)
    detail = _("%(done)s of %(all)s verified") % {"done": verified, "all": len(rows)}
    if carried:
        detail = _("%(told)s, %(carried)s carried over") % {"told": detail, "carried": carried}
    ended = verified + carried
    shape = DONE if ended == len(rows) else NEARLY if ended else EMPTY
    clause = meeting.adoption.cite("follow_up")
    return TimelinePoint(shape, _("Followed up"), None, detail, "#minutes", clause)


def _mark_next(points: list[TimelinePoint]) -> list[TimelinePoint]:
    """Mark the first open point as under way."""
    for n, point in enumerate(points):
        if point.stage == EMPTY:
            return [*points[:n], replace(point, stage=GOING), *points[n + 1 :]]
    return points
