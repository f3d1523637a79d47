"""Runs tests against changed sources, one change after another, inside a private copy of the repository.

`python -m tests.mutation.worker`, started in the copy, reads a job a line and answers with a result a line, both JSON:

    {"path": "meetings/rules/topic.py", "source": "…", "tests": {id: seconds}}
    {"outcome": "killed", "test": id, "why": "…", "ran": 3, "seconds": 4.2}

The process has imported the packages, not the project. For each job it forks; the child imports the changed project and
runs the tests in the order of the job up to the first failure. Without a `path` nothing is changed; with `most` only
as many of the tests run, but all of them must be there.
Outcomes: `killed` (a test failed, or the project no longer starts), `hung` (a test took many times its usual time),
`survived` (all tests passed), `broken` (the tests could not be found).
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

# What costs most to import and knows no models. The rest needs Django's apps, and with them the project.
PACKAGES = [
    *("PIL.Image", "babel", "django.contrib.auth.hashers", "django.db.models", "django.forms", "django.test"),
    *("django.template.defaulttags", "docxtpl", "elasticsearch", "factory.django", "hypothesis", "lxml.html"),
    *("openpyxl", "polib", "psycopg", "pypdf", "pytest_django.plugin", "time_machine", "xdist.plugin"),
]
START = 180.0  # seconds until the first test is called: it may have to make the database
TIMES, ANYWAY = 10, 30.0  # a test that took s seconds hangs after TIMES * s + ANYWAY


@dataclass
class Result:
    """What became of a job."""

    outcome: str
    test: str = ""
    why: str = ""
    ran: int = 0
    seconds: float = 0.0


@dataclass(eq=False)  # pytest keeps plugins in sets
class Chosen:
    """A plugin of pytest in the child: runs the tests of the job in its order, and tells the parent of each."""

    order: list[str]
    most: int | None
    pipe: int

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep the tests of the job, in its order."""
        found = {item.nodeid: item for item in items}
        items[:] = [found[test] for test in self.order if test in found]
        self.tell(missing=len(self.order) - len(items))
        del items[len(items) if self.most is None else self.most :]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Tell which test begins."""
        self.tell(begins=nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Tell that the test is set up."""
        self.tell(calls=item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell of a failure."""
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            lines = str(crash.message if crash else report.longrepr).splitlines()
            self.tell(failed=report.nodeid, why=lines[0] if lines else "")

    def tell(self, **what: Any) -> None:
        """Write a line to the parent."""
        os.write(self.pipe, json.dumps(what).encode() + b"\n")


@dataclass
class Child:
    """A forked process that runs the tests of a job."""

    process: int
    pipe: int
    told: dict[str, Any] = field(default_factory=dict)
    ran: int = 0
    rest: bytes = b""

    def watch(self, normal: dict[str, float]) -> bool:
        """Follow the child until it ends; False if a test hung and the child was killed."""
        patience = START
        while select.select([self.pipe], [], [], patience)[0]:
            read = os.read(self.pipe, 65536)
            if not read:
                return True
            *lines, self.rest = (self.rest + read).split(b"\n")
            for line in lines:
                self.told |= (event := json.loads(line))
                self.ran += "begins" in event
                if "calls" in event or self.ran > 1:
                    patience = TIMES * normal[self.told["begins"]] + ANYWAY
        os.killpg(self.process, signal.SIGKILL)
        return False


def main() -> None:
    """Answer jobs until the input ends."""
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
    """Write a changed file and restore it, with times that tell Python which bytecode is of which."""
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
    """Run the tests of a job in a child up to the first failure."""
    pipe, end = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = Path(folder, "log")
        process = os.fork()
        if not process:
            os.close(pipe)
            _in_child(Chosen(list(job["tests"]), job.get("most"), end), log, keep_bytecode="path" not in job)
        os.close(end)
        child = Child(process, pipe)
        ended = child.watch(job["tests"])
        os.close(pipe)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
    if code == pytest.ExitCode.NO_TESTS_COLLECTED or (child.told.get("missing") and "most" in job):
        return Result("broken", why=f"{child.told['missing']} tests were not found")
    return _result(child, ended, code, "\n".join([line for line in lines if line.strip()][-20:]))


def _result(child: Child, ended: bool, code: int, last: str) -> Result:
    told = child.told
    if "failed" in told:
        return Result("killed", told["failed"], told["why"], child.ran)
    if not ended:
        return Result("hung", told.get("begins", ""), "no end in sight", child.ran)
    if code == pytest.ExitCode.OK:
        return Result("survived", ran=child.ran)
    return Result("killed", told.get("begins", ""), f"the run ended with {code}: {last}", child.ran)


def _in_child(chosen: Chosen, log: Path, *, keep_bytecode: bool) -> None:
    os.setpgid(0, 0)
    output = os.open(log, os.O_CREAT | os.O_WRONLY)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    # What the child leaves behind goes with the folder.
    os.environ["TMPDIR"] = tempfile.tempdir = str(log.parent)
    sys.dont_write_bytecode = not keep_bytecode
    files = sorted({test.partition("::")[0] for test in chosen.order})
    options = ["-q", "-x", "--tb=line", "-p", "no:randomly", "-p", "no:cacheprovider"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of plugins that were imported before
    code = 1
    try:
        code = int(pytest.main([*options, *files], plugins=[chosen]))
    except BaseException:  # noqa: BLE001  # the child must end here, whatever has come
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
