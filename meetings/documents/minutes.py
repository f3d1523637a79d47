"""Minutes as a Word file: text, what was settled, 出席/请假/列席, 分送 (`Y 2(5)`, `C 5(4)`).

Issued minutes are printed as they were approved, whatever became of names and rows since.

Key concepts
- `make_minutes(minutes)`: the file. `paragraphs(body)`: rich text as paragraphs that a template can print.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from meetings.documents.base import Made, day, made, money, numbered, office
from meetings.enums import DocumentKind, MinutesState
from meetings.models import Minutes
from meetings.models.minutes import printed
from meetings.operations.minutes_draft import chinese_number
from meetings.queries.minutes import Document, Settled, document

BLOCKS = {"p", "h2", "h3", "li"}


@dataclass
class Line:
    """A paragraph of rich text: what it is, and its words, each run of them bold or not."""

    tag: str
    runs: list[tuple[bool, str]] = field(default_factory=list)

    def add(self, words: str, *, bold: bool = False) -> None:
        """Go on with these words."""
        if self.runs and self.runs[-1][0] == bold:
            words = self.runs.pop()[1] + words
        self.runs.append((bold, words))

    @property
    def words(self) -> str:
        """All of it."""
        return "".join(words for _bold, words in self.runs).strip()

    def values(self) -> dict[str, Any]:
        """As a template names it; a heading has a face of its own, and no bold words."""
        heading = self.tag in {"h2", "h3"}
        runs = [(False, self.words)] if heading else self.runs
        lead = runs[0][1].lstrip() if runs[0][0] else ""
        return {
            "一级标题": self.tag == "h2",
            "二级标题": self.tag == "h3",
            "开头": lead,
            "文字": "".join(words for _bold, words in (runs[1:] if lead else runs)).rstrip(),
            "片段": [{"加粗": bold, "文字": words} for bold, words in runs],
        }


class _Reader(HTMLParser):
    """Reads the few tags that minutes are written with."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.lists: list[int] = []  # the number of the last item of each ordered list that is open; -1 in others
        self.bold = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Begin a paragraph, a list or bold words."""
        if tag in {"ol", "ul"}:
            self.lists.append(0 if tag == "ol" else -1)
        elif tag in BLOCKS:
            self.lines.append(Line(tag))
            if tag == "li" and self.lists and self.lists[-1] >= 0:
                self.lists[-1] += 1
                self.lines[-1].add(f"{self.lists[-1]}. ")
        elif tag in {"b", "strong"}:
            self.bold += 1
        elif tag == "br" and self.lines:
            self.lines[-1].add("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a list or bold words."""
        if tag in {"ol", "ul"} and self.lists:
            self.lists.pop()
        elif tag in {"b", "strong"}:
            self.bold = max(0, self.bold - 1)

    def handle_data(self, data: str) -> None:
        """Words; those outside of any paragraph begin one."""
        if not self.lines and data.strip():
            self.lines.append(Line("p"))
        if self.lines:
            self.lines[-1].add(data, bold=bool(self.bold))


def paragraphs(body: str) -> list[Line]:
    """The paragraphs of rich text, empty ones left out; items of ordered lists bear their numbers."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return [line for line in reader.lines if line.words]


def _terms(row: Settled) -> Iterator[str]:
    """Who leads, who helps, by when, with how much."""
    found = row.resolution
    for label, words in (
        ("牵头单位", row.lead),
        ("配合单位", row.co),
        ("完成时限", found.deadline_text or day(found.deadline)),
        ("金额", money(found.amount)),
    ):
        if words:
            yield f"{label}：{words}"


def _settled(row: Settled) -> dict[str, Any]:
    found = row.resolution
    return {
        "汉字序号": chinese_number(row.number),
        "标题": found.title,
        "内容": [{"文字": line.strip()} for line in found.text.splitlines() if line.strip()],
        "牵头": row.lead,
        "配合": row.co,
        "时限": found.deadline_text or day(found.deadline),
        "金额": money(found.amount),
        "公开属性": str(found.get_disclosure_display()),
        "分工": "；".join(_terms(row)),
    }


def _recipients(paper: Document) -> str:
    """Both sides, then every unit that was invited or has something to do, each once. One query."""
    meeting = paper.minutes.meeting
    charged = [name for row in paper.settled for name in (*row.lead.split("、"), *row.co.split("、")) if name]
    came = (
        meeting.attendance.exclude(department=None).order_by("order", "pk").values_list("department__name", flat=True)
    )
    sides = (meeting.conference.government_side, meeting.conference.union_side)
    return "、".join(dict.fromkeys([*sides, *came, *charged]))


def _roll(paper: Document) -> dict[str, str]:
    """Who came; what the text of the minutes already says is not said twice."""
    roll = paper.unlisted
    return {
        "出席": "、".join(who.present for who in roll.present),
        "请假": "、".join(f"{who.title}{who.name}" for who in roll.leave),
        "列席": "、".join(f"{who.title}{who.name}" for who in roll.observers),
    }


def values(minutes: Minutes) -> dict[str, Any]:
    """The minutes as their template names them."""
    paper, meeting = document(minutes), minutes.meeting
    old, new = paper.corrects, paper.corrected_by
    told = f"本纪要更正{old.number}，原纪要以本纪要为准。" if old else ""
    told += f"本纪要已由{new.number}更正。" if new else ""
    return {
        "标题": paper.title,
        "文号": paper.number,
        "草稿": minutes.state != MinutesState.ISSUED,
        "联席会议": meeting.conference.name,
        "会议": meeting.title,
        "会议日期": day(meeting.day),
        "更正说明": told,
        "正文": [line.values() for line in paragraphs(paper.body)],
        "议定事项": numbered(_settled(row) for row in paper.settled),
        **_roll(paper),
        "分送": _recipients(paper),
        "附件": numbered({"名称": file.name} for file in paper.files),
        "审定": [
            {"职务": row.title, "姓名": printed("", row.person.name, row.authority).strip(), "日期": day(row.on)}
            for row in paper.approvals
        ],
        "落款": office(meeting.conference, meeting.adoption.minutes_issued_by),
        "日期": day(minutes.issued_on),
    }


def make_minutes(minutes: Minutes) -> Made:
    """The minutes as a Word file; a draft says so."""
    name = minutes.title + ("" if minutes.state == MinutesState.ISSUED else "（草稿）")
    return made(DocumentKind.MINUTES, values(minutes), name=name, conference=minutes.meeting.conference)
