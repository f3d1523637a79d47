"""A pytest plugin for the coverage run: it records the duration of each test and what it shares with other tests.

A fixture of a class, module or session runs within the first test that requests it, and a story (`tests/stories.py`)
runs within the first test that calls it. pytest-cov would count their lines for that test only. Here each of them runs
in its own coverage context, and each test lists the contexts that it uses, so that their lines count for all of these
tests.

Each process writes its records to `NOTES`: `{"tests": {id: {"seconds": …, "shared": […]}}, "shared": {context: {…}}}`.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import coverage
import pytest

NOTES = Path("var/mutation/notes")
tests: dict[str, dict[str, Any]] = {}
shared: dict[str, dict[str, Any]] = {}
_running: list[str] = []  # contexts of the shared fixtures and stories that run now, innermost last
_test_state: dict[str, Any] = {"item": None, "phase": "setup"}  # the current test


def plain_id(item: pytest.Item) -> str:
    """Return the id of a test without the group that pytest-xdist appends."""
    return item.nodeid.rpartition("@")[0] if item.get_closest_marker("xdist_group") else item.nodeid


def pytest_configure() -> None:
    """Replace the decorator `story`, before any test module is imported."""
    from tests import stories  # only after pytest-django has read the settings

    vars(stories)["story"] = _traced(stories, stories.story)


# --- tests -----------------------------------------------------------------------------------------------------------
@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Start and end the record of a test."""
    _test_state.update(item=item, phase="setup")
    tests[plain_id(item)] = {"seconds": 0.0, "shared": []}
    try:
        return (yield)
    finally:
        _test_state["item"] = None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call() -> None:
    """Set the phase, as pytest-cov names it in its contexts."""
    _test_state["phase"] = "run"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add the duration of a phase of the test."""
    item = _test_state["item"]
    if item is not None and report.nodeid == item.nodeid:
        tests[plain_id(item)]["seconds"] += report.duration


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Record which shared fixtures the test has used: those of its node or of a parent node."""
    _test_state["phase"] = "teardown"
    if isinstance(item, pytest.Function):
        names = item._request.fixturenames  # includes those requested by `getfixturevalue`
        for key, record in shared.items():
            if record["name"] in names and item.nodeid.startswith(record["node"]):
                tests[plain_id(item)]["shared"].append(key)


# --- shared contexts -------------------------------------------------------------------------------------------------
@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Iterator[None]:
    """Run a shared fixture in its own context, and subtract its duration from the test that happens to be first."""
    if fixturedef.scope == "function" or _test_state["item"] is None:
        return (yield)
    key = f"fixture:{fixturedef.baseid}::{fixturedef.argname}"
    record = shared.setdefault(
        key, {"name": fixturedef.argname, "node": fixturedef.baseid, "seconds": 0.0, "inner": []}
    )
    began, outermost = time.perf_counter(), not _running
    with _context(key):
        try:
            return (yield)
        finally:
            took = time.perf_counter() - began
            record["seconds"] = max(record["seconds"], took)
            if outermost:
                tests[plain_id(_test_state["item"])]["seconds"] -= took


def _traced(stories: Any, story: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap the decorator `story`: each run of a story has its own context, and each use is recorded."""
    contexts: dict[int, str] = {}  # by id of the state of the database after a story

    def decorator(function: Callable[..., Any]) -> Callable[..., Any]:
        runs: list[str] = []

        @wraps(function)
        def run_in_context(*args: Any, **kwargs: Any) -> Any:
            key = f"story:{os.getpid()}:{len(shared)}:{function.__qualname__}"
            shared[key] = {"name": "", "node": "", "seconds": 0.0, "inner": []}
            runs.append(key)
            with _context(key):
                return function(*args, **kwargs)

        wrapper = story(run_in_context)

        @wraps(function)
        def noting_wrapper(*args: Any, **kwargs: Any) -> Any:
            before = len(runs)
            result = wrapper(*args, **kwargs)
            state = id(stories._current.state)
            if len(runs) > before:
                contexts.setdefault(state, runs[before])
            elif state in contexts:
                _use(contexts[state])
            return result

        return noting_wrapper

    return decorator


@contextmanager
def _context(key: str) -> Iterator[None]:
    """Attribute the lines that run inside to a shared context, and record its use by the current test."""
    _use(key)
    _running.append(key)
    _switch()
    try:
        yield
    finally:
        _running.pop()
        _switch()


def _use(key: str) -> None:
    if _running:
        shared[_running[-1]]["inner"].append(key)
    elif _test_state["item"] is not None:
        tests[plain_id(_test_state["item"])]["shared"].append(key)


def _switch() -> None:
    measuring, item = coverage.Coverage.current(), _test_state["item"]
    if measuring is not None and item is not None:
        measuring.switch_context(_running[-1] if _running else f"{item.nodeid}|{_test_state['phase']}")


def pytest_sessionfinish() -> None:
    """Write the records of this process."""
    if tests:
        NOTES.mkdir(parents=True, exist_ok=True)
        (NOTES / f"{os.getpid()}.json").write_text(json.dumps({"tests": tests, "shared": shared}), encoding="utf-8")
