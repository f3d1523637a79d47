"""After any operations in any order, embedded index and Elasticsearch equal their sources."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from meetings import clock
from meetings.enums import UNFINISHED, Disclosure
from meetings.models import Department, JointConference, RecordTag, Regulation, Resolution
from meetings.operations.conference import save_conference
from meetings.operations.department import merge_department, save_department
from meetings.operations.meeting import explain
from meetings.operations.progress import assign, report_done, report_progress, return_resolution
from meetings.operations.regulation import correct_words
from meetings.operations.resolution import edit_resolution, tighten_disclosure
from meetings.operations.topic import save_topic
from meetings.refusal import Refused
from publicity.models import Article, OutcomePage, PublicTag
from publicity.operations.outcomes import lift_withdrawal
from publicity.operations.pages import take_down
from publicity.operations.releases import withdraw
from search.engines.elasticsearch import index_build, outbox_worker
from search.engines.selection import engine
from search.index_maintenance import differences, rebuild
from search.models import SearchIndex
from tests.meetings.corrections import corrected
from tests.meetings.factories import World
from tests.meetings.follow_up import NEXT_YEAR, next_minutes
from tests.meetings.follow_up import issued as issue_next
from tests.meetings.steps import AFTER, issued_minutes, planned_meeting
from tests.publicity.factories import article, county, issued, public_outcome, publish, resolutions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("elasticsearch")]
SEEDS = range(int(os.environ.get("KILLED_ROUNDS", "1")))
Action = Callable[["Scenario", int], Any]


@dataclass
class Scenario:
    """A county with a resolution in progress, two public ones, and an article."""

    world: World
    decided: Resolution
    outcome: OutcomePage
    news: Article


def rename_department(scenario: Scenario, number: int) -> None:
    department = Department.objects.get(pk=scenario.world.department.pk)
    department.name = f"县财政{number}局"
    save_department(department, by=scenario.world.administrator)


def change_conference(scenario: Scenario, name: str, value: str) -> None:
    conference = JointConference.objects.get(pk=scenario.world.conference.pk)
    setattr(conference, name, value)
    save_conference(conference, by=scenario.world.administrator)


def set_tags(scenario: Scenario, number: int) -> None:
    edit_resolution(scenario.decided, by=scenario.world.gov_clerk, tags=[f"标签{number}"])


def rename_tag(scenario: Scenario, number: int) -> None:
    for tag in (*RecordTag.objects.all()[:1], *PublicTag.objects.all()[:1]):
        tag.name = f"{tag._meta.model_name}新名{number}"
        tag.save()


def delete_tag(scenario: Scenario, number: int) -> None:
    RecordTag.objects.all()[:1].get().delete() if RecordTag.objects.exists() else None


def edit_news(scenario: Scenario, number: int) -> None:
    page = Article.objects.get(pk=scenario.news.pk)
    page.title = f"新闻{number}"
    page.tags.add(f"便民{number}")
    page.save_revision(user=scenario.world.writer)
    publish(page, scenario.world)


def move_news(scenario: Scenario, number: int) -> None:
    page = Article.objects.get(pk=scenario.news.pk)
    page.move(page.get_parent().get_parent(), pos="last-child")


def hold_next_meeting(scenario: Scenario, number: int) -> None:
    """Hold a meeting with all steps from plan to issued minutes. Unfinished resolutions are explained to it."""
    world = scenario.world
    before = Resolution.objects.filter(minutes__meeting__conference=world.conference, state__in=UNFINISHED)
    issue_next(world, next_minutes(world, *before, day=NEXT_YEAR + timedelta(days=number)))


def withdrawn_resolution(scenario: Scenario) -> Resolution:
    return scenario.outcome.items.order_by("-sort_order")[0].resolution


def release_again(scenario: Scenario, number: int) -> None:
    page = lift_withdrawal(withdrawn_resolution(scenario), by=scenario.world.gov_clerk)
    publish(page, scenario.world, sender=scenario.world.gov_clerk)


def rename_regulation(scenario: Scenario, number: int) -> None:
    regulation = Regulation.objects.get(pk=scenario.world.adoption.regulation_id)
    words = {"number": f"垣政办发〔2024〕{100 + number}号"}
    correct_words(regulation, by=scenario.world.administrator, reason="号码有误", texts=words)


ACTIONS: dict[str, Action] = {
    "another sitting": hold_next_meeting,
    "correct": lambda it, n: corrected(it.world, it.decided.minutes, title=f"更正后的事项{n}"),
    "withdraw": lambda it, n: withdraw(withdrawn_resolution(it), reason="文字有误", by=it.world.gov_clerk),
    "release again": release_again,
    "another regulation number": rename_regulation,
    "propose": lambda it, n: save_topic(it.world.topic(title=f"议题{n}", side="union"), by=it.world.union_clerk),
    "rename the department": rename_department,
    "merge departments": lambda it, n: merge_department(
        it.world.other_department, into=it.world.department, by=it.world.administrator
    ),
    "tag": set_tags,
    "rename a tag": rename_tag,
    "delete a tag": delete_tag,
    "assign": lambda it, n: assign(it.decided, by=it.world.gov_clerk),
    "report": lambda it, n: report_progress(it.decided, by=it.world.liaison, text=f"进展{n}。"),
    "report done": lambda it, n: report_done(it.decided, by=it.world.liaison, text="全部完成。"),
    "return": lambda it, n: return_resolution(it.decided, by=it.world.gov_clerk, reason="请补充"),
    "explain": lambda it, n: explain(
        it.decided,
        planned_meeting(it.world, date(2026, 11, 1 + n)),
        by=it.world.gov_clerk,
        text=f"说明{n}",
        opinion="继续办理",
    ),
    "another address": lambda it, n: change_conference(it, "slug", f"place-{n}"),
    "another name": lambda it, n: change_conference(it, "short_name", f"新县{n}"),
    "close": lambda it, n: tighten_disclosure(
        it.outcome.items.all()[0].resolution, by=it.world.gov_clerk, disclosure=Disclosure.CLOSED, reason="隐私"
    ),
    "take down": lambda it, n: take_down(it.outcome, reason="文字有误", by=it.world.gov_clerk),
    "edit the news": edit_news,
    "move the news": move_news,
    "delete the news": lambda it, n: Article.objects.get(pk=it.news.pk).delete(),
    "bring": lambda it, n: outbox_worker.deliver(refresh=True),  # visible, for the comparison
}


@pytest.fixture
def scenario() -> Iterator[Scenario]:
    world = county()
    decided = issued_minutes(world).resolutions.get()
    public = issued(world, items=2)
    outcome = public_outcome(world, public)
    news = article(world, "托管班开班", body=[("text", "<p>开班四个</p>")])
    publish(news, world)
    assert resolutions(public)
    rebuild()
    index_build.build()
    with clock.at(AFTER):
        yield Scenario(world, decided, outcome, news)


def perform(scenario: Scenario, name: str, number: int) -> None:
    """Perform an action in a savepoint. A refused action leaves no changes."""
    with suppress(Refused, Article.DoesNotExist), transaction.atomic():
        ACTIONS[name](scenario, number)


BEGUN = ["withdraw", "release again", "another sitting", "correct", "propose", "tag", "rename a tag"]
FIRST = [*BEGUN, "assign", "report", "report done", "return", "bring", "edit the news"]
LAST = ["close", "take down", "delete the news", "delete a tag"]


def test_each_of_them_is_done_and_both_indices_follow(scenario: Scenario) -> None:
    order = [*FIRST, *sorted(set(ACTIONS) - {*FIRST, *LAST}), *LAST]
    for number, name in enumerate(order, 1):
        ACTIONS[name](scenario, number)
        if number % 7 == 0:
            assert_indices_match()
    assert_indices_match()


@pytest.mark.parametrize("seed", SEEDS)
def test_any_order_leaves_both_indices_as_their_sources(scenario: Scenario, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(1, 25):
        perform(scenario, chance.choice(sorted(ACTIONS)), number)
        if chance.random() < 0.2:
            assert_indices_match()
    assert_indices_match()


def assert_indices_match() -> None:
    """Assert that both indices equal their sources."""
    assert list(differences()) == []
    assert list(engine().faults()) == []
    outbox_worker.deliver(refresh=True)
    assert list(index_build.differences(SearchIndex.objects.get(ready=True).name)) == []
