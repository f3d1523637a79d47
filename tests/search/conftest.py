"""The engines of the search: a test that takes `answering` runs on the embedded one and on Elasticsearch.

The embedded one is that of the database at hand. Elasticsearch is the node that TEST_NODE names; without one a
node is started (`tests/elasticsearch`), once for each worker that has such tests. It answers twice: when every change
was brought to it, and when none was, so that all of them are laid over its answer.
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
from search.engines.elasticsearch.client import forget
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.pending_changes import MOST
from search.engines.selection import engine
from search.outbox import waiting

HERE = Path(__file__).resolve().parents[1] / "elasticsearch"
PAGES = {"test_public", "test_staff", "test_admin_boxes"}  # their SQL is that of the engine and of queries
EMBEDDED, BROUGHT, WAITING = "embedded", "elasticsearch", "waiting"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the index renewed in every test of this folder, and say what each needs."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.search_index)
        asked = {str(value) for value in item.callspec.params.values()} if hasattr(item, "callspec") else set()
        names = set(getattr(item, "fixturenames", ()))
        if asked & {BROUGHT, WAITING} or "elasticsearch" in names:
            item.add_marker(pytest.mark.elasticsearch)
        elif item.path.stem not in PAGES:
            item.add_marker(pytest.mark.postgresql)


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real node."""
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
    """The settings name a node; its indices begin with a name of this process, and are gone afterwards."""
    name = f"test-{os.getpid()}"
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "HOSTS": [node], "INDEX": name, "TIMEOUT": 10.0}
    forget()
    breaker.close()
    yield node
    with Elasticsearch(node) as own:  # the settings may name something else by now
        for index in own.indices.get(index=f"{name}-*").body:
            own.indices.delete(index=index)
    breaker.close()
    forget()


def _asked(request: pytest.FixtureRequest) -> Callable[[], Engine]:
    if request.param == EMBEDDED:
        return engine
    request.getfixturevalue("elasticsearch")
    index_build.build()

    def asked() -> Engine:
        # A property leaves more and more lines about what it deleted; an engine that is too far behind answers nothing.
        if request.param == BROUGHT or waiting().number > MOST:
            outbox_worker.deliver(refresh=True)
        return ElasticsearchEngine(30.0)

    return asked


@pytest.fixture(params=[EMBEDDED, BROUGHT, WAITING])
def answering(request: pytest.FixtureRequest, db: None) -> Callable[[], Engine]:
    """What returns the engine under test, up to date or, where that is tried, not."""
    return _asked(request)


@pytest.fixture(params=[BROUGHT, WAITING])
def answering_by_node(request: pytest.FixtureRequest, db: None) -> Callable[[], Engine]:
    """The same for Elasticsearch alone: its properties try fewer examples, for each costs several refreshes."""
    return _asked(request)
