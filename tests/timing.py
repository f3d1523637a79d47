"""Measure the duration of tests, and print the table at the end of `make test`.

As a pytest plugin, it writes the seconds of each test to a file in the folder in TEST_TIMES. As a program,
`python -m tests.timing FOLDER` prints seconds by group of tests and by database, and the ten slowest tests. The seconds
of a test are the sum of set-up, test and tear-down in its worker.
"""

import json
import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest

FOLDER = "TEST_TIMES"
SLOWEST = 10
# The group of a test is that of the first prefix of its path.
GROUPS = {
    "tests/browser": "browser",
    "tests/crash": "crash",
    "tests/doors": "table of doors",
    "tests/meetings/test_processes.py": "concurrency",
    "tests/portal/test_load_demo.py": "demonstration",
    "tests/publicity/test_crawl.py": "crawl",
    "tests/search": "search",
    "tests/meetings": "meetings",
    "tests/publicity": "publicity",
    "tests/portal": "portal",
}


class Times:
    """A pytest plugin that adds up the duration of each test and writes the sums when the run ends."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add the duration of one phase of a test."""
        self.seconds[report.nodeid.partition("@")[0]] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.seconds), encoding="utf-8")


def register(config: pytest.Config) -> None:
    """Register the plugin if TEST_TIMES is set; called in the process that starts the workers."""
    if folder := os.environ.get(FOLDER):
        config.pluginmanager.register(Times(Path(folder, f"{os.environ.get('TEST_RUN', 'tests')}.json")))


def group(nodeid: str) -> str:
    """Return the group of a test."""
    return next((name for start, name in GROUPS.items() if nodeid.startswith(start)), "other")


def table(runs: dict[str, dict[str, float]]) -> str:
    """Return seconds and number of tests by group in each run, and the slowest tests of all runs."""
    rows: defaultdict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for run, tests in runs.items():
        for nodeid, seconds in tests.items():
            rows[group(nodeid)][run].append(seconds)
            rows["all"][run].append(seconds)
    lines = ["".join([f"{'seconds of one worker':24}", *(f"{run:>24}" for run in runs)])]
    for name, found in sorted(rows.items(), key=lambda row: -sum(map(sum, row[1].values()))):
        cells = (f"{sum(found[run]):8.0f} ({len(found[run])} tests)" if run in found else "" for run in runs)
        lines.append("".join([f"{name:24}", *(f"{cell:>24}" for cell in cells)]))
    slow = sorted(((seconds, run, nodeid) for run, tests in runs.items() for nodeid, seconds in tests.items()))
    lines += ["", "the slowest tests", *(f"{s:8.1f}  {run}  {nodeid}" for s, run, nodeid in slow[: -SLOWEST - 1 : -1])]
    return "\n".join(lines)


def main() -> None:
    """Print the table of the runs in the given folder, in the order in which they ended."""
    files = sorted(Path(sys.argv[1]).glob("*.json"), key=lambda file: file.stat().st_mtime)
    print(table({file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}))  # noqa: T201


if __name__ == "__main__":
    main()
