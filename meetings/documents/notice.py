"""The notice of a meeting with agenda, materials and reply slip, in the order of official notices (`Y 2(4)`, `C 5(2)`).

`notice_of(meeting)` returns its content, whose `sections` the print view shows. `make_notice(meeting)` returns the Word
file. The phrases are official Chinese, not interface text: they are not translated.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from meetings.documents.base import (
    GeneratedFile,
    contact,
    format_date,
    format_datetime,
    generate_word_file,
    numbered,
    office_name,
)
from meetings.enums import DocumentKind
from meetings.models import AgendaItem, Attachment, Meeting
from meetings.operations.minutes_draft import chinese_number, draft_title
from meetings.queries.meeting import NOT_MEMBERS, Attendee, agenda, attendees

MATTERS = (
    "请参会人员提前安排工作，准时参会。因故不能参会的，请在会前请假并明确代会人员。",
    "请各单位在会前将参会回执反馈至联系人。",
)


@dataclass(frozen=True)
class Section:
    """A numbered section: heading, and a sentence or a list."""

    heading: str
    text: str = ""
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Material:
    """A document to read before the meeting: its topic, the department that owns it, and its files."""

    title: str
    owner: str
    files: list[str]


@dataclass(frozen=True)
class Notice:
    """The content of a notice."""

    title: str
    number: str
    recipients: str
    opening: str
    time: str
    place: str
    chair: str
    people: list[Attendee]
    agenda: list[AgendaItem]
    materials: list[Material]
    contact: dict[str, str]
    issuer: str
    issued_on: date | None

    @property
    def sections(self) -> list[Section]:
        """Return the text in numbered sections."""
        people = [
            f"{attendee.title}{attendee.name}" + ("（列席）" if attendee.row.status in NOT_MEMBERS else "")
            for attendee in self.people
        ]
        parts = [
            ("会议时间", f"{self.time}。", []),
            ("会议地点", f"{self.place}。" if self.place else "", []),
            ("参会人员", "", people),
            ("会议议程", "", [item.title for item in self.agenda]),
            ("有关事项", "", self.matters),
        ]
        return [
            Section(f"{chinese_number(number)}、{heading}", text, items)
            for number, (heading, text, items) in enumerate(parts, 1)
        ]

    @property
    def matters(self) -> list[str]:
        """Return what attendees are asked to do, and the contact if one is known."""
        details = self.contact
        line = (
            f"联系人：{details['联系人']}"
            + (f"，联系电话：{details['联系电话']}" if details["联系电话"] else "")
            + "。"
        )
        return [*MATTERS, *([line] if details["联系人"] else [])]


def _materials(meeting: Meeting, items: list[AgendaItem]) -> list[Material]:
    """Return the topics on the agenda with their files, then the files of the meeting itself. Runs one query."""
    files: dict[tuple[int | None, int | None], list[str]] = defaultdict(list)
    listed = [item.topic_id for item in items if item.topic_id]
    rows = Attachment.objects.filter(removed_at=None, is_scan=False)
    for row in rows.filter(topic__in=listed) | rows.filter(meeting=meeting):
        files[row.topic_id, row.meeting_id].append(row.name)
    found = [
        Material(item.topic.title, item.topic.proposer.name, files[item.topic_id, None]) for item in items if item.topic
    ]
    own = files[None, meeting.pk]
    return (
        [*found, Material("会议文件", office_name(meeting.conference, meeting.adoption.notice_by), own)]
        if own
        else found
    )


def notice_of(meeting: Meeting) -> Notice:
    """Return the notice of a meeting; a draft has no date of issue. Runs six queries."""
    invited, items = attendees(meeting), list(agenda(meeting))
    members = [attendee for attendee in invited if attendee.row.status not in NOT_MEMBERS]
    units = dict.fromkeys(attendee.row.department.name for attendee in members if attendee.row.department)
    name, chair = draft_title(meeting).removesuffix("纪要"), meeting.chair
    return Notice(
        title=f"关于召开{name}的通知",
        number=meeting.notice_number,
        recipients="、".join(units) + "：" if units else "",
        opening=f"经研究，定于近期召开{name}。现将有关事项通知如下：",
        time=format_datetime(meeting.time, weekday=True),
        place=meeting.place,
        chair=f"{chair.full_title}{chair.person.name}" if chair else "",
        people=[*members, *(attendee for attendee in invited if attendee.row.status in NOT_MEMBERS)],
        agenda=items,
        materials=_materials(meeting, items),
        contact=contact(meeting.conference, meeting.notified_on),
        issuer=office_name(meeting.conference, meeting.adoption.notice_by),
        issued_on=meeting.notified_on,
    )


def unit_of(attendee: Attendee) -> str:
    """Return the name of the attendee's department, or an empty string."""
    return attendee.row.department.name if attendee.row.department else ""


def values(notice: Notice, meeting: Meeting) -> dict[str, object]:
    """Return the values for the template."""
    people = [
        {
            "单位": unit_of(attendee),
            "职务": attendee.title,
            "姓名": attendee.name,
            "列席": attendee.row.status in NOT_MEMBERS,
        }
        for attendee in notice.people
    ]
    return {
        "标题": notice.title,
        "文号": notice.number,
        "草稿": notice.issued_on is None,
        "主送": notice.recipients.removesuffix("："),
        "引言": notice.opening,
        "联席会议": meeting.conference.name,
        "会议": meeting.title,
        "时间": notice.time,
        "地点": notice.place,
        "主持人": notice.chair,
        "参会人员": numbered(people),
        "议程": numbered({"事项": item.title, "汇报": item.speaker} for item in notice.agenda),
        "有关事项": numbered({"内容": text} for text in notice.matters),
        "会议材料": numbered(
            {"材料": row.title, "单位": row.owner, "文件": "\n".join(row.files)} for row in notice.materials
        ),
        **notice.contact,
        "落款": notice.issuer,
        "日期": format_date(notice.issued_on),
    }


def make_notice(meeting: Meeting) -> GeneratedFile:
    """Return the notice as a Word file."""
    notice = notice_of(meeting)
    return generate_word_file(
        DocumentKind.NOTICE, values(notice, meeting), name=notice.title, conference=meeting.conference
    )
