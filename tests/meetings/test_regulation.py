"""Tests of regulations: started as a copy, changed until somebody follows them, then by a dated copy."""

from datetime import date

import pytest

from meetings import clock
from meetings.clauses import Point
from meetings.enums import Disclosure, Facet
from meetings.models import (
    RecordLogEntry,
    Regulation,
    RegulationClause,
    StandardAgendaItem,
    TopicCategory,
)
from meetings.models.regulation import RULE_FIELDS
from meetings.operations.regulation import (
    adopt_regulation,
    copy_regulation,
    correct_words,
    read_text_clauses,
    save_adoption,
    save_regulation,
    start_regulation,
)
from meetings.queries.conference import adoption_on
from meetings.queries.regulation import citations_of
from meetings.regulation_presets import AGENDA, CATEGORIES, POINTS, PRESETS
from meetings.rules.evidence import Status, of_meeting
from meetings.rules.regulation import date_contradictions, points_without_clause
from tests.meetings.factories import RegulationFactory, World, regulation, yuanqu
from tests.meetings.steps import held_meeting, planned_meeting
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def world() -> World:
    return yuanqu()


# --- how one starts --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("preset", ["Y", "C"])
def test_a_regulation_starts_with_everything_of_its_preset(world: World, preset: str) -> None:
    row = start_regulation(preset, by=world.administrator, title="实施办法", issuer="办公室")
    assert [category.title for category in row.categories.all()] == [title for _, title, _, _ in CATEGORIES[preset]]
    closed = TopicCategory.objects.filter(regulation=row, disclosure=Disclosure.CLOSED)
    assert [category.facet for category in closed] == [Facet.STABILITY]
    assert [item.title for item in row.agenda.all()] == [title for _, _, title in AGENDA[preset]]
    assert {clause.number: clause.points for clause in row.clauses.all() if clause.points} == POINTS[preset]
    assert {name: getattr(row, name) for name in RULE_FIELDS} == PRESETS[preset]


def test_its_own_text_brings_its_own_clauses(world: World) -> None:
    text = "一、内容\n（一）通报情况。\n二、程序\n每年召开一次。\n（五）形成纪要。\n（八）建立台账。"
    row = start_regulation("Y", by=world.administrator, title="绛县办法", issuer="绛县政府办", text=text)
    assert [(clause.number, clause.points) for clause in row.clauses.all()] == [
        ("一（一）", [Point.BRIEFING]),
        ("二", [Point.FREQUENCY, Point.SPECIAL]),
        ("二（五）", [Point.MINUTES]),
        ("二（八）", []),
    ]
    assert citations_of(row)["minutes"] == "二（五）"
    assert Point.FOLLOW_UP in points_without_clause(row)
    assert {category.clause for category in row.categories.all()} == {""}, "no number of the county notice stays"


def test_another_regulation_is_copied_row_by_row(world: World) -> None:
    source = start_regulation("C", by=world.administrator, title="甲", issuer="办")
    copy = start_regulation(source, by=world.administrator, title="乙", issuer="办")
    assert citations_of(copy) == citations_of(source)
    assert set(copy.clauses.values_list("pk")) & set(source.clauses.values_list("pk")) == set()
    assert copy.settled_by == source.settled_by


def test_the_clauses_are_read_from_a_text_that_was_entered_later(world: World) -> None:
    row = start_regulation("Y", by=world.administrator, title="绛县办法", issuer="绛县政府办")
    row.text = "第一条 双方通报情况。\n第二条 每年召开一次。"
    save_regulation(row, by=world.administrator)
    read_text_clauses(row, by=world.administrator)
    assert [(clause.number, clause.points) for clause in row.clauses.all()] == [("第一条", []), ("第二条", [])]
    row.text = "没有编号。"
    with refusal("no_clause_in_text"):
        read_text_clauses(row, by=world.administrator)


def test_a_clause_stands_once_and_governs_what_the_portal_knows(world: World) -> None:
    row = start_regulation("Y", by=world.administrator, title="绛县办法", issuer="绛县政府办")
    row.clauses.set([RegulationClause(number="一", words="甲"), RegulationClause(number="一", words="乙")])
    with refusal("clause_twice"):
        save_regulation(row, by=world.administrator)
    row.clauses.set([RegulationClause(number="一", words="甲", points=["weather"])])
    with refusal("point_unknown"):
        save_regulation(row, by=world.administrator)


# --- how one changes -------------------------------------------------------------------------------------------------
def test_one_that_is_followed_is_not_changed(world: World) -> None:
    followed = Regulation.objects.get(pk=world.adoption.regulation_id)
    followed.title = "另一份通知"
    with refusal("regulation_followed"):
        save_regulation(followed, by=world.administrator)
    followed.text = "一、甲\n乙。"
    with refusal("regulation_followed"):
        read_text_clauses(followed, by=world.administrator)


