"""Selection of the tests to run against a change."""

import json
from pathlib import Path

import pytest
from coverage import CoverageData

from tests.mutation.mutators import Mutation
from tests.mutation.reach import ROOT, Lines, Reach, read

FIXTURE = "fixture:tests/a/test_topic.py::story"
TOPIC, MINUTES, LONG = "tests/a/test_topic.py::one", "tests/a/test_minutes.py::two", "tests/a/test_topic.py::long"


def change(path: str = "meetings/rules/topic.py", lines: tuple[int, ...] | None = (3,)) -> Mutation:
    return Mutation(path, 0, 0, "", "call", 3, lines)


def reach(lines: Lines, *, own: Lines | None = None, shared: dict[str, list[str]] | None = None) -> Reach:
    seconds = {TOPIC: 1.0, MINUTES: 2.0, LONG: 50.0}
    used: dict[str, list[str]] = {test: [] for test in seconds} | (shared or {})
    return Reach(seconds, used, {FIXTURE: 30.0}, lines if own is None else own, lines)


def test_the_tests_named_after_the_module_come_first_then_those_that_reach_least() -> None:
    found = reach({"meetings/rules/topic.py": {3: {MINUTES, LONG, TOPIC}, 4: {LONG}}})

    assert list(found.selection(change()).tests) == [TOPIC, LONG, MINUTES]


def test_tests_that_reach_a_line_themselves_come_before_those_that_share_what_reaches_it() -> None:
    path = "meetings/rules/topic.py"
    found = reach({path: {3: {TOPIC, MINUTES, LONG}}}, own={path: {3: {MINUTES}}})

    assert list(found.selection(change()).tests) == [MINUTES, LONG, TOPIC]


def test_what_takes_too_long_is_left_out_but_for_the_first() -> None:
    found = reach({"meetings/rules/topic.py": {3: {MINUTES, LONG, TOPIC}, 4: {LONG}}})

    short, none = found.selection(change(), limit=10), found.selection(change(), limit=0)

    assert (list(short.tests), short.left_out) == ([TOPIC, MINUTES], 1)
    assert (list(none.tests), none.left_out) == ([TOPIC], 2)


def test_tests_that_share_a_fixture_stay_together_and_may_take_its_time() -> None:
    lines = {"meetings/rules/minutes.py": {3: {MINUTES, LONG, TOPIC}, 4: {LONG}, 5: {MINUTES, LONG}}}
    found = reach(lines, shared={TOPIC: [FIXTURE], LONG: [FIXTURE]})

    chosen = found.selection(change("meetings/rules/other.py"), limit=1000).tests
    assert chosen == {}

    chosen = found.selection(change("meetings/rules/minutes.py", (3,)), limit=1000).tests
    assert chosen == {MINUTES: 2.0, TOPIC: 31.0, LONG: 80.0}


@pytest.mark.parametrize("path", ["meetings/rules/topic.py", "meetings/rules/table.py"])
def test_what_runs_at_import_counts_as_reached_by_the_tests_of_its_file_or_else_its_folder(path: str) -> None:
    found = reach({"meetings/rules/topic.py": {3: {TOPIC}, 9: {LONG}}, "meetings/queries/topic.py": {1: {MINUTES}}})

    assert found.tests_of(change(path, None)) == {TOPIC, LONG}


def test_a_line_of_a_shared_fixture_is_reached_by_all_tests_that_use_it(tmp_path: Path) -> None:
    inner = "fixture:tests/a::inner"
    measured = CoverageData(str(tmp_path / "coverage"))
    for context, line in ((f"{TOPIC}|run", 1), (FIXTURE, 2), (inner, 3), (f"{MINUTES}@group|setup", 4), ("", 5)):
        measured.set_context(context)
        measured.add_lines({str(ROOT / "meetings/rules/topic.py"): [line]})
    measured.write()
    shared = {"seconds": 3.0, "inner": [inner], "node": "tests/a/test_topic.py"}
    notes = {
        "tests": {
            TOPIC: {"seconds": 1.0, "shared": [FIXTURE]},
            LONG: {"seconds": 1.0, "shared": [FIXTURE]},
            MINUTES: {"seconds": 1.0, "shared": []},
        },
        "shared": {FIXTURE: shared, inner: {"seconds": 2.0, "inner": [], "node": "tests/a"}},
    }
    (tmp_path / "1.json").write_text(json.dumps(notes))

    found = read(tmp_path / "coverage", tmp_path)

    users, path = {TOPIC, LONG}, "meetings/rules/topic.py"
    assert found.own == {path: {1: {TOPIC}, 2: set(), 3: set(), 4: {MINUTES}, 5: set()}}
    assert found.lines == {path: {1: {TOPIC}, 2: users, 3: users, 4: {MINUTES}, 5: set()}}
