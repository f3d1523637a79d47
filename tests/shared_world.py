"""Database content that several tests share: built once, rolled back after the last of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests import stories

_worlds = 0


def open_worlds() -> int:
    """Return how many shared worlds are in the database now."""
    return _worlds


@contextmanager
def shared_world(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Share rows that are written inside with all tests of a class or module; each test is rolled back to them.

    Use it in a fixture of class or module scope that requests `django_db_setup` and `django_db_blocker` and yields
    inside the context. Tests that change shared Python objects must take a `deepcopy`.
    """
    global _worlds
    with blocker.unblock(), transaction.atomic():
        cache.clear()
        stories.begin(known=_worlds == 0)
        _worlds += 1
        try:
            yield
        finally:
            _worlds -= 1
            transaction.set_rollback(True)
    cache.clear()
