"""While Elasticsearch does not answer, staff see a notice. The public page does not change."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from search.engines.elasticsearch.circuit_breaker import breaker
from search.engines.elasticsearch.client import reset_connection
from search.index_maintenance import rebuild
from search.models import SearchIndex
from tests.browser.server import free_port
from tests.meetings.factories import World
from tests.publicity.factories import county, issued, public_outcome

pytestmark = pytest.mark.django_db
STANDBY_NOTICE = "检索主服务暂不可用，本页由数据库检索给出，结果完整。"


@pytest.fixture
def world() -> World:
    world = county()
    public_outcome(world, issued(world, title="职工医疗互助"))
    rebuild()
    return world


@pytest.fixture
def _unreachable_elasticsearch(settings: Settings, world: World) -> Iterator[None]:
    """Settings with an Elasticsearch at a port where nothing listens."""
    SearchIndex.objects.create(name="portal-1", ready=True)
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "HOSTS": [f"http://127.0.0.1:{free_port()}"]}
    reset_connection()
    breaker.close()
    yield
    breaker.close()
    reset_connection()


def page_contents(world: World) -> tuple[str, str]:
    """Return the result pages of a clerk and of a visitor, after checking the hits."""
    clerk = Client()
    clerk.force_login(world.gov_clerk)
    found = clerk.get("/admin/search/?q=医疗互助"), Client().get("/search/?q=医疗互助")
    staff, public = (response.content.decode() for response in found)
    assert "职工<mark>医疗互助</mark>" in staff
    assert "职工<mark>医疗互助</mark>" in public
    return staff, public


@pytest.mark.usefixtures("_unreachable_elasticsearch")
def test_staff_read_who_answered_and_the_public_reads_nothing_of_it(world: World) -> None:
    for _time in range(2):  # at the failure, and while the circuit is open
        staff, public = page_contents(world)
        assert staff.count(STANDBY_NOTICE) == 1
        assert STANDBY_NOTICE not in public
        assert "数据库" not in public


def test_nothing_is_said_where_the_database_is_all_there_is(world: World) -> None:
    assert STANDBY_NOTICE not in "".join(page_contents(world))
