"""Schedule the steps of topics before a meeting (`Y 2(1)(2)`, `C 5(1)`)."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from math import ceil

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
from portal.demo.data_types import GeneratedFile, MeetingData, OpinionData, TopicData, resolve
from portal.demo.files import content
from portal.demo.plan_paper import topic_on_paper
from portal.demo.schedule import Schedule

Step = Callable[..., None]


def before(schedule: Schedule, meeting: MeetingData, days: int) -> date:
    """Return the date `days` before the meeting; a tenth of it, rounded up, before a special meeting."""
    factor = 0.1 if meeting.kind == "special" else 1
    return resolve(meeting.on, schedule.today) - timedelta(days=ceil(days * factor))


def uploads(files: tuple[GeneratedFile, ...]) -> list[ContentFile[bytes]]:
    """Return the generated files as uploads."""
    return [ContentFile(content(file), name=file.name) for file in files]


def add_steps(schedule: Schedule, meeting: MeetingData) -> None:
    """Schedule the steps of each topic up to its last one."""
    for topic in meeting.topics:
        schedule_step = partial(_schedule, schedule, meeting, topic)
        schedule_step(66, _draft)
        if topic.last_step != "draft":
            schedule_step(64, _submit)
            _after_submission(schedule_step, topic, county=meeting.conference in actors.UNDER_COUNTY_NOTICE)


def _schedule(
    schedule: Schedule, meeting: MeetingData, topic: TopicData, days: int, do: Step, *args: object, hour: int = 9
) -> None:
    schedule.add(before(schedule, meeting, days), partial(do, meeting.conference, topic, *args), hour=hour)


def _after_submission(schedule_step: Callable[..., None], topic: TopicData, *, county: bool) -> None:
    if topic.returned:
        schedule_step(61, _return)
        return
    if topic.last_step == "submitted":
        return
    if county:
        schedule_step(60, _confer, "gov-clerk", hour=10)
        schedule_step(58, _confer, "union-clerk", hour=10)
        schedule_step(54, _approve, hour=15)
    schedule_step(52, _ask_opinions)
    for number, opinion in enumerate(topic.opinions):
        schedule_step(48 - number, _give_opinion, opinion, hour=11)
        if opinion.override_reason:
            schedule_step(42, _override, opinion)
    if county and topic.joint:
        schedule_step(38, _study)
    if topic.last_step != "opinions":
        schedule_step(32, _agree)


def _author(slug: str, topic: TopicData) -> Person:
    """Return who enters a topic: the union's clerk for the union side, else the liaison of the department."""
    return actors.post_holder(slug, "union-clerk") if topic.side == "union" else actors.liaison(topic.proposer)


def _draft(slug: str, topic: TopicData) -> None:
    conference = actors.conference(slug)
    adoption = adoption_on(conference, clock.today())
    if adoption is None:
        raise LookupError(f"{topic.key}: no regulation in force")
    row = Topic(
        key=topic.key,
        conference=conference,
        side=topic.side,
        proposer=actors.department(topic.proposer),
        category=TopicCategory.objects.filter(regulation=adoption.regulation, facet=topic.facet)[0],
        title=topic.title,
        text=topic.text,
        research=topic.research,
    )
    save_topic(row, by=_author(slug, topic))
    attach(row, by=_author(slug, topic), files=uploads(topic.files))


def _submit(slug: str, topic: TopicData) -> None:
    submit_topic(actors.topic(topic.key), by=_author(slug, topic))


def _return(slug: str, topic: TopicData) -> None:
    return_topic(actors.topic(topic.key), by=actors.post_holder(slug, "gov-clerk"), reason=topic.returned)


def _confer(slug: str, topic: TopicData, clerk: str) -> None:
    confer_topic(actors.topic(topic.key), by=actors.post_holder(slug, clerk), opinion="同意作为联席会议议题")


def _approve(slug: str, topic: TopicData) -> None:
    if topic.on_paper:
        topic_on_paper(slug, actors.topic(topic.key), "同意，请抓紧联合调研。")
        return
    approve_topic(actors.topic(topic.key), by=actors.post_holder(slug, "liaison"), opinion="同意，请抓紧联合调研")


def _ask_opinions(slug: str, topic: TopicData) -> None:
    departments = [actors.department(opinion.department) for opinion in topic.opinions]
    ask_opinions(actors.topic(topic.key), by=actors.preparing_clerk(slug), departments=departments)


def _give_opinion(slug: str, topic: TopicData, data: OpinionData) -> None:
    opinion = actors.topic(topic.key).opinions.get(department__name=data.department)
    give_opinion(opinion, by=actors.liaison(data.department), verdict=data.verdict, text=data.text)


def _override(slug: str, topic: TopicData, data: OpinionData) -> None:
    opinion = actors.topic(topic.key).opinions.get(department__name=data.department)
    override_objection(opinion, by=actors.preparing_clerk(slug), reason=data.override_reason)


def _study(slug: str, topic: TopicData) -> None:
    record_study(
        actors.topic(topic.key),
        by=actors.post_holder(slug, "union-clerk"),
        joint_research=topic.joint,
        proposal_report=topic.report,
    )


def _agree(slug: str, topic: TopicData) -> None:
    county = slug in actors.UNDER_COUNTY_NOTICE
    side = "union-clerk" if county or topic.side == "union" else "gov-clerk"
    agree_topic(actors.topic(topic.key), by=actors.post_holder(slug, side))
