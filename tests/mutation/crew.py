"""Parallel workers, each in its own copy of the repository, so that the checkout is never changed.

- `worker_pool(folder)`: a context manager that starts workers, with their copies in `folder`.
- `WorkerPool.each(jobs, until=…)`: runs all jobs and yields results as they arrive.
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
TEST_DATABASES = Path("var/test-databases")
Job = dict[str, Any]


@dataclass
class WorkerPool:
    """The workers, and a queue of idle ones."""

    workers: list[subprocess.Popen[str]]
    idle: queue.SimpleQueue[subprocess.Popen[str]] = field(default_factory=queue.SimpleQueue)

    def each(self, jobs: Iterable[Job], *, until: float = float("inf")) -> Iterator[tuple[int, Result]]:
        """Run the jobs; yield the number and result of each as it arrives.

        When `time.monotonic()` reaches `until`, the remaining jobs are abandoned and the workers are stopped.
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
        """Terminate the workers, even while they run a job."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait()


@contextmanager
def worker_pool(folder: Path) -> Iterator[WorkerPool]:
    """Create the copies and start the workers; stop the workers afterwards."""
    started = WorkerPool([_start(folder / f"copy{number}") for number in range(WORKERS)])
    for worker in started.workers:
        started.idle.put(worker)
    try:
        yield started
    finally:
        started.stop()


def _start(copy: Path) -> subprocess.Popen[str]:
    shutil.copytree(ROOT, copy, symlinks=True, ignore=NOT_COPIED)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    if (ROOT / TEST_DATABASES).exists():  # a separate copy: a change may create another database
        shutil.copytree(ROOT / TEST_DATABASES, copy / TEST_DATABASES)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.mutation.worker"],
        cwd=copy,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a keyboard interrupt reaches only the parent process
    )
