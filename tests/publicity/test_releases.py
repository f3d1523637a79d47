"""Releases: the latest row decides, rows are never changed, and stages match the record."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from meetings.enums import DeadlineKind, Disclosure, ResolutionState
from meetings.models import RecordLogEntry, Resolution
from meetings.models.base import AppendOnlyError, AppendOnlyQuerySet
from meetings.operations.base import announce as record_announce
from publicity.enums import ProposalState, ReleaseKind, Stage
from publicity.models import OutcomePage, PublicDecision, Release
from publicity.operations.outcomes import draft_outcome, lift_withdrawal
from publicity.operations.proposals import answer_proposal, propose_stage
from publicity.operations.releases import release_stage, withdraw
from publicity.queries.releases import ReleaseFilter, counts, timeline
from publicity.rules import stages_for
from tests.meetings.factories import World
from tests.publicity.factories import (
    county,
    issued,
    meeting,
    public_outcome,
    publish,
    record,
    resolutions,
)
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def status(resolution: Resolution) -> int:
    resolution.refresh_from_db()
    return Client().get(f"/resolutions/{resolution.public_number}/").status_code


# --- first release ---------------------------------------------------------------------------------------------------
def test_publishing_the_outcome_page_releases_its_items(world: World) -> None:
    of = issued(world, items=3)
    assert not PublicDecision.objects.released()
    public_outcome(world, of)
    rows = list(PublicDecision.objects.released())
    assert [row.number for row in rows] == ["2025-1", "2025-2", "2025-3"]
    row, record_ = rows[0], resolutions(of)[0]
    assert (row.title, row.wording, row.stage) == (record_.title, record_.text, Stage.ADOPTED)
    assert (row.lead, row.lead_name) == (world.department, world.department.name)
    assert row.co_names == world.other_department.name
    assert row.deadline_text == "2025年年底前"
    assert row.release.by == world.reviewers[-1]


def test_the_public_number_is_logged_once_under_the_name_of_the_last_reviewer(world: World) -> None:
    of = issued(world)
    public_outcome(world, of)
    (resolution,) = resolutions(of)
    withdraw(resolution, reason="核对", by=world.gov_clerk)
    publish(lift_withdrawal(resolution, by=world.gov_clerk), world, sender=world.gov_clerk)
    entry = RecordLogEntry.objects.get_for_instance(resolution).get(action="meetings.resolution.number")
    assert (entry.user, entry.data) == (world.reviewers[-1], {"number": resolution.public_number})


def test_numbers_count_over_the_installation_without_gaps(world: World) -> None:
    other = county("邻县")
    for place in (world, other):
        public_outcome(place, issued(place, items=2))
    public_outcome(world, issued(world, date(2024, 11, 12)))
    numbers = set(Resolution.objects.values_list("public_number", flat=True))
    assert numbers == {"2024-1", "2025-1", "2025-2", "2025-3", "2025-4"}


def test_what_is_not_disclosed_is_neither_drafted_nor_counted(world: World) -> None:
    of = issued(world, items=1)
    record(world, of, order=1, title="维稳协作", disclosure=Disclosure.CLOSED, disclosure_reason="内部事项")
    record(world, of, order=2, title="数字化平台", disclosure=Disclosure.ON_REQUEST)
    page = public_outcome(world, of)
    assert [item.title for item in page.items.all()] == ["职工医疗互助第1项"]
    html = Client().get(page.url).content.decode()
    assert "维稳协作" not in html
    assert "数字化平台" not in html


def test_drafting_needs_issued_minutes_and_something_public(world: World) -> None:
    of = meeting(world)
    with refusal("outcome_of_minutes_not_issued"):
        draft_outcome(of, by=world.gov_clerk)
    of = issued(world, date(2024, 11, 12), disclosure=Disclosure.ON_REQUEST)
    with refusal("nothing_to_disclose"):
        draft_outcome(of, by=world.gov_clerk)
    with refusal("not_an_office_clerk"):
        draft_outcome(issued(world, date(2023, 11, 12)), by=world.writer)


def test_drafting_again_adds_what_the_record_has_gained(world: World) -> None:
    of = issued(world)
    page = draft_outcome(of, by=world.gov_clerk)
    draft = page.get_latest_revision_as_object()
    draft.intro = "改过的开头。"
    draft.save_revision(user=world.gov_clerk)
    record(world, of, order=1, title="后来主动公开的事项")
    draft_outcome(of, by=world.union_clerk)
    draft = OutcomePage.objects.get().get_latest_revision_as_object()
    assert draft.intro == "改过的开头。"
    assert [item.title for item in draft.items.all()] == ["职工医疗互助第1项", "后来主动公开的事项"]


def test_an_item_whose_disclosure_was_tightened_stops_the_page(world: World) -> None:
    of = issued(world)
    page = draft_outcome(of, by=world.gov_clerk)
    Resolution.objects.update(disclosure=Disclosure.ON_REQUEST)
    with refusal("item_not_disclosed"):
        publish(page, world, sender=world.gov_clerk)


# --- append-only -----------------------------------------------------------------------------------------------------
def test_rows_are_never_changed_or_deleted(shown: Resolution) -> None:
    row = Release.objects.get()
    row.title = "另一个标题"
    for change in (row.save, row.delete, Release.objects.all().delete, lambda: Release.objects.update(title="x")):
        with pytest.raises(AppendOnlyError):
            change()
    with pytest.raises(AppendOnlyError):
        Release.objects.bulk_update([row], ["title"])
    with pytest.raises(DatabaseError), transaction.atomic():
        super(AppendOnlyQuerySet, Release.objects.all()).update(title="x")
    assert Release.objects.get().title == "职工医疗互助第1项"


def test_the_database_refuses_an_incomplete_row(shown: Resolution) -> None:
    row = PublicDecision.objects.released().get()
    full = {"title": "题", "wording": "字", "stage": Stage.ADOPTED, "number": row.number, "meeting_title": "会议"}
    release: dict[str, Any] = {"kind": ReleaseKind.RELEASE, "lead": row.lead, **full}
    incomplete: tuple[dict[str, Any], ...] = (
        *({**release, missing: ""} for missing in full),
        {**release, "lead": None},
        {"kind": ReleaseKind.WITHDRAWAL, "reason": ""},
        {"kind": ReleaseKind.WITHDRAWAL, "reason": "误", "wording": "字"},
    )
    for values in incomplete:
        with pytest.raises(IntegrityError), transaction.atomic():
            Release.objects.create(
                resolution=shown,
                conference=row.conference,
                year=2025,
                meeting=row.meeting,
                held_on=row.held_on,
                chain_start=row.chain_start,
                at=row.at,
                **values,
            )


# --- stages ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "deadline", "kind", "expected"),
    [
        (ResolutionState.ADOPTED, None, DeadlineKind.NONE, [Stage.ADOPTED]),
        (ResolutionState.ASSIGNED, None, DeadlineKind.NONE, [Stage.ADOPTED, Stage.UNDER_WAY]),
        (ResolutionState.UNDER_WAY, date(2030, 1, 1), DeadlineKind.DATE, [Stage.UNDER_WAY]),
        (ResolutionState.UNDER_WAY, date(2020, 1, 1), DeadlineKind.DATE, [Stage.OVERDUE, Stage.UNDER_WAY]),
        (ResolutionState.UNDER_WAY, None, DeadlineKind.STANDING, [Stage.LASTING, Stage.UNDER_WAY]),
        (ResolutionState.REPORTED, date(2030, 1, 1), DeadlineKind.DATE, [Stage.REPORTED_DONE, Stage.UNDER_WAY]),
        (ResolutionState.VERIFIED, date(2020, 1, 1), DeadlineKind.DATE, [Stage.VERIFIED]),
    ],
)
def test_the_stages_that_a_record_bears_out(
    world: World, state: str, deadline: date | None, kind: str, expected: list[Stage]
) -> None:
    row = record(world, issued(world, items=0), state=state, deadline=deadline, deadline_kind=kind)
    assert stages_for(row, date(2025, 11, 1)) == expected


def test_done_is_released_of_what_was_verified_alone(world: World, shown: Resolution) -> None:
    with refusal("stage_not_borne_out"):
        release_stage(shown, stage=Stage.VERIFIED, by=world.gov_clerk)
    shown.state = ResolutionState.VERIFIED
    shown.save()
    release_stage(shown, stage=Stage.VERIFIED, explanation="资金已列入预算。", by=world.gov_clerk)
    row = PublicDecision.objects.released().get()
    assert (row.stage, row.explanation, row.release.by) == (Stage.VERIFIED, "资金已列入预算。", world.gov_clerk)
    assert row.wording == shown.text
    html = Client().get(row.get_absolute_url()).content.decode()
    assert "资金已列入预算。" in html


def test_only_the_office_releases_a_stage(world: World, shown: Resolution) -> None:
    Resolution.objects.update(state=ResolutionState.UNDER_WAY)
    for person in (world.liaison, world.writer, world.reviewers[0], world.stranger, county("邻县").gov_clerk):
        with refusal("not_an_office_clerk"):
            release_stage(shown, stage=Stage.UNDER_WAY, by=person)
    release_stage(shown, stage=Stage.UNDER_WAY, by=world.union_clerk)
    with refusal("stage_already_shown"):
        release_stage(shown, stage=Stage.UNDER_WAY, by=world.union_clerk)


def test_overdue_goes_out_with_an_explanation(world: World, shown: Resolution) -> None:
    Resolution.objects.update(state=ResolutionState.UNDER_WAY, deadline=date(2020, 1, 1))
    with refusal("stage_explanation_missing"):
        release_stage(shown, stage=Stage.OVERDUE, by=world.gov_clerk)
    release_stage(shown, stage=Stage.OVERDUE, explanation="手续正在补办。", by=world.gov_clerk)
    assert PublicDecision.objects.released().get().stage == Stage.OVERDUE


def test_a_stage_alone_does_not_change_the_wording(world: World, shown: Resolution) -> None:
    Resolution.objects.update(state=ResolutionState.UNDER_WAY, text="记录里另外写的话。")
    release_stage(shown, stage=Stage.UNDER_WAY, by=world.gov_clerk)
    assert "记录里另外写的话" not in PublicDecision.objects.released().get().wording


def test_a_changed_wording_passes_the_reviews_and_keeps_the_stage(world: World, shown: Resolution) -> None:
    Resolution.objects.update(state=ResolutionState.UNDER_WAY)
    release_stage(shown, stage=Stage.UNDER_WAY, explanation="已启动。", by=world.gov_clerk)
    page = OutcomePage.objects.get()
    draft = page.get_latest_revision_as_object()
    item = draft.items.get()
    item.wording = "改正后的文字。"
    draft.items.add(item)
    draft.save_revision(user=world.gov_clerk)
    assert PublicDecision.objects.released().get().wording != "改正后的文字。"
    publish(page, world, sender=world.gov_clerk)
    row = PublicDecision.objects.released().get()
    assert (row.wording, row.stage, row.explanation) == ("改正后的文字。", Stage.UNDER_WAY, "已启动。")


def test_publishing_again_without_a_change_writes_no_row(world: World, shown: Resolution) -> None:
    page = OutcomePage.objects.get()
    draft = page.get_latest_revision_as_object()
    draft.intro = "开头改了一个字。"
    draft.save_revision(user=world.gov_clerk)
    publish(page, world, sender=world.gov_clerk)
    assert Release.objects.count() == 1


# --- the lead department's confirmation ------------------------------------------------------------------------------
@pytest.fixture
def asking(world: World, shown: Resolution) -> Resolution:
    world.conference.lead_confirms_release = True
    world.conference.save()
    Resolution.objects.update(state=ResolutionState.UNDER_WAY)
    return Resolution.objects.get(pk=shown.pk)


def test_where_the_lead_confirms_nothing_goes_out_without_it(world: World, asking: Resolution) -> None:
    with refusal("lead_confirms_stages"):
        release_stage(asking, stage=Stage.UNDER_WAY, by=world.gov_clerk)
    proposal = propose_stage(asking, stage=Stage.UNDER_WAY, explanation="已启动。", by=world.gov_clerk)
    assert PublicDecision.objects.released().get().stage == Stage.ADOPTED
    for person in (world.other_liaison, world.gov_clerk, world.writer):
        with refusal("not_the_lead_liaison"):
            answer_proposal(proposal, confirm=True, by=person)
    row = answer_proposal(proposal, confirm=True, by=world.liaison)
    assert row is not None
    assert (row.stage, row.by, row.confirmed_by) == (Stage.UNDER_WAY, world.gov_clerk, world.liaison)
    with refusal("proposal_answered"):
        answer_proposal(proposal, confirm=True, by=world.liaison)


def test_a_declined_stage_stays_in(world: World, asking: Resolution) -> None:
    proposal = propose_stage(asking, stage=Stage.UNDER_WAY, by=world.gov_clerk)
    with refusal("proposal_waiting"):
        propose_stage(asking, stage=Stage.UNDER_WAY, by=world.gov_clerk)
    with refusal("proposal_answer_missing"):
        answer_proposal(proposal, confirm=False, by=world.liaison)
    answer_proposal(proposal, confirm=False, answer="尚未启动。", by=world.liaison)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == (ProposalState.DECLINED, "尚未启动。")
    assert Release.objects.count() == 1


def test_a_proposal_that_the_record_outran_is_not_released(world: World, asking: Resolution) -> None:
    proposal = propose_stage(asking, stage=Stage.UNDER_WAY, by=world.gov_clerk)
    Resolution.objects.update(state=ResolutionState.VERIFIED)
    with refusal("proposal_outdated"):
        answer_proposal(proposal, confirm=True, by=world.liaison)


def test_a_proposal_of_what_was_closed_meanwhile_is_not_released(world: World, asking: Resolution) -> None:
    proposal = propose_stage(asking, stage=Stage.UNDER_WAY, by=world.gov_clerk)
    Resolution.objects.update(disclosure=Disclosure.CLOSED, disclosure_reason="涉及个人隐私")
    with refusal("not_disclosed"):
        answer_proposal(proposal, confirm=True, by=world.liaison)


def test_a_draft_has_no_stage_to_release(world: World) -> None:
    assert stages_for(Resolution(state=ResolutionState.DRAFTED)) == []


# --- withdrawal ------------------------------------------------------------------------------------------------------
def test_a_withdrawal_hides_until_a_later_release(world: World, shown: Resolution) -> None:
    assert status(shown) == 200
    with refusal("withdrawal_reason_missing"):
        withdraw(shown, reason=" ", by=world.gov_clerk)
    with refusal("not_an_office_clerk"):
        withdraw(shown, reason="误发", by=world.writer)
    withdraw(shown, reason="误发", by=world.gov_clerk)
    assert status(shown) == 404
    with refusal("resolution_not_public"):
        withdraw(shown, reason="误发", by=world.gov_clerk)
    with refusal("resolution_not_public"):
        release_stage(shown, stage=Stage.ADOPTED, by=world.gov_clerk)


def test_publishing_the_page_again_does_not_lift_a_withdrawal(world: World) -> None:
    of = issued(world, items=2)
    page = public_outcome(world, of)
    first = resolutions(of)[0]
    withdraw(first, reason="误发", by=world.gov_clerk)
    draft = page.get_latest_revision_as_object()
    draft.intro = "改了开头。"
    draft.save_revision(user=world.gov_clerk)
    publish(page, world, sender=world.gov_clerk)
    assert status(first) == 404
    assert first.title not in Client().get(page.url).content.decode()


def test_lifting_a_withdrawal_passes_the_reviews_once(world: World, shown: Resolution) -> None:
    withdraw(shown, reason="误发", by=world.gov_clerk)
    number = Resolution.objects.get(pk=shown.pk).public_number
    page = lift_withdrawal(shown, by=world.union_clerk)
    assert status(shown) == 404
    publish(page, world, sender=world.union_clerk)
    assert status(shown) == 200
    assert Resolution.objects.get(pk=shown.pk).public_number == number, "the public number stays"
    withdraw(shown, reason="又误发", by=world.gov_clerk)
    draft = page.get_latest_revision_as_object()
    draft.intro = "改了开头。"
    draft.save_revision(user=world.gov_clerk)
    publish(page, world, sender=world.gov_clerk)
    assert status(shown) == 404, "the old lifting does not count for a later withdrawal"


def test_the_timeline_begins_after_the_last_withdrawal(world: World, shown: Resolution) -> None:
    Resolution.objects.update(state=ResolutionState.UNDER_WAY)
    release_stage(shown, stage=Stage.UNDER_WAY, explanation="说漏了嘴。", by=world.gov_clerk)
    withdraw(shown, reason="误发", by=world.gov_clerk)
    publish(lift_withdrawal(shown, by=world.gov_clerk), world, sender=world.gov_clerk)
    row = PublicDecision.objects.released().get()
    assert list(timeline(row)) == [row.release]
    assert "说漏了嘴" not in Client().get(row.get_absolute_url()).content.decode()


def test_tightening_the_disclosure_withdraws_in_the_same_transaction(world: World, shown: Resolution) -> None:
    shown.disclosure, shown.disclosure_reason = Disclosure.CLOSED, "涉及个人隐私"
    with transaction.atomic():
        shown.save()
        record_announce(shown, "tighten", by=world.gov_clerk)
    row = Release.objects.latest_of(shown)
    assert row is not None
    assert (row.kind, row.reason, row.by) == (ReleaseKind.WITHDRAWAL, "涉及个人隐私", world.gov_clerk)
    assert status(shown) == 404
    with refusal("not_disclosed"):
        lift_withdrawal(shown, by=world.gov_clerk)


# --- counts ----------------------------------------------------------------------------------------------------------
def test_counts_are_those_of_the_lists(world: World) -> None:
    other = county("邻县")
    for place, day, items in (
        (world, date(2024, 11, 12), 2),
        (world, date(2025, 9, 5), 3),
        (other, date(2025, 8, 1), 1),
    ):
        public_outcome(place, issued(place, day, items=items))
    hidden = resolutions(world.conference.meetings.get(held_on=date(2025, 9, 5)))[0]
    withdraw(hidden, reason="误发", by=world.gov_clerk)
    for choice in (
        ReleaseFilter(),
        ReleaseFilter(conference=world.conference),
        ReleaseFilter(year=2025),
        ReleaseFilter(stage=Stage.ADOPTED),
        ReleaseFilter(world.conference, 2025, Stage.ADOPTED),
        ReleaseFilter(world.conference, 2025, Stage.VERIFIED),
    ):
        found = counts(choice)
        for year in (2024, 2025):
            assert found.years.get(year, 0) == ReleaseFilter(choice.conference, year, choice.stage).rows().count()
        for stage in Stage:
            assert found.stages.get(stage, 0) == ReleaseFilter(choice.conference, choice.year, stage).rows().count()
        for row in (world.conference, other.conference):
            assert found.conferences.get(row.pk, 0) == ReleaseFilter(row, choice.year, choice.stage).rows().count()
    assert counts(ReleaseFilter()).years == {2024: 2, 2025: 3}
