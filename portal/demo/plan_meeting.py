"""A sitting from its preparation to the issued minutes (`Y 2(3)–(5)`, `C 5(2)–(4)`)."""

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
    redraft_minutes,
    redrafted,
    send_minutes,
)
from meetings.operations.parts import Part
from meetings.operations.progress import assign
from meetings.operations.resolution import add_resolution, edit_resolution
from portal.demo import actors
from portal.demo.data_types import Absence, Due, Explained, Item, Sitting, resolve
from portal.demo.plan_paper import delegated, minutes_on_paper
from portal.demo.plan_topics import before, uploads
from portal.demo.schedule import Diary

Step = tuple[int, int, Callable[[], Any]]  # so many days after the sitting, at which hour, what
FOLLOW_UP_BY = {"yuanqu": "县政府办、县总工会", "chengqiao": "协调小组办公室", "wangmao": "镇党政办、镇总工会"}


def tell(diary: Diary, sitting: Sitting, explained: list[tuple[str, Explained]]) -> None:
    """Plan a sitting; `explained` holds what is said to it of unfinished items, by their keys."""
    ahead = partial(before, diary, sitting)
    diary.write(ahead(34), partial(_prepare, diary, sitting))
    if sitting.kind == MeetingKind.SPECIAL:
        asked = ("gov-clerk", "union-clerk") if sitting.conference in actors.BY_THE_NOTICE else ("head",)
        for who in asked:
            diary.write(ahead(33), partial(_consult, sitting, who), hour=11)
    diary.write(ahead(24), partial(_arrange, sitting), hour=10)
    for key, words in explained:
        diary.write(ahead(20), partial(_explain, sitting, key, words), hour=14)
    diary.write(ahead(19), partial(_invite, sitting), hour=9)
    if resolve(sitting.on, diary.today) >= diary.today:
        return
    settlers = ("gov-clerk", "union-clerk") if sitting.conference in actors.BY_THE_NOTICE else ("liaison", "union")
    for days, who in zip((15, 14), settlers, strict=True):
        diary.write(ahead(days), partial(_settle, sitting, who), hour=15)
    diary.write(ahead(12), partial(_notify, sitting), hour=16)
    diary.write(ahead(6), partial(_reply, sitting), hour=10)
    diary.write(sitting.on, partial(_hold, sitting), hour=sitting.hour + 2)
    diary.write(sitting.on, partial(_note, sitting), hour=sitting.hour + 3)
    _minutes(diary, sitting)


def _minutes(diary: Diary, sitting: Sitting) -> None:
    day = resolve(sitting.on, diary.today)
    steps: tuple[Step, ...] = (
        (1, 9, partial(_draft, sitting)),
        (2, 9, partial(_settled, diary, sitting)),
        (3, 16, partial(_send, sitting)),
        *_approvals(sitting),
        (9, 9, partial(_issue, sitting)),
        (10, 9, partial(_assign, sitting)),
    )
    for days, hour, do in steps:
        diary.write(day + timedelta(days=days), do, hour=hour)
    if sitting.away is not None:
        diary.write(sitting.away.since - timedelta(days=2), partial(delegated, sitting, sitting.away), hour=9)


def _approvals(sitting: Sitting) -> tuple[Step, ...]:
    """On the fifth and the seventh day, at the screen or on a sheet that the clerk registers the day after."""
    head = "head" if sitting.conference in actors.BY_THE_NOTICE else "liaison"
    if sitting.on_paper:
        return ((6, 9, partial(minutes_on_paper, sitting, 1)), (8, 9, partial(minutes_on_paper, sitting, 2)))
    return ((5, 10, partial(_approve, sitting, "union", "同意")), (7, 15, partial(_approve, sitting, head, "同意印发")))


