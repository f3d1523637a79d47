"""How a rule says no: with every reason, each naming what to do; a page can print it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Missing:
    """One thing that a step still lacks: the reason in words, and the clause (a key of `meetings.clauses`)."""

    reason: Any  # a str, or a lazy translation that becomes one
    clause: str = ""

    def __str__(self) -> str:
        return str(self.reason)


class Refused(Exception):
    """An operation was refused; nothing was written. `reasons` are complete sentences for the person."""

    def __init__(self, *reasons: Any) -> None:
        self.reasons = [str(reason) for reason in reasons]
        super().__init__("；".join(self.reasons))

    @classmethod
    def lacking(cls, missing: Iterable[Missing]) -> "Refused":
        """A refusal for everything that is missing."""
        return cls(*missing)


class Stale(Refused):
    """Somebody else changed the record since the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this record meanwhile. Look at its present state, then do the step again.")
        )