def test_a_category_in_use_stays(world: World) -> None:
    row = start_regulation("Y", by=world.administrator, title="新", issuer="办")
    used = world.topic(category=row.categories.all()[0]).category
    row.categories.set([category for category in row.categories.all() if category.pk != used.pk])
    with refusal("categories_in_use") as refused:
        save_regulation(row, by=world.administrator)
    assert used.title in str(refused.value)
    assert TopicCategory.objects.filter(pk=used.pk).exists()


def test_a_dated_copy_applies_from_its_day_and_earlier_meetings_keep_their_clauses(world: World) -> None:
    before = held_meeting(world)
    copy = copy_regulation(world.adoption.regulation, by=world.administrator, applies_from=NEW_YEAR)
    minutes = copy.clauses.get(number="二（五）")
    minutes.number = "二（八）"
    copy.clauses.set([minutes if row.pk == minutes.pk else row for row in copy.clauses.all()])
    copy.agenda.set([*copy.agenda.all(), StandardAgendaItem(kind="other", title="学习文件", order=9)])
    save_regulation(copy, by=world.administrator)
    adopt_regulation(world.conference, copy, by=world.administrator, from_date=NEW_YEAR)
    world.adoption.refresh_from_db()
    assert world.adoption.to_date == date(2025, 12, 31), "the former adoption ends on the day before"
    after = planned_meeting(world, date(2026, 5, 8), topics=0)
    assert before.adoption.cite("minutes").number == "二（五）"
    assert after.adoption.cite("minutes").number == "二（八）"
    assert after.agenda.order_by("-order")[0].title == "学习文件"
    assert str(copy).endswith("（2026年1月1日修订）")


def test_a_meeting_that_is_planned_already_is_judged_by_the_copy(world: World) -> None:
    before, after = (planned_meeting(world, day, topics=0) for day in (date(2025, 12, 8), date(2026, 5, 8)))
    copy = copy_regulation(world.adoption.regulation, by=world.administrator, applies_from=NEW_YEAR)
    adopted = adopt_regulation(world.conference, copy, by=world.administrator, from_date=NEW_YEAR)
    shown = before.version, after.version
    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.adoption, after.adoption) == (world.adoption, adopted)
    assert (before.version, after.version) == (shown[0], shown[1] + 1), "an open form of the meeting is stale"


def test_only_the_regulation_that_was_copied_ends_by_itself(world: World) -> None:
    other = copy_regulation(regulation("Y", "别处的"), by=world.administrator, applies_from=NEW_YEAR)
    with refusal("regulations_overlap"):
        adopt_regulation(world.conference, other, by=world.administrator, from_date=NEW_YEAR)


def test_a_misprint_is_corrected_in_place_and_logged_with_old_and_new(world: World) -> None:
    followed = world.adoption.regulation
    clause = followed.clauses.get(number="二（五）")
    old, right = clause.words, clause.words.replace("印发", "印 发")
    correct_words(followed, by=world.administrator, reason="排版有误", texts={f"clause-{clause.pk}": right})
    clause.refresh_from_db()
    assert clause.words == right
    entry = RecordLogEntry.objects.get_for_instance(followed).order_by("-pk")[0]
    assert (entry.data["old"], entry.data["new"], entry.data["reason"]) == (old, right, "排版有误")
    assert old in entry.formatter.format_message(entry)


def test_a_correction_needs_a_change_words_and_a_reason(world: World) -> None:
    followed = world.adoption.regulation
    with refusal("no_words_corrected"):
        correct_words(followed, by=world.administrator, reason="无", texts={"title": followed.title})
    with refusal("words_empty"):
        correct_words(followed, by=world.administrator, reason="无", texts={"title": " "})
    with refusal("misprint_unexplained"):
        correct_words(followed, by=world.administrator, reason=" ", texts={"title": "新"})
    with refusal("stale"):
        correct_words(
            followed, by=world.administrator, reason="无", texts={"title": "新"}, version=followed.version + 1
        )


def test_nobody_but_administrators_copies_or_corrects(world: World) -> None:
    followed = world.adoption.regulation
    for person in (world.gov_clerk, world.head, world.auditor, world.stranger):
        with refusal("not_your_administration"):
            copy_regulation(followed, by=person, applies_from=NEW_YEAR)
        with refusal("not_your_administration"):
            correct_words(followed, by=person, reason="无", texts={"title": "新"})


