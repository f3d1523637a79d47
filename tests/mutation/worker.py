"""Run tests against changed sources, one change after another, in a separate copy of the repository.

`python -m tests.mutation.worker`, started in the copy, reads one job per line and writes one result per line, as JSON:

    {"path": "meetings/rules/topic.py", "source": "…", "tests": {id: seconds}}
    {"outcome": "killed", "test": id, "why": "…", "ran": 3, "seconds": 4.2}

The process imports packages, but not the project. It forks for each job; the child imports the changed project and runs
the tests in the order of the job up to the first failure. Without a `path` nothing is changed. With `most`, only that
many of the tests run, but all of them must exist.

Outcomes: `killed` (a test failed, or the project no longer starts), `hung` (a test took many times its normal
duration), `survived` (all tests passed), `broken` (tests were not found).
"""

import importlib
import json
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

# Packages that are slow to import and define no models. Others need Django's app registry, and so the project.
PACKAGES = [
    *("PIL.Image", "django.contrib.auth.hashers", "django.db.models", "django.forms", "django.test"),
    *("django.template.defaulttags", "docxtpl", "elasticsearch", "factory.django", "hypothesis", "lxml.html"),
    *("openpyxl", "polib", "psycopg", "pypdf", "pytest_django.plugin", "time_machine", "xdist.plugin"),
]
START_TIMEOUT = 180.0  # seconds until the first test is called: it may have to create the database
TIMEOUT_FACTOR, TIMEOUT_EXTRA = (
    10,
    30.0,
)  # a test that normally takes s seconds hangs after TIMEOUT_FACTOR * s + TIMEOUT_EXTRA


@dataclass
class Result:
    """The result of a job."""

    outcome: str
    test: str = ""
    why: str = ""
    ran: int = 0
    seconds: float = 0.0


@dataclass(eq=False)  # pytest keeps plugins in sets
class SelectedTests:
    """A pytest plugin in the child: runs the tests of the job in its order, and reports each to the parent."""

    order: list[str]
    most: int | None
    pipe: int

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Select the tests of the job, in its order."""
        found = {item.nodeid: item for item in items}
        items[:] = [found[test] for test in self.order if test in found]
        self.send(missing=len(self.order) - len(items))
        del items[len(items) if self.most is None else self.most :]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Report that a test begins."""
        self.send(begins=nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Report that the test is set up."""
        self.send(calls=item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Report a failure."""
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            lines = str(crash.message if crash else report.longrepr).splitlines()
            self.send(failed=report.nodeid, why=lines[0] if lines else "")

    def send(self, **what: Any) -> None:
        """Write a line of JSON to the parent."""
        os.write(self.pipe, json.dumps(what).encode() + b"\n")


@dataclass
class Child:
    """A forked process that runs the tests of a job."""

    process: int
    pipe: int
    events: dict[str, Any] = field(default_factory=dict)
    ran: int = 0
    incomplete_line: bytes = b""

    def watch(self, normal: dict[str, float]) -> bool:
        """Read events until the child ends; return False if a test hung and the child was killed."""
        timeout = START_TIMEOUT
        while select.select([self.pipe], [], [], timeout)[0]:
            read = os.read(self.pipe, 65536)
            if not read:
                return True
            *lines, self.incomplete_line = (self.incomplete_line + read).split(b"\n")
            for line in lines:
                self.events |= (event := json.loads(line))
                self.ran += "begins" in event
                if "calls" in event or self.ran > 1:
                    timeout = TIMEOUT_FACTOR * normal[self.events["begins"]] + TIMEOUT_EXTRA
        os.killpg(self.process, signal.SIGKILL)
        return False


def main() -> None:
    """Run jobs until the input ends."""
    for package in PACKAGES:
        importlib.import_module(package)
    for line in sys.stdin:
        job = json.loads(line)
        began = time.monotonic()
        with changed(job.get("path"), job.get("source", "")):
            result = run(job)
        result.seconds = round(time.monotonic() - began, 1)
        print(json.dumps(asdict(result)), flush=True)


@contextmanager
def changed(name: str | None, source: str) -> Iterator[None]:
    """Write a changed file and restore it; the modification time differs, so that Python does not mix up bytecode."""
    if name is None:
        yield
        return
    path = Path(name)
    before, times = path.read_bytes(), path.stat()
    path.write_text(source, encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns + 10_000_000_000))
    yield
    path.write_bytes(before)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def run(job: dict[str, Any]) -> Result:
    """Run the tests of a job in a child process, up to the first failure."""
    pipe, end = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = Path(folder, "log")
        process = os.fork()
        if not process:
            os.close(pipe)
            _in_child(SelectedTests(list(job["tests"]), job.get("most"), end), log, keep_bytecode="path" not in job)
        os.close(end)
        child = Child(process, pipe)
        ended = child.watch(job["tests"])
        os.close(pipe)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
    if code == pytest.ExitCode.NO_TESTS_COLLECTED or (child.events.get("missing") and "most" in job):
        return Result("broken", why=f"{child.events['missing']} tests were not found")
    return _result(child, ended, code, "\n".join([line for line in lines if line.strip()][-20:]))


def _result(child: Child, ended: bool, code: int, last: str) -> Result:
    events = child.events
    if "failed" in events:
        return Result("killed", events["failed"], events["why"], child.ran)
    if not ended:
        return Result("hung", events.get("begins", ""), "no end in sight", child.ran)
    if code == pytest.ExitCode.OK:
        return Result("survived", ran=child.ran)
    return Result("killed", events.get("begins", ""), f"the run ended with {code}: {last}", child.ran)


def _in_child(selected: SelectedTests, log: Path, *, keep_bytecode: bool) -> None:
    os.setpgid(0, 0)
    output = os.open(log, os.O_CREAT | os.O_WRONLY)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    # Temporary files of the child are removed with the folder.
    os.environ["TMPDIR"] = tempfile.tempdir = str(log.parent)
    sys.dont_write_bytecode = not keep_bytecode
    files = sorted({test.partition("::")[0] for test in selected.order})
    options = ["-q", "-x", "--tb=line", "-p", "no:randomly", "-p", "no:cacheprovider"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # plugins are imported before pytest rewrites them
    code = 1
    try:
        code = int(pytest.main([*options, *files], plugins=[selected]))
    except BaseException:  # noqa: BLE001  # the child must always end here
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
