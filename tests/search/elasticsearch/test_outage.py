"""Elasticsearch is slow, unreachable, wrong or refusing: searches are answered, and no change is lost."""

import logging
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from pytest_django.fixtures import Settings

from search.engines.elasticsearch import circuit_breaker, index_build, outbox_worker
from search.engines.elasticsearch.client import FAILURES, client, reset_connection
from search.engines.selection import engine, finder
from search.models import SearchChange, SearchIndex
from search.query import Query
from search.result import Result
from tests.search.elasticsearch.proxy import BUSY, GARBAGE, RED, Proxy, proxy
from tests.search.elasticsearch.test_upkeep import create_red_index
from tests.search.test_engine import READER, document

pytestmark = pytest.mark.django_db
Question = Callable[[], Result]


@pytest.fixture
def proxied(elasticsearch: str, settings: Settings) -> Iterator[Proxy]:
    """A proxy in front of the node and an index with three documents. The time-out is half a second."""
    with proxy(elasticsearch) as server:
        settings.ELASTICSEARCH = {
            **settings.ELASTICSEARCH,
            "HOSTS": [f"http://127.0.0.1:{server.port}"],
            "TIMEOUT": 0.5,
        }
        reset_connection()
        engine().index(document(n) for n in range(3))
        index_build.build()
        yield server
        server.answer, server.delay = None, 0.0
        circuit_breaker.breaker.close()
        reset_connection()


def run_search(text: str = "医疗互助") -> Result:
    return finder().search(Query(text=text, reader=READER))


def misbehave(server: Proxy, mode: str) -> None:
    if mode == "slow":
        server.delay = 5.0
    elif mode == "gone":
        server.vanish()
    elif mode == "red":
        server.answer = 503, RED
    else:
        server.answer = 200, GARBAGE[mode]


FAILURE_MODES = ["slow", "gone", "red", *GARBAGE]


@pytest.mark.parametrize("mode", FAILURE_MODES)
def test_a_search_is_answered_all_the_same(proxied: Proxy, mode: str, caplog: pytest.LogCaptureFixture) -> None:
    before = run_search()
    assert (before.total, before.standby) == (3, False)
    asked = len(proxied.request_headers)
    misbehave(proxied, mode)
    with caplog.at_level(logging.WARNING, "portal.search"):
        first, second = run_search(), run_search()
    assert first.standby
    assert second.standby
    assert (first.hits, first.facets, first.total) == (before.hits, before.facets, before.total)
    assert len([record for record in caplog.records if record.name == "portal.search"]) == 1, "one line of the change"
    assert len(proxied.request_headers) <= asked + 1, "the second search does not try again"


def test_it_is_asked_again_when_it_answers(
    proxied: Proxy, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(circuit_breaker, "FIRST_WAIT", 0.05)
    proxied.answer = 503, RED
    assert run_search().standby
    proxied.answer = None
    caplog.clear()
    ends = time.monotonic() + 20
    with caplog.at_level(logging.WARNING, "portal.search"):
        while run_search().standby:
            assert time.monotonic() < ends
            time.sleep(0.02)
    assert [record.getMessage() for record in caplog.records] == ["Elasticsearch answers again."]


def test_a_question_that_is_refused_opens_nothing(proxied: Proxy) -> None:
    proxied.answer = 400, b'{"error": {"type": "x_content_parse_exception"}, "status": 400}'
    assert run_search().standby
    proxied.answer = None
    assert not run_search().standby


def test_a_save_neither_waits_nor_fails_and_what_changed_is_found(proxied: Proxy) -> None:
    proxied.vanish()
    engine().index([document(7, "高温津贴")])
    engine().delete(["resolution:1"])
    assert [hit.key for hit in run_search("").hits] == ["resolution:7", "resolution:2", "resolution:0"]
    assert SearchChange.objects.count() == 2
    with pytest.raises(FAILURES):
        outbox_worker.deliver()
    assert SearchChange.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_save_is_over_before_a_slow_cluster_has_answered(proxied: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_worker, "close_old_connections", connections.close_all)
    asked, proxied.delay = len(proxied.request_headers), 2.0
    engine().index([document(7, "高温津贴")])  # a thread delivers it right after the commit
    saved, ends = time.monotonic(), time.monotonic() + 1.5
    while len(proxied.request_headers) == asked:
        assert time.monotonic() < ends, "it was tried at once"
        time.sleep(0.01)
    assert SearchChange.objects.count() == 1, "the save was over while the cluster kept its answer back"
    proxied.delay, ends = 0.0, saved + 60.0
    while SearchChange.objects.exists():
        assert time.monotonic() < ends, "it is brought in the end"
        time.sleep(0.05)


def test_a_build_waits_for_a_cluster_that_has_too_much_to_do(proxied: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_build, "PAUSES", (0.0, 0.0, 0.0))
    proxied.bulk = list(BUSY)
    index_build.build()
    assert proxied.bulk == []
    assert run_search().total == 3
    assert list(index_build.differences(SearchIndex.objects.get(ready=True).name)) == []
    proxied.bulk = 4 * BUSY[:1]
    with pytest.raises(outbox_worker.ClusterBusy):
        index_build.build()
    assert (run_search().total, run_search().standby) == (3, False), "the former one goes on answering"


def test_a_full_disk_keeps_changes_waiting_and_searches_right(proxied: Proxy, elasticsearch: str) -> None:
    name = SearchIndex.objects.get().name
    client(30).indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    engine().index([document(1, "高温津贴")])
    with pytest.raises(FAILURES):
        outbox_worker.deliver(refresh=True)
    found = run_search("高温")
    assert ([hit.key for hit in found.hits], found.standby) == (["resolution:1"], False)
    assert run_search("").total == 3
    client(30).indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": None})
    assert outbox_worker.deliver(refresh=True) == 1
    assert list(index_build.differences(name)) == []


def test_an_index_that_lost_its_only_copy_is_answered_for(proxied: Proxy) -> None:
    SearchIndex.objects.all().delete()
    create_red_index(ready=True)
    assert (run_search().total, run_search().standby) == (3, True)
    assert not circuit_breaker.breaker.closed


def test_an_index_that_is_gone_is_told_and_answered_for(proxied: Proxy) -> None:
    client(30).indices.delete(index=SearchIndex.objects.get().name)
    assert (run_search().total, run_search().standby) == (3, True)
    engine().index([document(7)])
    with pytest.raises(FAILURES):
        outbox_worker.deliver()  # and no index with a guessed schema is created
    circuit_breaker.breaker.close()
    assert (run_search().total, run_search().standby) == (4, True)
    circuit_breaker.breaker.close()
    index_build.build()
    assert (run_search().total, run_search().standby) == (4, False)


def test_no_index_yet_is_no_outage(elasticsearch: str, caplog: pytest.LogCaptureFixture) -> None:
    engine().index([document(1)])
    assert run_search().total == 1
    assert circuit_breaker.breaker.closed
    assert caplog.records == []


def test_a_port_where_nobody_listens(elasticsearch: str, settings: Settings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "HOSTS": [f"http://127.0.0.1:{port}"]}
    reset_connection()
    engine().index([document(1)])
    SearchIndex.objects.create(name="anything", ready=True)
    assert run_search().total == 1
    assert not circuit_breaker.breaker.closed
    circuit_breaker.breaker.close()
