"""The sign-in sheet of a meeting: everybody invited in protocol order, and room for others (`Y 2(3)`, `C 5(3)`)."""

from typing import Any

from meetings.documents.base import Made, made, moment, numbered
from meetings.documents.notice import unit_of
from meetings.enums import AttendanceStatus, DocumentKind
from meetings.models import Meeting
from meetings.operations.minutes_draft import draft_title
from meetings.queries.meeting import NOT_MEMBERS, Attendee, attendees

SPARE = 5
REMARKS = {AttendanceStatus.LEAVE: "请假", AttendanceStatus.OBSERVER: "列席", AttendanceStatus.GUEST: "邀请"}


def _row(who: Attendee) -> dict[str, str]:
    """Who signs: the delegate in the place of whoever sent one."""
    if who.row.status == AttendanceStatus.DELEGATE:
        told = f"代{who.title}{who.name}"
        return {"单位": unit_of(who), "姓名": who.row.delegate_name, "职务": who.row.delegate_title, "备注": told}
    remark = REMARKS.get(AttendanceStatus(who.row.status), "")
    return {"单位": unit_of(who), "姓名": who.name, "职务": who.title, "备注": remark}


def values(meeting: Meeting) -> dict[str, Any]:
    """The sheet as its template names it."""
    everybody = sorted(attendees(meeting), key=lambda who: who.row.status in NOT_MEMBERS)
    rows = numbered(_row(who) for who in everybody)
    return {
        "标题": f"{draft_title(meeting).removesuffix('纪要')}签到表",
        "联席会议": meeting.conference.name,
        "会议": meeting.title,
        "时间": moment(meeting.time, weekday=True),
        "地点": meeting.place,
        "人员": rows,
        "空行": [{"序号": str(len(rows) + number)} for number in range(1, SPARE + 1)],
    }


def make_sign_in(meeting: Meeting) -> Made:
    """The sheet as a Word file."""
    found = values(meeting)
    return made(DocumentKind.SIGN_IN, found, name=found["标题"], conference=meeting.conference)
