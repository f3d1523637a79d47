"""Helpers shared by the documents: dates and offices as text, and the generated file.

- `GeneratedFile` is a finished file with its name. `generate_word_file(kind, values, …)` creates one from the template
  that the conference uses.
- `format_date`, `format_datetime` and `numbered` format values as documents print them.
- `department_names(resolution, role)` and `status_text(resolution)` describe a resolution.
- `office_name(conference, which)`, `follow_up_offices(rules)` and `contact(conference)` name who issues a document and
  whom to ask.

The phrases of documents are official Chinese, not interface text: they are not translated.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from meetings.documents.templates import render_document
from meetings.enums import FollowUpBy, Office, Role, Side
from meetings.models import JointConference, RegulationAdoption, Resolution
from meetings.queries.deadline import is_overdue
from meetings.queries.people import holders

WEEKDAYS = "一二三四五六日"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_NAME_LENGTH = 80
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\/:*?"<>|]+')


@dataclass(frozen=True)
class GeneratedFile:
    """A finished file: name, content and MIME type."""

    name: str
    content: bytes
    type: str


def generate_word_file(
    kind: str, values: Mapping[str, object], *, name: str, conference: JointConference | None
) -> GeneratedFile:
    """Return the Word file made from the conference's own template, or from the portal's if it has none.

    Raise `Refused` if the conference's own template fails.
    """
    content = render_document(kind, values, conference=conference, title=name)
    return GeneratedFile(file_name(name, ".docx"), content, DOCX_TYPE)


def file_name(text: str, ending: str) -> str:
    """Return a safe file name: characters that file systems reject are removed, and the length is limited."""
    return (_UNSAFE.sub("", text).strip(" .")[:MAX_NAME_LENGTH].strip(" .") or "文书") + ending


# --- dates -----------------------------------------------------------------------------------------------------------
def format_date(value: date | None) -> str:
    """Return a date as 2025年9月5日, or an empty string for None."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def format_datetime(value: datetime | None, *, weekday: bool = False) -> str:
    """Return local date and time as 2025年9月5日15:00, on request with the weekday; an empty string for None."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    of_week = f"（星期{WEEKDAYS[local.weekday()]}）" if weekday else ""
    return f"{format_date(local.date())}{of_week}{local.hour}:{local.minute:02d}"


def numbered(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return the rows with a 序号 that starts at 1."""
    return [{"序号": str(number), **row} for number, row in enumerate(rows, 1)]


# --- departments and offices -----------------------------------------------------------------------------------------
def department_names(resolution: Resolution, role: str) -> str:
    """Return the departments of a resolution that have this role, under their names when it was settled."""
    return "、".join(part.name or part.department.name for part in resolution.parts.all() if part.role == role)


def status_text(resolution: Resolution) -> str:
    """Return the state of a resolution as text, marked if it is overdue."""
    state = str(resolution.get_state_display())
    return f"逾期（{state}）" if is_overdue(resolution) else state


def office_name(conference: JointConference, which: str) -> str:
    """Return the issuing office: that of the government, or that of the coordination group."""
    if which == Office.GOVERNMENT:
        return f"{conference.government_side}办公室"
    return f"{conference.short_name}政府与工会联席会议协调小组办公室"


def follow_up_offices(rules: RegulationAdoption) -> str:
    """Return who follows up: both sides jointly, or the coordination office."""
    if rules.follow_up_by == FollowUpBy.BOTH_SIDES:
        return f"{office_name(rules.conference, Office.GOVERNMENT)}　{rules.conference.union_side}"
    return office_name(rules.conference, Office.COORDINATION)


def contact(conference: JointConference, on: date | None = None) -> dict[str, str]:
    """Return the clerk of the government side on a day, and that clerk's office telephone."""
    clerks = list(holders(conference, roles=[Role.CLERK], on=on).order_by("post__order", "pk"))
    found = next((row for row in clerks if row.post.side == Side.GOVERNMENT), clerks[0] if clerks else None)
    telephone = found.post.department.telephone if found and found.post.department else ""
    return {"联系人": found.person.name if found else "", "联系电话": telephone}
