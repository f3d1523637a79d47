"""What serves is killed at a random point under a load of writes: what was acknowledged stands, nothing by halves.

One round here; `make soak` makes twenty (`KILLED_ROUNDS`), each from a database of its own and with a seed of its own.
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
from tests.crash.office import NODE, Node, Office, opened, work
from tests.database_template import migrated
from tests.scratch import scratch_database

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crash")]
ROUNDS = range(1, int(os.environ.get("KILLED_ROUNDS", "1")) + 1)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, list[Any]]]:
    """A data folder with static files and key, a database with the world, and what its desks will send."""
    folder = tmp_path_factory.mktemp("office")
    with scratch_database(folder, like=migrated()) as database, opened(folder, database) as office:
        office.run("manage.py", "collectstatic", "--noinput", "--verbosity=0")
        desks = json.loads(office.run("-m", "tests.crash.world").splitlines()[-1])
        yield folder, database, desks


@pytest.mark.parametrize("seed", ROUNDS)
def test_what_was_acknowledged_stands_and_nothing_was_done_by_halves(
    seed: int, prepared: tuple[Path, str, list[Any]], tmp_path: Path
) -> None:
    folder, database, desks = prepared
    chance = random.Random(seed)
    with scratch_database(tmp_path, like=database) as copy, opened(folder, copy) as office:
        office.start()
        state, threads = work(office, desks, tmp_path / "journal")
        enough = chance.randint(5, 80)
        while state.done < enough and any(thread.is_alive() for thread in threads):
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.05))
        office.kill()
        for thread in threads:
            thread.join()
        assert state.surprises == []
        assert state.done >= enough
        office.start()
        assert office.ask("GET", "/admin/", session=desks[0][0]["session"]).status == 200
        office.kill()
        assert office.run("-m", "tests.crash.audit", str(state.journal)) == ""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A node of this test's own, which it may kill."""
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
    folder, database, desks = prepared
    chance = random.Random(seed)
    more = {"ELASTICSEARCH_URL": f"http://127.0.0.1:{node.port}"}
    with scratch_database(tmp_path, like=database) as copy, opened(folder, copy, more) as office:
        office.run("manage.py", "search_rebuild", "--verbosity=0")
        office.start()
        worker = follow(office)
        state, threads = work(office, desks, tmp_path / "journal")
        first = chance.randint(5, 40)
        while state.done < first and any(thread.is_alive() for thread in threads):
            time.sleep(0.002)
        both = seed == 1  # the one round of `make test`
        for victim in chance.sample([worker.kill, node.kill], 2 if both else chance.randint(1, 2)):
            victim()  # the portal goes on without it
            time.sleep(chance.uniform(0, 0.2))
        while state.done < first + 20 and any(thread.is_alive() for thread in threads):
            time.sleep(0.002)
        office.kill()
        for thread in threads:
            thread.join()
        worker.kill()
        worker.wait()
        assert state.surprises == []
        assert state.done >= first + 20, "a save neither waits for Elasticsearch nor fails"
        node.kill()
        node.start()
        assert office.run("-m", "tests.crash.audit", str(state.journal)) == ""


def follow(office: Office) -> "subprocess.Popen[bytes]":
    """The service that brings changes, as a data centre runs it."""
    command = [sys.executable, "manage.py", "search_sync", "--follow"]
    return subprocess.Popen(command, cwd=ROOT, env=office.environment, stderr=subprocess.DEVNULL)
