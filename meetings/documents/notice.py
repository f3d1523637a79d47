"""The notice of a meeting with agenda, materials and reply slip, in the order of official notices (`Y 2(4)`, `C 5(2)`).

Key concepts
- `notice_of(meeting)`: what it says; a page draws its `sections`. `make_notice(meeting)`: the Word file.
The phrases are official Chinese, not interface: they are no translations.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from meetings.documents.base import Made, contact, day, made, moment, numbered, office
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
    """A numbered section: its heading, a sentence or a list."""

    heading: str
    text: str = ""
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Material:
    """What is read before the meeting: of which topic, from whom, and its files."""

    title: str
    owner: str
    files: list[str]


@dataclass(frozen=True)
class Notice:
    """What the notice says."""

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
        """The text in numbered sections."""
        people = [
            f"{who.title}{who.name}" + ("（列席）" if who.row.status in NOT_MEMBERS else "") for who in self.people
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
        """What is asked of those who come, and whom to ask."""
        who = self.contact
        told = f"联系人：{who['联系人']}" + (f"，联系电话：{who['联系电话']}" if who["联系电话"] else "") + "。"
        return [*MATTERS, *([told] if who["联系人"] else [])]


def _materials(meeting: Meeting, items: list[AgendaItem]) -> list[Material]:
    """The topics on the agenda with their files, then the files of the meeting itself. One query."""
    files: dict[tuple[int | None, int | None], list[str]] = defaultdict(list)
    listed = [item.topic_id for item in items if item.topic_id]
    rows = Attachment.objects.filter(removed_at=None, is_scan=False)
    for row in rows.filter(topic__in=listed) | rows.filter(meeting=meeting):
        files[row.topic_id, row.meeting_id].append(row.name)
    found = [
        Material(item.topic.title, item.topic.proposer.name, files[item.topic_id, None]) for item in items if item.topic
    ]
    own = files[None, meeting.pk]
    return [*found, Material("会议文件", office(meeting.conference, meeting.adoption.notice_by), own)] if own else found


def notice_of(meeting: Meeting) -> Notice:
    """The notice from the meeting's data; without a day of issue while it is a draft. Six queries."""
    invited, items = attendees(meeting), list(agenda(meeting))
    members = [who for who in invited if who.row.status not in NOT_MEMBERS]
    units = dict.fromkeys(who.row.department.name for who in members if who.row.department)
    name, chair = draft_title(meeting).removesuffix("纪要"), meeting.chair
    return Notice(
        title=f"关于召开{name}的通知",
        number=meeting.notice_number,
        recipients="、".join(units) + "：" if units else "",
        opening=f"经研究，定于近期召开{name}。现将有关事项通知如下：",
        time=moment(meeting.time, weekday=True),
        place=meeting.place,
        chair=f"{chair.full_title}{chair.person.name}" if chair else "",
        people=[*members, *(who for who in invited if who.row.status in NOT_MEMBERS)],
        agenda=items,
        materials=_materials(meeting, items),
        contact=contact(meeting.conference, meeting.notified_on),
        issuer=office(meeting.conference, meeting.adoption.notice_by),
        issued_on=meeting.notified_on,
    )


def unit_of(who: Attendee) -> str:
    """The department that somebody comes from."""
    return who.row.department.name if who.row.department else ""


def values(notice: Notice, meeting: Meeting) -> dict[str, Any]:
    """The notice as its template names it."""
    people = [
        {"单位": unit_of(who), "职务": who.title, "姓名": who.name, "列席": who.row.status in NOT_MEMBERS}
        for who in notice.people
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
        "日期": day(notice.issued_on),
    }


def make_notice(meeting: Meeting) -> Made:
    """The notice as a Word file."""
    notice = notice_of(meeting)
    return made(DocumentKind.NOTICE, values(notice, meeting), name=notice.title, conference=meeting.conference)
