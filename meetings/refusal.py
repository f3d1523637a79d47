"""Exceptions by which rules and operations refuse a step, with reasons that a page can show to the person.

A refusal lists every reason, and each reason says what to do about it. Each reason has a code: a short name in
snake_case that stays when the text changes. Tests assert codes. A code is written as a literal beside its reason and
is used for that reason only (`tests/checks/refusals.py`).
"""

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from meetings.types import StrOrPromise


@dataclass(frozen=True)
class Missing:
    """An unmet requirement: the reason as text, its code, and its clause (a value of `meetings.clauses.Point`).

    `field` names the input that it is about; a form that has this field shows the reason there.
    """

    reason: StrOrPromise
    _: KW_ONLY
    code: str
    clause: str = ""
    field: str = ""

    def __str__(self) -> str:
        return str(self.reason)


class Refused(Exception):
    """An operation was refused and nothing was written.

    `reasons` are complete sentences for the person; `codes` are their codes in the same order, `fields` the inputs that
    they are about (empty if none).
    """

    def __init__(self, reason: StrOrPromise, *, code: str, field: str = "") -> None:
        self.reasons = [str(reason)]
        self.codes = [code]
        self.fields = [field]
        super().__init__(*self.reasons)

    def __str__(self) -> str:
        return "；".join(self.reasons)

    @classmethod
    def lacking(cls, missing: Iterable[Missing]) -> "Refused":
        """Return a refusal with all the given reasons; there must be at least one."""
        first, *others = missing
        refused = cls(first.reason, code=first.code, field=first.field)
        refused.reasons += [str(gap.reason) for gap in others]
        refused.codes += [gap.code for gap in others]
        refused.fields += [gap.field for gap in others]
        return refused

    @classmethod
    def invalid(cls, error: ValidationError) -> "Refused":
        """Return a refusal with the messages of a `ValidationError` and the codes that its validators set."""
        by_field = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
        return cls.lacking(
            Missing(message, code=found.code or "invalid")
            for errors in by_field
            for found in errors
            for message in found.messages
        )


class Stale(Refused):
    """Refusal of a write because somebody else has changed the record since the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this record meanwhile. Look at its present state, then do the step again."),
            code="stale",
        )
