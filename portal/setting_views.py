"""The form of a setting of the installation, in place of Wagtail's: what lowers a protection is submitted.

`SUBMIT` names for each setting the operation that saves or submits it. Wagtail has no way to register another view for
a setting, so this one is registered at the same address before it (`wagtail_hooks`).
"""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.http import HttpResponse
from wagtail.contrib.settings.views import EditView

from meetings.admin.administration.second_person import answer, link_to_waiting
from meetings.admin.core.access_log import note_refusal
from meetings.admin.core.forms import add_refusal
from meetings.models import Person
from meetings.operations.pending_change import Outcome
from meetings.refusal import Refused
from portal.login_rules import submit_login_rules
from portal.models import LoginRules
from publicity.models import PublicitySettings
from publicity.operations.site_settings import submit_site_settings


def _login_rules(form: Any, by: Person) -> Outcome:
    return submit_login_rules(form.instance, form.cleaned_data["second_factor_roles"], by=by)


def _site_settings(form: Any, by: Person) -> Outcome:
    return submit_site_settings(form.instance, by=by)


SUBMIT: dict[type[Model], Callable[[Any, Person], Outcome]] = {
    LoginRules: _login_rules,
    PublicitySettings: _site_settings,
}


class SettingView(EditView):
    """Wagtail's form of a setting, saved or submitted by the operation of its model."""

    outcome: Outcome | None = None

    def save_instance(self) -> Model:
        """Save or submit; a setting without an own operation is saved as Wagtail does."""
        submit = SUBMIT.get(type(self.form.instance))
        if submit is None:
            saved: Model = super().save_instance()
            return saved
        self.outcome = submit(self.form, cast(Person, self.request.user))
        instance: Model = self.form.instance
        return instance

    def get_success_message(self) -> str | None:
        """Return no “updated” if there is a request: nothing, or not everything, is saved."""
        if self.outcome is not None and self.outcome.change is not None:
            return None
        message: str = super().get_success_message()
        return message

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        """Save or submit; show the reasons of a refusal in the form, or lead to the request."""
        try:
            response: HttpResponse = super().form_valid(form)
        except Refused as refused:
            note_refusal(self.request, refused)
            link_to_waiting(self.request, refused)
            add_refusal(form, refused)
            again: HttpResponse = self.form_invalid(form)
            return again
        return answer(self.request, self.outcome, response)
