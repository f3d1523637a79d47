"""Minutes in the admin: list, form with revisions, viewset (`Y 2(5)`, `C 5(4)`). Their page is in `minutes.page`.

- `MinutesEditView` saves through the operation, which stores a revision. There is no autosave and no separate draft.
- `CompareView` is Wagtail's comparison of two revisions. `RestoreView` is the form filled with an old revision.
"""

from typing import TYPE_CHECKING, Any, TypedDict

import django_filters
from django import forms
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from meetings.admin.core.forms import RecordForm
from meetings.admin.core.guard import ANY_PERMISSION
from meetings.admin.core.listing import DayField, Field, RecordFilterSet, RecordIndexView, StageField
from meetings.admin.core.status_badges import StatusBadge, status_badge
from meetings.admin.core.views import RecordEditView
from meetings.admin.core.viewset import RecordViewSet
from meetings.admin.minutes.correction import DiscardView, corrected_badge
from meetings.admin.minutes.page import MinutesPageView, MinutesPrintView
from meetings.admin.minutes.redraft import RedraftView
from meetings.admin.resolutions.forms import AddResolutionView
from meetings.enums import Disclosure, MinutesState
from meetings.models import Minutes, Person
from meetings.operations.minutes import edit_minutes
from meetings.queries.issued_copy import resolution_pks

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations  # the stubs are installed for development only


class MinutesForm(RecordForm):
    """The form of minutes: title, text and disclosure."""

    def clean(self) -> None:
        """Require a reason if the minutes are not disclosed."""
        super().clean()
        data = self.cleaned_data
        if data.get("disclosure") == Disclosure.CLOSED and not data.get("disclosure_reason", "").strip():
            self.add_error("disclosure_reason", _("Give the reason why they are not disclosed."))


EDIT_HANDLER = ObjectList(
    [
        FieldPanel("title"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("disclosure"), FieldPanel("disclosure_reason")], heading=_("Disclosure")),
    ],
    base_form_class=MinutesForm,
)


class MinutesFilterSet(RecordFilterSet):
    """The filters of the list of minutes."""

    conference_path = "meeting__conference"
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=MinutesState.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Minutes
        fields: list[str] = []


class MinutesCounts(TypedDict):
    """What the list reads with each row."""

    resolution_count: int
    corrected: bool


def minutes_badge(minutes: "WithAnnotations[Minutes, MinutesCounts]") -> StatusBadge:
    """Return the badge of the state, or “corrected” if a correction has replaced the minutes."""
    return corrected_badge() if minutes.corrected else status_badge(minutes)


def settled_count(minutes: "WithAnnotations[Minutes, MinutesCounts]") -> int:
    """Return the number of settled resolutions; those of corrected minutes now belong to the correction."""
    return len(resolution_pks(minutes)) if minutes.corrected else minutes.resolution_count


class MinutesIndexView(RecordIndexView[Minutes]):
    """The list of minutes."""

    empty_message = _("Minutes are drafted on the page of a meeting once it was held.")
    fields = (
        Field("title", _("Minutes"), lambda m: m.title, sort="title"),
        StageField("state", _("State"), minutes_badge, sort="state"),
        Field.of(Minutes, "number", sort="number", width="16%"),
        DayField("meeting", _("Day of the meeting"), lambda m: m.meeting.day, sort="meeting__time", width="12%"),
        Field("settled", _("Resolutions"), settled_count, width="8%", classname="figure"),
        Field.of(Minutes, "issued_on", sort="issued_on", width="12%", classname="day"),
    )

    def prepare(self, rows: QuerySet[Minutes]) -> QuerySet[Minutes]:
        newer = Minutes.objects.filter(corrects=OuterRef("pk"), state=MinutesState.ISSUED)
        counted = rows.annotate(resolution_count=Count("resolutions"), corrected=Exists(newer))
        return counted.select_related("meeting__conference")


class MinutesEditView(RecordEditView):
    """The form of the minutes."""

    @staticmethod
    def store(form: RecordForm, *, by: Person, version: int | None) -> Minutes:
        """Save the text and a revision of it."""
        values = {name: form.cleaned_data[name] for name in ("title", "body", "disclosure", "disclosure_reason")}
        return edit_minutes(form.instance, by=by, version=version, **values)


class RestoreView(MinutesEditView):
    """The form filled with an earlier revision; saving the form restores it."""

    http_method_names = ["get"]

    def get_initial(self) -> dict[str, object]:
        revision = get_object_or_404(self.object.revisions, pk=self.kwargs["revision"])
        old = revision.as_object()
        return {name: getattr(old, name) for name in ("title", "body", "disclosure", "disclosure_reason")}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context: dict[str, object] = super().get_context_data(**kwargs)
        context["notice"] = _(
            "This is an earlier text of the minutes. Save it to restore it, or leave it as it is now."
        )
        return context


class CompareView(PermissionCheckedMixin, generic.RevisionsCompareView):
    """The comparison of two revisions."""

    any_permission_required: Any = ANY_PERMISSION
    inspect_url_name = ""

    def get_edit_url(self) -> str:
        """Return the page of the minutes: the comparison links back to it instead of to the form."""
        return reverse(self.inspect_url_name, args=[self.object.pk])

    def get_history_url(self) -> None:
        """Return None, so that no link to the history is shown."""

    def get_header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("Back to the record"), url=self.get_edit_url(), icon_name="arrow-left")]


class MinutesViewSet(RecordViewSet):
    """The viewset of minutes. They are drafted on the page of a meeting, not added here."""

    model = Minutes
    icon = "doc-full"
    excluded_views = frozenset({"add"})
    edit_handler = EDIT_HANDLER
    index_view_class = MinutesIndexView
    edit_view_class = MinutesEditView
    inspect_view_class = MinutesPageView
    filterset_class = MinutesFilterSet
    search_fields = ["title", "number", "body"]
    operations = (AddResolutionView, MinutesPrintView, RedraftView, DiscardView)

    def get_urlpatterns(self) -> list[URLPattern]:
        compare = self.construct_view(CompareView, edit_handler=self._edit_handler)
        restore = self.construct_view(RestoreView, **self.get_edit_view_kwargs())
        return [
            *super().get_urlpatterns(),
            path("compare/<int:pk>/<int:revision_id_a>/<int:revision_id_b>/", compare, name="compare"),
            path("restore/<int:pk>/<int:revision>/", restore, name="restore"),
        ]
