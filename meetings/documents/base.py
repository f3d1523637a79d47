"""What documents share: how they write days, money and offices, and how one comes out as a file.

Key concepts
- `Made`: a finished file with its name. `made(kind, values, …)`: one from the template that the conference uses.
- `day`, `moment`, `money`, `numbered`: figures as documents write them.
- `names(resolution, role)`: departments as on the day. `standing(resolution)`: how far it has come.
- `office(conference, which)`, `offices(rules)`: who issues. `contact(conference)`: who is asked.
The phrases of documents are official Chinese, not interface: they are no translations.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from meetings.documents.templates import filled
from meetings.enums import FollowUpBy, Office, Role, Side
from meetings.models import JointConference, RegulationAdoption, Resolution
from meetings.queries.deadline import is_overdue
from meetings.queries.people import holders

WEEKDAYS = "一二三四五六日"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 80
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\/:*?"<>|]+')


@dataclass(frozen=True)
class Made:
    """A finished file."""

    name: str
    content: bytes
    type: str


def made(kind: str, values: Mapping[str, Any], *, name: str, conference: JointConference | None) -> Made:
    """The Word file from the conference's own template or the portal's; `Refused` when its own one fails."""
    content = filled(kind, values, conference=conference, title=name)
    return Made(file_name(name, ".docx"), content, WORD)


def file_name(text: str, ending: str) -> str:
    """A file's name: what no system takes is left out, and it is not longer than one shows."""
    return (_UNSAFE.sub("", text).strip(" .")[:LONGEST_NAME].strip(" .") or "文书") + ending


# --- words and figures -----------------------------------------------------------------------------------------------
def day(value: date | None) -> str:
    """2025年9月5日; nothing for none."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def moment(value: datetime | None, *, weekday: bool = False) -> str:
    """2025年9月5日15:00, with the day of the week if it is asked for; nothing for none."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    of_week = f"（星期{WEEKDAYS[local.weekday()]}）" if weekday else ""
    return f"{day(local.date())}{of_week}{local.hour}:{local.minute:02d}"


def money(amount: Decimal | None) -> str:
    """50万元, 3.5万元 from ten thousand on where it comes out even in hundreds, else 300元; nothing for none."""
    if amount is None:
        return ""
    if amount >= 10000 and amount % 100 == 0:
        return f"{(amount / 10000).normalize():f}万元"
    return f"{amount:,.2f}".removesuffix(".00") + "元"


def numbered(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with 序号 from 1."""
    return [{"序号": str(number), **row} for number, row in enumerate(rows, 1)]


# --- who -------------------------------------------------------------------------------------------------------------
def names(resolution: Resolution, role: str) -> str:
    """The departments of a resolution under the names that they bore when it was settled."""
    return "、".join(part.name or part.department.name for part in resolution.parts.all() if part.role == role)


def standing(resolution: Resolution) -> str:
    """How far it has come; overdue comes first."""
    state = str(resolution.get_state_display())
    return f"逾期（{state}）" if is_overdue(resolution) else state


def office(conference: JointConference, which: str) -> str:
    """The office that issues: the government's, or that of the coordination group."""
    if which == Office.GOVERNMENT:
        return f"{conference.government_side}办公室"
    return f"{conference.short_name}政府与工会联席会议协调小组办公室"


def offices(rules: RegulationAdoption) -> str:
    """Who follows up: both sides jointly, or the coordination office."""
    if rules.follow_up_by == FollowUpBy.BOTH_SIDES:
        return f"{office(rules.conference, Office.GOVERNMENT)}　{rules.conference.union_side}"
    return office(rules.conference, Office.COORDINATION)


def contact(conference: JointConference, on: date | None = None) -> dict[str, str]:
    """The clerk of the government side on a day, and the telephone of that office."""
    clerks = list(holders(conference, roles=[Role.CLERK], on=on).order_by("post__order", "pk"))
    found = next((row for row in clerks if row.post.side == Side.GOVERNMENT), clerks[0] if clerks else None)
    telephone = found.post.department.telephone if found and found.post.department else ""
    return {"联系人": found.person.name if found else "", "联系电话": telephone}
