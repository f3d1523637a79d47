"""The schedule of the demonstration: the steps that its people take, in order of time, up to the day of loading.

- `Schedule.add(day, do, hour=…)` adds a step. Steps on or after the day of loading are left out, so that work that is
  in progress on that day stays in progress.
- `Schedule.steps()` yields the steps in order, each with its time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from portal.demo.data_types import Day, resolve

PAUSE = timedelta(minutes=3)  # between steps of the same hour


@dataclass(order=True)
class ScheduledStep:
    """One step: its day and hour, its number in order of addition (for steps of the same hour), and a callable."""

    day: date
    hour: int
    serial: int
    do: Callable[[], object] = field(compare=False)


class Schedule:
    """The steps of the demonstration for one day of loading."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._steps: list[ScheduledStep] = []

    def add(self, day: Day, do: Callable[[], object], *, hour: int = 9) -> None:
        """Add a step, unless it is on or after the day of loading."""
        when = resolve(day, self.today)
        if when < self.today:
            self._steps.append(ScheduledStep(when, hour, len(self._steps), do))

    def steps(self) -> Iterator[tuple[datetime, Callable[[], object]]]:
        """Yield the steps in order with their times, which are all different."""
        last = None
        for step in sorted(self._steps):
            moment = timezone.make_aware(datetime.combine(step.day, time(step.hour)))
            if last is not None and moment <= last:
                moment = last + PAUSE
            last = moment
            yield moment, step.do

    def __len__(self) -> int:
        return len(self._steps)
