"""How forms and operations of administrators answer when an act needs a second person, or issues a one-time code.

- `SubmittingForm`: mixed into a form view whose `store` puts the `Outcome` on the form (`form.outcome`).
- `SubmittingOperationView`: an operation whose `submit` returns an `Outcome`.
- `answer(request, outcome, otherwise)`: the response. Codes are shown once, in the answer itself, and kept nowhere.
- `waiting_panel(record, request)`: what waits, for the pages of people and posts.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from meetings.admin.administration.base import AdministrationOperationView
from meetings.admin.core.access_log import note_refusal
from meetings.admin.core.operation import OperationForm
from meetings.admin.core.record_urls import url_of
from meetings.models import PendingChange, Person, Post
from meetings.operations.change_content import acts_of, differs_from_submitted, in_force_from, scope_of, second_people
from meetings.operations.change_kinds import Act
from meetings.operations.login import IssuedCode
from meetings.operations.pending_change import AlreadyWaiting, Outcome, needs_confirmation
from meetings.queries.pending_change import waiting_about, waiting_changes
from meetings.refusal import Refused
from meetings.rules.lacking_confirmer import why_nobody_confirms
from meetings.rules.second_people import joined_names, seen_changes

M = TypeVar("M", bound=Model)


def who_confirms(change: PendingChange) -> str:
    """Say who can confirm a request, or from when it may be put in force without; or that it cannot take effect."""
    if differs_from_submitted(change):
        return gettext(
            "It is about other rights or other people by now than when it was submitted. Decline or withdraw it, and "
            "submit it again."
        )
    if people := second_people(change):
        message = gettext("%(names)s confirms it; then it takes effect.")
        if len(people) > 1:
            message = gettext("One of these confirms it; then it takes effect: %(names)s.")
        return message % {"names": joined_names(people)}
    until = date_format(timezone.localtime(in_force_from(change)), "DATETIME_FORMAT")
    why = why_nobody_confirms(change, scope_of(acts_of(change)))
    message = gettext("Nobody else can confirm it now (%(why)s). From %(when)s an administrator may put it in force.")
    return message % {"why": why, "when": until}


def submitted_message(change: PendingChange) -> str:
    """Return the message after a request was submitted."""
    return gettext("Submitted for confirmation; nothing of it is in force yet. %(who)s") % {"who": who_confirms(change)}


def answer(request: HttpRequest, outcome: Outcome | None, otherwise: HttpResponse) -> HttpResponse:
    """Show the codes of an outcome, or lead to the request that waits; else return `otherwise`."""
    if outcome is None or (outcome.change is None and not outcome.codes):
        return otherwise
    if outcome.change is not None:
        messages.warning(request, submitted_message(outcome.change))
        return HttpResponseRedirect(url_of(outcome.change))
    back = otherwise["Location"] if isinstance(otherwise, HttpResponseRedirect) else reverse("wagtailadmin_home")
    return codes_page(request, outcome.codes, back)


def codes_page(request: HttpRequest, codes: Iterable[IssuedCode], back: str) -> HttpResponse:
    """Return the page that shows one-time codes, this one time; no cache keeps it."""
    shown = {
        "codes": list(codes),
        "back_url": back,
        "login_url": request.build_absolute_uri(reverse("wagtailadmin_login")),
        "page_title": gettext("One-time code"),
        "header_icon": "key",
    }
    response = TemplateResponse(request, "meetings/administration/codes.html", shown)
    add_never_cache_headers(response)
    return response


def link_to_waiting(request: HttpRequest, refused: Refused) -> None:
    """Show a link to the request that waits already."""
    if isinstance(refused, AlreadyWaiting):
        url, text = url_of(refused.change), gettext("Open the request that waits")
        messages.warning(request, format_html('<a href="{}">{}</a>', url, text))


class SubmittingForm:
    """A mixin in front of a form view: answers with the outcome that `store` put on the form."""

    request: HttpRequest

    def get_success_message(self, *instance: Model) -> str | None:
        """Return no “saved” if all that was changed waits."""
        outcome = getattr(self.form, "outcome", None)  # type: ignore[attr-defined]  # of Wagtail's view
        if outcome is not None and outcome.change is not None and not getattr(self.form, "saved", True):  # type: ignore[attr-defined]
            return None
        message: str | None = super().get_success_message(*instance)  # type: ignore[misc]  # mixed in
        return message

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        """Save or submit; then show the codes, or the request."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # mixed in
        waiting = getattr(form, "already_waiting", None)
        if waiting is not None:
            link_to_waiting(self.request, waiting)
            return response
        return answer(self.request, getattr(form, "outcome", None), response)