# --- before the day --------------------------------------------------------------------------------------------------
def _prepare(diary: Diary, sitting: Sitting) -> None:
    day = resolve(sitting.on, diary.today)
    title = sitting.title if sitting.title[0].isdigit() else f"{day.year}{sitting.title}"
    meeting = Meeting(
        key=sitting.key,
        conference=actors.conference(sitting.conference),
        kind=sitting.kind,
        title=title,
        time=timezone.make_aware(datetime.combine(day, time(sitting.hour))),
        place=sitting.place,
        chair=actors.tenure(f"{actors.SHORT[sitting.conference]}-head", day),
        consultation=sitting.consultation,
    )
    save_meeting(meeting, by=actors.secretary(sitting.conference))


def _arrange(sitting: Sitting) -> None:
    """Put the topics on the agenda, name who reports; a briefing that nobody has announced is taken off."""
    meeting, clerk = actors.meeting(sitting.key), actors.secretary(sitting.conference)
    for topic in sitting.topics:
        if topic.ends in {"listed", "discussed"} and not topic.returned:
            add_topic(meeting, actors.topic(topic.key), by=clerk)
    told = {briefing.side: briefing for briefing in sitting.briefings}
    for item in list(meeting.agenda.all()):
        if item.kind == AgendaKind.BRIEFING and item.side in told:
            briefing = told[item.side]
            edit_agenda_item(item, by=clerk, title=briefing.title, speaker=briefing.speaker)
        elif item.kind == AgendaKind.BRIEFING:
            remove_agenda_item(item, by=clerk)
        elif item.kind == AgendaKind.FOLLOW_UP:
            edit_agenda_item(item, by=clerk, speaker=FOLLOW_UP_BY[sitting.conference])
    attach(meeting, by=clerk, files=uploads(sitting.files))


def _explain(sitting: Sitting, key: str, words: Explained) -> None:
    explain(
        actors.resolution(key),
        actors.meeting(sitting.key),
        by=actors.office(sitting.conference, "union-clerk"),
        text=words.text,
        opinion=words.opinion,
    )


def _invite(sitting: Sitting) -> None:
    meeting, clerk = actors.meeting(sitting.key), actors.secretary(sitting.conference)
    draw_attendance(meeting, by=clerk)
    for title, name in sitting.guests:
        add_guest(meeting, by=clerk, name=name, title=title)


def _consult(sitting: Sitting, who: str) -> None:
    meeting, person = actors.meeting(sitting.key), actors.office(sitting.conference, who)
    consult_meeting(meeting, by=person, opinion="同意召开")


def _settle(sitting: Sitting, who: str) -> None:
    settle_meeting(actors.meeting(sitting.key), by=actors.office(sitting.conference, who), opinion="同意")


def _notify(sitting: Sitting) -> None:
    notify_meeting(actors.meeting(sitting.key), by=actors.secretary(sitting.conference), number=sitting.notice)


def _reply(sitting: Sitting) -> None:
    """Who comes, who is on leave (请假), who sends somebody (派员代会)."""
    meeting, clerk = actors.meeting(sitting.key), actors.secretary(sitting.conference)
    away: dict[int | None, Absence] = {
        actors.tenure(absence.who, meeting.day).post_id: absence for absence in sitting.absences
    }
    for row in meeting.attendance.filter(status=AttendanceStatus.INVITED):
        absence = away.get(row.post_id)
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
    """The liaison of an invited department; the clerks answer for the leaders."""
    led = row.post is not None and not row.post.attends
    return actors.liaison(row.department.name) if led and row.department is not None else None


# --- the day ---------------------------------------------------------------------------------------------------------
def _hold(sitting: Sitting) -> None:
    hold_meeting(actors.meeting(sitting.key), by=actors.secretary(sitting.conference))


def _note(sitting: Sitting) -> None:
    """Write down what was said."""
    clerk = actors.secretary(sitting.conference)
    topics: dict[str | None, str] = {topic.key: topic.notes for topic in sitting.topics}
    briefings = {briefing.side: briefing.notes for briefing in sitting.briefings}
    said: dict[str, str] = {AgendaKind.FOLLOW_UP: sitting.follow_up, AgendaKind.DEPLOYMENT: sitting.deployment}
    for item in actors.meeting(sitting.key).agenda.select_related("topic"):
        notes = topics[item.topic.key] if item.topic else briefings.get(item.side) or said.get(item.kind, "")
        if notes:
            edit_agenda_item(item, by=clerk, notes=notes)


