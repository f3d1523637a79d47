"""Tests of visibility tokens: those that search stores with a record, and those of a reader."""

import pytest

from meetings.enums import Role, Side
from meetings.models import Department, JointConference, Meeting, Person, Resolution, Topic
from meetings.operations.department import merge_department
from meetings.operations.tenures import end_tenure
from meetings.queries.visibility import (
    audience,
    audience_in,
    audience_of_both,
    reader_tokens,
    readers,
    supervised,
    visible,
    with_audience,
)
from tests.meetings.factories import chengqiao, seat, yuanqu
from tests.meetings.follow_up import adopted
from tests.meetings.steps import drafted_minutes, notified, planned_meeting

pytestmark = pytest.mark.django_db


def token(conference: JointConference) -> str:
    """Return the token of a conference."""
    return f"conference:{conference.pk}"


def key(department: Department, conference: JointConference) -> str:
    """Return the token of a department in one conference."""
    return f"department:{department.pk}@{conference.pk}"


def keys(department: Department, conference: JointConference) -> set[str]:
    """Return the tokens with which a record of this conference is found by liaisons of the department."""
    return {key(department, conference), f"department:{department.pk}"}


def again(person: Person) -> Person:
    """Load the person anew, as the next request does."""
    return Person.objects.get(pk=person.pk)


def test_a_resolution_is_known_to_its_departments_once_it_is_settled() -> None:
    world = yuanqu()
    drafted = Resolution.objects.get(minutes=drafted_minutes(world))
    assert audience(drafted) == {"auditor", token(world.conference)}
    settled = adopted(yuanqu("邻县"))
    place = settled.minutes.meeting.conference
    departments = set().union(*(keys(part.department, place) for part in settled.parts.all()))
    assert len(departments) == 4
    assert audience(settled) == {"auditor", token(place)} | departments


def test_a_topic_is_known_to_who_proposed_it_and_to_who_was_asked_once_it_is_submitted() -> None:
    world = yuanqu()
    topic = world.topic()
    topic.opinions.create(department=world.other_department, asked_on="2025-09-01")
    known = {"auditor", token(world.conference)} | keys(world.department, world.conference)
    assert audience(topic) == known
    Topic.objects.update(state="submitted")
    assert audience(topic) == known | keys(world.other_department, world.conference)


def test_a_meeting_is_known_to_the_departments_it_invites_from_the_notice_on() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    assert audience(meeting) == {"auditor", token(world.conference)}
    notified(world, meeting)
    assert keys(world.department, world.conference) <= audience(meeting)


def test_several_records_are_asked_for_at_once() -> None:
    world = yuanqu()
    one, other, third = world.topic(), world.topic(proposer=world.other_department), world.topic()
    rows = with_audience(Topic.objects.filter(pk__in=[one.pk, other.pk]))
    found = {row.pk: audience_in(row) for row in rows}
    assert set(found) == {one.pk, other.pk}
    assert found[one.pk] - found[other.pk] == keys(world.department, world.conference)
    assert audience(third) == found[one.pk]


def test_who_knows_of_two_records_is_told_by_what_both_audiences_share() -> None:
    both = {"auditor", "conference:1"}
    assert audience_of_both(both | {"department:3"}, both | {"department:3"}) == both | {"department:3"}
    assert audience_of_both(both | {"department:9"}, both | {"department:3"}) == both | {"both:3+9"}
    assert audience_of_both(both | {"department:3"}, both) == both
    assert audience_of_both({"auditor", "conference:1"}, {"auditor", "conference:2"}) == {"auditor"}
    one, other = {"department:9@1", "department:9"}, {"department:10@1", "department:10"}
    pairs = {"both:10+9", "both:10+9@1", "both:10@1+9", "both:10@1+9@1"}
    assert audience_of_both(one, other) == pairs


def test_a_reader_brings_the_tokens_of_the_posts_of_today() -> None:
    world = yuanqu()
    assert reader_tokens(world.gov_clerk) == {token(world.conference)}
    assert reader_tokens(world.union_leader) == {token(world.conference)}
    assert reader_tokens(world.liaison) == {key(world.department, world.conference)}
    assert reader_tokens(world.auditor) == {"auditor"}
    assert reader_tokens(world.writer) == set()
    end_tenure(world.tenures["union_leader"], by=world.administrator, on=world.tenures["union_leader"].from_date)
    assert reader_tokens(again(world.union_leader)) == set()


def test_who_acts_for_two_departments_brings_their_pair() -> None:
    world = yuanqu()
    one, other = f"{world.department.pk}@{world.conference.pk}", f"{world.other_department.pk}"
    seat("联络员", role=Role.LIAISON, department=world.other_department, person=world.liaison)
    low, high = sorted([one, other])
    assert reader_tokens(again(world.liaison)) == {f"department:{one}", f"department:{other}", f"both:{low}+{high}"}


def test_a_liaison_without_a_conference_has_the_token_of_all_conferences() -> None:
    world = yuanqu()
    everywhere = seat("联络员", role=Role.LIAISON, department=world.department).person
    assert reader_tokens(everywhere) == {f"department:{world.department.pk}"}


def test_an_auditor_of_one_conference_is_no_auditor_of_all() -> None:
    world, other = yuanqu(), chengqiao()
    local = seat("县审计员", role=Role.AUDITOR, conference=world.conference).person
    assert reader_tokens(local) == {token(world.conference)}
    assert list(supervised(local)) == [world.conference]
    assert set(supervised(world.auditor)) == {world.conference, other.conference}
    assert not supervised(world.liaison)


def people_who_see(record: Meeting | Resolution | Topic) -> set[Person]:
    """Return everybody to whom the record is visible, checked person by person."""
    return {person for person in Person.objects.all() if visible(person, type(record)).filter(pk=record.pk).exists()}


@pytest.mark.parametrize("merged", [False, True])
def test_the_readers_of_a_record_are_those_who_see_it(merged: bool) -> None:
    world, other = yuanqu(), chengqiao()
    seat("县审计员", role=Role.AUDITOR, conference=world.conference)
    seat("镇审计员", role=Role.AUDITOR, conference=other.conference)
    foreign = seat("镇岗联络员", role=Role.LIAISON, conference=other.conference, department=world.department).person
    seat("全部联络员", role=Role.LIAISON, department=world.department)
    resolution = adopted(world)
    if merged:
        merge_department(world.department, into=world.union_office, by=world.administrator)
        seat("联络员", role=Role.LIAISON, department=world.union_office)
    assert set(readers(resolution)) == people_who_see(resolution)
    assert not {other.gov_clerk, foreign} & set(readers(resolution))


def test_who_cannot_log_in_reads_nothing_and_nobody_is_named_twice() -> None:
    world = yuanqu()
    seat("副职", role=Role.CLERK, side=Side.UNION, conference=world.conference, person=world.union_clerk)
    resolution = adopted(world)
    found = list(readers(resolution))
    assert len(found) == len(set(found))
    assert world.union_leader in found
    Person.objects.filter(pk=world.union_leader.pk).update(is_active=False)
    assert world.union_leader not in readers(resolution)
