"""Regulations and their adoption through the administration pages: clauses, order and rules as data."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.admin.administration import regulations
from meetings.clauses import Point
from meetings.enums import Disclosure, Facet, Frequency, SettledBy
from meetings.models import Regulation, RegulationAdoption
from meetings.queries.regulation import citations_of, correctable
from meetings.regulation_presets import CATEGORIES, PRESETS
from tests.meetings.admin.forms import row, sent
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count, send
from tests.meetings.factories import (
    AdoptionFactory,
    ConferenceFactory,
    World,
    chengqiao,
    coordination_group,
    regulation,
    yuanqu,
)

pytestmark = pytest.mark.django_db
CLAUSE = "（五）印发会议纪要。会后应当形成会议纪要，经政府和工会领导同志审定后，由政府办公室印发。"
TEXT = f"二、会议的组织实施\n联席会议每年至少召开一次。\n（四）召开会议。双方商定会议时间。\n{CLAUSE}\n三、要求"


@pytest.fixture
def world() -> World:
    return yuanqu()


@pytest.fixture
def desk(world: World) -> Client:
    return at_desk(world.administrator)


# --- regulations -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("source", ["Y", "C"])
def test_a_regulation_starts_as_a_copy_of_y_or_c(desk: Client, source: str) -> None:
    typed = {"title": "绛县联席会议制度", "issuer": "绛县人民政府办公室", "disclosure": Disclosure.PUBLIC}
    shown = landed(
        sent(
            desk, reverse("regulation:add"), **typed, source=source, bases="晋政办发〔2023〕81号\n运政办发〔2024〕7号"
        ),
        desk,
    )
    assert "运政办发〔2024〕7号" in shown
    started = Regulation.objects.get(title="绛县联席会议制度")
    stored = started.categories.values_list("clause", "title", "facet")
    assert sorted(stored) == sorted((clause, name, facet) for clause, name, facet, _closed in CATEGORIES[source])
    assert citations_of(started)["minutes"] == {"Y": "二（五）", "C": "五（四）"}[source]


def test_another_regulation_is_offered_as_a_start(world: World, desk: Client) -> None:
    source = regulation("C", "邻镇的办法")
    typed = {"title": "绛县办法", "issuer": "绛县人民政府办公室", "disclosure": Disclosure.PUBLIC}
    landed(sent(desk, reverse("regulation:add"), **typed, source=source.pk), desk)
    assert Regulation.objects.get(title="绛县办法").settled_by == SettledBy.GROUP_HEADS


def test_text_clauses_agenda_categories_and_rules_are_changed_in_one_form(desk: Client) -> None:
    draft, old = regulation("Y", "绛县联席会议制度"), regulation("Y", "更早的办法")
    count, clauses, items = draft.categories.count(), draft.clauses.count(), draft.agenda.count()
    more = {
        **row("categories", count, clause="一（八）", title="灵活就业", facet=Facet.NEW_FORMS, disclosure="public"),
        **row("clauses", clauses, number="三（四）", words="(四) 建立台账。"),
        f"clauses-{clauses}-points": [Point.FOLLOW_UP, Point.MINUTES],
        **row("agenda", items, kind="other", side="", title="学习文件"),
    }
    typed = {"text": TEXT, "repeals": old.pk, "categories-0-title": "建功立业竞赛", "chair": "县长", **more}
    shown = landed(sent(desk, reverse("regulation:edit", args=[draft.pk]), **typed), desk)
    for expected in ("更早的办法", "灵活就业", "建功立业竞赛", CLAUSE, "(四) 建立台账。", "学习文件"):
        assert expected in shown
    assert citations_of(draft)["minutes"] == "二（五）、三（四）"
    assert draft.title in page(desk, "regulation:inspect", old.pk), "and there, by what it is repealed"
    draft.refresh_from_db()
    assert draft.chair == "县长"


def test_a_category_that_topics_use_stays(world: World, desk: Client) -> None:
    draft = regulation("Y", "绛县联席会议制度")
    used = draft.categories.all()[0]
    world.topic(category=used)
    url = reverse("regulation:edit", args=[draft.pk])
    answer = page_text(sent(desk, url, issuer="县府办", **{"categories-0-DELETE": "on"}))
    assert used.title in answer
    assert "县府办" in answer
    assert draft.categories.filter(pk=used.pk).exists()


def test_one_that_is_followed_offers_a_dated_copy_and_keeps_what_was_typed(
    world: World, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed = world.adoption.regulation
    shown = page(desk, "regulation:inspect", followed.pk)
    assert reverse("regulation:edit", args=[followed.pk]) not in shown
    assert reverse("regulation:dated_copy", args=[followed.pk]) in shown
    url = reverse("regulation:edit", args=[followed.pk])
    instead = desk.get(url, follow=True)
    assert instead.redirect_chain[0][0] == reverse("regulation:inspect", args=[followed.pk])
    assert "请用“更正错字”" in page_text(instead), "it says what to do instead"
    with monkeypatch.context() as patched:  # as if a conference began to follow it after the form was opened
        patched.setattr(regulations, "why_not_changed", lambda regulation: [])
        answer = page_text(sent(desk, url, issuer="县府办"))
    assert "县府办" in answer
    assert "请用“更正错字”" in answer
    followed.refresh_from_db()
    assert followed.issuer == "办公室"


def test_a_dated_copy_is_made_and_edited(world: World, desk: Client) -> None:
    source = world.adoption.regulation
    answer = send(desk, "regulation:dated_copy", source.pk, version=source.version, applies_from="2026-01-01")
    shown = landed(answer, desk)
    copy = Regulation.objects.get(copy_of=source)
    assert copy.applies_from == date(2026, 1, 1)
    assert f'action="{reverse("regulation:edit", args=[copy.pk])}"' in shown
    adopting = page(desk, "regulationadoption:add", query=f"?regulation={copy.pk}")
    assert "2026-01-01" in adopting, "the first day is filled in"


def test_a_misprint_is_corrected_through_its_page(world: World, desk: Client) -> None:
    followed = world.adoption.regulation
    clause = followed.clauses.get(number="二（五）")
    right = clause.words.replace("会议纪要", "会议记要", 1)
    url = reverse("regulation:correct_words", args=[followed.pk])
    typed = {name: place.text for name, place in correctable(followed).items() if place.text}
    answer = desk.post(
        url, {**typed, "version": followed.version, f"clause-{clause.pk}": right, "reason": "与原件不符"}
    )
    shown = landed(answer, desk)
    assert "会议记要" in shown
    answer = desk.post(url, {**typed, "version": followed.version + 1, f"clause-{clause.pk}": right, "reason": "再看"})
    assert "没有改动" in page_text(answer)


def test_the_clauses_are_read_from_the_text_through_its_page(desk: Client) -> None:
    draft = regulation("Y", "绛县联席会议制度", text=TEXT)
    draft.clauses.set([])
    draft.save()
    landed(send(desk, "regulation:read_clauses", draft.pk, version=draft.version), desk)
    assert [clause.number for clause in draft.clauses.all()] == ["二", "二（四）", "二（五）"]


def test_a_date_that_contradicts_the_number_is_pointed_out_to_the_administrator(desk: Client) -> None:
    draft = regulation("Y", "绛县联席会议制度", number="绛政办发〔2024〕9号", text="一、内容\n甲。\n2004年9月5日")
    assert "正文落款为2004年9月5日" in page(desk, "regulation:inspect", draft.pk)


@pytest.mark.parametrize("who", ["gov_clerk", "head", "liaison", "auditor"])
def test_whoever_works_by_a_regulation_reads_it(world: World, who: str) -> None:
    shown = page(at_desk(getattr(world, who)), "regulation:text", world.adoption.regulation_id)
    assert 'id="clause-二（五）"' in shown
    assert reverse("regulation:inspect", args=[world.adoption.regulation_id]) not in shown
    assert page(at_desk(world.administrator), "regulation:text", world.adoption.regulation_id)


def test_a_person_without_any_record_does_not_read_it(world: World) -> None:
    url = reverse("regulation:text", args=[world.adoption.regulation_id])
    assert at_desk(world.stranger).get(url).status_code == 302
    assert at_desk(world.writer).get(url).status_code == 404


# --- adoptions -------------------------------------------------------------------------------------------------------
def adopt(desk: Client, followed: Regulation, **typed: Any) -> Any:
    return sent(desk, f"{reverse('regulationadoption:add')}?regulation={followed.pk}", **typed)


@pytest.mark.parametrize("start", ["Y", "C"])
def test_the_regulation_fills_every_rule(desk: Client, start: str) -> None:
    place = ConferenceFactory.create()
    coordination_group(place)
    followed = regulation(start, "新制度")
    landed(adopt(desk, followed, conference=place.pk, from_date="2025-01-01"), desk)
    adoption = RegulationAdoption.objects.get(conference=place)
    assert {name: getattr(adoption, name) for name in PRESETS[start]} == PRESETS[start]
    assert adoption.from_date == date(2025, 1, 1)


def test_the_form_says_which_clause_each_rule_comes_from(desk: Client) -> None:
    notice, measures = regulation("Y", "通知"), regulation("C", "办法")
    shown = page(desk, "regulationadoption:add", query=f"?regulation={measures.pk}")
    assert "五（二）" in shown
    assert "二（四）" not in shown
    assert "二（四）" in page(desk, "regulationadoption:add", query=f"?regulation={notice.pk}")
    for row_ in (notice, measures):
        assert f"?regulation={row_.pk}" in shown


def test_a_rule_is_changed_and_shown_in_words(world: World, desk: Client) -> None:
    coordination_group(world.conference)
    url = reverse("regulationadoption:edit", args=[world.adoption.pk])
    changed = {"settled_by": SettledBy.GROUP_HEADS, "frequency": Frequency.IN_PRINCIPLE, "flagged_from_month": "6"}
    assert sent(desk, url, **{**changed, "flagged_from_month": "13"}).status_code == 200
    shown = landed(sent(desk, url, **changed), desk)
    assert "六月" in shown
    assert "协调小组" in shown
    assert "原则上每年一次" in shown
    world.adoption.refresh_from_db()
    assert (world.adoption.settled_by, world.adoption.flagged_from_month) == (SettledBy.GROUP_HEADS, 6)


def test_the_table_names_the_clause_and_leads_to_its_words(world: World, desk: Client) -> None:
    shown = page(desk, "regulationadoption:inspect", world.adoption.pk)
    assert f"{reverse('regulation:text', args=[world.adoption.regulation_id])}#clause-二（五）" in shown
    assert f"{world.conference.government_side}与{world.conference.union_side}联席会议" in shown


def test_what_a_regulation_lacks_is_not_asked_for(desk: Client) -> None:
    town = chengqiao()
    shown = page(desk, "regulationadoption:inspect", town.adoption.pk)
    assert shown.count("不要求") == 7, "name, four steps of a topic, publicity and its days"
    assert "五（五）" in shown


def test_without_its_text_a_regulation_cites_nothing(world: World, desk: Client) -> None:
    former = RegulationAdoption.objects.get(conference=world.conference, judged=False)
    shown = page(desk, "regulationadoption:inspect", former.pk)
    assert "没有条文" in shown
    assert "二（五）" not in shown


def test_no_day_falls_under_two_regulations(world: World, desk: Client) -> None:
    followed = regulation("Y", "新制度")
    typed = {"conference": world.conference.pk, "from_date": "2025-01-01", "chair": "县长本人"}
    answer = page_text(adopt(desk, followed, **typed))
    assert "适用日期重叠" in answer
    assert "县长本人" in answer
    assert RegulationAdoption.objects.filter(conference=world.conference).count() == 2


def test_turned_days_are_told_at_the_field(world: World, desk: Client) -> None:
    typed = {"conference": world.conference.pk}
    answer = page_text(adopt(desk, regulation("Y", "新制度"), **typed, from_date="2019-02-01", to_date="2019-01-01"))
    assert "最后一日早于起始日" in answer
    assert "约束" not in answer


def test_a_regulation_whose_name_the_conference_does_not_bear_is_not_put_in_force(desk: Client) -> None:
    place = ConferenceFactory.create(name="某地联席会", government_side="某县人民政府", union_side="某县总工会")
    answer = page_text(adopt(desk, regulation("Y", "新制度"), conference=place.pk))
    assert "请写为：某县人民政府与某县总工会联席会议" in answer
    assert not RegulationAdoption.objects.filter(conference=place).exists()


@pytest.mark.parametrize(
    ("state", "there", "absent"), [("now", "〔2024〕19号", "暂行办法"), ("other", "暂行办法", "〔2024〕19号")]
)
def test_adoptions_are_filtered_by_state(world: World, desk: Client, state: str, there: str, absent: str) -> None:
    shown = page(desk, "regulationadoption:index_results", query=f"?state={state}")
    assert there in shown
    assert absent not in shown


# --- lists -----------------------------------------------------------------------------------------------------------
@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["regulation", "regulationadoption"])
def test_lists_take_as_many_queries_for_three_as_for_one(world: World, desk: Client, name: str) -> None:
    counts = []
    for size in (1, 2):
        for number in range(size):
            AdoptionFactory.create(regulation=regulation("Y", f"制度{size}{number}"))
        counts.append(query_count(desk, f"{name}:index"))
    assert counts[0] == counts[1]
