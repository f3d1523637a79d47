"""Load the demonstration through the operations that the views call, as its people and on its dates.

- `load(today)` enters everything up to the day of loading, in one transaction per step. The same day gives the same
  records.
- `state()` says whether the database is empty, holds the demonstration, a part of it, or other data.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import Enum

from django.db import transaction
from tqdm import tqdm

from meetings import clock
from meetings.models import Department, JointConference, Person, Regulation
from portal.demo import base, plan_correction, plan_follow, plan_meeting, plan_public, plan_topics
from portal.demo.all_meetings import MEETINGS
from portal.demo.schedule import Schedule
from portal.demo.timestamps import stamped
from portal.models import DemonstrationLoad
from search.index_maintenance import rebuilt_at_end

FIRST_DAY = date(2026, 6, 10)  # on or after it, dates relative to the day of loading come after the last fixed date


class State(Enum):
    """The content of the database."""

    EMPTY = "empty"
    LOADED = "loaded"
    INTERRUPTED = "interrupted"
    FOREIGN = "foreign"


def state() -> State:
    """Return what the database holds: loading begins with a marker row and ends by marking it complete."""
    marker = DemonstrationLoad.objects.first()
    if marker is not None:
        return State.LOADED if marker.complete else State.INTERRUPTED
    has_other_rows = any(model._default_manager.exists() for model in (Person, JointConference, Regulation, Department))
    return State.FOREIGN if has_other_rows else State.EMPTY


def build_schedule(today: date) -> Schedule:
    """Build the schedule of the whole demonstration up to a day."""
    schedule = Schedule(today)
    base.add_steps(schedule)
    for meeting in MEETINGS:
        explanations = [
            (resolution.key, explanation)
            for earlier in MEETINGS
            for resolution in earlier.resolutions
            for explanation in resolution.explanations
            if explanation.for_meeting == meeting.key
        ]
        plan_topics.add_steps(schedule, meeting)
        plan_meeting.add_steps(schedule, meeting, explanations)
        plan_correction.add_steps(schedule, meeting)
        plan_follow.add_steps(schedule, meeting)
        plan_public.add_steps(schedule, meeting)
    plan_public.add_withdrawal_steps(schedule, MEETINGS)
    plan_public.add_explanation_steps(schedule)
    return schedule


def load(today: date, *, quiet: bool = False) -> DemonstrationLoad:
    """Load the demonstration up to the day before `today`; the caller has checked `state()`."""
    schedule = build_schedule(today)
    marker = DemonstrationLoad.objects.create(day=today)
    with rebuilt_at_end():
        for moment, do in _progress(schedule, quiet=quiet):
            with clock.at(moment), transaction.atomic(), stamped(moment):
                do()
    marker.complete = True
    marker.save()
    return marker


def _progress(schedule: Schedule, *, quiet: bool) -> Iterator[tuple[datetime, Callable[[], object]]]:
    bar = tqdm(schedule.steps(), total=len(schedule), desc="演示数据", unit="步", disable=quiet, mininterval=1)
    for moment, do in bar:
        bar.set_postfix_str(f"{moment:%Y-%m}", refresh=False)
        yield moment, do
