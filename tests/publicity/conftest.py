"""Shared fixtures of the publicity tests."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches

from meetings.models import Resolution
from tests.meetings.factories import World
from tests.publicity.factories import county, issued, public_outcome, resolutions


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Clear the caches: Wagtail caches renditions by the key of their picture, and keys are reused by the next test."""
    clear()
    yield
    clear()


def clear() -> None:
    """Clear the caches."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def world() -> World:
    """A county with its public section."""
    return county()


@pytest.fixture
def shown(world: World) -> Resolution:
    """A public resolution."""
    of = issued(world)
    public_outcome(world, of)
    return resolutions(of)[0]
