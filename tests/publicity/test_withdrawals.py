"""What the records forbid is never public: whatever changes disclosure or state writes a withdrawal in its transaction.

Public pages do not ask the records, so each operation that could make something non-public has to. `WRITERS` lists the
functions that write these fields; a new one fails the first test until it is performed here on something public.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

import meetings.operations
from meetings.enums import Disclosure, MinutesState
from meetings.models import Minutes, Resolution
from meetings.operations.correction import correct_minutes, discard_correction
from meetings.operations.minutes import approve_minutes, issue_minutes, return_minutes, send_minutes
from meetings.operations.progress import assign, report_progress
from meetings.operations.resolution import edit_resolution, loosen_disclosure, tighten_disclosure
from publicity.enums import Stage
from publicity.models import OutcomePage, PublicDecision, Release
from publicity.operations.outcomes import lift_withdrawal
from publicity.operations.releases import release_stage, withdraw
from tests.meetings.factories import World, yuanqu
from tests.meetings.steps import DAY, approvers, at, issued_minutes
from tests.publicity.factories import place, public_outcome, publish
from tests.refusals import refusal

pytestmark = pytest.mark.django_db

OPERATIONS = Path(meetings.operations.__file__).parent
# Functions of `meetings.operations` that set disclosure, state or minutes of a record, with what covers them here.
WRITERS = {
    "base.refresh": "copies what is stored",
    "base.perform_step": "the steps of the minutes and of the follow-up",
    "correction._disclose": "a correction that discloses less",
    "correction.apply_amendment": "a correction",
    "minutes.edit_minutes": "refused for issued minutes",
    "resolution._set_fields": "refused for a settled resolution, but subject and tags; a correction",
    "resolution._tag_amendments": "subject and tags of the draft of a correction",
    "resolution._set_disclosure": "tightening and loosening",
    "resolution.add_resolution": "before the first release",
    "resolution.adopt": "before the first release",
    "seal.minutes_content_changed": "refused for issued minutes",
}
# Other records, and changes that wait for a second person.
ELSEWHERE = {"carry_over", "progress", "topic", "meeting", "preparation", "suspension", "regulation"} | {
    *("changes_of_posts", "changes_of_settings", "changes_of_adoptions", "submitting", "pending_change"),
}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """Let the clock go on from the day after the meeting, so that later steps have later times."""
    with time_machine.travel(at(DAY.replace(day=20)), tick=True):
        yield


@pytest.fixture
def world() -> World:
    found = yuanqu()
    place(found)
    return found


@pytest.fixture
def shown(world: World) -> Resolution:
    """A public resolution of issued minutes that the operations made."""
    minutes = issued_minutes(world)
    public_outcome(world, minutes.meeting)
    return Resolution.objects.get()


def writers() -> Iterator[str]:
    """Yield the functions of the operations that assign one of these fields, as module.function."""
    for file in sorted(OPERATIONS.glob("*.py")):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign | ast.AnnAssign)]
                targets = [part for node in assigned for part in _targets(node)]
                called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
                calls = {name.id for name in called if isinstance(name, ast.Name)}
                if "setattr" in calls or {"disclosure", "state", "minutes"} & {part.attr for part in targets}:
                    yield f"{file.stem}.{function.name}"


def _targets(node: ast.Assign | ast.AnnAssign) -> Iterator[ast.Attribute]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        yield from (part for part in ast.walk(target) if isinstance(part, ast.Attribute))


def test_each_function_that_writes_these_fields_is_known() -> None:
    found = {name for name in writers() if name.partition(".")[0] not in ELSEWHERE}
    assert found == set(WRITERS)


# --- the operations --------------------------------------------------------------------------------------------------
def correct(world: World, **values: Any) -> Minutes:
    """An issued correction that made this change to each resolution."""
    minutes = Minutes.objects.latest("pk")
    correction = correct_minutes(minutes, by=world.gov_clerk, reason="金额误印。")
    for draft in correction.resolutions.all():
        edit_resolution(draft, by=world.gov_clerk, **values)
    correction = send_minutes(Minutes.objects.get(pk=correction.pk), by=world.gov_clerk)
    for person in approvers(world, correction):
        approve_minutes(correction, by=person)
    return issue_minutes(correction, by=world.gov_clerk, number=f"垣政办纪〔2025〕{20 + minutes.pk}号")


def drop_correction(world: World, shown: Resolution) -> None:
    """Start a correction, send it, return it, and discard it."""
    correction = correct_minutes(shown.minutes, by=world.gov_clerk, reason="金额误印。")
    correction = send_minutes(Minutes.objects.get(pk=correction.pk), by=world.gov_clerk)
    correction = return_minutes(correction, by=world.gov_clerk, reason="不必更正")
    discard_correction(correction, by=world.gov_clerk, reason="不必更正")


def follow_up(world: World, shown: Resolution) -> None:
    """Take steps of the follow-up."""
    assign(shown, by=world.gov_clerk)
    report_progress(shown, by=world.liaison, text="已拟定方案。")


def tighten(to: str) -> Callable[[World, Resolution], object]:
    return lambda world, shown: tighten_disclosure(shown, by=world.gov_clerk, disclosure=to, reason="涉及个人隐私")


# Each act, and whether the resolution is public afterwards.
ACTS: dict[str, tuple[Callable[[World, Resolution], object], bool]] = {
    "tighten to on request": (tighten(Disclosure.ON_REQUEST), False),
    "tighten to closed": (tighten(Disclosure.CLOSED), False),
    "correct to on request": (lambda world, shown: correct(world, disclosure=Disclosure.ON_REQUEST), False),
    "correct to closed": (
        lambda world, shown: correct(world, disclosure=Disclosure.CLOSED, disclosure_reason="涉及隐私"),
        False,
    ),
    "correct the text": (lambda world, shown: correct(world, text="每年安排50万元。"), True),
    "correct nothing after all": (drop_correction, True),
    "follow up": (follow_up, True),
    "withdraw": (lambda world, shown: withdraw(shown, reason="误发", by=world.gov_clerk), False),
}


def is_shown(resolution: Resolution) -> bool:
    """Return whether the public reads it: its page and the list agree."""
    number = Resolution.objects.get(pk=resolution.pk).public_number
    page = Client().get(f"/resolutions/{number}/").status_code == 200
    assert (f"/resolutions/{number}/" in Client().get("/outcomes/").content.decode()) is page
    return page


def record_allows(resolution: Resolution) -> bool:
    """Return whether the record may be public."""
    row = Resolution.objects.select_related("minutes").get(pk=resolution.pk)
    return row.disclosure == Disclosure.PUBLIC and row.minutes.state == MinutesState.ISSUED


@pytest.mark.parametrize("act", ACTS)
def test_nothing_stays_public_that_the_record_forbids(world: World, shown: Resolution, act: str) -> None:
    assert is_shown(shown)
    perform, stays = ACTS[act]
    perform(world, shown)
    assert is_shown(shown) is stays
    assert record_allows(shown) or not stays


@pytest.mark.parametrize("act", [name for name, (_act, stays) in ACTS.items() if not stays])
def test_the_withdrawal_is_part_of_the_transaction(world: World, shown: Resolution, act: str) -> None:
    before = Release.objects.count()
    with transaction.atomic():
        ACTS[act][0](world, shown)
        assert not PublicDecision.objects.released()
        transaction.set_rollback(True)
    assert Release.objects.count() == before
    assert record_allows(shown)
    assert is_shown(shown)


def test_what_was_closed_comes_back_only_when_it_is_opened_and_reviewed(world: World, shown: Resolution) -> None:
    tighten(Disclosure.CLOSED)(world, shown)
    with refusal("not_disclosed"):
        lift_withdrawal(Resolution.objects.get(), by=world.gov_clerk)
    with refusal("not_disclosed"):
        release_stage(Resolution.objects.get(), stage=Stage.ADOPTED, by=world.gov_clerk)
    loosen_disclosure(Resolution.objects.get(), by=world.head, disclosure=Disclosure.PUBLIC, reason="职工普遍关心")
    assert not is_shown(shown), "opening it releases nothing"
    publish(lift_withdrawal(Resolution.objects.get(), by=world.gov_clerk), world, sender=world.gov_clerk)
    assert is_shown(shown)


def test_a_release_of_what_was_closed_unnoticed_is_refused_when_it_is_written(world: World, shown: Resolution) -> None:
    """The last check is made where the row is written, for whoever releases."""
    page = OutcomePage.objects.get()
    draft = page.get_latest_revision_as_object()
    draft.intro = "开头改了一个字。"
    draft.save_revision(user=world.gov_clerk)
    Resolution.objects.update(disclosure=Disclosure.ON_REQUEST)
    with refusal("item_not_disclosed"):
        publish(page, world, sender=world.gov_clerk)
