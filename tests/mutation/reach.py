"""The tests that reach each line, from a coverage run of the domain tests.

- `current()`: the `Reach` of the present sources; measured again when sources or tests have changed.
- `Reach.selection(change)`: the tests to run against a change, in order: first those that reach it themselves, not only
  through a shared fixture or story; then those named after the changed module; then those that reach the fewest lines
  themselves.
- `covered_files()`: the files that are changed and measured, from `tool.coverage.run` in pyproject.toml.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coverage import CoverageData

from tests.mutation.contexts import NOTES
from tests.mutation.mutators import Mutation
from tests.mutation.sampling import folder_of

ROOT = Path(__file__).resolve().parents[2]
DATA = Path("var/mutation/coverage")
CHECKSUM = Path("var/mutation/checksum")
TESTS = ["tests/meetings", "tests/publicity", "tests/portal"]
# What these tests reach in other processes is not measured, and they take too long to run against a change.
EXCLUDED_MARKERS = "browser or elasticsearch or concurrency or slow or repeated"
SECONDS_PER_CHANGE = 90.0  # sum of the durations of the tests in the coverage run


Lines = dict[str, dict[int, set[str]]]  # the tests that reach a line, by file and line


@dataclass(frozen=True)
class Selection:
    """The tests to run against a change, in order, with the normal duration of each in seconds."""

    tests: dict[str, float] = field(default_factory=dict)
    left_out: int = 0  # number of tests that reach the change but exceed the time limit


@dataclass
class Reach:
    """The result of a coverage run."""

    seconds: dict[str, float]
    shared: dict[str, list[str]]  # the shared fixtures and stories of each test
    shared_seconds: dict[str, float]
    own: Lines = field(default_factory=dict)  # lines that each test reaches itself
    lines: Lines = field(default_factory=dict)  # including lines reached through shared fixtures and stories

    def __post_init__(self) -> None:
        self.breadth = Counter(test for lines in self.own.values() for tests in lines.values() for test in tests)

    def tests_of(self, change: Mutation) -> set[str]:
        """Return the tests that run a line of the change.

        Code that runs at import counts as reached by all tests that reach its file, or if there are none, its folder.
        """
        if change.lines is not None:
            return _reaching(self.lines, change)
        near = (lines for path, lines in self.lines.items() if folder_of(path) == folder_of(change.path))
        of_file = _union(self.lines.get(change.path, {}).values())
        return of_file or _union(tests for lines in near for tests in lines.values())

    def selection(self, change: Mutation, limit: float = SECONDS_PER_CHANGE) -> Selection:
        """Return the tests to run against a change, in `limit` seconds; tests that share a fixture stay together."""
        module, themselves = Path(change.path).stem, _reaching(self.own, change)
        groups: dict[str, list[tuple[bool, bool, int, str]]] = {}
        for test in self.tests_of(change):
            rank = (test not in themselves, module not in test, self.breadth[test], test)
            groups.setdefault(self._group(test), []).append(rank)
        chosen: dict[str, float] = {}
        spent, left_out = 0.0, 0
        for group in sorted(groups.values(), key=min):
            for *_, test in sorted(group):
                built = sum(self.shared_seconds[key] for key in self.shared[test])
                cost = self.seconds[test] + (built if (test == min(group)[-1]) else 0)
                if chosen and spent + cost > limit:
                    left_out += 1
                    continue
                spent += cost
                chosen[test] = self.seconds[test] + built
        return Selection(chosen, left_out)

    def _group(self, test: str) -> str:
        """Return the group of a test: tests of a class or module that share a fixture run together (built once)."""
        nodes = [key.partition(":")[2].rpartition("::")[0] for key in self.shared[test]]
        return max((node for node in nodes if ".py" in node), key=len, default=test)


def covered_files() -> list[str]:
    """Return the paths of the files that are changed and measured."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = {
        path.relative_to(ROOT).as_posix()
        for pattern in settings["tool"]["coverage"]["run"]["include"]
        for path in ROOT.glob(pattern.replace("/*", "/**/*.py"))
    }
    return sorted(found)


