"""What the tests of the publicity share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from meetings.models import Resolution
from tests.meetings.factories import World
from tests.publicity.factories import county, issued, public_outcome, resolutions


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Forget the renditions that Wagtail keeps by the key of their picture: keys come again in the next test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world() -> World:
    """A county with its public section."""
    return county()


@pytest.fixture
def shown(world: World) -> Resolution:
    """A resolution that is public."""
    of = issued(world)
    public_outcome(world, of)
    return resolutions(of)[0]
