"""Tests of resolutions from the issued minutes to the verified result (`Y 2(6)`, `C 5(5)`)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from meetings import clock
from meetings.clauses import Citation
from meetings.enums import ApprovalStep, ReportVerdict, ResolutionState
from meetings.machines.resolution import RESOLUTION
from meetings.models import Approval, Delivery, Person, ProgressReport, RecordLogEntry, Resolution
from meetings.operations import progress
from meetings.operations.department import merge_department
from meetings.operations.resolution import adopt
from meetings.operations.steps import perform
from meetings.queries.resolution import recipients, undelivered_of
from meetings.signals import record_changed
from tests.meetings.factories import World, chengqiao, seat, yuanqu
from tests.meetings.follow_up import LATER, adopted, assigned, reported, under_way, upload, verified
from tests.meetings.steps import offered
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
WORLDS = pytest.mark.parametrize("make", [yuanqu, chengqiao])
Make = Callable[..., World]


def actions(person: Person, resolution: Resolution) -> set[str]:
    """Return the actions that are available to the person now."""
    resolution = Resolution.objects.get(pk=resolution.pk)
    return offered(person, resolution)


def again(person: Person) -> Person:
    """Return the person as loaded by the next request."""
    return Person.objects.get(pk=person.pk)


@WORLDS
def test_the_issue_of_the_minutes_settles_what_they_hold(make: Make) -> None:
    resolution = adopted(make())
    assert resolution.state == ResolutionState.ADOPTED
    assert resolution.sealed_disclosure == (resolution.disclosure, resolution.disclosure_reason)
    with refusal("already_settled"):
        adopt(resolution, by=make("另").gov_clerk)


@WORLDS
def test_the_way_to_the_verified_result(make: Make) -> None:
    world = make()
    resolution = verified(world)
    assert (resolution.state, resolution.verified_on) == (ResolutionState.VERIFIED, LATER)
    done = ProgressReport.objects.get(part__resolution=resolution, claims_done=True)
    assert done.verdict == ReportVerdict.VERIFIED
    log = RecordLogEntry.objects.for_instance(resolution).order_by("timestamp", "id").values_list("action", flat=True)
    verbs = [action.rpartition(".")[2] for action in log]
    assert verbs[:5] == ["create", "adopt", "assign", "report", "report_done"]
    assert set(verbs[5:]) == {"verify"}


def test_under_y_two_people_of_both_sides_verify() -> None:
    world = yuanqu()
    resolution = reported(world)
    with clock.at(LATER):
        progress.verify(resolution, by=world.gov_clerk)
        assert resolution.state == ResolutionState.REPORTED
        with refusal("already_agreed"):
            progress.verify(resolution, by=world.gov_clerk)
        progress.verify(resolution, by=world.union_clerk, opinion="情况属实")
    assert resolution.state == ResolutionState.VERIFIED
    signed = Approval.objects.filter(step=ApprovalStep.VERIFY, voided_at=None)
    assert {row.person for row in signed} == {world.gov_clerk, world.union_clerk}
    assert len({row.hash for row in signed}) == 1


def test_under_c_the_office_alone_verifies() -> None:
    world = chengqiao()
    resolution = reported(world)
    with clock.at(LATER):
        progress.verify(resolution, by=world.gov_clerk)
    assert resolution.state == ResolutionState.VERIFIED
    assert Approval.objects.filter(step=ApprovalStep.VERIFY).count() == 1


@WORLDS
def test_nobody_else_verifies(make: Make) -> None:
    world = make()
    resolution = reported(world)
    for person in (world.liaison, world.head, world.auditor, world.administrator, world.stranger, make("邻").gov_clerk):
        with clock.at(LATER), refusal("not_your_post"):
            progress.verify(resolution, by=person)
    resolution.refresh_from_db()
    assert resolution.state == ResolutionState.REPORTED


def test_the_writer_of_a_report_does_not_verify_it() -> None:
    world = chengqiao()
    seat("财政局联络员（兼）", role="liaison", department=world.department, person=world.union_clerk)
    clerk = again(world.union_clerk)
    resolution = assigned(world)
    with clock.at(LATER):
        progress.report_done(resolution, by=clerk, text="已完成。")
        with refusal("own_report"):
            progress.verify(resolution, by=clerk)
        progress.verify(resolution, by=world.gov_clerk)
    assert resolution.state == ResolutionState.VERIFIED


def test_returned_for_more_and_reported_again() -> None:
    world = yuanqu()
    resolution = reported(world)
    with clock.at(LATER):
        progress.verify(resolution, by=world.gov_clerk)
        with refusal("shortcoming_not_named"):
            progress.return_resolution(resolution, by=world.union_clerk, reason="  ")
        progress.return_resolution(resolution, by=world.union_clerk, reason="缺拨付凭证")
        assert resolution.state == ResolutionState.RETURNED
        sent_back = ProgressReport.objects.get(claims_done=True)
        assert (sent_back.verdict, sent_back.verdict_reason) == (ReportVerdict.RETURNED, "缺拨付凭证")
        assert Approval.objects.get(step=ApprovalStep.VERIFY).voided_at is not None
        progress.report_progress(resolution, by=world.other_liaison, text="已补充凭证。")
        assert resolution.state == ResolutionState.UNDER_WAY
        progress.report_done(resolution, by=world.liaison, text="凭证齐全。", files=[upload("凭证.pdf")])
        for person in (world.gov_clerk, world.union_clerk):
            progress.verify(resolution, by=person)
    assert resolution.state == ResolutionState.VERIFIED


def test_only_the_lead_reports_it_done() -> None:
    world = yuanqu()
    resolution, _report = under_way(world)
    with clock.at(LATER):
        assert "report_done" in actions(world.liaison, resolution)
        assert actions(world.other_liaison, resolution) == {"report", "report_part_done"}
        with refusal("not_your_post"):
            progress.report_done(resolution, by=world.other_liaison, text="完成了。")
        report = progress.report_progress(resolution, by=world.other_liaison, text="已配合测算。")
    assert report.part.department == world.other_department


def test_a_report_needs_words_and_nothing_is_written_by_halves() -> None:
    world = yuanqu()
    resolution = assigned(world)
    with clock.at(LATER):
        with refusal("report_empty"):
            progress.report_progress(resolution, by=world.liaison, text="  ")
        with refusal("file_type_not_accepted"):
            progress.report_progress(
                resolution, by=world.liaison, text="有附件。", files=[upload("好.pdf"), upload("坏.exe")]
            )
    assert not ProgressReport.objects.exists()
    resolution.refresh_from_db()
    assert resolution.state == ResolutionState.ASSIGNED


def test_a_resolution_without_a_lead_is_not_assigned() -> None:
    world = yuanqu()
    resolution = adopted(world)
    resolution.parts.filter(role="lead").delete()
    with clock.at(LATER), refusal("lead_missing") as refused:
        progress.assign(Resolution.objects.get(pk=resolution.pk), by=world.gov_clerk)
    assert resolution.title in refused.value.reasons[0]


def test_a_double_click_does_the_step_once() -> None:
    world = yuanqu()
    resolution = assigned(world)
    shown = resolution.version
    with clock.at(LATER):
        progress.report_progress(resolution, by=world.liaison, text="第一次。", version=shown)
        with refusal("stale"):
            progress.report_progress(resolution, by=world.liaison, text="第一次。", version=shown)
    assert ProgressReport.objects.count() == 1


def test_two_clerks_at_once_one_wins() -> None:
    world = chengqiao()
    resolution = reported(world)
    shown = resolution.version
    with clock.at(LATER):
        progress.verify(resolution, by=world.gov_clerk, version=shown)
        with refusal("stale"):
            progress.return_resolution(resolution, by=world.union_clerk, reason="再看看", version=shown)
    assert resolution.state == ResolutionState.VERIFIED


def test_ordinary_reports_are_verified_or_sent_back_once() -> None:
    world = yuanqu()
    resolution, report = under_way(world)
    with clock.at(LATER):
        assert {"accept_report", "send_back_report"} <= actions(world.union_clerk, resolution)
        progress.accept_report(resolution, by=world.union_clerk, report=report)
        report.refresh_from_db()
        assert report.verdict == ReportVerdict.VERIFIED
        assert "accept_report" not in actions(world.union_clerk, resolution)
        with refusal("wrong_state"):  # no report waits, so the step is not available
            progress.send_back_report(resolution, by=world.gov_clerk, report=report, reason="晚了")
        second = progress.report_progress(resolution, by=world.liaison, text="第二次。")
        with refusal("report_not_waiting"):
            progress.send_back_report(resolution, by=world.gov_clerk, report=report, reason="晚了")
        with refusal("report_not_waiting"):
            progress.accept_report(resolution, by=world.gov_clerk, report=report)
        progress.send_back_report(resolution, by=world.gov_clerk, report=second, reason="数字不实")
    second.refresh_from_db()
    assert (second.verdict, second.verdict_reason) == (ReportVerdict.RETURNED, "数字不实")
    assert resolution.state == ResolutionState.UNDER_WAY


def test_a_report_of_completion_is_not_accepted_like_an_ordinary_one() -> None:
    world = yuanqu()
    resolution = reported(world)
    with clock.at(LATER):
        ordinary = ProgressReport.objects.get(claims_done=False)
        completing = ProgressReport.objects.get(claims_done=True)
        with refusal("report_not_waiting"):
            progress.accept_report(resolution, by=world.gov_clerk, report=completing)
        progress.accept_report(resolution, by=world.gov_clerk, report=ordinary)


def test_reports_of_another_resolution_are_not_reached() -> None:
    world, other = yuanqu(), yuanqu("邻县")
    resolution, _mine = under_way(world)
    _their_resolution, theirs = under_way(other, number="邻政办纪〔2025〕3号")
    with clock.at(LATER), refusal("report_not_waiting"):
        progress.accept_report(resolution, by=world.gov_clerk, report=theirs)


@WORLDS
def test_a_verified_report_is_missing_until_leaders_of_both_sides_have_it(make: Make) -> None:
    world = make()
    resolution, report = under_way(world)
    with clock.at(LATER):
        assert list(undelivered_of(resolution)) == []
        progress.accept_report(resolution, by=world.gov_clerk, report=report)
        assert list(undelivered_of(resolution)) == [report]
        first, second = world.tenures["liaison_leader"], world.tenures["union_head"]
        progress.deliver(resolution, by=world.gov_clerk, report=report, tenures=[first])
        assert list(undelivered_of(resolution)) == [report]
        progress.deliver(resolution, by=world.gov_clerk, report=report, tenures=[second], on=LATER)
        assert list(undelivered_of(resolution)) == []
        assert "deliver" not in actions(world.gov_clerk, resolution)
    assert Delivery.objects.filter(report=report).count() == 2


def test_to_whom_reports_go() -> None:
    county, town = yuanqu(), chengqiao()
    with clock.at(LATER):
        leaders = {"head", "liaison_leader", "gov_leader", "union_head", "union_leader"}
        assert set(recipients(adopted(county))) == {county.tenures[key] for key in leaders}
        assert set(recipients(adopted(town))) == {town.tenures[key] for key in ("liaison_leader", "union_head")}


def test_deliveries_that_are_refused() -> None:
    world = chengqiao()
    resolution, report = under_way(world)
    head, gov_leader = world.tenures["union_head"], world.tenures["gov_leader"]
    with clock.at(LATER):
        with refusal("wrong_state"):  # not verified yet, so the step is not available
            progress.deliver(resolution, by=world.gov_clerk, report=report, tenures=[head])
        progress.accept_report(resolution, by=world.gov_clerk, report=report)
        for tenures, on, code in (
            ([], LATER, "recipients_missing"),
            ([gov_leader], LATER, "recipient_not_named"),
            ([head], LATER + timedelta(days=1), "delivery_day_wrong"),
            ([head], report.on - timedelta(days=1), "delivery_day_wrong"),
        ):
            with refusal(code):
                progress.deliver(resolution, by=world.gov_clerk, report=report, tenures=tenures, on=on)
        second = progress.report_progress(resolution, by=world.liaison, text="第二次。")
        with refusal("report_not_verified"):
            progress.deliver(resolution, by=world.gov_clerk, report=second, tenures=[head])
        with refusal("not_your_post"):
            progress.deliver(resolution, by=world.liaison, report=report, tenures=[head])
        progress.deliver(resolution, by=world.gov_clerk, report=report, tenures=[head])
        with refusal("already_delivered") as refused:
            progress.deliver(resolution, by=world.gov_clerk, report=report, tenures=[head])
        assert str(head) in refused.value.reasons[0]
    assert Delivery.objects.count() == 1


def test_the_successor_of_a_department_acts_for_its_open_items() -> None:
    world = yuanqu()
    resolution = assigned(world)
    merge_department(world.department, into=world.government_office, by=world.administrator)
    heir = seat("政府办联络员", role="liaison", department=world.government_office).person
    with clock.at(LATER):
        assert actions(heir, resolution) == {"report", "report_done"}
        report = progress.report_done(resolution, by=heir, text="由政府办接续完成。")
    assert report.part.department == world.department


def test_the_state_is_shown_on_the_way() -> None:
    world = yuanqu()
    resolution, _report = under_way(world)
    stages = {stage.state: (stage.status, stage.clause) for stage in RESOLUTION.path(resolution)}
    assert stages["assigned"] == ("done", Citation("二（六）", world.adoption.regulation_id))
    assert stages["under_way"] == ("now", Citation("二（六）", world.adoption.regulation_id))
    assert stages["verified"][0] == "ahead"


def test_every_step_has_a_verb_and_an_unknown_one_is_refused() -> None:
    world = yuanqu()
    resolution = adopted(world)
    with clock.at(LATER):
        for transition in RESOLUTION.transitions:
            code = "not_your_post" if resolution.state in transition.source else "wrong_state"
            with refusal(code):
                perform(
                    resolution,
                    transition.action,
                    by=world.stranger,
                    version=None,
                    **{asked.name: values(resolution, asked.name) for asked in transition.inputs},
                )
        with refusal("step_unknown"):
            perform(resolution, "unheard_of", by=world.gov_clerk, version=None)


def values(resolution: Resolution, name: str) -> object:
    """Return a value for each input of a step."""
    return {"report": ProgressReport(), "tenures": [], "files": [], "on": LATER}.get(name, "文字")


def test_the_rooms_above_hear_of_the_resolution_and_of_its_report() -> None:
    world = yuanqu()
    resolution = assigned(world)
    heard: list[tuple[type, str]] = []

    def listen(sender: type, action: str, **_more: object) -> None:
        heard.append((sender, action))

    record_changed.connect(listen)
    try:
        with clock.at(LATER):
            progress.report_progress(resolution, by=world.liaison, text="有进展。", files=[upload("表.pdf")])
    finally:
        record_changed.disconnect(listen)
    assert [(sender.__name__, action) for sender, action in heard] == [
        ("ProgressReport", "create"),
        ("Attachment", "create"),
        ("Resolution", "report"),
    ]
