"""Parsing of deadlines as written: 年底前, 会后1个月内, 长期坚持, 下次会议前 (`Y 2(6)`, `C 5(5)`).

- `parse_deadline(text, day)`: kind and date of a deadline, counted from the day of the meeting. None if the text is
  ambiguous, such as 春节前 or 尽快; then a clerk enters the meaning.
- `deadline_contradiction(…)`: the text clearly names another day than the one that was entered.
- `deadline_display(…)`: the text together with its meaning.

The texts are official Chinese and not translated. `meetings.queries.deadline` decides what is overdue.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.enums import DeadlineKind
from meetings.refusal import Missing


class ParsedDeadline(NamedTuple):
    """The kind of a deadline, and its last day if the kind is `DATE`."""

    kind: DeadlineKind
    day: date | None = None


STANDING = ParsedDeadline(DeadlineKind.STANDING)
NEXT_MEETING = ParsedDeadline(DeadlineKind.NEXT_MEETING)
NO_DEADLINE = ParsedDeadline(DeadlineKind.NONE)
Match = re.Match[str]

DIGITS = "〇一二三四五六七八九"
YEAR = r"(?:(?P<year>\d{4})年|(?P<near_year>[今本当明次下来后])年)"
BY = r"(?:前|以前|之前|为止|止)?"
END = rf"(?:底|末|内|之内|以内){BY}"
AFTER = r"(?:自?(?:本次)?(?:联席)?会议?(?:召开|结束)?(?:之日|当日)?(?:后|起)(?:的)?)"
LEADING_WORDS = re.compile(r"^(?:应当|应|须|原则上|力争|争取|确保|最迟|不迟于|于|在)+")
TRAILING_WORDS = re.compile(
    r"(?:全面|全部|基本)?(?:完成|办结|办理完毕|落实到位|落实|建成开放|建成投用|建成|到位|见效)$"
)


# --- from a regular expression match to a date ------------------------------------------------------------------------
def _end_of_month(year: int, month: int) -> date:
    """Return the last day of a month; a month above 12 counts into the following years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _year(match: Match, day: date) -> int | None:
    """Return the year of the match, absolute or relative to the year of the meeting; None without a year."""
    if match["year"]:
        return int(match["year"])
    relative = match["near_year"]
    return day.year + (0 if relative in "今本当" else 2 if relative == "后" else 1) if relative else None


def _in_year(match: Match, day: date, date_in: Callable[[int], date]) -> date:
    """Return the day in the year of the match; without a year, the first such day on or after the meeting."""
    year = _year(match, day)
    if year is not None:
        return date_in(year)
    return date_in(day.year) if date_in(day.year) >= day else date_in(day.year + 1)


def _month_end(match: Match, day: date) -> date:
    return _in_year(match, day, lambda year: _end_of_month(year, _checked_int(match["month"], 12)))


def _third_of_month(match: Match, day: date) -> date:
    month, last = _checked_int(match["month"], 12), {"上": 10, "中": 20}.get(match["third"])
    return _in_year(match, day, lambda year: date(year, month, last) if last else _end_of_month(year, month))


def _calendar_day(match: Match, day: date) -> date:
    return _in_year(match, day, lambda year: date(year, int(match["month"]), int(match["day"])))


def _half_year(match: Match, day: date) -> date:
    return _in_year(match, day, lambda year: _end_of_month(year, 6 if match["half"] == "上" else 12))


def _quarter(match: Match, day: date) -> date:
    return _in_year(match, day, lambda year: _end_of_month(year, int(match["quarter"]) * 3))


