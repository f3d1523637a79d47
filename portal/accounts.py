"""Login, logout, lockout, and the account page.

- `account_view`: the page on which people change their password; only an administrator changes their name.
- `LoginView`: Wagtail's login, which also says why a session ended and has no "remember me".
- `LogoutView`: Wagtail's logout, by POST only, so that a link that somebody was sent ends no session.

Failed logins are limited in `portal.throttle`.
"""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.auth import LoginForm as WagtailLoginForm
from wagtail.admin.forms.auth import PasswordChangeForm
from wagtail.admin.views.account import AccountView as WagtailAccountView
from wagtail.admin.views.account import BaseSettingsPanel, ChangePasswordPanel, NameEmailSettingsPanel
from wagtail.admin.views.account import LoginView as WagtailLoginView
from wagtail.admin.views.account import LogoutView as WagtailLogoutView

from meetings.models import Person
from meetings.operations.login import choose_password
from portal.known_browser import remember_browser
from portal.throttle import password_was_right

SESSION_ENDED = "ended"
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class LoginForm(WagtailLoginForm):
    """Wagtail's login form with a translatable label, and without "remember me": sessions end after idle time."""

    password = forms.CharField(label=_("Password"), strip=False, widget=forms.PasswordInput())

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["remember"]
        self.fields["username"].widget.attrs.pop("placeholder", None)  # it would repeat the label


class LoginView(WagtailLoginView):
    """Login of the staff. `?ended=1` says that the session of the previous request had ended."""

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Return the address in `next`; none for a word without a slash, which Django would take as a view's name."""
        url: str = super().get_redirect_url()
        return url if "/" in url else ""

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        """Log in, and remember that this login succeeded in this browser."""
        response: HttpResponse = super().form_valid(form)
        remember_browser(self.request, response, self.request.user.get_username())
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context: dict[str, object] = super().get_context_data(**kwargs)
        context["ended"] = SESSION_ENDED in self.request.GET
        context["idle_minutes"] = settings.IDLE_MINUTES
        return context


class LogoutView(WagtailLogoutView):
    """Logout by POST only. Wagtail's deletes the session cookie whatever the method is."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return self.http_method_not_allowed(request, *args, **kwargs)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class OwnPasswordForm(PasswordChangeForm):
    """Wagtail's form, saved by `choose_password`, which writes a log entry.

    Wrong current passwords count as failed logins, so that nobody can guess passwords at an unattended screen.
    """

    request: HttpRequest

    def clean_old_password(self) -> str:
        """Check the current password with `authenticate`, so that it is counted, logged and limited as at login."""
        typed: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=typed) is None:
            wrong = self.error_messages["password_incorrect"]
            raise forms.ValidationError(wrong, code="password_incorrect")
        password_was_right(self.request)
        return typed

    def clean(self) -> dict[str, object]:
        """Refuse a new password equal to the current one."""
        data: dict[str, object] = super().clean() or {}
        if data.get("old_password") and data.get("old_password") == data.get("new_password1"):
            self.add_error("new_password1", _("This is the present password. Choose another."))
        return data

    def save(self, commit: bool = True) -> Person:
        return choose_password(self.user, password=self.cleaned_data["new_password1"])


class OwnPasswordPanel(ChangePasswordPanel):
    """Wagtail's panel with `OwnPasswordForm`, created once per request, so that one attempt is counted once."""

    form_class = OwnPasswordForm

    @cached_property
    def _form(self) -> OwnPasswordForm:
        form: OwnPasswordForm = super().get_form()
        form.request = self.request
        return form

    def get_form(self) -> OwnPasswordForm:
        return self._form


class AccountView(WagtailAccountView):
    """Settings of the person's own account, without the panel for the name, which documents print."""

    @cached_property
    def _panels(self) -> list[BaseSettingsPanel]:
        panels = [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]
        return [
            OwnPasswordPanel(panel.request, panel.user, panel.profile)
            if isinstance(panel, ChangePasswordPanel)
            else panel
            for panel in panels
        ]

    def get_panels(self) -> list[BaseSettingsPanel]:
        return self._panels


def staff_view(view: View) -> View:
    """Return `view` for people with access to the admin, never cached: for own views between those of Wagtail."""
    guarded: View = never_cache(require_admin_access(view))
    return guarded


def signed_in_view(view: View) -> View:
    """Return `view` for everybody who is logged in, never cached: also for who begins a post on a later day."""
    guarded: View = never_cache(login_required(login_url="wagtailadmin_login")(view))
    return guarded


account_view = staff_view(AccountView.as_view())
