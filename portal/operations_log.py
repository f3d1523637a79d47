"""The operations log (操作记录): what was done to records, pages and files, by whom, when and from which address.

- `seen(log, person)`: the entries of one of the three logs that a person may read.
- `OperationsLogView`: Wagtail's report of all logs, latest first. Only auditors read addresses and get the spreadsheet.
- `Rows`: entries fetched in batches, so that a spreadsheet of many years needs little memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypedDict

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import ContentTypeFilter, DateRangePickerWidget
from wagtail.admin.ui.tables import Column, Table, TitleColumn
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.coreutils import get_content_type_label
from wagtail.log_actions import registry as actions
from wagtail.models import BaseLogEntry, ModelLogEntry, Page, PageLogEntry

from meetings.admin.core.listing import DayField, Field, RecordFilterSet
from meetings.admin.core.log_entries import format_timestamp, message_with_comment
from meetings.admin.core.spreadsheet import AuditorsOnlyExport, SpreadsheetOfFields
from meetings.models import JointConference, Person, RecordLogEntry
from meetings.models.catalogue import CATALOGUE
from meetings.models.people import AnyUser
from meetings.queries.access import audited, people_of
from publicity.models import ConferenceSection
from publicity.tree_paths import inside

LOGS: tuple[type[BaseLogEntry], ...] = (RecordLogEntry, PageLogEntry, ModelLogEntry)
BATCH = 200


def seen(log: type[BaseLogEntry], person: AnyUser) -> QuerySet[BaseLogEntry]:
    """Return the entries of a log that a person may read.

    Everybody reads what `viewable_by_user` of the log returns. Auditors of all conferences read all entries. Auditors
    of a single conference also read the entries on its pages, and on the people who hold or held a post in it.
    """
    audits = audited(person)
    if None in audits:
        return log.objects.all()
    rows: QuerySet[BaseLogEntry] = log.objects.viewable_by_user(person)
    if audits and log is PageLogEntry:
        rows = rows | log.objects.filter(page__in=_pages_of(audits))
    if audits and log is RecordLogEntry:
        people = people_of(audits).annotate(key=Cast("pk", CharField())).values("key")
        rows = rows | log.objects.filter(content_type=ContentType.objects.get_for_model(Person), object_id__in=people)
    return rows


def _pages_of(conferences: set[int | None]) -> QuerySet[Page, dict[str, int]]:
    below = Q(pk__in=[])
    for path in ConferenceSection.objects.filter(conference__in=conferences - {None}).values_list("path", flat=True):
        below |= inside(path)
    return Page.objects.filter(below).order_by().values("pk")


class EntryKey(TypedDict):
    """A row of the report: the number of the log in `LOGS`, and the primary key of the entry."""

    log: int
    pk: int


class Rows:
    """The entries of rows of `(log, pk)`, in the same order, fetched `BATCH` at a time."""

    def __init__(self, found: Sequence[EntryKey]) -> None:
        self.found = found

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[BaseLogEntry]:
        for start in range(0, len(self.found), BATCH):
            part = self.found[start : start + BATCH]
            entries: dict[tuple[int, int], BaseLogEntry] = {}
            for number, log in enumerate(LOGS):
                wanted = [row["pk"] for row in part if row["log"] == number]
                rows = log.objects.filter(pk__in=wanted).select_related("content_type").prefetch_related("user")
                entries |= {(number, row.pk): row for row in rows} if wanted else {}
            yield from (entries[row["log"], row["pk"]] for row in part)


def user_name(entry: BaseLogEntry) -> str:
    """Return the name of the user, or “system” (translated) for a management command."""
    return str(entry.user_display_name)


def address(entry: BaseLogEntry) -> str:
    """Return the client address; entries of Wagtail's own logs have it in `data` (`portal.access_log`)."""
    return getattr(entry, "address", None) or entry.data.get("address") or ""


def record_url(entry: BaseLogEntry) -> str | None:
    """Return the URL of the object's page if staff may read it; None for pages and files."""
    if not isinstance(entry, RecordLogEntry) or entry.content_type is None:
        return None
    model = entry.content_type.model_class()
    known = CATALOGUE.get(model) if model else None
    if known is None or not known.page or not known.staff_read:
        return None
    return reverse(f"{known.page}:inspect", args=[entry.object_id])


def _labels() -> dict[str, list[str]]:
    """Map each label to the actions that have it: 新建 is one choice, whatever was created."""
    labels: dict[str, list[str]] = {}
    for action, label in actions.get_choices():
        labels.setdefault(str(label), []).append(action)
    return labels


