"""Follow-up of resolutions for tests, performed by the responsible people; most functions return the resolution.

- `adopted`, `assigned`, `under_way`, `reported`, `verified`: up to that state, on the days after `DAY`.
- `next_minutes`, `carried`, `issued`: the meeting of the next year, with the carried-over resolutions.
- `upload(name, content)`, `office()`, `PDF`: uploaded files and their content.
"""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from meetings import clock
from meetings.enums import FollowUpBy, PartRole
from meetings.models import Minutes, ProgressReport, Resolution, ResolutionPart
from meetings.operations import progress
from meetings.operations.meeting import explain, hold_meeting, notify_meeting
from meetings.operations.minutes import approve_minutes, draft_minutes, issue_minutes, send_minutes
from meetings.operations.resolution import add_resolution
from tests.meetings.factories import World
from tests.meetings.steps import DAY, approvers, everybody_came, issued_minutes, planned_meeting, settled
from tests.stories import story

LATER = DAY + timedelta(days=30)
NEXT_YEAR = DAY.replace(year=2026)
PDF = b"%PDF-1.7\n%%EOF\n"


def upload(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    """Return an uploaded file."""
    return SimpleUploadedFile(name, content)


def office(part: str = "word/document.xml", **members: str) -> bytes:
    """Return an Office file with `part` and further members by name (`__` stands for a dot)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("[Content_Types].xml", members.pop("types", "<Types/>"))
        file.writestr(part, "<document>议定事项</document>")
        for name, text in members.items():
            file.writestr(name.replace("__", "."), text)
    return packed.getvalue()


@story
def adopted(world: World, day: date = DAY, **values: Any) -> Resolution:
    """Create an adopted resolution: `department` leads, `other_department` co-operates."""
    minutes = issued_minutes(world, day, **values)
    resolution = Resolution.objects.get(minutes=minutes)
    known = {"role": PartRole.CO, "name": world.other_department.name}
    ResolutionPart.objects.get_or_create(resolution=resolution, department=world.other_department, defaults=known)
    return resolution


@story
def assigned(world: World, **values: Any) -> Resolution:
    """Create an assigned resolution."""
    resolution = adopted(world, **values)
    with clock.at(LATER):
        progress.assign(resolution, by=world.gov_clerk)
    return resolution


@story
def under_way(world: World, **values: Any) -> tuple[Resolution, ProgressReport]:
    """Create a resolution with a first progress report by the lead department; return both."""
    resolution = assigned(world, **values)
    with clock.at(LATER):
        report = progress.report_progress(resolution, by=world.liaison, text="已拟定方案，正在测算资金。")
    return resolution, report


@story
def reported(world: World, **values: Any) -> Resolution:
    """Create a resolution that the lead department has reported done."""
    resolution, _report = under_way(world, **values)
    with clock.at(LATER):
        progress.report_done(resolution, by=world.liaison, text="资金已全部拨付到位。")
    return resolution


@story
def verified(world: World, **values: Any) -> Resolution:
    """Create a resolution that was verified by those whom its regulation names."""
    resolution = reported(world, **values)
    both = resolution.adoption.follow_up_by == FollowUpBy.BOTH_SIDES
    with clock.at(LATER):
        for person in (world.gov_clerk, world.union_clerk) if both else (world.union_clerk,):
            progress.verify(resolution, by=person)
    return resolution


def next_minutes(world: World, *unfinished: Resolution, day: date = NEXT_YEAR) -> Minutes:
    """Create draft minutes of the next meeting, with explanations of the unfinished resolutions."""
    meeting = planned_meeting(world, day, topics=0)
    with clock.at(day - timedelta(days=18)):
        for row in unfinished:
            explain(row, meeting, by=world.union_clerk, text="资金尚未下达。", opinion="结转下年继续办理。")
    settled(world, meeting)
    with clock.at(day - timedelta(days=10)):
        notify_meeting(meeting, by=world.gov_clerk)
    with clock.at(day):
        everybody_came(world, meeting)
        hold_meeting(meeting, by=world.gov_clerk)
    with clock.at(day + timedelta(days=1)):
        return draft_minutes(meeting, by=world.gov_clerk)


def carried(world: World, resolution: Resolution, **values: Any) -> Resolution:
    """Create a resolution of the next meeting that continues this one, and issue its minutes.

    `resolution` is refreshed from the database.
    """
    minutes = next_minutes(world, resolution)
    with clock.at(minutes.meeting.day + timedelta(days=2)):
        parts = [(part.department, part.role) for part in resolution.parts.order_by("pk")]
        words = {"title": f"继续{resolution.title}", "text": "继续抓好落实。", **values}
        later = add_resolution(minutes, by=world.gov_clerk, continues=resolution, parts=parts, **words)
    issued(world, minutes)
    resolution.refresh_from_db()
    later.refresh_from_db()
    return later


def issued(world: World, minutes: Minutes) -> Minutes:
    """Send, approve and issue drafted minutes."""
    with clock.at(minutes.meeting.day + timedelta(days=5)):
        send_minutes(minutes, by=world.gov_clerk)
        for person in approvers(world, minutes):
            approve_minutes(minutes, by=person)
        number = f"{world.conference.short_name[:1]}政办纪〔{minutes.meeting.day.year}〕{minutes.pk}号"
        return issue_minutes(minutes, by=world.gov_clerk, number=number)
