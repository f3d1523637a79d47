"""Kill and restart each node of a three-node Elasticsearch cluster (one replica) during searches and saves.

`python -m tests.crash.cluster` prints what clients observed. It fails if a search failed or found too little, or if a
change was lost. Then it prints search times during an outage, in which one node hangs, refuses or sends invalid
responses: of the first search of a process, and of the following ones. `make soak` runs it.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.browser.server import free_port
from tests.crash.office import NODE, Node

SECONDS = float(os.environ.get("CLUSTER_SECONDS", "10"))  # under load, before and after each kill
FAULTS = ("slow", "gone", "red", "no json")


@dataclass
class Observations:
    """What a client observed: the duration of each search, and the faults."""

    times: list[float] = field(default_factory=list)
    standby: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        worst, middle = max(self.times), statistics.median(self.times)
        return (
            f"{len(self.times)} searches, {self.standby} from the embedded index, {len(self.wrong)} wrong; "
            f"median {1000 * middle:.0f} ms, worst {1000 * worst:.0f} ms"
        )


def nodes(folder: Path) -> list[Node]:
    """Start three nodes that form a cluster."""
    names = [f"node{number}" for number in range(3)]
    ports = {name: free_port() for name in names}
    together = [f"discovery.seed_hosts={','.join(f'127.0.0.1:{port}' for port in ports.values())}"]
    together += [f"cluster.initial_master_nodes={','.join(names)}", "cluster.name=three"]
    found = [
        Node(folder / name, extra_arguments=[f"node.name={name}", f"transport.port={ports[name]}", *together])
        for name in names
    ]
    threads = [threading.Thread(target=node.start) for node in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def main() -> int:
    """Run both parts on a database in a temporary folder; return 1 if there are faults."""
    import subprocess

    subprocess.run([NODE / "install.sh"], check=True)
    with tempfile.TemporaryDirectory(prefix="cluster-") as name, ExitStack() as stack:
        folder = Path(name)
        cluster = nodes(folder)
        for node in cluster:
            stack.callback(node.kill)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
            "ELASTICSEARCH_URL": ",".join(f"http://127.0.0.1:{node.port}" for node in cluster),
        }
        (folder / "data").mkdir()
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        wrong = lose_each(cluster)
        wrong += outages(cluster[0])
    for line in wrong:
        print(line)  # noqa: T201
    return 1 if wrong else 0


def lose_each(cluster: list[Node]) -> list[str]:
    """Kill and restart each node during searches and saves; return the faults."""
    from search.engines.elasticsearch import index_build, outbox_worker
    from search.engines.elasticsearch.client import client
    from search.engines.selection import engine
    from search.models import SearchDocument
    from tests.search.test_engine import document

    engine().index(document(number) for number in range(500))
    name = index_build.build()
    client(60).cluster.health(wait_for_status="green", timeout="60s")
    saved: list[int] = []
    stop, observed = threading.Event(), Observations()
    workers = [threading.Thread(target=each, args=(stop, observed, saved)) for each in (_search, _save)]
    for worker in workers:
        worker.start()
    for node in cluster:
        time.sleep(SECONDS)
        node.kill()
        time.sleep(SECONDS)
        node.start()
        client(60).cluster.health(wait_for_status="green", timeout="60s")
        observed.wrong += [] if _answers_again() else ["the cluster does not answer again"]
    stop.set()
    for worker in workers:
        worker.join()
    outbox_worker.deliver(refresh=True)
    rows = SearchDocument.objects.filter(number__gte=1000).count()
    observed.wrong += [] if rows == len(saved) else [f"{len(saved)} saved, {rows} there"]
    lost = [f"lost: {each}" for each in index_build.differences(name)]
    print(f"three nodes, each killed once: {len(saved)} saves, {len(lost)} lost; {observed}")  # noqa: T201
    return [*lost, *observed.wrong]


def _answers_again() -> bool:
    """Return whether a search is answered by the cluster within half a minute."""
    from search.engines.selection import finder
    from search.query import Query
    from tests.search.test_engine import READER

    for _attempt in range(300):
        if not finder().search(Query(text="医疗互助", reader=READER)).standby:
            return True
        time.sleep(0.1)
    return False


def _search(stop: threading.Event, observed: Observations, saved: list[int]) -> None:
    from django.db import connection

    from search.engines.selection import finder
    from search.query import Query
    from tests.search.test_engine import READER

    while not stop.is_set():
        began, least = time.perf_counter(), 500 + len(saved)
        try:
            found = finder().search(Query(text="医疗互助", reader=READER))
        except Exception as error:  # noqa: BLE001 -- any error that a client would see
            observed.wrong.append(repr(error))
            continue
        observed.times.append(time.perf_counter() - began)
        observed.standby += found.standby
        if found.total < least:
            observed.wrong.append(f"{found.total} found, {least} are there")
        time.sleep(0.02)
    connection.close()


def _save(stop: threading.Event, observed: Observations, saved: list[int]) -> None:
    from django.db import connection

    from search.engines.selection import engine
    from tests.search.test_engine import document

    while not stop.is_set():
        try:
            engine().index([document(1000 + len(saved))])
        except Exception as error:  # noqa: BLE001 -- any error that a save would raise
            observed.wrong.append(f"a save: {error!r}")
        else:
            saved.append(len(saved))
        time.sleep(0.05)
    connection.close()


def outages(node: Node) -> list[str]:
    """Print the times of the first and the following searches of a process; return those over 1 s and over 300 ms."""
    from django.conf import settings

    from search.engines.elasticsearch import circuit_breaker, index_build
    from search.engines.elasticsearch.client import reset_connection
    from tests.search.elasticsearch.proxy import GARBAGE, RED, proxy

    wrong: list[str] = []
    for fault in FAULTS:
        with proxy(f"http://127.0.0.1:{node.port}") as elasticsearch_proxy:
            settings.ELASTICSEARCH = {
                **settings.ELASTICSEARCH,
                "HOSTS": [f"http://127.0.0.1:{elasticsearch_proxy.port}"],
            }
            reset_connection()
            circuit_breaker.breaker.close()
            index_build.build()
            _ask()
            faults: dict[str, Any] = {
                "slow": lambda it: setattr(it, "delay", 5.0),
                "gone": lambda it: it.vanish(),
                "red": lambda it: setattr(it, "answer", (503, RED)),
                "no json": lambda it: setattr(it, "answer", (200, GARBAGE["no json"])),
            }
            faults[fault](elasticsearch_proxy)
            first, later = _ask(), [_ask() for _ in range(20)]
            print(f"outage, {fault}: first {1000 * first:.0f} ms, then at most {1000 * max(later):.0f} ms")  # noqa: T201
            wrong += [f"{fault}: the first took {first:.2f} s"] if first > 1 else []
            wrong += [f"{fault}: a later one took {max(later):.2f} s"] if max(later) > 0.3 else []
            elasticsearch_proxy.delay, elasticsearch_proxy.answer = 0.0, None
        circuit_breaker.breaker.close()
    return wrong


def _ask() -> float:
    from search.engines.selection import finder
    from search.query import Query
    from tests.search.test_engine import READER

    began = time.perf_counter()
    finder().search(Query(text="医疗互助", reader=READER))
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
