"""Regulations and their adoption through the administration pages: rules as data, started from Y or C."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.enums import Disclosure, Facet, Frequency, SettledBy
from meetings.models import Regulation, RegulationAdoption
from meetings.rule_presets import CATEGORIES, PRESETS
from tests.meetings.admin.forms import row, sent
from tests.meetings.admin.pages import at_desk, landed, page, page_text, query_count
from tests.meetings.factories import AdoptionFactory, ConferenceFactory, World, chengqiao, regulation, yuanqu

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
@pytest.mark.parametrize("start", ["Y", "C"])
def test_a_regulation_starts_with_the_categories_of_y_or_c(desk: Client, start: str) -> None:
    typed = {
        "title": "绛县联席会议制度",
        "issuer": "绛县人民政府办公室",
        "disclosure": Disclosure.PUBLIC,
        "start": start,
    }
    shown = landed(
        sent(desk, reverse("regulation:add"), **typed, bases="晋政办发〔2023〕81号\n运政办发〔2024〕7号"), desk
    )
    assert "运政办发〔2024〕7号" in shown
    stored = Regulation.objects.get(title="绛县联席会议制度").categories.values_list("clause", "title", "facet")
    assert sorted(stored) == sorted((clause, name, facet) for clause, name, facet, _closed in CATEGORIES[start])


def test_text_repeals_and_categories_are_changed_in_one_form(world: World, desk: Client) -> None:
    notice, old = world.adoption.regulation, regulation("Y", "更早的办法")
    count = notice.categories.count()
    more = row(
        "categories", count, clause="一（八）", title="灵活就业", facet=Facet.NEW_FORMS, disclosure="public", order=20
    )
    typed = {"text": TEXT, "repeals": old.pk, "categories-0-title": "建功立业竞赛", **more}
    shown = landed(sent(desk, reverse("regulation:edit", args=[notice.pk]), **typed), desk)
    for told in ("更早的办法", "灵活就业", "建功立业竞赛", CLAUSE):
        assert told in shown
    assert notice.categories.count() == count + 1
    assert notice.title in page(desk, "regulation:inspect", old.pk), "and there, by what it is repealed"


def test_a_category_that_topics_use_stays(world: World, desk: Client) -> None:
    used = world.category()
    world.topic(category=used)
    url = reverse("regulation:edit", args=[used.regulation_id])
    index = list(used.regulation.categories.values_list("pk", flat=True)).index(used.pk)
    answer = page_text(sent(desk, url, issuer="县府办", **{f"categories-{index}-DELETE": "on"}))
    assert used.title in answer
    assert "县府办" in answer
    assert used.regulation.categories.filter(pk=used.pk).exists()


# --- adoptions -------------------------------------------------------------------------------------------------------
def adopt(desk: Client, start: str, **typed: Any) -> Any:
    return sent(desk, f"{reverse('regulationadoption:add')}?start={start}", **typed)


@pytest.mark.parametrize("start", ["Y", "C"])
def test_a_preset_fills_every_rule(desk: Client, start: str) -> None:
    place = ConferenceFactory.create()
    followed = regulation(start, "新制度")
    landed(adopt(desk, start, conference=place.pk, regulation=followed.pk, from_date="2025-01-01"), desk)
    adoption = RegulationAdoption.objects.get(conference=place)
    assert {name: getattr(adoption, name) for name in PRESETS[start]} == PRESETS[start]
    assert adoption.from_date == date(2025, 1, 1)


def test_the_form_says_which_clause_each_rule_comes_from(desk: Client) -> None:
    shown = page(desk, "regulationadoption:add", query="?start=C")
    assert "五（二）" in shown
    assert "二（四）" not in shown
    assert "二（四）" in page(desk, "regulationadoption:add", query="?start=Y")
    assert "?start=C" in shown
    assert "?start=Y" in shown


def test_a_rule_is_changed_and_shown_in_words(world: World, desk: Client) -> None:
    url = reverse("regulationadoption:edit", args=[world.adoption.pk])
    changed = {"settled_by": SettledBy.GROUP_HEADS, "frequency": Frequency.IN_PRINCIPLE, "flagged_from_month": "6"}
    assert sent(desk, url, **{**changed, "flagged_from_month": "13"}).status_code == 200
    shown = landed(sent(desk, url, **changed), desk)
    assert "六月" in shown
    assert "协调小组" in shown
    assert "原则上每年一次" in shown
    world.adoption.refresh_from_db()
    assert (world.adoption.settled_by, world.adoption.flagged_from_month) == (SettledBy.GROUP_HEADS, 6)


def test_the_table_names_the_clause_and_quotes_it(world: World, desk: Client) -> None:
    world.adoption.regulation.text = TEXT
    world.adoption.regulation.save()
    shown = page(desk, "regulationadoption:inspect", world.adoption.pk)
    assert "二（五）" in shown
    assert CLAUSE in shown
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
    typed = {
        "conference": world.conference.pk,
        "regulation": followed.pk,
        "from_date": "2025-01-01",
        "chair": "县长本人",
    }
    answer = page_text(adopt(desk, "Y", **typed))
    assert "适用日期重叠" in answer
    assert "县长本人" in answer
    assert RegulationAdoption.objects.filter(conference=world.conference).count() == 2


def test_turned_days_are_told_at_the_field(world: World, desk: Client) -> None:
    typed = {"conference": world.conference.pk, "regulation": regulation("Y", "新制度").pk}
    answer = page_text(adopt(desk, "Y", **typed, from_date="2019-02-01", to_date="2019-01-01"))
    assert "最后一日早于起始日" in answer
    assert "约束" not in answer


def test_a_regulation_whose_name_the_conference_does_not_bear_is_not_put_in_force(desk: Client) -> None:
    place = ConferenceFactory.create(name="某地联席会", government_side="某县人民政府", union_side="某县总工会")
    answer = page_text(adopt(desk, "Y", conference=place.pk, regulation=regulation("Y", "新制度").pk))
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
