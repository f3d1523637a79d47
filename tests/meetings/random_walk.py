"""Random operations on the records of a world, each by a person who may perform it, on days that go by.

- `Walk(world, seed)`: `act()` performs one operation, chosen at random, and returns its name. Refused operations change
  nothing.
- `Walk.people`: everybody who may act. `Walk.done`: how often each operation was performed; rare ones are preferred.
"""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from meetings import clock
from meetings.enums import AttendanceStatus, DeadlineKind, Disclosure, MinutesState, TopicState, Verdict
from meetings.machines import machine_of
from meetings.machines.base import Input
from meetings.models import Attendance, Meeting, Minutes, Opinion, Person, Resolution, Topic
from meetings.operations.agenda import add_topic
from meetings.operations.attendance import draw_attendance, set_attendance
from meetings.operations.correction import discard_correction
from meetings.operations.meeting import explain, save_meeting
from meetings.operations.minutes import edit_minutes
from meetings.operations.resolution import add_resolution, edit_resolution, remove_resolution, tighten_disclosure
from meetings.operations.steps import STEPS
from meetings.operations.tenures import end_tenure, succeed
from meetings.operations.topic import give_opinion, override_objection, save_topic
from meetings.queries.meeting import unfinished_before
from meetings.refusal import Refused
from tests.meetings.factories import TopicFactory, World
from tests.meetings.steps import AFTER, at

NAMES = (
    *("gov_clerk", "union_clerk", "head", "liaison_leader", "gov_leader", "union_head", "union_leader"),
    *("liaison", "other_liaison", "writer", "administrator", "auditor", "stranger"),
)
MODELS: tuple[type[Model], ...] = (Topic, Meeting, Minutes, Resolution)
MOST_REFUSED = 12
OTHER_SHARE = 0.5  # of the operations that are not steps


