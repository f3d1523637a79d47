"""操作记录: what was done to records, pages and files, by whom, when and from where; in the place of Wagtail's report.

Key concepts
- `seen(Log, person)`: the entries of one of the three logs that a person may read; auditors read all of theirs.
- `OperationsLogView`: the three logs as one list, the latest first; addresses and the spreadsheet are for auditors.
- `Rows`: entries fetched a handful at a time, so that a spreadsheet of many years needs little memory.
"""

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import ContentTypeFilter, DateRangePickerWidget
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.coreutils import get_content_type_label
from wagtail.log_actions import registry as actions
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from meetings.admin.core.listing import DayField, Field, RecordFilterSet
from meetings.admin.core.log_entries import moment, told_of
from meetings.admin.core.spreadsheet import AuditedExport, SpreadsheetOfFields
from meetings.models import Person, RecordLogEntry
from meetings.queries.access import audited, people_of
from publicity.models import ConferenceSection

LOGS: tuple[Any, ...] = (RecordLogEntry, PageLogEntry, ModelLogEntry)
INSPECTED = frozenset({"topic", "meeting", "minutes", "resolution"})
AT_ONCE = 200


def seen(log: Any, person: Any) -> QuerySet[Any]:
    """The entries of a log that a person may read.

    To what the log itself says, auditors add: everything; or, of one conference, its pages, and the people who serve
    or served it with the rights that they were given.
    """
    audits = audited(person)
    if None in audits:
        rows: QuerySet[Any] = log.objects.all()
        return rows
    rows = log.objects.viewable_by_user(person)
    if audits and log is PageLogEntry:
        rows = rows | log.objects.filter(page__in=_pages_of(audits))
    if audits and log is RecordLogEntry:
        people = people_of(audits).annotate(key=Cast("person", CharField())).values("key")
        rows = rows | log.objects.filter(content_type=ContentType.objects.get_for_model(Person), object_id__in=people)
    return rows


def _pages_of(conferences: set[int | None]) -> QuerySet[Any]:
    below = Q(pk__in=[])
    for path in ConferenceSection.objects.filter(conference__in=conferences - {None}).values_list("path", flat=True):
        below |= Q(path__startswith=path)
    return Page.objects.filter(below).order_by().values("pk")


class Rows:
    """The entries behind rows of `(log, pk)`, in their order, fetched `AT_ONCE` at a time."""

    def __init__(self, found: list[dict[str, Any]]) -> None:
        self.found = found

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(self.found), AT_ONCE):
            part = self.found[start : start + AT_ONCE]
            entries: dict[tuple[int, int], Any] = {}
            for number, log in enumerate(LOGS):
                wanted = [row["pk"] for row in part if row["log"] == number]
                rows = log.objects.filter(pk__in=wanted).select_related("content_type").prefetch_related("user")
                entries |= {(number, row.pk): row for row in rows} if wanted else {}
            yield from (entries[row["log"], row["pk"]] for row in part)


def who(entry: Any) -> str:
    """Who did it; a command of the server has nobody."""
    return str(entry.user_display_name)


def address(entry: Any) -> str:
    """From where; Wagtail's own logs keep it among their data (`portal.access_log`)."""
    return getattr(entry, "address", None) or entry.data.get("address") or ""


def record_url(entry: Any) -> str | None:
    """The page of the record; what administrators keep, pages and files are not led to."""
    name = entry.content_type.model if isinstance(entry, RecordLogEntry) and entry.content_type else ""
    return reverse(f"{name}:inspect", args=[entry.object_id]) if name in INSPECTED else None


def _labels() -> dict[str, list[str]]:
    """Each label with the actions that bear it: 新建 is one choice, whatever was created."""
    labels: dict[str, list[str]] = {}
    for action, label in actions.get_choices():
        labels.setdefault(str(label), []).append(action)
    return labels


class OperationsLogFilterSet(RecordFilterSet):
    """By name, action, person, kind, conference and days."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
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

    def with_label(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Actions of this name, on whatever record."""
        return rows.filter(action__in=_labels().get(value, []))

    def in_conference(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Records of a conference, and pages of its section; files belong to none."""
        if value is None:
            return rows
        if rows.model is RecordLogEntry:
            return rows.filter(conference=value)
        return rows.filter(page__in=_pages_of({value.pk})) if rows.model is PageLogEntry else rows.none()


class OperationsLogView(AuditedExport, SpreadsheetOfFields, ReportView):  # type: ignore[override]  # as ReportView
    """The operations log; whoever sees records reads what was done to them."""

    page_title: Any = _("Operations log")
    header_icon = "history"
    results_template_name = "portal/operations_log_results.html"
    table_classname: Any = "listing records-list"
    filterset_class: Any = OperationsLogFilterSet
    index_url_name: Any = "wagtailadmin_reports:site_history"
    index_results_url_name: Any = "wagtailadmin_reports:site_history_results"
    export_filename = "operations-log"
    common = (
        Field("label", _("Record or page"), lambda e: e.label),
        Field("kind", _("Kind"), lambda e: str(get_content_type_label(e.content_type)), width="10%"),
        Field("what", _("Action"), told_of, width="30%"),
        Field("who", _("Person"), who, width="10%"),
        DayField("at", _("Time"), lambda e: moment(e.timestamp), width="13%"),
    )

    @property
    def fields(self) -> tuple[Field, ...]:  # type: ignore[override]  # an attribute in the base
        """With the address, for auditors."""
        where = Field("address", _("From address"), address, width="10%")
        return (*self.common, where) if audited(self.request.user) else self.common

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]  # an attribute in the base
        """The name, which leads to the record where it has a page, and the other fields."""
        title, *others = self.fields
        return [
            TitleColumn(title.name, label=title.label, accessor=title.value, get_url=record_url),
            *(field.as_column() for field in others),
        ]

    def get_filtered_queryset(self) -> Any:
        """Key and log of each entry, the latest first."""
        parts = []
        for number, log in enumerate(LOGS):
            rows = seen(log, self.request.user).values("pk", "timestamp")
            rows = rows.annotate(log=Value(number, output_field=IntegerField()))
            parts.append(self.filter_queryset(rows).order_by())
        first, *others = parts
        return first.union(*others, all=True).order_by("-timestamp", "-pk")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The page, or all of it as a spreadsheet."""
        self.object_list = self.get_filtered_queryset()
        if self.is_export:
            return self.as_spreadsheet(Rows(list(self.object_list)), request.GET["export"])
        context = self.get_context_data()
        context["table"] = self.get_table(list(Rows(list(context["object_list"]))))
        return self.render_to_response(context)
