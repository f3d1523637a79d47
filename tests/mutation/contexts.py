"""A plugin of pytest for the coverage run: how long each test takes, and what shared fixtures reach.

A fixture of a class, a module or a session runs within the first test that asks for it, and pytest-cov would count its
lines for that test alone. Here it runs in a context of its own, `fixture:<node>::<name>`, and each test names the
shared fixtures that it uses, so that their lines count for all of these tests.

Each process writes what it saw to `NOTES`: `{"tests": {id: {"seconds": …, "fixtures": […]}}, "fixtures": {…}}`.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest

NOTES = Path("var/mutation/notes")
tests: dict[str, dict[str, Any]] = {}
fixtures: dict[str, dict[str, Any]] = {}
_running: list[str] = []  # the shared fixtures that are being set up, the innermost last
_item: list[pytest.Item] = []  # the test that is being run


def plain_id(item: pytest.Item) -> str:
    """The id of a test without the group that pytest-xdist appends to it."""
    return item.nodeid.rpartition("@")[0] if item.get_closest_marker("xdist_group") else item.nodeid


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure a test."""
    _item[:] = [item]
    tests[plain_id(item)] = {"seconds": 0.0, "fixtures": []}
    return (yield)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add the time of a phase of the test."""
    if _item and report.nodeid == _item[0].nodeid:
        tests[plain_id(_item[0])]["seconds"] += report.duration


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Note which of the shared fixtures the test has used: those of its own node or of one above it."""
    if isinstance(item, pytest.Function):
        names = item._request.fixturenames  # with those that were asked for by `getfixturevalue`
        tests[plain_id(item)]["fixtures"] += [
            key for key, seen in fixtures.items() if seen["name"] in names and item.nodeid.startswith(seen["node"])
        ]


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Iterator[None]:
    """Give a shared fixture a context of its own, and take its time off the test that happens to come first."""
    if fixturedef.scope == "function" or not _item:
        return (yield)
    key = f"fixture:{fixturedef.baseid}::{fixturedef.argname}"
    seen = fixtures.setdefault(
        key, {"name": fixturedef.argname, "node": fixturedef.baseid, "seconds": 0.0, "fixtures": []}
    )
    if _running:
        fixtures[_running[-1]]["fixtures"].append(key)
    _running.append(key)
    _switch(key)
    began = time.perf_counter()
    try:
        return (yield)
    finally:
        took = time.perf_counter() - began
        _running.pop()
        _switch(_running[-1] if _running else f"{_item[0].nodeid}|setup")
        seen["seconds"] = max(seen["seconds"], took)
        if not _running:
            tests[plain_id(_item[0])]["seconds"] -= took


def pytest_sessionfinish() -> None:
    """Write what this process saw."""
    if tests:
        NOTES.mkdir(parents=True, exist_ok=True)
        notes = {"tests": tests, "fixtures": fixtures}
        (NOTES / f"{os.getpid()}.json").write_text(json.dumps(notes), encoding="utf-8")


def _switch(context: str) -> None:
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.switch_context(context)
