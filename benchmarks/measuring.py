"""Measure durations and memory.

- `Times`: durations in seconds, summarized as p50 and p95 in milliseconds. `timed()` adds one.
- `TimedIterator`: an iterator that records the time its source needs, so that it can be subtracted.
- `resident_memory(pid)`: the memory of a process.
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
MOST_FOR_ONE_SENDER = 100_000  # most documents to send with a single sender, which was never the faster way
ALL_CLASSES = "all"  # the class of all questions together


@dataclass
class Times:
    """Durations in seconds."""

    taken: list[float] = field(default_factory=list)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Add the duration of the block."""
        started = time.perf_counter()
        yield
        self.taken.append(time.perf_counter() - started)

    def quantile(self, fraction: float) -> float:
        """Return the quantile `fraction` of the durations in milliseconds."""
        if not self.taken:
            return float("nan")
        return 1000 * sorted(self.taken)[max(0, ceil(fraction * len(self.taken)) - 1)]

    def summary(self) -> dict[str, float]:
        """Return the number of durations, p50 and p95."""
        return {"calls": len(self.taken), "p50": self.quantile(0.5), "p95": self.quantile(0.95)}


def seconds(action: Callable[[], object]) -> float:
    """Return the duration of `action`."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


class TimedIterator(Generic[T]):
    """Iterator over `items`; `waited` is the time in seconds that they took to generate."""

    def __init__(self, items: Iterable[T]) -> None:
        self.waited = 0.0
        self._items = iter(items)

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        started = time.perf_counter()
        try:
            return next(self._items)
        finally:
            self.waited += time.perf_counter() - started


def resident_memory(pid: int | None = None) -> float:
    """Return the resident memory of a process, or of this one, in megabytes."""
    lines = Path(f"/proc/{pid or os.getpid()}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
