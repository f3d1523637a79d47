"""No page reads a table that grows with the years from beginning to end, on either database.

The rows are a small city (`benchmarks.city`) of many conferences. On small tables every planner prefers scans: SQLite
gets no statistics and expects large tables; PostgreSQL gets them, and is told to avoid scans, and joins that need them.
A scan that remains is one that no index prevents. To check another page, add it to `benchmarks.city.addresses`.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from benchmarks.city.addresses import PUBLIC, STAFF, PageKind, person
from benchmarks.city.build import make_rows
from benchmarks.city.size import SMALL
from meetings import models as records
from publicity import models as published
from publicity.operations.public_state import move
from tests.benchmarks.plans import queries_of, scanned_tables
from tests.shared_world import shared_world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgresql,
    pytest.mark.search_index,
    pytest.mark.slow,
    pytest.mark.plans,
    pytest.mark.xdist_group("city"),
]

GROWING: tuple[type[Model], ...] = (
    *(records.Topic, records.Opinion, records.Meeting, records.AgendaItem, records.Attendance, records.Minutes),
    *(records.Approval, records.Resolution, records.ResolutionPart, records.TaggedResolution, records.ProgressReport),
    *(records.Delivery, records.Explanation, records.Attachment, records.WorkItem),
    *(records.Delegation, records.PendingChange, records.LoginCode),
    *(records.PendingChange.people.through, records.PendingChange.conferences.through),
    *(records.RecordLogEntry, records.AccessEntry),
    *(
        published.Release,
        published.PublicDecision,
        published.Article,
        published.OutcomePage,
        published.OutcomeItem,
        published.StageProposal,
    ),
    *(apps.get_model("wagtailcore", name) for name in ("Page", "PageLogEntry", "Revision", "TaskState")),
    *(apps.get_model("wagtailcore", name) for name in ("WorkflowState",)),
)
# Queries that stop at their first row although their plan is a scan: Wagtail looks for the root in the order of paths.
STOP_EARLY = ('"wagtailcore_page"."depth" = %s ORDER BY "wagtailcore_page"."path" ASC LIMIT 1',)
FEW = 20  # rows: of a table with fewer the plan says nothing
FULL_TEXT = "search_index"  # its own table is read by its own index, which no plan names


@pytest.fixture(scope="module")
def _city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Build the city once, with its public decisions and work items."""
    with shared_world(django_db_blocker):
        make_rows(SMALL)
        call_command("public_check", "--repair")
        call_command("work_check", "--repair")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
                for method in ("seqscan", "hashjoin", "mergejoin"):  # the last two read tables as a whole as well
                    cursor.execute(f"SET LOCAL enable_{method} = off")
        yield


@pytest.mark.usefixtures("_city")
def test_the_rows_of_a_city_are_valid(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    call_command("work_check")
    assert "待办事项与记录一致" in capsys.readouterr().out
    assert published.PublicDecision.objects.count() > SMALL.conferences * 10
    assert all(page.is_public() and not page.refusals() for page in published.OutcomePage.objects.all()[:5])
    assert all(page.is_public() and not page.refusals() for page in published.Article.objects.all()[:5])


@pytest.mark.usefixtures("_city")
@pytest.mark.parametrize("kind", [*PUBLIC, *STAFF], ids=lambda kind: f"{kind.role or 'public'}: {kind.name}")
def test_no_table_that_grows_is_read_from_beginning_to_end(kind: PageKind) -> None:
    client, tables = Client(), {model._meta.db_table for model in GROWING if model._default_manager.count() > FEW}
    if kind.role:
        client.force_login(person(kind.role), backend="meetings.rights.TenureBackend")
    move()  # public pages are made anew
    address = kind.address()

    def ask() -> None:
        answer = client.get(address)
        assert answer.status_code == 200
        answer.getvalue()

    scans = [
        f"{', '.join(sorted(found))}: {sql}"
        for sql, params in queries_of(ask)
        if FULL_TEXT not in sql
        and not any(part in sql for part in STOP_EARLY)
        and (found := scanned_tables(sql, params) & tables)
    ]
    assert not scans, "\n".join(scans)
