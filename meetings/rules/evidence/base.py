"""Requirements of clauses, and what the records contain about them.

- `Proof`: who did what, when, and in which record it can be read.
- `Found`: proofs and gaps of one clause.
- `Finding`: `Found` together with the clause as printed and its text; `judge(rules, finders)` builds them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from meetings.clauses import cite, quote
from meetings.enums import Medium
from meetings.models import Approval, RegulationAdoption


class Status(StrEnum):
    """The status of a clause."""

    MET = "met"
    GAP = "gap"
    AHEAD = "ahead"


LABELS = {Status.MET: _("Met"), Status.GAP: _("Gap"), Status.AHEAD: _("Still ahead")}
# A short description of each requirement; the keys are those of `meetings.clauses`.
REQUIREMENTS: dict[str, Any] = {
    "briefing": _("Briefings of both sides"),
    "category": _("Topics within the subjects of the regulation"),
    "follow_up_explained": _("Follow-up told, what is unfinished explained"),
    "frequency": _("A meeting in the year"),
    "special": _("Consultation before a special meeting"),
    "topic.research": _("Topics proposed after research"),
    "topic.confer": _("Topics conferred by both sides"),
    "topic.approve": _("Topics approved by the leader in charge of union work"),
    "topic.agree": _("Consensus before the meeting"),
    "attendance": _("Those attend whom the regulation names"),
    "chair": _("The chair"),
    "meeting.settle": _("Time, place, agenda and attendance settled"),
    "meeting.notify": _("Notice issued"),
    "agenda": _("The agenda in its order"),
    "minutes": _("Minutes approved and issued"),
    "follow_up": _("Resolutions followed up, reports delivered"),
    "publicity": _("Reported to the public"),
    "name": _("The official name"),
    "sections": _("Named sections and staff of each side"),
}


@dataclass(frozen=True)
class Proof:
    """Who did what on which day; `record` is the record that shows it."""

    text: str
    on: date | None = None
    record: Any = None


@dataclass
class Found:
    """What the records contain about one clause; `message` says why there is neither proof nor gap."""

    proofs: list[Proof] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    message: str = ""


@dataclass(frozen=True)
class Finding:
    """A clause compared with the records."""

    key: str
    clause: str
    requirement: Any
    text: str
    status: Status
    proofs: list[Proof]
    gaps: list[str]
    message: str

    @property
    def label(self) -> Any:
        """The translated status."""
        return LABELS[self.status]


Finder = Callable[[], Found | None]


def judge(rules: RegulationAdoption, finders: Mapping[str, Finder]) -> list[Finding]:
    """Return a finding for each clause of the regulation that applies to the record; none without its text."""
    if not rules.judged:
        return []
    rows = ((key, cite(key, rules.clause_set), find) for key, find in finders.items())
    return [_finding(rules, key, clause, found) for key, clause, find in rows if clause and (found := find())]


def _finding(rules: RegulationAdoption, key: str, clause: str, found: Found) -> Finding:
    status = Status.GAP if found.gaps else Status.MET if found.proofs else Status.AHEAD
    text = quote(rules.regulation.text, clause)
    return Finding(key, clause, REQUIREMENTS[key], text, status, found.proofs, found.gaps, found.message)


def signatures(approvals: Iterable[Approval], record: Any) -> list[Proof]:
    """Return each valid approval (from `queries.approval.shown`) as a proof: signer, delegation, medium, opinion."""
    return [Proof(_signature(row), row.on, record) for row in approvals if row.voided_at is None]


def _signature(row: Approval) -> str:
    text = row.signer
    if row.medium == Medium.PAPER:
        text += f"（{row.get_medium_display()}）"
    return f"{text}：{row.opinion}" if row.opinion else text
