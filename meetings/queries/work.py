"""Queries of work items. For whom an item waits: `meetings.rules.addressees`.

- `open_work(rows)`: the items that wait today, the most urgent first. `work_on(record)`: those on one record.
- `with_records(items)`: items with their records.
- `loaded(model, pks)`: records with all rows that their tasks are computed from, in a fixed number of queries.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model, Prefetch, Q, QuerySet

from meetings import clock
from meetings.enums import WorkItemKind
from meetings.models import (
    Approval,
    Delegation,
    JointConference,
    Meeting,
    Minutes,
    ProgressReport,
    Resolution,
    Topic,
    WorkItem,
)
from meetings.queries.deadline import with_next_meeting
from meetings.queries.resolution import with_delivery

MOST_URGENT = (F("due_on").asc(nulls_last=True), F("since"), F("pk"))
VALID_APPROVALS = Prefetch(
    "approvals", queryset=Approval.objects.filter(voided_at=None).select_related("delegation__tenure")
)
RELATED: dict[type[Model], tuple[str, ...]] = {
    Topic: ("conference", "adoption"),
    Meeting: ("conference", "adoption", "chair"),
    Minutes: ("meeting__adoption", "meeting__conference"),
    Resolution: ("minutes__meeting__adoption", "minutes__meeting__conference"),
    JointConference: (),
    Delegation: ("tenure__person", "tenure__post__conference", "to__person", "to__post"),
}
PREFETCHED: "dict[type[Model], tuple[str | Prefetch[str], ...]]" = {
    Topic: (VALID_APPROVALS, "opinions"),
    Meeting: (VALID_APPROVALS, "attendance", Prefetch("minutes", queryset=Minutes.objects.defer("frozen", "body"))),
    Minutes: (VALID_APPROVALS,),
    Resolution: (
        Prefetch("parts__reports", queryset=with_delivery(ProgressReport.objects.all())),
        Prefetch("parts__reports__approvals", queryset=VALID_APPROVALS.queryset),
    ),
}


def loaded(model: type[Model], pks: Collection[int] | None = None) -> QuerySet[Any]:
    """Return the records with these keys (all without `pks`) with what `machines.tasks` and `rules.work` read."""
    rows: QuerySet[Any] = model._default_manager.all() if pks is None else model._default_manager.filter(pk__in=pks)
    rows = rows.select_related(*RELATED[model]).prefetch_related(*PREFETCHED.get(model, ())).order_by("pk")
    if model is not Resolution:
        return rows
    return with_next_meeting(rows).defer("minutes__frozen", "minutes__body")  # the largest columns, never asked here


def open_work(rows: QuerySet[WorkItem] | None = None, on: date | None = None) -> QuerySet[WorkItem]:
    """Return the items that wait on a day (today by default), the most urgent first."""
    found = WorkItem.objects.all() if rows is None else rows
    begun = Q(starts_on=None) | Q(starts_on__lte=on or clock.today())
    lasting = Q(ends_on=None) | Q(ends_on__gte=on or clock.today())
    return found.filter(begun, lasting, closed_at=None).order_by(*MOST_URGENT)


def work_on(record: Model) -> QuerySet[WorkItem]:
    """Return the open tasks on a record."""
    content_type = ContentType.objects.get_for_model(record, for_concrete_model=False)
    rows = WorkItem.objects.filter(content_type=content_type, object_id=record.pk, kind=WorkItemKind.TASK)
    return open_work(rows).select_related("department", "person", "conference")


def with_records(items: Iterable[WorkItem]) -> list[WorkItem]:
    """Return the items with their records, read with one query for each model; those that have them are left alone."""
    found, field = list(items), WorkItem._meta.get_field("record")
    by_type: dict[int, set[int]] = {}
    unread = [item for item in found if not field.is_cached(item)]
    for item in unread:
        by_type.setdefault(item.content_type_id, set()).add(item.object_id)
    records: dict[tuple[int, int], Model] = {}
    for type_id, pks in by_type.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is not None:
            rows = model._default_manager.filter(pk__in=pks).select_related(*RELATED.get(model, ()))
            records |= {(type_id, row.pk): row for row in rows}
    for item in unread:
        item.record = records.get((item.content_type_id, item.object_id))
    return [item for item in found if item.record is not None]
