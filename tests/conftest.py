"""What every test may use: profiles for random testing, a signed-in person, a second client.

- `admin_user`, `admin_client` come from pytest-django (a person who may do everything), `client` and
  `django_assert_num_queries` too.
- Time is frozen with time-machine's fixture `time_machine`: `time_machine.move_to(…)`, `time_machine.shift(…)`.
- `HYPOTHESIS_PROFILE=soak` makes each property try twenty times as many examples (`make soak`).
"""

import gc
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from tests import database_template, stories, timing
from tests.shared_world import kept_worlds

# Tests of models, rules, operations and queries of the records run on both databases.
BOTH_DATABASES = Path(__file__).parent / "meetings"
QUERY_COUNTS = {"django_assert_num_queries", "django_assert_max_num_queries"}

# No deadline: how long an example takes tells of the machine, not of the code.
_CALM = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
hypothesis_settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=_CALM)
hypothesis_settings.register_profile("soak", deadline=None, max_examples=1200, suppress_health_check=_CALM)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder that all workers share."""
    if not hasattr(config, "workerinput"):
        database_template.begin()
        timing.register(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take away what all workers shared."""
    if not hasattr(config, "workerinput"):
        database_template.end()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Begin the suite's own database as a copy of the one that was migrated."""
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["TEMPLATE"] = database_template.migrated().rpartition("/")[2]
            yield
        else:
            with closing(database_template.fill_memory()):
                yield


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by what its file is called, not by the bytes: those of a new file differ from worker to worker."""
    return argname if isinstance(val, bytes) else None


# Groups of tests that take long begin first, so that no worker waits for the other at the end.
LONG_GROUPS = ("browser-acting", "doors", "browser-reading", "crash", "crawl", "demo", "processes")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark tests before any is chosen by its markers; put long groups first after all were shuffled."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if QUERY_COUNTS & names or item.path.parent == BOTH_DATABASES:
            item.add_marker(pytest.mark.postgresql)
        if "node" in names:
            item.add_marker(pytest.mark.elasticsearch)
    yield
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    mark = item.get_closest_marker("xdist_group")
    group = mark.args[0] if mark else ""
    return LONG_GROUPS.index(group) if group in LONG_GROUPS else len(LONG_GROUPS)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run where what shares one world would be spread over several workers, each building its own."""
    gc.collect()
    gc.freeze()  # what is loaded by now stays; walking through it again and again is a tenth of the time
    if os.environ.get("PYTEST_XDIST_WORKER"):
        for item in session.items:
            if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
                raise pytest.UsageError("pytest-xdist does not keep groups together: is its pytest one that it knows?")


@pytest.fixture
def other_client() -> Client:
    """A second browser, for what two people do at once."""
    return Client()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Renew the search index in the tests that read it, and in no other: it is half of all SQL of a step.

    A test that reads the index nevertheless fails: it would find nothing, whatever it looks for.
    """
    from search.engines.embedded import EmbeddedEngine
    from search.index_updates import resting

    if item.get_closest_marker("search_index"):
        return (yield)

    def refuse(*args: Any, **kwargs: Any) -> None:
        pytest.fail("this test reads the search index, which is not renewed: mark it `search_index`")

    with resting(), pytest.MonkeyPatch.context() as patch:
        for read in ("search", "suggest", "checksums", "faults"):  # many pages list what is similar, for no test
            patch.setattr(EmbeddedEngine, read, refuse)
        return (yield)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Keep a copy of the suite's database as it is before the first test."""
    with django_db_blocker.unblock():
        stories.copy_migrated()


@pytest.fixture(autouse=True)
def _stories(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell `tests.stories` in which database a test begins, and whether its settings or code are altered."""
    if "_django_db_helper" not in request.fixturenames and not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("_django_db_helper")
    altered = "settings" in request.fixturenames or request.node.get_closest_marker("search_index")
    stories.begin(known=not altered and not kept_worlds(), patched=lambda: bool(monkeypatch._setattr))


@pytest.fixture(autouse=True, scope="session")
def _connection_outlives_answers() -> Iterator[None]:
    """A test that closes an answer ends its request, at which Django drops a connection that is in a transaction.

    Here that is the test's own. SQLite in memory never notices; a server's connection would be gone.
    """
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_if_idle(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:
            close(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close_if_idle)
        yield
