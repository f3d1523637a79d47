"""Corrections of minutes, new drafts and uninvited guests through the pages: input stays, strangers get a 404."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from meetings.enums import AttendanceStatus, MinutesState
from meetings.models import Minutes, Resolution
from meetings.operations.attendance import set_attendance
from meetings.operations.correction import correct_minutes
from meetings.operations.minutes import prepare_redraft
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count, send
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.steps import AFTER, DAY, drafted_minutes, issued_minutes

pytestmark = pytest.mark.django_db
REASON = "第一项议定事项金额误印，应为50万元。"


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel(AFTER):
        yield


def started(world: World, minutes: Minutes) -> Minutes:
    """Start a correction of these minutes."""
    return correct_minutes(minutes, by=world.gov_clerk, reason=REASON)


def go(world: World, correction: Minutes, number: str = "垣政办纪〔2025〕21号") -> Minutes:
    """Send, approve and issue the correction, each step by the responsible person."""
    steps = ((world.gov_clerk, "send"), (world.head, "approve"), (world.union_head, "approve"))
    for person, step in (*steps, (world.gov_clerk, "issue")):
        correction.refresh_from_db()
        data = {"version": correction.version, **({"number": number} if step == "issue" else {})}
        client = at_desk(person)
        landed(send(client, "minutes:step", correction.pk, step, **data), client)
    correction.refresh_from_db()
    return correction


# --- the correction --------------------------------------------------------------------------------------------------
def test_a_clerk_corrects_issued_minutes_from_their_page() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    client = at_desk(world.union_clerk)
    url = reverse("minutes:step", args=[old.pk, "correct"])
    assert url in page(client, "minutes:inspect", old.pk)
    text = page_text(send(client, "minutes:step", old.pk, "correct", version=old.version, reason=""))
    assert "请填写" in text
    text = landed(send(client, "minutes:step", old.pk, "correct", version=old.version, reason=REASON), client)
    correction = Minutes.objects.get(corrects=old)
    assert reverse("minutes:inspect", args=[correction.pk]) in text
    assert url not in text, "one at a time"
    draft = correction.resolutions.get()
    text = page(client, "resolution:edit", draft.pk)
    data = {"title": "职工医疗互助资金", "text": "每年安排50万元。", "lead": world.department.pk, "amount": "500000"}
    data |= {"deadline_kind": "none", "facet": "welfare", "tags": "互助", "disclosure": draft.disclosure}
    landed(send(client, "resolution:edit", draft.pk, version=draft.version, **data), client)
    go(world, correction)
    old_page, new_page = page(client, "minutes:inspect", old.pk), page(client, "minutes:inspect", correction.pk)
    assert "已更正，见" in old_page
    assert "垣政办纪〔2025〕21号" in old_page
    assert "关于第1件事的议题" in old_page
    assert "职工医疗互助资金" in new_page
    assert REASON.rstrip("。") in new_page
    assert "notice-late" not in old_page + new_page
    assert "已更正，见垣政办纪〔2025〕21号" in page(client, "minutes:print", old.pk)
    assert f"更正{old.number}" in page(client, "minutes:print", correction.pk)
    shown = page(client, "meeting:inspect", old.meeting_id)
    assert shown.index(old.title) < shown.index(correction.title)
    assert "已更正，见垣政办纪〔2025〕21号" in shown


def test_two_clerks_who_start_one_are_told_and_keep_what_they_typed() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    seen = old.version
    landed(
        send(at_desk(world.gov_clerk), "minutes:step", old.pk, "correct", version=seen, reason=REASON),
        at_desk(world.gov_clerk),
    )
    late = at_desk(world.union_clerk)
    text = page_text(send(late, "minutes:step", old.pk, "correct", version=seen, reason="我也发现了一处错误"))
    assert world.gov_clerk.name in text
    assert "我也发现了一处错误" in text
    old.refresh_from_db()
    text = page_text(send(late, "minutes:step", old.pk, "correct", version=old.version, reason="我也发现了一处错误"))
    assert "正在更正" in text
    assert "我也发现了一处错误" in text
    assert Minutes.objects.filter(corrects=old).count() == 1


@pytest.mark.parametrize("who", ["head", "liaison", "auditor", "writer", "administrator", "stranger", "foreign"])
def test_nobody_but_the_conference_s_clerks_starts_writes_or_discards_one(who: str) -> None:
    world = yuanqu()
    person = chengqiao().gov_clerk if who == "foreign" else getattr(world, who)
    old = issued_minutes(world)
    client = at_desk(person)
    refused = client.post(reverse("minutes:step", args=[old.pk, "correct"]), {"version": old.version, "reason": REASON})
    assert Minutes.objects.count() == 1
    assert refused.status_code in {200, 302, 404}
    correction = started(world, old)
    draft = correction.resolutions.get()
    doors = [("minutes:redraft", correction.pk), ("minutes:discard", correction.pk), ("resolution:edit", draft.pk)]
    for name, pk in doors:
        data = {"version": 1, "reason": "误操作", "title": "改写", "text": "改写", "disclosure": "public"}
        assert send(client, name, pk, **data).status_code in {302, 404}
    reads = client.get(reverse("minutes:inspect", args=[correction.pk])).status_code
    assert reads == (200 if who in {"head", "auditor"} else 302 if who == "stranger" else 404)
    assert client.get(reverse("resolution:inspect", args=[draft.pk])).status_code == reads
    draft.refresh_from_db()
    assert (draft.title, draft.state) == ("关于第1件事的议题", "drafted")
    assert Minutes.objects.filter(pk=correction.pk).exists()


def test_what_a_row_amends_cannot_be_said_by_a_form() -> None:
    world = yuanqu()
    one, two = issued_minutes(world), issued_minutes(world, DAY - timedelta(days=300), number="垣政办纪〔2025〕3号")
    correction = started(world, one)
    draft, other = correction.resolutions.get(), two.resolutions.get()
    client = at_desk(world.gov_clerk)
    form = {"text": "办。", "lead": world.department.pk, "deadline_kind": "none", "facet": "welfare"}
    form |= {"disclosure": draft.disclosure, "amends": other.pk, "amends_id": other.pk, "minutes": two.pk}
    landed(send(client, "resolution:edit", draft.pk, version=draft.version, title="改", **form), client)
    landed(send(client, "minutes:add_resolution", correction.pk, title="新", **form), client)
    rows = {row.title: (row.amends_id, row.minutes_id) for row in Resolution.objects.filter(minutes=correction)}
    assert rows == {"改": (one.resolutions.get().pk, correction.pk), "新": (None, correction.pk)}
    go(world, correction)
    other.refresh_from_db()
    assert (other.title, other.minutes) == ("关于第1件事的议题", two)


def test_revisions_of_the_old_minutes_are_none_of_the_correction() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    correction = started(world, old)
    client = at_desk(world.gov_clerk)
    mine, foreign = correction.revisions.get().pk, old.revisions.latest("pk").pk
    assert client.get(reverse("minutes:restore", args=[correction.pk, foreign])).status_code == 404
    assert client.get(reverse("minutes:compare", args=[correction.pk, foreign, mine])).status_code == 404


def test_a_settled_row_is_not_removed_and_a_start_is_taken_back() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    correction = started(world, old)
    draft = correction.resolutions.get()
    client = at_desk(world.gov_clerk)
    assert reverse("resolution:remove", args=[draft.pk]) not in page(client, "resolution:inspect", draft.pk)
    assert "不能去掉" in landed(send(client, "resolution:remove", draft.pk, version=draft.version), client)
    text = page_text(send(client, "minutes:discard", correction.pk, version=correction.version, reason=""))
    assert "请填写" in text
    answer = send(client, "minutes:discard", correction.pk, version=correction.version, reason="误操作")
    assert old.title in landed(answer, client)
    assert not Minutes.objects.filter(corrects=old).exists()


def test_drafted_rows_stand_in_no_list() -> None:
    world = yuanqu()
    old = issued_minutes(world)
    draft = started(world, old).resolutions.get()
    live, here = old.resolutions.get(), reverse("resolution:inspect", args=[draft.pk])
    client = at_desk(world.gov_clerk)
    listed = page(client, "resolution:index")
    assert reverse("resolution:inspect", args=[live.pk]) in listed
    assert here not in listed
    sheet: Any = client.get(f"{reverse('resolution:index')}?export=csv")
    assert b"".join(sheet.streaming_content).decode().count(live.title) == 1
    assert here not in page(client, "wagtailadmin_home")
    assert here not in page(client, "meeting:inspect", old.meeting_id)


@pytest.mark.postgresql
def test_lists_and_pages_ask_as_much_whatever_the_size() -> None:
    counts = []
    for size, place in ((1, "垣"), (3, "绛")):
        world = yuanqu(place)
        old = issued_minutes(world, topics=size, number=f"{place}政办纪〔2025〕1号")
        correction = started(world, old)
        client = at_desk(world.union_clerk)
        drafting = [query_count(client, "minutes:inspect", row.pk) for row in (old, correction)]
        go(world, correction, f"{place}政办纪〔2025〕2号")
        asked = [query_count(client, "minutes:inspect", row.pk) for row in (old, correction)]
        listing = [query_count(client, "minutes:index"), query_count(client, "meeting:inspect", old.meeting_id)]
        counts.append([*drafting, *asked, *listing])
    assert counts[0] == counts[1]


# --- new drafts ------------------------------------------------------------------------------------------------------
def changed_attendance(world: World) -> Minutes:
    """Return draft minutes of a meeting whose attendance changed afterwards."""
    minutes = drafted_minutes(world)
    row = minutes.meeting.attendance.order_by("order")[0]
    set_attendance(row, by=world.gov_clerk, status=AttendanceStatus.LEAVE)
    minutes.refresh_from_db()
    return minutes


def chosen(text: str) -> dict[str, str]:
    """Return the preselected radio buttons of the page."""
    radios = re.findall(r'<input type="radio"[^>]*>', text)
    marked = [tag for tag in radios if "checked" in tag]
    return {_attribute(tag, "name"): _attribute(tag, "value") for tag in marked}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def test_changed_paragraphs_stand_side_by_side_and_go_as_chosen() -> None:
    world = yuanqu()
    minutes = changed_attendance(world)
    client = at_desk(world.union_clerk)
    assert reverse("minutes:redraft", args=[minutes.pk]) in page(client, "minutes:inspect", minutes.pk)
    text = page(client, "minutes:redraft", minutes.pk)
    names = [piece.name for piece in prepare_redraft(minutes)[1] if piece.needs_choice]
    assert sorted(chosen(text)) == sorted(names)
    assert "<mark>" in text
    choices = chosen(text)
    text = landed(send(client, "minutes:redraft", minutes.pk, version=minutes.version, **choices), client)
    assert "请假：" in text
    minutes.refresh_from_db()
    assert minutes.revisions.count() == 2
    assert "没有需要选择的段落" in page(client, "minutes:redraft", minutes.pk)
    assert "没有需要保存的内容" in landed(send(client, "minutes:redraft", minutes.pk, version=minutes.version), client)


def test_a_stale_choice_is_kept_and_a_missing_one_is_told_at_its_place() -> None:
    world = yuanqu()
    minutes = changed_attendance(world)
    client = at_desk(world.union_clerk)
    choices = dict.fromkeys(chosen(page(client, "minutes:redraft", minutes.pk)), "keep")
    first, *_others = choices
    lacking = {name: value for name, value in choices.items() if name != first}
    text = page_text(send(client, "minutes:redraft", minutes.pk, version=minutes.version, **lacking))
    assert text.count("请选择") == 1
    assert set(chosen(text).values()) == {"keep"} if lacking else True
    text = page_text(send(client, "minutes:redraft", minutes.pk, version=minutes.version - 1, **choices))
    assert chosen(text) == choices
    before = minutes.body
    minutes.refresh_from_db()
    assert minutes.body == before


def test_a_wrong_word_for_a_choice_is_none() -> None:
    world = yuanqu()
    minutes = changed_attendance(world)
    client = at_desk(world.union_clerk)
    choices = dict.fromkeys(chosen(page(client, "minutes:redraft", minutes.pk)), "drop")
    page_text(send(client, "minutes:redraft", minutes.pk, version=minutes.version, **choices))
    minutes.refresh_from_db()
    assert minutes.revisions.count() == 1


def test_issued_minutes_are_not_drafted_again() -> None:
    world = yuanqu()
    minutes = issued_minutes(world)
    client = at_desk(world.union_clerk)
    assert client.get(reverse("minutes:redraft", args=[minutes.pk])).status_code == 302
    assert reverse("minutes:redraft", args=[minutes.pk]) not in page(client, "minutes:inspect", minutes.pk)


# --- uninvited guests ------------------------------------------------------------------------------------------------
def test_who_came_uninvited_is_added_from_the_page() -> None:
    world = yuanqu()
    minutes = drafted_minutes(world)
    meeting = minutes.meeting
    client = at_desk(world.union_clerk)
    assert reverse("meeting:came", args=[meeting.pk]) in page(client, "meeting:inspect", meeting.pk)
    form: dict[str, Any] = {"version": meeting.version, "status": "guest", "title": "职工代表"}
    text = page_text(send(client, "meeting:came", meeting.pk, **form, name="", reason="临时到会"))
    assert "请选择职务，或者填写来宾姓名" in text
    assert "临时到会" in text
    text = page_text(send(client, "meeting:came", meeting.pk, **form, name="靳飞驰", reason=""))
    assert "靳飞驰" in text
    landed(send(client, "meeting:came", meeting.pk, **form, name="靳飞驰", reason="临时到会"), client)
    assert meeting.attendance.filter(name="靳飞驰").exists()
    tenure = world.tenures["gov_leader"]
    meeting.refresh_from_db()
    form = {"version": meeting.version, "status": "attends", "post": tenure.pk, "reason": "受委托到会"}
    assert "段怀" in landed(send(client, "meeting:came", meeting.pk, **form), client)
    meeting.refresh_from_db()
    there = {**form, "version": meeting.version, "post": world.tenures["head"].pk}
    page_text(send(client, "meeting:came", meeting.pk, **there))
    foreign = {**form, "version": meeting.version, "post": chengqiao().tenures["head"].pk}
    page_text(send(client, "meeting:came", meeting.pk, **foreign))
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.DRAFT


@pytest.mark.parametrize("who", ["head", "liaison", "auditor"])
def test_only_clerks_add_who_came(who: str) -> None:
    world = yuanqu()
    meeting = drafted_minutes(world).meeting
    data = {"version": meeting.version, "status": "guest", "name": "靳飞驰", "reason": "临时到会"}
    assert send(at_desk(getattr(world, who)), "meeting:came", meeting.pk, **data).status_code in {302, 404}
    assert not meeting.attendance.filter(name="靳飞驰").exists()