# --- the minutes -----------------------------------------------------------------------------------------------------
def _draft(sitting: Sitting) -> None:
    minutes = draft_minutes(actors.meeting(sitting.key), by=actors.secretary(sitting.conference))
    Minutes.objects.filter(pk=minutes.pk).update(key=f"{sitting.key}-M")  # as for the resolutions below
    edit_minutes(
        minutes,
        by=actors.secretary(sitting.conference),
        title=minutes.title,
        body=minutes.body,
        disclosure=sitting.minutes_disclosure,
    )


def _settled(diary: Diary, sitting: Sitting) -> None:
    """Write down what was settled: the resolution drafted from a topic is edited, a further one is added."""
    minutes, clerk = actors.minutes(sitting.key), actors.secretary(sitting.conference)
    drafted = {item.topic: minutes.resolutions.get(agenda_item__topic__key=item.topic) for item in sitting.items}
    for order, item in enumerate(sitting.items, 1):
        agenda_item = AgendaItem.objects.get(meeting=minutes.meeting, topic__key=item.topic)
        fields = {**_fields(item, diary), "text": _printed(sitting, item), "agenda_item": agenda_item, "order": order}
        first = drafted.pop(item.topic, None)
        row = edit_resolution(first, by=clerk, **fields) if first else add_resolution(minutes, by=clerk, **fields)
        # The key is no part of the record's content and no operation writes it: it names the row of the story.
        Resolution.objects.filter(pk=row.pk).update(key=item.key)
    if any(item.continues for item in sitting.items):
        _, pieces = redrafted(minutes)
        redraft_minutes(minutes, by=clerk, choices={piece.name: piece.preset for piece in pieces})


def _printed(sitting: Sitting, item: Item) -> str:
    """The text as the first minutes had it: a misprint is found later, and corrected."""
    wrong = sitting.misprint
    return item.text.replace(wrong.meant, wrong.printed) if wrong and wrong.item == item.key else item.text


def _fields(item: Item, diary: Diary) -> dict[str, Any]:
    return {
        "title": item.title,
        "facet": item.facet,
        "tags": item.tags,
        "amount": item.amount,
        "deadline_text": item.due.written(diary.today),
        "deadline_kind": _kind(item.due),
        "deadline": None if item.due.day is None else resolve(item.due.day, diary.today),
        "disclosure": item.disclosure,
        "disclosure_reason": item.reason,
        "parts": _parts(item),
        **({"continues": actors.resolution(item.continues)} if item.continues else {}),
    }


def _kind(due: Due) -> DeadlineKind:
    if due.standing:
        return DeadlineKind.STANDING
    if due.next_meeting:
        return DeadlineKind.NEXT_MEETING
    return DeadlineKind.NONE if due.day is None else DeadlineKind.DATE


def _parts(item: Item) -> list[Part]:
    tasks = dict(item.tasks)
    lead = Part(actors.department(item.lead), PartRole.LEAD)
    return [lead, *(Part(actors.department(name), PartRole.CO, tasks.get(name, "")) for name in item.co)]


def _send(sitting: Sitting) -> None:
    send_minutes(actors.minutes(sitting.key), by=actors.secretary(sitting.conference))


def _approve(sitting: Sitting, who: str, opinion: str) -> None:
    away = sitting.away
    if away is not None and away.office == who and away.since <= clock.today() <= away.until:
        who = away.deputy
    approve_minutes(actors.minutes(sitting.key), by=actors.office(sitting.conference, who), opinion=opinion)


def _issue(sitting: Sitting) -> None:
    issue_minutes(actors.minutes(sitting.key), by=actors.secretary(sitting.conference), number=sitting.number)


def _assign(sitting: Sitting) -> None:
    for item in sitting.items:
        assign(
            actors.resolution(item.key),
            by=actors.secretary(sitting.conference),
            note="请牵头单位十个工作日内制定落实方案，按时书面报告进展。",
        )
