"""Tests of suspension (暂缓): decided by those who verify, still unfinished, resumed later."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from meetings import clock
from meetings.enums import ApprovalStep, DeadlineKind, ResolutionState
from meetings.models import Approval, Person, Resolution
from meetings.operations import progress, suspension
from meetings.queries.deadline import is_overdue
from meetings.queries.meeting import unfinished_before
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import LATER, assigned, carried, reported, under_way
from tests.meetings.steps import DAY, offered, planned_meeting
from tests.meetings.work import waiting
from tests.refusals import refusal, refused

pytestmark = pytest.mark.django_db
WORLDS = pytest.mark.parametrize("make", [yuanqu, chengqiao])
REASON = "上级平台接口标准尚未公布"


def buttons(person: Person, resolution: Resolution) -> set[str]:
    """Return the actions on suspensions that are available to the person now."""
    person, resolution = Person.objects.get(pk=person.pk), Resolution.objects.get(pk=resolution.pk)
    return offered(person, resolution) & {"suspend", "agree_suspension", "decline_suspension", "resume"}


def suspended(world: World) -> Resolution:
    """Suspend a resolution by those whom the regulation names."""
    row, _report = under_way(world)
    with clock.at(LATER):
        suspension.suspend(row, by=world.union_clerk, reason=REASON)
        if row.state != ResolutionState.SUSPENDED:
            suspension.agree_suspension(row, by=world.gov_clerk, opinion="同意")
    return row


def test_under_y_both_sides_agree_to_the_same_reason() -> None:
    world = yuanqu()
    row, report = under_way(world)
    with clock.at(LATER):
        suspension.suspend(row, by=world.union_clerk, reason=f" {REASON} ")
        assert (row.state, row.suspended_reason) == (ResolutionState.UNDER_WAY, REASON)
        assert buttons(world.union_clerk, row) == {"decline_suspension"}
        assert buttons(world.gov_clerk, row) == {"agree_suspension", "decline_suspension"}
        refused(lambda: suspension.agree_suspension(row, by=world.union_clerk), "already_agreed")
        refused(lambda: suspension.suspend(row, by=world.gov_clerk, reason="另一理由"), "wrong_state")
        suspension.agree_suspension(row, by=world.gov_clerk)
    assert row.state == ResolutionState.SUSPENDED
    signed = Approval.objects.filter(report=report, step=ApprovalStep.SUSPEND, voided_at=None)
    assert {approval.person for approval in signed} == {world.gov_clerk, world.union_clerk}
    assert len({approval.hash for approval in signed}) == 1


def test_under_c_the_office_alone_suspends() -> None:
    row = suspended(chengqiao())
    assert row.state == ResolutionState.SUSPENDED
    assert Approval.objects.filter(step=ApprovalStep.SUSPEND).count() == 1


@WORLDS
def test_nobody_else_suspends_or_resumes(make: Callable[..., World]) -> None:
    world, other = make(), make("邻")
    row, _report = under_way(world)
    others = (world.liaison, world.head, world.auditor, world.administrator, world.stranger, other.gov_clerk)
    with clock.at(LATER):
        for person in others:
            assert buttons(person, row) == set()
            refused(lambda person=person: suspension.suspend(row, by=person, reason=REASON), "not_your_post")  # type: ignore[misc]
        refused(lambda: suspension.suspend(row, by=world.union_clerk, reason="  "), "suspension_reason_missing")
    assert not Approval.objects.filter(step=ApprovalStep.SUSPEND).exists()
    row.refresh_from_db()
    assert (row.state, row.suspended_reason) == (ResolutionState.UNDER_WAY, "")


def test_a_suspension_rests_on_a_written_report_of_the_lead_department() -> None:
    world = yuanqu()
    row = assigned(world)
    with clock.at(LATER):
        progress.report_progress(row, by=world.other_liaison, text="配合单位的报告。")
        refused(lambda: suspension.suspend(row, by=world.union_clerk, reason=REASON), "lead_has_not_reported")
        progress.report_progress(row, by=world.liaison, text="建议暂缓。")
        suspension.suspend(row, by=world.union_clerk, reason=REASON)
    assert row.suspended_reason == REASON


def test_a_proposal_is_turned_down_and_the_work_goes_on() -> None:
    world = yuanqu()
    row, report = under_way(world)
    with clock.at(LATER):
        suspension.suspend(row, by=world.union_clerk, reason=REASON)
        refused(lambda: suspension.decline_suspension(row, by=world.gov_clerk, reason=" "), "decline_reason_missing")
        suspension.decline_suspension(row, by=world.gov_clerk, reason="可以先做需求论证")
        assert (row.state, row.suspended_reason) == (ResolutionState.UNDER_WAY, "")
        assert report.approvals.get(step=ApprovalStep.SUSPEND).voided_at is not None
        assert "report" in offered(world.liaison, row)


def test_the_department_that_is_done_first_ends_a_proposal() -> None:
    world = yuanqu()
    row, report = under_way(world)
    with clock.at(LATER):
        suspension.suspend(row, by=world.union_clerk, reason=REASON)
        progress.report_done(row, by=world.liaison, text="已经完成。")
    assert (row.state, row.suspended_reason) == (ResolutionState.REPORTED, "")
    assert report.approvals.get(step=ApprovalStep.SUSPEND).voided_at is not None


@WORLDS
def test_what_rests_is_not_reported_on_not_late_and_still_unfinished(make: Callable[..., World]) -> None:
    world = make()
    row = suspended(world)
    Resolution.objects.filter(pk=row.pk).update(
        deadline_kind=DeadlineKind.DATE, deadline=LATER, deadline_text="12月中旬前"
    )
    row.refresh_from_db()
    later = planned_meeting(world, DAY.replace(year=2026), topics=0)
    with clock.at(LATER + timedelta(days=5)):
        assert not is_overdue(row)
        assert [found.resolution for found in unfinished_before(later)] == [row]
        with refusal("wrong_state"):
            progress.report_progress(row, by=world.liaison, text="又有进展。")
        assert buttons(world.gov_clerk, row) == {"resume"}
        refused(lambda: suspension.resume(row, by=world.gov_clerk, reason=" "), "resume_reason_missing")
        suspension.resume(row, by=world.gov_clerk, reason="标准已公布")
        assert row.state == ResolutionState.UNDER_WAY
        assert is_overdue(row)
        progress.report_progress(row, by=world.liaison, text="恢复开发。")
    assert row.suspended_reason == ""
    assert not Approval.objects.filter(step=ApprovalStep.SUSPEND, voided_at=None).exists()


def test_it_is_suspended_again_by_new_signatures() -> None:
    world = yuanqu()
    row = suspended(world)
    with clock.at(LATER + timedelta(days=5)):
        suspension.resume(row, by=world.gov_clerk, reason="标准已公布")
        suspension.suspend(row, by=world.gov_clerk, reason="经费未落实")
        assert row.state == ResolutionState.UNDER_WAY
        suspension.agree_suspension(row, by=world.union_clerk)
    assert row.state == ResolutionState.SUSPENDED


def test_a_suspended_one_may_be_carried_over_and_one_that_waits_for_verification_is_not_suspended() -> None:
    world = yuanqu()
    row = suspended(world)
    carried(world, row)
    assert row.state == ResolutionState.CARRIED
    other = yuanqu("邻县")
    done = reported(other, number="邻政办纪〔2025〕3号")
    with clock.at(LATER):
        refused(lambda: suspension.suspend(done, by=other.gov_clerk, reason=REASON), "wrong_state")


def test_a_proposal_waits_for_the_other_side_alone() -> None:
    world = yuanqu()
    row, _report = under_way(world)

    def pending_actions(person: Person) -> list[str]:
        return [found.action for found in waiting(person) if found.action.endswith("suspension")]

    with clock.at(LATER):
        assert pending_actions(world.gov_clerk) == pending_actions(world.union_clerk) == []
        suspension.suspend(row, by=world.union_clerk, reason=REASON)
        assert (pending_actions(world.gov_clerk), pending_actions(world.union_clerk)) == (["agree_suspension"], [])
        suspension.agree_suspension(row, by=world.gov_clerk)
        assert pending_actions(world.gov_clerk) == pending_actions(world.union_clerk) == []
