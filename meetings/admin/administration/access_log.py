"""The access log (访问记录) in the admin: logins, refusals, exports and downloads; read-only.

It is one list in the menu of reports. Auditors read the entries of their conferences and may export them,
which is logged too. Administrators read logins only.
"""

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column

from meetings.admin.core.listing import DayField, Field, RecordFilterSet, RecordIndexView
from meetings.admin.core.log_entries import format_timestamp
from meetings.admin.core.spreadsheet import AuditorsOnlyExport
from meetings.admin.core.viewset import GuardedModelViewSet
from meetings.enums import AccessKind
from meetings.models import AccessEntry, Person
from meetings.queries.access import LOGINS, audited, seen_accesses
from meetings.queries.visibility import administers


class AccessLogMenuItem(MenuItem):
    """A menu item for auditors and administrators."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(audited(request.user) or administers(request.user))


def person_name(entry: AccessEntry) -> str:
    """Return the person's name with the login, or the stored part of a login that belongs to nobody."""
    return f"{entry.person.name}（{entry.login}）" if entry.person else entry.login


def conference_name(entry: AccessEntry) -> str:
    """Return the short name of the entry's conference; empty if it has none."""
    return entry.conference.short_name if entry.conference else ""


class AccessFilterSet(RecordFilterSet):
    """Filters by kind, person, conference and date."""

    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=AccessKind.choices, widget=forms.CheckboxSelectMultiple
    )
    person = django_filters.ModelChoiceFilter(
        label=_("Person"), queryset=Person.objects.none(), widget=forms.Select, empty_label=_("All")
    )
    at = django_filters.DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)

    class Meta:
        model = AccessEntry
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reader = self.request.user if self.request else AnonymousUser()
        seen = seen_accesses(reader).order_by().values("person")
        self.filters["person"].queryset = Person.objects.filter(pk__in=seen)
        if not audited(reader):
            kinds = [(kind.value, kind.label) for kind in LOGINS]
            self.filters["kind"].extra["choices"] = kinds


class AccessIndexView(AuditorsOnlyExport, RecordIndexView[AccessEntry]):
    """The list of the access log, latest first."""

    page_title = _("Access log")
    empty_message = _("Logins, refusals, exports and downloads are written here as they happen.")
    default_ordering: Any = "-at"
    export_filename = "access-log"
    fields = (
        DayField("at", _("Time"), lambda e: format_timestamp(e.at), sort="at", width="12%"),
        Field("kind", _("Kind"), lambda e: e.get_kind_display(), width="8%"),
        Field("who", _("Person"), person_name, width="16%"),
        Field("what", _("What"), lambda e: e.what),
        Field("conference", _("Joint conference"), conference_name, width="10%"),
        Field.of(AccessEntry, "path", width="18%", classname="wide-only"),
        Field("address", _("From address"), lambda e: e.address or "", width="10%"),
    )

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]  # an attribute in the base
        """Return plain columns without a title link: an entry has no page of its own."""
        return [field.as_column() for field in self.fields]

    def prepare(self, rows: QuerySet[AccessEntry]) -> QuerySet[AccessEntry]:
        return rows.select_related("person", "conference")


class AccessViewSet(GuardedModelViewSet):
    """The access log: a list without forms."""

    model = AccessEntry
    icon = "history"
    menu_name = "access-log"
    menu_order: Any = 20
    menu_hook: Any = "register_reports_menu_item"
    menu_item_class = AccessLogMenuItem
    excluded_views = frozenset({"add", "edit", "history", "history_results"})
    index_view_class = AccessIndexView
    filterset_class = AccessFilterSet
    search_fields = ["what", "login", "person__name", "path", "address"]
    form_fields = ()
    list_per_page = 50
