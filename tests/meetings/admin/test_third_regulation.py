"""A third county enters its own regulation through the pages and follows it: topic, meeting, minutes, 制度对照."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from meetings import clock
from meetings.clauses import Point
from meetings.enums import Disclosure, TopicState, Verdict
from meetings.models import Regulation, RegulationAdoption
from meetings.operations.topic import agree_topic, ask_opinions, confer_topic, give_opinion, submit_topic
from tests.meetings.admin.forms import sent
from tests.meetings.admin.pages import at_desk, landed, page
from tests.meetings.factories import World, yuanqu
from tests.meetings.steps import DAY, issued_minutes

pytestmark = pytest.mark.django_db
ARTICLES: dict[str, list[Point]] = {
    "联席会议每年至少召开一次。": [Point.FREQUENCY],
    "议题由政府、工会有关部门在调研基础上提出，由双方协商确定。": [Point.TOPIC_RESEARCH, Point.TOPIC_CONFER],
    "上会议题应当在会前达成共识。": [Point.TOPIC_AGREE],
    "会议由县长主持，双方商定时间、地点、议程和出席人员。": [Point.CHAIR, Point.MEETING_SETTLE, Point.ATTENDANCE],
    "双方通报工作情况和上次会议议定事项的落实情况。": [Point.BRIEFING, Point.FOLLOW_UP_EXPLAINED],
    "会议形成纪要，经双方领导审定后印发。": [Point.MINUTES],
    "议定事项由双方联合督促落实。": [Point.FOLLOW_UP],
    "会议经费由县财政保障。": [],
}
NUMERALS = "一二三四五六七八"
TEXT = "\n".join(f"第{numeral}条 {words}" for numeral, words in zip(NUMERALS, ARTICLES, strict=True))
OTHERS = re.compile(r"[一二三四五]（[一二三四五六七]）")  # how Y and C number their clauses


def enter(desk: Client) -> Regulation:
    """Enter the regulation: a copy of Y with another text, then what each article governs, the agenda and the rules."""
    document = {"title": "绛县联席会议办法", "number": "绛政办发〔2025〕3号", "issuer": "绛县人民政府办公室"}
    landed(sent(desk, reverse("regulation:add"), **document, source="Y", text=TEXT, disclosure=Disclosure.PUBLIC), desk)
    regulation = Regulation.objects.get(number=document["number"])
    points = {f"clauses-{index}-points": points for index, points in enumerate(ARTICLES.values())}
    rules = dict.fromkeys(("topic_approval", "joint_research", "consensus_report", "publicity_required"))
    edited = {"agenda-0-title": "县政府通报就业形势", "name_pattern": "", "chair": "县长", **points, **rules}
    landed(sent(desk, reverse("regulation:edit", args=[regulation.pk]), **edited), desk)
    return regulation


def adopted(world: World, desk: Client) -> World:
    """Let the conference follow it from the beginning of 2025; the former regulation ends the day before."""
    regulation = enter(desk)
    former = reverse("regulationadoption:edit", args=[world.adoption.pk])
    landed(sent(desk, former, to_date="2024-12-31"), desk)
    adding = f"{reverse('regulationadoption:add')}?regulation={regulation.pk}"
    landed(sent(desk, adding, conference=world.conference.pk, from_date="2025-01-01"), desk)
    return replace(world, adoption=RegulationAdoption.objects.get(regulation=regulation))


@pytest.fixture
def world() -> World:
    world = yuanqu()
    with clock.at(date(2025, 6, 1)):
        return adopted(world, at_desk(world.administrator))


def test_a_topic_takes_the_steps_that_the_regulation_asks_for_and_cites_its_articles(world: World) -> None:
    with clock.at(date(2025, 9, 1)):
        topic = submit_topic(world.topic(), by=world.union_clerk)
        shown = page(at_desk(world.gov_clerk), "topic:inspect", topic.pk)
        assert "第二条" in shown
        assert not OTHERS.search(shown.replace(topic.category.clause, ""))
        confer_topic(topic, by=world.union_clerk)
        confer_topic(topic, by=world.gov_clerk)
        ask_opinions(topic, by=world.union_clerk, departments=[world.other_department])
        give_opinion(topic.opinions.get(), by=world.other_liaison, verdict=Verdict.AGREE)
        agree_topic(topic, by=world.union_clerk)
    assert topic.state == TopicState.AGREED, "without approval and joint research"


def test_a_meeting_starts_with_its_agenda_and_its_minutes_are_issued(world: World) -> None:
    minutes = issued_minutes(world)
    meeting = minutes.meeting
    assert meeting.adoption == world.adoption
    assert meeting.agenda.order_by("order")[0].title == "县政府通报就业形势"
    desk = at_desk(world.gov_clerk)
    for name, record in (("meeting", meeting), ("minutes", minutes), ("resolution", minutes.resolutions.first())):
        if record is not None:
            shown = page(desk, f"{name}:inspect", record.pk)
            assert not OTHERS.search(shown), name
    assert "第六条" in page(desk, "meeting:inspect", meeting.pk)


def test_the_comparison_has_its_articles_in_their_order(world: World) -> None:
    meeting = issued_minutes(world).meeting
    shown = page(at_desk(world.gov_clerk), "meeting:clauses", meeting.pk)
    numbers = re.findall(r">(第.条)</a>", shown)
    assert numbers == sorted(numbers, key=lambda number: NUMERALS.index(number[1]))
    assert {number[1] for number in numbers} == set("二三四五六七八")
    assert "会议经费由县财政保障。" in shown
    assert "宣传" not in shown, "what it does not ask for is not judged"
    assert f"{reverse('regulation:text', args=[world.adoption.regulation_id])}#clause-第六条" in shown


def test_the_yearly_comparison_flags_what_the_regulation_asks_for(world: World) -> None:
    issued_minutes(world)
    shown = page(at_desk(world.gov_clerk), "records_year_clauses", world.conference.pk, DAY.year)
    assert "第一条" in shown
    assert shown.count("会议经费由县财政保障。") == 1, "text alone stands once, not with each meeting"
