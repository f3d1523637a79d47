"""Latest progress reports on resolutions, for lists and letters; one query for any number of resolutions."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from meetings.enums import ReportVerdict
from meetings.models import ProgressReport, Resolution


def latest_reports(
    rows: QuerySet[Resolution], *, of: Iterable[int] | None = None, until: date | None = None
) -> dict[int, ProgressReport]:
    """Return, by resolution id, the latest report that was not sent back.

    `of` limits it to reports of these departments (ids), `until` to reports dated up to that day.
    """
    found = ProgressReport.objects.filter(part__resolution__in=rows.order_by().values("pk"))
    if until is not None:
        found = found.filter(on__lte=until)
    if of is not None:
        found = found.filter(part__department__in=of)
    found = found.exclude(verdict=ReportVerdict.RETURNED).select_related("part__department").order_by("on", "pk")
    return {row.part.resolution_id: row for row in found}
