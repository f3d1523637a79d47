"""The points that clauses of regulations govern, and how clauses are read from a text and printed.

- `Point`: the fixed catalogue of requirements for which the portal can find evidence. Which clause of a regulation
  contains a requirement is data (`RegulationClause`).
- `Citation`: the clauses that govern a point, as printed, with the regulation in which they can be read.
- `read_clauses(text)`: the clauses of a regulation's text. `print_numbers(numbers)`: several of them as one citation.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Point(TextChoices):
    """The requirements that a clause can govern. Transitions, `Missing` and evidence refer to them by value."""

    BRIEFING = "briefing", _("Briefings of both sides")
    CATEGORY = "category", _("Topics within the subjects of the regulation")
    FOLLOW_UP_EXPLAINED = "follow_up_explained", _("Follow-up told, what is unfinished explained")
    FREQUENCY = "frequency", _("A meeting in the year")
    SPECIAL = "special", _("Consultation before a special meeting")
    TOPIC_RESEARCH = "topic.research", _("Topics proposed after research")
    TOPIC_CONFER = "topic.confer", _("Topics conferred by both sides")
    TOPIC_APPROVE = "topic.approve", _("Topics approved by the leader in charge of union work")
    TOPIC_AGREE = "topic.agree", _("Consensus before the meeting")
    ATTENDANCE = "attendance", _("Those attend whom the regulation names")
    CHAIR = "chair", _("The chair")
    MEETING_SETTLE = "meeting.settle", _("Time, place, agenda and attendance settled")
    MEETING_NOTIFY = "meeting.notify", _("Notice issued")
    AGENDA = "agenda", _("The agenda in its order")
    MINUTES = "minutes", _("Minutes approved and issued")
    FOLLOW_UP = "follow_up", _("Resolutions followed up, reports delivered")
    PUBLICITY = "publicity", _("Reported to the public")
    NAME = "name", _("The official name")
    SECTIONS = "sections", _("Named sections and staff of each side")


@dataclass(frozen=True)
class Citation:
    """Clauses as printed, for example 二（五）, and the regulation that contains them; False if there is no clause."""

    number: str = ""
    regulation: int | None = None

    def __bool__(self) -> bool:
        return bool(self.number)

    def __str__(self) -> str:
        return self.number

    @property
    def anchor(self) -> str:
        """The id of the first of the clauses on the page of the regulation."""
        first = re.match(rf"[{_NUMERALS}]+（[{_NUMERALS}]+）|[^、]+", self.number)
        return f"clause-{first[0] if first else ''}"


NO_CITATION = Citation()
_NUMERALS = "〇零一二三四五六七八九十百"
_SECTION = re.compile(rf"^([{_NUMERALS}]+)、")
_ITEM = re.compile(rf"^(?:[（(]\s*([{_NUMERALS}]+)\s*[）)]|([{_NUMERALS}])是)")
_ARTICLE = re.compile(rf"^(第[{_NUMERALS}]+条)")
_CHAPTER = re.compile(rf"^第[{_NUMERALS}]+[章节]")
_PARAGRAPH_ENDS = ("。", "；", "：", ";", ":", "！", "？", "…")
_CLOSING_MARKS = '”’）》」』)"'
_DATE = re.compile(rf"^[\d{_NUMERALS}]{{2,4}}年[\d{_NUMERALS}]{{1,2}}月[\d{_NUMERALS}]{{1,3}}日$")
_BELOW_100 = "[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_NUMBER = re.compile(rf"^([{_NUMERALS}]+)（({_BELOW_100})）$")


def read_clauses(text: str) -> list[tuple[str, str]]:
    """Return the clauses of a text as pairs of number and words, in their order.

    Official texts begin each item with its number: 一、 for a section, （一） or 一是 for an item in it, 第一条 for an
    article. An item is one paragraph. A section has the paragraphs before its first item, or its heading line if that
    is a sentence and nothing else stands in it; an article has all paragraphs until the next one. Text before the first
    section or article belongs to no clause, nor do issuer and date below the last one (`_without_signature`).
    """
    found: dict[str, list[str]] = {}
    headings: dict[str, str] = {}
    section = current = ""
    for line in _without_signature(text):
        if heading := _SECTION.match(line):
            section = current = heading[1]
            headings.setdefault(section, line)
            found.setdefault(section, [])
        elif article := _ARTICLE.match(line):
            section, current = "", article[1]
            found.setdefault(current, []).append(line)
        elif _CHAPTER.match(line):
            current = ""
        elif section and (item := _ITEM.match(line)):
            found.setdefault(f"{section}（{item[1] or item[2]}）", []).append(line)
            current = ""
        elif current:
            found.setdefault(current, []).append(line)
    for number, heading_line in headings.items():
        if (
            heading_line.endswith("。")
            and not found[number]
            and not any(other.startswith(f"{number}（") for other in found)
        ):
            found[number].append(heading_line)
    return [(number, "\n".join(lines)) for number, lines in found.items() if lines]


def _without_signature(text: str) -> list[str]:
    """Return the lines that are not empty, without issuer and date at the end: lines without a mark, one a date."""
    lines = list(filter(None, map(str.strip, text.splitlines())))
    last = len(lines)
    while last and not lines[last - 1].rstrip(_CLOSING_MARKS).endswith(_PARAGRAPH_ENDS):
        last -= 1
    return lines[:last] if any(map(_DATE.match, lines[last:])) else lines


def print_numbers(numbers: Iterable[str]) -> str:
    """Return the numbers of several clauses as one citation: 一（三）至（五）、（七）, or 第五条、第六条."""
    parts: list[str] = []
    sections: dict[str, list[int]] = {}
    for number in numbers:
        if item := _NUMBER.match(number):
            sections.setdefault(item[1], []).append(_value(item[2]))
        else:
            parts.append(number)
    return "、".join([*parts, *(f"{section}{'、'.join(_runs(items))}" for section, items in sections.items())])


def _runs(items: list[int]) -> Iterator[str]:
    """Yield each run of consecutive items as text; three or more are written as a range."""
    start = end = items[0]
    for item in [*items[1:], -1]:
        if item == end + 1:
            end = item
            continue
        run = [f"（{_numeral(value)}）" for value in range(start, end + 1)]
        yield f"{run[0]}至{run[-1]}" if len(run) > 2 else "".join(run)
        start = end = item


def _value(numeral: str) -> int:
    """Return the value of a Chinese numeral below 100."""
    tens, ten, units = numeral.partition("十")
    digits = "一二三四五六七八九"
    if not ten:
        return digits.index(tens) + 1
    return 10 * (digits.index(tens) + 1 if tens else 1) + (digits.index(units) + 1 if units else 0)


def _numeral(value: int) -> str:
    tens, units = divmod(value, 10)
    digits = "〇一二三四五六七八九"
    return (f"{digits[tens] if tens > 1 else ''}十" if tens else "") + (digits[units] if units else "")
