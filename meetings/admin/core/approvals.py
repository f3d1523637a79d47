"""Signatures on paper (线下审签登记): a page per open seat of a panel, for the clerks of the conference.

Key concepts
- `PaperView` at `paper/<pk>/<action>/<seat>/`: who signed, on which day, with which opinion, and the scan. Which steps
  and seats have one follows from the tables of the machines.
"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from meetings import clock
from meetings.admin.core.log_entries import entries
from meetings.admin.core.operation import OperationForm
from meetings.admin.core.signed_content import signed_content
from meetings.admin.core.steps import TransitionView
from meetings.machines import machine_of
from meetings.machines.base import valid_approvals
from meetings.operations.approval import register_paper
from meetings.operations.base import MAX_OPINION_LENGTH
from meetings.queries.approval import known_since
from meetings.refusal import Missing, Refused, Stale
from meetings.rules.approval import SignerChoice, possible_signers
from meetings.rules.attachment import SCAN_TYPES, check_file, extension_list, max_file_size
from meetings.rules.seats import Seat, either_clerk, seat_of

LOOK_BACK = timedelta(days=365)  # whose signatures are offered where nobody knows since when the content stands


class PaperForm(OperationForm):
    """What stands on the paper."""

    signer: Any = forms.ChoiceField(label=gettext_lazy("Signed by"), widget=forms.RadioSelect)
    on: Any = forms.DateField(label=gettext_lazy("Date of the signature"), widget=AdminDateInput)
    opinion: Any = forms.CharField(
        label=gettext_lazy("Opinion"),
        required=False,
        max_length=MAX_OPINION_LENGTH,
        help_text=gettext_lazy("As it is written on the paper."),
    )
    scan: Any = forms.FileField(label=gettext_lazy("Scan of the signed paper"))

    def __init__(self, *args: Any, ways: dict[str, SignerChoice], since: str, **kwargs: Any) -> None:
        self.ways, self.since = ways, since
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        """Offer who may have signed, and say what is accepted."""
        self.fields["signer"].choices = [(key, str(way)) for key, way in self.ways.items()]  # type: ignore[attr-defined]
        self.fields["on"].initial = clock.today()
        self.fields["on"].help_text = self.since
        told = _("%(kinds)s; at most %(most)s MB.") % {
            "kinds": extension_list(SCAN_TYPES),
            "most": max_file_size() // 1024**2,
        }
        self.fields["scan"].help_text = told

    def clean_scan(self) -> Any:
        """A picture or a PDF; what is wrong is said at the field."""
        scan = self.cleaned_data["scan"]
        found = check_file(scan.name, scan.file, scan.size, SCAN_TYPES)
        if isinstance(found, Missing):
            raise forms.ValidationError(str(found), code=found.code)
        return scan


class PaperView(TransitionView):
    """Register a signature on paper for an open seat of a panel."""

    form_class = PaperForm
    template_name = "meetings/paper.html"
    route = "paper/<int:pk>/<slug:action>/<slug:seat>/"
    url_name = "paper"
    anchor = "approvals"

    @cached_property
    def seat(self) -> Seat:
        """The seat of the address; no page where the step has none of that name, or is not signed on paper."""
        row = self.transition
        if row.panel and row.on_paper:
            for seat in row.who(self.object):
                if seat.key == self.kwargs["seat"]:
                    return seat
        raise Http404

    def may(self) -> bool:
        """True for the clerks of the conference."""
        return bool(self.seat) and seat_of(self.person, self.object, either_clerk(self.object)) is not None

    def check(self) -> None:
        """As the machine decides, for a signature on paper."""
        machine_of(self.object).check_paper(self.person, self.object, self.transition.action, self.seat.key)
        if not self.ways:
            raise Refused(_("Nobody but you can have signed in this seat. Sign at the screen."), code="no_other_signer")

    @cached_property
    def content(self) -> dict[str, Any]:
        """What the paper must contain."""
        if self.transition.panel is None:
            raise Http404
        return signed_content(self.object, self.transition.panel)

    @cached_property
    def since(self) -> date | None:
        """Since when the content is as it is now, if that is known."""
        if self.transition.panel is None:
            raise Http404
        return known_since(self.object, self.transition.panel, self.content["signed"]["hash"])

    @cached_property
    def ways(self) -> dict[str, SignerChoice]:
        """Who may have signed, by key; not whoever registers it."""
        found = possible_signers(self.object, self.seat, self.since or clock.today() - LOOK_BACK)
        return {
            f"{'d' if way.delegation else 't'}{(way.delegation or way.tenure).pk}": way
            for way in found
            if way.signer != self.person.pk
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the people who may have signed, and say from which day on."""
        told = _("The day that stands on the paper.")
        if self.since:
            words = _("The day that stands on the paper; the content is as it is now since %(day)s.")
            told = words % {"day": date_format(self.since)}
        return {**super().get_form_kwargs(), "ways": self.ways, "since": told}

    def perform(self, form: Any) -> None:
        """Register it."""
        typed = form.values()
        way: SignerChoice = form.ways[typed.pop("signer")]
        self.signed_by = str(way)
        register_paper(
            self.object,
            self.transition.action,
            by=self.person,
            version=form.cleaned_data["version"],
            seat=self.seat.key,
            tenure=way.tenure,
            delegation=way.delegation,
            **typed,
        )

    def stale(self, form: Any, refused: Stale) -> HttpResponse:
        """A second click is told that it is done; anybody else, who did what meanwhile."""
        entry = entries(self.object).first()
        if entry and entry.user_id == self.person.pk and entry.data.get("seat") == self.seat.key:
            messages.warning(self.request, _("The signature was already registered by your first click."))
            return HttpResponseRedirect(self.get_success_url())
        return super().stale(form, refused)

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        """A seat that is filled by now is told of on the page of the record: nothing is left to be typed."""
        if self.transition.panel is None:
            raise Http404
        given = valid_approvals(self.object, self.transition.panel).filter(seat=self.seat.key).first()
        if given is None:
            return super().refused(form, refused)
        own = given.entered_by_id == self.person.pk
        words = _("The signature was already registered by your first click.") if own else refused.reasons[0]
        messages.warning(self.request, words)
        return HttpResponseRedirect(self.get_success_url())

    def done_message(self) -> str:
        """Whose signature stands now, and where the record stands."""
        told = {"who": self.signed_by, "state": self.object.get_state_display()}
        return _("Registered on paper: %(who)s. Now: %(state)s.") % told

    def get_page_title(self) -> str:
        """The verb."""
        return _("Register a signature on paper")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The step and the seat, and what the paper must contain."""
        context = super().get_context_data(**kwargs)
        return context | self.content | {"step": self.transition, "seat": self.seat}
