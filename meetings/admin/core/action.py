"""Base view of a form that performs one operation: on a record (`operation`), or on a page of the public site."""

from contextlib import AbstractContextManager, nullcontext
from typing import Generic, TypeVar

from django import forms
from django.db.models import Model
from django.http import HttpResponse, HttpResponseRedirect
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from meetings.admin.core.access_log import note_refusal
from meetings.admin.core.forms import add_refusal, ask_files_again
from meetings.refusal import Refused
from meetings.types import StrOrPromise

F = TypeVar("F", bound=forms.BaseForm)


class ActionView(WagtailAdminTemplateMixin, FormView, Generic[F]):  # type: ignore[type-arg]  # FormView is no generic at run time
    """GET shows the form, POST performs the operation; a refusal shows the form again with its reasons and the input.

    Subclasses set `button`, the label of the button and the title of the page, and `done`, the message after success.
    """

    button: StrOrPromise = ""
    done: StrOrPromise = ""

    @property
    def subject(self) -> Model:
        """The record or page that the operation is about; the access log names it with a refusal."""
        raise NotImplementedError

    def perform(self, form: F) -> object:
        """Perform the operation; raise `Refused` with the reasons if it is not possible."""
        raise NotImplementedError

    def acting(self, form: F) -> AbstractContextManager[None]:
        """Return the context in which the operation is performed; it may raise `Refused`."""
        return nullcontext()

    def form_valid(self, form: F) -> HttpResponse:
        """Perform the operation; a refusal is logged and shown."""
        try:
            with self.acting(form):
                self.perform(form)
        except Refused as refused:
            note_refusal(self.request, refused, self.subject)
            return self.refused(form, refused)
        messages.success(self.request, self.done_message())
        return HttpResponseRedirect(self.get_success_url())

    def refused(self, form: F, refused: Refused) -> HttpResponse:
        """Answer a refusal: show the form again with the reasons."""
        add_refusal(form, refused)
        return self.form_invalid(form)

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        """Show the page again, with status 200 as Wagtail's forms do."""
        ask_files_again(form)
        return self.render_to_response(self.get_context_data(form=form))

    def done_message(self) -> str:
        """Return the message after success."""
        return str(self.done)

    def get_page_title(self) -> str:
        return str(self.button)
