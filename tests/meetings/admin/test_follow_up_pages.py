"""Deadlines, departments' parts, suspension and carry-over of resolutions through the pages."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from meetings import clock
from meetings.enums import DeadlineKind, PartRole, ResolutionState
from meetings.models import Department, Meeting, Minutes, Resolution
from meetings.models.catalogue import CATALOGUE
from meetings.operations import progress
from meetings.operations.base import announce
from meetings.operations.department import merge_department, save_department
from meetings.queries.home import changes_since
from search.index_updates import update_index
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count, send
from tests.meetings.factories import World, chengqiao, seat, yuanqu
from tests.meetings.follow_up import LATER, adopted, assigned, carried, next_minutes, under_way
from tests.meetings.steps import DAY, drafted_minutes, planned_meeting

pytestmark = pytest.mark.django_db
NEXT = DAY.replace(year=2026)


def form(world: World, **changed: Any) -> dict[str, Any]:
    """Return the completed form of a resolution without a deadline."""
    words = {"title": "职工医疗互助", "text": "每年安排50万元。", "lead": world.department.pk, "facet": "welfare"}
    return {**words, "deadline_text": "", "deadline_kind": "", "deadline": "", "disclosure": "public", **changed}


@pytest.fixture
def _at_the_draft() -> Any:
    with time_machine.travel(DAY + timedelta(days=1)):
        yield


# --- deadlines -------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("_at_the_draft")
@pytest.mark.parametrize(
    ("typed", "stored", "message"),
    [
        ({"deadline_text": "年底前"}, ("date", "2025-12-31"), "2025年12月31日"),
        ({"deadline_text": "下次联席会议前"}, ("next_meeting", "None"), "下次会议召开时到期"),
        ({"deadline_text": "长期坚持"}, ("standing", "None"), "不计逾期"),
        ({"deadline_text": "春节前", "deadline": "2026-02-16"}, ("date", "2026-02-16"), "2026年2月16日"),
        ({"deadline_text": "年底前", "deadline_kind": "none"}, ("none", "None"), "不计逾期"),
        ({"deadline_text": "年底前", "deadline_kind": "date"}, ("date", "2025-12-31"), "2025年12月31日"),
    ],
)
def test_the_words_of_a_deadline_are_understood_and_it_is_told_how(
    typed: dict[str, str], stored: tuple[str, str], message: str
) -> None:
    world = yuanqu()
    minutes = drafted_minutes(world, topics=0)
    client = at_desk(world.union_clerk)
    text = landed(send(client, "minutes:add_resolution", minutes.pk, **form(world, **typed)), client)
    row = Resolution.objects.get()
    assert (row.deadline_kind, str(row.deadline)) == stored
    assert message in text
    text = page(client, "resolution:edit", row.pk)
    explicit = typed.get("deadline_kind") == "none" or "deadline" in typed
    assert ('name="deadline_kind" value="" ' in text.replace("\n", "")) is True
    assert (f'value="{row.deadline_kind}" id="id_deadline_kind_1" checked' in text) is (
        explicit and row.deadline_kind == "date"
    )


@pytest.mark.usefixtures("_at_the_draft")
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"deadline_text": "尽快"}, "看不出明确的时限"),
        ({"deadline_text": "年底前", "deadline": "2026-03-31"}, "以哪个为准"),
        ({"deadline_text": "长期坚持", "deadline_kind": "standing", "deadline": "2026-03-31"}, "只有“按日期”"),
        ({"deadline_text": "年底前", "deadline_kind": "whenever"}, "选择一个有效的选项"),
    ],
)
def test_unclear_words_and_contradictions_are_asked_about_and_nothing_typed_is_lost(
    typed: dict[str, str], message: str
) -> None:
    world = yuanqu()
    minutes = drafted_minutes(world, topics=0)
    data = form(world, co=[world.other_department.pk], **typed)
    data[f"co-task-{world.other_department.pk}"] = "核查名单"
    text = page_text(send(at_desk(world.union_clerk), "minutes:add_resolution", minutes.pk, **data))
    assert message in text
    assert 'value="核查名单"' in text
    assert typed["deadline_text"] in text
    assert not Resolution.objects.exists()


@pytest.mark.usefixtures("_at_the_draft")
def test_new_words_mean_something_new_unless_the_clerk_had_chosen() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world, topics=0)
    client = at_desk(world.union_clerk)
    landed(send(client, "minutes:add_resolution", minutes.pk, **form(world, deadline_text="年底前")), client)
    row = Resolution.objects.get()
    data = form(world, deadline_text="会后1个月内", version=row.version)
    landed(send(client, "resolution:edit", row.pk, **data), client)
    row.refresh_from_db()
    assert row.deadline == DAY + timedelta(days=30)


def test_before_the_next_meeting_shows_that_meeting_to_whoever_may_know_of_it() -> None:
    world = yuanqu()
    row = assigned(world)
    Resolution.objects.filter(pk=row.pk).update(deadline_kind=DeadlineKind.NEXT_MEETING, deadline_text="下次会议前")
    planned_meeting(world, NEXT, topics=0)
    with time_machine.travel(NEXT - timedelta(days=15)):
        assert "时间为2026年11月14日" in page(at_desk(world.union_clerk), "resolution:inspect", row.pk)
        text = page(at_desk(world.liaison), "resolution:inspect", row.pk)
        assert "下次会议前" in text
        assert "2026年11月14日" not in text


# --- parts -----------------------------------------------------------------------------------------------------------
def test_each_department_stands_with_its_task_and_its_own_reports() -> None:
    world = yuanqu()
    row, _report = under_way(world)
    row.parts.filter(role=PartRole.CO).update(task="核查名单")
    with time_machine.travel(LATER + timedelta(days=1)):
        client = at_desk(world.other_liaison)
        text = page(client, "resolution:inspect", row.pk)
        assert "核查名单" in text
        assert "本单位任务未完成" in text
        row.refresh_from_db()
        data = {"version": row.version, "text": "名单已提出。"}
        text = landed(send(client, "resolution:step", row.pk, "report_part_done", **data), client)
        lead, own = text.index(f'aria-label="{world.department}"'), text.index(f'aria-label="{world.other_department}"')
        assert lead < text.index("已拟定方案") < own < text.index("名单已提出。")
        assert "本单位任务已完成" in text


def test_who_reports_the_whole_done_is_told_of_open_parts_and_so_is_who_verifies() -> None:
    world = yuanqu()
    row, _report = under_way(world)
    message = f"配合单位尚未报告本单位任务完成：{world.other_department}"
    with time_machine.travel(LATER + timedelta(days=1)):
        client = at_desk(world.liaison)
        assert message in page(client, "resolution:step", row.pk, "report_done")
        row.refresh_from_db()
        landed(send(client, "resolution:step", row.pk, "report_done", version=row.version, text="整项完成。"), client)
        assert message in page(at_desk(world.union_clerk), "resolution:step", row.pk, "verify")


def test_a_part_of_somebody_else_is_not_reported_by_any_address() -> None:
    world, other = yuanqu(), yuanqu("邻县")
    row, _report = under_way(world)
    foreign, _theirs = under_way(other, number="邻政办纪〔2025〕3号")
    with time_machine.travel(LATER + timedelta(days=1)):
        for person, pk, expected in (
            (world.liaison, row.pk, 302),
            (world.union_clerk, row.pk, 302),
            (world.head, row.pk, 302),
            (world.auditor, row.pk, 302),
            (world.other_liaison, foreign.pk, 404),
            (world.stranger, row.pk, 302),
        ):
            address = reverse("resolution:step", args=[pk, "report_part_done"])
            answer = at_desk(person).get(address)
            assert answer.status_code == expected, person
            assert send(at_desk(person), "resolution:step", pk, "report_part_done", text="完成。").status_code != 500
    assert not row.parts.exclude(done_on=None).exists()
    assert not foreign.parts.exclude(done_on=None).exists()


@pytest.mark.usefixtures("_at_the_draft")
def test_the_form_takes_no_department_from_elsewhere_and_none_that_was_merged() -> None:
    world, other = yuanqu(), yuanqu("邻县")
    minutes = drafted_minutes(world, topics=0)
    merge_department(world.other_department, into=world.government_office, by=world.administrator)
    client = at_desk(world.union_clerk)
    assert f'name="co" value="{world.other_department.pk}"' not in page(client, "minutes:add_resolution", minutes.pk)
    for co in ([other.department.pk], [world.other_department.pk], ["x"]):
        page_text(send(client, "minutes:add_resolution", minutes.pk, **form(world, co=co)))
    page_text(send(client, "minutes:add_resolution", minutes.pk, **form(world, lead=other.department.pk)))
    assert not Resolution.objects.exists()


def test_a_renamed_and_a_merged_department_stand_under_their_old_names_with_the_present_ones() -> None:
    world = yuanqu()
    row, _report = under_way(world)
    department = Department.objects.get(pk=world.department.pk)
    department.name = "县发展财政局"
    save_department(department, by=world.administrator)
    merge_department(world.other_department, into=world.government_office, by=world.administrator)
    heir = seat("政府办联络员", role="liaison", department=world.government_office).person
    with time_machine.travel(LATER + timedelta(days=1)):
        for person in (world.union_clerk, heir):
            text = page(at_desk(person), "resolution:inspect", row.pk)
            assert "县财政局（现县发展财政局）" in text
            assert "县人社局（现县政府办）" in text
        assert row.title in page(at_desk(heir), "wagtailadmin_home")


# --- 暂缓 ------------------------------------------------------------------------------------------------------------
def test_both_sides_suspend_by_their_pages_and_the_reason_stands_there() -> None:
    world = yuanqu()
    row, _report = under_way(world)
    with time_machine.travel(LATER + timedelta(days=1)):
        first, second = at_desk(world.union_clerk), at_desk(world.gov_clerk)
        row.refresh_from_db()
        data = {"version": row.version, "reason": "接口标准尚未公布"}
        text = landed(send(first, "resolution:step", row.pk, "suspend", **data), first)
        assert "接口标准尚未公布" in text
        text = page(second, "resolution:step", row.pk, "agree_suspension")
        assert "接口标准尚未公布" in text
        assert "已拟定方案，正在测算资金。" in text
        row.refresh_from_db()
        text = landed(send(second, "resolution:step", row.pk, "agree_suspension", version=row.version), second)
        assert "stage-suspended" in text
        assert "暂缓理由" in text
        row.refresh_from_db()
        assert row.state == ResolutionState.SUSPENDED
        text = landed(send(first, "resolution:step", row.pk, "resume", version=row.version, reason="标准已公布"), first)
        assert "stage-under_way" in text


def test_nobody_else_finds_a_way_to_suspend() -> None:
    world, other = chengqiao(), chengqiao("邻镇")
    row, _report = under_way(world)
    with time_machine.travel(LATER + timedelta(days=1)):
        for person in (world.liaison, world.union_head, world.auditor, world.administrator, other.union_clerk):
            client = at_desk(person)
            answer = send(client, "resolution:step", row.pk, "suspend", version=row.version, reason="算了")
            assert answer.status_code in {200, 302, 403, 404}
        row.refresh_from_db()
        assert (row.state, row.suspended_reason) == (ResolutionState.UNDER_WAY, "")


# --- 结转 ------------------------------------------------------------------------------------------------------------
def draft_after(world: World) -> tuple[Resolution, Minutes, Client]:
    """Return an unfinished resolution, the draft of the next minutes, and a client of the clerk who writes them."""
    old, _report = under_way(world)
    old.parts.filter(role=PartRole.CO).update(task="核查名单")
    return old, next_minutes(world, old), at_desk(world.union_clerk)


def test_an_unfinished_one_is_carried_over_from_a_filled_in_form() -> None:
    world = yuanqu()
    old, minutes, client = draft_after(world)
    with time_machine.travel(NEXT + timedelta(days=2)):
        way = f"{reverse('minutes:add_resolution', args=[minutes.pk])}?continues={old.pk}"
        assert way in page(client, "minutes:inspect", minutes.pk)
        assert way in page(client, "meeting:inspect", minutes.meeting_id)
        text = page(client, "minutes:add_resolution", minutes.pk, query=f"?continues={old.pk}")
        assert f'<option value="{old.pk}" selected>' in text
        assert old.text in text
        assert 'value="核查名单"' in text
        data = form(world, continues=old.pk, co=[world.other_department.pk], title="接续办理", deadline_text="年底前")
        landed(send(client, "minutes:add_resolution", minutes.pk, **data), client)
        new = Resolution.objects.get(continues=old)
        assert way not in page(client, "minutes:inspect", minutes.pk)
        assert "接续办理" in page(client, "meeting:inspect", minutes.meeting_id)
        assert "结转自" in page(client, "resolution:edit", new.pk)
        assert "予以结转，接续事项为“接续办理”" in page(client, "minutes:redraft", minutes.pk)


def test_foreign_finished_and_made_up_ones_are_no_choice() -> None:
    world, other = yuanqu(), yuanqu("邻县")
    foreign = adopted(other, number="邻政办纪〔2025〕3号")
    old, minutes, client = draft_after(world)
    with time_machine.travel(NEXT + timedelta(days=2)):
        for asked in (foreign.pk, 10**9, "x", ""):
            text = page(client, "minutes:add_resolution", minutes.pk, query=f"?continues={asked}")
            assert foreign.text not in text
            if asked:
                page_text(send(client, "minutes:add_resolution", minutes.pk, **form(world, continues=asked)))
        Resolution.objects.filter(pk=old.pk).update(state=ResolutionState.VERIFIED)
        landed(send(client, "minutes:add_resolution", minutes.pk, **form(world, continues=old.pk)), client)
    assert not Resolution.objects.filter(continues__isnull=False).exists()


def test_the_line_stands_on_both_pages_for_whoever_may_know_of_both() -> None:
    world = yuanqu()
    old = adopted(world)
    new = carried(world, old)
    new.parts.filter(department=world.other_department).delete()
    update_index(new)
    with time_machine.travel(NEXT + timedelta(days=10)):
        for person, both in ((world.union_clerk, True), (world.liaison, True), (world.other_liaison, False)):
            client = at_desk(person)
            text = page(client, "resolution:inspect", old.pk)
            assert (reverse("resolution:inspect", args=[new.pk]) in text) is both
            assert (new.title in text) is both
            if both:
                assert reverse("resolution:inspect", args=[old.pk]) in page(client, "resolution:inspect", new.pk)
        assert "stage-carried" in page(at_desk(world.union_clerk), "resolution:inspect", old.pk)


def test_a_liaison_at_the_meeting_reads_no_follow_up_of_others() -> None:
    world = yuanqu()
    row = adopted(world)
    row.parts.filter(department=world.other_department).delete()
    meeting = next_minutes(world, row).meeting
    for department in (world.department, world.other_department):
        meeting.attendance.create(department=department, name="到会人", status="attends")
    assert row.title in page(at_desk(world.liaison), "meeting:inspect", meeting.pk)
    for view in ("meeting:inspect", "meeting:history", "meeting:history_results"):
        text = page(at_desk(world.other_liaison), view, meeting.pk)
        assert row.title not in text
        assert "对未落实" not in text
        assert "资金尚未下达" not in text
    assert "资金尚未下达" in page(at_desk(world.union_clerk), "meeting:history", meeting.pk)


@pytest.mark.parametrize("verb", sorted(CATALOGUE[Meeting].staff_verbs))
def test_a_liaison_reads_no_entry_that_may_name_other_things(verb: str) -> None:
    world = yuanqu()
    meeting = next_minutes(world, adopted(world)).meeting
    meeting.attendance.create(department=world.other_department, name="到会人", status="attends")
    announce(meeting, verb, by=world.union_clerk, data={"title": "另一件未公开的事", "topic": "另一件未公开的事"})
    for view in ("meeting:inspect", "meeting:history", "meeting:history_results"):
        assert "另一件未公开的事" not in page(at_desk(world.other_liaison), view, meeting.pk)
        assert "另一件未公开的事" in page(at_desk(world.gov_clerk), view, meeting.pk)
    before = clock.now() - timedelta(days=9999)
    assert not changes_since(world.other_liaison, before).filter(action=f"meetings.meeting.{verb}").exists()
    assert changes_since(world.gov_clerk, before).filter(action=f"meetings.meeting.{verb}").exists()


# --- figures ---------------------------------------------------------------------------------------------------------
def unfinished(world: World, size: int) -> Minutes:
    """Return the draft of the next minutes after `size` unfinished resolutions, all due at the next meeting."""
    first = assigned(world, number=f"{world.conference.short_name[:1]}政办纪〔2025〕1号")
    more = [
        Resolution.objects.create(minutes=first.minutes, title=f"事项{n}", text="……", state=first.state, order=10 + n)
        for n in range(size - 1)
    ]
    for row in more:
        for part in first.parts.all():
            row.parts.create(department=part.department, role=part.role, name=part.name, task="配合")
    Resolution.objects.update(deadline_kind=DeadlineKind.NEXT_MEETING, deadline_text="下次会议前")
    return next_minutes(world, first, *more)


@pytest.mark.postgresql
@pytest.mark.parametrize("view", ["minutes:inspect", "meeting:inspect", "resolution:index", "resolution:inspect"])
def test_pages_ask_the_same_number_of_questions_at_any_size(view: str) -> None:
    counts = []
    for size, place in ((1, "垣"), (3, "绛")):
        world = yuanqu(place)
        minutes = unfinished(world, size)
        with time_machine.travel(NEXT + timedelta(days=2)):
            row = Resolution.objects.filter(minutes__meeting__conference=world.conference)[0]
            for n in range(size):
                progress.report_progress(row, by=world.liaison, text=f"第{n}次")
            pk = {"minutes": minutes.pk, "meeting": minutes.meeting_id, "resolution": row.pk}[view.partition(":")[0]]
            args = [] if view.endswith("index") else [pk]
            counts.append(query_count(at_desk(world.union_clerk), view, *args))
    assert counts[0] == counts[1]
