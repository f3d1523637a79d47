"""The list of resolutions (议定事项台账), and its export in the current selection.

`ResolutionIndexView` is the list with its filters. `LEDGER_VIEWS` export the selection as Word file and as spreadsheet.
"""

from collections.abc import Iterable, Iterator

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button, HeaderButton

from meetings.admin.core.deadlines import short_deadline
from meetings.admin.core.downloads import file_response, redirect_with_reasons
from meetings.admin.core.guard import seen_by
from meetings.admin.core.ledger import resolution_badge
from meetings.admin.core.listing import DayField, Field, RadioFilter, RecordFilterSet, RecordIndexView, StageField
from meetings.documents.ledger import ledger_title, make_ledger
from meetings.documents.ledger_sheet import make_ledger_sheet
from meetings.enums import Disclosure, PartRole, ResolutionState
from meetings.models import Department, JointConference, Resolution, ResolutionPart
from meetings.models.resolution_fields import TERMS, ContentField, Term
from meetings.queries.deadline import overdue
from meetings.queries.parts import department_labels
from meetings.queries.resolution import ledger, with_last_report, without_amendments
from meetings.refusal import Refused


def visible_lead_departments(request: HttpRequest | None) -> QuerySet[Department]:
    """Return the departments that lead a resolution which the reader may see."""
    led = without_amendments(seen_by(request.user, Resolution)) if request else Resolution.objects.none()
    return Department.objects.filter(parts__resolution__in=led, parts__role=PartRole.LEAD).distinct()


def visible_departments(request: HttpRequest | None) -> QuerySet[Department]:
    """Return the departments whose names the reader may see."""
    return seen_by(request.user, Department) if request else Department.objects.none()


class ResolutionFilterSet(RecordFilterSet):
    """The filters of the list of resolutions."""

    conference_path = "minutes__meeting__conference"
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=ResolutionState.choices, widget=forms.CheckboxSelectMultiple
    )
    late = RadioFilter(label=_("Deadline"), choices=[("yes", _("Overdue"))], method="only_late")
    lead = django_filters.ModelChoiceFilter(
        label=_("Lead department"), queryset=visible_lead_departments, method="led_by", empty_label=_("All")
    )
    disclosure = RadioFilter(label=_("Disclosure"), choices=Disclosure.choices)
    # Chosen by links alone: the departments of a city are too many to choose from.
    department = django_filters.ModelChoiceFilter(
        label=_("With a part"), queryset=visible_departments, method="with_part", widget=forms.HiddenInput
    )

    class Meta:
        model = Resolution
        fields: list[str] = []

    def only_late(self, rows: QuerySet[Resolution], name: str, value: str) -> QuerySet[Resolution]:
        """Keep overdue resolutions only."""
        return overdue(rows) if value else rows

    def with_part(self, rows: QuerySet[Resolution], name: str, value: Department) -> QuerySet[Resolution]:
        """Keep resolutions in which the department, or one merged into it, has a part."""
        parts = ResolutionPart.objects.filter(department__in=value.inherited_ids)
        return rows.filter(pk__in=parts.values("resolution"))

    def led_by(self, rows: QuerySet[Resolution], name: str, value: Department) -> QuerySet[Resolution]:
        """Keep resolutions that the department leads."""
        led = Resolution.objects.filter(parts__department=value, parts__role=PartRole.LEAD)
        return rows.filter(pk__in=led.values("pk"))


def term_columns(terms: Iterable[tuple[ContentField, Term]]) -> Iterator[Field]:
    """Yield the columns of the printed terms that have one in the list."""
    for row, term in terms:
        if term.list_width:
            yield Field(row.name, row.label(Resolution), row.printed, sort=row.name, width=term.list_width)


class ResolutionIndexView(RecordIndexView[Resolution]):
    """The list of resolutions."""

    empty_message = _("Resolutions are written into the minutes of a meeting and settled when these are issued.")
    fields = (
        Field("title", _("Resolution"), lambda r: r.title, sort="title"),
        Field("lead", _("Lead"), lambda r: department_labels(r, PartRole.LEAD), width="12%", classname="named"),
        Field("co", _("With"), lambda r: department_labels(r, PartRole.CO), width="14%", classname="named"),
        Field("deadline", _("By"), short_deadline, sort="deadline", width="13%"),
        *term_columns(TERMS),
        StageField("state", _("How far"), resolution_badge, sort="state", width="14%"),
        Field("meeting", _("Meeting"), lambda r: r.minutes.meeting.title, sort="minutes__meeting__time", width="12%"),
        DayField("last_report_on", _("Last report"), lambda r: r.last_report_on, sort="last_report_on", width="9%"),
    )

    def select(self, rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
        found = without_amendments(rows)
        return with_last_report(found) if str(self.ordering).removeprefix("-") == "last_report_on" else found

    def prepare(self, rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
        return ledger(rows)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:  # type: ignore[override]  # untyped in the base
        return [HeaderButton(_("Supervision letters"), url=reverse("resolution:supervision"), icon_name="mail")]

    @cached_property
    def header_more_buttons(self) -> list[Button]:  # type: ignore[override]  # a property in the base
        """Return the exports of the current selection, followed by Wagtail's own buttons."""
        chosen = f"?{query}" if (query := self.request.GET.urlencode()) else ""
        offered = [
            (_("List of resolutions (Word)"), "ledger", "doc-full"),
            (_("List of resolutions (Excel)"), "ledger_sheet", "table"),
        ]
        buttons = [
            Button(label, url=reverse(f"resolution:{name}") + chosen, icon_name=icon, priority=number)
            for number, (label, name, icon) in enumerate(offered)
        ]
        return [*buttons, *super().header_more_buttons]


class LedgerView(ResolutionIndexView):
    """The resolutions selected by filters and search, as a Word file."""

    maker = staticmethod(make_ledger)
    http_method_names = ["get"]

    def chosen(self) -> QuerySet[Resolution]:
        """Return the resolutions that the list would show, ordered by meeting."""
        rows = self.selected()
        return Resolution.objects.filter(pk__in=rows.order_by().values("pk")).order_by(
            "minutes__meeting__time", "order", "pk"
        )

    def conference(self, rows: QuerySet[Resolution]) -> JointConference | None:
        """Return the conference of the rows if all belong to one, else None."""
        found = JointConference.objects.filter(meetings__minutes__resolutions__in=rows.order_by().values("pk"))
        places = list(found.distinct()[:2])
        return places[0] if len(places) == 1 else None

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        rows = self.chosen()
        place = self.conference(rows)
        try:
            return file_response(request, self.maker(rows, title=ledger_title(place), conference=place), place)
        except Refused as refused:
            back = f"{reverse(self.index_url_name)}?{request.GET.urlencode()}"  # the filters stay
            return redirect_with_reasons(request, refused, back, place)


class LedgerSheetView(LedgerView):
    """The same resolutions as a spreadsheet."""

    maker = staticmethod(make_ledger_sheet)


LEDGER_VIEWS = {"ledger": LedgerView, "ledger_sheet": LedgerSheetView}
