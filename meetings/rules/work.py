"""What waits besides the steps of the state machines, and for whom.

- `topic_tasks`, `meeting_tasks`, `resolution_tasks`, `conference_tasks`: opinions asked for, replies and explanations,
  reports to verify and to deliver, the meeting of the year. The steps are in `meetings.machines.tasks`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from meetings.enums import AttendanceStatus, MeetingState, PartRole, ReportVerdict, TopicState, Verdict
from meetings.models import JointConference, Meeting, Opinion, ProgressReport, Resolution, Topic
from meetings.models.work_item import Task
from meetings.queries.conference import adoption_on, last_held_year
from meetings.queries.deadline import due_day
from meetings.queries.meeting import unfinished_before
from meetings.queries.resolution import is_ordinary
from meetings.rules.addressees import LIAISON
from meetings.rules.seats import GOVERNMENT_CLERK, UNION_CLERK

OPINIONS_OPEN = (TopicState.SUBMITTED, TopicState.CONFERRED, TopicState.APPROVED, TopicState.AGREED)


def _for_clerks(action: str, **fields: Any) -> Iterator[Task]:
    """Yield a task for the clerks of each side; whoever acts first closes both."""
    for seat in (GOVERNMENT_CLERK, UNION_CLERK):
        yield Task(action=action, seat=seat.key, **fields)


def topic_tasks(topic: Topic) -> Iterator[Task]:
    """Yield the opinions that departments still owe (`Y 2(2)`), and the agenda that an agreed topic waits for."""
    if topic.state in OPINIONS_OPEN:
        asked: list[Opinion] = [row for row in topic.opinions.all() if row.verdict == Verdict.PENDING]
        for row in asked:
            yield Task(
                action="topic.opinion", seat=LIAISON, department=row.department_id, detail=row.pk, clause="topic.agree"
            )
    if topic.state == TopicState.AGREED:
        yield from _for_clerks("topic.list", clause="agenda")


def meeting_tasks(meeting: Meeting) -> Iterator[Task]:
    """Yield the replies that invited departments owe, and the explanations of unfinished resolutions (`Y 1(6)`)."""
    if meeting.state == MeetingState.NOTIFIED:
        for row in meeting.attendance.all():
            if row.status == AttendanceStatus.INVITED and row.department_id is not None:
                yield Task(
                    action="meeting.reply",
                    seat=LIAISON,
                    department=row.department_id,
                    detail=row.pk,
                    clause="attendance",
                    due_on=meeting.day,
                )
    planned = meeting.state == MeetingState.PLANNED and meeting.adoption.judged
    if planned and any(not row.explained for row in unfinished_before(meeting)):
        yield from _for_clerks("meeting.explain", clause="follow_up_explained", due_on=meeting.day)


def resolution_tasks(resolution: Resolution) -> Iterator[Task]:
    """Yield the ordinary reports that clerks verify, and the verified ones that leaders have not seen (`Y 2(6)`)."""
    reports: list[ProgressReport] = [report for part in resolution.parts.all() for report in part.reports.all()]
    for report in reports:
        if report.verdict == ReportVerdict.PENDING and is_ordinary(report):
            yield from _for_clerks(
                "resolution.accept_report",
                detail=report.pk,
                clause="follow_up",
                not_for=frozenset({report.author_id}),
            )
    for report in reports if resolution.adoption.judged else ():
        if report.is_undelivered:  # type: ignore[attr-defined]  # annotated by `queries.work.loaded`
            yield from _for_clerks("resolution.deliver", detail=report.pk, clause="follow_up")


def completion_begins(resolution: Resolution, days_before: int) -> date | None:
    """Return the day from which a completion report is awaited: some days before the due day; None without one."""
    day = due_day(resolution)
    return None if day is None else date.fromordinal(day.toordinal() - days_before)


def co_departments_done(resolution: Resolution) -> bool:
    """Return whether there are co-operating departments and all of them have reported their parts done."""
    done = [part.done_on for part in resolution.parts.all() if part.role == PartRole.CO]
    return bool(done) and all(done)


def conference_tasks(conference: JointConference) -> Iterator[Task]:
    """Yield the meeting of the year: after a meeting in one year, the next year has one too (`Y 2`, `C 5(2)`).

    It waits from the month that the regulation sets, until the end of the year.
    """
    last = last_held_year(conference)
    rules = adoption_on(conference, date(last + 1, 12, 31)) if last is not None else None
    if last is not None and rules is not None and rules.judged:
        year = last + 1
        yield from _for_clerks(
            "jointconference.meet",
            clause="frequency",
            starts_on=date(year, rules.flagged_from_month, 1),
            due_on=date(year, 12, 31),
        )
