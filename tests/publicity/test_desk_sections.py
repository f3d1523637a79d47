"""The desk of writers and reviewers: drafts with the state of their review, and what a reviewer passed."""

import pytest

from meetings.models import Person
from meetings.operations.work import repair, sources
from publicity.admin.desk_sections import drafts_section, passed_section
from publicity.operations.reviews import give_verdict, send_for_review
from tests.meetings.admin.pages import at_desk, page_text, query_count
from tests.meetings.factories import World
from tests.publicity.factories import article, county, meeting, public_article

pytestmark = pytest.mark.django_db
HOME = "wagtailadmin_home"


@pytest.fixture
def world() -> World:
    return county()


def desk_of(person: Person) -> str:
    return page_text(at_desk(person).get("/admin/"))


def test_a_writer_sees_held_meetings_without_news_and_drafts_with_their_state(world: World) -> None:
    meeting(world)
    for source in sources():
        repair(source)
    draft = article(world, title="还没有送审的稿件")
    sent = article(world, title="送审的稿件")
    send_for_review(sent, by=world.writer)
    public_article(world, title="已公开的稿件")
    shown = desk_of(world.writer)
    assert "2025年度联席会议" in shown
    mine = shown.partition("我的稿件")[2]
    for told in (draft.title, sent.title, "草稿", "审"):
        assert told in mine
    assert "已公开的稿件" not in mine
    returned = give_verdict(sent, approve=False, opinion="请改。", by=world.reviewers[0])
    assert returned is not None
    assert "退回" in desk_of(world.writer).partition("我的稿件")[2]


def test_nobody_else_sees_a_draft(world: World) -> None:
    article(world, title="还没有送审的稿件")
    for person in (world.gov_clerk, world.liaison, world.reviewers[0], world.administrator):
        assert drafts_section(person) is None
        assert "还没有送审的稿件" not in desk_of(person)


def test_a_reviewer_sees_what_was_passed_and_where_it_stands(world: World) -> None:
    page = public_article(world, title="审核过的稿件")
    passed = [person for person in world.reviewers if passed_section(person) is not None]
    assert passed, "somebody reviewed it"
    for person in passed:
        shown = desk_of(person).partition("我审核通过的")[2]
        assert page.title in shown
        assert "已发布" in shown
    assert passed_section(world.writer) is None


def test_what_was_returned_was_not_passed(world: World) -> None:
    page = article(world, title="退回的稿件")
    send_for_review(page, by=world.writer)
    give_verdict(page, approve=False, opinion="请改。", by=world.reviewers[0])
    assert passed_section(world.reviewers[0]) is None


def test_the_desk_of_writer_and_reviewer_takes_as_many_queries_for_three_as_for_one(world: World) -> None:
    counts = []
    for number in (1, 2):
        for index in range(number):
            article(world, title=f"草稿{number}-{index}")
            public_article(world, title=f"公开{number}-{index}")
        reviewer = next(person for person in world.reviewers if passed_section(person) is not None)
        counts.append((query_count(at_desk(world.writer), HOME), query_count(at_desk(reviewer), HOME)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 25
