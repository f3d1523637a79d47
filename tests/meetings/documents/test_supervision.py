"""Test 督办通知单: which letter each department gets, its content, and who may download it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from meetings.admin.resolutions import supervision
from meetings.documents.supervision import make_letter
from meetings.models import Resolution, ResolutionPart
from meetings.operations.department import merge_department
from tests.meetings.admin.pages import at_desk, page, page_text, query_count
from tests.meetings.documents.reading import file_of, rows, text, word
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import LATER, adopted, under_way, verified
from tests.meetings.steps import DAY
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel(LATER + timedelta(days=1)):
        yield


@pytest.fixture
def world() -> World:
    return yuanqu()


def letter_url(world: World, department: Any = None) -> str:
    """Return the URL of the letter to a department, by default the lead department."""
    return reverse("resolution:letter", args=[world.conference.pk, (department or world.department).pk])


def test_the_letter_lists_what_the_department_has_not_finished(world: World) -> None:
    row, report = under_way(world, topics=1)
    Resolution.objects.filter(pk=row.pk).update(deadline_text="2025年11月底前", deadline_kind="date", deadline=DAY)
    response = at_desk(world.gov_clerk).get(letter_url(world))
    name, _content = file_of(response)
    assert name == "督办通知单（县财政局，2025年12月15日）.docx"
    document = word(response)
    found = text(document)
    assert "县财政局：\n根据县某人民政府与县某总工会联席会议纪要，下列1项议定事项" in found
    assert "其中1项已超过完成时限" in found
    assert "县某人民政府办公室　县某总工会\n2025年12月15日" in found
    assert rows(document.tables[0])[1:] == [
        [
            "1",
            "关于第1件事的议题",
            "2025年度联席会议（垣政办纪〔2025〕17号）",
            "牵头",
            "2025年11月底前",
            f"{report.text}（2025年12月14日）",
        ]
    ]


def test_a_co_operating_department_reads_its_own_part(world: World) -> None:
    row, _report = under_way(world)
    ResolutionPart.objects.filter(resolution=row, department=world.other_department).update(task="核定人员名单")
    document = word(at_desk(world.gov_clerk).get(letter_url(world, world.other_department)))
    line = rows(document.tables[0])[1]
    assert line[3] == "配合"
    assert line[5] == "", "the report is the lead department's"


def test_what_is_finished_is_in_no_letter(world: World) -> None:
    verified(world)
    desk = at_desk(world.gov_clerk)
    answer = desk.get(letter_url(world))
    assert answer.status_code == 302
    shown = desk.get(answer["Location"]).content.decode()
    assert "该部门没有未办结事项" in shown
    refused(lambda: make_letter(world.conference, world.department), "nothing_open")
    assert "没有部门有未办结事项" in shown


def test_the_page_shows_each_department_with_its_letter(world: World) -> None:
    row, _report = under_way(world)
    for person in (world.gov_clerk, world.union_head, world.auditor):
        shown = page(at_desk(person), "resolution:supervision")
        assert letter_url(world) in shown
        assert letter_url(world, world.other_department) in shown
        assert reverse("resolution:inspect", args=[row.pk]) in shown


def test_one_resolution_has_a_letter_to_each_of_its_departments(world: World) -> None:
    row, _report = under_way(world)
    desk = at_desk(world.gov_clerk)
    parts = {part.department: part for part in row.parts.all()}
    shown = page(desk, "resolution:inspect", row.pk)
    for part in parts.values():
        assert reverse("resolution:part_letter", args=[row.pk, part.pk]) in shown
    part = parts[world.other_department]
    document = word(desk.get(reverse("resolution:part_letter", args=[row.pk, part.pk])))
    assert "县人社局：" in text(document)
    assert len(rows(document.tables[0])) == 2


def test_a_merged_department_is_written_to_under_its_successor(world: World) -> None:
    row, _report = under_way(world)
    merge_department(world.other_department, into=world.union_office, by=world.administrator)
    desk = at_desk(world.gov_clerk)
    shown = page(desk, "resolution:supervision")
    assert letter_url(world, world.union_office) in shown
    assert letter_url(world, world.other_department) not in shown
    assert "县总工会：" in text(word(desk.get(letter_url(world, world.union_office))))
    part = row.parts.get(department=world.other_department)
    document = word(desk.get(reverse("resolution:part_letter", args=[row.pk, part.pk])))
    assert "县总工会：" in text(document)


def test_a_town_writes_by_its_coordination_office() -> None:
    town = chengqiao()
    under_way(town)
    found = text(word(at_desk(town.union_clerk).get(letter_url(town))))
    assert "镇某政府与工会联席会议协调小组办公室" in found


# --- permissions -----------------------------------------------------------------------------------------------------
def test_a_liaison_has_the_own_letter_and_no_other(world: World) -> None:
    row, _report = under_way(world)
    desk = at_desk(world.liaison)
    assert desk.get(letter_url(world)).status_code == 200
    assert desk.get(letter_url(world, world.other_department)).status_code == 404
    own, other = (row.parts.get(department=d).pk for d in (world.department, world.other_department))
    assert desk.get(reverse("resolution:part_letter", args=[row.pk, own])).status_code == 200
    assert desk.get(reverse("resolution:part_letter", args=[row.pk, other])).status_code == 302
    assert "督办通知单：县人社局" not in page(desk, "resolution:inspect", row.pk)
    assert letter_url(world, world.other_department) not in page(desk, "resolution:supervision")


def test_nobody_from_elsewhere_has_any(world: World) -> None:
    row, _report = under_way(world)
    town = chengqiao()
    part = row.parts.get(department=world.department).pk
    for person in (town.gov_clerk, town.liaison, world.stranger, world.writer):
        desk = at_desk(person)
        for url in (letter_url(world), reverse("resolution:part_letter", args=[row.pk, part])):
            assert desk.get(url).status_code in {302, 404}, f"{person} {url}"
        answer = desk.get(reverse("resolution:supervision"))
        assert world.department.name not in answer.content.decode()


def test_the_page_and_the_letter_ask_the_same_number_of_questions_at_any_size() -> None:
    counts = []
    for size, place in ((1, "垣"), (3, "绛")):
        world = yuanqu(place)
        for number in range(size):
            under_way(world, day=DAY.replace(month=11 - number), number=f"垣政办纪〔2025〕{size}{number}号")
        desk = at_desk(world.gov_clerk)
        letter = query_count(desk, "resolution:letter", world.conference.pk, world.department.pk)
        counts.append([query_count(desk, "resolution:supervision"), letter])
    assert counts[0] == counts[1]


def test_many_departments_and_resolutions_are_in_pages_and_none_disappears(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at_desk(world.gov_clerk)
    monkeypatch.setattr(supervision, "PER_PAGE", 1)
    monkeypatch.setattr(supervision, "MAX_LINES", 1)
    first = adopted(world)
    parts = list(first.parts.values("department", "role", "name"))
    second = Resolution.objects.create(
        minutes=first.minutes, order=1, title="另一件未办结的事项", text="办理。", state=first.state
    )
    for part in parts:
        ResolutionPart.objects.create(
            resolution=second, department_id=part["department"], role=part["role"], name=part["name"]
        )
    pages = [page(desk, "resolution:supervision", query=f"?p={number}") for number in (1, 2)]
    departments = [world.department, world.other_department]
    for department in departments:
        assert sum(f'charge-name">{department.name}<' in shown for shown in pages) == 1
    for shown, department in zip(pages, sorted(departments, key=lambda each: (each.order, each.pk)), strict=True):
        assert first.title in shown
        assert second.title not in shown
        links = [str(link["href"]) for link in BeautifulSoup(shown, "html.parser").select("details a")]
        link = next(link for link in links if "department=" in link)
        assert f"department={department.pk}" in link
        assert second.title in page_text(desk.get(link))
        assert first.title in page_text(desk.get(link))
