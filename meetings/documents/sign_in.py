"""The sign-in sheet of a meeting: invited people in protocol order, and empty rows for others (`Y 2(3)`, `C 5(3)`)."""

from meetings.documents.base import GeneratedFile, format_datetime, generate_word_file, numbered
from meetings.documents.notice import unit_of
from meetings.enums import AttendanceStatus, DocumentKind
from meetings.models import Meeting
from meetings.operations.minutes_draft import draft_title
from meetings.queries.meeting import NOT_MEMBERS, Attendee, attendees

SPARE_ROWS = 5
REMARKS = {AttendanceStatus.LEAVE: "请假", AttendanceStatus.OBSERVER: "列席", AttendanceStatus.GUEST: "邀请"}


def _row(attendee: Attendee) -> dict[str, str]:
    """Return the row of the person who signs: the delegate, if one is sent."""
    if attendee.row.status == AttendanceStatus.DELEGATE:
        remark = f"代{attendee.title}{attendee.name}"
        return {
            "单位": unit_of(attendee),
            "姓名": attendee.row.delegate_name,
            "职务": attendee.row.delegate_title,
            "备注": remark,
        }
    remark = REMARKS.get(AttendanceStatus(attendee.row.status), "")
    return {"单位": unit_of(attendee), "姓名": attendee.name, "职务": attendee.title, "备注": remark}


def sheet_title(meeting: Meeting) -> str:
    """Return the title of the sheet, which is also the name of its file."""
    return f"{draft_title(meeting).removesuffix('纪要')}签到表"


def values(meeting: Meeting) -> dict[str, object]:
    """Return the values for the template."""
    everyone = sorted(attendees(meeting), key=lambda attendee: attendee.row.status in NOT_MEMBERS)
    rows = numbered(_row(attendee) for attendee in everyone)
    return {
        "标题": sheet_title(meeting),
        "联席会议": meeting.conference.name,
        "会议": meeting.title,
        "时间": format_datetime(meeting.time, weekday=True),
        "地点": meeting.place,
        "人员": rows,
        "空行": [{"序号": str(len(rows) + number)} for number in range(1, SPARE_ROWS + 1)],
    }


def make_sign_in(meeting: Meeting) -> GeneratedFile:
    """Return the sheet as a Word file."""
    name, conference = sheet_title(meeting), meeting.conference
    return generate_word_file(DocumentKind.SIGN_IN, values(meeting), name=name, conference=conference)
