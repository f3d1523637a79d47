"""Refusals in tests: a test says by its code for which reason an operation is refused.

Key concepts
- `refused(act, code, …)`: calls `act`, which must be refused with exactly these codes; returns the reasons in words.
- `refusal(code, …)`: the same as a context, for more than one call.
- `codes(gaps)`: the codes of what a rule says is missing.
`tests/checks/refusals.py` checks that no test asserts a refusal in another way.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from meetings.refusal import Missing, Refused


@contextmanager
def refusal(first: str, *more: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """Expect that the body is refused for exactly these reasons, in this order; tells the refusal afterwards."""
    with pytest.raises(Refused) as found:
        yield found
    assert found.value.codes == [first, *more], f"refused for another reason: {found.value}"


def refused(act: Callable[[], Any], first: str, *more: str) -> list[str]:
    """The reasons in words for which `act` is refused; their codes must be exactly these, in this order."""
    with refusal(first, *more) as found:
        act()
    return found.value.reasons


def codes(gaps: Iterable[Missing]) -> list[str]:
    """The codes of what is missing, in its order."""
    return [gap.code for gap in gaps]
