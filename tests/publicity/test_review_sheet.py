"""信息发布审核表: the content of the review sheet of a page, and who may get it."""

from typing import Any

import pytest
from django.urls import reverse

from meetings.enums import AccessKind
from meetings.models import AccessEntry
from publicity.models import GatedPage
from publicity.operations.outcomes import draft_outcome
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.review_sheet import sheet_of
from tests.meetings.admin.pages import at_desk, page
from tests.meetings.documents.reading import file_of, rows, text, word
from tests.meetings.factories import World, chengqiao
from tests.publicity.factories import article, county, issued, public_article, publish
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county()


def sheet(person: Any, of: GatedPage) -> Any:
    """Return the answer to a person who requests the sheet."""
    return at_desk(person).get(reverse("publicity_admin:review_sheet", args=[of.pk]))


def test_a_page_under_review_shows_who_has_said_what_and_who_is_still_to(world: World) -> None:
    news = article(world, "联席会议召开", meeting=issued(world))
    send_for_review(news, by=world.writer)
    give_verdict(news, approve=True, opinion="属实，同意", by=world.reviewers[0])
    response = sheet(world.reviewers[1], news)
    assert file_of(response)[0] == "信息发布审核表（联席会议召开）.docx"
    document = word(response)
    form, reviews = document.tables
    fields = {row[n]: row[n + 1] for row in rows(form) for n in (0, 2)}
    assert fields["标题"] == "联席会议召开"
    assert fields["类型"] == "新闻"
    assert fields["会议"] == "县某2025年度联席会议"
    assert fields["撰稿人"] == "信息员"
    assert fields["送审"].startswith("信息员\n20")
    assert fields["摘要"] == "会议研究了职工关心的事项。"
    assert fields["网址"] == ""
    assert rows(reviews)[0] == ["审次", "姓名", "职务", "结论", "意见", "时间"]
    assert rows(reviews)[1][:5] == ["一审", "一审人员", "一审人员", "通过", "属实，同意"]
    assert rows(reviews)[2] == ["二审", "", "", "", "", ""]
    assert "送审文稿\n9月5日，联席会议召开。" in text(document)


def test_a_published_page_shows_all_verdicts_and_its_address(world: World) -> None:
    news = public_article(world)
    document = word(sheet(world.gov_clerk, news))
    fields = {row[n]: row[n + 1] for row in rows(document.tables[0]) for n in (0, 2)}
    assert fields["发布时间"]
    assert fields["网址"].endswith(news.url)
    assert [row[3] for row in rows(document.tables[1])[1:]] == ["通过"] * 3


def test_a_returned_page_shows_why(world: World) -> None:
    news = article(world)
    send_for_review(news, by=world.writer)
    give_verdict(news, approve=False, opinion="数字请核对", by=world.reviewers[0])
    assert rows(word(sheet(world.writer, news)).tables[1])[1][3:5] == ["退回", "数字请核对"]


def test_an_outcome_page_is_printed_item_by_item(world: World) -> None:
    meeting = issued(world, items=2)
    outcome = publish(draft_outcome(meeting, by=world.gov_clerk), world, sender=world.gov_clerk)
    found = text(word(sheet(world.gov_clerk, outcome)))
    assert "1. 职工医疗互助第1项\n" in found
    assert "2. 职工医疗互助第2项\n" in found


def test_a_page_that_nobody_sent_has_no_sheet(world: World) -> None:
    news, desk = article(world), at_desk(world.writer)
    answer = desk.get(reverse("publicity_admin:review_sheet", args=[news.pk]))
    assert answer.status_code == 302
    assert "该页面尚未送审" in desk.get(answer["Location"]).content.decode()
    refused(lambda: sheet_of(news), "never_sent_for_review")
    assert reverse("publicity_admin:review_sheet", args=[news.pk]) not in page(desk, "publicity_admin:review", news.pk)


def test_the_reviews_lead_to_it(world: World) -> None:
    news = public_article(world)
    for person in (world.writer, world.gov_clerk, world.reviewers[2]):
        shown = page(at_desk(person), "publicity_admin:review", news.pk)
        assert reverse("publicity_admin:review_sheet", args=[news.pk]) in shown


def test_it_is_for_those_who_see_the_reviews_and_noted(world: World) -> None:
    news, town = public_article(world), chengqiao()
    for person in (town.gov_clerk, town.writer, world.liaison, world.stranger, world.head):
        assert sheet(person, news).status_code in {302, 404}
    assert not AccessEntry.objects.filter(kind=AccessKind.EXPORT).exists()
    sheet(world.writer, news)
    entry = AccessEntry.objects.get(kind=AccessKind.EXPORT)
    assert (entry.person, entry.conference) == (world.writer, world.conference)
    assert entry.what == "信息发布审核表（召开联席会议）.docx"
