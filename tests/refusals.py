"""Assertions on refusals, by the codes of their reasons.

- `refused(act, code, …)` calls `act`, which must be refused with exactly these codes, and returns the reason texts.
- `refusal(code, …)` is the same as a context manager.
- `codes(gaps)` returns the codes of the `Missing` that a rule returns.

`tests/checks/refusals.py` checks that tests assert refusals in no other way.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from meetings.refusal import Missing, Refused


@contextmanager
def refusal(first: str, *more: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """Assert that the body raises `Refused` with exactly these codes, in this order; yield the `ExceptionInfo`."""
    with pytest.raises(Refused) as found:
        yield found
    assert found.value.codes == [first, *more], f"refused for another reason: {found.value}"


def refused(act: Callable[[], Any], first: str, *more: str) -> list[str]:
    """Assert that `act` is refused with exactly these codes, in this order; return the reason texts."""
    with refusal(first, *more) as found:
        act()
    return found.value.reasons


def codes(gaps: Iterable[Missing]) -> list[str]:
    """Return the codes of `Missing` objects, in order."""
    return [gap.code for gap in gaps]
