"""Registration of signatures on paper (线下审签登记) by the clerks of the conference, for one open seat of a panel.

`PaperSignatureView` is served at `paper/<pk>/<action>/<seat>/`. The clerk enters who signed, on which day, with which
opinion, and uploads the scan. The transition tables of the machines define which steps and seats may be signed on
paper.
"""

from datetime import date, timedelta
from typing import Any, TypeVar

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from meetings import clock
from meetings.admin.core.forms import offer_values
from meetings.admin.core.log_entries import log_entries
from meetings.admin.core.operation import OperationForm
from meetings.admin.core.signed_content import SignedContent, signed_content
from meetings.admin.core.steps import TransitionView
from meetings.machines import machine_of
from meetings.machines.base import valid_approvals
from meetings.models.record_types import MachineRecord
from meetings.operations.approval import register_paper
from meetings.operations.base import MAX_OPINION_LENGTH
from meetings.queries.approval import known_since
from meetings.refusal import Missing, Refused, Stale
from meetings.rules.approval import SignerChoice, possible_signers
from meetings.rules.attachment import SCAN_TYPES, check_file, extension_list, max_file_size
from meetings.rules.seats import Seat, is_clerk

R = TypeVar("R", bound=MachineRecord)

# How far back holders of the seat are offered as signers if the log does not say since when the content is unchanged.
LOOK_BACK = timedelta(days=365)


class PaperSignatureForm(OperationForm):
    """Signer, date, opinion and scan of a signature on paper."""

    signer = forms.ChoiceField(label=gettext_lazy("Signed by"), widget=forms.RadioSelect)
    on = forms.DateField(label=gettext_lazy("Date of the signature"), widget=AdminDateInput)
    opinion = forms.CharField(
        label=gettext_lazy("Opinion"),
        required=False,
        max_length=MAX_OPINION_LENGTH,
        help_text=gettext_lazy("As it is written on the paper."),
    )
    scan = forms.FileField(label=gettext_lazy("Scan of the signed paper"))

    def __init__(self, *args: object, signer_choices: dict[str, SignerChoice], date_help: str, **kwargs: Any) -> None:
        self.signer_choices, self.date_help = signer_choices, date_help
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        choices = [(key, str(choice)) for key, choice in self.signer_choices.items()]
        offer_values(self, "signer", choices)
        self.fields["on"].initial = clock.today()
        self.fields["on"].help_text = self.date_help
        accepted = {
            "kinds": extension_list(SCAN_TYPES),
            "most": max_file_size() // 1024**2,
        }
        self.fields["scan"].help_text = _("%(kinds)s; at most %(most)s MB.") % accepted

    def clean_scan(self) -> object:
        """Accept an image or a PDF; report anything else as an error of the field."""
        scan = self.cleaned_data["scan"]
        found = check_file(scan.name, scan.file, scan.size, SCAN_TYPES)
        if isinstance(found, Missing):
            raise forms.ValidationError(str(found), code=found.code)
        return scan


class PaperSignatureView(TransitionView[R]):
    """Register a signature on paper for an open seat of a panel."""

    form_class = PaperSignatureForm
    template_name = "meetings/paper.html"
    route = "paper/<int:pk>/<slug:action>/<slug:seat>/"
    url_name = "paper"
    anchor = "approvals"

    @cached_property
    def seat(self) -> Seat:
        """The seat named in the URL; 404 if the step has no such seat or is not signed on paper."""
        row = self.transition
        if row.panel and row.on_paper:
            for seat in row.who(self.object):
                if seat.key == self.kwargs["seat"]:
                    return seat
        raise Http404

    def has_permission(self) -> bool:
        return bool(self.seat) and is_clerk(self.person, self.object)

    def check(self) -> None:
        machine_of(self.object).check_paper(self.person, self.object, self.transition.action, self.seat.key)
        if not self.signer_choices:
            raise Refused(_("Nobody but you can have signed in this seat. Sign at the screen."), code="no_other_signer")

    @cached_property
    def content(self) -> SignedContent:
        """The context that shows the content which the paper must contain, with its hash."""
        if self.transition.panel is None:
            raise Http404
        return signed_content(self.object, self.transition.panel)

    @cached_property
    def unchanged_since(self) -> date | None:
        """The day since which the content is unchanged, if the log contains it."""
        if self.transition.panel is None:
            raise Http404
        return known_since(self.object, self.transition.panel, self.content["signed"]["hash"])

    @cached_property
    def signer_choices(self) -> dict[str, SignerChoice]:
        """The possible signers of the seat by form value; the registering person is not among them."""
        found = possible_signers(self.object, self.seat, self.unchanged_since or clock.today() - LOOK_BACK)
        return {
            f"{'d' if choice.delegation else 't'}{(choice.delegation or choice.tenure).pk}": choice
            for choice in found
            if choice.signer != self.person.pk
        }

    def get_form_kwargs(self) -> dict[str, object]:
        date_help = _("The day that stands on the paper.")
        if self.unchanged_since:
            text = _("The day that stands on the paper; the content is as it is now since %(day)s.")
            date_help = text % {"day": date_format(self.unchanged_since)}
        return {**super().get_form_kwargs(), "signer_choices": self.signer_choices, "date_help": date_help}

    def perform(self, form: OperationForm) -> None:
        values = form.values()
        choice = self.signer_choices[values.pop("signer")]
        self.signed_by = str(choice)
        register_paper(
            self.object,
            self.transition.action,
            by=self.person,
            version=form.cleaned_data["version"],
            seat=self.seat.key,
            tenure=choice.tenure,
            delegation=choice.delegation,
            **values,
        )

    def stale(self, form: OperationForm, refused: Stale) -> HttpResponse:
        """On a second click, report that the signature is registered; otherwise report the concurrent change."""
        entry = log_entries(self.object).first()
        if entry and entry.user_id == self.person.pk and entry.data.get("seat") == self.seat.key:
            messages.warning(self.request, _("The signature was already registered by your first click."))
            return HttpResponseRedirect(self.get_success_url())
        return super().stale(form, refused)

    def refused(self, form: OperationForm, refused: Refused) -> HttpResponse:
        """If the seat was filled meanwhile, report it on the record's page instead of showing the form again."""
        if self.transition.panel is None:
            raise Http404
        rows = valid_approvals(self.object, self.transition.panel)
        given = next((row for row in rows if row.seat == self.seat.key), None)
        if given is None:
            return super().refused(form, refused)
        own = given.entered_by_id == self.person.pk
        message = _("The signature was already registered by your first click.") if own else refused.reasons[0]
        messages.warning(self.request, message)
        return HttpResponseRedirect(self.get_success_url())

    def done_message(self) -> str:
        values = {"who": self.signed_by, "state": self.object.get_state_display()}
        return _("Registered on paper: %(who)s. Now: %(state)s.") % values

    def get_page_title(self) -> str:
        return _("Register a signature on paper")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        return {**context, **self.content, "step": self.transition, "seat": self.seat}
