"""The wall: public pages read releases, pages and master data, never records."""

from contextlib import suppress
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from meetings.enums import MeetingState, MinutesState
from meetings.machines.base import SAME
from meetings.machines.meeting import MEETING
from meetings.machines.minutes import MINUTES
from meetings.models import AttemptCount, Department, JointConference, Meeting, Resolution
from portal.urls import urlpatterns as portal_urls
from publicity.public_tables import OPEN_MODELS, OPEN_TABLES, closed_tables
from tests.meetings.factories import World
from tests.public_wall import RecordRead, no_records

RECORD, MASTER = Meeting._meta.db_table, JointConference._meta.db_table


def swallow(request: HttpRequest) -> HttpResponse:
    """A view that reads a record and hides what comes of it."""
    with suppress(AssertionError):
        Meeting.objects.count()
    return HttpResponse("ok")


urlpatterns = [path("swallow/", swallow), path("admin/swallow/", swallow), *portal_urls]


@pytest.mark.parametrize(
    "sql",
    [
        f'SELECT COUNT(*) FROM "{RECORD}"',
        f"select * from {RECORD.upper()} m",
        f'SELECT 1 FROM "public"."{RECORD}"',
        f"SELECT 1 FROM `{RECORD}`",
        f"SELECT 1 FROM [{RECORD}]",
        f'SELECT "{MASTER}"."id" FROM "{MASTER}" INNER JOIN "{RECORD}" T4 ON (T4."conference_id" = "{MASTER}"."id")',
        f"SELECT 'it''s', \"{RECORD}\".\"id\" FROM x",
        f'WITH a AS (SELECT 1 FROM "{RECORD}") SELECT * FROM a',
        f'UPDATE "{RECORD}" SET "title" = %s',
    ],
)
def test_a_table_of_records_is_found_however_it_is_written(sql: str) -> None:
    assert closed_tables(sql) == {RECORD}


@pytest.mark.parametrize(
    "sql",
    [
        f'SELECT "{MASTER}"."name" FROM "{MASTER}"',
        f"SELECT '{RECORD}'",
        f"SELECT 1 -- FROM {RECORD}",
        f"SELECT 1 /* {RECORD} */",
        'SELECT "publicity_release"."meeting_id" FROM "publicity_release"',
        "SELECT meetings FROM x",
    ],
)
def test_other_statements_pass(sql: str) -> None:
    assert closed_tables(sql) == set()


def test_the_allowed_tables_exist_and_hold_no_record() -> None:
    for name, reason in OPEN_MODELS.items():
        model: Any = apps.get_model("meetings", name)
        assert model._meta.db_table in OPEN_TABLES
        assert reason
    expected = {model._meta.db_table for model in (AttemptCount, Department, JointConference)}
    assert expected == OPEN_TABLES, "another table needs a reason that convinces a second person"
    tables = {model._meta.db_table for model in apps.get_app_config("meetings").get_models(include_auto_created=True)}
    tables -= {"otp_totp_totpdevice"}  # of a proxy model
    assert all(closed_tables(f'SELECT 1 FROM "{table}"') == {table} for table in tables - OPEN_TABLES)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_an_anonymous_request_that_reads_a_record_fails_even_where_the_view_hides_it() -> None:
    with pytest.raises(RecordRead, match=RECORD):
        Client().get("/swallow/")
    assert Client().get("/admin/swallow/").status_code == 200


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_somebody_who_is_logged_in_is_not_checked(world: World) -> None:
    client = Client()
    client.force_login(world.gov_clerk, backend="meetings.rights.TenureBackend")
    assert client.get("/swallow/").status_code == 200


@pytest.mark.django_db
def test_the_check_ends_with_its_context() -> None:
    with pytest.raises(RecordRead), no_records():
        Resolution.objects.exists()
    assert not Resolution.objects.exists()


def test_no_step_leaves_what_public_pages_take_as_lasting() -> None:
    """News is asked about its meeting, and a release about its minutes, only when it is published."""
    for machine, state in ((MEETING, MeetingState.HELD), (MINUTES, MinutesState.ISSUED)):
        leaving = [row for row in machine.transitions if state in row.source and row.target not in {SAME, state}]
        assert leaving == []
