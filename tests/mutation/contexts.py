"""A plugin of pytest for the coverage run: how long each test takes, and what it shares with other tests.

A fixture of a class, a module or a session runs within the first test that asks for it, and a story
(`tests/stories.py`) is told within the first test that calls it; pytest-cov would count their lines for that test
alone. Here each of them runs in a context of its own, and each test names those that it uses, so that their lines count
for all of these tests.

Each process writes what it saw to `NOTES`: `{"tests": {id: {"seconds": …, "shared": […]}}, "shared": {context: {…}}}`.
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
_running: list[str] = []  # the contexts of what is shared and runs now, the innermost last
_here: dict[str, Any] = {"item": None, "phase": "setup"}  # the test that runs now


def plain_id(item: pytest.Item) -> str:
    """The id of a test without the group that pytest-xdist appends to it."""
    return item.nodeid.rpartition("@")[0] if item.get_closest_marker("xdist_group") else item.nodeid


def pytest_configure() -> None:
    """Follow the stories, before any module of tests is imported."""
    from tests import stories  # not before pytest-django has read the settings

    vars(stories)["story"] = _followed(stories, stories.story)


# --- tests -----------------------------------------------------------------------------------------------------------
@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure a test."""
    _here.update(item=item, phase="setup")
    tests[plain_id(item)] = {"seconds": 0.0, "shared": []}
    try:
        return (yield)
    finally:
        _here["item"] = None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call() -> None:
    """Note the phase, as pytest-cov names it in its contexts."""
    _here["phase"] = "run"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add the time of a phase of the test."""
    item = _here["item"]
    if item is not None and report.nodeid == item.nodeid:
        tests[plain_id(item)]["seconds"] += report.duration


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Note which of the shared fixtures the test has used: those of its own node or of one above it."""
    _here["phase"] = "teardown"
    if isinstance(item, pytest.Function):
        names = item._request.fixturenames  # with those that were asked for by `getfixturevalue`
        for key, seen in shared.items():
            if seen["name"] in names and item.nodeid.startswith(seen["node"]):
                tests[plain_id(item)]["shared"].append(key)


# --- what is shared --------------------------------------------------------------------------------------------------
@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Iterator[None]:
    """Give a shared fixture a context of its own, and take its time off the test that happens to come first."""
    if fixturedef.scope == "function" or _here["item"] is None:
        return (yield)
    key = f"fixture:{fixturedef.baseid}::{fixturedef.argname}"
    seen = shared.setdefault(key, {"name": fixturedef.argname, "node": fixturedef.baseid, "seconds": 0.0, "inner": []})
    began, outermost = time.perf_counter(), not _running
    with _context(key):
        try:
            return (yield)
        finally:
            took = time.perf_counter() - began
            seen["seconds"] = max(seen["seconds"], took)
            if outermost:
                tests[plain_id(_here["item"])]["seconds"] -= took


def _followed(stories: Any, story: Callable[..., Any]) -> Callable[..., Any]:
    """The decorator `story`, such that each telling has a context of its own and each use is noted."""
    contexts: dict[int, str] = {}  # of the state that the database is in after a story

    def decorator(tell: Callable[..., Any]) -> Callable[..., Any]:
        telling: list[str] = []

        @wraps(tell)
        def tell_in_context(*args: Any, **kwargs: Any) -> Any:
            key = f"story:{os.getpid()}:{len(shared)}:{tell.__qualname__}"
            shared[key] = {"name": "", "node": "", "seconds": 0.0, "inner": []}
            telling.append(key)
            with _context(key):
                return tell(*args, **kwargs)

        told = story(tell_in_context)

        @wraps(tell)
        def noted(*args: Any, **kwargs: Any) -> Any:
            before = len(telling)
            result = told(*args, **kwargs)
            state = id(stories._present.state)
            if len(telling) > before:
                contexts.setdefault(state, telling[before])
            elif state in contexts:
                _use(contexts[state])
            return result

        return noted

    return decorator


@contextmanager
def _context(key: str) -> Iterator[None]:
    """Count the lines inside for what is shared; note that it is used here."""
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
    elif _here["item"] is not None:
        tests[plain_id(_here["item"])]["shared"].append(key)


def _switch() -> None:
    measuring, item = coverage.Coverage.current(), _here["item"]
    if measuring is not None and item is not None:
        measuring.switch_context(_running[-1] if _running else f"{item.nodeid}|{_here['phase']}")


def pytest_sessionfinish() -> None:
    """Write what this process saw."""
    if tests:
        NOTES.mkdir(parents=True, exist_ok=True)
        (NOTES / f"{os.getpid()}.json").write_text(json.dumps({"tests": tests, "shared": shared}), encoding="utf-8")
