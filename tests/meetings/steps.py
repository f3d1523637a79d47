"""Sequences of operations for tests, each performed by the responsible people; each returns the resulting record.

- `agreed_topic`, `planned_meeting`, `settled`, `notified`, `held_meeting`: up to a held meeting.
- `everybody_came`, `drafted_minutes`, `in_approval`, `approved_minutes`, `issued_minutes`: up to issued minutes.
- `offered(person, record)`: the steps that a person may perform.

Days: `DAY` is the day of a meeting under the regulation in force, `BEFORE` one of its preparation.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from meetings import clock
from meetings.enums import AttendanceStatus, MeetingKind, MinutesApprovers, SettledBy, TopicState
from meetings.machines import machine_of
from meetings.models import Meeting, Minutes, Person, Topic
from meetings.operations.agenda import add_topic
from meetings.operations.attendance import draw_attendance, set_attendance
from meetings.operations.meeting import hold_meeting, notify_meeting, save_meeting, settle_meeting
from meetings.operations.minutes import approve_minutes, draft_minutes, issue_minutes, send_minutes
from tests.meetings.factories import World
from tests.stories import story

DAY = date(2025, 11, 14)
BEFORE = date(2025, 11, 1)
AFTER = date(2025, 11, 20)


def offered(person: Person, record: Any) -> set[str]:
    """Return the steps that the person may perform in the current state of the record: the buttons of its page."""
    return {step.transition.action for step in machine_of(record).open_steps(person, record) if step.seat is not None}


def at(day: date, hour: int = 15) -> datetime:
    """Return an hour of a day as an aware datetime."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def agreed_topic(world: World, **values: Any) -> Topic:
    """Create a topic directly in the state AGREED; the tests of topics cover the steps to it."""
    return world.topic(state=TopicState.AGREED, **values)


@story
def planned_meeting(world: World, day: date = DAY, *, topics: int = 1, **values: Any) -> Meeting:
    """Create a meeting in preparation with topics, place, chair and attendance."""
    defaults = {"title": f"{day.year}年度联席会议", "place": "一楼会议室", "chair": world.tenures["head"]}
    meeting = Meeting(
        **{"conference": world.conference, "time": at(day), "kind": MeetingKind.REGULAR, **defaults, **values}
    )
    with clock.at(day - timedelta(days=20)):
        save_meeting(meeting, by=world.gov_clerk)
        for number in range(topics):
            add_topic(meeting, agreed_topic(world, title=f"关于第{number + 1}件事的议题"), by=world.union_clerk)
        draw_attendance(meeting, by=world.gov_clerk)
    return meeting


def settlers(world: World, meeting: Meeting) -> tuple[Person, Person]:
    """Return the two people who settle the meeting under its rules."""
    if meeting.adoption.settled_by == SettledBy.BOTH_SIDES:
        return world.gov_clerk, world.union_clerk
    return world.liaison_leader, world.union_head


def settled(world: World, meeting: Meeting) -> Meeting:
    """Settle the meeting by both required approvals."""
    with clock.at(meeting.day - timedelta(days=13)):
        for person in settlers(world, meeting):
            settle_meeting(meeting, by=person)
    return meeting


def notified(world: World, meeting: Meeting) -> Meeting:
    """Settle the meeting and issue its notice."""
    with clock.at(meeting.day - timedelta(days=10)):
        notify_meeting(settled(world, meeting), by=world.gov_clerk)
    return meeting


def everybody_came(world: World, meeting: Meeting) -> None:
    """Record that everybody invited attended."""
    for row in meeting.attendance.filter(status=AttendanceStatus.INVITED):
        set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.ATTENDS)
    meeting.refresh_from_db()


@story
def held_meeting(world: World, day: date = DAY, **values: Any) -> Meeting:
    """Create a held meeting that everybody attended."""
    meeting = notified(world, planned_meeting(world, day, **values))
    with clock.at(day):
        everybody_came(world, meeting)
        hold_meeting(meeting, by=world.gov_clerk)
    return meeting


@story
def drafted_minutes(world: World, day: date = DAY, **values: Any) -> Minutes:
    """Create the draft minutes that the portal generates from a held meeting."""
    meeting = held_meeting(world, day, **values)
    with clock.at(day + timedelta(days=1)):
        return draft_minutes(meeting, by=world.gov_clerk)


@story
def in_approval(world: World, day: date = DAY, **values: Any) -> Minutes:
    """Create minutes that wait for approval."""
    minutes = drafted_minutes(world, day, **values)
    with clock.at(day + timedelta(days=2)):
        return send_minutes(minutes, by=world.gov_clerk)


def approvers(world: World, minutes: Minutes) -> tuple[Person, Person]:
    """Return the two people who approve the minutes under their rules."""
    if minutes.adoption.minutes_approved_by == MinutesApprovers.LEADERS:
        return world.head, world.union_head
    return world.liaison_leader, world.union_head


@story
def approved_minutes(world: World, day: date = DAY, **values: Any) -> Minutes:
    """Create minutes with both approvals."""
    minutes = in_approval(world, day, **values)
    with clock.at(day + timedelta(days=3)):
        for person in approvers(world, minutes):
            approve_minutes(minutes, by=person)
    return minutes


@story
def issued_minutes(world: World, day: date = DAY, *, number: str = "", **values: Any) -> Minutes:
    """Create issued minutes with `number` (a default if empty), or the next number of a series, by the rules."""
    minutes = approved_minutes(world, day, **values)
    with clock.at(day + timedelta(days=4)):
        return issue_minutes(minutes, by=world.gov_clerk, number=number or f"垣政办纪〔{day.year}〕17号")
