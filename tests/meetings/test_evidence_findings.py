"""Tests of the compliance overview (制度对照) clause by clause, with the exact texts of proofs and gaps."""

from datetime import date, timedelta
from typing import Any

import pytest

from meetings import clock
from meetings.enums import AttendanceStatus, MeetingKind, TopicState, Verdict
from meetings.models import JointConference, Meeting, Opinion, Resolution, Topic
from meetings.operations import progress
from meetings.operations.agenda import add_topic
from meetings.operations.meeting import consult_meeting, explain
from meetings.operations.topic import agree_topic, approve_topic, confer_topic, record_study, submit_topic
from meetings.queries.conference import adoption_on
from meetings.rules.evidence import Finding, Status, of_meeting, of_year
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import LATER, NEXT_YEAR, adopted, assigned
from tests.meetings.steps import (
    DAY,
    drafted_minutes,
    held_meeting,
    in_approval,
    issued_minutes,
    notified,
    planned_meeting,
)

pytestmark = pytest.mark.django_db
PREPARED = NEXT_YEAR - timedelta(days=18)
RESOLUTION = "关于第1件事的议题"


def finding(meeting: Meeting, key: str) -> Finding:
    """Return the finding on one clause."""
    meeting = Meeting.objects.get(pk=meeting.pk)
    return next(found for found in of_meeting(meeting) if found.key == key)


def proofs(found: Finding) -> list[tuple[str, date | None, Any]]:
    return [(proof.text, proof.on, proof.record) for proof in found.proofs]


def test_the_findings_stand_in_the_order_of_the_regulation() -> None:
    meeting = issued_minutes(yuanqu()).meeting
    assert [found.key for found in of_meeting(meeting) if found.key] == [
        "briefing", "category", "follow_up_explained", "topic.research", "topic.confer", "topic.approve", "topic.agree",
        "attendance", "chair", "meeting.settle", "meeting.notify", "agenda", "minutes", "follow_up", "publicity",
    ]  # fmt: skip


# --- earlier resolutions ---------------------------------------------------------------------------------------------


def test_nothing_is_to_be_told_to_a_first_meeting() -> None:
    found = finding(held_meeting(yuanqu()), "follow_up_explained")
    assert (found.status, found.proofs, found.gaps) == (Status.AHEAD, [], [])
    assert found.message == "首次会议，没有上次议定事项需要通报。"


def test_what_is_unfinished_is_a_gap_until_it_is_explained() -> None:
    world = yuanqu()
    resolution = assigned(world)
    meeting = planned_meeting(world, NEXT_YEAR, topics=0)
    item = ("通报上次联席会议议定事项落实情况", NEXT_YEAR, None)
    with clock.at(PREPARED):
        found = finding(meeting, "follow_up_explained")
        assert (found.status, proofs(found)) == (Status.GAP, [item])
        assert found.gaps == [f"{RESOLUTION}：没有说明和意见。"]
        explain(resolution, meeting, by=world.union_clerk, text="资金未到。", opinion="结转。")
        found = finding(meeting, "follow_up_explained")
    explained = (f"{RESOLUTION}：总工会经办人员已填写说明和意见", PREPARED, resolution)
    assert (found.status, proofs(found), found.gaps) == (Status.MET, [item, explained], [])


def test_an_agenda_without_the_follow_up_is_a_gap() -> None:
    world = yuanqu()
    assigned(world)
    meeting = planned_meeting(world, NEXT_YEAR, topics=0)
    meeting.agenda.filter(kind="follow_up").delete()
    gaps = finding(meeting, "follow_up_explained").gaps
    assert gaps == ["议程中没有通报上次议定事项落实情况。", f"{RESOLUTION}：没有说明和意见。"]


# --- meeting ---------------------------------------------------------------------------------------------------------


def test_a_briefing_is_proved_with_its_speaker() -> None:
    meeting = held_meeting(yuanqu())
    meeting.agenda.filter(side="union").delete()
    meeting.agenda.filter(side="government").update(speaker="温知")
    found = finding(meeting, "briefing")
    assert proofs(found) == [("温知：通报涉及职工利益的有关政策措施和就业情况", DAY, None)]
    assert (found.gaps, found.message) == (["工会方：议程中没有通报。"], "")