def _near_quarter(match: Match, day: date) -> date:
    offset = 0 if match["near"][0] in "本当这" else 1
    return _end_of_month(day.year, ((day.month - 1) // 3 + 1 + offset) * 3)


def _near_month(match: Match, day: date) -> date:
    offset = 0 if not match["near"] or match["near"][0] in "本当这" else 1
    return _end_of_month(day.year, day.month + offset)


def _after_meeting(match: Match, day: date) -> date:
    """Return the day a number of days, weeks, months or years after the meeting.

    If the target month has no such day, its last day is returned.
    """
    unit = match["unit"]
    if match["number"] == "半":
        number, unit = {"月": (15, "日"), "年": (6, "月")}.get(unit, (0, ""))
    else:
        number = int(match["number"])
    if unit in ("日", "天"):
        return day + timedelta(days=number)
    if unit in ("周", "星期"):
        return day + timedelta(weeks=number)
    months = {"月": 1, "季度": 3, "年": 12}[unit] * number
    end = _end_of_month(day.year, day.month + months)
    return end.replace(day=min(day.day, end.day))


def _checked_int(number: str, maximum: int) -> int:
    if not 1 <= int(number) <= maximum:
        raise ValueError(number)
    return int(number)


DATE_PATTERNS: tuple[tuple[str, Callable[[Match, date], date]], ...] = (
    (rf"{YEAR}(?:年|度)?{END}", lambda match, day: date(_year(match, day) or day.year, 12, 31)),
    (rf"(?:本年度|年度|年){END}", lambda match, day: date(day.year, 12, 31)),
    (rf"{YEAR}?(?P<month>\d{{1,2}})月份?{END}", _month_end),
    (rf"{YEAR}?(?P<month>\d{{1,2}})月(?P<third>[上中下])旬{BY}", _third_of_month),
    (rf"{YEAR}?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]{BY}", _calendar_day),
    (rf"(?P<year>\d{{4}})(?P<near_year>)[-./](?P<month>\d{{1,2}})[-./](?P<day>\d{{1,2}}){BY}", _calendar_day),
    (rf"{YEAR}?(?P<half>[上下])半年(?:{END})?", _half_year),
    (rf"{YEAR}?第?(?P<quarter>[1-4])季度(?:{END})?", _quarter),
    (rf"(?P<near>本|当|这个|下个?|次)季度?(?:{END})?", _near_quarter),
    (rf"(?P<near>本|当|这个|下个?|次)?月份?{END}", _near_month),
    (rf"{AFTER}?(?P<number>\d{{1,3}}|半)(?P<unit>日|天|周|年)(?:之内|以内|内)", _after_meeting),
    (rf"{AFTER}?(?P<number>\d{{1,3}}|半)个(?P<unit>月|星期|季度)(?:之内|以内|内)", _after_meeting),
    (rf"{AFTER}(?P<number>\d{{1,3}})(?P<unit>月)(?:之内|以内|内)", _after_meeting),
)
KIND_PATTERNS: tuple[tuple[str, ParsedDeadline], ...] = (
    (
        r"(?:长期|常年|常态化?|经常性|持续|不断|始终)(?:坚持|推进|开展|落实|进行|实施|执行|运行|抓好|抓|做好|保持|办理)*",
        STANDING,
    ),
    (r"长效(?:坚持|推进|落实|运行)?|坚持不懈", STANDING),
    (r"[每逐](?:半年|年度?|季度?|月|周|两年|\d年).*", STANDING),
    (r"下(?:1?次|1?届|1?年度?)(?:政府与工会)?(?:联席)?(?:会议|例会)(?:召开|举行)?(?:前|之前|以前)", NEXT_MEETING),
    (r"(?:无|不设|没有)(?:期限|时限|明确时限)", NO_DEADLINE),
)


# --- public functions -------------------------------------------------------------------------------------------------
def parse_deadline(text: str, day: date) -> ParsedDeadline | None:
    """Parse a deadline, counted from the day of the meeting; an empty text is `NO_DEADLINE`, an ambiguous one None."""
    normalized = _normalize(text)
    if not normalized:
        return NO_DEADLINE
    results = {_parse_part(part, day) for part in re.split(r"[,;、]", normalized) if part}
    return results.pop() if len(results) == 1 else None


def _normalize(text: str) -> str:
    """Remove spaces and full-width forms and write Chinese numbers as digits: 二〇二五年十二月底 → 2025年12月底."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).rstrip("。.")
    return re.sub(rf"[零两十{DIGITS}]+", lambda number: _number(number[0]), text)


def _number(numeral: str) -> str:
    numeral = numeral.replace("零", "〇").replace("两", "二")
    if "十" not in numeral:
        return "".join(str(DIGITS.index(digit)) for digit in numeral)
    tens, _ten, ones = numeral.partition("十")
    return str(int(_number(tens) or 1) * 10 + int(_number(ones) or 0)) if "十" not in ones else numeral


def _parse_part(text: str, day: date) -> ParsedDeadline | None:
    text = TRAILING_WORDS.sub("", LEADING_WORDS.sub("", text))
    for pattern, known in KIND_PATTERNS:
        if re.fullmatch(pattern, text):
            return known
    for pattern, to_date in DATE_PATTERNS:
        if match := re.fullmatch(pattern, text):
            try:
                return ParsedDeadline(DeadlineKind.DATE, to_date(match, day))
            except ValueError:  # no such date: 2月30日, 13月底
                return None
    return None


def deadline_contradiction(text: str, kind: str, due: date | None, day: date) -> Missing | None:
    """Return a question if the text clearly names another day than `due`; None otherwise.

    Only a deadline of kind `DATE` is compared; another kind that a clerk chose is not questioned.
    """
    parsed = parse_deadline(text, day)
    if kind != DeadlineKind.DATE or due is None or parsed is None or parsed.day is None or parsed.day == due:
        return None
    question = _(
        "“%(words)s” means %(said)s, but %(entered)s was entered. Which is right? Correct the words or the day."
    )
    values = {"words": text.strip(), "said": date_format(parsed.day), "entered": date_format(due)}
    return Missing(question % values, code="deadline_contradicts_words")


def deadline_display(text: str, due: date | None, *, whole: bool = False) -> str:
    """Return the text, followed by the day if it names no year; with `whole`, if it does not contain that day."""
    if due is None:
        return text
    day = date_format(due, "DATE_FORMAT")
    if not text:
        return day
    named = day in text or (not whole and re.search(r"\d{4}年", text))
    return text if named else _("%(words)s (%(meaning)s)") % {"words": text, "meaning": day}
