"""Schedule the correction of a misprint in issued minutes, by new minutes that name them (`Y 2(5)`, `C 5(4)`)."""

from datetime import timedelta
from functools import partial

from meetings.models import Minutes, Resolution
from meetings.operations.correction import correct_minutes
from meetings.operations.minutes import approve_minutes, issue_minutes, send_minutes
from meetings.operations.resolution import edit_resolution
from portal.demo import actors
from portal.demo.data_types import MeetingData, Misprint, ResolutionData
from portal.demo.schedule import Schedule

ISSUED_AFTER = timedelta(days=6)


def add_steps(schedule: Schedule, meeting: MeetingData) -> None:
    """Schedule the correction of the minutes of a meeting, if they have a misprint."""
    misprint = meeting.misprint
    if misprint is None:
        return
    resolution = next(resolution for resolution in meeting.resolutions if resolution.key == misprint.resolution)
    steps = (
        (0, 9, partial(_start, meeting, misprint)),
        (0, 10, partial(_edit_text, meeting, resolution)),
        (1, 9, partial(_send, meeting)),
        (2, 10, partial(_approve, meeting, "union")),
        (3, 15, partial(_approve, meeting, "head" if meeting.conference in actors.UNDER_COUNTY_NOTICE else "liaison")),
        (ISSUED_AFTER.days, 9, partial(_issue, meeting, misprint)),
    )
    for days, hour, do in steps:
        schedule.add(misprint.on + timedelta(days=days), do, hour=hour)


def _correction(meeting: MeetingData) -> Minutes:
    return Minutes.objects.get(key=f"{meeting.key}-M2")


def _start(meeting: MeetingData, misprint: Misprint) -> None:
    clerk = actors.preparing_clerk(meeting.conference)
    correction = correct_minutes(actors.minutes(meeting.key), by=clerk, reason=misprint.reason)
    Minutes.objects.filter(pk=correction.pk).update(key=f"{meeting.key}-M2")  # no operation writes the key


def _edit_text(meeting: MeetingData, resolution: ResolutionData) -> None:
    draft = Resolution.objects.get(minutes=_correction(meeting), amends__key=resolution.key)
    edit_resolution(draft, by=actors.preparing_clerk(meeting.conference), text=resolution.text)


def _send(meeting: MeetingData) -> None:
    send_minutes(_correction(meeting), by=actors.preparing_clerk(meeting.conference))


def _approve(meeting: MeetingData, post: str) -> None:
    approve_minutes(_correction(meeting), by=actors.post_holder(meeting.conference, post), opinion="同意更正")


def _issue(meeting: MeetingData, misprint: Misprint) -> None:
    issue_minutes(_correction(meeting), by=actors.preparing_clerk(meeting.conference), number=misprint.number)
