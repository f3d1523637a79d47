"""The status of publicity: of pages, meetings and results (`Y 2(7)`)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from meetings import clock
from meetings.enums import MeetingState, ResolutionState
from meetings.models import Meeting, RegulationAdoption, Resolution, WorkItem
from meetings.operations.work import sources, work_differences
from meetings.rules.evidence import of_meeting
from publicity.enums import Stage
from publicity.models import Release
from publicity.operations.outcomes import draft_outcome
from publicity.operations.pages import take_down
from publicity.operations.releases import release_stage
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.queries.status import (
    is_late,
    pages_of,
    publicity_due_on,
    status_of,
    unpublished_results,
    unreported,
    verdicts_of,
)
from tests.meetings.factories import World
from tests.publicity.factories import (
    article,
    county,
    issued,
    meeting,
    public_article,
    public_outcome,
    publish,
    resolutions,
)

pytestmark = pytest.mark.django_db
DAY = date(2025, 9, 5)


# --- of a page -------------------------------------------------------------------------------------------------------


def status(page: Page) -> str:
    return status_of(type(page)._default_manager.get(pk=page.pk))


def test_the_status_of_a_page_follows_its_way(world: World) -> None:
    page = article(world)
    assert status(page) == "草稿"
    send_for_review(page, by=world.writer)
    assert status(page) == "等待一审"
    give_verdict(page, approve=True, opinion="同意", by=world.reviewers[0])
    assert status(page) == "等待二审"
    give_verdict(page, approve=False, opinion="请核对日期", by=world.reviewers[1])
    assert status(page) == "审核退回"
    other = publish(article(world, "另一条"), world)
    assert status(other) == "已发布"
    other.title = "联席会议召开"
    other.save_revision(user=world.writer)
    assert status(other) == "已发布，有修改未送审"
    take_down(other, reason="误发", by=world.gov_clerk)
    assert status(other) == "已撤下"


def test_the_pages_of_a_conference_are_listed_with_the_last_change_first(world: World) -> None:
    other = county("邻县")
    older, newer, outcome = article(world), article(world), draft_outcome(issued(world), by=world.gov_clerk)
    article(other)
    older.save_revision(user=world.writer)
    assert [page.pk for page in pages_of([world.conference])] == [older.pk, outcome.pk, newer.pk]
    assert not pages_of([])


def test_every_verdict_on_a_page_stays_the_newest_first(world: World) -> None:
    page, other = article(world), article(world, "另一条")
    for one in (page, other):
        send_for_review(one, by=world.writer)
    with clock.at(date(2025, 9, 7)):
        give_verdict(page, approve=True, opinion="同意", by=world.reviewers[0])
    with clock.at(date(2025, 9, 8)):
        give_verdict(page, approve=False, opinion="请核对日期", by=world.reviewers[1])
    given = [(row.finished_by, row.status, row.comment) for row in verdicts_of(page)]
    assert given == [
        (world.reviewers[1], "rejected", "请核对日期"),
        (world.reviewers[0], "approved", "同意"),
    ]


# --- of a meeting ----------------------------------------------------------------------------------------------------


def test_a_held_meeting_is_unreported_until_news_or_an_outcome_page_is_out(world: World) -> None:
    first, second = issued(world), issued(world, DAY + timedelta(days=30))
    assert list(unreported()) == [first, second]
    article(world, meeting=first)
    draft_outcome(second, by=world.gov_clerk)
    assert list(unreported([world.conference])) == [first, second]
    public_article(world, meeting=first)
    assert list(unreported()) == [second]
    public_outcome(world, second)
    assert list(unreported()) == []


def test_a_report_to_the_public_proves_its_clause(world: World) -> None:
    row = meeting(world)
    public_article(world, meeting=row)
    [found] = [found for found in of_meeting(Meeting.objects.get(pk=row.pk)) if found.key == "publicity"]
    assert (len(found.proofs), found.gaps) == (1, [])


def test_the_unreported_meetings_are_those_of_the_conferences_that_are_asked_for(world: World) -> None:
    other = county("邻县")
    mine, theirs = meeting(world), meeting(other)
    assert list(unreported([world.conference])) == [mine]
    assert set(unreported()) == {mine, theirs}
    assert list(unreported([])) == []


def test_a_meeting_that_was_not_held_is_not_unreported(world: World) -> None:
    meeting(world, state=MeetingState.PLANNED, held_on=None)
    assert not unreported()


@pytest.mark.parametrize("field", ["judged", "publicity_required"])
def test_a_meeting_that_no_regulation_asks_to_report_is_not_unreported(world: World, field: str) -> None:
    meeting(world)
    assert unreported()
    RegulationAdoption.objects.filter(pk=world.adoption.pk).update(**{field: False})
    assert not unreported()


def test_a_meeting_is_to_be_reported_within_the_days_of_the_setting(world: World) -> None:
    row = meeting(world)
    last = DAY + timedelta(days=row.adoption.publicity_days)
    assert publicity_due_on(row) == last
    with clock.at(last):
        assert not is_late(row)
    with clock.at(last + timedelta(days=1)):
        assert is_late(row)


@pytest.mark.parametrize("field", ["judged", "publicity_required", "held_on"])
def test_where_nothing_asks_for_it_no_day_passes(world: World, field: str) -> None:
    row = meeting(world)
    if field == "held_on":
        Meeting.objects.filter(pk=row.pk).update(held_on=None, state=MeetingState.PLANNED)
    else:
        RegulationAdoption.objects.filter(pk=world.adoption.pk).update(**{field: False})
    row = Meeting.objects.get(pk=row.pk)
    assert publicity_due_on(row) is None
    with clock.at(date(2030, 1, 1)):
        assert not is_late(row)


# --- of a result -----------------------------------------------------------------------------------------------------


def test_a_result_is_unpublished_until_its_stage_says_so(world: World) -> None:
    of = issued(world, items=3)
    public_outcome(world, of)
    verified, carried, going_on = resolutions(of)
    for row, state in (
        (verified, ResolutionState.VERIFIED),
        (carried, ResolutionState.CARRIED),
        (going_on, ResolutionState.UNDER_WAY),
    ):
        row.state = state
        row.save()
    waiting = unpublished_results([world.conference])
    assert {release.resolution for release in waiting} == {verified, carried}
    assert not unpublished_results([county("邻县").conference])
    release_stage(verified, stage=Stage.VERIFIED, by=world.gov_clerk)
    assert [release.resolution for release in unpublished_results([world.conference])] == [carried]
    assert Release.objects.filter(resolution=verified).count() == 2


@pytest.mark.postgresql
def test_the_tasks_of_three_records_are_checked_with_the_queries_of_one(world: World) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            found = sum(len(difference.missing) for source in sources() for difference in work_differences(source))
        return len(asked), found

    WorkItem.objects.all().delete()
    counts = []
    for month in (6, 7, 8):
        of = issued(world, date(2025, month, 5), items=month - 5)
        public_outcome(world, of)
        Resolution.objects.filter(minutes__meeting=of).update(state=ResolutionState.VERIFIED)
        WorkItem.objects.all().delete()
        queries()  # fills the caches of the process
        counts.append(queries())
    (first, few), _two, (third, many) = counts
    assert first == third
    assert many > few > 0
