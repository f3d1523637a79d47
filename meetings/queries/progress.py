"""The latest word on resolutions, for lists and letters: one query, however many they are."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from meetings.enums import ReportVerdict
from meetings.models import ProgressReport, Resolution


def latest_reports(
    rows: QuerySet[Resolution], *, of: Iterable[int] | None = None, until: date | None = None
) -> dict[int, ProgressReport]:
    """The latest report on each resolution that was not sent back.

    If they are given: of the parts of these departments alone, and up to a day.
    """
    found = ProgressReport.objects.filter(part__resolution__in=rows.order_by().values("pk"))
    if until is not None:
        found = found.filter(on__lte=until)
    if of is not None:
        found = found.filter(part__department__in=of)
    found = found.exclude(verdict=ReportVerdict.RETURNED).select_related("part__department").order_by("on", "pk")
    return {row.part.resolution_id: row for row in found}
