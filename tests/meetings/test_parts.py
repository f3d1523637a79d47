"""Tests of the part of a co-operating department: its task, its reports, and when it is done."""

from collections.abc import Callable

import pytest

from meetings import clock
from meetings.enums import DeadlineKind, PartRole, ReportVerdict, ResolutionState
from meetings.machines.resolution import RESOLUTION
from meetings.models import Person, ProgressReport, RecordLogEntry, Resolution
from meetings.operations import progress
from meetings.operations.department import merge_department
from meetings.operations.parts import Part
from meetings.operations.resolution import edit_resolution
from meetings.queries.minutes import document
from meetings.queries.resolution import waiting_reports
from meetings.rules.resolution import open_parts, open_parts_warning
from meetings.rules.seal import content_hash
from tests.meetings.factories import World, seat, yuanqu
from tests.meetings.follow_up import LATER, adopted, assigned, under_way
from tests.meetings.steps import drafted_minutes, offered
from tests.meetings.work import waiting
from tests.refusals import codes, refusal, refused

pytestmark = pytest.mark.django_db
TASK = "核查劳模困难情况，10月底前提出名单"


def actions(person: Person, resolution: Resolution) -> set[str]:
    """Return the actions that are available to the person now."""
    person, resolution = Person.objects.get(pk=person.pk), Resolution.objects.get(pk=resolution.pk)
    return offered(person, resolution)


def parts_of(world: World) -> list[Part]:
    """Return parts for the lead department and for another department with a task."""
    return [Part(world.department, PartRole.LEAD), Part(world.other_department, PartRole.CO, TASK)]


def test_a_part_bears_a_task_that_the_approvals_cover() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    row, before = Resolution.objects.get(minutes=minutes), content_hash(minutes)
    lead = row.parts.get()
    edit_resolution(row, by=world.gov_clerk, parts=parts_of(world))
    assert [part.task for part in row.parts.order_by("pk")] == ["", TASK]
    assert row.parts.get(role=PartRole.LEAD).pk == lead.pk
    assert content_hash(minutes) != before
    assert [settled.tasks for settled in document(minutes).resolutions] == [[(world.other_department.name, TASK)]]


def test_tasks_are_fixed_with_the_issue_and_read_the_same_ever_after() -> None:
    world = yuanqu()
    row = adopted(world)
    with clock.at(LATER), refusal("resolution_settled"):
        edit_resolution(row, by=world.gov_clerk, parts=parts_of(world))
    assert next(part.name for part in row.parts.order_by("pk")) == world.department.name


def test_each_department_reports_on_its_own_part_and_that_it_is_done() -> None:
    world = yuanqu()
    row = assigned(world)
    with clock.at(LATER):
        report = progress.report_part_done(row, by=world.other_liaison, text="名单已提出。")
        assert (report.part.department, report.part.done_on) == (world.other_department, LATER)
        assert row.state == ResolutionState.UNDER_WAY
        assert "report_part_done" not in actions(world.other_liaison, row)
        assert "report" in actions(world.other_liaison, row)
        refused(lambda: progress.report_part_done(row, by=world.other_liaison, text="又完成一次。"), "wrong_state")
    assert open_parts(Resolution.objects.get(pk=row.pk)) == []


def test_only_a_co_operating_department_has_an_own_part_to_report_done() -> None:
    world, other = yuanqu(), yuanqu("邻县")
    row = assigned(world)
    with clock.at(LATER):
        for person in (world.liaison, world.gov_clerk, world.head, world.stranger, other.other_liaison):
            assert "report_part_done" not in actions(person, row)
            refused(lambda person=person: progress.report_part_done(row, by=person, text="完成了。"), "not_your_post")  # type: ignore[misc]
    assert not ProgressReport.objects.exists()


def test_a_part_that_is_sent_back_is_open_again_and_one_that_is_accepted_is_not() -> None:
    world = yuanqu()
    row = assigned(world)
    with clock.at(LATER):
        report = progress.report_part_done(row, by=world.other_liaison, text="名单已提出。")
        assert list(waiting_reports(row)) == [report]
        assert "accept_report" in {found.action for found in waiting(world.union_clerk)}
        progress.send_back_report(row, by=world.union_clerk, report=report, reason="名单缺三人")
        assert row.parts.get(role=PartRole.CO).done_on is None
        again = progress.report_part_done(row, by=world.other_liaison, text="名单已补齐。")
        progress.accept_report(row, by=world.union_clerk, report=again)
        again.refresh_from_db()
    assert again.verdict == ReportVerdict.VERIFIED
    assert row.parts.get(role=PartRole.CO).done_on == LATER
    assert row.state == ResolutionState.UNDER_WAY