def test_before_the_meeting_no_briefing_is_missed() -> None:
    meeting = planned_meeting(yuanqu())
    meeting.agenda.filter(kind="briefing").delete()
    found = finding(meeting, "briefing")
    assert (found.status, found.gaps, found.message) == (Status.AHEAD, [], "会议尚未召开。")


def test_a_special_meeting_names_who_was_consulted() -> None:
    world = yuanqu()
    meeting = planned_meeting(world, kind=MeetingKind.SPECIAL, consultation="台风灾后。")
    day = DAY - timedelta(days=15)
    with clock.at(day):
        for person in (world.gov_clerk, world.union_clerk):
            consult_meeting(meeting, by=person, opinion="同意召开")
    found = finding(meeting, "special")
    assert proofs(found) == [
        ("政府办经办人员 政府办经办人员：同意召开", day, meeting),
        ("总工会经办人员 总工会经办人员：同意召开", day, meeting),
    ]
    assert found.gaps == []


def test_the_attendance_is_counted_and_who_has_not_been_recorded_is_named() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    assert proofs(finding(meeting, "attendance")) == [("出席 5 人，请假 0 人，列席和邀请 0 人", DAY, meeting)]
    first, second, third = meeting.attendance.order_by("order", "pk")[:3]
    for row, status in ((first, AttendanceStatus.INVITED), (second, "leave"), (third, "observer")):
        row.status = status
        row.save()
    found = finding(meeting, "attendance")
    assert proofs(found) == [("出席 2 人，请假 1 人，列席和邀请 1 人", DAY, meeting)]
    assert found.gaps == ["未登记到会情况：县长。"]


def test_before_the_meeting_the_invitations_are_counted_without_a_gap() -> None:
    meeting = planned_meeting(yuanqu())
    found = finding(meeting, "attendance")
    assert proofs(found) == [("通知 5 人参会", None, meeting)]
    assert found.gaps == []


def test_a_meeting_without_invitations_chair_and_agenda_has_gaps() -> None:
    meeting = planned_meeting(yuanqu(), topics=0)
    meeting.agenda.all().delete()
    meeting.attendance.all().delete()
    meeting.chair = None
    meeting.save()
    gaps = {key: finding(meeting, key).gaps for key in ("attendance", "chair", "agenda")}
    assert gaps == {"attendance": ["尚未确定参会人员。"], "chair": ["尚未确定主持人。"], "agenda": ["尚无议程。"]}


def test_chair_settlement_notice_and_agenda_are_proved() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world, topics=0))
    settled_on, notified_on = DAY - timedelta(days=13), DAY - timedelta(days=10)
    assert proofs(finding(meeting, "chair")) == [("县长韩正（制度规定一般为：政府主要负责同志）", DAY, None)]
    assert [(text, on) for text, on, _ in proofs(finding(meeting, "meeting.settle"))] == [
        ("政府办经办人员 政府办经办人员", settled_on),
        ("总工会经办人员 总工会经办人员", settled_on),
    ]
    assert proofs(finding(meeting, "meeting.notify")) == [("政府办公室", notified_on, meeting)]
    Meeting.objects.filter(pk=meeting.pk).update(notice_number="垣政办发〔2025〕3号")
    assert proofs(finding(meeting, "meeting.notify"))[0][0] == "垣政办发〔2025〕3号，政府办公室"
    agenda = proofs(finding(meeting, "agenda"))[0][0]
    assert agenda.startswith("1. 通报涉及职工利益的有关政策措施和就业情况；2. 通报工会服务中心工作")


def test_half_a_settlement_proves_nothing() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    Meeting.objects.filter(pk=meeting.pk).update(state="planned", notified_on=None)
    assert [finding(meeting, key).proofs for key in ("meeting.settle", "meeting.notify")] == [[], []]


# --- topics ----------------------------------------------------------------------------------------------------------


