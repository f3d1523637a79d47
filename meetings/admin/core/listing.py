"""Lists of records: one tuple of fields defines the columns of the page and of the spreadsheet export.

- `Field` is a column, `StageField` one with a status badge, `DayField` one with a date that does not wrap.
- `RecordIndexView` is the list of a viewset. Its first field is the title and links to the record.
- `PreparedRows`: rows that are read in batches, each with what the columns need.
- `RecordFilterSet` adds a conference filter for readers who see more than one conference.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from meetings.admin.core.field_values import display_value, field_label
from meetings.admin.core.guard import seen_by
from meetings.admin.core.spreadsheet import SpreadsheetOfFields
from meetings.admin.core.status_badges import StatusBadge
from meetings.models import JointConference
from meetings.types import StrOrPromise

M = TypeVar("M", bound=Model)


class LabelledColumn(Column):
    """A column whose cells carry their heading, which phones show in place of the table head."""

    cell_template_name = "meetings/columns/cell.html"


class StageColumn(Column):
    """A column of status badges."""

    cell_template_name = "meetings/columns/stage.html"


@dataclass(frozen=True)
class Field:
    """A column: `value` returns the cell of a row, `sort` is the lookup to order by, `width` a CSS width.

    The first field of a list takes the width that the others leave. `classname`: `day` and `figure` do not wrap, and
    phones show their label; of `named` too; `wide-only` is not shown on phones.
    """

    name: str
    label: StrOrPromise
    value: Callable[[Any], object]
    sort: str = ""
    width: str | None = None
    column: type[Column] = LabelledColumn
    classname: str = ""

    @classmethod
    def of(cls, model: type[Model], name: str, **options: Any) -> "Field":
        """Return the column of a model field, with its label; a choice is shown by its label too."""
        return cls(name, field_label(model, name), partial(display_value, name=name), **options)

    def as_column(self) -> Column:
        """Return the Wagtail column for the page."""
        return self.column(
            self.name,
            label=self.label,
            accessor=self.value,
            sort_key=self.sort or None,
            width=self.width,
            classname=self.classname or None,
        )

    def export_value(self, row: Model) -> object:
        """Return the value of a spreadsheet cell."""
        value = self.value(row)
        return value.word if isinstance(value, StatusBadge) else value


# A choice of one or of all, as radio buttons.
RadioFilter = partial(django_filters.ChoiceFilter, widget=forms.RadioSelect, empty_label=_("All"))
StageField = partial(Field, column=StageColumn, width="12%")
DayField = partial(Field, classname="day")


def seen_conferences(request: HttpRequest | None) -> QuerySet[JointConference]:
    """Return the conferences that the user of the request may see."""
    return seen_by(request.user, JointConference) if request else JointConference.objects.none()


class ConferenceChoiceField(django_filters.fields.ModelChoiceField):
    """A choice of conferences by their short names: the official names differ only in the place."""

    def label_from_instance(self, obj: JointConference) -> str:
        return obj.short_name


class ConferenceFilter(django_filters.ModelChoiceFilter):
    """A filter by conference."""

    field_class = ConferenceChoiceField


class RecordFilterSet(WagtailFilterSet):
    """The filters of a list of records; `conference_path` is the lookup from the model to its conference."""

    conference_path = "conference"

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        conferences = seen_conferences(self.request)
        if len(conferences) > 1:
            conference = ConferenceFilter(
                field_name=self.conference_path,
                label=_("Joint conference"),
                queryset=conferences,
                widget=forms.RadioSelect,
                empty_label=_("All"),
            )
            conference.parent = self  # type: ignore[attr-defined]  # as django-filter does
            conference.model = self.queryset.model  # type: ignore[attr-defined]
            self.filters = {"conference": conference, **self.filters}


class PreparedRows(Generic[M]):
    """The rows of a queryset in its order, read `BATCH` at a time, each batch with what the columns need.

    `prepare` adds it to the rows of one batch: joins, counts and prefetched rows of a long list would cost more than
    all pages that anybody opens, and the memory of a whole export.
    """

    BATCH = 500

    def __init__(self, rows: QuerySet[M], prepare: Callable[[QuerySet[M]], QuerySet[M]]) -> None:
        self._rows, self._prepare = rows, prepare

    def __len__(self) -> int:
        return self._rows.count()

    def __iter__(self) -> Iterator[M]:
        keys = list(self._rows.values_list("pk", flat=True))
        for start in range(0, len(keys), self.BATCH):
            batch = keys[start : start + self.BATCH]
            found = {row.pk: row for row in self._prepare(self._rows.model._default_manager.filter(pk__in=batch))}
            yield from (found[key] for key in batch if key in found)


class RecordIndexView(SpreadsheetOfFields, generic.IndexView, Generic[M]):
    """A list of records of the model `M`.

    Subclasses set `fields` and `empty_message`, which is shown while there are no rows at all. The rows are selected
    and ordered by their keys; only those of the page, and of each batch of an export, are read with their columns.
    """

    results_template_name = "meetings/index_results.html"
    table_classname: Any = "listing records-list"
    page_title: Any  # Wagtail declares a str, and shows a lazy text as well
    fields: tuple[Field, ...] = ()
    empty_message: StrOrPromise = ""

    def select(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Return those of the visible rows that the list contains; called by the guard."""
        return rows

    def prepare(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Return the rows of a page, or of a batch of an export, with everything that the columns need."""
        return rows

    def selected(self) -> QuerySet[M]:
        """Return the rows that the filters and the search select, in order."""
        rows: QuerySet[M] = super().get_queryset()
        return rows

    def search_queryset(self, queryset: QuerySet[M]) -> QuerySet[M]:
        """Return the rows that the search finds, each once, whatever tables it joins."""
        if not self.is_searching:
            return queryset
        found = super().search_queryset(queryset.order_by())
        return queryset.filter(pk__in=found.values("pk"))

    def get_queryset(self) -> Any:
        """Return the selected rows; for an export, as `PreparedRows`."""
        return PreparedRows(self.selected(), self.prepare) if self.is_export else self.selected()

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[Any, Any, list[M], bool]:
        """Read the keys of one page, then its rows."""
        paginator, page, chosen, is_paginated = super().paginate_queryset(queryset, page_size)
        page.object_list = list(PreparedRows(chosen, self.prepare))
        return paginator, page, page.object_list, is_paginated

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]  # an attribute in the base
        title, *others = self.fields
        first = TitleColumn(
            title.name, label=title.label, accessor=title.value, sort_key=title.sort or None, get_url=self.record_url
        )
        return [first, *(field.as_column() for field in others)]

    def record_url(self, record: M) -> str:
        """Return the URL of a record's page, or of its form if it has no page."""
        return reverse(self.inspect_url_name or self.edit_url_name, args=[record.pk])
