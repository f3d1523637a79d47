"""Tokenization, highlighting, snippets and query parsing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlight import ELLIPSIS, LENGTH, highlight, make_snippet
from search.terms import TextQuery, parse_query, refusal, relax_query
from search.text import find_spans, fold, split_phrases
from tests.search import oracle


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("垣政办发〔2024〕19号", [(*"垣政办发", "2024", "19", "号")]),
        ("发[2024]", [("发", "2024")]),
        ("发（2024）", [("发", "2024")]),
        ("发 2024", [("发", "2024")]),
        ("３．５万元", [("3.5", "万", "元")]),
        ("工资。2024", [("工", "资"), ("2024",)]),
        ("A4纸，５0％", [("a", "4", "纸"), ("50",)]),
        ("《通知》「印发」", [tuple("通知印发")]),
        ("“金秋”助学", [tuple("金秋"), tuple("助学")]),
        ("二〇二四年", [tuple("二〇二四年")]),
        ("工\u200b资\ufeff", [tuple("工资")]),
        ("工\0资", [("工",), ("资",)]),
        ("1.5.3 .5 5.", [("1.5.3",), ("5", "5")]),
        ("ﷺ", [("صلى", "الله", "عليه", "وسلم")]),
        ("，。", []),
    ],
)
def test_a_text_is_cut_into_phrases(text: str, phrases: list[tuple[str, ...]]) -> None:
    assert split_phrases(text) == phrases


@given(st.text(max_size=40))
def test_a_folded_text_is_nfkc_and_lower_case_without_marks(text: str) -> None:
    assert fold(text) == oracle.folded(text)
    assert [len(phrase) for phrase in split_phrases(text)] == [
        len(part.split()) for part in oracle.token_text(oracle.folded(text)).split("|") if part.strip()
    ]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30), st.data())
def test_a_marked_place_reads_as_what_was_asked(text: str, data: st.DataObject) -> None:
    asked = split_phrases(text)
    if asked:
        phrase = data.draw(st.sampled_from(asked))
        spans = find_spans([phrase], text)
        assert spans
        for start, end in spans:
            tokens = [token for part in split_phrases(text[start:end]) for token in part]
            assert "".join(phrase) in "".join(tokens) or unicodedata.normalize("NFKC", text) != text


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("保障农民工工资", "工资", "保障农民工<mark>工资</mark>"),
        ("发〔2024〕19号", "发2024", "<mark>发〔2024</mark>〕19号"),
        ("拨付150万元", "50万", "拨付150万元"),
        ("拨付５０万元", "50万", "拨付<mark>５０万</mark>元"),
        ("<b>工资</b>&", "工资 b", "&lt;<mark>b</mark>&gt;<mark>工资</mark>&lt;/<mark>b</mark>&gt;&amp;"),
        ("工工工", "工工", "<mark>工工工</mark>"),
        ("500㎡的用地", "500m", "<mark>500㎡</mark>的用地"),
        ("cafe\u0301餐饮", "café", "<mark>cafe\u0301</mark>餐饮"),
    ],
)
def test_what_was_found_is_marked_and_everything_is_escaped(text: str, query: str, shown: str) -> None:
    assert highlight(text, parse_query(query).phrases) == shown


def test_a_passage_shows_where_most_was_found() -> None:
    texts = ["工资" + "前言，" * 60, "其他内容。" * 30 + "拖欠工资的线索两个工作日内响应。" + "结尾。" * 60]
    shown = make_snippet(texts, parse_query("拖欠 工资").phrases)
    assert "拖欠工资的线索" in shown
    assert shown.startswith(ELLIPSIS)
    assert shown.endswith(ELLIPSIS)
    assert len(shown) <= LENGTH + 2 * len(ELLIPSIS)
    assert make_snippet(["", "开头"], ()) == "开头"
    assert make_snippet([], ()) == ""


def test_a_text_is_relaxed_to_half_of_its_pairs() -> None:
    assert relax_query("拖欠怎么办") == TextQuery((("拖", "欠"),), 1)
    assert relax_query("农民工工资拖欠") == TextQuery(
        (("农", "民"), ("民", "工"), ("工", "工"), ("工", "资"), ("资", "拖"), ("拖", "欠")), 3
    )
    assert relax_query("欠薪 托管") == TextQuery((("欠", "薪"), ("托", "管")), 1)
    assert relax_query("欠薪") is None
    assert relax_query("") is None
    assert relax_query("的") is None
    assert relax_query("工" * 255 + "资") is not None
    assert relax_query("".join(map(chr, range(0x4E00, 0x4E00 + 250)))) is None


def test_quotation_marks_hold_together_and_a_minus_excludes() -> None:
    assert parse_query('"医疗 互助" 津贴') == TextQuery((("医", "疗", "互", "助"), ("津", "贴")), 2)
    assert parse_query("津贴 -“ab cd”") == TextQuery((("津", "贴"),), 1, (("ab", "cd"),))
    assert parse_query("－高温，津贴") == TextQuery((), 0, (("高", "温"), ("津", "贴")))
    assert parse_query('2024-2025 a-b "') == TextQuery((("2024",), ("2025",), ("a",), ("b",)), 4)
    assert parse_query("- --甲") == TextQuery((("甲",),), 1)
    assert relax_query("医疗互助 -托管") == TextQuery((("医", "疗"), ("疗", "互"), ("互", "助")), 2, (("托", "管"),))
    assert relax_query("-医疗互助") is None


def test_a_refusal_says_why_nothing_can_be_found() -> None:
    assert refusal("") == refusal("工" * 255) == refusal(" ".join(["工" * 255] * 9)) == ""
    assert "255" in refusal("工" * 256)
    assert "255" in refusal("a b " + "c" * 256)
    assert "标点" in refusal('"*"')
    assert "标点" in refusal("-。")
    assert refusal("-甲") == ""
    assert "255" in refusal('"' + "工 " * 200 + '"')
