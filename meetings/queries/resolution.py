"""Queries of resolutions and their progress reports.

- `without_amendments(rows)`: rows without the draft rows of corrections, which duplicate an existing resolution.
- `ledger(rows)`: resolutions with the relations that a list needs.
- `reports(resolution)`, `waiting_reports(resolution)`, `undelivered(rows)`: all reports, the unverified ones, and
  those still to be delivered.
- `recipients(resolution)`: the leaders to whom reports are delivered (`Y 2(6)`, `C 5(5)`).
"""

from typing import TypeVar

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)

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
from meetings.queries.deadline import with_next_meeting
from meetings.queries.parts import parts_in_order
from meetings.queries.people import group_heads, holders

M = TypeVar("M", bound=Model)
LONG_TEXTS = ("body", "drafted", "frozen")  # of minutes; no list of resolutions shows them
# Every report except the lead department's completion report. One clerk verifies an ordinary report, also a completion
# report of a co-operating department.
ORDINARY_REPORT = Q(claims_done=False) | ~Q(part__role=PartRole.LEAD)


def without_amendments(rows: QuerySet[M], path: str = "") -> QuerySet[M]:
    """Exclude the draft rows of corrections, so that each resolution appears once.

    `path` is the lookup to the resolution from rows of another model, for example `resolution__`.
    """
    return rows.filter(**{f"{path}amends": None})


def with_last_report(rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
    """Annotate `last_report_on`: the day of the latest report."""
    latest = ProgressReport.objects.filter(part__resolution=OuterRef("pk")).order_by("-on").values("on")[:1]
    return rows.annotate(last_report_on=Subquery(latest))


def ledger(rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
    """Return the rows with meeting, departments (lead first), `last_report_on` and next meeting; two queries.

    The long texts of the minutes are left out.
    """
    return (
        with_last_report(with_next_meeting(rows))
        .select_related("minutes__meeting__conference", "minutes__meeting__adoption")
        .defer(*(f"minutes__{name}" for name in LONG_TEXTS))
        .prefetch_related(Prefetch("parts", queryset=parts_in_order()))
    )


def reports(resolution: Resolution) -> QuerySet[ProgressReport]:
    """Return all reports on a resolution, latest first, with department, author, deliveries and attachments."""
    return (
        ProgressReport.objects.filter(part__resolution=resolution)
        .select_related("part__department__successor", "author")
        .prefetch_related("deliveries__tenure__person", "attachments")
    )


def waiting_reports(resolution: Resolution) -> QuerySet[ProgressReport]:
    """Return the ordinary reports that were neither verified nor sent back."""
    rows = ProgressReport.objects.filter(ORDINARY_REPORT, part__resolution=resolution, verdict=ReportVerdict.PENDING)
    return rows.select_related("part__department")


def is_ordinary(report: ProgressReport) -> bool:
    """Return whether the report is ordinary, i.e. not the completion report of the lead department."""
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
    """Return the verified reports that were not delivered to a leader of each side, as the regulation defines them."""
    return rows.filter(_is_undelivered()).select_related("part__department")


def with_delivery(rows: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
    """Annotate `is_undelivered`: whether `undelivered` finds the report."""
    return rows.annotate(is_undelivered=ExpressionWrapper(_is_undelivered(), output_field=BooleanField()))


def _is_undelivered() -> Q:
    return Q(verdict=ReportVerdict.VERIFIED) & ~(_delivered_to(Side.GOVERNMENT) & _delivered_to(Side.UNION))


def undelivered_of(resolution: Resolution) -> QuerySet[ProgressReport]:
    """Return the verified reports on one resolution that are still to be delivered."""
    return undelivered(ProgressReport.objects.filter(part__resolution=resolution))


def recipients(resolution: Resolution) -> QuerySet[Tenure]:
    """Return the current leaders who receive reports: those of both sides (`Y 2(6)`) or the group heads (`C 5(5)`)."""
    rules = resolution.adoption
    if rules.reports_to == ReportsTo.LEADERS:
        return holders(rules.conference, roles=LEADERS)
    return group_heads(rules.conference)
