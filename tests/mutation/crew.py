"""Workers side by side, each in a private copy of the repository, so that the checkout is never changed.

Key concepts
- `crew(folder)`: a context with started workers; their copies are made in `folder`.
- `Crew.each(jobs, until=…)`: does all jobs and yields results as they come.
"""

import json
import os
import queue
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.mutation.reach import ROOT
from tests.mutation.worker import Result

WORKERS = 2
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "screenshots")
KEPT = Path("var/test-databases")
Job = dict[str, Any]


@dataclass
class Crew:
    """The workers, and which of them have nothing to do."""

    workers: list[subprocess.Popen[str]]
    idle: queue.SimpleQueue[subprocess.Popen[str]] = field(default_factory=queue.SimpleQueue)

    def each(self, jobs: Iterable[Job], *, until: float = float("inf")) -> Iterator[tuple[int, Result]]:
        """Do the jobs; yield the number of each with its result as it comes.

        What is not done when `time.monotonic()` has come to `until` is given up, and the workers with it.
        """
        with ThreadPoolExecutor(len(self.workers)) as pool:
            numbers = {pool.submit(self._do, job): number for number, job in enumerate(jobs)}
            try:
                left = None if until == float("inf") else max(0.0, until - time.monotonic())
                for done in as_completed(numbers, timeout=left):
                    yield numbers[done], done.result()
            except BaseException as error:
                pool.shutdown(wait=False, cancel_futures=True)
                self.stop()
                if not isinstance(error, TimeoutError):
                    raise

    def _do(self, job: Job) -> Result:
        worker = self.idle.get()
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(json.dumps(job) + "\n")
        worker.stdin.flush()
        answer = worker.stdout.readline()
        if not answer:
            raise RuntimeError("a worker ended without an answer")
        self.idle.put(worker)
        return Result(**json.loads(answer))

    def stop(self) -> None:
        """End the workers, whatever they are doing."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait()


@contextmanager
def crew(folder: Path) -> Iterator[Crew]:
    """Make the copies and start the workers; end them afterwards."""
    started = Crew([_start(folder / f"copy{number}") for number in range(WORKERS)])
    for worker in started.workers:
        started.idle.put(worker)
    try:
        yield started
    finally:
        started.stop()


def _start(copy: Path) -> subprocess.Popen[str]:
    shutil.copytree(ROOT, copy, symlinks=True, ignore=NOT_COPIED)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    if (ROOT / KEPT).exists():  # not shared: a change may make another database
        shutil.copytree(ROOT / KEPT, copy / KEPT)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.mutation.worker"],
        cwd=copy,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # an interrupt from the keyboard comes to the one who started it
    )
