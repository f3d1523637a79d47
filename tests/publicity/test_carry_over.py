"""暂缓 and 结转 in public: their stages, and the line from meeting to meeting, of public resolutions only."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from meetings.enums import DeadlineKind, Disclosure, MeetingState, ResolutionState
from meetings.models import Resolution
from meetings.operations.department import merge_department
from meetings.operations.resolution import tighten_disclosure
from publicity.enums import Stage
from publicity.models import PublicDecision
from publicity.operations.outcomes import lift_withdrawal
from publicity.operations.proposals import answer_proposal, propose_stage
from publicity.operations.releases import release_stage, withdraw
from publicity.queries.releases import carry_over_line
from publicity.rules import stages_for
from search.index_updates import update_subjects
from search.sources import SOURCES
from tests.meetings.factories import ConferenceFactory, World, seat
from tests.publicity.factories import county, issued, meeting, public_outcome, publish, resolutions
from tests.publicity.work import asked_to_confirm, publicity_lines
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county()


def line(world: World, years: tuple[int, ...] = (2023, 2024, 2025)) -> list[Resolution]:
    """A public resolution carried over from year to year, each into the next."""
    rows: list[Resolution] = []
    for year in years:
        known: dict[str, Any] = {"continues": rows[-1]} if rows else {}
        of = issued(world, date(year, 9, 5), title=f"{year}年推进阅览室建设", **known)
        public_outcome(world, of)
        if rows:
            Resolution.objects.filter(pk=rows[-1].pk).update(state=ResolutionState.CARRIED)
        rows.append(resolutions(of)[0])
    for row in rows:
        row.refresh_from_db()
    return rows


def seen(resolution: Resolution) -> str:
    """Return the public page of a resolution."""
    answer = Client().get(f"/resolutions/{resolution.public_number}/")
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_the_line_is_known_from_each_of_its_public_ends(world: World) -> None:
    rows = line(world)
    for row in rows:
        text = seen(row)
        for other in rows:
            assert (f'<a href="/resolutions/{other.public_number}/">{other.title}</a>' in text) is (other != row)


@pytest.mark.parametrize("how", ["withdrawn", "closed", "never released"])
def test_a_neighbour_that_is_not_public_is_not_even_hinted_at(world: World, how: str) -> None:
    first, middle, last = line(world)
    if how == "withdrawn":
        withdraw(middle, reason="核对", by=world.gov_clerk)
    elif how == "closed":
        tighten_disclosure(middle, by=world.gov_clerk, disclosure=Disclosure.CLOSED, reason="内部事项")
    else:
        # As if it had never been released.
        PublicDecision.objects.filter(resolution=middle).delete()
        middle.releases.model.objects.filter(resolution=middle)._raw_delete("default")
        Resolution.objects.filter(pk=middle.pk).update(public_number=None)
        update_subjects(SOURCES["release"], [middle.pk])
    for row in (first, last):
        text = seen(row)
        assert middle.title not in text
        assert f"/resolutions/{middle.public_number}/" not in text
        release = PublicDecision.objects.released().get(resolution=row)
        assert [each.resolution for each in carry_over_line(release)] == [first, last]
    withdraw(last, reason="核对", by=world.gov_clerk)
    assert carry_over_line(PublicDecision.objects.released().get(resolution=first)) == []
    assert 'id="carried"' not in seen(first)


def test_a_lifted_withdrawal_puts_the_line_back(world: World) -> None:
    first, last = line(world, (2024, 2025))
    withdraw(last, reason="核对", by=world.gov_clerk)
    assert last.title not in seen(first)
    publish(lift_withdrawal(last, by=world.gov_clerk), world, sender=world.gov_clerk)
    assert last.title in seen(first)


def test_a_resolution_that_stands_alone_has_no_line(world: World) -> None:
    (row,) = line(world, (2025,))
    assert 'id="carried"' not in seen(row)


@pytest.mark.parametrize("size", [1, 3])
def test_the_line_takes_two_queries_however_long(
    world: World, size: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    rows = line(world, tuple(range(2025 - size, 2026)))
    release = PublicDecision.objects.released().get(resolution=rows[0])
    with django_assert_num_queries(2):
        assert len([row.meeting_title for row in carry_over_line(release)]) == size + 1


def test_what_was_carried_over_is_released_as_such_and_the_office_is_reminded(world: World) -> None:
    first, _last = line(world, (2024, 2025))
    assert stages_for(first) == [Stage.CARRIED]
    assert [entry.text for entry in publicity_lines(world.gov_clerk) if first.title in entry.text] == [
        f"结转，尚未公开：{first.title}"
    ]
    release_stage(first, stage=Stage.CARRIED, by=world.gov_clerk)
    text = seen(first)
    assert "stage-carried" in text
    assert "结转" in text
    assert not [entry for entry in publicity_lines(world.gov_clerk) if first.title in entry.text]
    with refusal("stage_not_borne_out"):
        release_stage(first, stage=Stage.UNDER_WAY, by=world.gov_clerk)


def test_a_suspension_is_told_with_its_reason(world: World) -> None:
    (row,) = line(world, (2025,))
    Resolution.objects.filter(pk=row.pk).update(state=ResolutionState.SUSPENDED)
    assert stages_for(Resolution.objects.get(pk=row.pk), date(2030, 1, 1)) == [Stage.SUSPENDED]
    with refusal("stage_explanation_missing"):
        release_stage(row, stage=Stage.SUSPENDED, by=world.gov_clerk)
    release_stage(row, stage=Stage.SUSPENDED, explanation="上级接口标准尚未公布。", by=world.gov_clerk)
    text = seen(row)
    assert "stage-suspended" in text
    assert "上级接口标准尚未公布。" in text
    listed = Client().get("/outcomes/?stage=suspended").content.decode()
    assert row.title in listed
    assert "暂缓" in listed


def test_what_is_due_before_the_next_meeting_may_be_told_late_once_that_was_held(world: World) -> None:
    (row,) = line(world, (2025,))
    Resolution.objects.filter(pk=row.pk).update(
        deadline_kind=DeadlineKind.NEXT_MEETING, deadline=None, deadline_text="下次会议前", state="under_way"
    )
    planned = meeting(world, date(2026, 3, 5), state=MeetingState.NOTIFIED, held_on=None)
    row = Resolution.objects.get(pk=row.pk)
    assert Stage.OVERDUE not in stages_for(row, date(2026, 3, 9))
    planned.state, planned.held_on = MeetingState.HELD, date(2026, 3, 5)
    planned.save()
    assert stages_for(row, date(2026, 3, 9))[0] == Stage.OVERDUE


def test_the_department_that_took_over_confirms_and_stands_beside_the_old_name(world: World) -> None:
    world.conference.lead_confirms_release = True
    world.conference.save()
    (row,) = line(world, (2025,))
    Resolution.objects.filter(pk=row.pk).update(state=ResolutionState.UNDER_WAY)
    row = Resolution.objects.get(pk=row.pk)
    merge_department(world.department, into=world.government_office, by=world.administrator)
    heir, foreign = (
        seat("政府办联络员", role="liaison", department=world.government_office, conference=place).person
        for place in (world.conference, ConferenceFactory.create())
    )
    proposal = propose_stage(row, stage=Stage.UNDER_WAY, explanation="已开工。", by=world.gov_clerk)
    assert asked_to_confirm(heir) == 1
    assert asked_to_confirm(foreign) == 0
    with refusal("not_the_lead_liaison"):
        answer_proposal(proposal, confirm=True, by=foreign)
    assert answer_proposal(proposal, confirm=True, by=heir) is not None
    assert f"{world.department.name}（现{world.government_office.name}）" in seen(row)
