"""The counter of the public state moves with every change of a table that kept answers read, and with no draft."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from wagtail.models import PageViewRestriction

from meetings.operations.department import save_department
from publicity.models import HiddenSource, PublicState
from publicity.operations.public_state import install, missing_triggers, move, remove
from publicity.operations.releases import withdraw
from publicity.public_tables import STATELESS_TABLES, tables_in, watched_tables
from publicity.queries.public_state import public_state
from tests.meetings.factories import World
from tests.publicity.factories import (
    document,
    issued,
    picture,
    plain_page,
    public_article,
    public_outcome,
    publish,
    resolutions,
)
from tests.publicity.test_crawl import crawl

pytestmark = pytest.mark.django_db
WATCHED = {table.name: table for table in watched_tables()}


@pytest.fixture
def rich(world: World) -> World:
    """A world with a row in every watched table."""
    page = public_outcome(world, of := issued(world, items=2))
    HiddenSource.objects.create(page=page, at=world.conference.releases.get(number="2025-1").at)
    picture("会场", world=world).get_rendition("width-20")
    file = document(world=world)
    public_article(world, tags=["维权"], body=[("text", "<p>正文</p>"), ("document", file)], meeting=of)
    publish(plain_page(world), world)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    Client().get("/")  # the settings of the site are created by the first reader
    return world


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def moved_by(change: Callable[[], object]) -> bool:
    """Return whether the change moves the counter; it is undone."""
    before = public_state()
    assert before
    with transaction.atomic():
        change()
        after = public_state()
        transaction.set_rollback(True)
    assert public_state() == before
    return after != before


def test_all_triggers_are_there() -> None:
    assert missing_triggers() == []
    assert WATCHED.keys() <= {model._meta.db_table for model in apps.get_models()}


@pytest.mark.postgresql
def test_a_change_of_any_table_moves_the_counter(rich: World) -> None:
    for name, table in WATCHED.items():
        column = table.columns[-1]
        if name != "publicity_release":  # the database refuses to change one
            assert moved_by(lambda: execute(f'UPDATE "{name}" SET "{column}" = "{column}"')), name  # noqa: B023
        assert moved_by(lambda: execute(f'DELETE FROM "{name}"')), name  # noqa: B023
        execute(f'CREATE TEMPORARY TABLE copied AS SELECT * FROM "{name}"')
        with transaction.atomic():
            execute(f'DELETE FROM "{name}"')
            again = moved_by(lambda: execute(f'INSERT INTO "{name}" SELECT * FROM copied'))  # noqa: B023
            transaction.set_rollback(True)
        assert again == table.inserts, name
        execute("DROP TABLE copied")


def test_a_draft_moves_nothing(world: World) -> None:
    page = public_article(world)
    page.summary = "另一个摘要。"
    assert not moved_by(lambda: page.save_revision(user=world.writer))


@pytest.mark.postgresql
def test_an_operation_moves_it(world: World) -> None:
    public_outcome(world, of := issued(world))
    assert moved_by(lambda: withdraw(resolutions(of)[0], reason="核对", by=world.gov_clerk))
    world.department.telephone = "0359-5550199"
    assert moved_by(lambda: save_department(world.department, by=world.administrator))


@pytest.mark.postgresql
def test_nothing_is_kept_while_the_database_is_being_migrated() -> None:
    remove()
    assert public_state() == ""
    assert missing_triggers()
    install()
    assert public_state()
    assert missing_triggers() == []


def test_a_lost_row_is_written_again() -> None:
    PublicState.objects.all().delete()
    assert public_state() == ""
    move()
    assert public_state()


def test_two_states_never_have_one_name() -> None:
    """After a restore the number counts again from an earlier one."""
    move()
    first = public_state()
    PublicState.objects.update(number=int(first.partition("-")[0]) - 1)
    move()
    second = public_state()
    assert first.partition("-")[0] == second.partition("-")[0]
    assert first != second


@pytest.fixture
def read_tables() -> Iterator[set[str]]:
    """Collect the tables that the SQL inside reads."""
    names = set(connection.introspection.table_names())
    found: set[str] = set()

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            found.update(tables_in(sql) & names)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield found


@pytest.mark.slow
@pytest.mark.search_index
def test_kept_answers_read_no_table_that_does_not_move_it(rich: World, read_tables: set[str]) -> None:
    PageViewRestriction.objects.all().delete()
    others = (settings.MEDIA_URL, "/documents/", "/search/", "/reading/")
    addresses = [url for url in crawl(("/", "/sitemap.xml")) if not url.startswith(others)]
    for url in addresses:
        caches["kept"].clear()
        read_tables.clear()
        if Client().get(url).has_header("ETag"):
            unknown = read_tables - WATCHED.keys() - STATELESS_TABLES.keys()
            assert not unknown, (url, unknown)
    assert len(addresses) > 15