def current() -> Reach:
    """Return what the tests reach in the present sources; this takes minutes if anything has changed."""
    checksum = _checksum()
    if not (CHECKSUM.exists() and CHECKSUM.read_text(encoding="utf-8") == checksum):
        _measure()
        CHECKSUM.write_text(checksum, encoding="utf-8")
    return read(DATA, NOTES)


def read(data: Path, notes: Path) -> Reach:
    """Build the `Reach` from coverage data and the notes that `tests/mutation/contexts.py` has written."""
    tests: dict[str, dict[str, Any]] = {}
    shared: dict[str, dict[str, Any]] = {}
    for note in sorted(notes.glob("*.json")):
        found = json.loads(note.read_text(encoding="utf-8"))
        tests |= found["tests"]
        for key, record in found["shared"].items():
            merged = shared.setdefault(key, record)
            merged["seconds"] = max(merged["seconds"], record["seconds"])
            merged["inner"] += record["inner"]
    used = {test: sorted(_with_inner(record["shared"], shared)) for test, record in tests.items()}
    users: dict[str, set[str]] = {key: set() for key in shared}
    for test, keys in used.items():
        for key in keys:
            users[key].add(test)
    # Fixtures of plugins and the test database take their time once per run, independent of the selected tests.
    seconds = {key: record["seconds"] if "/" in record["node"] else 0.0 for key, record in shared.items()}
    return Reach(
        seconds={test: max(0.0, record["seconds"]) for test, record in tests.items()},
        shared=used,
        shared_seconds=seconds,
        own=_lines(data, lambda context: set() if context in users else {_test_of(context, tests)}),
        lines=_lines(data, lambda context: users[context] if context in users else {_test_of(context, tests)}),
    )


def _lines(data: Path, tests_of: Callable[[str], set[str]]) -> Lines:
    """Return the tests of each line of each file."""
    measured = CoverageData(str(data))
    measured.read()
    result: Lines = {}
    for path in measured.measured_files():
        lines = result[Path(path).relative_to(ROOT).as_posix()] = {}
        for line, contexts in measured.contexts_by_lineno(path).items():
            lines[line] = _union(tests_of(context) for context in contexts if context)
    return result


def _test_of(context: str, tests: Container[str]) -> str:
    """Return the test of pytest-cov's context `<id>|<phase>`; pytest-xdist appends the group of a test to its id."""
    test = context.rpartition("|")[0]
    return test if test in tests else test.rpartition("@")[0]


def _with_inner(keys: Iterable[str], shared: dict[str, dict[str, Any]]) -> set[str]:
    """Return these shared fixtures and stories, and those that they use themselves."""
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += shared[key]["inner"]
    return found


def _reaching(lines: Lines, change: Mutation) -> set[str]:
    found = lines.get(change.path, {})
    return _union(found.get(line, set()) for line in change.lines or ())


def _union(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)


def _checksum() -> str:
    """Return a checksum of all files that the coverage run depends on."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield ROOT / "pyproject.toml"
    for folder in ("portal", "search", "publicity", "meetings", *TESTS):
        yield from sorted((ROOT / folder).rglob("*.py"))
    yield from sorted((ROOT / "tests").glob("*.py"))
    yield ROOT / "tests/mutation/contexts.py"


def _measure() -> None:
    print("Measuring which tests reach which line: some minutes.", flush=True)
    shutil.rmtree(DATA.parent, ignore_errors=True)
    NOTES.mkdir(parents=True)
    workers = ["-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
    pytest = [sys.executable, "-m", "pytest", *workers, "-q", "-p", "no:randomly"]
    measuring = ["-p", "tests.mutation.contexts", "--cov", "--cov-context=test", "--cov-report="]
    done = subprocess.run([*pytest, *measuring, "-m", f"not ({EXCLUDED_MARKERS})", *TESTS], cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit("The tests fail as they are. Mend them first.")
