"""What a deadline as written means: 年底前, 会后1个月内, 长期坚持, 下次会议前 (`Y 2(6)`, `C 5(5)`).

Key concepts
- `meaning(text, day)`: kind and day of the words, reckoned from the day of the meeting; None where they leave it open,
  as 春节前 or 尽快 do: then a clerk says what they mean.
- `contradiction(…)`: the words plainly say another day than the one that was entered.
- `shown(…)`: the words with what they mean beside them.
The words are official Chinese, no translations. What is late is told by `meetings.queries.deadline`.
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


class Meaning(NamedTuple):
    """A kind of deadline, and the last day where it is one by a day."""

    kind: DeadlineKind
    day: date | None = None


STANDING = Meaning(DeadlineKind.STANDING)
NEXT_MEETING = Meaning(DeadlineKind.NEXT_MEETING)
NO_DEADLINE = Meaning(DeadlineKind.NONE)
Words = re.Match[str]

DIGITS = "〇一二三四五六七八九"
YEAR = r"(?:(?P<year>\d{4})年|(?P<near_year>[今本当明次下来后])年)"
BY = r"(?:前|以前|之前|为止|止)?"
END = rf"(?:底|末|内|之内|以内){BY}"
AFTER = r"(?:自?(?:本次)?(?:联席)?会议?(?:召开|结束)?(?:之日|当日)?(?:后|起)(?:的)?)"
OPENING = re.compile(r"^(?:应当|应|须|原则上|力争|争取|确保|最迟|不迟于|于|在)+")
CLOSING = re.compile(r"(?:全面|全部|基本)?(?:完成|办结|办理完毕|落实到位|落实|建成开放|建成投用|建成|到位|见效)$")


# --- from the words to a day ------------------------------------------------------------------------------------------
def _end_of_month(year: int, month: int) -> date:
    """The last day of a month; months beyond December run on into the next years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _year(words: Words, day: date) -> int | None:
    """The year that is named, or how far it is from the year of the meeting; None where none is."""
    if words["year"]:
        return int(words["year"])
    near = words["near_year"]
    return day.year + (0 if near in "今本当" else 2 if near == "后" else 1) if near else None


def _next(words: Words, day: date, of_year: Callable[[int], date]) -> date:
    """The day in the year that is named; without one, the next such day from the meeting on."""
    year = _year(words, day)
    if year is not None:
        return of_year(year)
    return of_year(day.year) if of_year(day.year) >= day else of_year(day.year + 1)


def _month_end(words: Words, day: date) -> date:
    return _next(words, day, lambda year: _end_of_month(year, _up_to(words["month"], 12)))


def _third_of_month(words: Words, day: date) -> date:
    month, last = _up_to(words["month"], 12), {"上": 10, "中": 20}.get(words["third"])
    return _next(words, day, lambda year: date(year, month, last) if last else _end_of_month(year, month))


def _calendar_day(words: Words, day: date) -> date:
    return _next(words, day, lambda year: date(year, int(words["month"]), int(words["day"])))


def _half_year(words: Words, day: date) -> date:
    return _next(words, day, lambda year: _end_of_month(year, 6 if words["half"] == "上" else 12))


def _quarter(words: Words, day: date) -> date:
    return _next(words, day, lambda year: _end_of_month(year, int(words["quarter"]) * 3))


