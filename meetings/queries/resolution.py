"""Reads of resolutions and their reports.

Key concepts
- `by_themselves(rows)`: without the drafted rows of corrections, which stand for a resolution that is there already.
- `ledger(rows)`: what a list of resolutions needs, in a fixed number of queries; `line(resolution)`: one line of it.
- `reports(resolution)`, `waiting_reports(…)`, `undelivered(rows)`: the written reports and what is still due of them.
- `recipients(resolution)`: the leaders to whom reports are delivered (`Y 2(6)`, `C 5(5)`).
"""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, F, Max, Model, OuterRef, Prefetch, Q, QuerySet

from meetings.enums import (
    GOVERNMENT_LEADERS,
    LEADERS,
    UNION_LEADERS,
    GroupKind,
    PartRole,
    ReportsTo,
    ReportVerdict,
    SeatKind,
    Side,
)
from meetings.models import Delivery, ProgressReport, Resolution, Tenure
from meetings.queries.conference import rules_of
from meetings.queries.deadline import is_overdue, with_next_meeting
from meetings.queries.parts import name_of, parts_in_order
from meetings.queries.people import group_heads, holders

M = TypeVar("M", bound=Model)
# Of every report but the lead department's on the whole: each is verified by one clerk, a co-operating one's too.
ORDINARY = Q(claims_done=False) | ~Q(part__role=PartRole.LEAD)


def by_themselves(rows: QuerySet[M], path: str = "") -> QuerySet[M]:
    """Each resolution once: a drafted row of a correction only holds what one of them is to become.

    `path` leads to the resolution from rows of another model: `resolution__`.
    """
    return rows.filter(**{f"{path}amends": None})


def ledger(rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
    """The rows with their meeting, departments (lead first), `last_report_on` and the next meeting, in two queries."""
    return (
        with_next_meeting(rows)
        .select_related("minutes__meeting__conference", "minutes__meeting__adoption")
        .prefetch_related(Prefetch("parts", queryset=parts_in_order()))
        .annotate(last_report_on=Max("parts__reports__on"))
    )


@dataclass(frozen=True)
class Line:
    """A resolution as `components/ledger_line.html` shows it, without shape and address."""

    what: str
    number: str
    lead: str
    co: str
    when: str
    state: str
    overdue: bool


def line(resolution: Resolution) -> Line:
    """One line of a ledger; no further query for a row of `ledger()`."""
    parts = list(resolution.parts.all())
    return Line(
        what=resolution.title,
        number=resolution.public_number or "",
        lead="、".join(name_of(part) for part in parts if part.role == PartRole.LEAD),
        co="、".join(name_of(part) for part in parts if part.role == PartRole.CO),
        when=resolution.deadline_text,
        state=resolution.get_state_display(),
        overdue=is_overdue(resolution),
    )


def reports(resolution: Resolution) -> QuerySet[ProgressReport]:
    """All written reports on a resolution, the latest first, with department, author and deliveries."""
    return (
        ProgressReport.objects.filter(part__resolution=resolution)
        .select_related("part__department__successor", "author")
        .prefetch_related("deliveries__tenure__person", "attachments")
    )


def waiting_reports(resolution: Resolution) -> QuerySet[ProgressReport]:
    """The ordinary reports that nobody has verified or sent back yet."""
    rows = ProgressReport.objects.filter(ORDINARY, part__resolution=resolution, verdict=ReportVerdict.PENDING)
    return rows.select_related("part__department")


def is_ordinary(report: ProgressReport) -> bool:
    """True for every report but one by which the lead department reports the whole done."""
    return not report.claims_done or report.part.role != PartRole.LEAD


def _delivered_to(side: str) -> Exists:
    meeting = "report__part__resolution__minutes__meeting"
    roles = GOVERNMENT_LEADERS if side == Side.GOVERNMENT else UNION_LEADERS
    leader = Q(**{f"{meeting}__adoption__reports_to": ReportsTo.LEADERS}, tenure__post__role__in=roles)
    head = Q(
        **{f"{meeting}__adoption__reports_to": ReportsTo.GROUP_HEADS},
        tenure__post__side=side,
        tenure__post__seats__kind=SeatKind.HEAD,
        tenure__post__seats__group__kind=GroupKind.COORDINATION,
        tenure__post__seats__group__conference=F(f"{meeting}__conference"),
    )
    return Exists(Delivery.objects.filter(leader | head, report=OuterRef("pk")))


def undelivered(rows: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
    """The verified reports that have not reached a leader of each side, as their regulation names them."""
    verified = rows.filter(verdict=ReportVerdict.VERIFIED).select_related("part__department")
    return verified.exclude(_delivered_to(Side.GOVERNMENT) & _delivered_to(Side.UNION))


def undelivered_of(resolution: Resolution) -> QuerySet[ProgressReport]:
    """The verified reports on one resolution that are still to be delivered."""
    return undelivered(ProgressReport.objects.filter(part__resolution=resolution))


def recipients(resolution: Resolution) -> QuerySet[Tenure]:
    """The leaders of today to whom reports go: those of both sides (`Y 2(6)`), or the group's heads (`C 5(5)`)."""
    rules = rules_of(resolution)
    if rules.reports_to == ReportsTo.LEADERS:
        return holders(rules.conference, roles=LEADERS)
    return group_heads(rules.conference)
