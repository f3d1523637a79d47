"""What the oracle does not cover: refusals, updates, the cache of a process, the number of queries."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection, transaction

from search.document import Choice, Document
from search.engines.base import Engine
from search.engines.fulltext import table
from search.engines.selection import engine
from search.engines.tokens import Text
from search.models import SearchDocument
from search.query import DATE, Query
from search.reader import Reader, ReaderMissing

EngineFactory = Callable[[], Engine]
QueryCount = Callable[[int], AbstractContextManager[object]]
READER = Reader(frozenset({"public"}))


def document(number: int, title: str = "职工医疗互助", *, tokens: str = "public", **values: object) -> Document:
    base = Document(
        key=f"resolution:{number}",
        kind=Choice("resolution", "议定事项"),
        number=number,
        title=title,
        texts=(f"由财政局牵头落实第{number}项。", "县财政局"),
        day=date(2024, 9, 5),
        url=f"/resolutions/2024-{number}/",
        tokens=frozenset(tokens.split()),
        facets={"department": (Choice("县财政局", "县财政局"), Choice("县医保局", "县医保局"))},
        data={"who": "县财政局"},
    )
    return replace(base, **values)  # type: ignore[arg-type]


def keys(asked: Engine, text: str = "", reader: Reader = READER) -> list[str]:
    return [hit.key for hit in asked.search(Query(text=text, reader=reader)).hits]


@pytest.mark.django_db
class TestContract:
    def test_a_query_without_a_reader_is_refused(self, get_engine: EngineFactory) -> None:
        with pytest.raises(ReaderMissing):
            get_engine().search(Query(text="工资"))

    def test_a_reader_without_tokens_sees_nothing(self, get_engine: EngineFactory) -> None:
        engine().index([document(1)])
        assert keys(get_engine(), reader=Reader(frozenset())) == []

    def test_a_document_takes_the_place_of_the_one_with_its_key(self, get_engine: EngineFactory) -> None:
        engine().index([document(1)])
        engine().index([document(1, "高温津贴")])
        assert keys(get_engine(), "医疗互助") == []
        assert keys(get_engine(), "高温津贴") == ["resolution:1"]
        assert SearchDocument.objects.count() == 1

    def test_what_did_not_change_is_left_alone(self) -> None:
        engine().index([document(1)])
        row = SearchDocument.objects.get()
        engine().index([document(1)])
        assert SearchDocument.objects.get() == row
        engine().index([document(1, tokens="public conference:1")])
        assert SearchDocument.objects.get() != row

    def test_the_last_of_two_with_one_key_is_kept(self, get_engine: EngineFactory) -> None:
        engine().index([document(1), document(1, "高温津贴")])
        assert keys(get_engine(), "高温津贴") == ["resolution:1"]

    def test_deleting_what_is_not_there_is_nothing(self, get_engine: EngineFactory) -> None:
        engine().index([document(1)])
        engine().delete(["resolution:7"])
        assert keys(get_engine()) == ["resolution:1"]
        engine().delete(["resolution:1"])
        assert keys(get_engine()) == []
        assert list(engine().faults()) == []

    def test_hits_tell_what_a_line_shows(self, get_engine: EngineFactory) -> None:
        engine().index([document(1, "<b>职工</b>医疗互助")])
        (hit,) = get_engine().search(Query(text="职工", reader=READER)).hits
        assert hit.title_html == "&lt;b&gt;<mark>职工</mark>&lt;/b&gt;医疗互助"
        assert (hit.title, hit.snippet) == ("<b>职工</b>医疗互助", "由财政局牵头落实第1项。")
        assert (hit.kind, hit.kind_label, hit.data) == ("resolution", "议定事项", {"who": "县财政局"})

    def test_a_renamed_value_is_counted_once(self, get_engine: EngineFactory) -> None:
        engine().index(
            document(n, facets={"conference": (Choice("yq", label),)}) for n, label in ((1, "旧"), (2, "新"))
        )
        (count,) = get_engine().search(Query(reader=READER)).facets["conference"]
        assert (count.value, count.count) == ("yq", 2)

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("职工 托管", [3, 2]),
            ('"职工 托管"', [3]),
            ("“职工 托管”", [3]),
            ("职工 -托管", [1]),
            ('职工 -"职工 托管"', [2, 1]),
            ("-职工", [4]),
            ("职工 -托管 -医疗", []),
            ("托管 -没有的词", [3, 2]),
            ("职工－托管", [3, 2]),  # inside a term, a minus is ordinary punctuation
            ('"职工 托管', [3, 2]),  # no closing mark
        ],
    )
    def test_quotation_marks_keep_together_and_a_minus_leaves_out(
        self, get_engine: EngineFactory, text: str, found: list[int]
    ) -> None:
        titles = ["职工医疗", "托管班（职工）", "职工 托管", "高温津贴"]
        engine().index(document(n, title, texts=()) for n, title in enumerate(titles, 1))
        hits = get_engine().search(Query(text=text, reader=READER, sort=DATE))
        assert [hit.key for hit in hits.hits if not hits.relaxed] == [f"resolution:{n}" for n in found]
        assert sum(each.count for each in hits.facets["kind"]) == hits.total

    def test_suggestions_leave_out_what_is_excluded_wherever_it_stands(self, get_engine: EngineFactory) -> None:
        engine().index([document(1, "职工医疗", texts=("托管",)), document(2, "职工津贴", texts=("医疗",))])
        assert get_engine().suggest("职工 -托管", READER) == ["职工津贴"]
        assert get_engine().suggest("-托管", READER) == []

    def test_facets_are_not_cut_at_ten(self, get_engine: EngineFactory) -> None:
        engine().index(document(n, facets={"tag": (Choice(f"标签{n}", f"标签{n}"),)}) for n in range(30))
        assert len(get_engine().search(Query(reader=READER)).facets["tag"]) == 30

    @pytest.mark.parametrize(
        "text",
        [
            "".join(chr(0x4E00 + number) for number in range(20_000)),  # more positions than a tsvector stores
            "".join(chr(0x4E00 + number) + "，" for number in range(20_000)),
            "甲乙" + "丙丁戊" * 400 + "己庚",  # one pair more often than a tsvector stores
            "甲乙" + " 0" * 700 + "己庚",
            "甲乙" + "a" * 5000 + "己庚",  # longer than any token may be
        ],
        ids=["many", "many-breaks", "often", "zeros", "long"],
    )
    def test_a_long_text_is_found_from_its_first_word_to_its_last(self, get_engine: EngineFactory, text: str) -> None:
        engine().index([document(1, texts=(text,)), document(2, title=text[:200], texts=())])
        asked = [text[start : start + size] for size in (2, 3, 255) for start in range(0, len(text) - size, 97)]
        for words in [text[:2], text[-2:], *asked[:: len(asked) // 20 + 1], text[-255:]]:
            if "a" not in words:  # runs of letters match as a whole only
                assert "resolution:1" in keys(get_engine(), words), words
        assert keys(get_engine(), "乙己") == keys(get_engine(), "庚甲") == []
        assert list(engine().faults()) == []

    @pytest.mark.parametrize("text", ["", "医疗互助", "第1项", "没有的词语组合", "财政局牵头医疗"])
    def test_a_page_takes_as_many_queries_for_three_hits_as_for_one(
        self, get_engine: EngineFactory, text: str, django_assert_max_num_queries: QueryCount
    ) -> None:
        counts = []
        for number in (1, 3):
            engine().index(document(n) for n in range(1, number + 1))
            with django_assert_max_num_queries(20) as queries:
                get_engine().search(Query(text=text, reader=READER))
            counts.append(len(queries.captured_queries))  # type: ignore[attr-defined]
        assert counts[0] == counts[1]


@pytest.mark.django_db
class TestFaults:
    def test_a_sound_index_has_none(self) -> None:
        engine().index(document(n) for n in range(5))
        engine().index([document(2, "高温津贴")])
        assert list(engine().faults()) == []

    def test_a_row_that_the_table_lacks_is_told(self) -> None:
        engine().index([document(1)])
        row = SearchDocument.objects.get()
        table().replace([Text(row.pk, row.title, row.body)], [])
        assert list(engine().faults()) == ["resolution:1: the full-text table lacks it"]

    def test_a_row_with_another_text_is_told(self) -> None:
        engine().index([document(1)])
        SearchDocument.objects.update(title="互助医疗职工")
        assert list(engine().faults()) == ["resolution:1: the full-text table holds another text"]

    def test_a_row_without_a_document_is_told(self) -> None:
        table().replace([], [Text(7, "工资", "")])
        assert list(engine().faults()) == ["row 7: in the full-text table without a document"]


@pytest.mark.django_db
@pytest.mark.postgresql
class TestMarks:
    """PostgreSQL's index narrows what it reads to the sight of the reader; FTS5 takes the hint and ignores it."""

    def test_what_carries_a_mark_of_each_set_is_found(self) -> None:
        engine().index([document(1, "高温津贴")])
        tokens = set(SearchDocument.objects.get().audience.tokens.split())
        for within, found in (([tokens, {"kind:resolution"}], True), ([tokens], True), ([{"elsewhere"}], False)):
            expected = found or connection.vendor == "sqlite"
            assert bool(table().ids_by_phrase([("高", "温")], within=within)[0]) == expected

    def test_a_row_without_the_marks_of_its_document_is_told(self) -> None:
        engine().index([document(1)])
        SearchDocument.objects.update(kind="topic")
        assert bool(list(engine().faults())) == (connection.vendor == "postgresql")