class OperationsLogFilterSet(RecordFilterSet):
    """Filters by name, action, person, kind, conference and date."""

    label = django_filters.CharFilter(label=_("Record or page"), lookup_expr="icontains")
    action = django_filters.ChoiceFilter(
        label=_("Action"), method="with_label", widget=forms.Select, empty_label=_("All")
    )
    user = django_filters.ModelChoiceFilter(
        label=_("Person"), queryset=Person.objects.none(), widget=forms.Select, empty_label=_("All")
    )
    content_type = ContentTypeFilter(
        label=_("Kind"), queryset=ContentType.objects.none(), widget=forms.Select, empty_label=_("All")
    )
    timestamp = django_filters.DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)

    class Meta:
        model = RecordLogEntry
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        logs = [seen(log, self.request.user).order_by() for log in LOGS] if self.request else []
        people, kinds, used = Q(pk__in=[]), Q(pk__in=[]), set()
        for rows in logs:
            people |= Q(pk__in=rows.exclude(user=None).values("user"))
            kinds |= Q(pk__in=rows.exclude(content_type=None).values("content_type"))
            used |= set(rows.values_list("action", flat=True).distinct())
        self.filters["user"].queryset = Person.objects.filter(people)
        self.filters["content_type"].queryset = ContentType.objects.filter(kinds)
        choices = [(label, label) for label, bearing in _labels().items() if used & set(bearing)]
        self.filters["action"].extra["choices"] = choices
        if "conference" in self.filters:
            self.filters["conference"].method = "in_conference"

    def with_label(self, rows: QuerySet[BaseLogEntry], name: str, value: str) -> QuerySet[BaseLogEntry]:
        """Keep the entries whose action has this label."""
        return rows.filter(action__in=_labels().get(value, []))

    def in_conference(self, rows: QuerySet[Any], name: str, value: JointConference | None) -> QuerySet[BaseLogEntry]:
        """Keep the entries on records of the conference and on pages of its section; files belong to no conference."""
        if value is None:
            return rows
        if rows.model is RecordLogEntry:
            return rows.filter(conference=value)
        return rows.filter(page__in=_pages_of({value.pk})) if rows.model is PageLogEntry else rows.none()


class OperationsLogView(AuditorsOnlyExport, SpreadsheetOfFields, LogEntriesView):  # type: ignore[override]  # as Wagtail's
    """The operations log, limited to the entries that the person may read (`seen`).

    Wagtail's view uses `viewable_by_user` of each log; auditors read more than that.
    """

    page_title = _("Operations log")
    results_template_name = "portal/operations_log_results.html"
    table_classname: Any = "listing records-list"
    filterset_class: Any = OperationsLogFilterSet
    export_filename = "operations-log"
    common_fields = (
        Field("label", _("Record or page"), lambda e: e.label),
        Field("kind", _("Kind"), lambda e: str(get_content_type_label(e.content_type)), width="10%"),
        Field("what", _("Action"), message_with_comment, width="30%"),
        Field("who", _("Person"), user_name, width="10%"),
        DayField("at", _("Time"), lambda e: format_timestamp(e.timestamp), width="13%"),
    )

    @property
    def fields(self) -> tuple[Field, ...]:  # type: ignore[override]  # an attribute in the base
        """The fields of the list; auditors also read the address."""
        where = Field("address", _("From address"), address, width="10%")
        return (*self.common_fields, where) if audited(self.request.user) else self.common_fields

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]  # an attribute in the base
        title, *others = self.fields
        return [
            TitleColumn(title.name, label=title.label, accessor=title.value, get_url=record_url),
            *(field.as_column() for field in others),
        ]

    def get_filename(self) -> str:
        return self.export_filename

    def get_filtered_queryset(self) -> QuerySet[BaseLogEntry, EntryKey]:
        """Return the log and primary key of each entry as one union, latest first."""
        parts = []
        for number, log in enumerate(LOGS):
            rows = seen(log, self.request.user).values("pk", "timestamp")
            rows = rows.annotate(log=Value(number, output_field=IntegerField()))
            parts.append(self.filter_queryset(rows).order_by())
        first, *others = parts
        entries: QuerySet[BaseLogEntry, EntryKey] = first.union(*others, all=True).order_by("-timestamp", "-pk")
        return entries

    def decorate_paginated_queryset(self, rows: Iterable[EntryKey]) -> Rows:
        """Return the entries without the edit URLs that Wagtail adds, because these need queries for each entry."""
        return Rows(list(rows))

    def get_table(self, rows: Iterable[EntryKey]) -> Table:
        table: Table = super().get_table(self.decorate_paginated_queryset(rows))
        return table
