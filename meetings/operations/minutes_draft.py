"""The first text of minutes, from what the meeting holds, in the set phrases of published minutes.

Key concepts
- `draft_title(meeting)`, `draft_body(meeting)`: title and rich text; the clerks write on from there.
The phrases are official Chinese, not interface: they are no translations.
"""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.html import escape

from meetings.enums import AgendaKind, ResolutionState, Side
from meetings.models import AgendaItem, Meeting, Resolution
from meetings.queries.meeting import Attendee, Unfinished, agenda, roll, unfinished_before

DIGITS = "零一二三四五六七八九"
SIDES = {Side.GOVERNMENT: "政府方", Side.UNION: "工会方"}


def chinese_number(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (DIGITS[ones] if ones else "")


def draft_title(meeting: Meeting) -> str:
    """The title, for example 垣曲县人民政府与垣曲县总工会2024年度联席会议纪要."""
    conference = meeting.conference
    if meeting.title.endswith("联席会议"):
        return f"{conference.government_side}与{conference.union_side}{meeting.title}纪要"
    return f"{conference.name}纪要（{meeting.title}）"


def draft_body(meeting: Meeting) -> str:
    """The text: opening, attendance, a paragraph per agenda item, and the words that lead to the resolutions."""
    items = list(agenda(meeting))
    parts = [_opening(meeting), *_attendance(meeting)]
    for number, item in enumerate(items, 1):
        parts.append(f"<h2>{chinese_number(number)}、{escape(item.title)}</h2>")
        parts += _paragraphs(PHRASES[AgendaKind(item.kind)](item))
        if item.kind == AgendaKind.FOLLOW_UP:
            parts.append(_explanations(meeting))
        parts += _paragraphs(_as_said(item))
    if any(item.topic_id for item in items):
        parts.append("<p>会议议定以下事项：</p>")
    return "".join(parts)


def _paragraphs(text: str) -> list[str]:
    return [f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip()]


def _opening(meeting: Meeting) -> str:
    moment = timezone.localtime(meeting.time)
    half = "上午" if moment.hour < 12 else "下午" if moment.hour < 18 else "晚上"
    name = draft_title(meeting).removesuffix("纪要")
    text = f"{moment.year}年{moment.month}月{moment.day}日{half}，{name}在{meeting.place}召开。"
    if meeting.chair is not None:
        text += f"{meeting.chair.full_title}{meeting.chair.person.name}主持会议。"
    return f"<p>{escape(text)}现纪要如下：</p>"


def _attendance(meeting: Meeting) -> list[str]:
    called = roll(meeting)
    lists: tuple[tuple[str, Iterable[Attendee]], ...] = (
        ("出席", called.present),
        ("请假", called.leave),
        ("列席", called.observers),
    )
    return [
        f"<p><b>{label}：</b>{escape('；'.join(who.present for who in people))}。</p>"
        for label, people in lists
        if people
    ]


def _subject(item: AgendaItem, *verbs: str) -> str:
    """What an item is about: its title without the leading verb."""
    return next((item.title.removeprefix(verb) for verb in verbs if item.title.startswith(verb)), item.title)


def _briefing(item: AgendaItem) -> str:
    who = item.speaker or SIDES.get(Side(item.side), "") if item.side else item.speaker
    return f"会议听取了{who}关于{_subject(item, '通报')}的通报。"


def _follow_up(item: AgendaItem) -> str:
    return f"会议听取了{item.speaker}关于{_subject(item, '通报', '报告')}的报告。"


def _presentation(item: AgendaItem) -> str:
    return f"会议通报了{_subject(item, '通报')}。"


def _deliberation(item: AgendaItem) -> str:
    return f"会议审议了{_subject(item, '审议', '讨论并协商确定')}。"


def _deployment(item: AgendaItem) -> str:
    return "政府和工会领导就落实联席会议议定事项作了部署。"


PHRASES = {
    AgendaKind.BRIEFING: _briefing,
    AgendaKind.FOLLOW_UP: _follow_up,
    AgendaKind.PRESENTATION: _presentation,
    AgendaKind.DELIBERATION: _deliberation,
    AgendaKind.DEPLOYMENT: _deployment,
    AgendaKind.OTHER: lambda item: "",
}
SAID = {AgendaKind.DELIBERATION: "会议认为，", AgendaKind.DEPLOYMENT: "会议强调，"}


def _as_said(item: AgendaItem) -> str:
    """The notes of an item; those of a deliberation or deployment get the set phrase unless they bring their own."""
    notes = item.notes.strip()
    if not notes or notes.startswith(("会议", "会上")):
        return notes
    return SAID.get(AgendaKind(item.kind), "") + notes


def _explanations(meeting: Meeting) -> str:
    """The unfinished resolutions with explanation and opinion, as reported to this meeting (`Y 1(6)`, `C 4三`)."""
    going_on = Resolution.objects.filter(minutes__meeting=meeting, continues__isnull=False, amends=None)
    later = {row.continues_id: row.title for row in going_on}
    lines = [f"<li>{escape(_told(row, later))}</li>" for row in unfinished_before(meeting) if row.explanation]
    if not lines:
        return ""
    return f"<p>对尚未落实的{len(lines)}项议定事项，会议听取了说明和意见：</p><ol>{''.join(lines)}</ol>"


def _told(row: Unfinished, later: dict[int | None, str]) -> str:
    """Title, explanation and opinion; that it rests (暂缓), and in what it goes on (结转)."""
    found, told = row.resolution, row.explanation
    rests = "（暂缓办理）" if found.state == ResolutionState.SUSPENDED else ""
    carried = f"会议议定予以结转，接续事项为“{later[found.pk]}”。" if found.pk in later else ""
    return f"{found.title}{rests}：{told.text if told else ''}意见：{told.opinion if told else ''}{carried}"