class Walk:
    """A world in which time goes by and people act at random."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance, self.today, self.number = world, random.Random(seed), AFTER, 0
        self.done = Counter[str]()

    @property
    def others(self) -> "dict[str, Callable[[Any], object]]":
        """The operations that are no steps, by name."""
        return OTHERS

    @property
    def people(self) -> list[Person]:
        """Everybody, read anew: rights are read on each request."""
        keys = [getattr(self.world, name).pk for name in NAMES]
        return list(Person.objects.filter(pk__in=keys).order_by("pk"))

    def act(self) -> str:
        """Perform one operation and return its name. An operation that is refused changes nothing; another follows."""
        self.number += 1
        self.today += timedelta(days=self.chance.choice((0, 0, 1, 3, 12)))
        with clock.at(self.today):
            for _try in range(MOST_REFUSED):
                name = self.chance.choice(["step", *self.others] if self.chance.random() < OTHER_SHARE else ["step"])
                act: Callable[[Any], object] = Walk.step if name == "step" else self.others[name]
                with suppress(Refused), transaction.atomic():
                    name = str(act(self) or name)
                    self.done[name] += 1
                    return name
        return ""

    def step(self) -> str:
        """Perform a step that somebody is offered on some record."""
        records: list[Any] = [record for model in MODELS for record in model._default_manager.order_by("pk")]
        people = self.people
        self.chance.shuffle(records)
        for record in records:
            self.chance.shuffle(people)
            for person in people:
                for step in machine_of(record).open_steps(person, record):
                    name = f"{record._meta.model_name}.{step.transition.action}"
                    often = self.done[name] + step.transition.back
                    if step.seat is None or step.missing or self.chance.random() < often / (often + 1):
                        continue
                    inputs = {field.name: self.value(field, record) for field in step.transition.inputs_for(record)}
                    STEPS[type(record)][step.transition.action](record, by=person, **inputs)
                    return name
        raise Refused("none", code="none")

    def value(self, field: Input[Any], record: Model) -> object:
        """Return a value for an input of a step."""
        options = list(field.options(record)) if field.options else []  # type: ignore[call-overload]
        if field.kind in {"departments", "tenures"}:
            return options[:2]
        if field.kind == "choice":
            return self.chance.choice(options) if options else None
        if field.kind == "files":
            return ()
        if field.kind == "date":
            return self.today
        return f"垣政办纪〔{self.today.year}〕{self.number}号" if field.name == "number" else "理由充分。"

    def any(self, model: type[Model], **filters: object) -> Any:
        """Return a row of the model at random; `Refused` if there is none."""
        rows = list(model._default_manager.filter(**filters).order_by("pk"))
        if not rows:
            raise Refused("none", code="none")
        return self.chance.choice(rows)


def _propose(walk: Walk) -> None:
    world = walk.world
    topic = TopicFactory.build(
        conference=world.conference, proposer=world.union_office, category=world.category(), side="union"
    )
    topic.title = f"关于第{walk.number}件事的议题"
    save_topic(topic, by=world.union_clerk)


def _plan(walk: Walk) -> None:
    day = walk.today + timedelta(days=walk.chance.choice((1, 5, 40)))
    meeting = Meeting(
        conference=walk.world.conference,
        title=f"会议{walk.number}",
        time=at(day),
        place=walk.chance.choice(("", "会议室")),
        kind=walk.chance.choice(("regular", "regular", "special")),
        consultation="情况紧急",
        chair=walk.world.tenures["head"],
    )
    save_meeting(meeting, by=walk.world.gov_clerk)


def _edit_meeting(walk: Walk) -> None:
    meeting = walk.any(Meeting)
    meeting.place, meeting.time = "二楼", meeting.time + timedelta(days=walk.chance.choice((0, 2)))
    save_meeting(meeting, by=walk.world.union_clerk)


def _list_topic(walk: Walk) -> None:
    add_topic(walk.any(Meeting), walk.any(Topic, state=TopicState.AGREED), by=walk.world.union_clerk)


def _draw(walk: Walk) -> None:
    draw_attendance(walk.any(Meeting), by=walk.world.gov_clerk)


def _reply(walk: Walk) -> None:
    row, person = walk.any(Attendance), walk.chance.choice(walk.people)
    set_attendance(row, by=person, status=walk.chance.choice((AttendanceStatus.ATTENDS, AttendanceStatus.INVITED)))


def _all_came(walk: Walk) -> None:
    for row in walk.any(Meeting).attendance.filter(status=AttendanceStatus.INVITED):
        set_attendance(row, by=walk.world.gov_clerk, status=AttendanceStatus.ATTENDS)


def _explain(walk: Walk) -> None:
    meeting = walk.any(Meeting)
    for row in unfinished_before(meeting):
        explain(row.resolution, meeting, by=walk.world.gov_clerk, text="资金尚未下达。", opinion="继续办理。")


def _give_opinion(walk: Walk) -> None:
    row = walk.any(Opinion)
    verdict = walk.chance.choice((Verdict.AGREE, Verdict.OBJECT))
    give_opinion(row, by=walk.chance.choice(walk.people), verdict=verdict, text="意见如下。")


def _override(walk: Walk) -> None:
    override_objection(walk.any(Opinion, verdict=Verdict.OBJECT), by=walk.world.union_clerk, reason="已经说明")


def _complete_minutes(walk: Walk) -> None:
    minutes = walk.any(Minutes)
    edit_minutes(minutes, by=walk.world.gov_clerk, title=minutes.title, body="<p>会议认为……</p>", disclosure="public")


def _add_resolution(walk: Walk) -> None:
    world = walk.world
    parts = [(world.department, "lead"), (world.other_department, "co")]
    kind = walk.chance.choice((DeadlineKind.NEXT_MEETING, DeadlineKind.NONE))
    words = {"title": f"事项{walk.number}", "text": "抓好落实。", "deadline_kind": kind}
    words["deadline_text"] = "下次会议前" if kind == DeadlineKind.NEXT_MEETING else ""
    add_resolution(walk.any(Minutes), by=world.gov_clerk, parts=parts, **words)


def _edit_resolution(walk: Walk) -> None:
    row, day = walk.any(Resolution), walk.today + timedelta(days=walk.chance.choice((5, 60)))
    fields: dict[str, Any] = {
        "deadline_kind": DeadlineKind.DATE,
        "deadline": day,
        "deadline_text": f"{day:%Y年%-m月%-d日}前",
    }
    edit_resolution(row, by=walk.world.union_clerk, parts=[(walk.world.department, "lead")], **fields)


def _continue(walk: Walk) -> None:
    minutes = walk.any(Minutes, state=MinutesState.DRAFT)
    before = [row.resolution for row in unfinished_before(minutes.meeting)]
    words: dict[str, Any] = {
        "title": f"继续{walk.number}",
        "text": "继续抓好。",
        "continues": walk.chance.choice([*before, None]),
    }
    add_resolution(minutes, by=walk.world.gov_clerk, parts=[(walk.world.department, "lead")], **words)


def _remove_resolution(walk: Walk) -> None:
    remove_resolution(walk.any(Resolution), by=walk.world.gov_clerk)


def _tighten(walk: Walk) -> None:
    tighten_disclosure(walk.any(Resolution), by=walk.world.gov_clerk, disclosure=Disclosure.CLOSED, reason="隐私")


def _discard(walk: Walk) -> None:
    discard_correction(walk.any(Minutes), by=walk.world.gov_clerk, reason="不需要")


def _hand_over(walk: Walk) -> None:
    """Let the stranger take over a post, or let its holder leave."""
    tenure = walk.world.tenures[walk.chance.choice(("union_clerk", "head", "liaison", "union_head", "liaison_leader"))]
    if walk.chance.random() < 0.5:
        succeed(tenure.post, walk.world.stranger, by=None, from_date=walk.today)
    else:
        end_tenure(tenure, by=None, on=walk.today)


OTHERS: dict[str, Callable[[Any], object]] = {
    "propose": _propose,
    "plan": _plan,
    "edit meeting": _edit_meeting,
    "list topic": _list_topic,
    "draw attendance": _draw,
    "reply": _reply,
    "everybody came": _all_came,
    "explain": _explain,
    "give opinion": _give_opinion,
    "override": _override,
    "complete minutes": _complete_minutes,
    "add resolution": _add_resolution,
    "edit resolution": _edit_resolution,
    "continue resolution": _continue,
    "remove resolution": _remove_resolution,
    "tighten": _tighten,
    "discard correction": _discard,
    "hand over": _hand_over,
}
