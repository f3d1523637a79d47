"""The pages between the password and the desk: a code, an own password, a telephone to bind.

Key concepts
- `StepPage`: the base; whoever has no such step to do is led on. Each looks like the login page.
- `CodeView`, `PasswordView`, `DeviceView`: see `portal.login_steps` for their order.
"""

from base64 import b32encode
from typing import Any

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
from django_otp import login as prove
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from wagtail.admin import messages

from meetings.admin.core.forms import word_errors
from meetings.enums import AccessKind
from meetings.models import Person, Telephone
from meetings.operations.access import note_access
from meetings.operations.login import begin_device, check_code, choose_password, confirm_device
from meetings.queries.login import recovery_codes_left
from meetings.refusal import Refused
from portal.login_steps import CODE, DEVICE, PASSWORD, PROVED, next_step

BEGUN = "portal_device"  # the telephone that is being bound in this session


class CodeForm(forms.Form):
    """One code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}),
    )


class StepPage(FormView):  # type: ignore[type-arg]  # no generic at run time
    """One step; done, it leads to the next, and at last to where the person wanted to go."""

    step = ""
    title: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead on whoever has something else to do first, or nothing any more."""
        due = next_step(request.user)
        if due == self.step:
            return super().dispatch(request, *args, **kwargs)
        return HttpResponseRedirect(self.get_success_url())

    @cached_property
    def person(self) -> Person:
        """Who logs in."""
        return Person.objects.get(pk=self.request.user.pk or 0)

    @property
    def wanted(self) -> str:
        """Where the person wanted to go; the desk, if that is not a page of ours."""
        asked = self.request.POST.get("next") or self.request.GET.get("next", "")
        own = url_has_allowed_host_and_scheme(asked, {self.request.get_host()}, self.request.is_secure())
        return asked if own else reverse("wagtailadmin_home")

    def get_form(self, form_class: Any = None) -> Any:
        """The form, which says of an empty field what to do."""
        form = super().get_form(form_class)
        word_errors(form)
        return form

    def get_success_url(self) -> str:
        """The page that was wanted; the middleware puts the next step before it."""
        return self.wanted

    def refused(self, form: forms.BaseForm, refused: Refused) -> HttpResponse:
        """The page again, with the reasons."""
        for reason in refused.reasons:
            form.add_error(None, reason)
        return self.form_invalid(form)

    def pass_on(self, device: Device) -> None:
        """Remember that a code was right; under a new session key, as after a login."""
        self.request.session.cycle_key()
        prove(self.request, device)
        self.request.session[PROVED] = True

    def note(self, kind: AccessKind, what: str) -> None:
        """Tell the access log."""
        note_access(kind, person=self.person, what=what)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The title, and where it leads."""
        return {**super().get_context_data(**kwargs), "title": self.title, "next": self.wanted}


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class CodeView(StepPage):
    """Ask for the code of the telephone, or for a recovery code."""

    step = CODE
    title = gettext_lazy("Enter the code")
    template_name = "portal/login/code.html"
    form_class = CodeForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Check it; a wrong one is told in the log, and slows the next one down."""
        try:
            device = check_code(self.person, code=form.cleaned_data["code"])
        except Refused as refused:
            self.note(AccessKind.LOGIN_FAILED, _("Wrong code of the second factor"))
            return self.refused(form, refused)
        self.pass_on(device)
        if isinstance(device, StaticDevice):
            self.note(AccessKind.LOGIN, _("With a recovery code"))
            left = recovery_codes_left(self.person)
            messages.warning(self.request, _("You used a recovery code; %(count)s are left.") % {"count": left})
        else:
            self.note(AccessKind.LOGIN, _("With the code of the telephone"))
        return super().form_valid(form)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordView(StepPage):
    """Ask for an own password in the place of one that somebody else set."""

    step = PASSWORD
    title = gettext_lazy("Choose your own password")
    template_name = "portal/login/password.html"
    form_class: Any = SetPasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form its person."""
        return {**super().get_form_kwargs(), "user": self.person}

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it; this session goes on, others end."""
        try:
            choose_password(Person.objects.get(pk=self.person.pk), password=form.cleaned_data["new_password1"])
        except Refused as refused:
            return self.refused(form, refused)
        update_session_auth_hash(self.request, Person.objects.get(pk=self.person.pk))
        messages.success(self.request, _("Your password has been changed."))
        return super().form_valid(form)


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class DeviceView(StepPage):
    """Let the person bind a telephone: a picture to scan, the same as text, a first code; then the recovery codes."""

    step = DEVICE
    title = gettext_lazy("Bind your telephone")
    template_name = "portal/login/device.html"
    form_class = CodeForm

    @cached_property
    def device(self) -> Telephone:
        """The one that was begun in this session; whoever logs in anew gets another secret."""
        begun = Telephone.objects.filter(
            pk=self.request.session.get(BEGUN), user=self.person.pk, confirmed=False
        ).first()
        if begun is None:
            begun = begin_device(self.person)
            self.request.session[BEGUN] = begun.pk
        return begun

    def form_valid(self, form: Any) -> HttpResponse:
        """Bind it, and show the recovery codes this once."""
        try:
            codes = confirm_device(self.person, self.device, code=form.cleaned_data["code"])
        except Refused as refused:
            return self.refused(form, refused)
        self.pass_on(self.device)
        self.note(AccessKind.LOGIN, _("With the code of the telephone"))
        shown = {"title": _("Keep the recovery codes"), "codes": codes, "next": self.wanted}
        return TemplateResponse(self.request, "portal/login/recovery.html", shown)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the secret as a picture and as text."""
        secret = Telephone.objects.get(pk=self.device.pk)
        secret.user = self.person
        address = secret.config_url
        shown = {"picture": picture(address), "address": address, "secret": spelled(secret)}
        return {**super().get_context_data(**kwargs), **shown}


def picture(text: str) -> SafeString:
    """A QR code as an SVG element without styles; black on white in the dark too, for cameras need that."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(light="white", omitsize=True, svgclass="code-picture")
    return mark_safe(drawn)  # noqa: S308  # drawn from modules, without the text


def spelled(device: Telephone) -> str:
    """The secret in groups of four, to be typed by hand."""
    plain = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))
