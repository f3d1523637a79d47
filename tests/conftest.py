"""pytest configuration and fixtures of all tests: databases, markers, order, search index, Hypothesis profiles.

- `client`, `admin_user`, `admin_client` (a superuser) and `django_assert_num_queries` come from pytest-django.
- Time is set with the fixture `time_machine` of time-machine: `time_machine.move_to(…)`, `time_machine.shift(…)`.
- `HYPOTHESIS_PROFILE=soak` makes each property try twenty times as many examples (`make soak`).
"""

import gc
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from tests import database_template, public_wall, stories, timing
from tests.shared_world import open_worlds

# The tests of models, rules, operations and queries in this folder run on both databases.
BOTH_DATABASES = Path(__file__).parent / "meetings"
QUERY_COUNTS = {"django_assert_num_queries", "django_assert_max_num_queries"}

# No deadline: the duration of an example depends on the machine.
_SUPPRESSED_CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
hypothesis_settings.register_profile(
    "default", deadline=None, max_examples=60, suppress_health_check=_SUPPRESSED_CHECKS
)
hypothesis_settings.register_profile("soak", deadline=None, max_examples=1200, suppress_health_check=_SUPPRESSED_CHECKS)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    """Create the folder that all workers share, and register the timing plugin."""
    if not hasattr(config, "workerinput"):
        database_template.begin()
        timing.register(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder that all workers shared."""
    if not hasattr(config, "workerinput"):
        database_template.end()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Make the test database a copy of the migrated database."""
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["TEMPLATE"] = database_template.migrated_database_url().rpartition("/")[2]
            yield
        else:
            with closing(database_template.copy_to_memory()):
                yield


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Use the name of a bytes parameter as its id: the bytes of a generated file differ between workers."""
    return argname if isinstance(val, bytes) else None


# Long groups of tests start first, so that no worker is idle at the end.
LONG_GROUPS = ("browser-acting", "doors", "browser-reading", "crash", "crawl", "demo", "processes")


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain `text in page` by what the page shows: its errors, and the visible text of its main part."""
    if op not in {"in", "not in"} or not isinstance(right, str) or not right.lstrip().lower().startswith("<!doctype"):
        return None
    main = (soup := BeautifulSoup(right, "html.parser")).find("main") or soup
    errors = [found.get_text(" ", strip=True) for found in soup.select(".error-message, .messages, .errorlist")]
    return [f"{left!r} {op} the page", *filter(None, errors), main.get_text(" ", strip=True)[:1500]]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Add markers before pytest selects by marker; after the shuffle, put long groups first."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if QUERY_COUNTS & names or item.path.parent == BOTH_DATABASES:
            item.add_marker(pytest.mark.postgresql)
        if "node" in names:
            item.add_marker(pytest.mark.elasticsearch)
    yield
    items.sort(key=_group_position)


def _group_position(item: pytest.Item) -> int:
    mark = item.get_closest_marker("xdist_group")
    group = mark.args[0] if mark else ""
    return LONG_GROUPS.index(group) if group in LONG_GROUPS else len(LONG_GROUPS)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Fail if pytest-xdist splits a group: each worker would build the shared objects of the group again."""
    gc.collect()
    gc.freeze()  # imported modules stay; collecting them again and again takes a tenth of the time
    if os.environ.get("PYTEST_XDIST_WORKER"):
        for item in session.items:
            if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
                raise pytest.UsageError("pytest-xdist does not keep groups together: is its pytest one that it knows?")


@pytest.fixture(scope="session", autouse=True)
def _public_wall() -> Iterator[None]:
    """Let each anonymous request to a public page fail when it reads a table of records."""
    with public_wall.installed():
        yield


@pytest.fixture
def other_client() -> Client:
    """Return a second client, for tests of two simultaneous users."""
    return Client()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Pause index updates in tests without the marker `search_index`: they are half of all SQL of a step.

    A test without the marker that reads the index fails, because the index is not up to date.
    """
    from search.engines.embedded import EmbeddedEngine
    from search.index_updates import updates_paused

    if item.get_closest_marker("search_index"):
        return (yield)

    def refuse(*args: Any, **kwargs: Any) -> None:
        pytest.fail("this test reads the search index, which is not renewed: mark it `search_index`")

    with updates_paused(), pytest.MonkeyPatch.context() as patch:
        for method in (
            "search",
            "suggest",
            "checksums",
            "faults",
        ):  # `similar` is allowed: many pages call it, but no test without the marker checks its result
            patch.setattr(EmbeddedEngine, method, refuse)
        return (yield)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Remember the rows of the test database before the first test."""
    with django_db_blocker.unblock():
        stories.copy_migrated()


@pytest.fixture(autouse=True)
def _stories(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell `tests.stories` the state of the database before a test, and whether settings or code are changed."""
    if "_django_db_helper" not in request.fixturenames and not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("_django_db_helper")
    altered = "settings" in request.fixturenames or request.node.get_closest_marker("search_index")
    stories.begin(known=not altered and not open_worlds(), patched=lambda: bool(monkeypatch._setattr))


@pytest.fixture(autouse=True, scope="session")
def _keep_connection_in_transaction() -> Iterator[None]:
    """Keep the connection of a test open when the test closes a response.

    Closing a response ends the request, and Django then closes a connection that is in a transaction, here that of the
    test. In-memory SQLite is not affected, but a connection to a server would be lost.
    """
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_if_idle(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:
            close(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close_if_idle)
        yield
