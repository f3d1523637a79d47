"""The forms and histories of records: every save is an operation, every refusal a message in the form.

Key concepts
- `RecordCreateView`, `RecordEditView`: Wagtail's, saving through `store(form)` of the viewset's form view.
- `RecordHistoryView`: Wagtail's, leading back to the record's page.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history
from wagtail.admin.widgets.button import HeaderButton

from meetings.admin.core.access_log import note_refusal
from meetings.admin.core.forms import tell, tell_stale
from meetings.admin.core.guard import SEE
from meetings.admin.core.log_entries import moment, told_of
from meetings.refusal import Refused, Stale

Store = Callable[..., Any]


class SavedByOperation:
    """Mixed into Wagtail's form views: `store(form, by=…, version=…)` writes, or refuses."""

    store: Store
    request: HttpRequest
    form: Any
    produced_error_message: Any
    inspect_url_name: Any = None
    object: Any

    def save_instance(self) -> Any:
        """Write by the operation, inside the view's transaction."""
        version = self.form.cleaned_data.get("version")
        return type(self).store(self.form, by=self.request.user, version=version)

    def form_valid(self, form: Any) -> Any:
        """Save; on a refusal show the form again with its reasons and everything typed."""
        fresh = form.instance.pk is None
        try:
            return super().form_valid(form)  # type: ignore[misc]  # mixed in
        except Refused as refused:
            note_refusal(self.request, refused, form.instance)
            if isinstance(refused, Stale):
                tell_stale(form, form.instance)
            else:
                tell(form, refused)
            if fresh:  # what the operation gave it was rolled back
                form.instance.pk = None
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined]  # mixed in

    def get_success_url(self) -> str:
        """Back to the record's page; to the list where it has none."""
        if self.inspect_url_name:
            return reverse(self.inspect_url_name, args=[self.object.pk])
        url: str = super().get_success_url()  # type: ignore[misc]
        return url

    def get_success_buttons(self) -> list[Any]:
        """None: the page that follows has them."""
        return []

    def get_side_panels(self) -> Any:
        """None: status and history stand on the record's page."""
        return generic.models.MediaContainer([])


class RecordCreateView(SavedByOperation, generic.CreateView):
    """A new record."""

    model: Any = None
    template_name = "meetings/form.html"
    index_url_name: Any = None
    submit_button_label = _("Save")
    submit_button_active_label = _("Saving…")
    success_message = _("“%(object)s” has been saved.")
    error_message = _("Nothing was saved. See below what is wrong and where.")

    def get_page_subtitle(self) -> str:
        """Nothing besides the title."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The list, the verb."""
        plural = capfirst(self.model._meta.verbose_name_plural)
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, {"url": reverse(self.index_url_name), "label": plural}, here]


class RecordEditView(SavedByOperation, generic.EditView):
    """The form of an existing record."""

    model: Any = None
    template_name = "meetings/form.html"
    success_message = _("“%(object)s” has been saved.")
    error_message = _("Nothing was saved. See below what is wrong and where.")

    def get_header_more_buttons(self) -> list[Any]:
        """None: the way back stands in the breadcrumbs."""
        return []

    def get_history_url(self) -> None:
        """None: it stands on the record's page."""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The list, the record, its form."""
        items = [{"url": reverse(self.index_url_name), "label": capfirst(self.model._meta.verbose_name_plural)}]
        if self.inspect_url_name:
            items.append({"url": reverse(self.inspect_url_name, args=[self.object.pk]), "label": str(self.object)})
        return [*self.breadcrumbs_items, *items, {"url": "", "label": _("Edit")}]


class RecordHistoryView(history.HistoryView):
    """Everything that happened to a record."""

    any_permission_required: Any = SEE
    inspect_url_name: str | None = None

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]  # untyped in the base
        """What was done with the words that came with it, who did it, and the very moment."""
        action, person, _ago = super().columns
        action.accessor = told_of
        return [action, person, Column("timestamp", label=_("Time"), accessor=lambda entry: moment(entry.timestamp))]

    def get_edit_url(self, instance: Any) -> str | None:
        """The way back: the record's page."""
        name = self.inspect_url_name or self.edit_url_name
        return reverse(name, args=[instance.pk]) if name else None

    def get_header_buttons(self) -> list[HeaderButton]:
        """The way back."""
        return [HeaderButton(label=_("Back to the record"), url=self.get_edit_url(self.object), icon_name="arrow-left")]
