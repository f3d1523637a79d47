"""Minutes and their resolutions through the pages: text, revisions, approval."""

import json
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from meetings.admin.core.voiding import CONFIRM
from meetings.enums import Disclosure, MinutesState, PartRole, ResolutionState
from meetings.models import Attachment, Minutes, Resolution
from meetings.operations.attachment import attach
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count, send
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import upload
from tests.meetings.steps import AFTER, drafted_minutes, in_approval, issued_minutes

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::ResourceWarning")]
BODY = (
    '{"blocks": [{"key": "a", "text": "%s", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], '
    '"entityRanges": []}], "entityMap": {}}'
)


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel(AFTER):
        yield


def text_form(minutes: Minutes, text: str, **changed: Any) -> dict[str, Any]:
    """Return the form of the minutes as the rich text editor posts it."""
    return {
        "title": minutes.title,
        "body": BODY % text,
        "disclosure": minutes.disclosure,
        "disclosure_reason": "",
        "version": minutes.version,
        **changed,
    }


def as_json(text: str) -> str:
    """Return text as it is stored in the hidden field of the rich text editor."""
    return json.dumps(text)[1:-1]


# --- text and revisions ----------------------------------------------------------------------------------------------
def test_the_text_is_saved_by_the_operation_and_kept_as_a_revision() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    client = at_desk(world.union_clerk)
    text = landed(send(client, "minutes:edit", minutes.pk, **text_form(minutes, "会议强调，要抓好落实。")), client)
    assert "会议强调，要抓好落实。" in text
    minutes.refresh_from_db()
    assert minutes.revisions.count() == 2
    older, newer = minutes.revisions.order_by("pk").values_list("pk", flat=True)
    compared = page(client, "minutes:compare", minutes.pk, older, newer)
    assert "要抓好落实" in compared
    restored = page(client, "minutes:restore", minutes.pk, older)
    assert as_json("现纪要如下") in restored
    assert reverse("minutes:edit", args=[minutes.pk]) in restored, "it is saved as any other text"


def test_revisions_of_another_document_are_no_revisions_of_this_one() -> None:
    world, town = yuanqu(), chengqiao()
    mine, foreign = drafted_minutes(world), drafted_minutes(town)
    revision = foreign.revisions.get().pk
    client = at_desk(world.union_clerk)
    for name, args in (("compare", (revision, revision)), ("restore", (revision,))):
        assert client.get(reverse(f"minutes:{name}", args=[mine.pk, *args])).status_code == 404


def test_a_stale_text_is_kept_and_the_other_is_named() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    opened = text_form(minutes, "甲写的一段。")
    send(at_desk(world.gov_clerk), "minutes:edit", minutes.pk, **text_form(minutes, "乙先保存的一段。"))
    text = page_text(send(at_desk(world.union_clerk), "minutes:edit", minutes.pk, **opened))
    assert world.gov_clerk.name in text
    assert as_json("甲写的一段。") in text
    assert "乙先保存的一段。" in text
    minutes.refresh_from_db()
    assert "乙先保存的一段。" in minutes.body


def test_closed_minutes_need_a_reason_at_their_field() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    data = text_form(minutes, "正文", disclosure=Disclosure.CLOSED)
    text = page_text(send(at_desk(world.union_clerk), "minutes:edit", minutes.pk, **data))
    assert "不予公开的，请填写理由" in text


def test_issued_minutes_have_no_form() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    client = at_desk(world.union_clerk)
    assert client.get(reverse("minutes:edit", args=[minutes.pk])).status_code == 302
    assert reverse("minutes:edit", args=[minutes.pk]) not in page(client, "minutes:inspect", minutes.pk)
    send(client, "minutes:edit", minutes.pk, **text_form(minutes, "改写"))
    minutes.refresh_from_db()
    assert "改写" not in minutes.body


# --- approval --------------------------------------------------------------------------------------------------------
def test_an_approver_sees_exactly_what_is_signed_with_its_hash() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    text = page(at_desk(world.head), "minutes:step", minutes.pk, "approve")
    assert "现纪要如下" in text
    assert "关于第1件事的议题" in text
    assert reverse("minutes:step", args=[minutes.pk, "return"]) in text, "whoever reads it may return it from here"
    send(at_desk(world.head), "minutes:step", minutes.pk, "approve", version=minutes.version, opinion="同意印发")
    minutes.refresh_from_db()
    assert minutes.hash in text
    assert "同意印发" in page(at_desk(world.union_clerk), "minutes:inspect", minutes.pk)


