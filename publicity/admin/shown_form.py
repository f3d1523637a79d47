"""Forms of the publicity that act only on what they showed."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse

from meetings.admin.core.action import ActionView
from meetings.refusal import Refused, Stale
from publicity.operations.shown import as_shown, shown_state

if TYPE_CHECKING:
    Base = ActionView[Any]
else:
    Base = object


class ActsOnWhatItShowed(Base):
    """Mixin of an `ActionView`: its form carries the state of the subject; `Stale` if that has changed meanwhile."""

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> forms.BaseForm:
        """Add the hidden field with the state that the page shows."""
        form: forms.BaseForm = super().get_form(form_class)
        form.fields["seen"] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=shown_state(self.subject)
        )
        return form

    def acting(self, form: forms.BaseForm) -> AbstractContextManager[None]:
        """Compare under the lock what the form showed with what is so now."""
        values = form.cleaned_data
        return as_shown(self.subject, seen=values.pop("seen", ""), version=values.get("version"))

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        """After a change by somebody else the next attempt is about what the page shows now."""
        if isinstance(refused, Stale):
            form.data = form.data.copy()
            form.data[form.add_prefix("seen")] = shown_state(self.subject)
        response: HttpResponse = super().refused(form, refused)
        return response
