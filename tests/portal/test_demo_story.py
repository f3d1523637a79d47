"""The source data of the demonstration: all records of the table, text lengths, decoys, no real people."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import pytest

from meetings.enums import Facet, Role
from meetings.regulation_presets import CATEGORIES
from meetings.rules.deadline import parse_deadline
from portal.demo.all_meetings import MEETINGS
from portal.demo.all_posts import POSTS
from portal.demo.chengqiao_groups import GROUPS
from portal.demo.data_types import Deadline, GeneratedFile, MeetingData, ResolutionData, resolve
from portal.demo.departments import DEPARTMENTS
from portal.demo.files import content
from portal.demo.logins import PASSWORDS
from portal.demo.pictures import MOTIFS, SIZE, cover
from portal.demo.regulations import REGULATIONS
from portal.demo.signed_scans import SignatureLine, SignedSheet, scan
from publicity.personal_data import find_personal_data

TODAY = date(2026, 11, 21)
# Each key with the lead department, the co-operating one, and the disclosure.
TABLE = {
    "Y22-1": ("县财政局", "县总工会", "public"),
    "Y22-2": ("县自然资源局", "县住建局", "public"),
    "Y22-3": ("县税务局", "县总工会", "public"),
    "Y22-4": ("县人社局", "县住建局", "public"),
    "Y23-1": ("县总工会", "县住建局", "public"),
    "Y23-2": ("县总工会", "县财政局、县卫健局", "public"),
    "Y23-3": ("县财政局", "县总工会", "public"),
    "Y23-4": ("县卫健局", "县应急局", "public"),
    "Y23-5": ("县总工会", "县信访局", "closed"),
    "Y24-1": ("县总工会", "县市场监管局、县交通局", "public"),
    "Y24-2": ("县财政局", "县医保局", "public"),
    "Y24-3": ("县人社局", "县总工会", "public"),
    "Y24-4": ("县司法局", "县总工会", "public"),
    "Y24-5": ("县自然资源局", "县住建局", "public"),
    "Y24-6": ("县人社局", "县住建局、县公安局", "public"),
    "Y25-1": ("县总工会", "县教育局", "public"),
    "Y25-2": ("县卫健局", "县总工会", "public"),
    "Y25-3": ("县总工会", "县财政局", "public"),
    "Y25-4": ("县人社局", "县应急局", "public"),
    "Y25-5": ("县总工会", "县财政局", "on_request"),
    "Y25-6": ("县总工会", "县人社局", "public"),
    "C22-1": ("镇总工会", "镇经济发展办", "public"),
    "C22-2": ("镇司法所", "镇总工会", "public"),
    "C23-1": ("镇社区事务受理服务中心", "镇总工会", "public"),
    "C23-2": ("镇总工会", "镇城建部门", "public"),
    "C24-1": ("镇财政所", "镇总工会", "public"),
    "C24-2": ("镇总工会", "镇市场监管所", "public"),
    "C24-3": ("镇安全管理部门", "镇总工会", "public"),
    "C25-1": ("镇司法所", "镇总工会", "public"),
    "C25-2": ("镇平安办", "镇总工会", "closed"),
}
ITEMS = {item.key: item for sitting in MEETINGS for item in sitting.resolutions}


def texts(thing: Any) -> Iterator[str]:
    """Yield every text inside a part of the story, at any depth."""
    if isinstance(thing, str):
        yield thing
    elif is_dataclass(thing):
        for part in fields(thing):
            yield from texts(getattr(thing, part.name))
    elif isinstance(thing, tuple | list):
        for part in thing:
            yield from texts(part)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from texts(key)
            yield from texts(value)


@pytest.mark.parametrize("key", TABLE)
def test_each_record_of_the_table_is_told(key: str) -> None:
    item = ITEMS[key]
    assert (item.lead, "、".join(item.co), item.disclosure) == TABLE[key]
    assert 80 <= len(item.text) <= 300
    assert len(item.title) <= 120
    assert item.tags
    assert item.reports


def test_the_rest_of_the_table_is_there() -> None:
    numbers = {document.key: document.number for document in REGULATIONS}
    assert numbers["D1"] == "垣政办发〔2024〕19号"
    assert numbers["D2"] == "垣政办发〔2003〕38号"
    files = [sheet.name for sitting in MEETINGS for sheet in sitting.files if sitting.key == "Y25"]
    assert files == ["上次联席会议议定事项落实情况报告.docx"]


def test_a_regulation_without_text_is_repealed_by_the_one_in_force() -> None:
    former, present = REGULATIONS[0], REGULATIONS[1]
    assert (former.text, former.source, present.repeals) == ("", "", former.key)
    assert former.until is not None
    assert present.since is not None
    assert (present.since - former.until).days == 1
    assert "本通知自印发之日起施行" in present.text


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (r"(?<!\d)50万", {"Y24-2"}),
        (r"150万", {"Y22-2"}),
        ("欠薪", {"Y24-6", "C25-1"}),
        ("拖欠工资", {"Y22-4"}),
        ("文化宫", {"Y22-2", "Y24-5"}),
    ],
)
def test_decoys_keep_apart(words: str, keys: set[str]) -> None:
    assert {key for key, item in ITEMS.items() if re.search(words, item.title + item.text)} == keys


def test_the_whole_record_of_the_wages_check_never_says_it_the_other_way() -> None:
    assert not [text for text in texts(ITEMS["Y22-4"]) if "欠薪" in text]


def test_no_text_holds_a_number_that_identifies_a_person() -> None:
    story = [MEETINGS, POSTS, DEPARTMENTS, [document.title for document in REGULATIONS]]
    assert [finding for text in texts(story) for finding in find_personal_data(text)] == []


def test_an_item_that_is_not_disclosed_says_why_and_stays_out_of_the_news() -> None:
    closed = [item for item in ITEMS.values() if item.disclosure == "closed"]
    assert {item.key for item in closed} == {"Y23-5", "C25-2"}
    assert all(item.reason for item in closed)
    news = "".join(text for sitting in MEETINGS for text in texts(sitting.news))
    assert "维稳" not in news
    assert "风险隐患" not in news


def before(sitting: MeetingData) -> list[ResolutionData]:
    """Return the resolutions of earlier meetings of the conference, unfinished two weeks before this meeting."""
    day = resolve(sitting.on, TODAY)
    earlier = [s for s in MEETINGS if s.conference == sitting.conference and resolve(s.on, TODAY) < day]
    return [item for s in earlier for item in s.resolutions if not _finished(item, day)]


def _finished(item: ResolutionData, day: date) -> bool:
    """Return True if it was verified two weeks before, or carried over by the minutes of an earlier meeting."""
    going_on = [s for s in MEETINGS if any(later.continues == item.key for later in s.resolutions)]
    if any(resolve(s.on, TODAY) < day for s in going_on):
        return True
    return any(r.verified is not None and (day - resolve(r.verified, TODAY)).days > 14 for r in item.reports if r.done)


@pytest.mark.parametrize("sitting", MEETINGS, ids=lambda sitting: sitting.key)
def test_every_unfinished_item_is_explained_at_each_later_sitting(sitting: MeetingData) -> None:
    due = {item.key for item in before(sitting)}
    explained = {
        item.key for item in ITEMS.values() if sitting.key in {words.for_meeting for words in item.explanations}
    }
    lacking = {"Y25-6"} if sitting.key == "Y26" else set()
    assert explained == due - lacking


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item.key)
def test_reports_are_in_order_and_by_departments_that_take_part(item: ResolutionData) -> None:
    days = [resolve(report.on, TODAY) for report in item.reports]
    assert days == sorted(days)
    assert all(day < TODAY for day in days)
    assert {report.by for report in item.reports} <= {item.lead, *item.co}
    assert all(report.by == item.lead for report in item.reports if report.done)


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item.key)
def test_deadlines_mean_what_is_stored_or_are_decided_by_hand(item: ResolutionData) -> None:
    sitting = next(sitting for sitting in MEETINGS if item in sitting.resolutions)
    due = item.deadline
    kind = "standing" if due.standing else "next_meeting" if due.next_meeting else "date" if due.day else "none"
    day = resolve(due.day, TODAY) if due.day is not None else None
    read = parse_deadline(due.formatted(TODAY), resolve(sitting.on, TODAY))
    assert read == (kind, day) or (read is None and "春节" in due.text)


def test_deadlines_are_written_in_every_form() -> None:
    words = {item.deadline.formatted(TODAY) for item in ITEMS.values()}
    forms = {"年底前", "明年底前", "明年6月底前", "2025年上半年", "2024年第三季度", "会后1个月内", "2023年春节前"}
    assert words >= forms | {"长期坚持", "常态化推进", "每年10月底前", "下次联席会议前", "2025年6月底前"}


def test_what_is_carried_over_suspended_and_divided() -> None:
    assert {item.key: item.continues for item in ITEMS.values() if item.continues} == {"Y24-5": "Y22-2"}
    assert {item.key for item in ITEMS.values() if item.suspension} == {"Y25-5"}
    assert {"Y23-3", "Y23-5", "C25-2"} < {item.key for item in ITEMS.values() if item.deadline.standing}
    divided = [item for item in ITEMS.values() if item.tasks]
    assert len(divided) >= 6
    assert all({unit for unit, _task in item.tasks} <= set(item.co) for item in divided)
    done = [(item, report) for item in ITEMS.values() for report in item.reports if report.part_done]
    assert len(done) >= 3
    assert all(report.by in item.co and not report.done for item, report in done)


def test_something_is_due_soon_and_something_is_late() -> None:
    open_items = [
        item for item in ITEMS.values() if not any(report.verified and report.done for report in item.reports)
    ]
    days = [(resolve(item.deadline.day, TODAY) - TODAY).days for item in open_items if item.deadline.day is not None]
    assert [day for day in days if 0 <= day <= 7]
    assert {item.key for item in open_items if item.deadline.day and resolve(item.deadline.day, TODAY) < TODAY} >= {
        "Y24-5"
    }


def test_a_deadline_that_hangs_on_the_day_of_loading_is_written_out() -> None:
    assert Deadline(7).formatted(TODAY) == "2026年11月28日前"
    assert Deadline(date(2025, 6, 30), "2025年6月底前").formatted(TODAY) == "2025年6月底前"


def test_people_of_the_story_exist_and_hold_one_office_at_a_time() -> None:
    keys = {office.key for office in POSTS}
    assert {absence.post for sitting in MEETINGS for absence in sitting.absences} <= keys
    assert {who for _kind, _name, _place, seats in GROUPS for _seat, who in seats} <= keys
    for office in POSTS:
        for one, next_one in zip(office.tenures, office.tenures[1:], strict=False):
            assert one.until is not None
            assert one.until < next_one.since
    names = {holder.login: holder.name for office in POSTS for holder in office.tenures}
    assert all(names[h.login] == h.name for office in POSTS for h in office.tenures)


def test_units_and_categories_of_the_story_exist() -> None:
    names = {unit.name for unit in DEPARTMENTS}
    for sitting in MEETINGS:
        regulation = "C" if sitting.conference == "chengqiao" else "Y"
        kinds = {str(facet) for _clause, _title, facet, _open in CATEGORIES[regulation]}
        for topic in sitting.topics:
            assert {topic.proposer, *(view.department for view in topic.opinions)} <= names
            assert topic.facet in kinds
        assert {item.topic for item in sitting.resolutions} <= {topic.key for topic in sitting.topics}
        assert {item.facet for item in sitting.resolutions} <= set(Facet.values)


def test_every_role_can_log_in_with_a_password_of_its_own() -> None:
    roles = {office.role for office in POSTS for holder in office.tenures if holder.login in PASSWORDS}
    assert roles >= {
        Role.ADMINISTRATOR,
        Role.AUDITOR,
        Role.CLERK,
        Role.LIAISON,
        Role.HEAD_OF_GOVERNMENT,
        Role.LIAISON_LEADER,
        Role.UNION_HEAD,
        Role.WRITER,
        Role.REVIEWER,
    }
    assert len(set(PASSWORDS.values())) == len(PASSWORDS)
    assert min(map(len, PASSWORDS.values())) >= 10


def test_pictures_and_files_are_the_same_each_time() -> None:
    used = {news.motif for sitting in MEETINGS for news in sitting.news}
    assert used <= set(MOTIFS)
    assert SIZE == (1600, 900)
    assert cover("hall", "垣曲县", "联席会议") == cover("hall", "垣曲县", "联席会议")
    for kind in ("docx", "xlsx", "pdf"):
        sheet = GeneratedFile(f"情况表.{kind}", kind, (("标题",), ("甲",)))
        assert content(sheet) == content(sheet)
    signed = SignedSheet("审签单", (("文件", "纪要"),), (SignatureLine("领导", "同意。", "某人", TODAY),))
    for kind, head in (("pdf", b"%PDF-"), ("jpg", b"\xff\xd8\xff")):
        assert scan(signed, kind) == scan(signed, kind)
        assert scan(signed, kind).startswith(head)
