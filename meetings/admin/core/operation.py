"""Base view and form of a page that performs one operation on a record, or on a part of it.

- `OperationView`: GET shows the form, POST performs the operation. A refusal shows the form again with the reasons and
  the input. A stale form also says who changed what meanwhile. Success redirects to the record's page.
- `has_permission()` decides to whom the page is offered; `ClerkOperationView` is for the clerks of the conference.
- A viewset lists its operations (`GuardedModelViewSet.operations`) and adds their routes.
"""

from typing import Any, TypeVar

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from meetings.admin.core.action import ActionView
from meetings.admin.core.forms import (
    VersionField,
    add_stale_errors,
    preselect_single_choices,
    set_error_messages,
)
from meetings.admin.core.log_entries import latest_change_message
from meetings.admin.core.page_layout import ObjectView, RecordLayout
from meetings.admin.core.permitted import PermittedView
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import StatusBadge, status_badge
from meetings.models import Person
from meetings.models.record_types import MachineRecord
from meetings.operations.voiding import WouldVoid
from meetings.refusal import Refused, Stale
from meetings.rules.seats import is_clerk
from meetings.types import StrOrPromise

R = TypeVar("R", bound=Model)
C = TypeVar("C", bound=MachineRecord)


class OperationForm(forms.Form):
    """The base of operation forms. It knows the record, the part and the person.

    A form that reads the record declares its model: `record: Meeting`.
    """

    version = VersionField()
    record: Model
    part: Any  # the row of a relation that the view names

    def __init__(self, *args: Any, record: Model, person: Person, part: object = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.person, self.part = record, person, part
        self.fields["version"].initial = getattr(record, "version", None)
        self.build()
        set_error_messages(self)
        preselect_single_choices(self)

    def build(self) -> None:
        """Add or adapt fields for the record and the person; called before the error messages are set."""

    def has_inputs(self) -> bool:
        """Return True if the form has visible fields; only such a form is shown again after a refusal."""
        return bool(self.visible_fields())

    def has_typed(self) -> bool:
        """Return True if something was typed, which a refusal must not lose."""
        names = (self.add_prefix(name) for name, field in self.fields.items() if not field.widget.is_hidden)
        return any(self.data.get(name) for name in names)

    def values(self) -> dict[str, Any]:
        """Return the cleaned input as keyword arguments of the operation."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class RoutedView(View):
    """A view with its own URL: `route` below the viewset's prefix, `url_name` in the viewset's namespace."""

    route = ""
    url_name = ""


class OperationView(
    ObjectView[R],
    RoutedView,
    PermittedView,
    RecordLayout,
    PermissionCheckedMixin,
    BaseObjectMixin,
    ActionView[OperationForm],
):
    """A page that performs one operation on a record.

    `R` is the model of the record. Subclasses set `form_class`, `route`, `url_name`, `button` and `done`, and:

    - `note`: a text above the form;
    - `anchor`: the fragment of the record's page to which success leads;
    - `part`: the relation to the part of the record that the operation changes; the URL's `part` is its pk.
    """

    template_name = "meetings/operation.html"
    permission_required: Any = "view"  # Wagtail's mixin starts from None
    form_class: type[OperationForm] = OperationForm
    part = ""
    anchor = ""
    note: StrOrPromise = ""

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        super().setup(request, *args, **kwargs)
        self.part_object: Any = (
            get_object_or_404(getattr(self.object, self.part), pk=kwargs["part"]) if "part" in kwargs else None
        )

    @property
    def subject(self) -> R:
        return self.object

    def badge(self) -> StatusBadge | None:
        """Return the status badge of the record, or None for a model without states."""
        return status_badge(self.object)

    def get_note(self) -> StrOrPromise:
        """Return the text above the form."""
        return self.note

    def initial_values(self) -> dict[str, object]:
        """Return the initial values of the form."""
        return {}

    def get_initial(self) -> dict[str, object]:
        return self.initial_values()

    def get_form_kwargs(self) -> dict[str, object]:
        own = {"record": self.object, "part": self.part_object, "person": self.person}
        return {**super().get_form_kwargs(), **own}

    def stale(self, form: OperationForm, refused: Stale) -> HttpResponse:
        """Answer a stale form: report the concurrent change; the next attempt starts from the new version."""
        if not form.has_inputs() and not form.has_typed():
            messages.warning(self.request, latest_change_message(self.object, typed=False))
            return HttpResponseRedirect(self.get_success_url())
        add_stale_errors(form, self.object, self.part_object)
        return self.form_invalid(form)

    def refused(self, form: OperationForm, refused: Refused) -> HttpResponse:
        """Answer a refusal: show the form with the reasons, or redirect to the record if there are no inputs."""
        if isinstance(refused, Stale):
            return self.stale(form, refused)
        if not form.has_inputs() and not form.has_typed() and not isinstance(refused, WouldVoid):
            for reason in refused.reasons:
                messages.error(self.request, reason)
            return HttpResponseRedirect(self.get_success_url())
        return super().refused(form, refused)

    def get_success_url(self) -> str:
        url = url_of(self.object)
        return f"{url}#{self.anchor}" if self.anchor else url

    def record_breadcrumbs(self) -> list[dict[str, object]]:
        return [{"url": url_of(self.object), "label": str(self.object)}]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "record": self.object,
            "part": self.part_object,
            "badge": self.badge(),
            "button": self.get_page_title(),
            "note": self.get_note(),
            "back_url": self.get_success_url(),
            "media": context["form"].media,
        }


class ClerkOperationView(OperationView[C]):
    """An operation that is offered to the clerks of the record's conference, in every state of the record."""

    def has_permission(self) -> bool:
        return is_clerk(self.person, self.object)
