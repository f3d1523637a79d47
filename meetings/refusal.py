"""How a rule says no: with every reason, each naming what to do; a page can print it.

Each reason has a code: a short name in snake_case that stays when the words change. Tests assert codes; a code is
written as a literal beside its reason and stands for that reason alone (`tests/checks/refusals.py`).
"""

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Missing:
    """One thing that a step lacks: the reason in words, its code, and its clause (a key of `meetings.clauses`)."""

    reason: Any  # a str, or a lazy translation that becomes one
    _: KW_ONLY
    code: str
    clause: str = ""

    def __str__(self) -> str:
        return str(self.reason)


class Refused(Exception):
    """An operation was refused; nothing was written.

    `reasons` are complete sentences for the person; `codes` are their codes, in the same order.
    """

    def __init__(self, reason: Any, *, code: str) -> None:
        self.reasons = [str(reason)]
        self.codes = [code]
        super().__init__(*self.reasons)

    def __str__(self) -> str:
        return "；".join(self.reasons)

    @classmethod
    def lacking(cls, missing: Iterable[Missing]) -> "Refused":
        """A refusal for everything that is missing, at least one thing."""
        first, *others = missing
        refused = cls(first.reason, code=first.code)
        refused.reasons += [str(gap.reason) for gap in others]
        refused.codes += [gap.code for gap in others]
        return refused

    @classmethod
    def invalid(cls, error: ValidationError) -> "Refused":
        """A refusal with the messages of a validation, under the codes that the validators gave them."""
        by_field = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
        return cls.lacking(
            Missing(message, code=found.code or "invalid")
            for errors in by_field
            for found in errors
            for message in found.messages
        )


class Stale(Refused):
    """Somebody else changed the record since the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this record meanwhile. Look at its present state, then do the step again."),
            code="stale",
        )
