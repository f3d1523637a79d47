"""Requirements of clauses, and what the records contain about them.

- `Proof`: who did what, when, and in which record it can be read.
- `Found`: proofs and gaps of one clause.
- `Finding`: `Found` together with the clause as printed and its text; `judge(rules, finders)` builds them.
- `texts(rules)`: the clauses that govern no point.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from meetings.clauses import Citation, Point
from meetings.enums import Medium
from meetings.models import Approval, RegulationAdoption, RegulationClause
from meetings.queries.regulation import clauses_by_point
from meetings.types import StrOrPromise


class Status(StrEnum):
    """The status of a clause; `TEXT` for a clause that governs no point, so that there is no evidence to find."""

    MET = "met"
    GAP = "gap"
    AHEAD = "ahead"
    TEXT = "text"


LABELS: dict[Status, StrOrPromise] = {
    Status.MET: _("Met"),
    Status.GAP: _("Gap"),
    Status.AHEAD: _("Still ahead"),
    Status.TEXT: "",
}


@dataclass(frozen=True)
class Proof:
    """Who did what on which day; `record` is the record that shows it."""

    text: str
    on: date | None = None
    record: Model | None = None


@dataclass
class Found:
    """What the records contain about one clause; `message` says why there is neither proof nor gap."""

    proofs: list[Proof] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    message: str = ""


@dataclass(frozen=True)
class Finding:
    """A point of the regulation compared with the records, or a clause that governs no point (`TEXT`)."""

    key: str
    clause: Citation
    requirement: StrOrPromise
    text: str
    status: Status
    order: int
    proofs: list[Proof] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    message: str = ""

    @property
    def label(self) -> StrOrPromise:
        """The translated status; empty for `TEXT`."""
        return LABELS[self.status]


Finder = Callable[[], Found | None]


def judge(rules: RegulationAdoption, finders: Mapping[str, Finder]) -> list[Finding]:
    """Return a finding for each point that the regulation requires and that applies to the record.

    The list is empty if the text of the regulation is not available. Runs one query for the clauses.
    """
    if not rules.judged:
        return []
    clauses = clauses_by_point(rules.regulation.clauses.all())
    rows = ((key, clauses.get(key, []), find) for key, find in finders.items())
    return [_finding(rules, key, governing, found) for key, governing, find in rows if governing and (found := find())]


def _finding(rules: RegulationAdoption, key: str, clauses: list[RegulationClause], found: Found) -> Finding:
    return Finding(
        key=key,
        clause=rules.cite(key),
        requirement=Point(key).label,
        text="\n".join(clause.words for clause in clauses),
        status=Status.GAP if found.gaps else Status.MET if found.proofs else Status.AHEAD,
        order=clauses[0].order,
        proofs=found.proofs,
        gaps=found.gaps,
        message=found.message,
    )


def texts(rules: RegulationAdoption) -> list[Finding]:
    """Return the clauses that govern no point as findings with the status `TEXT`."""
    if not rules.judged:
        return []
    return [
        Finding("", Citation(row.number, rules.regulation_id), "", row.words, Status.TEXT, row.order)
        for row in rules.regulation.clauses.all()
        if not row.points
    ]


def signatures(approvals: Iterable[Approval], record: Model) -> list[Proof]:
    """Return the valid ones of the approvals (`queries.approval.with_signers`) as proofs, with medium and opinion."""
    return [Proof(_signature(row), row.on, record) for row in approvals if row.voided_at is None]


def _signature(row: Approval) -> str:
    text = row.signer
    if row.medium == Medium.PAPER:
        text += f"（{row.get_medium_display()}）"
    return f"{text}：{row.opinion}" if row.opinion else text
