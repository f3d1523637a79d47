"""Lists read the keys of a page, then its rows; exports read their rows in batches. Nothing is lost or reordered."""

from typing import Any

import pytest
from django.urls import reverse

from meetings.admin.core.listing import PreparedRows
from meetings.models import Topic
from tests.meetings.admin.pages import at_desk, page, query_count
from tests.meetings.factories import World, yuanqu

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return yuanqu()


def test_rows_come_in_the_order_of_their_queryset_over_several_batches(
    world: World, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(PreparedRows, "BATCH", 2)
    topics = [world.topic(title=title) for title in ("丙", "甲", "乙", "丁", "戊")]
    rows = PreparedRows(Topic.objects.order_by("title"), lambda found: found.select_related("proposer"))
    with django_assert_num_queries(4):
        assert [row.title for row in rows] == sorted(topic.title for topic in topics)


def test_a_row_that_left_between_the_two_queries_is_left_out(world: World) -> None:
    gone, stays = world.topic(title="将删"), world.topic(title="保留")

    def delete_first(found: Any) -> Any:
        Topic.objects.filter(pk=gone.pk).delete()
        return found

    assert list(PreparedRows(Topic.objects.order_by("pk"), delete_first)) == [stays]


def test_a_list_and_its_export_are_sorted_alike(world: World) -> None:
    for title in ("丙", "甲", "乙"):
        world.topic(title=f"议题{title}")
    desk = at_desk(world.gov_clerk)
    shown = page(desk, "topic:index", query="?ordering=-title")
    answer: Any = desk.get(reverse("topic:index") + "?ordering=-title&export=csv")
    exported = b"".join(answer.streaming_content).decode()
    expected = sorted((f"议题{title}" for title in "丙甲乙"), reverse=True)
    for text in (shown, exported):
        assert sorted(expected, key=text.index) == expected


def test_each_page_of_a_list_asks_the_same_number_of_questions_at_any_size(world: World) -> None:
    desk, counts = at_desk(world.gov_clerk), []
    for size in (1, 2):
        for _number in range(size):
            world.topic()
        counts.append([query_count(desk, "topic:index"), query_count(desk, "topic:index", query="?export=csv")])
    assert counts[0] == counts[1]