class NoteForm(OperationForm):
    """A form with a note for the second person."""

    note = forms.CharField(
        label=_("Note for whoever confirms"),
        required=False,
        max_length=300,
        help_text=_("For example why, and how the person can be reached. Asked for where a second person confirms."),
    )

    def has_inputs(self) -> bool:
        """Return True only for other inputs: the note alone is optional."""
        return any(field.name != "note" for field in self.visible_fields())


class SubmittingOperationView(AdministrationOperationView[M]):
    """An operation that is done at once where one person may do it, and submitted otherwise."""

    form_class: type[OperationForm] = NoteForm

    def acts(self) -> list[Act]:
        """Return the acts that are known before the form is filled in; the page says if they need somebody else."""
        return []

    def submit(self, form: OperationForm) -> Outcome:
        """Do it or submit it; raise `Refused` with the reasons if neither is possible."""
        raise NotImplementedError

    def needs_confirmation(self) -> bool:
        """Return whether the person needs a second person for the known acts."""
        acts = self.acts()
        return bool(acts) and needs_confirmation(acts, self.person)

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> OperationForm:
        form: OperationForm = super().get_form(form_class)
        if "note" in form.fields and self.acts() and not self.needs_confirmation():
            del form.fields["note"]
        return form

    def form_valid(self, form: OperationForm) -> HttpResponse:
        """Do or submit it; show the codes or the request."""
        try:
            outcome = self.submit(form)
        except Refused as refused:
            note_refusal(self.request, refused, self.subject)
            link_to_waiting(self.request, refused)
            return self.refused(form, refused)
        if outcome.change is None:
            messages.success(self.request, self.done_message())
        return answer(self.request, outcome, HttpResponseRedirect(self.get_success_url()))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        needs = self.needs_confirmation()
        submit = {"submit": gettext("Submit for confirmation")} if needs else {}
        return super().get_context_data(**kwargs) | {"needs_confirmation": needs, **submit}


def waiting_panel(record: Person | Post, request: HttpRequest) -> str:
    """Render what waits about a person or a post and the reader may read; empty if nothing does."""
    seen = seen_changes(request.user).values("pk")
    if isinstance(record, Person):
        changes = list(waiting_about(record).filter(pk__in=seen))
    else:
        found = list(waiting_changes().filter(pk__in=seen))
        changes = [change for change in found if any(act["data"].get("post") == record.pk for act in change.acts)]
    rows = [{"change": change, "url": url_of(change), "who": who_confirms(change)} for change in changes]
    return render_to_string("meetings/administration/waiting.html", {"rows": rows}) if rows else ""


def with_outcome(form: forms.BaseForm, submit: Callable[[], Outcome], *, saved: bool = True) -> None:
    """Call `submit` and put its outcome on the form, for `SubmittingForm`.

    `saved` says whether the form saved something at once even if there is a request.
    """
    try:
        form.outcome = submit()  # type: ignore[attr-defined]  # read by `SubmittingForm`
    except AlreadyWaiting as refused:
        form.already_waiting = refused  # type: ignore[attr-defined]
        raise
    form.saved = saved  # type: ignore[attr-defined]