def test_the_whole_is_reported_done_over_an_open_part_and_everybody_is_told() -> None:
    world = yuanqu()
    row, _report = under_way(world)
    with clock.at(LATER):
        warned = RESOLUTION.get("report_done").warnings(row)
        assert codes(warned) == codes(open_parts_warning(row)) == ["parts_not_done"]
        assert world.other_department.name in str(warned[0])
        progress.report_done(row, by=world.liaison, text="资金已到位。")
        assert row.parts.get(role=PartRole.LEAD).done_on == LATER
        assert world.other_department.name in str(RESOLUTION.get("verify").warnings(row)[0])
        progress.return_resolution(row, by=world.gov_clerk, reason="配合单位尚未完成")
        assert row.parts.get(role=PartRole.LEAD).done_on is None
        progress.report_part_done(row, by=world.other_liaison, text="名单已提出。")
    row = Resolution.objects.get(pk=row.pk)
    assert RESOLUTION.get("report_done").warnings(row) == []
    entry = RecordLogEntry.objects.for_instance(row).get(action="meetings.resolution.report_done")
    assert world.other_department.name in entry.data["warned"][0]


def test_whoever_verifies_over_an_open_part_is_warned_and_the_log_keeps_it() -> None:
    world = yuanqu()
    row, _report = under_way(world)
    with clock.at(LATER):
        progress.report_done(row, by=world.liaison, text="资金已到位。")
        progress.verify(row, by=world.gov_clerk)
    entry = RecordLogEntry.objects.for_instance(row).get(action="meetings.resolution.verify")
    assert world.other_department.name in entry.data["warned"][0]


@pytest.mark.parametrize("step", ["report_progress", "report_part_done"])
def test_the_successor_of_a_co_operating_department_reports_for_it(step: str) -> None:
    world = yuanqu()
    row = assigned(world)
    merge_department(world.other_department, into=world.government_office, by=world.administrator)
    heir = seat("政府办联络员", role="liaison", department=world.government_office).person
    verb: Callable[..., ProgressReport] = getattr(progress, step)
    with clock.at(LATER):
        assert {"report", "report_part_done"} <= actions(heir, row)
        report = verb(row, by=heir, text="由政府办接续完成。")
    assert report.part.department == world.other_department
    assert report.part.name == world.other_department.name


def test_a_department_that_takes_over_lead_and_part_reports_on_each() -> None:
    world = yuanqu()
    row = assigned(world)
    for department in (world.department, world.other_department):
        merge_department(department, into=world.government_office, by=world.administrator)
    heir = seat("政府办联络员", role="liaison", department=world.government_office).person
    with clock.at(LATER):
        part = progress.report_part_done(row, by=heir, text="配合任务完成。").part
        whole = progress.report_done(row, by=heir, text="整项完成。").part
    assert (part.role, whole.role) == (PartRole.CO, PartRole.LEAD)


def pending_actions(person: Person) -> list[str]:
    """Return what waits for the person today, as read by the next request."""
    return [found.action for found in waiting(person)]


def test_an_open_part_is_the_co_operating_liaisons_today() -> None:
    world = yuanqu()
    row, _report = under_way(world)
    with clock.at(LATER):
        assert pending_actions(world.other_liaison) == []  # the deadline is not near
        Resolution.objects.update(deadline_kind=DeadlineKind.DATE, deadline=LATER, deadline_text="月底前")
        assert pending_actions(world.other_liaison) == ["report_part_done"]
        progress.report_part_done(row, by=world.other_liaison, text="名单已提出。")
        assert pending_actions(world.other_liaison) == []


def test_the_lead_is_told_ahead_of_the_day_once_every_other_share_is_done() -> None:
    world = yuanqu()
    row, _report = under_way(world)
    with clock.at(LATER):
        assert pending_actions(world.liaison) == []
        progress.report_part_done(row, by=world.other_liaison, text="名单已提出。")
        assert pending_actions(world.liaison) == ["report_done"]