def test_a_change_voids_the_approval_and_both_stay_visible() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    send(at_desk(world.head), "minutes:step", minutes.pk, "approve", version=minutes.version, opinion="同意印发")
    minutes.refresh_from_db()
    client = at_desk(world.union_clerk)
    asked = page_text(send(client, "minutes:edit", minutes.pk, **text_form(minutes, "改了一句。")))
    assert world.head.name in asked, "it says whose approval becomes void"
    assert json.dumps("改了一句")[1:-1] in asked, "what was typed is not lost"
    minutes.refresh_from_db()
    assert minutes.approvals.filter(voided_at=None).count() == 1
    form = {**text_form(minutes, "改了一句。"), CONFIRM: "on"}
    text = landed(send(client, "minutes:edit", minutes.pk, **form), client)
    assert "<del>" in text
    assert "同意印发" in text
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.DRAFT


def test_the_number_is_asked_for_where_the_registry_gives_it_and_checked() -> None:
    world = yuanqu()
    minutes = in_approval(world)
    for person in (world.head, world.union_head):
        minutes.refresh_from_db()
        send(at_desk(person), "minutes:step", minutes.pk, "approve", version=minutes.version)
    minutes.refresh_from_db()
    client = at_desk(world.gov_clerk)
    url = ("minutes:step", minutes.pk, "issue")
    text = page_text(send(client, *url, version=minutes.version, number="垣政办纪[2025]17号"))
    assert "垣政办纪[2025]17号" in text
    assert 'role="alert"' in text
    text = landed(send(client, *url, version=minutes.version, number="垣政办纪〔2025〕17号"), client)
    assert "垣政办纪〔2025〕17号" in text
    assert "草稿，未印发" not in page(client, "minutes:print", minutes.pk)


def test_a_hash_that_no_longer_fits_is_shown_in_red() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    client = at_desk(world.auditor)
    assert "notice-late" not in page(client, "minutes:inspect", minutes.pk)
    Minutes.objects.filter(pk=minutes.pk).update(body="<p>偷偷改过的正文</p>")
    assert "notice-late" in page(client, "minutes:inspect", minutes.pk)


def test_a_file_whose_bytes_changed_is_shown_in_red() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    attach(minutes, by=world.gov_clerk, files=[upload("会议照片.pdf")])
    for person, step in ((world.gov_clerk, "send"), (world.head, "approve")):
        minutes.refresh_from_db()
        client = at_desk(person)
        landed(send(client, "minutes:step", minutes.pk, step, version=minutes.version), client)
    minutes.refresh_from_db()
    assert minutes.hash
    row = Attachment.objects.get()
    row.file.storage.delete(str(row.file.name))
    assert "notice-late" in page(at_desk(world.auditor), "minutes:inspect", minutes.pk)


# --- resolutions in the minutes --------------------------------------------------------------------------------------
def resolution_form(world: World, **changed: Any) -> dict[str, Any]:
    """Return the completed form of a resolution."""
    return {
        "title": "职工医疗互助专项资金列入预算",
        "text": "由县财政局牵头，每年安排50万元。",
        "lead": world.department.pk,
        "co": [world.other_department.pk],
        "deadline_text": "2026年底前",
        "deadline_kind": "date",
        "deadline": "2026-12-31",
        "amount": "500000",
        "facet": "welfare",
        "tags": "医疗互助、预算",
        "disclosure": "public",
        "disclosure_reason": "",
        **changed,
    }


