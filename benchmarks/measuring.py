"""Taking times, and what a process or an index takes of the machine.

Key concepts
- `Times`: durations in seconds, told as p50 and p95 in milliseconds. `timed()`: one more of them.
- `Outside`: an iterator that keeps the time of whoever makes its items out of the measured time.
- `resident(pid)`: the memory of a process.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
ALONE = 100_000  # documents that a lone sender sends at most; it never was the faster
ALL = "all"  # questions, of every class


@dataclass
class Times:
    """Durations in seconds."""

    taken: list[float] = field(default_factory=list)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Add how long the block takes."""
        begun = time.perf_counter()
        yield
        self.taken.append(time.perf_counter() - begun)

    def at(self, part: float) -> float:
        """Return the milliseconds that `part` of the durations stay within."""
        if not self.taken:
            return float("nan")
        return 1000 * sorted(self.taken)[max(0, ceil(part * len(self.taken)) - 1)]

    def told(self) -> dict[str, float]:
        """Return how many there are, p50 and p95."""
        return {"calls": len(self.taken), "p50": self.at(0.5), "p95": self.at(0.95)}


def seconds(action: Callable[[], object]) -> float:
    """Return how long `action` takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


class Outside(Generic[T]):
    """Hands on `items`; `waited` are the seconds that they took to be made."""

    def __init__(self, items: Iterable[T]) -> None:
        self.waited = 0.0
        self._items = iter(items)

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        begun = time.perf_counter()
        try:
            return next(self._items)
        finally:
            self.waited += time.perf_counter() - begun


def resident(pid: int | None = None) -> float:
    """Return the megabytes of memory that a process, or this one, holds."""
    lines = Path(f"/proc/{pid or os.getpid()}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
