"""While Elasticsearch does not answer, staff read one quiet line, and the public reads what it always does."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from search.engines.elasticsearch.circuit_breaker import breaker
from search.engines.elasticsearch.client import forget
from search.index_maintenance import rebuild
from search.models import SearchIndex
from tests.browser.server import free_port
from tests.meetings.factories import World
from tests.publicity.factories import county, issued, public_outcome

pytestmark = pytest.mark.django_db
TOLD = "检索主服务暂不可用，本页由数据库检索给出，结果完整。"


@pytest.fixture
def world() -> World:
    world = county()
    public_outcome(world, issued(world, title="职工医疗互助"))
    rebuild()
    return world


@pytest.fixture
def _nobody_listens(settings: Settings, world: World) -> Iterator[None]:
    """The settings name an Elasticsearch at a port where nothing is."""
    SearchIndex.objects.create(name="portal-1", ready=True)
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "HOSTS": [f"http://127.0.0.1:{free_port()}"]}
    forget()
    breaker.close()
    yield
    breaker.close()
    forget()


def pages(world: World) -> tuple[str, str]:
    """What a clerk and what a visitor reads, with what is found."""
    clerk = Client()
    clerk.force_login(world.gov_clerk)
    found = clerk.get("/admin/search/?q=医疗互助"), Client().get("/search/?q=医疗互助")
    staff, public = (response.content.decode() for response in found)
    assert "职工<mark>医疗互助</mark>" in staff
    assert "职工<mark>医疗互助</mark>" in public
    return staff, public


@pytest.mark.usefixtures("_nobody_listens")
def test_staff_read_who_answered_and_the_public_reads_nothing_of_it(world: World) -> None:
    for _time in range(2):  # at the failure, and while it is known
        staff, public = pages(world)
        assert staff.count(TOLD) == 1
        assert TOLD not in public
        assert "数据库" not in public


def test_nothing_is_said_where_the_database_is_all_there_is(world: World) -> None:
    assert TOLD not in "".join(pages(world))
