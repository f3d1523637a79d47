"""A world that several tests begin with: built once, taken back when the last of them is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests import stories

_worlds = 0


def kept_worlds() -> int:
    """How many such worlds stand in the database now."""
    return _worlds


@contextmanager
def keeping(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written inside stands for all tests of a fixture of a class or a module; each is rolled back to it.

    Tests that change objects of the world in Python take a `deepcopy` of them. Such a fixture asks for
    `django_db_setup` and `django_db_blocker`, and yields inside.
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
