"""Engine and oracle agree exactly: ids, order, totals, counts, sight, relaxation, on random documents and queries."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.document import Choice, Document
from search.engines.base import Engine
from search.engines.selection import engine
from search.query import DATE, RELEVANCE, Query
from search.reader import Reader
from tests.examples import reduced_examples
from tests.search import oracle
from tests.search.oracle import Answer, Ask, Doc

pytestmark = pytest.mark.django_db

Answering = Callable[[], Engine]

WORDS = [
    "工资",
    "拖欠",
    "农民工",
    "职工",
    "医疗互助",
    "50",
    "150",
    "3.5",
    "万元",
    "万",
    "2024",
    "〔2024〕",
    "19号",
    "发",
    "A4",
    "ab",
]
MARKS = [
    "〔",
    "〕",
    "（",
    "）",
    "[",
    "]",
    "「",
    "《",
    "，",
    "。",
    "、",
    ".",
    ".",
    " ",
    "\u3000",
    "\n",
    "“",
    "-",
    "\0",
    "😀",
    "\u200b",
    '"',
]
BITS = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(MARKS), st.text(max_size=2))
TEXTS = st.lists(BITS, max_size=8).map("".join)
PLAIN = st.one_of(st.just(""), st.sampled_from(WORDS), st.lists(st.sampled_from(WORDS), max_size=3).map("".join), TEXTS)
# Two or three terms, some of them in quotation marks, some of them excluded.
BUILT = st.lists(
    st.builds("{}{}".format, st.sampled_from(["", "-", '"', '-"', "“"]), PLAIN.map("{0} {0}".format) | PLAIN).map(
        lambda term: term + {'"': '"', "“": "”"}.get(term.lstrip("-")[:1], "")
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
ASKED = st.one_of(PLAIN, PLAIN, BUILT)
TITLES = st.lists(BITS, min_size=1, max_size=4).map("".join)
SOME = ["public", "conference:1", "department:7"]
TOKENS = st.sets(st.sampled_from(SOME), max_size=2)
FACETS = st.fixed_dictionaries(
    {},
    optional={
        "conference": st.sampled_from([["yuanqu"], ["chengqiao"]]),
        "department": st.lists(st.sampled_from(["县财政局", "县人社局", "县总工会"]), max_size=2, unique=True),
        "stage": st.sampled_from([["verified"], ["under_way"]]),
        "tag": st.lists(st.sampled_from(["欠薪", "托管"]), max_size=2, unique=True),
    },
)
DAYS = st.integers(0, 3).map(lambda years: date(2022, 9, 5) + timedelta(days=365 * years))
DOCS = st.lists(
    st.builds(
        Doc,
        key=st.just(""),
        kind=st.sampled_from(["topic", "resolution"]),
        number=st.integers(1, 3),
        title=TITLES,
        texts=st.lists(TEXTS, max_size=2),
        day=st.none() | DAYS,
        tokens=TOKENS,
        facets=FACETS,
    ),
    max_size=6,
    unique_by=lambda doc: (doc.kind, doc.number),
)
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.just(["topic"]),
        "year": st.lists(st.sampled_from(["2022", "2023"]), min_size=1, unique=True),
        "department": st.lists(st.sampled_from(["县财政局", "县人社局", "没有"]), min_size=1, unique=True),
        "stage": st.just(["verified"]),
        "tag": st.just(["托管"]),
    },
)
ASKS = st.builds(
    Ask,
    text=ASKED,
    tokens=st.one_of(st.just({*SOME}), TOKENS),
    chosen=st.one_of(st.just({}), CHOSEN, CHOSEN),
    since=st.one_of(st.none(), st.none(), DAYS),
    until=st.one_of(st.none(), st.none(), DAYS),
    by_date=st.booleans(),
)


def as_document(doc: Doc) -> Document:
    return Document(
        key=doc.key,
        kind=Choice(doc.kind, doc.kind),
        number=doc.number,
        title=doc.title,
        texts=tuple(doc.texts),
        day=doc.day,
        url=f"/{doc.key}/",
        tokens=frozenset(doc.tokens),
        facets={name: tuple(Choice(value, value) for value in values) for name, values in doc.facets.items()},
    )


def as_query(ask: Ask, page_size: int = 1000, page: int = 1) -> Query:
    return Query(
        text=ask.text,
        reader=Reader(frozenset(ask.tokens)),
        since=ask.since,
        until=ask.until,
        sort=DATE if ask.by_date else RELEVANCE,
        page=page,
        page_size=page_size,
        chosen={name: tuple(values) for name, values in ask.chosen.items()},
    )


def answer(asked: Engine, query: Query) -> Answer:
    result = asked.search(query)
    assert result.total == len(result.hits)
    counts = {name: Counter({each.value: each.count for each in found}) for name, found in result.facets.items()}
    return Answer([hit.key for hit in result.hits], counts, result.relaxed, refused=bool(result.message))


def fill(docs: list[Doc]) -> None:
    for doc in docs:
        doc.key = f"{doc.kind}:{doc.number}"
    engine().clear()
    engine().index(as_document(doc) for doc in docs)


def plain(text: str, title: str = "标题") -> Doc:
    return Doc("", "topic", 1, title, [text], date(2024, 9, 5), {"public"})


def public(text: str) -> Ask:
    return Ask(text, {"public"})


def with_examples(test: Callable[..., None]) -> Callable[..., None]:
    """Try random documents and questions, and these."""
    for documents, questions in reversed(EXAMPLES):
        test = example(documents, questions)(test)
    return given(DOCS, st.lists(ASKS, min_size=6, max_size=6))(test)


EXAMPLES: list[tuple[list[Doc], list[Ask]]] = [
    ([plain("垣政办发〔2024〕19号文件")], [public("发2024"), public("办发(2024)19号"), public("2024】 19号文")]),
    (
        [plain("专项资金150万元、3.5万元")],
        [public("50万"), public("150万"), public("5万"), public("3.5万"), public("3")],
    ),
    ([plain("支付工资。2024年")], [public("工资2024"), public("工资。2024"), public("资2")]),
    ([plain("拖\u200b欠工\u0301资")], [public("拖欠工资"), public("欠\ufe0f工")]),
    (
        [
            Doc("", "topic", 1, "拖欠工资", [], date(2022, 9, 5), {"public"}),
            Doc("", "topic", 2, "工资", [], date(2023, 9, 5), {"public"}),
        ],
        [Ask("欠工资", {"public"}, {"year": ["2023"]}), Ask("资拖欠", {"public"}, {"year": ["2023"]})],
    ),
    ([plain("保障农民工工资，查处拖欠")], [public("农民工工资拖欠问题处理"), public("拖欠怎么办"), public("的")]),
]


def assert_agrees(answering: Answering, docs: list[Doc], asks: list[Ask]) -> None:
    fill(docs)
    for ask in asks:
        expected = oracle.search(docs, ask)
        for name, values in ask.chosen.items():  # what was chosen stays on offer, with nothing to it
            if not expected.refused:
                expected.counts[name].update(dict.fromkeys(values, 0))
        found = answer(answering(), as_query(ask))
        assert found == expected
        assert {n: dict(c) for n, c in found.counts.items()} == {n: dict(c) for n, c in expected.counts.items()}


@with_examples
def test_engine_and_oracle_agree(docs: list[Doc], asks: list[Ask]) -> None:
    assert_agrees(engine, docs, asks)


@settings(max_examples=reduced_examples(6))
@with_examples
def test_elasticsearch_and_oracle_agree(answering_by_node: Answering, docs: list[Doc], asks: list[Ask]) -> None:
    assert_agrees(answering_by_node, docs, asks)


HOSTILE = [
    '"', '""', '"工资', '工资"', "*", "工资*", "工*", "%", "%工资%", "_", "工资_", "\x00", "\u5de5\x00\u8d44",
    "😀", "工资😀", "\u202e\u5de5\u8d44", "工资 AND 拖欠", "工资 OR 拖欠", "NOT 工资", "NEAR(工资 拖欠)",
    "title:工资", "{title}:工资", "^工资", "工资-拖欠", "+工资", "(工资", "工资)", "((((",
    "'; DROP TABLE search_index; --", "\\", "工资\\", "\ud800", "\ud800\u5de5\u8d44", "İstanbul", "ΑΣ ΑΣ.Β",
    "ﷺ", "e\u0301", "㎡", "①", "½", "ｶﾞ", "각", "\u1112\u1161\u11ab", "1.2.3", ".5", "5.", "5..5", "3。5",
    "工" * 255, "工" * 256, "工" * 10_000, "工 " * 5_000, "a" * 10_000, " ".join(f"词{n}" for n in range(600)),
]  # fmt: skip


def test_hostile_texts_get_the_right_answer(answering: Answering) -> None:
    """All of them stand in the documents at once, so that each engine is filled once."""
    docs = [plain("拖欠工资 and 拖欠 title 5.5 3.5", "工资"), plain("istanbul ας e é m2 1 ガ 1.2.3 工 资")]
    for text in HOSTILE:
        stored = text[:300].encode("utf-8", "replace").decode()  # a database holds no half of a surrogate pair
        docs += [plain(stored, "工"), plain("工资拖欠", stored)]
    for number, doc in enumerate(docs):
        doc.number = number
    fill(docs)
    asked = answering()
    wrong = [text for text in HOSTILE if answer(asked, as_query(public(text))) != oracle.search(docs, public(text))]
    assert wrong == []


@settings(max_examples=reduced_examples(6))
@given(DOCS, ASKS, st.integers(1, 3))
def test_pages_cut_the_whole_into_parts(answering: Answering, docs: list[Doc], ask: Ask, size: int) -> None:
    fill(docs)
    whole = [hit.key for hit in answering().search(as_query(ask)).hits]
    pages = answering().search(as_query(ask, page_size=size)).pages
    parts = [hit.key for n in range(1, pages + 2) for hit in answering().search(as_query(ask, size, n)).hits]
    assert parts == whole
