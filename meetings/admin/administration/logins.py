"""Operations on a person's login: set a new password, remove a lost second factor.

A password that an administrator sets is temporary: the person chooses another one at the first login.
"""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from meetings.admin.administration.base import AdministrationOperationView
from meetings.admin.core.operation import OperationForm
from meetings.admin.core.record_page import Fact
from meetings.models import Person
from meetings.operations.login import reset_device
from meetings.operations.people import save_person
from meetings.queries.login import device_of

PASSWORD_HELP = _(
    "At least ten characters: capital letters, small letters, figures and signs, three kinds of these. Hand it to the "
    "person, who has to choose an own one at the first login."
)


def password_field(**kwargs: Any) -> forms.CharField:
    """Return the field of a password that an administrator sets.

    It is shown as plain text, so that the password can be handed over without mistakes.
    """
    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(widget=widget, strip=False, **kwargs)


class PasswordForm(OperationForm):
    """A new password."""

    password = password_field(label=_("New password"), help_text=PASSWORD_HELP)


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class PasswordView(AdministrationOperationView[Person]):
    """Set a new password for a person who lost it."""

    form_class = PasswordForm
    route = "password/<int:pk>/"
    url_name = "password"
    button = _("Set a new password")
    done = _("The new password is set; the old one no longer works.")
    note = _("Open sessions of this person end. Hand the password over yourself; it is not sent anywhere.")

    def perform(self, form: OperationForm) -> None:
        save_person(
            self.object,
            by=self.person,
            password=form.cleaned_data["password"],
            version=form.cleaned_data["version"],
        )


class ResetDeviceView(AdministrationOperationView[Person]):
    """Remove the second factor of a person who lost the telephone and the recovery codes."""

    route = "reset-device/<int:pk>/"
    url_name = "reset_device"
    button = _("Take the second factor away")
    done = _(
        "The telephone and the recovery codes no longer work. At the next login the person binds another telephone."
    )
    note = _(
        "For somebody who lost the telephone and the recovery codes. Make sure who asks for it; if in doubt, set a new "
        "password first."
    )

    def perform(self, form: OperationForm) -> None:
        reset_device(self.object, by=self.person, version=form.cleaned_data["version"])


def login_facts(person: Person) -> list[Fact]:
    """Return how the person logs in: login, state of the password, second factor."""
    device = device_of(person)
    bound = date_format(timezone.localtime(device.created_at)) if device and device.created_at else ""
    return [
        Fact(_("Login"), person.username),
        Fact(_("Password"), password_state(person)),
        Fact(_("Second factor"), gettext("telephone bound on %(day)s") % {"day": bound} if device else ""),
    ]


def password_state(person: Person) -> str:
    """Return the state of the password; empty if the person chose it."""
    if not person.has_usable_password():
        return gettext("none yet, cannot log in")
    return gettext("temporary, to be changed at the next login") if person.password_is_temporary else ""
