"""A page with a form that performs one operation on a record, or on a part of it.

Key concepts
- `OperationView`: GET shows the form, POST performs it. A refusal shows the form again with the reason and what was
  typed; a stale form is told who did what meanwhile; success leads back to the record's page.
- `may()` says to whom the page is offered at all; `ForClerks` is the usual answer.
- `route` and `url_name` place it below its viewset (`RecordViewSet.operations`); `part` names the relation of the
  record's part that it acts on, whose pk is the URL's `part`.
"""

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from meetings.admin.core.access_log import note_refusal
from meetings.admin.core.forms import VersionField, ask_files_again, make_single_choices, tell, tell_stale, word_errors
from meetings.admin.core.log_entries import latest_change
from meetings.admin.core.record_urls import url_of
from meetings.admin.core.status_badges import Mark, mark_of
from meetings.models import Person
from meetings.refusal import Refused, Stale
from meetings.rules.seats import either_clerk, seat_of


class OperationForm(forms.Form):
    """The base of forms of operations: it knows the record and who fills it in."""

    version = VersionField()

    def __init__(self, *args: Any, record: Any, person: Any, part: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.person, self.part = record, person, part
        self.fields["version"].initial = getattr(record, "version", None)
        self.build()
        word_errors(self)
        make_single_choices(self)

    def build(self) -> None:
        """Add or narrow fields by record and person."""

    def typed(self) -> bool:
        """True if the form asks for anything: then a refusal shows it again."""
        return bool(self.visible_fields())

    def values(self) -> dict[str, Any]:
        """The keyword arguments of the operation."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ForClerks:
    """Mixed in front of an operation: its page is for the clerks of the record's conference, in whatever state."""

    object: Any
    person: Any

    def may(self) -> bool:
        """True for a clerk of either side."""
        return seat_of(self.person, self.object, either_clerk(self.object)) is not None


class Placed:
    """A view that its viewset places by itself: `route` below the viewset's address, `url_name` in its namespace."""

    route = ""
    url_name = ""


class OperationView(Placed, PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # no generic at run time
    """One operation: what it is called, its form, and what it does."""

    template_name = "meetings/operation.html"
    permission_required: Any = "view"
    form_class: type[forms.Form] = OperationForm
    part = ""
    button: Any = ""
    done: Any = ""
    anchor = ""
    note: Any = ""
    index_url_name: str | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the record and its part."""
        super().setup(request, *args, **kwargs)
        self.part_object: Any = (
            get_object_or_404(getattr(self.object, self.part), pk=kwargs["part"]) if "part" in kwargs else None
        )

    @property
    def person(self) -> Person:
        """Who acts; the admin is for people."""
        return cast(Person, self.request.user)

    def may(self) -> bool:
        """True if the page is offered to this person; the operation decides again."""
        return True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Not for whoever cannot do it."""
        if not self.may():
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def perform(self, form: Any) -> Any:
        """Do it; `Refused` says why not."""
        raise NotImplementedError

    def mark(self) -> Mark | None:
        """Where the record stands, as a shape and a word; None for what has no state."""
        return mark_of(self.object)

    def initial_values(self) -> dict[str, Any]:
        """What stands in the form at first."""
        return {}

    def get_initial(self) -> dict[str, Any]:
        """What stands in the form at first."""
        return self.initial_values()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form its record, part and person."""
        known = {"record": self.object, "part": self.part_object, "person": self.person}
        return {**super().get_form_kwargs(), **known}

    def form_valid(self, form: Any) -> HttpResponse:
        """Perform; refused, show the form again."""
        try:
            self.perform(form)
        except Refused as refused:
            note_refusal(self.request, refused, self.object)
            return self.stale(form, refused) if isinstance(refused, Stale) else self.refused(form, refused)
        messages.success(self.request, self.done_message())
        return HttpResponseRedirect(self.get_success_url())

    def stale(self, form: Any, refused: Stale) -> HttpResponse:
        """Tell who did what meanwhile; the next attempt counts from there."""
        if not form.typed():
            messages.warning(self.request, latest_change(self.object))
            return HttpResponseRedirect(self.get_success_url())
        tell_stale(form, self.object, self.part_object)
        return self.form_invalid(form)

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        """Show the form again with the reasons; without anything typed, the record's page."""
        if not form.typed():
            for reason in refused.reasons:
                messages.error(self.request, reason)
            return HttpResponseRedirect(self.get_success_url())
        tell(form, refused)
        return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, with 200 as Wagtail's forms."""
        ask_files_again(form)
        return self.render_to_response(self.get_context_data(form=form))

    def done_message(self) -> str:
        """What has been done, in words."""
        return str(self.done)

    def get_success_url(self) -> str:
        """The record's page, at the place that the operation changed."""
        url = url_of(self.object)
        return f"{url}#{self.anchor}" if self.anchor else url

    def get_page_title(self) -> str:
        """The verb."""
        return str(self.button)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The list, the record, the verb."""
        plural = capfirst(self.object._meta.verbose_name_plural)
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": plural},
            {"url": url_of(self.object), "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The record, where it stands, the part, and where to go back to."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {
            "record": self.object,
            "part": self.part_object,
            "mark": self.mark(),
            "button": self.get_page_title(),
            "note": self.note,
            "back_url": self.get_success_url(),
            "media": context["form"].media,
        }
        return context
