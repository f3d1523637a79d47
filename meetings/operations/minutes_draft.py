"""Generation of the first text of minutes from the data of the meeting, in the set phrases of published minutes.

`draft_title(meeting)` and `draft_body(meeting)` return title and rich text, which the clerks then edit. The phrases are
official Chinese, not interface text, so they are not translated.
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
    """Return a number from 1 to 99 in Chinese, 一 to 九十九."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (DIGITS[ones] if ones else "")


def draft_title(meeting: Meeting) -> str:
    """Return the title, for example 垣曲县人民政府与垣曲县总工会2024年度联席会议纪要."""
    conference = meeting.conference
    if meeting.title.endswith("联席会议"):
        return f"{conference.government_side}与{conference.union_side}{meeting.title}纪要"
    return f"{conference.name}纪要（{meeting.title}）"


def draft_body(meeting: Meeting) -> str:
    """Return the rich text: opening, attendance, a section per agenda item, and the sentence before the resolutions."""
    items = list(agenda(meeting))
    parts = [_opening(meeting), *_attendance(meeting)]
    for number, item in enumerate(items, 1):
        parts.append(f"<h2>{chinese_number(number)}、{escape(item.title)}</h2>")
        parts += _paragraphs(PHRASE_BUILDERS[AgendaKind(item.kind)](item))
        if item.kind == AgendaKind.FOLLOW_UP:
            parts.append(_explanations(meeting))
        parts += _paragraphs(_notes_text(item))
    if any(item.topic_id for item in items):
        parts.append("<p>会议议定以下事项：</p>")
    return "".join(parts)


def _paragraphs(text: str) -> list[str]:
    return [f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip()]


def _opening(meeting: Meeting) -> str:
    start = timezone.localtime(meeting.time)
    part_of_day = "上午" if start.hour < 12 else "下午" if start.hour < 18 else "晚上"
    name = draft_title(meeting).removesuffix("纪要")
    text = f"{start.year}年{start.month}月{start.day}日{part_of_day}，{name}在{meeting.place}召开。"
    if meeting.chair is not None:
        text += f"{meeting.chair.full_title}{meeting.chair.person.name}主持会议。"
    return f"<p>{escape(text)}现纪要如下：</p>"


def _attendance(meeting: Meeting) -> list[str]:
    attendance = roll(meeting)
    lists: tuple[tuple[str, Iterable[Attendee]], ...] = (
        ("出席", attendance.present),
        ("请假", attendance.leave),
        ("列席", attendance.observers),
    )
    return [
        f"<p><b>{label}：</b>{escape('；'.join(who.printed_name for who in people))}。</p>"
        for label, people in lists
        if people
    ]


def _subject(item: AgendaItem, *verbs: str) -> str:
    """Return the title of an item without its leading verb."""
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


PHRASE_BUILDERS = {
    AgendaKind.BRIEFING: _briefing,
    AgendaKind.FOLLOW_UP: _follow_up,
    AgendaKind.PRESENTATION: _presentation,
    AgendaKind.DELIBERATION: _deliberation,
    AgendaKind.DEPLOYMENT: _deployment,
    AgendaKind.OTHER: lambda item: "",
}
NOTE_PREFIXES = {AgendaKind.DELIBERATION: "会议认为，", AgendaKind.DEPLOYMENT: "会议强调，"}


def _notes_text(item: AgendaItem) -> str:
    """Return the notes of an item; a deliberation or deployment gets a set phrase unless it has one."""
    notes = item.notes.strip()
    if not notes or notes.startswith(("会议", "会上")):
        return notes
    return NOTE_PREFIXES.get(AgendaKind(item.kind), "") + notes


def _explanations(meeting: Meeting) -> str:
    """Return a list of the unfinished resolutions with explanation and opinion (`Y 1(6)`, `C 4三`)."""
    continuing = Resolution.objects.filter(minutes__meeting=meeting, continues__isnull=False, amends=None)
    continuing_titles = {row.continues_id: row.title for row in continuing}
    lines = [
        f"<li>{escape(_explanation_text(row, continuing_titles))}</li>"
        for row in unfinished_before(meeting)
        if row.explanation
    ]
    if not lines:
        return ""
    return f"<p>对尚未落实的{len(lines)}项议定事项，会议听取了说明和意见：</p><ol>{''.join(lines)}</ol>"


def _explanation_text(row: Unfinished, continuing_titles: dict[int | None, str]) -> str:
    """Return title, explanation and opinion; with a note if it is suspended (暂缓) or carried over (结转)."""
    resolution, explanation = row.resolution, row.explanation
    suspended = "（暂缓办理）" if resolution.state == ResolutionState.SUSPENDED else ""
    carried = (
        f"会议议定予以结转，接续事项为“{continuing_titles[resolution.pk]}”。"
        if resolution.pk in continuing_titles
        else ""
    )
    return (
        f"{resolution.title}{suspended}：{explanation.text if explanation else ''}"
        f"意见：{explanation.opinion if explanation else ''}{carried}"
    )
