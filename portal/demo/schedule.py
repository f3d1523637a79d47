"""The diary of the story: who does what on which day, told in order and ended by the day of loading.

Key concepts
- `Diary.write(day, do, hour=…)`: plan one step; steps of the day of loading or later are left out, so that what is
  under way on that day stays under way.
- `Diary.entries()`: the steps in order, each with its moment.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from portal.demo.data_types import Day, resolve

PAUSE = timedelta(minutes=3)  # between two steps of one day


@dataclass(order=True)
class Entry:
    """One step: its day and hour, its place among those of the same hour, and what is done."""

    day: date
    hour: int
    serial: int
    do: Callable[[], Any] = field(compare=False)


class Diary:
    """Collects the steps of the story and puts them in order."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._entries: list[Entry] = []

    def write(self, day: Day, do: Callable[[], Any], *, hour: int = 9) -> None:
        """Plan a step; one that has not come yet on the day of loading is left out."""
        when = resolve(day, self.today)
        if when < self.today:
            self._entries.append(Entry(when, hour, len(self._entries), do))

    def entries(self) -> Iterator[tuple[datetime, Callable[[], Any]]]:
        """The steps in order; two steps never share a moment."""
        last = None
        for entry in sorted(self._entries):
            moment = timezone.make_aware(datetime.combine(entry.day, time(entry.hour)))
            if last is not None and moment <= last:
                moment = last + PAUSE
            last = moment
            yield moment, entry.do

    def __len__(self) -> int:
        return len(self._entries)
