"""Whatever is done, in whatever order, embedded index and Elasticsearch hold what their sources say then."""

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
from meetings.operations.conference import save_conference, save_regulation
from meetings.operations.meeting import explain
from meetings.operations.people import merge_department, save_department
from meetings.operations.progress import assign, report_done, report_progress, return_resolution
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
Act = Callable[["Office", int], Any]


@dataclass
class Office:
    """A county with a decision under way, two that are public, and news."""

    world: World
    decided: Resolution
    outcome: OutcomePage
    news: Article


def renamed(office: Office, number: int) -> None:
    department = Department.objects.get(pk=office.world.department.pk)
    department.name = f"县财政{number}局"
    save_department(department, by=office.world.administrator)


def changed(office: Office, name: str, value: str) -> None:
    conference = JointConference.objects.get(pk=office.world.conference.pk)
    setattr(conference, name, value)
    save_conference(conference, by=office.world.administrator)


def tagged(office: Office, number: int) -> None:
    edit_resolution(office.decided, by=office.world.gov_clerk, tags=[f"标签{number}"])


def tag_renamed(office: Office, number: int) -> None:
    for tag in (*RecordTag.objects.all()[:1], *PublicTag.objects.all()[:1]):
        tag.name = f"{tag._meta.model_name}新名{number}"
        tag.save()


def tag_deleted(office: Office, number: int) -> None:
    RecordTag.objects.all()[:1].get().delete() if RecordTag.objects.exists() else None


def news_edited(office: Office, number: int) -> None:
    page = Article.objects.get(pk=office.news.pk)
    page.title = f"新闻{number}"
    page.tags.add(f"便民{number}")
    page.save_revision(user=office.world.writer)
    publish(page, office.world)


def news_moved(office: Office, number: int) -> None:
    page = Article.objects.get(pk=office.news.pk)
    page.move(page.get_parent().get_parent(), pos="last-child")


def another_sitting(office: Office, number: int) -> None:
    """A meeting from its plan to its issued minutes, by every step between; what is unfinished is explained to it."""
    world = office.world
    before = Resolution.objects.filter(minutes__meeting__conference=world.conference, state__in=UNFINISHED)
    issue_next(world, next_minutes(world, *before, day=NEXT_YEAR + timedelta(days=number)))


def withdrawn(office: Office) -> Resolution:
    return office.outcome.items.order_by("-sort_order")[0].resolution


def released_again(office: Office, number: int) -> None:
    page = lift_withdrawal(withdrawn(office), by=office.world.gov_clerk)
    publish(page, office.world, sender=office.world.gov_clerk)


def regulation_renamed(office: Office, number: int) -> None:
    regulation = Regulation.objects.get(pk=office.world.adoption.regulation_id)
    regulation.number = f"垣政办发〔2024〕{100 + number}号"
    save_regulation(regulation, by=office.world.administrator)


ACTS: dict[str, Act] = {
    "another sitting": another_sitting,
    "correct": lambda it, n: corrected(it.world, it.decided.minutes, title=f"更正后的事项{n}"),
    "withdraw": lambda it, n: withdraw(withdrawn(it), reason="文字有误", by=it.world.gov_clerk),
    "release again": released_again,
    "another regulation number": regulation_renamed,
    "propose": lambda it, n: save_topic(it.world.topic(title=f"议题{n}", side="union"), by=it.world.union_clerk),
    "rename the department": renamed,
    "merge departments": lambda it, n: merge_department(
        it.world.other_department, into=it.world.department, by=it.world.administrator
    ),
    "tag": tagged,
    "rename a tag": tag_renamed,
    "delete a tag": tag_deleted,
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
    "another address": lambda it, n: changed(it, "slug", f"place-{n}"),
    "another name": lambda it, n: changed(it, "short_name", f"新县{n}"),
    "close": lambda it, n: tighten_disclosure(
        it.outcome.items.all()[0].resolution, by=it.world.gov_clerk, disclosure=Disclosure.CLOSED, reason="隐私"
    ),
    "take down": lambda it, n: take_down(it.outcome, reason="文字有误", by=it.world.gov_clerk),
    "edit the news": news_edited,
    "move the news": news_moved,
    "delete the news": lambda it, n: Article.objects.get(pk=it.news.pk).delete(),
    "bring": lambda it, n: outbox_worker.deliver(refresh=True),  # else `agrees` would not see it
}


@pytest.fixture
def office() -> Iterator[Office]:
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
        yield Office(world, decided, outcome, news)


def act(office: Office, name: str, number: int) -> None:
    """Do it in a savepoint; what the rules refuse at that moment leaves nothing."""
    with suppress(Refused, Article.DoesNotExist), transaction.atomic():
        ACTS[name](office, number)


BEGUN = ["withdraw", "release again", "another sitting", "correct", "propose", "tag", "rename a tag"]
FIRST = [*BEGUN, "assign", "report", "report done", "return", "bring", "edit the news"]
LAST = ["close", "take down", "delete the news", "delete a tag"]


def test_each_of_them_is_done_and_both_indices_follow(office: Office) -> None:
    order = [*FIRST, *sorted(set(ACTS) - {*FIRST, *LAST}), *LAST]
    for number, name in enumerate(order, 1):
        ACTS[name](office, number)
        if number % 7 == 0:
            agrees()
    agrees()


@pytest.mark.parametrize("seed", SEEDS)
def test_any_order_leaves_both_indices_as_their_sources(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(1, 25):
        act(office, chance.choice(sorted(ACTS)), number)
        if chance.random() < 0.2:
            agrees()
    agrees()


def agrees() -> None:
    """Both indices say what the sources say."""
    assert list(differences()) == []
    assert list(engine().faults()) == []
    outbox_worker.deliver(refresh=True)
    assert list(index_build.differences(SearchIndex.objects.get(ready=True).name)) == []