def _near_quarter(words: Words, day: date) -> date:
    later = 0 if words["near"][0] in "本当这" else 1
    return _end_of_month(day.year, ((day.month - 1) // 3 + 1 + later) * 3)


def _near_month(words: Words, day: date) -> date:
    later = 0 if not words["near"] or words["near"][0] in "本当这" else 1
    return _end_of_month(day.year, day.month + later)


def _span(words: Words, day: date) -> date:
    """So many days, weeks, months or years after the meeting; a month that lacks the day ends on its last."""
    unit = words["unit"]
    if words["number"] == "半":
        number, unit = {"月": (15, "日"), "年": (6, "月")}.get(unit, (0, ""))
    else:
        number = int(words["number"])
    if unit in ("日", "天"):
        return day + timedelta(days=number)
    if unit in ("周", "星期"):
        return day + timedelta(weeks=number)
    months = {"月": 1, "季度": 3, "年": 12}[unit] * number
    end = _end_of_month(day.year, day.month + months)
    return end.replace(day=min(day.day, end.day))


def _up_to(number: str, most: int) -> int:
    if not 1 <= int(number) <= most:
        raise ValueError(number)
    return int(number)


DAYS: tuple[tuple[str, Callable[[Words, date], date]], ...] = (
    (rf"{YEAR}(?:年|度)?{END}", lambda words, day: date(_year(words, day) or day.year, 12, 31)),
    (rf"(?:本年度|年度|年){END}", lambda words, day: date(day.year, 12, 31)),
    (rf"{YEAR}?(?P<month>\d{{1,2}})月份?{END}", _month_end),
    (rf"{YEAR}?(?P<month>\d{{1,2}})月(?P<third>[上中下])旬{BY}", _third_of_month),
    (rf"{YEAR}?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]{BY}", _calendar_day),
    (rf"(?P<year>\d{{4}})(?P<near_year>)[-./](?P<month>\d{{1,2}})[-./](?P<day>\d{{1,2}}){BY}", _calendar_day),
    (rf"{YEAR}?(?P<half>[上下])半年(?:{END})?", _half_year),
    (rf"{YEAR}?第?(?P<quarter>[1-4])季度(?:{END})?", _quarter),
    (rf"(?P<near>本|当|这个|下个?|次)季度?(?:{END})?", _near_quarter),
    (rf"(?P<near>本|当|这个|下个?|次)?月份?{END}", _near_month),
    (rf"{AFTER}?(?P<number>\d{{1,3}}|半)(?P<unit>日|天|周|年)(?:之内|以内|内)", _span),
    (rf"{AFTER}?(?P<number>\d{{1,3}}|半)个(?P<unit>月|星期|季度)(?:之内|以内|内)", _span),
    (rf"{AFTER}(?P<number>\d{{1,3}})(?P<unit>月)(?:之内|以内|内)", _span),
)
KINDS: tuple[tuple[str, Meaning], ...] = (
    (
        r"(?:长期|常年|常态化?|经常性|持续|不断|始终)(?:坚持|推进|开展|落实|进行|实施|执行|运行|抓好|抓|做好|保持|办理)*",
        STANDING,
    ),
    (r"长效(?:坚持|推进|落实|运行)?|坚持不懈", STANDING),
    (r"[每逐](?:半年|年度?|季度?|月|周|两年|\d年).*", STANDING),
    (r"下(?:1?次|1?届|1?年度?)(?:政府与工会)?(?:联席)?(?:会议|例会)(?:召开|举行)?(?:前|之前|以前)", NEXT_MEETING),
    (r"(?:无|不设|没有)(?:期限|时限|明确时限)", NO_DEADLINE),
)


# --- the rule ---------------------------------------------------------------------------------------------------------
def meaning(text: str, day: date) -> Meaning | None:
    """What the words mean from the day of the meeting on; nothing written is no deadline, unclear words are None."""
    plain = _plain(text)
    if not plain:
        return NO_DEADLINE
    found = {_meaning_of(part, day) for part in re.split(r"[,;、]", plain) if part}
    return found.pop() if len(found) == 1 else None


def _plain(text: str) -> str:
    """Without space, full-width forms and numbers in Chinese: 二〇二五年十二月底 as 2025年12月底."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).rstrip("。.")
    return re.sub(rf"[零两十{DIGITS}]+", lambda number: _number(number[0]), text)


def _number(words: str) -> str:
    words = words.replace("零", "〇").replace("两", "二")
    if "十" not in words:
        return "".join(str(DIGITS.index(digit)) for digit in words)
    tens, _ten, ones = words.partition("十")
    return str(int(_number(tens) or 1) * 10 + int(_number(ones) or 0)) if "十" not in ones else words


def _meaning_of(words: str, day: date) -> Meaning | None:
    words = CLOSING.sub("", OPENING.sub("", words))
    for pattern, known in KINDS:
        if re.fullmatch(pattern, words):
            return known
    for pattern, reckon in DAYS:
        if match := re.fullmatch(pattern, words):
            try:
                return Meaning(DeadlineKind.DATE, reckon(match, day))
            except ValueError:  # 2月30日, 13月底: no such day
                return None
    return None


def contradiction(text: str, kind: str, due: date | None, day: date) -> Missing | None:
    """What to ask where the words plainly say another day than `due`; a kind that a clerk chose is not asked about."""
    read = meaning(text, day)
    if kind != DeadlineKind.DATE or due is None or read is None or read.day is None or read.day == due:
        return None
    asked = _("“%(words)s” means %(said)s, but %(entered)s was entered. Which is right? Correct the words or the day.")
    told = {"words": text.strip(), "said": date_format(read.day), "entered": date_format(due)}
    return Missing(asked % told, code="deadline_contradicts_words")


def shown(text: str, due: date | None, *, whole: bool = False) -> str:
    """The words, with the day beside them where they do not name a year; `whole`: wherever they are not the day."""
    if due is None:
        return text
    day = date_format(due, "DATE_FORMAT")
    if not text:
        return day
    named = day in text or (not whole and re.search(r"\d{4}年", text))
    return text if named else _("%(words)s (%(meaning)s)") % {"words": text, "meaning": day}
