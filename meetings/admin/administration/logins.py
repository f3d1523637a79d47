"""Operations on a person's login: issue a one-time code, remove a lost second factor.

Nobody types a password for somebody else. A code that takes over an account is issued when a second person confirms,
who alone reads it.
"""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.admin.administration.second_person import SubmittingOperationView
from meetings.admin.core.operation import OperationForm
from meetings.admin.core.record_page import Fact
from meetings.models import Person
from meetings.operations.change_kinds import Act
from meetings.operations.changes_of_accounts import account_act
from meetings.operations.pending_change import Outcome, request_or_apply
from meetings.queries.accounts import has_password, open_code
from meetings.queries.login import device_of


class AccountOperationView(SubmittingOperationView[Person]):
    """An operation on the account of a person."""

    template_name = "meetings/administration/account.html"
    kinds: tuple[str, ...] = ()  # the acts in order

    def acts(self) -> list[Act]:
        return [account_act(kind, self.object) for kind in self.kinds]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"issues_code": "login_code" in self.kinds}

    def submit(self, form: OperationForm) -> Outcome:
        return request_or_apply(
            self.acts(),
            by=self.person,
            subject=self.object,
            note=form.cleaned_data.get("note", ""),
            row=self.object,
            version=form.cleaned_data["version"],
        )


class LoginCodeView(AccountOperationView):
    """Issue a one-time code for a person who has no password yet, or lost it."""

    kinds = ("login_code",)
    route = "login-code/<int:pk>/"
    url_name = "login_code"
    button = _("Issue a one-time code")
    done = _("The code is issued; the old password no longer works.")
    note = _(
        "The person logs in once with the code and then chooses an own password. The old password stops working, open "
        "sessions end."
    )


class ResetDeviceView(AccountOperationView):
    """Remove the second factor of a person who lost the telephone and the recovery codes."""

    kinds = ("second_factor",)
    route = "reset-device/<int:pk>/"
    url_name = "reset_device"
    button = _("Take the second factor away")
    done = _(
        "The telephone and the recovery codes no longer work. At the next login the person binds another telephone."
    )
    note = _("For somebody who lost the telephone and the recovery codes. Make sure who asks for it.")


class ReactivateView(AccountOperationView):
    """Open a closed login again; a one-time code is issued with it."""

    kinds = ("reactivation", "login_code")
    route = "reactivate/<int:pk>/"
    url_name = "reactivate"
    button = _("Reactivate")
    done = _("The login is open again. Rights come with a new tenure.")
    note = _(
        "The password of before stays closed: the person logs in with a one-time code and chooses an own password. "
        "Rights come only with a new tenure."
    )


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
    if not has_password(person):
        code = open_code(person)
        if code is None:
            return gettext("none yet, cannot log in")
        until = {"when": date_format(timezone.localtime(code.expires_at), "DATETIME_FORMAT")}
        return gettext("a one-time code works until %(when)s") % until
    return gettext("temporary, to be changed at the next login") if person.password_is_temporary else ""
