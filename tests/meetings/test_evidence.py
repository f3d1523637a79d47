"""Tests of the compliance overview (制度对照): evidence and gaps for each clause (`Y`, `C`)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from meetings import clock
from meetings.admin.meetings.compliance import with_evidence
from meetings.enums import MeetingKind
from meetings.models import Meeting, Topic
from meetings.queries.conference import adoption_on
from meetings.rules.evidence import Finding, Status, of_meeting, of_year
from tests.meetings.admin.pages import at_desk, query_count
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.steps import DAY, held_meeting, issued_minutes, planned_meeting

pytestmark = pytest.mark.django_db
OLD = date(2023, 11, 10)  # under the older measure, whose text is not available


def by_key(findings: list[Finding]) -> dict[str, Finding]:
    """Return the findings by the keys of their clauses."""
    return {finding.key: finding for finding in findings if finding.key}


def meeting_of(world: World, day: date = DAY, topics: int = 1) -> Meeting:
    """Return a held meeting whose minutes are issued."""
    return issued_minutes(world, day, topics=topics).meeting


def test_the_county_notice_asks_for_the_steps_that_the_town_measures_lack() -> None:
    county, town = by_key(of_meeting(meeting_of(yuanqu()))), by_key(of_meeting(meeting_of(chengqiao())))
    assert set(county) - set(town) == {"topic.confer", "topic.approve", "publicity"}
    assert county["minutes"].clause.number == "二（五）"
    assert town["minutes"].clause.number == "五（四）"


@pytest.mark.parametrize("build", [yuanqu, chengqiao])
def test_an_issued_meeting_proves_who_did_what_and_when(build: Callable[[], World]) -> None:
    world = build()
    meeting = meeting_of(world)
    minutes = meeting.minutes.get()
    found = by_key(of_meeting(meeting))
    proofs = found["minutes"].proofs
    assert found["minutes"].status == Status.MET
    assert minutes.number in proofs[-1].text
    assert proofs[-1].on == minutes.issued_on
    assert len(proofs) == 3  # two approvals and the issue
    assert {proof.record for proof in proofs} == {minutes}


def test_a_briefing_that_was_not_given_is_a_gap_once_the_meeting_was_held() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    meeting.agenda.filter(side="union").delete()
    found = by_key(of_meeting(meeting))["briefing"]
    assert found.status == Status.GAP
    assert len(found.proofs) == len(found.gaps) == 1


def test_what_is_still_ahead_is_no_gap() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    with clock.at(DAY - timedelta(days=15)):
        found = by_key(of_meeting(meeting))
    ahead = {key for key, finding in found.items() if finding.status == Status.AHEAD}
    assert ahead >= {"meeting.settle", "meeting.notify", "minutes", "follow_up", "publicity"}
    assert "special" not in found


def test_a_special_meeting_shows_its_consultation() -> None:
    world = yuanqu()
    meeting = planned_meeting(world, kind=MeetingKind.SPECIAL, consultation="台风灾后。")
    assert by_key(of_meeting(meeting))["special"].status == Status.GAP


def test_an_unreported_meeting_is_a_gap_after_the_days_of_the_setting() -> None:
    world = yuanqu()
    meeting = meeting_of(world)
    with clock.at(DAY + timedelta(days=meeting.adoption.publicity_days)):
        assert by_key(of_meeting(meeting))["publicity"].status == Status.AHEAD
    with clock.at(DAY + timedelta(days=meeting.adoption.publicity_days + 1)):
        assert by_key(of_meeting(meeting))["publicity"].status == Status.GAP


def test_an_approval_that_was_voided_proves_nothing() -> None:
    world = yuanqu()
    meeting = meeting_of(world)
    topic = Topic.objects.get(agenda_items__meeting=meeting)
    topic.approvals.filter(step="approve_topic").update(voided_at=clock.now(), void_reason="x")
    assert by_key(of_meeting(meeting))["topic.approve"].status == Status.GAP


def test_where_the_text_is_not_at_hand_nothing_is_judged() -> None:
    world = yuanqu()
    assert of_meeting(held_meeting(world, OLD)) == []


def test_the_year_of_a_conference() -> None:
    world = yuanqu()
    rules = adoption_on(world.conference, DAY)
    assert rules is not None
    with clock.at(DAY + timedelta(days=400)):
        assert by_key(of_year(world.conference, DAY.year, rules))["frequency"].status == Status.GAP
    meeting_of(world)
    found = by_key(of_year(world.conference, DAY.year, rules))
    assert found["frequency"].status == found["name"].status == Status.MET


@pytest.mark.parametrize("make", [yuanqu, chengqiao])
def test_meetings_read_together_have_the_same_findings(make: Callable[[], World]) -> None:
    world = make()
    meeting_of(world)
    planned_meeting(world, DAY + timedelta(days=200), topics=2)
    for row in with_evidence(Meeting.objects.order_by("pk")):
        assert of_meeting(row) == of_meeting(Meeting.objects.get(pk=row.pk))


# --- pages -----------------------------------------------------------------------------------------------------------


def page(client: Client, person: object, url: str) -> int:
    """Return the HTTP status of a page for a person."""
    client.force_login(person)  # type: ignore[arg-type]
    return client.get(url).status_code


def test_the_pages_are_for_whoever_sees_all_records(client: Client) -> None:
    world, other = yuanqu(), chengqiao()
    meeting = meeting_of(world)
    urls = [
        reverse("meeting:clauses", args=[meeting.pk]),
        reverse("records_year_clauses", args=[world.conference.pk, DAY.year]),
    ]
    for url in urls:
        for person in (world.gov_clerk, world.union_head, world.auditor):
            assert page(client, person, url) == 200
        for person in (other.gov_clerk, world.liaison, world.writer):
            assert page(client, person, url) in {302, 404}
    assert page(client, world.gov_clerk, reverse("records_year_clauses", args=[world.conference.pk, 1949])) == 404
    client.force_login(world.gov_clerk)
    assert client.get(reverse("records_clauses")).status_code == 302


def test_the_page_says_what_is_not_judged(client: Client) -> None:
    world = yuanqu()
    client.force_login(world.gov_clerk)
    meeting = held_meeting(world, OLD)
    assert "原办法，无条文" in client.get(reverse("meeting:clauses", args=[meeting.pk])).content.decode()


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(size: int, client: Client, django_assert_max_num_queries: object) -> None:
    world = yuanqu()
    meeting = meeting_of(world, topics=size)
    client.force_login(world.gov_clerk)
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        client.get(reverse("meeting:clauses", args=[meeting.pk]))


@pytest.mark.postgresql
@time_machine.travel(DAY + timedelta(days=30))
def test_each_further_meeting_of_a_year_costs_few_queries() -> None:
    counts = []
    for size, place in ((1, "垣"), (3, "绛")):
        world = yuanqu(place)
        for month in range(size, 0, -1):
            number = f"{place}政办纪〔2025〕{month}号"
            issued_minutes(world, DAY.replace(month=month + 2), number=number, topics=size)
        counts.append(query_count(at_desk(world.gov_clerk), "records_year_clauses", world.conference.pk, DAY.year))
    assert counts[0] <= 45
    assert counts[1] - counts[0] <= 2 * 10
