"""Enters the story: through the operations that the pages call, as its people, on its days.

Key concepts
- `load(today)`: everything up to the day of loading, one transaction a step. The same day gives the same records.
- `state()`: whether the database is empty, holds the story, a part of it, or something else.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db import transaction
from tqdm import tqdm

from meetings import clock
from meetings.models import Department, JointConference, Person, Regulation
from portal.demo import base, plan_correction, plan_follow, plan_meeting, plan_public, plan_topics
from portal.demo.all_meetings import SITTINGS
from portal.demo.schedule import Diary
from portal.demo.timestamps import stamped
from portal.models import DemonstrationLoad
from search.index_maintenance import filled_afterwards

FIRST_DAY = date(2026, 6, 10)  # what hangs on the day of loading then comes after the last fixed day of the story


class State(Enum):
    """What the database holds."""

    EMPTY = "empty"
    LOADED = "loaded"
    INTERRUPTED = "interrupted"
    FOREIGN = "foreign"


def state() -> State:
    """Look what the database holds: the first row of a load is its marker, completed by the last."""
    marker = DemonstrationLoad.objects.first()
    if marker is not None:
        return State.LOADED if marker.complete else State.INTERRUPTED
    held = any(model._default_manager.exists() for model in (Person, JointConference, Regulation, Department))
    return State.FOREIGN if held else State.EMPTY


def write_diary(today: date) -> Diary:
    """Plan the whole story up to a day."""
    diary = Diary(today)
    base.tell(diary)
    for sitting in SITTINGS:
        told = [
            (item.key, words)
            for earlier in SITTINGS
            for item in earlier.items
            for words in item.explained
            if words.at == sitting.key
        ]
        plan_topics.tell(diary, sitting)
        plan_meeting.tell(diary, sitting, told)
        plan_correction.tell(diary, sitting)
        plan_follow.tell(diary, sitting)
        plan_public.tell(diary, sitting)
    plan_public.tell_withdrawals(diary, SITTINGS)
    return diary


def load(today: date, *, quiet: bool = False) -> DemonstrationLoad:
    """Enter the story up to the day before `today`; the caller has looked at `state()`."""
    diary = write_diary(today)
    marker = DemonstrationLoad.objects.create(day=today)
    with filled_afterwards():
        for moment, do in _progress(diary, quiet=quiet):
            with clock.at(moment), transaction.atomic(), stamped(moment):
                do()
    marker.complete = True
    marker.save()
    return marker


def _progress(diary: Diary, *, quiet: bool) -> Iterator[tuple[datetime, Callable[[], Any]]]:
    bar = tqdm(diary.entries(), total=len(diary), desc="演示数据", unit="步", disable=quiet, mininterval=1)
    for moment, do in bar:
        bar.set_postfix_str(f"{moment:%Y-%m}", refresh=False)
        yield moment, do
