"""Tests of the home page queries: what is pending for a person, and the number of SQL queries."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings import clock
from meetings.enums import DeadlineKind, MeetingState, MinutesState, ResolutionState, TopicState, Verdict
from meetings.models import Meeting, Minutes, Opinion, Person, Resolution, ResolutionPart, Tenure, Topic
from meetings.operations import progress
from meetings.operations.topic import approve_topic, confer_topic, submit_topic
from meetings.queries.home import first_unfinished, next_meeting, unfinished
from meetings.queries.work import with_records
from meetings.rules.addressees import first_of_others, vacant_work, waits_for_others, work_of
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import LATER, adopted, assigned, reported, under_way
from tests.meetings.steps import AFTER, DAY, approvers, in_approval, planned_meeting
from tests.meetings.work import refresh_work, waiting

pytestmark = pytest.mark.django_db
NAMES = ("gov_clerk", "union_clerk", "head", "liaison_leader", "union_head", "liaison", "other_liaison")


def again(person: Person) -> Person:
    """Load the person anew, as the next request does."""
    return Person.objects.get(pk=person.pk)


def people_with_step(world: World, action: str) -> set[str]:
    """Return the people for whom a step is pending."""
    return {name for name in NAMES if action in {row.action for row in waiting(getattr(world, name))}}


def due_on(day: date) -> None:
    """Set the deadline of every resolution to this day."""
    Resolution.objects.update(deadline_kind=DeadlineKind.DATE, deadline=day, deadline_text="月底前")


def test_a_topic_returned_long_ago_is_nobodys_task_of_today() -> None:
    world = yuanqu()
    world.topic(state=TopicState.RETURNED, submitted_on=DAY)
    with clock.at(DAY + timedelta(days=300)):
        assert people_with_step(world, "submit") == {"liaison", "union_clerk"}
    with clock.at(DAY + timedelta(days=400)):
        assert people_with_step(world, "submit") == set()


def test_a_topic_waits_for_one_after_the_other() -> None:
    world = yuanqu()
    with clock.at(DAY):
        topic = world.topic()
        assert people_with_step(world, "submit") == {"liaison", "union_clerk"}
        submit_topic(topic, by=world.liaison)
        assert people_with_step(world, "confer") == {"gov_clerk", "union_clerk"}
        confer_topic(topic, by=world.gov_clerk)
        assert people_with_step(world, "confer") == {"union_clerk"}
        confer_topic(topic, by=world.union_clerk)
        assert people_with_step(world, "approve") == {"liaison_leader"}
        approve_topic(topic, by=world.liaison_leader)
        assert people_with_step(world, "agree") == {"union_clerk"}
        assert people_with_step(world, "return") == people_with_step(world, "ask_opinions") == set()


def test_a_skipped_step_waits_for_nobody() -> None:
    world = chengqiao()
    with clock.at(DAY):
        submit_topic(world.topic(), by=world.liaison)
        assert people_with_step(world, "confer") == people_with_step(world, "approve") == set()
        assert people_with_step(world, "agree") == {"union_clerk"}


@pytest.mark.parametrize("make", [yuanqu, chengqiao])
def test_a_meeting_and_its_minutes(make: Callable[[], World]) -> None:
    world = make()
    planned_meeting(world, AFTER + timedelta(days=30))
    both = {"gov_clerk", "union_clerk"} if make is yuanqu else {"liaison_leader", "union_head"}
    with clock.at(AFTER):
        assert people_with_step(world, "settle") == both
    minutes = in_approval(world)
    first, second = approvers(world, minutes)
    with clock.at(AFTER):
        assert {getattr(world, name) for name in people_with_step(world, "approve")} >= {first, second}


def test_a_notified_meeting_waits_for_its_day() -> None:
    world = yuanqu()
    Meeting.objects.create(
        conference=world.conference,
        adoption=world.adoption,
        title="例会",
        time=clock.now() + timedelta(days=3),
        state=MeetingState.NOTIFIED,
    )
    assert people_with_step(world, "hold") == set()
    with clock.at(clock.now() + timedelta(days=4)):
        assert people_with_step(world, "hold") == {"gov_clerk", "union_clerk"}


def test_a_resolution_waits_for_its_departments_and_then_for_the_offices() -> None:
    world = yuanqu()
    resolution = adopted(world)
    with clock.at(LATER):
        assert people_with_step(world, "assign") == {"gov_clerk", "union_clerk"}
        progress.assign(resolution, by=world.gov_clerk)
        assert people_with_step(world, "report") == {"liaison", "other_liaison"}
        progress.report_progress(resolution, by=world.liaison, text="已开工。")
        assert people_with_step(world, "report") == set()
        assert people_with_step(world, "report_done") == set()  # the deadline is far off
        due_on(LATER + timedelta(days=20))
        assert people_with_step(world, "report_done") == {"liaison"}
        assert people_with_step(world, "report_part_done") == {"other_liaison"}
        progress.report_done(resolution, by=world.liaison, text="已完成。")
        assert people_with_step(world, "verify") == {"gov_clerk", "union_clerk"}
        progress.verify(resolution, by=world.gov_clerk)
        assert people_with_step(world, "verify") == {"union_clerk"}
        progress.verify(resolution, by=world.union_clerk)
        assert people_with_step(world, "verify") == set()


def test_the_day_of_a_resolution_goes_with_it() -> None:
    world = yuanqu()
    resolution = assigned(world)
    day = date(2025, 12, 31)
    Resolution.objects.update(deadline_kind=DeadlineKind.DATE, deadline=day, deadline_text="年底前")
    with clock.at(LATER):
        [found] = [row for row in waiting(world.liaison) if row.action == "report"]
    assert (found.record, found.due) == (resolution, day)


def test_opinions_reports_and_deliveries() -> None:
    world = yuanqu()
    resolution, report = under_way(world)
    topic = world.topic(state=TopicState.APPROVED)
    Opinion.objects.create(
        topic=topic, department=world.other_department, verdict=Verdict.PENDING, asked_on=date(2025, 9, 1)
    )
    with clock.at(LATER):
        assert people_with_step(world, "opinion") == {"other_liaison"}
        assert people_with_step(world, "accept_report") == {"gov_clerk", "union_clerk"}
        assert people_with_step(world, "deliver") == set()
        progress.accept_report(resolution, by=world.gov_clerk, report=report)
        assert people_with_step(world, "accept_report") == set()
        assert people_with_step(world, "deliver") == {"gov_clerk", "union_clerk"}
        leaders = [world.tenures["head"], world.tenures["union_head"]]
        progress.deliver(resolution, by=world.gov_clerk, report=report, tenures=leaders)
        assert people_with_step(world, "deliver") == set()
    Topic.objects.filter(pk=topic.pk).update(state=TopicState.LISTED)
    with clock.at(LATER):
        assert people_with_step(world, "opinion") == set()


def test_the_writer_of_a_report_is_not_asked_to_verify_it() -> None:
    world = yuanqu()
    resolution = reported(world)
    with clock.at(LATER):
        assert [row.action for row in waiting(world.gov_clerk)].count("accept_report") == 1
        assert resolution.pending_completion() is not None
        assert "accept_report" not in {row.action for row in waiting(world.liaison)}


def test_the_next_meeting_is_the_nearest_that_was_not_held() -> None:
    world = yuanqu()
    with clock.at(DAY):
        assert next_meeting(world.gov_clerk) is None
    far = planned_meeting(world, date(2026, 11, 1))
    near = planned_meeting(world, date(2026, 3, 1))
    with clock.at(DAY):
        assert next_meeting(again(world.gov_clerk)) == near
        assert next_meeting(again(world.liaison)) is None
        assert next_meeting(chengqiao().gov_clerk) is None
    Meeting.objects.filter(pk=near.pk).update(state=MeetingState.HELD)
    assert next_meeting(again(world.gov_clerk)) == far


def test_unfinished_and_late() -> None:
    world = yuanqu()
    resolution = assigned(world)
    Resolution.objects.update(
        deadline_kind=DeadlineKind.DATE, deadline=LATER - timedelta(days=1), deadline_text="月底前"
    )
    with clock.at(LATER):
        for person in (world.gov_clerk, world.liaison, world.head, world.auditor):
            assert list(unfinished(again(person))) == [resolution]
            assert first_unfinished(again(person), 6) == ([resolution], 1, 1)
        assert first_unfinished(chengqiao().gov_clerk, 6) == ([], 0, 0)
    Resolution.objects.update(state=ResolutionState.VERIFIED)
    with clock.at(LATER):
        assert not unfinished(again(world.gov_clerk))


def busy(world: World, size: int) -> None:
    """Create `size` records of each kind."""
    for number in range(size):
        topic = world.topic(state=TopicState.SUBMITTED)
        Opinion.objects.create(topic=topic, department=world.other_department, asked_on=DAY)
        meeting = Meeting.objects.create(
            conference=world.conference,
            adoption=world.adoption,
            title=f"会议{number}",
            time=clock.now(),
            state=MeetingState.PLANNED,
        )
        minutes = Minutes.objects.create(meeting=meeting, title="纪要", body="", state=MinutesState.IN_APPROVAL)
        resolution = Resolution.objects.create(minutes=minutes, title="事项", text="……", state=ResolutionState.REPORTED)
        part = ResolutionPart.objects.create(resolution=resolution, department=world.department, role="lead")
        for done in (True, False):
            part.reports.create(author=world.liaison, on=DAY, text="……", claims_done=done)


@pytest.mark.parametrize("name", ["gov_clerk", "head", "liaison"])
def test_the_number_of_queries_is_the_same_at_one_and_at_three(name: str) -> None:
    world, counts = yuanqu(), []
    for more in (1, 2):
        busy(world, more)
        refresh_work()
        with clock.at(AFTER), CaptureQueriesContext(connection) as asked:
            person = again(getattr(world, name))
            found = with_records(work_of(person))
            for rows in (vacant_work, waits_for_others):
                with_records(rows(person))
            first_unfinished(person, 6)
            next_meeting(person)
        counts.append((len(asked), len(found)))
    (first, few), (second, many) = counts
    assert first == second
    assert many >= few


@pytest.mark.parametrize("name", ["gov_clerk", "union_clerk", "head", "liaison"])
def test_the_desk_shows_the_first_rows_of_both_lists_of_others(name: str) -> None:
    world = yuanqu()
    busy(world, 3)
    Tenure.objects.filter(person=world.other_liaison).update(to_date=DAY - timedelta(days=100))
    refresh_work()
    with clock.at(AFTER):
        person = again(getattr(world, name))
        own = list(work_of(person).values_list("pk", flat=True))
        vacant, waiting = list(vacant_work(person)), list(waits_for_others(person, own))
        assert first_of_others(person, own, 4) == (vacant[:4], [item for item in waiting if item not in vacant][:4])
        assert vacant or name not in {"gov_clerk", "union_clerk"}
