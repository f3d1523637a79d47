"""Schedule a meeting from its preparation to the issued minutes (`Y 2(3)–(5)`, `C 5(2)–(4)`)."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from meetings import clock
from meetings.enums import AgendaKind, AttendanceStatus, DeadlineKind, MeetingKind, PartRole
from meetings.models import AgendaItem, Attendance, Meeting, Minutes, Person, Resolution
from meetings.operations.agenda import add_topic, edit_agenda_item, remove_agenda_item
from meetings.operations.attachment import attach
from meetings.operations.attendance import add_guest, draw_attendance, set_attendance
from meetings.operations.meeting import (
    consult_meeting,
    explain,
    hold_meeting,
    notify_meeting,
    save_meeting,
    settle_meeting,
)
from meetings.operations.minutes import (
    approve_minutes,
    draft_minutes,
    edit_minutes,
    issue_minutes,
    prepare_redraft,
    redraft_minutes,
    send_minutes,
)
from meetings.operations.parts import Part
from meetings.operations.progress import assign
from meetings.operations.resolution import add_resolution, edit_resolution
from portal.demo import actors
from portal.demo.data_types import Absence, Deadline, ExplanationData, MeetingData, ResolutionData, resolve
from portal.demo.plan_paper import enter_delegation, minutes_on_paper
from portal.demo.plan_topics import before, uploads
from portal.demo.schedule import Schedule

Step = tuple[int, int, Callable[[], object]]  # days after the meeting, hour, callable
FOLLOW_UP_BY = {"yuanqu": "县政府办、县总工会", "chengqiao": "协调小组办公室", "wangmao": "镇党政办、镇总工会"}


def add_steps(schedule: Schedule, meeting: MeetingData, explanations: list[tuple[str, ExplanationData]]) -> None:
    """Schedule a meeting; `explanations` are those of unfinished resolutions, each with the key of its resolution."""
    ahead = partial(before, schedule, meeting)
    schedule.add(ahead(34), partial(_prepare, schedule, meeting))
    if meeting.kind == MeetingKind.SPECIAL:
        asked = ("gov-clerk", "union-clerk") if meeting.conference in actors.UNDER_COUNTY_NOTICE else ("head",)
        for post in asked:
            schedule.add(ahead(33), partial(_consult, meeting, post), hour=11)
    schedule.add(ahead(24), partial(_arrange, meeting), hour=10)
    for key, explanation in explanations:
        schedule.add(ahead(20), partial(_explain, meeting, key, explanation), hour=14)
    schedule.add(ahead(19), partial(_invite, meeting), hour=9)
    if resolve(meeting.on, schedule.today) >= schedule.today:
        return
    settlers = (
        ("gov-clerk", "union-clerk") if meeting.conference in actors.UNDER_COUNTY_NOTICE else ("liaison", "union")
    )
    for days, post in zip((15, 14), settlers, strict=True):
        schedule.add(ahead(days), partial(_settle, meeting, post), hour=15)
    schedule.add(ahead(12), partial(_notify, meeting), hour=16)
    schedule.add(ahead(6), partial(_reply, meeting), hour=10)
    schedule.add(meeting.on, partial(_hold, meeting), hour=meeting.hour + 2)
    schedule.add(meeting.on, partial(_write_notes, meeting), hour=meeting.hour + 3)
    _add_minutes_steps(schedule, meeting)


def _add_minutes_steps(schedule: Schedule, meeting: MeetingData) -> None:
    day = resolve(meeting.on, schedule.today)
    steps: tuple[Step, ...] = (
        (1, 9, partial(_draft, meeting)),
        (2, 9, partial(_write_resolutions, schedule, meeting)),
        (3, 16, partial(_send, meeting)),
        *_approvals(meeting),
        (9, 9, partial(_issue, meeting)),
        (10, 9, partial(_assign, meeting)),
    )
    for days, hour, do in steps:
        schedule.add(day + timedelta(days=days), do, hour=hour)
    if meeting.delegation is not None:
        schedule.add(
            meeting.delegation.since - timedelta(days=2), partial(enter_delegation, meeting, meeting.delegation), hour=9
        )


def _approvals(meeting: MeetingData) -> tuple[Step, ...]:
    """Return the approvals on the fifth and the seventh day.

    They are given on screen, or on a paper sheet that the clerk registers the day after.
    """
    head = "head" if meeting.conference in actors.UNDER_COUNTY_NOTICE else "liaison"
    if meeting.on_paper:
        return ((6, 9, partial(minutes_on_paper, meeting, 1)), (8, 9, partial(minutes_on_paper, meeting, 2)))
    return ((5, 10, partial(_approve, meeting, "union", "同意")), (7, 15, partial(_approve, meeting, head, "同意印发")))


# --- before the meeting ----------------------------------------------------------------------------------------------
def _prepare(schedule: Schedule, meeting: MeetingData) -> None:
    day = resolve(meeting.on, schedule.today)
    title = meeting.title if meeting.title[0].isdigit() else f"{day.year}{meeting.title}"
    record = Meeting(
        key=meeting.key,
        conference=actors.conference(meeting.conference),
        kind=meeting.kind,
        title=title,
        time=timezone.make_aware(datetime.combine(day, time(meeting.hour))),
        place=meeting.place,
        chair=actors.tenure(f"{actors.KEY_PREFIXES[meeting.conference]}-head", day),
        consultation=meeting.consultation,
    )
    save_meeting(record, by=actors.preparing_clerk(meeting.conference))


def _arrange(meeting: MeetingData) -> None:
    """Put the topics on the agenda and enter the speakers; remove a briefing that has no data."""
    record, clerk = actors.meeting(meeting.key), actors.preparing_clerk(meeting.conference)
    for topic in meeting.topics:
        if topic.last_step in {"listed", "discussed"} and not topic.returned:
            add_topic(record, actors.topic(topic.key), by=clerk)
    briefings = {briefing.side: briefing for briefing in meeting.briefings}
    for agenda_item in list(record.agenda.all()):
        if agenda_item.kind == AgendaKind.BRIEFING and agenda_item.side in briefings:
            briefing = briefings[agenda_item.side]
            edit_agenda_item(agenda_item, by=clerk, title=briefing.title, speaker=briefing.speaker)
        elif agenda_item.kind == AgendaKind.BRIEFING:
            remove_agenda_item(agenda_item, by=clerk)
        elif agenda_item.kind == AgendaKind.FOLLOW_UP:
            edit_agenda_item(agenda_item, by=clerk, speaker=FOLLOW_UP_BY[meeting.conference])
    attach(record, by=clerk, files=uploads(meeting.files))


def _explain(meeting: MeetingData, key: str, explanation: ExplanationData) -> None:
    explain(
        actors.resolution(key),
        actors.meeting(meeting.key),
        by=actors.post_holder(meeting.conference, "union-clerk"),
        text=explanation.text,
        opinion=explanation.opinion,
    )


def _invite(meeting: MeetingData) -> None:
    record, clerk = actors.meeting(meeting.key), actors.preparing_clerk(meeting.conference)
    draw_attendance(record, by=clerk)
    for title, name in meeting.guests:
        add_guest(record, by=clerk, name=name, title=title)


def _consult(meeting: MeetingData, post: str) -> None:
    record, person = actors.meeting(meeting.key), actors.post_holder(meeting.conference, post)
    consult_meeting(record, by=person, opinion="同意召开")


def _settle(meeting: MeetingData, post: str) -> None:
    settle_meeting(actors.meeting(meeting.key), by=actors.post_holder(meeting.conference, post), opinion="同意")


def _notify(meeting: MeetingData) -> None:
    notify_meeting(actors.meeting(meeting.key), by=actors.preparing_clerk(meeting.conference), number=meeting.notice)


def _reply(meeting: MeetingData) -> None:
    """Enter the replies: who attends, who is on leave (请假), who sends a delegate (派员代会)."""
    record, clerk = actors.meeting(meeting.key), actors.preparing_clerk(meeting.conference)
    absences: dict[int | None, Absence] = {
        actors.tenure(absence.post, record.day).post_id: absence for absence in meeting.absences
    }
    for row in record.attendance.filter(status=AttendanceStatus.INVITED):
        absence = absences.get(row.post_id)
        if absence is None:
            set_attendance(row, by=_answering(row) or clerk, status=AttendanceStatus.ATTENDS)
        elif absence.delegate:
            set_attendance(
                row,
                by=_answering(row) or clerk,
                status=AttendanceStatus.DELEGATE,
                delegate_name=absence.delegate,
                delegate_title=absence.delegate_title,
            )
        else:
            set_attendance(row, by=clerk, status=AttendanceStatus.LEAVE)


def _answering(row: Attendance) -> Person | None:
    """Return the liaison who answers for an invited department; None for leaders, for whom a clerk answers."""
    for_department = row.post is not None and not row.post.attends
    return actors.liaison(row.department.name) if for_department and row.department is not None else None


# --- the meeting -----------------------------------------------------------------------------------------------------
def _hold(meeting: MeetingData) -> None:
    hold_meeting(actors.meeting(meeting.key), by=actors.preparing_clerk(meeting.conference))


def _write_notes(meeting: MeetingData) -> None:
    """Enter the notes of what was said on each agenda item."""
    clerk = actors.preparing_clerk(meeting.conference)
    topics: dict[str | None, str] = {topic.key: topic.notes for topic in meeting.topics}
    briefings = {briefing.side: briefing.notes for briefing in meeting.briefings}
    said: dict[str, str] = {AgendaKind.FOLLOW_UP: meeting.follow_up, AgendaKind.DEPLOYMENT: meeting.deployment}
    for agenda_item in actors.meeting(meeting.key).agenda.select_related("topic"):
        notes = (
            topics[agenda_item.topic.key]
            if agenda_item.topic
            else briefings.get(agenda_item.side) or said.get(agenda_item.kind, "")
        )
        if notes:
            edit_agenda_item(agenda_item, by=clerk, notes=notes)


# --- the minutes -----------------------------------------------------------------------------------------------------
def _draft(meeting: MeetingData) -> None:
    minutes = draft_minutes(actors.meeting(meeting.key), by=actors.preparing_clerk(meeting.conference))
    Minutes.objects.filter(pk=minutes.pk).update(key=f"{meeting.key}-M")  # see `_write_resolutions`
    edit_minutes(
        minutes,
        by=actors.preparing_clerk(meeting.conference),
        title=minutes.title,
        body=minutes.body,
        disclosure=meeting.minutes_disclosure,
    )


def _write_resolutions(schedule: Schedule, meeting: MeetingData) -> None:
    """Enter the resolutions: edit the one drafted from a topic, add further ones."""
    minutes, clerk = actors.minutes(meeting.key), actors.preparing_clerk(meeting.conference)
    drafted = {
        resolution.topic: minutes.resolutions.get(agenda_item__topic__key=resolution.topic)
        for resolution in meeting.resolutions
    }
    for order, resolution in enumerate(meeting.resolutions, 1):
        agenda_item = AgendaItem.objects.get(meeting=minutes.meeting, topic__key=resolution.topic)
        fields = {
            **_fields(resolution, schedule),
            "text": _text_as_printed(meeting, resolution),
            "agenda_item": agenda_item,
            "order": order,
        }
        first = drafted.pop(resolution.topic, None)
        row = edit_resolution(first, by=clerk, **fields) if first else add_resolution(minutes, by=clerk, **fields)
        # No operation writes the key. It is not part of the record's content; it links the row to the demonstration data.
        Resolution.objects.filter(pk=row.pk).update(key=resolution.key)
    if any(resolution.continues for resolution in meeting.resolutions):
        _, pieces = prepare_redraft(minutes)
        redraft_minutes(minutes, by=clerk, choices={piece.name: piece.default_choice for piece in pieces})


def _text_as_printed(meeting: MeetingData, resolution: ResolutionData) -> str:
    """Return the text as the first minutes print it, with the misprint that is corrected later."""
    misprint = meeting.misprint
    return (
        resolution.text.replace(misprint.meant, misprint.printed)
        if misprint and misprint.resolution == resolution.key
        else resolution.text
    )


def _fields(resolution: ResolutionData, schedule: Schedule) -> dict[str, Any]:
    return {
        "title": resolution.title,
        "facet": resolution.facet,
        "tags": resolution.tags,
        "amount": resolution.amount,
        "deadline_text": resolution.deadline.formatted(schedule.today),
        "deadline_kind": _deadline_kind(resolution.deadline),
        "deadline": None if resolution.deadline.day is None else resolve(resolution.deadline.day, schedule.today),
        "disclosure": resolution.disclosure,
        "disclosure_reason": resolution.reason,
        "parts": _parts(resolution),
        **({"continues": actors.resolution(resolution.continues)} if resolution.continues else {}),
    }


def _deadline_kind(deadline: Deadline) -> DeadlineKind:
    if deadline.standing:
        return DeadlineKind.STANDING
    if deadline.next_meeting:
        return DeadlineKind.NEXT_MEETING
    return DeadlineKind.NONE if deadline.day is None else DeadlineKind.DATE


def _parts(resolution: ResolutionData) -> list[Part]:
    tasks = dict(resolution.tasks)
    lead = Part(actors.department(resolution.lead), PartRole.LEAD)
    return [lead, *(Part(actors.department(name), PartRole.CO, tasks.get(name, "")) for name in resolution.co)]


def _send(meeting: MeetingData) -> None:
    send_minutes(actors.minutes(meeting.key), by=actors.preparing_clerk(meeting.conference))


def _approve(meeting: MeetingData, post: str, opinion: str) -> None:
    delegation = meeting.delegation
    if delegation is not None and delegation.post == post and delegation.since <= clock.today() <= delegation.until:
        post = delegation.deputy
    approve_minutes(actors.minutes(meeting.key), by=actors.post_holder(meeting.conference, post), opinion=opinion)


def _issue(meeting: MeetingData) -> None:
    issue_minutes(actors.minutes(meeting.key), by=actors.preparing_clerk(meeting.conference), number=meeting.number)


def _assign(meeting: MeetingData) -> None:
    for resolution in meeting.resolutions:
        assign(
            actors.resolution(resolution.key),
            by=actors.preparing_clerk(meeting.conference),
            note="请牵头单位十个工作日内制定落实方案，按时书面报告进展。",
        )
