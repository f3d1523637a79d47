"""Property of work items: after any operations, exactly those who may act have a task, and nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from meetings import clock
from meetings.enums import ResolutionState
from meetings.machines import machine_of
from meetings.machines.base import Step
from meetings.models import Person, WorkItem
from meetings.operations.meeting import explain
from meetings.operations.work import sources, work_differences
from meetings.queries.meeting import unfinished_before
from meetings.rules.addressees import work_of
from tests.meetings.factories import World, chengqiao, yuanqu
from tests.meetings.follow_up import under_way
from tests.meetings.random_walk import MODELS, Walk
from tests.meetings.steps import AFTER, in_approval, planned_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LENGTH = 40


def assert_exact() -> None:
    """The stored tasks are those of the records as they are now."""
    for source in sources():
        found = [(d.left_over, d.missing, d.changed) for d in work_differences(source)]
        assert found == [], source.name


def expected(person: Person, record: Any) -> bool:
    """Whether the machine offers this person a step forward now that moves the record, or that is awaited.

    A second definition, through `open_steps`, which decides for one person, and not through the tasks.
    """
    return any(moves(person, record, step) for step in machine_of(record).open_steps(person, record))


def moves(person: Person, record: Any, step: Step[Any]) -> bool:
    row = step.transition
    if row.back or step.seat is None or (row.panel and step.missing):
        return False
    if record.state in (ResolutionState.UNDER_WAY, ResolutionState.RETURNED) and row.action.startswith("report"):
        return False  # from a day that depends on the deadline; `test_work` has these
    if row.action == "hold" and record.time.date() > clock.today():
        return False
    if row.action == "verify" and record.pending_completion().author_id == person.pk:
        return False
    return bool(row.panel or row.action == "draft_minutes" or (row.target and row.target != record.state))


def assert_for_those_who_may_act(walk: Walk) -> None:
    items = list(WorkItem.objects.filter(closed_at=None))
    for person in walk.people:
        mine = set(work_of(person).values_list("pk", flat=True))
        for model in MODELS:
            rows: list[Any] = list(model._default_manager.all())
            for record in rows:
                on_it = [
                    item
                    for item in items
                    if item.pk in mine and item.object_id == record.pk and item.content_type.model_class() is model
                ]
                actions = {item.action.partition(".")[2] for item in on_it}
                steps = {step.transition.action: step for step in machine_of(record).open_steps(person, record)}
                for action in actions & steps.keys():
                    assert steps[action].seat is not None, (person, record, action)
                    assert not (steps[action].transition.panel and steps[action].missing), (person, record, action)
                if expected(person, record):
                    assert actions, (person, record, record.state)


WORLDS = [pytest.param(make, seed, id=f"{make.__name__}-{seed}") for make in (yuanqu, chengqiao) for seed in (1, 2)]


@pytest.mark.parametrize(("make", "seed"), WORLDS)
def test_every_task_is_there_and_none_is_left_over(make: Callable[[], World], seed: int) -> None:
    world = make()
    under_way(world)
    in_approval(world, title="送审中的会议")
    planned = planned_meeting(world, AFTER + timedelta(days=25), title="筹备中的会议")
    with clock.at(AFTER):
        for row in unfinished_before(planned):
            explain(row.resolution, planned, by=world.gov_clerk, text="资金尚未下达。", opinion="继续办理。")
    walk = Walk(world, seed)
    assert_exact()
    for number in range(LENGTH):
        walk.act()
        if number % 6 == 0 or number == LENGTH - 1:
            with clock.at(walk.today):
                assert_exact()
                assert_for_those_who_may_act(walk)
