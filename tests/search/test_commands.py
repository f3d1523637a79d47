"""The commands that rebuild and compare the index, and the system check for missing sources."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model

from meetings.models import Meeting, Resolution
from meetings.operations.topic import save_topic
from search import checks
from search.engines.fulltext import table
from search.engines.selection import engine
from search.index_maintenance import consistent_snapshot, rebuilt_at_end
from search.models import SearchDocument
from search.sources import SOURCES
from tests.meetings.factories import World, yuanqu
from tests.publicity.factories import county, issued, public_outcome
from tests.scratch import scratch_database

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = county()
    public_outcome(world, issued(world, items=2))
    call_command("search_rebuild", verbosity=0)
    return world


def check(*options: str) -> str:
    out = StringIO()
    call_command("search_check", *options, stdout=out)
    return out.getvalue()


def test_a_rebuild_brings_back_what_was_lost(world: World) -> None:
    kept = dict(engine().checksums())
    assert {key.partition(":")[0] for key in kept} == {"minutes", "resolution", "release", "outcome"}
    engine().clear()
    out = StringIO()
    call_command("search_rebuild", stdout=out)
    assert dict(engine().checksums()) == kept
    assert f"{len(kept)} documents" in out.getvalue()


def test_a_sound_index_agrees(world: World) -> None:
    assert "agrees" in check()


def test_differences_are_told_and_repaired(world: World) -> None:
    first, second = Resolution.objects.order_by("pk")
    engine().delete([f"resolution:{first.pk}"])
    Resolution.objects.filter(pk=second.pk).update(title="绕过了操作")
    SearchDocument.objects.filter(key__startswith="outcome:").update(key="outcome:999")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("search_check", stdout=out)
    lines = set(out.getvalue().splitlines())
    assert {f"resolution:{first.pk}: missing", f"resolution:{second.pk}: stale", "outcome:999: orphaned"} <= lines
    assert "repaired" in check("--repair")
    assert "agrees" in check()


def test_a_broken_table_is_told_and_built_afresh(world: World) -> None:
    table().clear()
    with pytest.raises(CommandError):
        check()
    check("--repair")
    assert "agrees" in check()


ONE_MOMENT = """
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from django.apps import apps
from django.db import connection
from search.engines.selection import engine
from search.models import SearchAudience, SearchDocument, SearchIndex, SearchValue
from search.index_maintenance import consistent_snapshot
from tests.search.test_engine import document

def write():
    engine().index([document(2)])
    connection.close()

with connection.schema_editor() as editor:
    for model in (SearchAudience, SearchValue, SearchDocument, SearchIndex):
        editor.create_model(model)
    for migration in ("0002_full_text_table", "0003_full_text_on_postgresql"):
        import_module(f"search.migrations.{migration}").create(apps, editor)
engine().index([document(1)])
with consistent_snapshot():
    before = dict(engine().checksums())
    with ThreadPoolExecutor(1) as pool:
        pool.submit(write).result()
    assert dict(engine().checksums()) == before
assert dict(engine().checksums()).keys() == {"resolution:1", "resolution:2"}
"""


def test_a_check_reads_one_moment_and_keeps_no_writer_waiting(tmp_path: Path) -> None:
    """Uses a database as in production: the test database on SQLite is in memory and has no snapshots."""
    with scratch_database(tmp_path) as url:
        environment = {**os.environ, "DATABASE_URL": url}
        subprocess.run(
            [sys.executable, "-c", ONE_MOMENT], env=environment, check=True, cwd=settings.BASE_DIR, timeout=120
        )


def test_a_process_that_asked_its_database_nothing_yet_reads_the_sources_in_one_moment(transactional_db: None) -> None:
    """Django detects database features once, in a transaction of its own, which is not possible inside this one."""
    yuanqu().topic()
    asked = ("supports_json_field", "has_json_object_function")
    for name in asked:
        vars(connection.features).pop(name, None)
    with consistent_snapshot():
        assert len(list(SOURCES["topic"].documents())) == 1
    assert all(getattr(connection.features, name) for name in asked)


def test_a_load_fills_the_index_once_at_its_end(world: World) -> None:
    with rebuilt_at_end():
        topic = world.topic(title="关于暑期托管的议题", side="union")
        save_topic(topic, by=world.union_clerk)
        assert f"topic:{topic.pk}" not in dict(engine().checksums())
    assert f"topic:{topic.pk}" in dict(engine().checksums())
    assert "agrees" in check()


def test_every_model_that_readers_see_is_found_or_said_to_be_found_otherwise() -> None:
    assert checks.everything_is_found(None) == []


def test_a_model_that_nobody_registered_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting: type[Model] = Meeting
    monkeypatch.delitem(SOURCES, "topic")
    monkeypatch.delitem(checks.FOUND_OTHERWISE, meeting)
    assert {error.id for error in checks.everything_is_found(None)} == {"search.E001"}
    assert sorted(error.msg.split()[0] for error in checks.everything_is_found(None)) == [
        "meetings.Meeting",
        "meetings.Topic",
    ]
