"""Tests of parsing deadlines as written, and of the texts that have no definite meaning."""

from datetime import date

import pytest

from meetings.enums import DeadlineKind
from meetings.rules.deadline import (
    NEXT_MEETING,
    NO_DEADLINE,
    STANDING,
    deadline_contradiction,
    deadline_display,
    parse_deadline,
)

AUTUMN, SPRING, LAST_OF_JANUARY = date(2024, 11, 14), date(2025, 3, 5), date(2025, 1, 31)


@pytest.mark.parametrize(
    ("text", "day", "due"),
    [
        ("2025年底前", AUTUMN, date(2025, 12, 31)),
        ("2025年年底前完成", AUTUMN, date(2025, 12, 31)),
        ("二〇二五年年底前", AUTUMN, date(2025, 12, 31)),
        ("年底前", AUTUMN, date(2024, 12, 31)),
        ("今年年底", AUTUMN, date(2024, 12, 31)),
        ("年内", AUTUMN, date(2024, 12, 31)),
        ("本年度内", AUTUMN, date(2024, 12, 31)),
        ("2025年度内", AUTUMN, date(2025, 12, 31)),
        ("明年底前", AUTUMN, date(2025, 12, 31)),
        ("明年6月底前", AUTUMN, date(2025, 6, 30)),
        ("次年2月末", AUTUMN, date(2025, 2, 28)),
        ("后年底", AUTUMN, date(2026, 12, 31)),
        ("2025年6月30日前", AUTUMN, date(2025, 6, 30)),
        ("２０２５年６月３０日前", AUTUMN, date(2025, 6, 30)),
        (" 2025 年 6 月 30 日 以前 ", AUTUMN, date(2025, 6, 30)),
        ("应于2025年6月30日之前落实到位。", AUTUMN, date(2025, 6, 30)),
        ("2025-06-30", AUTUMN, date(2025, 6, 30)),
        ("6月底前", AUTUMN, date(2025, 6, 30)),
        ("六月底前", AUTUMN, date(2025, 6, 30)),
        ("6月底前", SPRING, date(2025, 6, 30)),
        ("3月底前", SPRING, date(2025, 3, 31)),
        ("2月底前", SPRING, date(2026, 2, 28)),
        ("11月10日前", AUTUMN, date(2025, 11, 10)),
        ("十二月三十一日前", AUTUMN, date(2024, 12, 31)),
        ("2025年2月上旬", AUTUMN, date(2025, 2, 10)),
        ("2025年2月下旬前", AUTUMN, date(2025, 2, 28)),
        ("上半年", AUTUMN, date(2025, 6, 30)),
        ("2025年上半年", AUTUMN, date(2025, 6, 30)),
        ("上半年", SPRING, date(2025, 6, 30)),
        ("明年下半年内", SPRING, date(2026, 12, 31)),
        ("第三季度", SPRING, date(2025, 9, 30)),
        ("2025年第3季度末前", AUTUMN, date(2025, 9, 30)),
        ("一季度", AUTUMN, date(2025, 3, 31)),
        ("本季度末", AUTUMN, date(2024, 12, 31)),
        ("下季度末前", AUTUMN, date(2025, 3, 31)),
        ("本月底前", AUTUMN, date(2024, 11, 30)),
        ("下月底前", date(2024, 12, 3), date(2025, 1, 31)),
        ("会后1个月内", AUTUMN, date(2024, 12, 14)),
        ("会后一个月内", LAST_OF_JANUARY, date(2025, 2, 28)),
        ("会议召开后3个月内", AUTUMN, date(2025, 2, 14)),
        ("会后15日内", AUTUMN, date(2024, 11, 29)),
        ("会后十五日内", AUTUMN, date(2024, 11, 29)),
        ("一周内", AUTUMN, date(2024, 11, 21)),
        ("两周内", AUTUMN, date(2024, 11, 28)),
        ("半年内", AUTUMN, date(2025, 5, 14)),
        ("半个月内", AUTUMN, date(2024, 11, 29)),
        ("会后两年内", date(2024, 2, 29), date(2026, 2, 28)),
    ],
)
def test_words_that_mean_a_day(text: str, day: date, due: date) -> None:
    assert parse_deadline(text, day) == (DeadlineKind.DATE, due)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, STANDING) for text in ("长期", "长期坚持", "常态化", "常态化推进", "持续推进", "长期坚持、持续推进")),
        *((text, STANDING) for text in ("每年", "每年10月底前", "每季度一次", "逐年推进", "长期坚持，每年报告一次")),
        *(
            (text, NEXT_MEETING)
            for text in ("下次会议前", "下次联席会议前", "下一次联席会议召开前", "下年度联席会议前")
        ),
        *((text, NO_DEADLINE) for text in ("", "  ", "不设期限")),
    ],
)
def test_words_that_mean_no_single_day(text: str, expected: object) -> None:
    assert parse_deadline(text, AUTUMN) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("2025年春节前", "尽快", "立即", "近期", "按程序办理", "本届任期内", "纪要印发后1个月内", "3个工作日内"),
        *("2025年2月30日前", "2025年13月底前", "0月底前", "6月前", "2025年前", "第五季度", "十十月底前"),
        *("2025年6月底前，长期坚持", "2025年6月底前、2025年底前", "会后"),
    ],
)
def test_words_that_leave_it_open(text: str) -> None:
    assert parse_deadline(text, AUTUMN) is None


def test_words_that_plainly_say_another_day_are_asked_about() -> None:
    asked = deadline_contradiction("2025年6月底前", DeadlineKind.DATE, date(2025, 7, 31), AUTUMN)
    assert asked is not None
    assert asked.code == "deadline_contradicts_words"
    assert "2025年6月30日" in str(asked)
    assert "2025年7月31日" in str(asked)


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        ("2025年6月底前", DeadlineKind.DATE, date(2025, 6, 30)),
        ("2025年春节前", DeadlineKind.DATE, date(2025, 1, 28)),
        ("长期坚持", DeadlineKind.DATE, date(2025, 7, 31)),
        ("2025年6月底前", DeadlineKind.NONE, None),
    ],
)
def test_what_a_clerk_decides_stands(text: str, kind: str, due: date | None) -> None:
    assert deadline_contradiction(text, kind, due, AUTUMN) is None


def test_the_meaning_stands_beside_the_words_where_these_do_not_tell_it() -> None:
    due = date(2025, 6, 30)
    assert deadline_display("会后半年内", due) == "会后半年内（2025年6月30日）"
    assert deadline_display("2025年6月底前", due) == "2025年6月底前"
    assert deadline_display("2025年6月底前", due, whole=True) == "2025年6月底前（2025年6月30日）"
    assert deadline_display("2025年6月30日前", due, whole=True) == "2025年6月30日前"
    assert deadline_display("", due) == "2025年6月30日"
    assert deadline_display("长期坚持", None) == "长期坚持"
