"""The create, edit and history views of records, based on Wagtail's.

Every save goes through an operation, the `store` method of the view; a refusal becomes an error of the form.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history
from wagtail.admin.widgets.button import HeaderButton

from meetings.admin.core.access_log import note_refusal
from meetings.admin.core.forms import add_refusal, add_stale_errors
from meetings.admin.core.guard import ANY_PERMISSION
from meetings.admin.core.log_entries import format_timestamp, message_with_comment
from meetings.admin.core.page_layout import RecordLayout
from meetings.models import RecordLogEntry
from meetings.queries.log import unread_entries
from meetings.refusal import Refused, Stale

Store = Callable[..., Model]


class SavedByOperation(RecordLayout):
    """A mixin for Wagtail's form views: `store(form, by=…, version=…)` saves the record or raises `Refused`."""

    store: Store
    request: HttpRequest
    form: forms.BaseForm
    produced_error_message: str
    inspect_url_name: Any = None
    object: Any

    def save_instance(self) -> Model:
        """Save through the operation, inside the view's transaction."""
        version = self.form.cleaned_data.get("version")
        return type(self).store(self.form, by=self.request.user, version=version)

    def form_valid(self, form: "forms.ModelForm[Model]") -> HttpResponse:
        """Save; on a refusal show the form again with the reasons and the input."""
        is_new = form.instance.pk is None
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # mixed in
            return response
        except Refused as refused:
            note_refusal(self.request, refused, form.instance)
            if isinstance(refused, Stale):
                add_stale_errors(form, form.instance)
            else:
                add_refusal(form, refused)
            if is_new:  # the pk that the operation assigned was rolled back
                form.instance.pk = None
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            again: HttpResponse = self.form_invalid(form)  # type: ignore[attr-defined]  # mixed in
            return again

    def get_success_url(self) -> str:
        """Redirect to the record's page; to the list if it has none, or if a new record waits for a second person."""
        if self.inspect_url_name and self.object.pk is not None:
            return reverse(self.inspect_url_name, args=[self.object.pk])
        url: str = super().get_success_url()  # type: ignore[misc]
        return url


class RecordCreateView(SavedByOperation, generic.CreateView):
    """The form of a new record."""

    page_title: Any  # Wagtail declares a lazy text

    template_name = "meetings/form.html"
    submit_button_label = _("Save")
    submit_button_active_label = _("Saving…")
    success_message = _("“%(object)s” has been saved.")
    error_message = _("Nothing was saved. See below what is wrong and where.")


class RecordEditView(SavedByOperation, generic.EditView):
    """The form of an existing record."""

    template_name = "meetings/form.html"
    success_message = _("“%(object)s” has been saved.")
    error_message = _("Nothing was saved. See below what is wrong and where.")

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def record_breadcrumbs(self) -> list[dict[str, object]]:
        if not self.inspect_url_name:
            return []
        return [{"url": reverse(self.inspect_url_name, args=[self.object.pk]), "label": str(self.object)}]

    def get_breadcrumbs_items(self) -> list[dict[str, object]]:
        *before, here = super().get_breadcrumbs_items()
        return [*before, {**here, "label": _("Edit")}]


class RecordHistoryView(history.HistoryView):
    """The full log of a record, with exact times; it links back to the record's page."""

    any_permission_required: Any = ANY_PERMISSION
    inspect_url_name: str | None = None

    def get_base_queryset(self) -> QuerySet[RecordLogEntry]:
        """Return the entries that the reader may see; actions and people of the filters come from these too."""
        entries: QuerySet[RecordLogEntry] = super().get_base_queryset()
        return entries.exclude(unread_entries(self.request.user, self.object))

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]  # untyped in the base
        action, person, _ago = super().columns
        action.accessor = message_with_comment
        return [
            action,
            person,
            Column("timestamp", label=_("Time"), accessor=lambda entry: format_timestamp(entry.timestamp)),
        ]

    def get_edit_url(self, instance: Model) -> str | None:
        """Return the URL of the record's page, to which Wagtail's history links back."""
        name = self.inspect_url_name or self.edit_url_name
        return reverse(name, args=[instance.pk]) if name else None

    def get_header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(label=_("Back to the record"), url=self.get_edit_url(self.object), icon_name="arrow-left")]
