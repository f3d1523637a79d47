"""Resolutions through their pages: reports, verification, delivery, disclosure."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from meetings.enums import DeadlineKind, Disclosure, ReportVerdict, ResolutionState
from meetings.models import Attachment, ProgressReport, Resolution
from meetings.operations.meeting import explain
from meetings.operations.progress import accept_report, report_progress
from meetings.registry import EXTRA_BUTTONS, PANELS, Button
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count, send
from tests.meetings.factories import chengqiao, yuanqu
from tests.meetings.follow_up import LATER, adopted, assigned, reported, under_way, upload
from tests.meetings.steps import DAY, planned_meeting

pytestmark = pytest.mark.django_db
TODAY = LATER + timedelta(days=3)


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel(TODAY):
        yield


def test_a_liaison_reports_with_a_file_and_a_clerk_finds_it() -> None:
    world = yuanqu()
    row = assigned(world)
    client = at_desk(world.liaison)
    assert reverse("resolution:step", args=[row.pk, "report"]) in page(client, "resolution:inspect", row.pk)
    data = {"version": row.version, "text": "已拨付30万元。", "files": [upload("拨款凭证.pdf"), upload("名单.pdf")]}
    text = landed(send(client, "resolution:step", row.pk, "report", **data), client)
    assert "已拨付30万元。" in text
    assert "拨款凭证.pdf" in text
    text = page(at_desk(world.union_clerk), "resolution:inspect", row.pk)
    file = Attachment.objects.get(name="名单.pdf")
    assert reverse("records_download", args=[file.pk]) in text


def test_a_refused_file_keeps_the_report_and_writes_nothing() -> None:
    world = yuanqu()
    row = assigned(world)
    data = {"version": row.version, "text": "已拨付30万元。", "files": [upload("程序.exe", b"MZ")]}
    text = page_text(send(at_desk(world.liaison), "resolution:step", row.pk, "report", **data))
    assert "已拨付30万元。" in text
    assert "程序.exe" in text
    assert not ProgressReport.objects.exists()


def test_an_ordinary_report_is_verified_by_its_own_button() -> None:
    world = yuanqu()
    row, report = under_way(world)
    client = at_desk(world.gov_clerk)
    way = reverse("resolution:step", args=[row.pk, "accept_report"])
    assert f"{way}?report={report.pk}" in page(client, "resolution:inspect", row.pk)
    assert f'value="{report.pk}" selected' in page(
        client, "resolution:step", row.pk, "accept_report", query=f"?report={report.pk}"
    )
    landed(send(client, "resolution:step", row.pk, "accept_report", version=row.version, report=report.pk), client)
    report.refresh_from_db()
    assert report.verdict == ReportVerdict.VERIFIED


def test_a_report_of_another_resolution_is_no_choice() -> None:
    world, town = yuanqu(), chengqiao()
    row, _report = under_way(world)
    _other, foreign = under_way(town)
    data = {"version": row.version, "report": foreign.pk}
    page_text(send(at_desk(world.gov_clerk), "resolution:step", row.pk, "accept_report", **data))
    foreign.refresh_from_db()
    assert foreign.verdict == ReportVerdict.PENDING


def test_both_sides_verify_and_each_sees_what_is_verified() -> None:
    world = yuanqu()
    row = reported(world)
    text = page(at_desk(world.gov_clerk), "resolution:step", row.pk, "verify")
    assert "资金已全部拨付到位。" in text
    assert "内容校验码" in text
    for person in (world.gov_clerk, world.union_clerk):
        row.refresh_from_db()
        client = at_desk(person)
        text = landed(send(client, "resolution:step", row.pk, "verify", version=row.version), client)
    assert "已办结" in text
    row.refresh_from_db()
    assert row.state == ResolutionState.VERIFIED


def test_a_delivery_offers_the_leaders_of_the_regulation_and_is_shown() -> None:
    world = yuanqu()
    row, report = under_way(world)
    accept_report(row, by=world.gov_clerk, report=report)
    client = at_desk(world.union_clerk)
    text = page(client, "resolution:step", row.pk, "deliver", query=f"?report={report.pk}")
    assert "景齐" in text
    assert world.liaison.name not in text
    data = {
        "version": row.version,
        "report": report.pk,
        "tenures": [world.tenures["union_head"].pk, world.tenures["liaison_leader"].pk],
        "on": TODAY.isoformat(),
    }
    text = landed(send(client, "resolution:step", row.pk, "deliver", **data), client)
    assert "景齐" in text
    assert "温知" in text


def test_a_day_that_is_no_day_is_told_in_chinese() -> None:
    world = yuanqu()
    row, report = under_way(world)
    accept_report(row, by=world.gov_clerk, report=report)
    data = {"version": row.version, "report": report.pk, "tenures": [world.tenures["union_head"].pk], "on": "昨天"}
    text = page_text(send(at_desk(world.union_clerk), "resolution:step", row.pk, "deliver", **data))
    assert "请按这样的写法填写日期：2026-09-05、2026年9月5日" in text
    assert 'value="昨天"' in text


def test_an_overdue_resolution_says_so_in_words_everywhere() -> None:
    world = yuanqu()
    row = assigned(world)
    Resolution.objects.filter(pk=row.pk).update(
        deadline_kind=DeadlineKind.DATE, deadline=TODAY - timedelta(days=1), deadline_text="12月中旬前"
    )
    client = at_desk(world.union_clerk)
    assert "逾期" in page(client, "resolution:inspect", row.pk)
    text = page(client, "resolution:index", query="?late=yes")
    assert row.title in text
    assert "stage-overdue" in text
    Resolution.objects.filter(pk=row.pk).update(deadline=TODAY)
    assert "stage-overdue" not in page(client, "resolution:index")


def test_a_clerk_discloses_less_and_only_an_approver_more() -> None:
    world = yuanqu()
    row = adopted(world)
    Resolution.objects.filter(pk=row.pk).update(disclosure=Disclosure.PUBLIC)
    row.refresh_from_db()
    client = at_desk(world.union_clerk)
    data = {"version": row.version, "disclosure": Disclosure.CLOSED, "reason": ""}
    assert "请填写" in page_text(send(client, "resolution:tighten", row.pk, **data))
    data["reason"] = "涉及个人隐私"
    assert "涉及个人隐私" in landed(send(client, "resolution:tighten", row.pk, **data), client)
    row.refresh_from_db()
    assert client.get(reverse("resolution:loosen", args=[row.pk])).status_code == 302
    data = {"version": row.version, "disclosure": Disclosure.PUBLIC, "reason": "已征得本人同意"}
    send(client, "resolution:loosen", row.pk, **data)
    row.refresh_from_db()
    assert row.disclosure == Disclosure.CLOSED
    leader = at_desk(world.union_head)
    assert "已征得本人同意" in landed(send(leader, "resolution:loosen", row.pk, **data), leader)
    row.refresh_from_db()
    assert row.disclosure == Disclosure.PUBLIC


def test_the_rooms_above_hang_in_panels_and_buttons(monkeypatch: pytest.MonkeyPatch) -> None:
    world = yuanqu()
    row = adopted(world)
    monkeypatch.setitem(PANELS, Resolution, [lambda record, request: f"<p>上层面板{record.pk}</p>", lambda *_: ""])
    monkeypatch.setitem(
        EXTRA_BUTTONS,
        Resolution,
        [lambda record, person: [Button("上层按钮", "/somewhere/"), Button("直办", "/x/", True)]],
    )
    text = page(at_desk(world.union_clerk), "resolution:inspect", row.pk)
    assert f"<p>上层面板{row.pk}</p>" in text
    assert 'href="/somewhere/"' in text
    assert 'action="/x/"' in text


def test_a_liaison_of_another_department_knows_nothing_of_it() -> None:
    world = yuanqu()
    row = assigned(world)
    row.parts.filter(department=world.other_department).delete()
    assert at_desk(world.other_liaison).get(reverse("resolution:inspect", args=[row.pk])).status_code == 404


def test_a_liaison_does_not_learn_of_the_minutes() -> None:
    world = yuanqu()
    row = assigned(world)
    text = page(at_desk(world.liaison), "resolution:inspect", row.pk)
    assert reverse("minutes:inspect", args=[row.minutes_id]) not in text


def test_what_is_told_to_a_meeting_in_preparation_is_not_for_a_liaison() -> None:
    world = yuanqu()
    row = assigned(world)
    meeting = planned_meeting(world, DAY.replace(year=2026))
    explain(row, meeting, by=world.union_clerk, text="尚在内部研究的说明", opinion="内部意见")
    assert "尚在内部研究的说明" in page(at_desk(world.union_clerk), "resolution:inspect", row.pk)
    assert "尚在内部研究的说明" not in page(at_desk(world.liaison), "resolution:inspect", row.pk)


def test_the_report_list_leads_to_the_report_on_its_resolution() -> None:
    world = yuanqu()
    row, report = under_way(world)
    text = page(at_desk(world.union_clerk), "progressreport:index")
    assert f"{reverse('resolution:inspect', args=[row.pk])}#report-{report.pk}" in text


@pytest.mark.postgresql
def test_the_page_asks_the_same_number_of_questions_at_any_size() -> None:
    counts = []
    for size, place in ((1, "垣"), (3, "绛")):
        world = yuanqu(place)
        row, _report = under_way(world, number=f"{place}政办纪〔2025〕1号")
        for number in range(size - 1):
            report_progress(row, by=world.liaison, text=f"第{number}次进展")
        counts.append(query_count(at_desk(world.union_clerk), "resolution:inspect", row.pk))
    assert counts[0] == counts[1] <= 46  # the search for similar records makes one query per pair of tokens
