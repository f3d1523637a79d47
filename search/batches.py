"""Cutting what is long into parts that a database or an engine takes at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield `items` in lists of `size`, the last one with the rest; none is empty."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
