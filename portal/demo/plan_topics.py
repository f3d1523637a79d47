"""The way of the topics before a sitting (`Y 2(1)(2)`, `C 5(1)`)."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from math import ceil
from typing import Any

from django.core.files.base import ContentFile

from meetings import clock
from meetings.models import Person, Topic, TopicCategory
from meetings.operations.attachment import attach
from meetings.operations.topic import (
    agree_topic,
    approve_topic,
    ask_opinions,
    confer_topic,
    give_opinion,
    override_objection,
    record_study,
    return_topic,
    save_topic,
    submit_topic,
)
from meetings.queries.conference import adoption_on
from portal.demo import actors
from portal.demo.data_types import Proposal, Sheet, Sitting, View, resolve
from portal.demo.files import content
from portal.demo.plan_paper import topic_on_paper
from portal.demo.schedule import Diary

Step = Callable[..., None]


def before(diary: Diary, sitting: Sitting, days: int) -> date:
    """A day before the sitting; what takes months before a regular one takes days before a special one."""
    pace = 0.1 if sitting.kind == "special" else 1
    return resolve(sitting.on, diary.today) - timedelta(days=ceil(days * pace))


def uploads(sheets: tuple[Sheet, ...]) -> list[ContentFile[bytes]]:
    """The generated files, as somebody would upload them."""
    return [ContentFile(content(sheet), name=sheet.name) for sheet in sheets]


def tell(diary: Diary, sitting: Sitting) -> None:
    """Plan the way of each topic, as far as it comes."""
    for topic in sitting.topics:
        plan = partial(_plan, diary, sitting, topic)
        plan(66, _draft)
        if topic.ends != "draft":
            plan(64, _submit)
            _after_submission(plan, topic, county=sitting.conference in actors.BY_THE_NOTICE)


def _plan(diary: Diary, sitting: Sitting, topic: Proposal, days: int, do: Step, *args: Any, hour: int = 9) -> None:
    diary.write(before(diary, sitting, days), partial(do, sitting.conference, topic, *args), hour=hour)


def _after_submission(plan: Callable[..., None], topic: Proposal, *, county: bool) -> None:
    if topic.returned:
        plan(61, _return)
        return
    if topic.ends == "submitted":
        return
    if county:
        plan(60, _confer, "gov-clerk", hour=10)
        plan(58, _confer, "union-clerk", hour=10)
        plan(54, _approve, hour=15)
    plan(52, _ask)
    for number, view in enumerate(topic.views):
        plan(48 - number, _answer, view, hour=11)
        if view.overridden:
            plan(42, _override, view)
    if county and topic.joint:
        plan(38, _study)
    if topic.ends != "opinions":
        plan(32, _agree)


def _author(slug: str, topic: Proposal) -> Person:
    """A union's topic is entered by the union's clerk, a department's by its liaison."""
    return actors.office(slug, "union-clerk") if topic.side == "union" else actors.liaison(topic.proposer)


def _draft(slug: str, topic: Proposal) -> None:
    place = actors.conference(slug)
    rules = adoption_on(place, clock.today())
    if rules is None:
        raise LookupError(f"{topic.key}: no regulation in force")
    row = Topic(
        key=topic.key,
        conference=place,
        side=topic.side,
        proposer=actors.department(topic.proposer),
        category=TopicCategory.objects.filter(regulation=rules.regulation, facet=topic.facet)[0],
        title=topic.title,
        text=topic.text,
        research=topic.research,
    )
    save_topic(row, by=_author(slug, topic))
    attach(row, by=_author(slug, topic), files=uploads(topic.files))


def _submit(slug: str, topic: Proposal) -> None:
    submit_topic(actors.topic(topic.key), by=_author(slug, topic))


def _return(slug: str, topic: Proposal) -> None:
    return_topic(actors.topic(topic.key), by=actors.office(slug, "gov-clerk"), reason=topic.returned)


def _confer(slug: str, topic: Proposal, clerk: str) -> None:
    confer_topic(actors.topic(topic.key), by=actors.office(slug, clerk), opinion="同意作为联席会议议题")


def _approve(slug: str, topic: Proposal) -> None:
    if topic.on_paper:
        topic_on_paper(slug, actors.topic(topic.key), "同意，请抓紧联合调研。")
        return
    approve_topic(actors.topic(topic.key), by=actors.office(slug, "liaison"), opinion="同意，请抓紧联合调研")


def _ask(slug: str, topic: Proposal) -> None:
    units = [actors.department(view.unit) for view in topic.views]
    ask_opinions(actors.topic(topic.key), by=actors.secretary(slug), departments=units)


def _answer(slug: str, topic: Proposal, view: View) -> None:
    opinion = actors.topic(topic.key).opinions.get(department__name=view.unit)
    give_opinion(opinion, by=actors.liaison(view.unit), verdict=view.verdict, text=view.text)


def _override(slug: str, topic: Proposal, view: View) -> None:
    opinion = actors.topic(topic.key).opinions.get(department__name=view.unit)
    override_objection(opinion, by=actors.secretary(slug), reason=view.overridden)


def _study(slug: str, topic: Proposal) -> None:
    record_study(
        actors.topic(topic.key),
        by=actors.office(slug, "union-clerk"),
        joint_research=topic.joint,
        proposal_report=topic.report,
    )


def _agree(slug: str, topic: Proposal) -> None:
    county = slug in actors.BY_THE_NOTICE
    side = "union-clerk" if county or topic.side == "union" else "gov-clerk"
    agree_topic(actors.topic(topic.key), by=actors.office(slug, side))
