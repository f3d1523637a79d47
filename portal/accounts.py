"""Logging in: the page, what it says when it is locked, and whose attempts are counted.

- `account_view`: the page on which people change their password; their name is the administrator's to change.
- `LoginView`: Wagtail's login, which says why a session ended and offers no "remember me".
- `LogoutView`: Wagtail's logout, for a button alone: an address that somebody was sent ends no session.
- `locked(request, …)`: what stands in place of the login after too many wrong passwords.
- `counted_login(request, …)`, `client_address(request)`: the name and the address that an attempt is counted under.
"""

from ipaddress import ip_address
from typing import Any

from axes.helpers import get_cool_off, get_failure_limit
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
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

ENDED = "ended"


class LoginForm(WagtailLoginForm):
    """Wagtail's form with a label that can be translated, and without "remember me": sessions end by themselves."""

    password = forms.CharField(label=_("Password"), strip=False, widget=forms.PasswordInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["remember"]
        self.fields["username"].widget.attrs.pop("placeholder", None)  # it would repeat the label


class LoginView(WagtailLoginView):
    """The staff's way in. `?ended=1` tells that it was reached because a session had ended."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether a session ended, and after how many idle minutes one does."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["ended"] = ENDED in self.request.GET
        context["idle_minutes"] = settings.IDLE_MINUTES
        return context


class LogoutView(WagtailLogoutView):
    """The way out; Wagtail takes the session's cookie away whatever the method was."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer 405 to anything but POST."""
        if request.method != "POST":
            return self.http_method_not_allowed(request, *args, **kwargs)
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


class OwnPasswordForm(PasswordChangeForm):
    """Wagtail's form, saved by the operation: a change of a password stands in the log.

    Wrong present passwords count as those of the login do: whoever finds an open desk does not guess at leisure.
    """

    request: HttpRequest

    def clean_old_password(self) -> str:
        """Ask the login, which counts, tells the access log, and locks."""
        given: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=given) is None:
            wrong = self.error_messages["password_incorrect"]
            raise forms.ValidationError(wrong, code="password_incorrect")
        return given

    def clean(self) -> dict[str, Any]:
        """Refuse the present password as a new one."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("old_password") and data.get("old_password") == data.get("new_password1"):
            self.add_error("new_password1", _("This is the present password. Choose another."))
        return data

    def save(self, commit: bool = True) -> Any:
        """Choose the password."""
        return choose_password(self.user, password=self.cleaned_data["new_password1"])


class OwnPasswordPanel(ChangePasswordPanel):
    """Wagtail's panel with our form; one form for the whole request, so that one attempt counts once."""

    form_class = OwnPasswordForm

    @cached_property
    def _form(self) -> OwnPasswordForm:
        form: OwnPasswordForm = super().get_form()
        form.request = self.request
        return form

    def get_form(self) -> OwnPasswordForm:
        """The form."""
        return self._form


class AccountView(WagtailAccountView):
    """The settings of one's own account, without the name that documents print."""

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
        """Return Wagtail's panels but the one for name and mail, with our own for the password."""
        return self._panels


def staff(view: Any) -> Any:
    """A view of ours among Wagtail's: for whoever may enter the admin, never kept by a browser."""
    return never_cache(require_admin_access(view))


account_view = staff(AccountView.as_view())


def locked(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Answer 429 with a page that tells for how long; django-axes calls this instead of showing `response`."""
    wait = get_cool_off(request)
    seconds = int(wait.total_seconds()) if wait else 0
    context = {"limit": get_failure_limit(request, credentials), "minutes": seconds // 60}
    page = render(request, "portal/locked.html", context, status=429)
    page["Retry-After"] = str(seconds)
    return page


def counted_login(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the name that attempts are counted under: of a login that nobody bears, what cannot be read back.

    People type passwords into that field, and django-axes keeps what it counts.
    """
    typed = str((credentials or {}).get("username") or request.POST.get("username", ""))
    if Person.objects.filter(username=typed).exists():
        return typed
    return salted_hmac("portal.counted_login", typed).hexdigest()


def client_address(request: HttpRequest) -> str | None:
    """Return the address of the client that sent `request`; None if nothing tells it (a socket without a proxy).

    X-Forwarded-For can be written by anyone. Each proxy of ours (`PROXY_COUNT` of them) appends the address that it
    was called from, so the entry that far from the end is the first that nobody else could write.
    """
    direct = plain_address(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXY_COUNT:
        return direct
    forwarded = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",") if entry.strip()]
    if not forwarded:
        return direct
    return plain_address(forwarded[-min(settings.PROXY_COUNT, len(forwarded))]) or direct


def plain_address(entry: str) -> str | None:
    """The address in an entry, without the port and the zone that some proxies add; None for anything that is none."""
    bracketed, _closed, _port = entry.removeprefix("[").partition("]")
    for text in (entry, bracketed, entry.rpartition(":")[0]):
        try:
            return str(ip_address(text.partition("%")[0]))
        except ValueError:
            continue
    return None
