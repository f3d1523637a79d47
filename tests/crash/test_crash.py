"""The server is killed at a random time under write load: no acknowledged write is lost, no write is done in part.

`make test` runs one round, `make soak` runs twenty (`KILLED_ROUNDS`), each with its own database and seed.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.server import ROOT
from tests.crash.office import NODE, Node, PortalServer, portal_server, start_clients
from tests.database_template import migrated_database_url
from tests.scratch import scratch_database

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crash")]
ROUNDS = range(1, int(os.environ.get("KILLED_ROUNDS", "1")) + 1)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, list[Any]]]:
    """Return a data folder with static files and key, a database with records, and the tasks of the clients."""
    folder = tmp_path_factory.mktemp("office")
    with (
        scratch_database(folder, template=migrated_database_url()) as database,
        portal_server(folder, database) as server,
    ):
        server.run("manage.py", "collectstatic", "--noinput", "--verbosity=0")
        clients = json.loads(server.run("-m", "tests.crash.world").splitlines()[-1])
        yield folder, database, clients


@pytest.mark.parametrize("seed", ROUNDS)
def test_what_was_acknowledged_stands_and_nothing_was_done_by_halves(
    seed: int, prepared: tuple[Path, str, list[Any]], tmp_path: Path
) -> None:
    folder, database, clients = prepared
    chance = random.Random(seed)
    with scratch_database(tmp_path, template=database) as copy, portal_server(folder, copy) as server:
        server.start()
        progress, threads = start_clients(server, clients, tmp_path / "journal")
        enough = chance.randint(5, 80)
        while progress.done < enough and any(thread.is_alive() for thread in threads):
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.05))
        server.kill()
        for thread in threads:
            thread.join()
        assert progress.unexpected == []
        assert progress.done >= enough
        server.start()
        assert server.request("GET", "/admin/", session=clients[0][0]["session"]).status == 200
        server.kill()
        assert server.run("-m", "tests.crash.audit", str(progress.journal)) == ""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """Start a separate node that the test can kill."""
    if subprocess.run([NODE / "install.sh"], check=False, stdout=sys.stderr).returncode:
        assert os.environ.get("CI") != "true"
        pytest.skip("!!! NOT TESTED ON ELASTICSEARCH: Java or the parts of the node cannot be had")
    node = Node(tmp_path / "node")
    node.start()
    yield node
    node.kill()


@pytest.mark.parametrize("seed", ROUNDS)
def test_index_and_rows_agree_after_worker_node_and_server_were_killed(
    seed: int, prepared: tuple[Path, str, list[Any]], node: Node, tmp_path: Path
) -> None:
    folder, database, clients = prepared
    chance = random.Random(seed)
    elasticsearch = {"ELASTICSEARCH_URL": f"http://127.0.0.1:{node.port}"}
    with scratch_database(tmp_path, template=database) as copy, portal_server(folder, copy, elasticsearch) as server:
        server.run("manage.py", "search_rebuild", "--verbosity=0")
        server.start()
        worker = start_outbox_worker(server)
        progress, threads = start_clients(server, clients, tmp_path / "journal")
        first = chance.randint(5, 40)
        while progress.done < first and any(thread.is_alive() for thread in threads):
            time.sleep(0.002)
        both = seed == 1  # `make test` runs only this round
        for victim in chance.sample([worker.kill, node.kill], 2 if both else chance.randint(1, 2)):
            victim()  # the portal keeps working without it
            time.sleep(chance.uniform(0, 0.2))
        while progress.done < first + 20 and any(thread.is_alive() for thread in threads):
            time.sleep(0.002)
        server.kill()
        for thread in threads:
            thread.join()
        worker.kill()
        worker.wait()
        assert progress.unexpected == []
        assert progress.done >= first + 20, "a save neither waits for Elasticsearch nor fails"
        node.kill()
        node.start()
        assert server.run("-m", "tests.crash.audit", str(progress.journal)) == ""


def start_outbox_worker(server: PortalServer) -> "subprocess.Popen[bytes]":
    """Start the service that delivers changes from the outbox, as a data centre runs it."""
    command = [sys.executable, "manage.py", "search_sync", "--follow"]
    return subprocess.Popen(command, cwd=ROOT, env=server.environment, stderr=subprocess.DEVNULL)
