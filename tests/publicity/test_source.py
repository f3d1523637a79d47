"""What an outcome page says of its source: approved words, where the minutes are disclosed proactively."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from meetings.enums import Disclosure, MinutesState
from meetings.models import Meeting, Minutes
from meetings.operations.correction import correct_minutes
from meetings.operations.minutes import approve_minutes, edit_minutes, issue_minutes, send_minutes
from publicity.models import HiddenSource, OutcomePage, PublicDecision
from publicity.models.snapshot import HASHED_UNSET, content_snapshot
from publicity.operations.outcomes import draft_outcome
from publicity.operations.reviews import send_for_review
from publicity.queries.release_text import outdated_sources
from tests.meetings.admin.pages import at_desk
from tests.meetings.admin.pages import page as get
from tests.meetings.factories import World, yuanqu
from tests.meetings.steps import DAY, approvers, at, drafted_minutes
from tests.publicity.factories import issued, place, public_article, public_outcome, publish
from tests.refusals import codes, refusal
from tests.stories import story

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = "垣政办纪〔2025〕17号", "垣政办纪〔2025〕21号", "垣政办纪〔2025〕22号"


@pytest.fixture(autouse=True)
def _clock() -> Any:
    """Let the clock go on from the day after the meeting, so that later steps have later times."""
    with time_machine.travel(at(DAY.replace(day=20)), tick=True):
        yield


@pytest.fixture
def world() -> World:
    found = yuanqu()
    place(found)
    return found


@story
def issue(world: World, minutes: Minutes, disclosure: str, number: str) -> Minutes:
    """Give drafted minutes their disclosure, and pass them through approval and issue."""
    texts = {"title": minutes.title, "body": minutes.body}
    edit_minutes(minutes, by=world.gov_clerk, disclosure=disclosure, disclosure_reason="内部研究", **texts)
    minutes = send_minutes(Minutes.objects.get(pk=minutes.pk), by=world.gov_clerk)
    for person in approvers(world, minutes):
        approve_minutes(minutes, by=person)
    return issue_minutes(minutes, by=world.gov_clerk, number=number)


def correct(world: World, minutes: Minutes, disclosure: str, number: str) -> Minutes:
    """An issued correction of minutes with this disclosure."""
    correction = correct_minutes(Minutes.objects.get(pk=minutes.pk), by=world.gov_clerk, reason="金额误印。")
    return issue(world, correction, disclosure, number)


@pytest.fixture
def minutes(world: World) -> Minutes:
    """Issued minutes that are disclosed proactively; their resolution is too."""
    drafted = drafted_minutes(world)
    drafted.resolutions.update(disclosure=Disclosure.PUBLIC)
    return issue(world, drafted, Disclosure.PUBLIC, FIRST)


def read(page: OutcomePage) -> str:
    """Return what the public reads."""
    answer = Client().get(page.url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_minutes_are_named_where_they_are_disclosed_proactively(world: World, minutes: Minutes) -> None:
    page = public_outcome(world, minutes.meeting)
    assert (page.source_title, page.source_number, page.source_issued_on) == (
        minutes.title,
        FIRST,
        minutes.issued_on,
    )
    assert FIRST in read(page)


@pytest.mark.parametrize("disclosure", [Disclosure.ON_REQUEST, Disclosure.CLOSED])
def test_other_minutes_are_not_named(world: World, disclosure: str) -> None:
    drafted = drafted_minutes(world)
    drafted.resolutions.update(disclosure=Disclosure.PUBLIC)
    page = public_outcome(world, issue(world, drafted, disclosure, FIRST).meeting)
    assert not page.names_source
    text = read(page)
    assert FIRST not in text
    assert drafted.title not in text


def test_a_source_that_is_not_disclosed_is_not_published(world: World) -> None:
    of = issued(world)
    page = draft_outcome(of, by=world.gov_clerk)
    draft = page.get_latest_revision_as_object()
    draft.source_title = of.minutes.get().title
    assert codes(draft.refusals()) == ["source_incomplete", "source_not_disclosed"]
    draft.source_number, draft.source_issued_on = "第1期", date(2025, 9, 5)
    draft.save_revision(user=world.gov_clerk)
    with refusal("source_not_disclosed"):
        send_for_review(page, by=world.gov_clerk)


def test_a_correction_changes_nothing_in_public_until_the_page_was_reviewed(world: World, minutes: Minutes) -> None:
    page = public_outcome(world, minutes.meeting)
    before = read(page)
    correction = correct(world, minutes, Disclosure.PUBLIC, SECOND)
    assert read(page) == before
    assert list(outdated_sources([world.conference])) == [page]
    client = at_desk(world.gov_clerk)
    assert "公开页写的还是更正前的纪要" in get(client, "wagtailadmin_home")
    assert "公开页写的还是更正前的那一份" in get(client, "meeting:inspect", minutes.meeting_id)
    page = draft_outcome(minutes.meeting, by=world.gov_clerk)
    assert read(page) == before
    draft = page.get_latest_revision_as_object()
    assert (draft.source_title, draft.source_number) == (correction.title, SECOND)
    publish(page, world, sender=world.gov_clerk)
    text = read(page)
    assert SECOND in text
    assert FIRST not in text
    assert not outdated_sources([world.conference])


def test_tightening_the_minutes_hides_the_source_at_once_and_nothing_else(world: World, minutes: Minutes) -> None:
    page = public_outcome(world, minutes.meeting)
    correction = correct(world, minutes, Disclosure.CLOSED, SECOND)
    text = read(page)
    for words in (FIRST, SECOND, minutes.title, correction.title):
        assert words not in text
    page = OutcomePage.objects.get()
    assert page.is_approved, "the approval of the page still stands"
    assert PublicDecision.objects.released().get().title in text
    assert HiddenSource.objects.get().page == page


def test_no_save_of_the_page_brings_a_hidden_source_back(world: World, minutes: Minutes) -> None:
    page = public_outcome(world, minutes.meeting)
    stale = OutcomePage.objects.get()
    correct(world, minutes, Disclosure.ON_REQUEST, SECOND)
    stale.has_unpublished_changes = True
    stale.save(update_fields=["has_unpublished_changes"])
    draft = page.get_latest_revision_as_object()
    draft.save_revision(user=world.gov_clerk)
    assert FIRST not in read(page)
    with refusal("source_not_disclosed"):
        send_for_review(OutcomePage.objects.get(), by=world.gov_clerk)
    draft_outcome(minutes.meeting, by=world.gov_clerk)
    publish(OutcomePage.objects.get(), world, sender=world.gov_clerk)
    assert FIRST not in read(page)


def test_a_later_correction_that_discloses_again_names_the_source_after_the_reviews(
    world: World, minutes: Minutes
) -> None:
    page = public_outcome(world, minutes.meeting)
    closed = correct(world, minutes, Disclosure.CLOSED, SECOND)
    correct(world, closed, Disclosure.PUBLIC, THIRD)
    text = read(page)
    assert FIRST not in text
    assert THIRD not in text
    draft_outcome(minutes.meeting, by=world.gov_clerk)
    publish(OutcomePage.objects.get(), world, sender=world.gov_clerk)
    assert THIRD in read(page)
    assert not HiddenSource.objects.exists()


def test_minutes_in_preparation_hide_nothing(world: World, minutes: Minutes) -> None:
    page = public_outcome(world, minutes.meeting)
    correction = correct_minutes(Minutes.objects.get(pk=minutes.pk), by=world.gov_clerk, reason="金额误印。")
    texts = {"title": correction.title, "body": correction.body}
    edit_minutes(correction, by=world.gov_clerk, disclosure=Disclosure.CLOSED, disclosure_reason="内部", **texts)
    assert FIRST in read(page)


def test_a_page_that_was_approved_before_these_fields_existed_keeps_its_hash(world: World) -> None:
    page = draft_outcome(issued(world), by=world.gov_clerk)
    page.meeting_title = ""
    assert content_snapshot(page).keys() - {"type"} <= set(HASHED_UNSET["publicity.outcomepage"])


# --- the title of the meeting ----------------------------------------------------------------------------------------
def test_the_title_of_the_meeting_is_the_approved_one_wherever_the_public_reads_it(world: World) -> None:
    of = issued(world)
    page = draft_outcome(of, by=world.gov_clerk)
    draft = page.get_latest_revision_as_object()
    assert draft.meeting_title == of.title
    draft.meeting_title = "第三次联席会议"
    draft.save_revision(user=world.gov_clerk)
    publish(page, world, sender=world.gov_clerk)
    Meeting.objects.update(title="记录里的名称")
    for url in ("/outcomes/", PublicDecision.objects.released().get().get_absolute_url()):
        text = Client().get(url).content.decode()
        assert "第三次联席会议" in text
        assert "记录里的名称" not in text


def test_a_page_that_names_no_meeting_takes_the_title_of_the_record_when_it_is_published(world: World) -> None:
    of = issued(world)
    page = draft_outcome(of, by=world.gov_clerk)
    draft = page.get_latest_revision_as_object()
    draft.meeting_title = ""
    draft.save_revision(user=world.gov_clerk)
    publish(page, world, sender=world.gov_clerk)
    assert PublicDecision.objects.released().get().meeting_title == of.title


def test_another_title_of_the_meeting_is_released_after_the_reviews(world: World) -> None:
    of = issued(world, items=2)
    page = public_outcome(world, of)
    draft = page.get_latest_revision_as_object()
    draft.meeting_title = "第三次联席会议"
    draft.save_revision(user=world.gov_clerk)
    assert {row.meeting_title for row in PublicDecision.objects.released()} == {of.title}
    publish(page, world, sender=world.gov_clerk)
    assert {row.meeting_title for row in PublicDecision.objects.released()} == {"第三次联席会议"}
    row = PublicDecision.objects.released().first()
    assert row is not None
    text = Client().get(row.get_absolute_url()).content.decode()
    assert text.count("stage-adopted") == text.count('class="thread-knot') + 1, "no new point of the timeline"


def test_news_of_a_meeting_stays_whatever_the_record_says_later(world: World) -> None:
    of = issued(world)
    page = public_article(world, meeting=of)
    of.minutes.update(state=MinutesState.DRAFT)
    assert Client().get(page.url).status_code == 200
