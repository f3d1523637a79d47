"""The URL of a result page contains the whole query."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from search.document import FACETS
from search.query import DATE, RELEVANCE, Query
from search.reader import Reader

READER = Reader(frozenset({"public"}))
VALUES = st.lists(
    st.text(min_size=1, max_size=5).map(lambda t: t.replace("\0", "")).filter(bool), min_size=1, unique=True
)
QUERIES = st.builds(
    Query,
    text=st.text(max_size=20).map(str.strip),
    reader=st.just(READER),
    chosen=st.dictionaries(st.sampled_from(FACETS), VALUES.map(tuple)),
    since=st.none() | st.dates(max_value=date(2024, 1, 1)),
    until=st.none() | st.dates(min_value=date(2024, 1, 2)),
    sort=st.sampled_from([RELEVANCE, DATE]),
    page=st.integers(1, 1_000_000),
)


def read(address: str) -> tuple[Query, list[str]]:
    return Query.from_params(QueryDict(address), READER)


@given(QUERIES)
def test_an_address_gives_the_query_back(query: Query) -> None:
    assert read(query.to_url()) == (query, [])


def test_a_default_query_has_an_empty_address() -> None:
    assert Query(reader=READER).to_url() == ""
    assert read("") == (Query(reader=READER), [])


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1.5", "９" * 30, "9" * 400, "²", "", "\0"])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    query, problems = read(f"q=工资&page={page}")
    assert query.page == 1
    assert len(problems) == (1 if page else 0)


@pytest.mark.parametrize("day", ["2024-13-01", "去年", "20240905x", "0"])
def test_a_day_that_is_none_is_told(day: str) -> None:
    query, problems = read(f"since={day}")
    assert query.since is None
    assert len(problems) == 1


def test_days_in_the_wrong_order_are_told() -> None:
    _query, problems = read("since=2024-02-01&until=2024-01-01")
    assert len(problems) == 1


def test_choosing_goes_back_to_the_first_page_and_taking_back_leaves_nothing() -> None:
    query = Query(text="工资", reader=READER, page=3)
    chosen = query.toggled("year", "2024").toggled("year", "2023")
    assert chosen.chosen == {"year": ("2024", "2023")}
    assert chosen.page == 1
    assert chosen.toggled("year", "2024").toggled("year", "2023") == Query(text="工资", reader=READER)
    assert chosen.widened() == Query(text="工资", reader=READER)