def test_a_resolution_is_added_with_its_departments_and_tags() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world, topics=0)
    client = at_desk(world.union_clerk)
    text = landed(send(client, "minutes:add_resolution", minutes.pk, **resolution_form(world)), client)
    assert "职工医疗互助专项资金列入预算" in text
    row = Resolution.objects.get()
    assert set(row.parts.values_list("department", "role")) == {
        (world.department.pk, PartRole.LEAD),
        (world.other_department.pk, PartRole.CO),
    }
    assert set(row.tags.names()) == {"医疗互助", "预算"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"title": ""}, "请填写"),
        ({"lead": ""}, "请选择"),
        ({"deadline": "", "deadline_text": "春节前"}, "请填写截止日期"),
        ({"deadline_kind": "standing"}, "只有“按日期”的时限才填日期"),
        ({"disclosure": "closed"}, "不予公开的，请填写理由"),
        ({"amount": "很多"}, "输入一个数字"),
    ],
)
def test_each_mistake_is_told_at_its_field_and_nothing_is_written(changed: dict[str, Any], message: str) -> None:
    world = yuanqu()
    minutes = drafted_minutes(world, topics=0)
    data = resolution_form(world, **changed)
    text = page_text(send(at_desk(world.union_clerk), "minutes:add_resolution", minutes.pk, **data))
    assert message in text
    assert "由县财政局牵头，每年安排50万元。" in text
    assert not Resolution.objects.exists()


def test_the_lead_does_not_co_operate_with_itself() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world, topics=0)
    data = resolution_form(world, co=[world.department.pk])
    text = page_text(send(at_desk(world.union_clerk), "minutes:add_resolution", minutes.pk, **data))
    assert "牵头部门不能同时" in text


def test_a_foreign_department_is_no_choice() -> None:
    world, town = yuanqu(), chengqiao()
    minutes = drafted_minutes(world, topics=0)
    client = at_desk(world.union_clerk)
    assert town.department.name not in page(client, "minutes:add_resolution", minutes.pk)
    page_text(send(client, "minutes:add_resolution", minutes.pk, **resolution_form(world, lead=town.department.pk)))
    assert not Resolution.objects.exists()


def test_a_drafted_resolution_is_changed_and_a_stale_change_is_told() -> None:
    world = yuanqu()
    row = drafted_minutes(world).resolutions.get()
    client = at_desk(world.union_clerk)
    data = resolution_form(world, version=row.version)
    landed(send(client, "resolution:edit", row.pk, **data), client)
    text = page_text(send(client, "resolution:edit", row.pk, **{**data, "title": "迟来的标题"}))
    assert "迟来的标题" in text
    assert "现在的内容是" in text
    row.refresh_from_db()
    assert row.title == "职工医疗互助专项资金列入预算"


def test_a_settled_resolution_keeps_its_wording_and_takes_tags() -> None:
    world = yuanqu()
    row = issued_minutes(world).resolutions.get()
    client = at_desk(world.union_clerk)
    text = page(client, "resolution:edit", row.pk)
    assert 'name="tags"' in text
    assert 'name="text"' not in text
    data = {"version": row.version, "facet": "pay", "tags": "欠薪，工资", "title": "改写"}
    landed(send(client, "resolution:edit", row.pk, **data), client)
    row.refresh_from_db()
    assert (row.facet, row.title == "改写", set(row.tags.names())) == ("pay", False, {"欠薪", "工资"})


def test_a_drafted_resolution_is_removed() -> None:
    world = yuanqu()
    row = drafted_minutes(world).resolutions.get()
    client = at_desk(world.union_clerk)
    landed(send(client, "resolution:remove", row.pk, version=row.version), client)
    assert not Resolution.objects.exists()


def test_nobody_but_a_clerk_is_offered_the_form() -> None:
    world = yuanqu()
    row = drafted_minutes(world).resolutions.get()
    for person in (world.head, world.auditor):
        assert at_desk(person).get(reverse("resolution:edit", args=[row.pk])).status_code == 302
        send(at_desk(person), "resolution:edit", row.pk, **resolution_form(world, version=row.version))
    row.refresh_from_db()
    assert row.state == ResolutionState.DRAFTED
    assert row.title == "关于第1件事的议题"


@pytest.mark.postgresql
def test_the_page_asks_the_same_number_of_questions_at_any_size() -> None:
    counts = []
    for size, place in ((1, "垣"), (3, "绛")):
        world = yuanqu(place)
        minutes = drafted_minutes(world, topics=size)
        counts.append(query_count(at_desk(world.union_clerk), "minutes:inspect", minutes.pk))
    assert counts[0] == counts[1] < 55
