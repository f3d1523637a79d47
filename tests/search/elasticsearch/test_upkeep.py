"""Delivery of changes to Elasticsearch, whatever the order, the repetitions and the interruptions; and index builds."""

import random
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from search.engines.elasticsearch import index_build, outbox_worker
from search.engines.elasticsearch.client import client, prefix, reset_connection
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.mapping import MAPPING, STATIC_SETTINGS, read_source_rows
from search.engines.selection import engine
from search.models import SearchChange, SearchDocument, SearchIndex
from search.query import Query
from search.reader import Reader
from tests.examples import reduced_examples
from tests.search.test_engine import READER, document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("elasticsearch")]


def index_differences() -> list[str]:
    """Deliver everything, then return the differences between the index in use and the rows."""
    outbox_worker.deliver(refresh=True)
    name = SearchIndex.objects.get(ready=True).name
    client().indices.refresh(index=name)
    return list(map(str, index_build.differences(name)))


def keys(text: str = "", reader: Reader = READER) -> list[str]:
    return [hit.key for hit in ElasticsearchEngine(30.0).search(Query(text=text, reader=reader)).hits]


def bulk_requests(name: str) -> list[Any]:
    """Return the bulk requests that would deliver the waiting changes to this index, one per change."""
    found = []
    for change in SearchChange.objects.all():
        rows = read_source_rows(SearchDocument.objects.filter(pk=change.document))
        found.append(list(outbox_worker.operations(name, rows, [change] if change.gone else [])))
    return found


def create_red_index(*, ready: bool) -> SearchIndex:
    """Create a red index: no node has a copy of it."""
    index = SearchIndex.objects.create(name=f"{prefix()}-broken", ready=ready)
    nowhere = {**STATIC_SETTINGS, "index.routing.allocation.require._name": "nobody"}
    client(30).indices.create(index=index.name, mappings=MAPPING, settings=nowhere, wait_for_active_shards="0")
    assert client(30).cluster.health(index=index.name).body["status"] == "red"
    return index


def keys_after(name: str) -> list[str]:
    assert SearchIndex.objects.get(ready=True).name == name
    return keys()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("keep"), st.integers(1, 3), st.sampled_from(["医疗互助", "高温津贴", "托管"])),
        st.tuples(st.just("forget"), st.integers(1, 3), st.just("")),
        st.tuples(st.just("bring"), st.just(0), st.just("")),
    ),
    max_size=12,
)


