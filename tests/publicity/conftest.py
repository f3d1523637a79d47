"""What the tests of the publicity share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Forget the renditions that Wagtail keeps by the key of their picture: keys come again in the next test."""
    cache.clear()
    yield
    cache.clear()
