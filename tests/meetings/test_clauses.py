"""Tests of quotations: the text of a clause is taken from the text of the regulation."""

import pytest

from meetings.clauses import quote

TEXT = """关于建立联席会议制度的通知
一、主要内容
联席会议是专门会议。
(一)通报政策措施。
(二) 通报工会工作。
(三)研究建功立业。
（四）研究劳动就业。
二、组织实施
每年至少召开一次。

(一) 提出议题。
三、三方面的内容
一是通报情况。
二是研究问题。
本通知自印发之日起施行。"""


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("一（二）", ["(二) 通报工会工作。"]),
        ("一（一）（二）", ["(一)通报政策措施。", "(二) 通报工会工作。"]),
        ("一（一）至（三）", ["(一)通报政策措施。", "(二) 通报工会工作。", "(三)研究建功立业。"]),
        ("一（一）、（四）", ["(一)通报政策措施。", "（四）研究劳动就业。"]),
        ("二", ["每年至少召开一次。"]),
        ("二（一）", ["(一) 提出议题。"]),
        ("三（二）", ["二是研究问题。"]),
        ("四（一）", []),
        ("二（九）", []),
        ("", []),
    ],
)
def test_a_clause_is_quoted_in_its_paragraphs(clause: str, said: list[str]) -> None:
    assert quote(TEXT, clause).splitlines() == said


def test_nothing_is_quoted_where_no_text_is_at_hand() -> None:
    assert quote("", "二（五）") == ""
