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

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from tests import template

# No deadline: how long an example takes tells of the machine, not of the code.
_CALM = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
hypothesis_settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=_CALM)
hypothesis_settings.register_profile("soak", deadline=None, max_examples=1200, suppress_health_check=_CALM)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder that all workers share."""
    if not hasattr(config, "workerinput"):
        template.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take away what all workers shared."""
    if not hasattr(config, "workerinput"):
        template.end()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Begin the suite's own database as a copy of the one that was migrated."""
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["TEMPLATE"] = template.migrated().rpartition("/")[2]
            yield
        else:
            with closing(template.fill_memory()):
                yield


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by what its file is called, not by the bytes: those of a new file differ from worker to worker."""
    return argname if isinstance(val, bytes) else None


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


@pytest.fixture(autouse=True)
def _connection_outlives_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that closes an answer ends its request, at which Django drops a connection that is in a transaction.

    Here that is the test's own. SQLite in memory never notices; a server's connection would be gone.
    """
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_if_idle(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:
            close(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close_if_idle)
