"""Minutes as a Word file: text, resolutions, attendance (出席/请假/列席) and recipients (分送) (`Y 2(5)`, `C 5(4)`).

Issued minutes are printed as they were approved, even if names or rows have changed since.

- `make_minutes(minutes)` returns the file.
- `paragraphs(body)` splits rich text into paragraphs that a template can print.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from meetings.documents.base import GeneratedFile, format_date, generate_word_file, numbered, office_name
from meetings.enums import DocumentKind, MinutesState
from meetings.models import Minutes
from meetings.models.minutes import signer_text
from meetings.operations.minutes_draft import chinese_number
from meetings.queries.minutes import Document, NumberedResolution, document

BLOCKS = {"p", "h2", "h3", "li"}


@dataclass
class Paragraph:
    """A paragraph of rich text: its tag, and its runs of (bold, text)."""

    tag: str
    runs: list[tuple[bool, str]] = field(default_factory=list)

    def add(self, text: str, *, bold: bool = False) -> None:
        """Append text; it is merged with the last run if that is equally bold."""
        if self.runs and self.runs[-1][0] == bold:
            text = self.runs.pop()[1] + text
        self.runs.append((bold, text))

    @property
    def text(self) -> str:
        """Return the whole text without formatting."""
        return "".join(text for _bold, text in self.runs).strip()

    def values(self) -> dict[str, object]:
        """Return the values for the template. A heading has its own font, so its bold runs are merged into one."""
        heading = self.tag in {"h2", "h3"}
        runs = [(False, self.text)] if heading else self.runs
        lead = runs[0][1].lstrip() if runs[0][0] else ""
        return {
            "一级标题": self.tag == "h2",
            "二级标题": self.tag == "h3",
            "开头": lead,
            "文字": "".join(text for _bold, text in (runs[1:] if lead else runs)).rstrip(),
            "片段": [{"加粗": bold, "文字": text} for bold, text in runs],
        }


class _RichTextParser(HTMLParser):
    """Parses the few tags that the editor of minutes writes."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[Paragraph] = []
        # Per open list: the number of its last item, or -1 if the list is not ordered.
        self.list_counters: list[int] = []
        self.bold = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ol", "ul"}:
            self.list_counters.append(0 if tag == "ol" else -1)
        elif tag in BLOCKS:
            self.paragraphs.append(Paragraph(tag))
            if tag == "li" and self.list_counters and self.list_counters[-1] >= 0:
                self.list_counters[-1] += 1
                self.paragraphs[-1].add(f"{self.list_counters[-1]}. ")
        elif tag in {"b", "strong"}:
            self.bold += 1
        elif tag == "br" and self.paragraphs:
            self.paragraphs[-1].add("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ol", "ul"} and self.list_counters:
            self.list_counters.pop()
        elif tag in {"b", "strong"}:
            self.bold = max(0, self.bold - 1)

    def handle_data(self, data: str) -> None:
        """Append text; text before the first paragraph starts one."""
        if not self.paragraphs and data.strip():
            self.paragraphs.append(Paragraph("p"))
        if self.paragraphs:
            self.paragraphs[-1].add(data, bold=bool(self.bold))


def paragraphs(body: str) -> list[Paragraph]:
    """Return the non-empty paragraphs of rich text; items of ordered lists start with their numbers."""
    reader = _RichTextParser()
    reader.feed(body)
    reader.close()
    return [line for line in reader.paragraphs if line.text]


def _resolution_terms(row: NumberedResolution) -> Iterator[str]:
    """Yield lead department, co-operating departments, deadline, amount and further terms, as far as given."""
    found = row.resolution
    for label, text in (
        ("牵头单位", row.lead),
        ("配合单位", row.co),
        ("完成时限", found.deadline_text or format_date(found.deadline)),
        *((term.name, term.text) for term in row.terms),
    ):
        if text:
            yield f"{label}：{text}"


def _resolution_values(row: NumberedResolution) -> dict[str, object]:
    found = row.resolution
    return {
        "汉字序号": chinese_number(row.number),
        "标题": found.title,
        "内容": [{"文字": line.strip()} for line in found.text.splitlines() if line.strip()],
        "牵头": row.lead,
        "配合": row.co,
        "时限": found.deadline_text or format_date(found.deadline),
        **{term.name: term.text for term in row.terms},
        "公开属性": str(found.get_disclosure_display()),
        "分工": "；".join(_resolution_terms(row)),
    }


def _recipients(printed_minutes: Document) -> str:
    """Return both sides, then every unit that was invited or has a task, each once. Runs one query."""
    meeting = printed_minutes.minutes.meeting
    charged = [
        name for row in printed_minutes.resolutions for name in (*row.lead.split("、"), *row.co.split("、")) if name
    ]
    invited = (
        meeting.attendance.exclude(department=None).order_by("order", "pk").values_list("department__name", flat=True)
    )
    sides = (meeting.conference.government_side, meeting.conference.union_side)
    return "、".join(dict.fromkeys([*sides, *invited, *charged]))


def _attendance_values(printed_minutes: Document) -> dict[str, str]:
    """Return the attendance, except the parts that the text of the minutes already lists."""
    roll = printed_minutes.roll_without_listed
    return {
        "出席": "、".join(attendee.printed_name for attendee in roll.present),
        "请假": "、".join(f"{attendee.title}{attendee.name}" for attendee in roll.leave),
        "列席": "、".join(f"{attendee.title}{attendee.name}" for attendee in roll.observers),
    }


def values(minutes: Minutes) -> dict[str, object]:
    """Return the values for the template."""
    printed_minutes, meeting = document(minutes), minutes.meeting
    old, new = printed_minutes.corrects, printed_minutes.corrected_by
    correction_note = f"本纪要更正{old.number}，原纪要以本纪要为准。" if old else ""
    correction_note += f"本纪要已由{new.number}更正。" if new else ""
    return {
        "标题": printed_minutes.title,
        "文号": printed_minutes.number,
        "草稿": minutes.state != MinutesState.ISSUED,
        "联席会议": meeting.conference.name,
        "会议": meeting.title,
        "会议日期": format_date(meeting.day),
        "更正说明": correction_note,
        "正文": [line.values() for line in paragraphs(printed_minutes.body)],
        "议定事项": numbered(_resolution_values(row) for row in printed_minutes.resolutions),
        **_attendance_values(printed_minutes),
        "分送": _recipients(printed_minutes),
        "附件": numbered({"名称": file.name} for file in printed_minutes.files),
        "审定": [
            {
                "职务": row.title,
                "姓名": signer_text("", row.person.name, row.authority).strip(),
                "日期": format_date(row.on),
            }
            for row in printed_minutes.approvals
        ],
        "落款": office_name(meeting.conference, meeting.adoption.minutes_issued_by),
        "日期": format_date(minutes.issued_on),
    }


def make_minutes(minutes: Minutes) -> GeneratedFile:
    """Return the minutes as a Word file; the name of a draft says so."""
    name = minutes.title + ("" if minutes.state == MinutesState.ISSUED else "（草稿）")
    return generate_word_file(DocumentKind.MINUTES, values(minutes), name=name, conference=minutes.meeting.conference)