@example_settings(max_examples=reduced_examples(3))
@given(STEPS, st.integers(0, 2**32))
def test_doubled_late_and_disordered_deliveries_change_nothing(steps: list[tuple[str, int, str]], order: int) -> None:
    if not SearchIndex.objects.exists():
        index_build.build()
    engine().clear()
    outbox_worker.deliver(refresh=False)  # changes left by an earlier example
    late: list[Any] = []
    for what, number, title in steps:
        if what == "keep":
            engine().index([document(number, title)])
        elif what == "forget":
            engine().delete([f"resolution:{number}"])
        else:
            outbox_worker.deliver(refresh=False)
        late += bulk_requests(SearchIndex.objects.get(ready=True).name)
    random.Random(order).shuffle(late)
    for line in late[: len(late) // 2]:
        outbox_worker.send(line, refresh=False)
    outbox_worker.deliver(refresh=False)
    for line in late:
        outbox_worker.send(line, refresh=False)
    assert index_differences() == []


def test_a_withdrawal_is_at_once_everywhere() -> None:
    engine().index([document(1), document(2, "高温津贴")])
    index_build.build()
    engine().delete(["resolution:2"])
    engine().index([document(1, tokens="conference:1")])
    found = ElasticsearchEngine(30.0).search(Query(reader=READER))
    assert (found.total, found.hits, found.facets["department"]) == (0, (), ())
    assert ElasticsearchEngine(30.0).suggest("津贴", READER) == []
    assert ElasticsearchEngine(30.0).similar("高温津贴医疗互助", READER) == []
    assert keys(reader=Reader(frozenset({"conference:1"}))) == ["resolution:1"]


def test_who_brings_a_change_once_more_waits_until_it_is_shown() -> None:
    """Otherwise the outbox row would be deleted while the index still shows withdrawn content."""
    engine().index([document(1)])
    name = index_build.build()
    client().indices.put_settings(index=name, settings={"refresh_interval": "2s"})
    client().count(index=name)
    engine().index([document(2, "高温津贴")])
    lines = [line for each in bulk_requests(name) for line in each]
    outbox_worker.send(lines, refresh=False)
    outbox_worker.send(lines, refresh="wait_for")
    assert client().count(index=name).body["count"] == 2


def test_what_changes_while_an_index_is_begun_is_brought_and_shown() -> None:
    """An index in build is not refreshed. A worker that waited for its refresh would deliver nothing until the build
    ends.
    """
    engine().index([document(1)])
    name = index_build.build()
    index_build._create_index()
    engine().index([document(2, "高温津贴")])
    assert outbox_worker.deliver() == 1
    assert client().count(index=name).body["count"] == 2
    assert index_build.build() != name
    assert keys("高温") == ["resolution:2"]


def test_nothing_is_left_while_no_index_is_kept_in_step() -> None:
    engine().index([document(1)])
    assert not SearchChange.objects.exists()
    index_build.build()
    engine().index([document(2)])
    assert SearchChange.objects.count() == 1
    index_build.drop_indices()
    engine().index([document(3)])
    assert not SearchChange.objects.exists()


def test_too_much_that_waits_is_left_to_the_embedded_engine() -> None:
    from search.engines.elasticsearch.pending_changes import MAX_PENDING, TooFarBehind

    index_build.build()
    engine().index(document(n) for n in range(MAX_PENDING + 1))
    with pytest.raises(TooFarBehind):
        keys()
    outbox_worker.deliver(refresh=True)
    assert len(keys()) == 20


class TestBuilding:
    def test_a_new_index_takes_over_and_the_former_one_can_come_back(self) -> None:
        engine().index([document(1)])
        first = index_build.build()
        engine().index([document(2)])
        second = index_build.build()
        assert list(client().indices.get_alias(name=prefix()).body) == [second]
        engine().delete(["resolution:1"])
        assert index_build.roll_back() == first
        assert list(client().indices.get_alias(name=prefix()).body) == [first]
        assert keys() == ["resolution:2"]
        assert index_differences() == []

    def test_the_one_before_the_former_is_dropped(self) -> None:
        first, second, third = (index_build.build() for _ in range(3))
        assert not client().indices.exists(index=first)
        assert set(SearchIndex.objects.values_list("name", flat=True)) == {second, third}

    def test_what_answered_until_a_build_is_kept_whichever_was_built_before(self) -> None:
        first, bad = index_build.build(), index_build.build()
        assert index_build.roll_back() == first
        third = index_build.build()
        assert not client().indices.exists(index=bad)
        assert set(SearchIndex.objects.values_list("name", flat=True)) == {first, third}
        assert index_build.roll_back() == first

    def test_a_begun_index_that_lost_a_part_is_begun_anew(self) -> None:
        engine().index([document(1)])
        begun = create_red_index(ready=False)
        assert index_build.unfinished_build() is None
        assert not client().indices.exists(index=begun.name)
        assert keys_after(index_build.build()) == ["resolution:1"]

    def test_indices_are_given_up_where_no_cluster_answers(self, settings: Settings) -> None:
        index_build.build()
        settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "HOSTS": ["http://127.0.0.1:1"]}
        reset_connection()
        assert index_build.drop_indices() == 1
        assert not SearchIndex.objects.exists()

    def test_a_build_that_was_cut_off_goes_on_where_it_was(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(index_build, "BATCH", 2)
        engine().index(document(n) for n in range(20))
        sent: list[int] = []

        def cut(number: int) -> None:
            sent.append(number)
            if sum(sent) >= 10:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            index_build.build(cut)
        begun = SearchIndex.objects.get()
        assert (begun.ready, begun.reached > 0) == (False, True)
        engine().index([document(3, "高温津贴")])
        rest: list[int] = []
        assert index_build.build(rest.append) == begun.name
        assert sum(rest) < 20
        assert keys("高温") == ["resolution:3"]
        assert index_differences() == []

    def test_what_changes_meanwhile_is_in_the_new_index(self, monkeypatch: pytest.MonkeyPatch) -> None:
        engine().index(document(n) for n in range(10))
        first, fill = index_build.build(), index_build._fill

        def meanwhile(index: SearchIndex, tick: index_build.Tick) -> None:
            engine().delete(["resolution:1"])
            fill(index, tick)
            engine().delete(["resolution:2"])
            engine().index([document(4, "高温津贴")])
            assert keys("高温") == ["resolution:4"], "searches are answered meanwhile"

        monkeypatch.setattr(index_build, "_fill", meanwhile)
        assert index_build.build() != first
        assert keys("高温") == ["resolution:4"]
        assert index_differences() == []

    def test_an_index_that_holds_something_else_does_not_take_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        engine().index(document(n) for n in range(5))
        first = index_build.build()

        def lose(index: SearchIndex, tick: index_build.Tick) -> None:
            first = read_source_rows(SearchDocument.objects.all()[:4])
            outbox_worker.send(outbox_worker.operations(index.name, first), refresh=False)

        monkeypatch.setattr(index_build, "_fill", lose)
        with pytest.raises(index_build.IndexMismatch):
            index_build.build()
        assert SearchIndex.objects.get().name == first, "the next build begins anew"

    def test_what_differs_is_told_and_repaired(self) -> None:
        engine().index(document(n) for n in range(3))
        name = index_build.build()
        client().delete(index=name, id="resolution:0", refresh=True)
        old = SearchDocument.objects.get(key="resolution:1")
        engine().index([document(1, "高温津贴")])
        SearchChange.objects.all().delete()
        client().delete(index=name, id="resolution:2", refresh=True)
        assert old.pk != SearchDocument.objects.get(key="resolution:1").pk
        assert index_differences() == [
            "resolution:1: stale in Elasticsearch",
            "resolution:0: missing in Elasticsearch",
            "resolution:2: missing in Elasticsearch",
        ]


def run_command(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=out)
    return out.getvalue()


class TestCommands:
    def test_rebuild_sync_check_rollback_off(self) -> None:
        call_command("search_rebuild", verbosity=0)
        assert SearchIndex.objects.get().ready
        engine().index([document(1)])
        assert run_command("search_sync") == "1 changes brought.\n"
        with pytest.raises(CommandError):
            run_command("search_check")  # the document has no source row
        call_command("search_check", repair=True, stdout=StringIO())
        assert "agrees" in run_command("search_check")
        call_command("search_rebuild", elasticsearch=True, verbosity=0)
        assert "answers again" in run_command("search_rebuild", "--rollback")
        assert run_command("search_rebuild", "--off") == "2 indices given up.\n"

    def test_what_elasticsearch_lacks_is_told_and_brought(self) -> None:
        call_command("search_rebuild", verbosity=0)
        name = SearchIndex.objects.get().name
        engine().index([document(1)])
        SearchChange.objects.all().delete()
        engine().delete(["resolution:1"])
        assert "agrees" in run_command("search_check")
        client().index(index=name, id="topic:9", document={"row": 1, "day": date.max.toordinal()}, refresh=True)
        with pytest.raises(CommandError):
            run_command("search_check")
        assert "repaired" in run_command("search_check", "--repair")
        assert "agrees" in run_command("search_check")


def test_without_an_address_the_commands_say_so(settings: Any) -> None:
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "HOSTS": []}
    for command in ("search_sync", "search_rebuild"):
        with pytest.raises(CommandError, match="ELASTICSEARCH_URL"):
            run_command(command, *(["--off"] if command == "search_rebuild" else []))
