"""Views of the login steps: enter a code, choose a password, bind a telephone.

- `LoginStepView`: base class; redirects a person for whom another step, or none, is due. Looks like the login page.
- `CodeView`, `PasswordView`, `DeviceView`: see `portal.login_steps` for their order.
"""

from base64 import b32encode

import segno
from django import forms
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView
from django_otp import login as otp_login
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from wagtail.admin import messages

from meetings.admin.core.forms import set_error_messages
from meetings.enums import AccessKind
from meetings.models import Person, Telephone
from meetings.operations.access import note_access
from meetings.operations.login import begin_device, check_code, choose_password, confirm_device
from meetings.queries.login import recovery_codes_left
from meetings.refusal import Refused
from meetings.types import StrOrPromise
from portal.login_steps import CODE, DEVICE, PASSWORD, VERIFIED_KEY, next_step
from portal.one_time_code import password_chosen

PENDING_KEY = "portal_device"  # session key: the telephone that is being bound


class CodeForm(forms.Form):
    """A form with one code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}),
    )


class LoginStepView(FormView):  # type: ignore[type-arg]  # no generic at run time
    """One login step; when done, redirects to the next step, and finally to the page that the person asked for."""

    step = ""
    title: StrOrPromise = ""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Redirect if another step, or none, is due."""
        due = next_step(request)
        if due == self.step:
            return super().dispatch(request, *args, **kwargs)
        return HttpResponseRedirect(self.get_success_url())

    @cached_property
    def person(self) -> Person:
        """The person who logs in."""
        return Person.objects.get(pk=self.request.user.pk or 0)

    @property
    def requested_url(self) -> str:
        """The page that the person asked for; the home page if it is not on this site."""
        requested = self.request.POST.get("next") or self.request.GET.get("next", "")
        is_own_url = url_has_allowed_host_and_scheme(requested, {self.request.get_host()}, self.request.is_secure())
        return requested if is_own_url else reverse("wagtailadmin_home")

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> forms.BaseForm:
        """Return the form with error messages that say what to enter into an empty field."""
        form: forms.BaseForm = super().get_form(form_class)
        set_error_messages(form)
        return form

    def get_success_url(self) -> str:
        """Return the requested page; the middleware redirects to the next step first, if one is due."""
        return self.requested_url

    def refusal_response(self, form: forms.BaseForm, refused: Refused) -> HttpResponse:
        """Show the page again with the reasons of the refusal."""
        for reason in refused.reasons:
            form.add_error(None, reason)
        return self.form_invalid(form)

    def mark_verified(self, device: Device) -> None:
        """Store that a code was correct, under a new session key, as after a login."""
        self.request.session.cycle_key()
        otp_login(self.request, device)
        self.request.session[VERIFIED_KEY] = True

    def log_access(self, kind: AccessKind, what: str) -> None:
        """Add an entry to the access log."""
        note_access(kind, person=self.person, what=what)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), "title": self.title, "next": self.requested_url}


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class CodeView(LoginStepView):
    """Ask for the code of the telephone, or for a recovery code."""

    step = CODE
    title = gettext_lazy("Enter the code")
    template_name = "portal/login/code.html"
    form_class = CodeForm

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        """Check the code; a wrong one is logged, and delays the next attempt."""
        try:
            device = check_code(self.person, code=form.cleaned_data["code"])
        except Refused as refused:
            self.log_access(AccessKind.LOGIN_FAILED, _("Wrong code of the second factor"))
            return self.refusal_response(form, refused)
        self.mark_verified(device)
        if isinstance(device, StaticDevice):
            self.log_access(AccessKind.LOGIN, _("With a recovery code"))
            left = recovery_codes_left(self.person)
            messages.warning(self.request, _("You used a recovery code; %(count)s are left.") % {"count": left})
        else:
            self.log_access(AccessKind.LOGIN, _("With the code of the telephone"))
        return super().form_valid(form)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordView(LoginStepView):
    """Ask for an own password after the login with a one-time code, or in place of one that the server set."""

    step = PASSWORD
    title = gettext_lazy("Choose your own password")
    template_name = "portal/login/password.html"
    form_class = SetPasswordForm

    def get_form_kwargs(self) -> dict[str, object]:
        return {**super().get_form_kwargs(), "user": self.person}

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        """Set the password; this session goes on, the person's others end."""
        try:
            choose_password(Person.objects.get(pk=self.person.pk), password=form.cleaned_data["new_password1"])
        except Refused as refused:
            return self.refusal_response(form, refused)
        update_session_auth_hash(self.request, Person.objects.get(pk=self.person.pk))
        password_chosen(self.request.session)
        messages.success(self.request, _("Your password has been changed."))
        return super().form_valid(form)


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class DeviceView(LoginStepView):
    """Bind a telephone: show the secret as QR code and as text, check a first code, then show the recovery codes."""

    step = DEVICE
    title = gettext_lazy("Bind your telephone")
    template_name = "portal/login/device.html"
    form_class = CodeForm

    @cached_property
    def device(self) -> Telephone:
        """The telephone whose binding began in this session; a new login gets a new secret."""
        pending = Telephone.objects.filter(
            pk=self.request.session.get(PENDING_KEY), user=self.person.pk, confirmed=False
        ).first()
        if pending is None:
            pending = begin_device(self.person)
            self.request.session[PENDING_KEY] = pending.pk
        return pending

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        """Bind the telephone, and show the recovery codes, this one time."""
        try:
            codes = confirm_device(self.person, self.device, code=form.cleaned_data["code"])
        except Refused as refused:
            return self.refusal_response(form, refused)
        self.mark_verified(self.device)
        self.log_access(AccessKind.LOGIN, _("With the code of the telephone"))
        shown = {"title": _("Keep the recovery codes"), "codes": codes, "next": self.requested_url}
        return TemplateResponse(self.request, "portal/login/recovery.html", shown)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        secret = Telephone.objects.get(pk=self.device.pk)
        secret.user = self.person
        address = secret.config_url
        shown = {"picture": qr_code(address), "address": address, "secret": grouped_secret(secret)}
        return {**super().get_context_data(**kwargs), **shown}


def qr_code(text: str) -> SafeString:
    """Return a QR code as SVG without styles; black on white in dark mode too, because cameras need that."""
    svg = segno.make(text, error="m", micro=False).svg_inline(light="white", omitsize=True, svgclass="code-picture")
    return mark_safe(svg)  # noqa: S308  # shapes only, the text itself is not in it


def grouped_secret(device: Telephone) -> str:
    """Return the secret in groups of four characters, to be typed by hand."""
    plain = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))
