"""Tests of clauses: they are read from the text of a regulation, and printed as one citation."""

import pytest

from meetings.clauses import Citation, Point, print_numbers, read_clauses
from meetings.regulation_presets import POINTS, clauses_of

TEXT = """关于建立联席会议制度的通知
一、主要内容
联席会议是专门会议。
(一)通报政策措施。
(二) 通报工会工作。
二、组织实施
每年至少召开一次。

(一) 提出议题。
三、三方面的内容
一是通报情况。
二是研究问题。
四、组织机构
成立领导小组。
本通知自印发之日起施行。"""


def test_sections_items_and_introductions_are_clauses() -> None:
    assert read_clauses(TEXT) == [
        ("一", "联席会议是专门会议。"),
        ("一（一）", "(一)通报政策措施。"),
        ("一（二）", "(二) 通报工会工作。"),
        ("二", "每年至少召开一次。"),
        ("二（一）", "(一) 提出议题。"),
        ("三（一）", "一是通报情况。"),
        ("三（二）", "二是研究问题。"),
        ("四", "成立领导小组。\n本通知自印发之日起施行。"),
    ]


def test_articles_have_all_their_paragraphs() -> None:
    text = "第一章 总则\n第一条 为了规范联席会议。\n第二条 每年召开一次。\n遇有重大问题随时召开。\n第二章 议题\n"
    text += "第十一条 议题由双方提出。\n绛县人民政府办公室\n2025年5月6日"
    assert read_clauses(text) == [
        ("第一条", "第一条 为了规范联席会议。"),
        ("第二条", "第二条 每年召开一次。\n遇有重大问题随时召开。"),
        ("第十一条", "第十一条 议题由双方提出。"),
    ]


def test_lines_without_a_mark_at_their_end_stay_in_the_clause() -> None:
    units = "第三条 成员单位包括：\n县人社局\n县总工会\n以上单位各派一名联络员。"
    assert read_clauses(units) == [("第三条", units)]
    quoted = "第二条 会议名称为“双方协商会议。”\n遇有重大问题，\n随时召开。"
    assert read_clauses(f"{quoted}\n{units}") == [("第二条", quoted), ("第三条", units)]
    intro = "为了规范（见附件）\n每年召开一次。"
    assert read_clauses(f"一、总则\n{intro}") == [("一", intro)]
    listed = "第四条 公开的网站：\n县政府网\n县总工会网"
    assert read_clauses(listed) == [("第四条", listed)], "without a date nothing is taken for a signature"


@pytest.mark.parametrize("day", ["2025年5月6日", "二〇二五年十二月三十一日"])
def test_issuer_and_date_belong_to_no_clause(day: str) -> None:
    end = f"绛县人民政府办公室\n绛县总工会\n{day}\n（此件公开发布）"
    assert read_clauses(f"第一条 每年召开一次……\n{end}") == [("第一条", "第一条 每年召开一次……")]


def test_a_section_on_its_heading_line_is_a_clause() -> None:
    text = "一、联席会议每年召开一次。\n二、程序\n（一）提出议题。\n第一百零三条 本办法自印发之日起施行。"
    assert read_clauses(text) == [
        ("一", "一、联席会议每年召开一次。"),
        ("二（一）", "（一）提出议题。"),
        ("第一百零三条", "第一百零三条 本办法自印发之日起施行。"),
    ]


def test_a_text_without_numbers_has_no_clauses() -> None:
    assert read_clauses("") == read_clauses("联席会议每年召开一次。") == []


@pytest.mark.parametrize(
    ("numbers", "printed"),
    [
        ([], ""),
        (["二（五）"], "二（五）"),
        (["一（一）", "一（二）"], "一（一）（二）"),
        (["一（三）", "一（四）", "一（五）", "一（七）"], "一（三）至（五）、（七）"),
        (["一（九）", "一（十）", "一（十一）"], "一（九）至（十一）"),
        (["一（二）", "三（一）"], "一（二）、三（一）"),
        (["二"], "二"),
        (["第五条", "第六条"], "第五条、第六条"),
        (["一（一百）", "一（二三）"], "一（一百）、一（二三）"),
    ],
)
def test_several_clauses_are_printed_as_one_citation(numbers: list[str], printed: str) -> None:
    assert print_numbers(numbers) == printed


def test_a_citation_leads_to_its_first_clause_and_is_false_without_one() -> None:
    assert Citation("一（三）至（五）、（七）", 1).anchor == "clause-一（三）"
    assert Citation("第五条、第六条", 1).anchor == "clause-第五条"
    assert Citation("一（一）（二）", 1)
    assert not Citation("", 1)


@pytest.mark.parametrize("preset", ["Y", "C"])
def test_the_clauses_of_the_presets_stand_in_their_texts(preset: str) -> None:
    found = {number: points for number, _words, points in clauses_of(preset)}
    assert {number for number, points in found.items() if points} == set(POINTS[preset])


def test_the_county_notice_governs_every_point_and_the_town_measures_lack_four() -> None:
    governed = {key: {point for points in POINTS[key].values() for point in points} for key in POINTS}
    assert governed["Y"] == set(Point)
    assert set(Point) - governed["C"] == {Point.TOPIC_CONFER, Point.TOPIC_APPROVE, Point.PUBLICITY, Point.NAME}