@pytest.fixture
def empty_index(transactional_db: None) -> Iterator[None]:
    """An empty index with real transactions, which the rollback of a test would not undo."""
    engine().clear()
    yield
    engine().clear()


@pytest.mark.usefixtures("empty_index")
class TestMemory:
    """The cache of a process across searches, each in its own transaction."""

    def test_what_changed_is_seen_by_the_next_search(self) -> None:
        engine().index([document(1), document(2)])
        assert keys(engine()) == ["resolution:2", "resolution:1"]
        engine().index([document(1, tokens="conference:1")])
        assert keys(engine()) == ["resolution:2"]
        assert keys(engine(), reader=Reader(frozenset({"conference:1"}))) == ["resolution:1"]
        engine().delete(["resolution:2"])
        assert keys(engine()) == []

    def test_what_was_rolled_back_is_not_remembered(self) -> None:
        with transaction.atomic():
            engine().index([document(1)])
            assert keys(engine()) == ["resolution:1"]
            transaction.set_rollback(True)
        assert keys(engine()) == []
        engine().index([document(2, "高温津贴", tokens="conference:1")])
        assert keys(engine()) == []
        assert keys(engine(), "高温", Reader(frozenset({"conference:1"}))) == ["resolution:2"]

    def test_ids_are_not_used_twice(self) -> None:
        engine().index([document(1)])
        first = SearchDocument.objects.get().pk
        engine().clear()
        engine().index([document(2)])
        assert SearchDocument.objects.get().pk > first

    def test_a_known_search_reads_the_match_and_the_page_alone(self, django_assert_num_queries: QueryCount) -> None:
        engine().index(document(n) for n in range(30))
        keys(engine(), "医疗互助")
        assert not connection.in_atomic_block
        with django_assert_num_queries(3):  # matches, title matches, the rows of the page
            keys(engine(), "医疗互助")