def test_a_topic_is_proved_by_category_research_and_consensus() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    topic = Topic.objects.get()
    Topic.objects.update(submitted_on=date(2025, 9, 1))
    assert proofs(finding(meeting, "category")) == [(f"{topic}：一（四），社会保障和职工帮扶", None, topic)]
    found = finding(meeting, "topic.research")
    assert (proofs(found), found.gaps) == ([(f"{topic}：县财政局提出", date(2025, 9, 1), topic)], [])
    Topic.objects.update(research=" ")
    assert finding(meeting, "topic.research").gaps == [f"{topic}：没有调研报告。"]


def test_the_consensus_is_proved_with_its_day_and_the_opinions() -> None:
    world = yuanqu()
    meeting = planned_meeting(world, topics=0)
    topic = world.topic(state=TopicState.APPROVED)
    Opinion.objects.create(topic=topic, department=world.other_department, verdict=Verdict.AGREE, asked_on=DAY)
    with clock.at(date(2025, 10, 20)):
        record_study(topic, by=world.union_clerk, joint_research="联合走访。", proposal_report="建议安排。")
        agree_topic(topic, by=world.union_clerk)
    meeting.agenda.create(kind="deliberation", title=topic.title, topic=topic, order=9)
    found = finding(meeting, "topic.agree")
    assert (proofs(found), found.gaps) == ([(f"{topic}：县人社局同意", date(2025, 10, 20), topic)], [])


def test_an_objection_that_stands_is_a_gap_until_it_is_overridden() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    topic = Topic.objects.get()
    opinion = Opinion.objects.create(
        topic=topic, department=world.other_department, verdict=Verdict.OBJECT, asked_on=DAY
    )
    assert finding(meeting, "topic.agree").gaps == [f"{topic}：县人社局的不同意见尚未解决。"]
    opinion.override_reason = "已书面说明。"
    opinion.save()
    assert finding(meeting, "topic.agree").gaps == []
    Topic.objects.update(state=TopicState.SUBMITTED)
    found = finding(meeting, "topic.agree")
    assert (found.gaps, found.proofs) == ([f"{topic}：尚未达成共识。"], [])


def test_topics_are_told_in_the_order_of_the_agenda() -> None:
    world = yuanqu()
    meeting = planned_meeting(world, topics=3)
    first, second, third = meeting.agenda.filter(topic__isnull=False).order_by("order")
    first.order, third.order = third.order, first.order
    first.save()
    third.save()
    topics = [record for _, _, record in proofs(finding(meeting, "category"))]
    assert topics == [third.topic, second.topic, first.topic]


# --- follow-up -------------------------------------------------------------------------------------------------------


def test_minutes_that_are_not_issued_are_a_gap() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    assert finding(meeting, "minutes").gaps == ["尚未起草会议纪要。"]
    minutes = in_approval(chengqiao())
    found = finding(minutes.meeting, "minutes")
    assert (found.status, found.gaps, found.proofs) == (Status.GAP, ["会议纪要尚未印发，目前：送审。"], [])


def test_each_resolution_is_told_with_its_lead_and_its_reports() -> None:
    world = yuanqu()
    resolution = adopted(world)
    meeting = resolution.minutes.meeting
    found = finding(meeting, "follow_up")
    assert found.gaps == [f"{RESOLUTION}：尚未交办。"]
    assert proofs(found) == [(f"{RESOLUTION}：县财政局，已议定，报告 0 次，核实 0 次", None, resolution)]
    with clock.at(LATER):
        progress.assign(resolution, by=world.gov_clerk)
        report = progress.report_progress(resolution, by=world.liaison, text="已拟定方案。")
        progress.report_progress(resolution, by=world.liaison, text="正在测算资金。")
        progress.accept_report(resolution, by=world.gov_clerk, report=report)
    found = finding(meeting, "follow_up")
    assert proofs(found) == [(f"{RESOLUTION}：县财政局，推进中，报告 2 次，核实 1 次", None, resolution)]
    assert found.gaps == [f"{RESOLUTION}：2025年12月14日 的落实情况尚未呈送领导。"]
    assert found.message == ""


def test_the_resolutions_of_a_draft_are_not_followed_up_yet() -> None:
    minutes = drafted_minutes(yuanqu())
    assert Resolution.objects.filter(minutes=minutes).exists()
    found = finding(minutes.meeting, "follow_up")
    assert (found.proofs, found.gaps, found.message) == ([], [], "会议纪要印发后开始督促落实。")


