"""The migration that fills the releases with what public pages used to read of the records."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from meetings.enums import Disclosure, MeetingState
from meetings.models import Meeting, Resolution
from publicity.enums import ReleaseKind
from publicity.models import Article, NewsCount, PublicCount, PublicDecision, Release
from publicity.operations.news_counts import news_differences
from publicity.operations.public_decisions import public_differences
from publicity.operations.releases import withdraw
from tests.meetings.factories import World
from tests.publicity.factories import issued, public_article, public_outcome, resolutions

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
NAME = "0004_releases_hold_what_is_read"
COLUMNS = ("meeting_id", "meeting_title", "held_on", "number", "order", "chain_start_id")


class Editor(SimpleNamespace):
    """What the migration uses of a schema editor; the real one of SQLite does not work inside a transaction."""

    def execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            for statement in sql.split(";\n"):
                cursor.execute(statement)


def upgrade(emptied: str) -> None:
    """Empty the new columns with this SQL, then fill them as the migration does."""
    migration: Any = import_module(f"publicity.migrations.{NAME}")
    apps = MigrationExecutor(connection).loader.project_state(("publicity", NAME)).apps
    editor = Editor(connection=connection)
    migration.trigger.backwards(apps, editor)
    editor.execute(emptied)
    migration.fill(apps, editor)
    migration.trigger.forwards(apps, editor)
    for model in (PublicDecision, PublicCount, NewsCount):
        model.objects.all().delete()
    later = "0006_public_decisions"
    apps = MigrationExecutor(connection).loader.project_state(("publicity", later)).apps
    import_module(f"publicity.migrations.{later}").fill(apps, None)
    assert [*public_differences(), *news_differences()] == []


def rows() -> list[tuple[Any, ...]]:
    """Return the filled columns of the history."""
    return list(Release.objects.order_by("pk").values_list("pk", "kind", *COLUMNS))


def test_the_columns_get_what_the_public_read_of_the_records(world: World) -> None:
    earlier = issued(world, items=2)
    public_outcome(world, earlier)
    first = resolutions(earlier)[0]
    later = issued(world, earlier.held_on.replace(year=2026), continues=first)  # type: ignore[union-attr]
    public_outcome(world, later)
    withdraw(resolutions(earlier)[1], reason="误发", by=world.gov_clerk)
    before = rows()
    assert [row[-1] for row in before] == [first.pk, first.pk + 1, first.pk, first.pk + 1]
    start = Release.objects.order_by("pk")[1].resolution_id
    upgrade(
        "UPDATE publicity_release SET held_on = '2000-01-01', \"order\" = 77, "
        f"chain_start_id = {start}, number = 'x' || id, meeting_title = CASE kind WHEN 'release' THEN 'x' ELSE '' END"
    )
    assert rows() == before


def test_what_the_records_hid_is_withdrawn(world: World) -> None:
    of = issued(world, items=2)
    public_outcome(world, of)
    page, other = public_article(world, meeting=of), public_article(world, "另一则新闻")
    Resolution.objects.filter(pk=resolutions(of)[0].pk).update(disclosure=Disclosure.ON_REQUEST)
    Meeting.objects.update(state=MeetingState.NOTIFIED)
    upgrade('UPDATE publicity_release SET "order" = 77')
    assert [row.resolution for row in PublicDecision.objects.released()] == [resolutions(of)[1]]
    last = Release.objects.latest_of(resolutions(of)[0])
    assert last is not None
    assert (last.kind, bool(last.reason)) == (ReleaseKind.WITHDRAWAL, True)
    assert list(Article.objects.public()) == [other]
    assert Article.objects.get(pk=page.pk).live
