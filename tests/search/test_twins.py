"""Similar past decisions, on every engine: a similar decision is among the first five, and only for readers who may see
it.
"""

from datetime import date

import pytest

from search.document import Choice
from search.engines.selection import engine
from search.reader import PUBLIC, Reader
from search.views.similar import CANDIDATES
from tests.search.test_engine import EngineFactory, document

pytestmark = pytest.mark.django_db
READER = Reader(frozenset({PUBLIC}))
STAFF = Reader(frozenset({PUBLIC, "conference:1"}))

SUBJECTS = (
    "职工医疗互助",
    "工伤预防宣传",
    "环卫工人爱心早餐",
    "高温津贴发放",
    "困难职工帮扶",
    "女职工“两癌”筛查",
    "劳模疗休养",
)
PLACES = ("历山镇", "皋落乡", "王茅镇", "长直乡", "新城镇", "毛家湾镇")
TWINS = {
    "关于开办职工子女暑期托管班的议题": "开办职工子女暑期爱心托管班",
    "新就业形态劳动者驿站建设": "关于建设户外劳动者驿站、服务新就业形态劳动者的事项",
    "根治拖欠农民工工资": "拖欠农民工工资问题专项治理",
}


def plant_documents(tokens: str = PUBLIC) -> None:
    """Index a hundred unrelated decisions, many in similar words, and the similar ones with the oldest dates."""
    others = [f"关于推进{place}{subject}工作的事项" for subject in SUBJECTS for place in PLACES]
    engine().index(document(number, title) for number, title in enumerate([*others, *others], 100))
    engine().index(
        document(number, title, day=date(2012, 5, number), texts=("由县总工会牵头。",), tokens=tokens)
        for number, title in enumerate(TWINS.values(), 1)
    )


@pytest.mark.parametrize("asked", TWINS)
def test_the_twin_is_among_the_first_five(get_engine: EngineFactory, asked: str) -> None:
    plant_documents()
    found = [hit.title for hit in get_engine().similar(asked, READER)]
    assert TWINS[asked] in found
    assert len(found) <= 5


def test_who_may_not_see_the_twin_is_not_told(get_engine: EngineFactory) -> None:
    plant_documents(tokens="conference:1")
    for asked, twin in TWINS.items():
        assert twin not in [hit.title for hit in get_engine().similar(asked, READER, size=50)]
        assert twin in [hit.title for hit in get_engine().similar(asked, STAFF)]


def test_what_was_settled_a_moment_ago_is_there_and_what_was_taken_back_is_not(get_engine: EngineFactory) -> None:
    plant_documents()
    asked, twin = next(iter(TWINS.items()))
    engine().delete(["resolution:1"])
    engine().index([document(900, f"再次{twin}", day=date(2025, 5, 1))])
    found = [hit.title for hit in get_engine().similar(asked, READER)]
    assert f"再次{twin}" in found
    assert twin not in found


def test_what_one_may_not_see_changes_nothing_of_what_is_alike(get_engine: EngineFactory) -> None:
    """Invisible documents change neither results nor order: tokens that are rare for the reader may be common in
    drafts.
    """
    plant_documents()
    before = {asked: [hit.key for hit in get_engine().similar(asked, READER, size=CANDIDATES)] for asked in TWINS}
    engine().index(document(number, twin, tokens="conference:1") for number, twin in enumerate(30 * [*TWINS], 1000))
    after = {asked: [hit.key for hit in get_engine().similar(asked, READER, size=CANDIDATES)] for asked in TWINS}
    assert after == before
    assert {asked: [hit.key for hit in engine().similar(asked, READER, size=CANDIDATES)] for asked in TWINS} == before


@pytest.mark.parametrize("text", ["a" * 3000 + " 托管", "1" * 3000 + "托管班", "托管 " + "a" * 3990, "\0", "托"])
def test_a_text_that_is_no_matter_is_answered(get_engine: EngineFactory, text: str) -> None:
    plant_documents()
    get_engine().similar(text, READER)


def test_other_kinds_and_the_text_s_own_decision_are_left_out(get_engine: EngineFactory) -> None:
    plant_documents()
    asked, twin = next(iter(TWINS.items()))
    engine().index([document(901, twin, key="topic:901", kind=Choice("topic", "议题"))])
    assert "topic:901" not in [hit.key for hit in get_engine().similar(asked, READER, size=CANDIDATES)]
    assert "resolution:1" not in [hit.key for hit in get_engine().similar(asked, READER, {"resolution:1"}, CANDIDATES)]
