"""Engine and oracle agree exactly on ids, order, totals, counts, visibility and relaxation, for random documents and
queries.
"""

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
from tests.search.oracle import Answer, Doc, Question

pytestmark = pytest.mark.django_db

EngineFactory = Callable[[], Engine]

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
PUNCTUATION = [
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
FRAGMENTS = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(PUNCTUATION), st.text(max_size=2))
TEXTS = st.lists(FRAGMENTS, max_size=8).map("".join)
PLAIN_TEXTS = st.one_of(
    st.just(""), st.sampled_from(WORDS), st.lists(st.sampled_from(WORDS), max_size=3).map("".join), TEXTS
)
# Up to three terms; some are in quotation marks, some are excluded.
MULTI_TERM_TEXTS = st.lists(
    st.builds(
        "{}{}".format, st.sampled_from(["", "-", '"', '-"', "“"]), PLAIN_TEXTS.map("{0} {0}".format) | PLAIN_TEXTS
    ).map(lambda term: term + {'"': '"', "“": "”"}.get(term.lstrip("-")[:1], "")),
    min_size=1,
    max_size=3,
).map(" ".join)
QUERY_TEXTS = st.one_of(PLAIN_TEXTS, PLAIN_TEXTS, MULTI_TERM_TEXTS)
TITLES = st.lists(FRAGMENTS, min_size=1, max_size=4).map("".join)
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
QUESTIONS = st.builds(
    Question,
    text=QUERY_TEXTS,
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


def as_query(question: Question, page_size: int = 1000, page: int = 1) -> Query:
    return Query(
        text=question.text,
        reader=Reader(frozenset(question.tokens)),
        since=question.since,
        until=question.until,
        sort=DATE if question.by_date else RELEVANCE,
        page=page,
        page_size=page_size,
        chosen={name: tuple(values) for name, values in question.chosen.items()},
    )


def answer(asked: Engine, query: Query) -> Answer:
    result = asked.search(query)
    assert result.total == len(result.hits)
    counts = {name: Counter({each.value: each.count for each in found}) for name, found in result.facets.items()}
    return Answer([hit.key for hit in result.hits], counts, result.relaxed, refused=bool(result.message))


def fill_index(docs: list[Doc]) -> None:
    for doc in docs:
        doc.key = f"{doc.kind}:{doc.number}"
    engine().clear()
    engine().index(as_document(doc) for doc in docs)


def document_with_text(text: str, title: str = "标题") -> Doc:
    return Doc("", "topic", 1, title, [text], date(2024, 9, 5), {"public"})


def public_question(text: str) -> Question:
    return Question(text, {"public"})


def with_examples(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test with random documents and questions, and with `EXAMPLES`."""
    for documents, questions in reversed(EXAMPLES):
        test = example(documents, questions)(test)
    return given(DOCS, st.lists(QUESTIONS, min_size=6, max_size=6))(test)


EXAMPLES: list[tuple[list[Doc], list[Question]]] = [
    (
        [document_with_text("垣政办发〔2024〕19号文件")],
        [public_question("发2024"), public_question("办发(2024)19号"), public_question("2024】 19号文")],
    ),
    (
        [document_with_text("专项资金150万元、3.5万元")],
        [
            public_question("50万"),
            public_question("150万"),
            public_question("5万"),
            public_question("3.5万"),
            public_question("3"),
        ],
    ),
    (
        [document_with_text("支付工资。2024年")],
        [public_question("工资2024"), public_question("工资。2024"), public_question("资2")],
    ),
    ([document_with_text("拖\u200b欠工\u0301资")], [public_question("拖欠工资"), public_question("欠\ufe0f工")]),
    (
        [
            Doc("", "topic", 1, "拖欠工资", [], date(2022, 9, 5), {"public"}),
            Doc("", "topic", 2, "工资", [], date(2023, 9, 5), {"public"}),
        ],
        [Question("欠工资", {"public"}, {"year": ["2023"]}), Question("资拖欠", {"public"}, {"year": ["2023"]})],
    ),
    (
        [document_with_text("保障农民工工资，查处拖欠")],
        [public_question("农民工工资拖欠问题处理"), public_question("拖欠怎么办"), public_question("的")],
    ),
]


def assert_agrees(get_engine: EngineFactory, docs: list[Doc], questions: list[Question]) -> None:
    fill_index(docs)
    for question in questions:
        expected = oracle.search(docs, question)
        for name, values in question.chosen.items():  # selected values are listed even with count 0
            if not expected.refused:
                expected.counts[name].update(dict.fromkeys(values, 0))
        found = answer(get_engine(), as_query(question))
        assert found == expected
        assert {n: dict(c) for n, c in found.counts.items()} == {n: dict(c) for n, c in expected.counts.items()}


@with_examples
def test_engine_and_oracle_agree(docs: list[Doc], questions: list[Question]) -> None:
    assert_agrees(engine, docs, questions)


@settings(max_examples=reduced_examples(6))
@with_examples
def test_elasticsearch_and_oracle_agree(
    get_elasticsearch_engine: EngineFactory, docs: list[Doc], questions: list[Question]
) -> None:
    assert_agrees(get_elasticsearch_engine, docs, questions)


HOSTILE = [
    '"', '""', '"工资', '工资"', "*", "工资*", "工*", "%", "%工资%", "_", "工资_", "\x00", "\u5de5\x00\u8d44",
    "😀", "工资😀", "\u202e\u5de5\u8d44", "工资 AND 拖欠", "工资 OR 拖欠", "NOT 工资", "NEAR(工资 拖欠)",
    "title:工资", "{title}:工资", "^工资", "工资-拖欠", "+工资", "(工资", "工资)", "((((",
    "'; DROP TABLE search_index; --", "\\", "工资\\", "\ud800", "\ud800\u5de5\u8d44", "İstanbul", "ΑΣ ΑΣ.Β",
    "ﷺ", "e\u0301", "㎡", "①", "½", "ｶﾞ", "각", "\u1112\u1161\u11ab", "1.2.3", ".5", "5.", "5..5", "3。5",
    "工" * 255, "工" * 256, "工" * 10_000, "工 " * 5_000, "a" * 10_000, " ".join(f"词{n}" for n in range(600)),
]  # fmt: skip


def test_hostile_texts_get_the_right_answer(get_engine: EngineFactory) -> None:
    """All texts are in the documents at the same time, so each engine is filled only once."""
    docs = [
        document_with_text("拖欠工资 and 拖欠 title 5.5 3.5", "工资"),
        document_with_text("istanbul ας e é m2 1 ガ 1.2.3 工 资"),
    ]
    for text in HOSTILE:
        stored = text[:300].encode("utf-8", "replace").decode()  # a database cannot store half of a surrogate pair
        docs += [document_with_text(stored, "工"), document_with_text("工资拖欠", stored)]
    for number, doc in enumerate(docs):
        doc.number = number
    fill_index(docs)
    asked = get_engine()
    wrong = [
        text
        for text in HOSTILE
        if answer(asked, as_query(public_question(text))) != oracle.search(docs, public_question(text))
    ]
    assert wrong == []


@settings(max_examples=reduced_examples(6))
@given(DOCS, QUESTIONS, st.integers(1, 3))
def test_pages_cut_the_whole_into_parts(
    get_engine: EngineFactory, docs: list[Doc], question: Question, size: int
) -> None:
    fill_index(docs)
    whole = [hit.key for hit in get_engine().search(as_query(question)).hits]
    pages = get_engine().search(as_query(question, page_size=size)).pages
    parts = [hit.key for n in range(1, pages + 2) for hit in get_engine().search(as_query(question, size, n)).hits]
    assert parts == whole