def test_publicity_is_due_by_a_day_and_missed_after_it() -> None:
    meeting = held_meeting(yuanqu())
    days = meeting.adoption.publicity_days
    with clock.at(DAY + timedelta(days=days)):
        found = finding(meeting, "publicity")
        due = DAY + timedelta(days=days)
        assert found.message == f"应于 {due.year}年{due.month}月{due.day}日 前报道。"
    with clock.at(DAY + timedelta(days=days + 1)):
        assert finding(meeting, "publicity").gaps == ["会议尚未向社会报道。"]


def test_the_signatures_under_a_topic_prove_its_conferral_and_approval() -> None:
    world = yuanqu()
    meeting = planned_meeting(world, topics=0)
    topic = world.topic()
    with clock.at(DAY - timedelta(days=10)):
        submit_topic(topic, by=world.liaison)
        for clerk in (world.gov_clerk, world.union_clerk):
            confer_topic(topic, by=clerk, opinion="同意商请")
        approve_topic(topic, by=world.liaison_leader, opinion="同意")
    Topic.objects.update(state=TopicState.AGREED)
    with clock.at(DAY - timedelta(days=9)):
        add_topic(meeting, Topic.objects.get(), by=world.gov_clerk)
    conferred, approved = finding(meeting, "topic.confer"), finding(meeting, "topic.approve")
    assert (len(conferred.proofs), conferred.gaps) == (2, [])
    assert (len(approved.proofs), approved.gaps) == (1, [])
    assert {proof.record for proof in (*conferred.proofs, *approved.proofs)} == {topic}
    assert approved.proofs[0].text.endswith("温知：同意")


def test_where_the_regulation_asks_for_no_publicity_the_clause_is_not_listed() -> None:
    meeting = held_meeting(yuanqu())
    type(meeting.adoption).objects.update(publicity_required=False)
    assert "publicity" not in [found.key for found in of_meeting(Meeting.objects.get(pk=meeting.pk))]


# --- conference ------------------------------------------------------------------------------------------------------


def year(world: World, of: int, key: str) -> Finding:
    rules = adoption_on(world.conference, DAY)
    assert rules is not None
    conference = JointConference.objects.get(pk=world.conference.pk)
    return next(found for found in of_year(conference, of, rules) if found.key == key)


def test_the_meetings_of_the_year_prove_the_frequency() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    other = held_meeting(world, DAY + timedelta(days=10), title="临时会议")
    held_meeting(chengqiao())
    planned_meeting(world, DAY + timedelta(days=20))
    found = year(world, DAY.year, "frequency")
    assert proofs(found) == [(str(meeting), DAY, meeting), (str(other), DAY + timedelta(days=10), other)]


def test_a_year_without_a_meeting_is_a_gap_once_it_is_over() -> None:
    world = yuanqu()
    with clock.at(date(2025, 12, 31)):
        found = year(world, 2025, "frequency")
        assert (found.gaps, found.message) == ([], "本年度尚未召开会议。")
        assert year(world, 2026, "frequency").gaps == []
    with clock.at(date(2026, 1, 1)):
        found = year(world, 2025, "frequency")
        assert (found.gaps, found.message) == (["该年度没有召开会议。"], "")


def test_sections_and_groups_are_proved_with_their_people() -> None:
    world = chengqiao()
    JointConference.objects.filter(pk=world.conference.pk).update(government_section="办公室")
    found = year(world, 2025, "sections")
    group = world.conference.groups.get()
    assert proofs(found) == [
        ("政府方：办公室（政府办经办人员）", None, world.conference),
        ("镇某联席会议协调小组：2 个席位", None, group),
    ]
    assert found.gaps == ["工会方：尚未明确负责科室和工作人员。"]


def test_a_section_without_staff_is_a_gap() -> None:
    world = yuanqu()
    JointConference.objects.filter(pk=world.conference.pk).update(government_section="办公室", union_section="办公室")
    world.tenures["union_clerk"].post.tenures.all().delete()
    found = year(world, 2025, "sections")
    assert [text for text, _, _ in proofs(found)] == ["政府方：办公室（政府办经办人员）"]
    assert found.gaps == ["工会方：尚未明确负责科室和工作人员。"]
