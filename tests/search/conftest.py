"""Engines for the search tests. A test with the fixture `get_engine` runs on the embedded engine and on Elasticsearch.

The embedded engine uses the database of the test run. Elasticsearch is the node in the environment variable TEST_NODE;
without it, a node is started (`tests/elasticsearch`), once for each pytest worker that has such tests. Elasticsearch is
tested twice: with all changes delivered, and with none delivered, so that all of them are merged as pending changes.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from pytest_django.fixtures import Settings

from search.engines.base import Engine
from search.engines.elasticsearch import index_build, outbox_worker
from search.engines.elasticsearch.circuit_breaker import breaker
from search.engines.elasticsearch.client import reset_connection
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.pending_changes import MAX_PENDING
from search.engines.selection import engine
from search.outbox import backlog

HERE = Path(__file__).resolve().parents[1] / "elasticsearch"
PAGES = {
    "test_public",
    "test_staff",
    "test_admin_boxes",
}  # pages add no SQL of their own
EMBEDDED, DELIVERED, PENDING = "embedded", "elasticsearch", "waiting"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: all need updates of the index, and some need Elasticsearch or PostgreSQL."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.search_index)
        parameters = {str(value) for value in item.callspec.params.values()} if hasattr(item, "callspec") else set()
        names = set(getattr(item, "fixturenames", ()))
        if parameters & {DELIVERED, PENDING} or "elasticsearch" in names:
            item.add_marker(pytest.mark.elasticsearch)
        elif item.path.stem not in PAGES:
            item.add_marker(pytest.mark.postgresql)


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Elasticsearch node."""
    if address := os.environ.get("TEST_NODE"):
        yield address
        return
    if subprocess.run([HERE / "install.sh"], check=False, stdout=sys.stderr).returncode:
        assert os.environ.get("CI") != "true"
        pytest.skip("!!! NOT TESTED ON ELASTICSEARCH: Java or the parts of the node cannot be had")
    with tempfile.TemporaryDirectory(prefix="portal-elasticsearch-") as folder:
        started = subprocess.run([HERE / "node.sh", folder], capture_output=True, text=True, check=False)
        assert started.returncode == 0, started.stderr
        yield f"http://127.0.0.1:{Path(folder, 'port').read_text()}"
        os.kill(int(started.stdout), 9)


@pytest.fixture
def elasticsearch(node: str, settings: Settings, request: pytest.FixtureRequest) -> Iterator[str]:
    """Settings with a node. Index names start with a prefix of this process; the indices are deleted afterwards."""
    name = f"test-{os.getpid()}"
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "HOSTS": [node], "INDEX": name, "TIMEOUT": 10.0}
    reset_connection()
    breaker.close()
    yield node
    with Elasticsearch(node) as connection:  # the test may have changed the settings
        for index in connection.indices.get(index=f"{name}-*").body:
            connection.indices.delete(index=index)
    breaker.close()
    reset_connection()


def _engine_factory(request: pytest.FixtureRequest) -> Callable[[], Engine]:
    if request.param == EMBEDDED:
        return engine
    request.getfixturevalue("elasticsearch")
    index_build.build()

    def get_engine() -> Engine:
        # A property test accumulates deletions in the outbox, and the engine refuses too many pending changes.
        if request.param == DELIVERED or backlog().number > MAX_PENDING:
            outbox_worker.deliver(refresh=True)
        return ElasticsearchEngine(30.0)

    return get_engine


@pytest.fixture(params=[EMBEDDED, DELIVERED, PENDING])
def get_engine(request: pytest.FixtureRequest, db: None) -> Callable[[], Engine]:
    """A function that returns the engine under test, with or without pending changes."""
    return _engine_factory(request)


@pytest.fixture(params=[DELIVERED, PENDING])
def get_elasticsearch_engine(request: pytest.FixtureRequest, db: None) -> Callable[[], Engine]:
    """The same for Elasticsearch only. Its property tests use fewer examples, because each costs several refreshes."""
    return _engine_factory(request)
