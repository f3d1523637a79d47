"""Splits iterables into batches of a size that a database or search engine accepts."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield `items` in lists of `size`. The last list may be shorter; none is empty."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
