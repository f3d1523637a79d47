"""The page of a meeting through its pages: form, attendance, follow-up, cycle."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from meetings.enums import AttendanceStatus, MeetingState, Role, Side
from meetings.models import Meeting, Resolution
from meetings.operations.meeting import EDITED
from meetings.registry import EVIDENCE
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count, send
from tests.meetings.factories import World, chengqiao, seat, yuanqu
from tests.meetings.follow_up import under_way
from tests.meetings.steps import AFTER, BEFORE, DAY, held_meeting, issued_minutes, notified, planned_meeting, settled

pytestmark = pytest.mark.django_db


# --- the form --------------------------------------------------------------------------------------------------------
def form(world: World, **changed: Any) -> dict[str, Any]:
    """Return the completed form of a meeting."""
    return {
        "conference": world.conference.pk,
        "kind": "regular",
        "title": "2025年度联席会议",
        "time": "2025-11-14 15:00",
        "place": "一楼会议室",
        "chair": world.tenures["head"].pk,
        "consultation": "",
        **changed,
    }


@time_machine.travel(BEFORE)
def test_a_clerk_plans_a_meeting_and_lands_on_its_page() -> None:
    world = yuanqu()
    client = at_desk(world.gov_clerk)
    text = landed(send(client, "meeting:add", **form(world)), client)
    assert "通报上次联席会议议定事项落实情况" not in text, "a first meeting has nothing to follow up"
    assert "审议联席会议议题" in text
    assert "县长" in text
    assert Meeting.objects.get().state == MeetingState.PLANNED


def test_the_form_offers_only_the_own_conference_and_its_people() -> None:
    county, town = yuanqu(), chengqiao()
    text = page(at_desk(county.gov_clerk), "meeting:add")
    assert town.conference.short_name not in text
    assert str(town.tenures["head"].pk) not in [
        line.partition('value="')[2].partition('"')[0] for line in text.splitlines() if "<option" in line
    ]
    answer = send(at_desk(county.gov_clerk), "meeting:add", **form(county, chair=town.tenures["head"].pk))
    assert "没有保存" in page_text(answer)


def test_a_chair_of_another_conference_is_refused_at_its_field() -> None:
    county, town = yuanqu(), chengqiao()
    clerk = county.gov_clerk
    seat("镇政府办经办人员", conference=town.conference, role=Role.CLERK, side=Side.GOVERNMENT, person=clerk)
    answer: Any = send(at_desk(clerk), "meeting:add", **form(county, chair=town.tenures["head"].pk))
    assert list(answer.context["form"].errors) == ["chair"]
    assert "一楼会议室" in page_text(answer)
    assert not Meeting.objects.exists()


def test_an_edit_stores_every_field_of_the_form() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    client = at_desk(world.gov_clerk)
    offered = set(client.get(reverse("meeting:edit", args=[meeting.pk])).context["form"].fields)
    assert offered - {"version", "conference"} == set(EDITED), "a conference is chosen once"


def test_a_special_meeting_asks_for_the_consultation_at_its_field() -> None:
    world = yuanqu()
    text = page_text(send(at_desk(world.gov_clerk), "meeting:add", **form(world, kind="special")))
    assert "临时会议须先商请" in text
    assert "一楼会议室" in text
    assert not Meeting.objects.exists()


def test_a_day_without_a_regulation_is_refused_and_the_text_kept() -> None:
    world = chengqiao()
    text = page_text(send(at_desk(world.gov_clerk), "meeting:add", **form(world, time="2019-03-01 09:00", chair="")))
    assert "没有保存" in text
    assert "一楼会议室" in text


@pytest.mark.parametrize("typed", ["2026年9月5日15时", "2026年9月5日 15:00", "2026-09-05 15:00", "2026/9/5 15:00"])
@time_machine.travel(BEFORE)
def test_a_time_is_read_as_the_office_writes_it(typed: str) -> None:
    world = yuanqu()
    assert send(at_desk(world.gov_clerk), "meeting:add", **form(world, time=typed)).status_code == 302
    assert timezone.localtime(Meeting.objects.get().time).strftime("%Y-%m-%d %H:%M") == "2026-09-05 15:00"


@time_machine.travel(BEFORE)
def test_nobody_counts_as_notified_before_the_notice() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    text = at_desk(world.gov_clerk).get(reverse("meeting:inspect", args=[meeting.pk])).content.decode()
    assert "尚未通知" in text
    assert "已通知，未回执" not in text


# --- attendance ------------------------------------------------------------------------------------------------------
@time_machine.travel(BEFORE)
def test_replies_are_recorded_on_one_page_and_a_delegate_is_named() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    rows = list(meeting.attendance.all())
    client = at_desk(world.gov_clerk)
    data: dict[str, Any] = {f"status_{row.pk}": row.status for row in rows} | {"version": meeting.version}
    first, second = rows[0].pk, rows[1].pk
    data |= {f"status_{first}": AttendanceStatus.LEAVE, f"status_{second}": AttendanceStatus.DELEGATE}
    text = page_text(send(client, "meeting:roll", meeting.pk, **data))
    assert "请填写代会人姓名" in text
    data |= {f"delegate_name_{second}": "高远", f"delegate_title_{second}": "副局长"}
    text = landed(send(client, "meeting:roll", meeting.pk, **data), client)
    assert "高远" in text
    assert meeting.attendance.get(pk=first).status == AttendanceStatus.LEAVE
    assert meeting.attendance.get(pk=second).delegate_title == "副局长"
    meeting.refresh_from_db()
    assert "没有改动" in page_text(send(client, "meeting:roll", meeting.pk, **{**data, "version": meeting.version}))


@time_machine.travel(BEFORE + timedelta(days=5))
def test_a_liaison_answers_for_the_own_department_alone() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    own = meeting.attendance.get(department=world.department)
    other = meeting.attendance.exclude(department=world.department).first()
    assert other is not None
    client = at_desk(world.liaison)
    text = page(client, "meeting:roll", meeting.pk)
    assert f"status_{own.pk}" in text
    assert f"status_{other.pk}" not in text
    data = {
        "version": meeting.version,
        f"status_{own.pk}": AttendanceStatus.ATTENDS,
        f"status_{other.pk}": AttendanceStatus.LEAVE,
    }
    landed(send(client, "meeting:roll", meeting.pk, **data), client)
    own.refresh_from_db()
    other.refresh_from_db()
    assert own.status == AttendanceStatus.ATTENDS
    assert other.status == AttendanceStatus.INVITED


@time_machine.travel(BEFORE)
def test_guests_are_invited_and_taken_off() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    client = at_desk(world.union_clerk)
    data = {"version": meeting.version, "name": "武铁锤", "title": "全国劳动模范", "status": AttendanceStatus.GUEST}
    assert "武铁锤" in landed(send(client, "meeting:guest", meeting.pk, **data), client)
    row = meeting.attendance.get(name="武铁锤")
    meeting.refresh_from_db()
    url = ("meeting:remove_attendance", meeting.pk, row.pk)
    landed(send(client, *url, version=meeting.version), client)
    assert not meeting.attendance.filter(pk=row.pk).exists()


# --- follow-up and the cycle -----------------------------------------------------------------------------------------
NEXT = DAY.replace(year=2026)


def next_meeting(world: World) -> Meeting:
    """Return a second meeting, after a first one with an unfinished resolution."""
    under_way(world)
    return planned_meeting(world, NEXT)


@pytest.mark.parametrize("make", [yuanqu, chengqiao])
@time_machine.travel(NEXT - timedelta(days=15))
def test_an_unfinished_resolution_is_explained_on_its_own_page(make: Any) -> None:
    world = make()
    meeting = next_meeting(world)
    client = at_desk(world.union_clerk)
    text = page(client, "meeting:inspect", meeting.pk)
    row = Resolution.objects.get(minutes__meeting__conference=world.conference)
    assert "说明和意见" in text
    url = ("meeting:explain", meeting.pk, row.pk)
    assert row.title in page(client, *url)
    text = page_text(send(client, *url, version=meeting.version, text="用地手续未办完。", opinion=""))
    assert "用地手续未办完。" in text
    assert "请填写" in text
    data = {"version": meeting.version, "text": "用地手续未办完。", "opinion": "建议专题协调。"}
    text = landed(send(client, *url, **data), client)
    assert "建议专题协调。" in text


@time_machine.travel(NEXT - timedelta(days=15))
def test_a_resolution_that_is_not_unfinished_has_no_explanation() -> None:
    world = yuanqu()
    meeting = next_meeting(world)
    own = meeting.agenda.first()
    assert own is not None
    assert at_desk(world.union_clerk).get(f"/admin/records/meeting/explain/{meeting.pk}/99999/").status_code == 404


@time_machine.travel(AFTER)
def test_the_cycle_follows_the_regulation_of_the_meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EVIDENCE, "publicity", [lambda meeting: ""])
    county, town = yuanqu(), chengqiao()
    text = page(at_desk(county.head), "meeting:inspect", planned_meeting(county).pk)
    assert "依据二（七）" in text
    assert "本制度不要求" not in text
    text = page(at_desk(town.head), "meeting:inspect", planned_meeting(town).pk)
    assert "依据五（二）" in text
    assert "本制度不要求" in text
    monkeypatch.setitem(EVIDENCE, "publicity", [lambda meeting: "11月15日已报道"])
    assert "11月15日已报道" in page(at_desk(county.head), "meeting:inspect", county.conference.meetings.get().pk)


@time_machine.travel(BEFORE)
def test_both_sides_settle_on_the_page_and_what_they_sign_is_shown() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    text = page(at_desk(world.gov_clerk), "meeting:step", meeting.pk, "settle")
    assert "一楼会议室" in text
    assert "关于第1件事的议题" in text
    assert "内容校验码" in text
    for person in (world.gov_clerk, world.union_clerk):
        client = at_desk(person)
        meeting.refresh_from_db()
        text = landed(send(client, "meeting:step", meeting.pk, "settle", version=meeting.version), client)
    assert "已商定" in text
    text = landed(send(client, "meeting:step", meeting.pk, "settle", version=meeting.version), client)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.SETTLED


@time_machine.travel(BEFORE)
def test_a_settled_meeting_is_arranged_by_nobody() -> None:
    world = yuanqu()
    meeting = settled(world, planned_meeting(world))
    before = list(meeting.agenda.order_by("order"))
    client = at_desk(world.gov_clerk)
    assert reverse("meeting:order", args=[meeting.pk]) not in page(client, "meeting:inspect", meeting.pk)
    landed(send(client, "meeting:order", meeting.pk, version=meeting.version, order=before[::-1]), client)
    assert list(meeting.agenda.order_by("order")) == before


@time_machine.travel(AFTER)
def test_the_minutes_are_drafted_by_a_button_of_the_page() -> None:
    world = yuanqu()
    meeting = held_meeting(world)
    client = at_desk(world.gov_clerk)
    assert reverse("meeting:step", args=[meeting.pk, "draft_minutes"]) in page(client, "meeting:inspect", meeting.pk)
    text = landed(send(client, "meeting:step", meeting.pk, "draft_minutes", version=meeting.version), client)
    minutes = meeting.minutes.get()
    assert reverse("minutes:inspect", args=[minutes.pk]) in text
    assert "关于第1件事的议题" in text
    landed(send(client, "meeting:step", meeting.pk, "draft_minutes", version=meeting.version), client)
    assert meeting.minutes.count() == 1


@time_machine.travel(BEFORE)
def test_the_notice_prints_what_was_settled() -> None:
    world = yuanqu()
    meeting = planned_meeting(world)
    text = page(at_desk(world.gov_clerk), "meeting:notice", meeting.pk)
    assert "2025年11月14日（星期五）15:00" in text
    assert "一楼会议室" in text
    assert "草稿，未印发" in text
    notified(world, meeting)
    assert "草稿，未印发" not in page(at_desk(world.gov_clerk), "meeting:notice", meeting.pk)


@pytest.mark.postgresql
@time_machine.travel(NEXT - timedelta(days=15))
def test_the_page_asks_the_same_number_of_questions_at_any_size() -> None:
    planned, held = [], []
    for size, place in ((1, "垣"), (3, "绛")):
        world = yuanqu(place)
        for month in range(size, 0, -1):
            minutes = issued_minutes(world, DAY.replace(month=month + 1), number=f"{place}政办纪〔2025〕{month}号")
        meeting, desk = planned_meeting(world, NEXT, topics=size), at_desk(world.gov_clerk)
        planned.append(query_count(desk, "meeting:inspect", meeting.pk))
        held.append(query_count(desk, "meeting:inspect", minutes.meeting_id))
    assert planned[0] == planned[1] <= 40
    assert held[0] == held[1] <= 40


def test_what_the_office_has_to_see_to_is_not_said_to_liaisons() -> None:
    world = yuanqu()
    meeting = notified(world, planned_meeting(world))
    meeting.agenda.filter(kind="briefing").delete()
    assert "制度还要求" in page(at_desk(world.gov_clerk), "meeting:inspect", meeting.pk)
    assert "制度还要求" not in page(at_desk(world.liaison), "meeting:inspect", meeting.pk)
