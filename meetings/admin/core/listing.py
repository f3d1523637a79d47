"""Listings of records: one list of fields makes the columns on the page and those of the spreadsheet.

Key concepts
- `Field`: a column; `StageField` shows a mark with its word, `DayField` a day on one line. The first is the title and
  leads to the record.
- `RecordIndexView`: the list of a viewset; `prepare(rows)` adds what the columns need, in few queries.
- `RecordFilterSet`: a conference filter for whoever sees more than one; choices are only what the reader may know of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from meetings.admin.core.guard import seen_by
from meetings.admin.core.spreadsheet import SpreadsheetOfFields
from meetings.admin.core.status_badges import Mark
from meetings.models import JointConference


class LabelledColumn(Column):
    """A cell that knows its heading: on a phone, where the headings are gone, a day stands with its own."""

    cell_template_name = "meetings/columns/cell.html"


class StageColumn(Column):
    """A mark with its word."""

    cell_template_name = "meetings/columns/stage.html"


@dataclass(frozen=True)
class Field:
    """A column: its name, heading and value; `sort` names the lookup it sorts by, `width` its share."""

    name: str
    label: Any
    value: Callable[[Any], Any]
    sort: str = ""
    width: str | None = None
    column: type[Column] = LabelledColumn
    classname: str = ""

    def as_column(self) -> Column:
        """The column on the page."""
        return self.column(
            self.name,
            label=self.label,
            accessor=self.value,
            sort_key=self.sort or None,
            width=self.width,
            classname=self.classname or None,
        )

    def exported(self, row: Any) -> Any:
        """The value in a spreadsheet."""
        value = self.value(row)
        return value.word if isinstance(value, Mark) else value


StageField = partial(Field, column=StageColumn, width="12%")
DayField = partial(Field, classname="day")


def seen_conferences(request: HttpRequest | None) -> QuerySet[JointConference]:
    """The conferences that the reader may look at."""
    return seen_by(request.user, JointConference) if request else JointConference.objects.none()


class PlaceChoiceField(django_filters.fields.ModelChoiceField):
    """Conferences by their place: the official names differ only there."""

    def label_from_instance(self, obj: JointConference) -> str:
        """The place."""
        return obj.short_name


class PlaceFilter(django_filters.ModelChoiceFilter):
    """Filters by conference."""

    field_class = PlaceChoiceField


class RecordFilterSet(WagtailFilterSet):
    """Filters of a list of records; `conference_path` is the lookup to the conference."""

    conference_path = "conference"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = seen_conferences(self.request)
        if len(places) > 1:
            place = PlaceFilter(
                field_name=self.conference_path,
                label=_("Joint conference"),
                queryset=places,
                widget=forms.RadioSelect,
                empty_label=_("All"),
            )
            place.parent, place.model = self, self.queryset.model  # type: ignore[attr-defined]  # as django-filter does
            self.filters = {"conference": place, **self.filters}


class RecordIndexView(SpreadsheetOfFields, generic.IndexView):
    """A list of records. The viewset sets `fields` and `empty_next` (a sentence for an empty list)."""

    results_template_name = "meetings/index_results.html"
    table_classname: Any = "listing records-list"
    fields: tuple[Field, ...] = ()
    empty_next: Any = ""

    def prepare(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the columns need beside the row itself; asked by the guard."""
        return rows

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]  # an attribute in the base
        """The title, which leads to the record, and the other fields."""
        title, *others = self.fields
        first = TitleColumn(
            title.name, label=title.label, accessor=title.value, sort_key=title.sort or None, get_url=self.record_url
        )
        return [first, *(field.as_column() for field in others)]

    def record_url(self, record: Any) -> str:
        """The page of a record; its form where it has no page of its own."""
        return reverse(self.inspect_url_name or self.edit_url_name, args=[record.pk])