# --- what it says ----------------------------------------------------------------------------------------------------
def test_a_date_that_contradicts_the_number_is_pointed_out() -> None:
    text = "通知如下。\n2003年6月25日印发的办法同时废止。\n垣曲县人民政府办公室\n2004年9月5日\n2024年9月5日印发"
    row = RegulationFactory.create(number="垣政办发〔2024〕19号", text=text, issued_on=date(2024, 9, 5))
    (notice,) = date_contradictions(row)
    assert "2004年9月5日" in notice
    row.issued_on = date(2023, 9, 5)
    assert len(date_contradictions(row)) == 2
    row.number = ""
    assert date_contradictions(row) == []


def test_a_clause_that_governs_nothing_stands_in_the_comparison_as_text(world: World) -> None:
    found = of_meeting(held_meeting(world))
    texts = [finding for finding in found if finding.status == Status.TEXT]
    assert [finding.clause.number for finding in texts] == ["一", "三（一）"]
    assert not any(finding.label or finding.proofs or finding.gaps for finding in texts)
    assert [finding.order for finding in found] == sorted(finding.order for finding in found)


def test_an_adoption_keeps_the_citations_of_its_regulation(world: World) -> None:
    adoption = world.adoption
    assert adoption.citations == citations_of(adoption.regulation)
    adoption.citations = {}
    with clock.at(date(2025, 11, 20)):
        save_adoption(adoption, by=world.administrator)
    assert adoption.citations == citations_of(adoption.regulation)
    former = adoption_on(world.conference, date(2020, 1, 1))
    assert former is not None
    assert not former.cite("minutes"), "nothing is cited without the text"


def test_a_dated_copy_keeps_clauses_that_were_entered_by_hand(world: World) -> None:
    source = start_regulation("Y", by=world.administrator, title="绛县办法", issuer="办", text="一、内容\n甲。")
    source.clauses.set([*source.clauses.all(), RegulationClause(number="附则", words="乙", points=[Point.MINUTES])])
    save_regulation(source, by=world.administrator)
    copy = copy_regulation(source, by=world.administrator, applies_from=NEW_YEAR)
    assert {clause.number for clause in copy.clauses.all()} == {"一", "附则"}


def test_an_adoption_in_use_is_not_moved_to_another_regulation(world: World) -> None:
    held_meeting(world)
    world.adoption.regulation = regulation("Y", "另一份")
    with refusal("adoption_in_use"):
        save_adoption(world.adoption, by=world.administrator)


def test_a_corrected_text_fits_its_field_and_stands_once(world: World) -> None:
    followed = world.adoption.regulation
    first, second = followed.categories.all()[:2]
    with refusal("max_length"):
        correct_words(followed, by=world.administrator, reason="错字", texts={"title": "长" * 200})
    with refusal("unique_together"):
        correct_words(followed, by=world.administrator, reason="错字", texts={f"category-{first.pk}": second.title})


def test_two_clauses_exchange_their_numbers_and_two_categories_their_titles(world: World) -> None:
    row = Regulation.objects.get(pk=start_regulation("Y", by=world.administrator, title="新", issuer="办").pk)
    clauses, categories = list(row.clauses.all()), list(row.categories.all())
    clauses[0].number, clauses[1].number = clauses[1].number, clauses[0].number
    categories[0].title, categories[1].title = categories[1].title, categories[0].title
    row.clauses.set(clauses)
    row.categories.set(categories)
    save_regulation(row, by=world.administrator)
    stored = Regulation.objects.get(pk=row.pk)
    assert {clause.pk: clause.number for clause in stored.clauses.all()} == {c.pk: c.number for c in clauses}
    assert {category.pk: category.title for category in stored.categories.all()} == {c.pk: c.title for c in categories}


def test_a_save_of_the_document_alone_keeps_every_clause_and_category(world: World) -> None:
    row = Regulation.objects.get(pk=start_regulation("C", by=world.administrator, title="新", issuer="办").pk)
    before = list(row.clauses.values_list("pk", "number")), list(row.categories.values_list("pk", "title"))
    row.title = "更新"
    save_regulation(row, by=world.administrator)
    stored = Regulation.objects.get(pk=row.pk)
    assert (
        list(stored.clauses.values_list("pk", "number")),
        list(stored.categories.values_list("pk", "title")),
    ) == before


def test_a_category_stands_once(world: World) -> None:
    row = start_regulation("Y", by=world.administrator, title="新", issuer="办")
    row.categories.set([*row.categories.all(), TopicCategory(title=row.categories.all()[0].title, facet=Facet.OTHER)])
    with refusal("category_twice"):
        save_regulation(row, by=world.administrator)


def test_a_second_click_makes_no_second_copy(world: World) -> None:
    copy_regulation(world.adoption.regulation, by=world.administrator, applies_from=NEW_YEAR)
    with refusal("copy_exists"):
        copy_regulation(world.adoption.regulation, by=world.administrator, applies_from=NEW_YEAR)
