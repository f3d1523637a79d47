"""Tests of the generated first text of minutes, in set phrases, and of the resolutions drafted with it."""

from collections.abc import Callable
from datetime import date

import pytest

from meetings import clock
from meetings.enums import AgendaKind, AttendanceStatus, Disclosure
from meetings.models import Minutes
from meetings.operations.agenda import add_agenda_item, add_topic, edit_agenda_item
from meetings.operations.attendance import add_guest, set_attendance
from meetings.operations.meeting import explain, hold_meeting
from meetings.operations.minutes import draft_minutes
from meetings.operations.minutes_draft import chinese_number
from meetings.queries.minutes import document
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.steps import DAY, agreed_topic, at, drafted_minutes, issued_minutes, notified, planned_meeting

pytestmark = pytest.mark.django_db


def draft_of(world: World, **notes: str) -> Minutes:
    """Return draft minutes of a meeting with these notes, by kind of agenda item."""
    meeting = planned_meeting(world)
    for kind, said in notes.items():
        edit_agenda_item(meeting.agenda.filter(kind=kind)[0], by=world.gov_clerk, notes=said)
    notified(world, meeting)
    with clock.at(DAY):
        hold_meeting(meeting, by=world.gov_clerk)
        return draft_minutes(meeting, by=world.gov_clerk)


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_items_are_numbered_in_chinese(number: int, words: str) -> None:
    assert chinese_number(number) == words


def test_the_opening_names_day_conference_place_and_chair() -> None:
    minutes = drafted_minutes(yuanqu())
    assert minutes.title == "县某人民政府与县某总工会2025年度联席会议纪要"
    opening = (
        "<p>2025年11月14日下午，县某人民政府与县某总工会2025年度联席会议在一楼会议室召开。"
        "县长韩正主持会议。现纪要如下：</p>"
    )
    assert minutes.body.startswith(opening)


@pytest.mark.parametrize(("hour", "half"), [(9, "上午"), (14, "下午"), (19, "晚上")])
def test_the_half_of_the_day_is_told(hour: int, half: str) -> None:
    minutes = drafted_minutes(yuanqu(), time=at(DAY, hour), title="第三次会议")
    assert f"2025年11月14日{half}，县某人民政府与县某总工会联席会议" in minutes.body
    assert minutes.title == "县某人民政府与县某总工会联席会议纪要（第三次会议）"


def test_attendance_leave_and_guests_have_their_paragraphs() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    add_guest(meeting, by=world.gov_clerk, name="靳飞驰", title="职工代表")
    notified(world, meeting)
    head, vice, *others = meeting.attendance.exclude(status=AttendanceStatus.GUEST).order_by("order")
    set_attendance(head, by=world.gov_clerk, status=AttendanceStatus.LEAVE)
    sends = AttendanceStatus.DELEGATE
    set_attendance(vice, by=world.gov_clerk, status=sends, delegate_name="车远", delegate_title="调研员")
    for row in others:
        set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.ATTENDS)
    meeting.refresh_from_db()
    with clock.at(DAY):
        hold_meeting(meeting, by=world.gov_clerk)
        body = draft_minutes(meeting, by=world.gov_clerk).body
    present = (
        "<p><b>出席：</b>调研员车远（代副县长温知）；总工会主席景齐；常务副主席卫兰；县财政局局长县财政局局长某。</p>"
    )
    assert present in body
    assert "<p><b>请假：</b>县长韩正。</p>" in body
    assert "<p><b>列席：</b>职工代表靳飞驰。</p>" in body


def test_each_item_has_its_heading_its_phrase_and_what_was_said() -> None:
    body = draft_of(
        yuanqu(),
        briefing="全县城镇新增就业2735人。\n稳岗返还惠及企业214户。",
        deliberation="财政投入要与职工需求相匹配。",
        deployment="会议要求，逐项明确时限。",
    ).body
    assert "<h2>一、通报涉及职工利益的有关政策措施和就业情况</h2>" in body
    assert "<p>会议听取了政府方关于涉及职工利益的有关政策措施和就业情况的通报。</p>" in body
    assert "<p>全县城镇新增就业2735人。</p><p>稳岗返还惠及企业214户。</p>" in body
    assert "<p>会议审议了关于第1件事的议题。</p><p>会议认为，财政投入要与职工需求相匹配。</p>" in body
    assert "<p>会议要求，逐项明确时限。</p>" in body
    assert "会议强调，会议要求" not in body
    assert body.endswith("<p>会议议定以下事项：</p>")


def test_what_people_typed_is_text_not_markup() -> None:
    body = draft_of(yuanqu(), briefing="新增就业<b>2735</b>人<script>alert(1)</script>").body
    assert "<script>" not in body
    assert "&lt;b&gt;2735" in body


def test_without_topics_nothing_is_announced_as_settled() -> None:
    minutes = drafted_minutes(yuanqu(), topics=0)
    assert "会议议定以下事项" not in minutes.body
    assert document(minutes).resolutions == []


def test_unfinished_resolutions_are_told_with_explanation_and_opinion() -> None:
    world = yuanqu()
    resolution = issued_minutes(world, date(2024, 11, 14)).resolutions.get()
    meeting = planned_meeting(world)
    explain(resolution, meeting, by=world.gov_clerk, text="用地未落实。", opinion="明年6月前办结。")
    notified(world, meeting)
    with clock.at(DAY):
        hold_meeting(meeting, by=world.gov_clerk)
        body = draft_minutes(meeting, by=world.gov_clerk).body
    assert "对尚未落实的1项议定事项" in body
    assert "<li>关于第1件事的议题：用地未落实。意见：明年6月前办结。</li>" in body


@pytest.mark.parametrize("build", [yuanqu, chengqiao])
def test_each_topic_becomes_a_resolution_led_by_its_proposer(build: Callable[[], World]) -> None:
    world = build()
    meeting = planned_meeting(world, topics=0)
    open_topic = agreed_topic(world, title="甲", proposal_report="分两年安排。", category=world.category("pay"))
    closed_topic = agreed_topic(world, title="乙", text="维稳协作。", category=world.category("stability"))
    for topic in (open_topic, closed_topic):
        add_topic(meeting, topic, by=world.gov_clerk)
    add_agenda_item(meeting, by=world.gov_clerk, kind=AgendaKind.DELIBERATION, title="临时讨论")
    notified(world, meeting)
    with clock.at(DAY):
        hold_meeting(meeting, by=world.gov_clerk)
        shown = document(draft_minutes(meeting, by=world.gov_clerk)).resolutions
    assert [(row.number, row.resolution.title, row.resolution.text, row.lead) for row in shown] == [
        (1, "甲", "分两年安排。", world.department.name),
        (2, "乙", "维稳协作。", world.department.name),
    ]
    first, second = (row.resolution for row in shown)
    assert (first.facet, first.disclosure, first.disclosure_reason) == ("pay", Disclosure.PUBLIC, "")
    assert (second.facet, second.disclosure) == ("stability", Disclosure.CLOSED)
    assert second.disclosure_reason
    assert first.agenda_item is not None
    assert first.agenda_item.topic == open_topic
