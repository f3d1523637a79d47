"""Views of the operations on the publicity of a record, opened from the page of the record.

- `DraftOutcomeView` (meeting): draft the outcome page and open its editor.
- `StageView`, `WithdrawView`, `LiftView` (resolution): release a stage, withdraw, put up for release again.
- `RenewView` (resolution): put the wording of a correction up for release.
- `ProposalView` (resolution): answer a proposed stage as the lead department.
- `DropProposalView` (resolution): take a proposed stage back.
"""

from typing import TypeVar

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.forms import offer_values
from meetings.admin.core.guard import Guard
from meetings.admin.core.operation import ClerkOperationView, OperationForm
from meetings.models import JointConference, Meeting, Resolution
from meetings.models.record_types import MachineRecord
from meetings.refusal import Refused
from publicity.admin.shown_form import ActsOnWhatItShowed
from publicity.enums import ProposalState, Stage
from publicity.models import Release, StageProposal
from publicity.operations.outcomes import draft_outcome, lift_withdrawal, renew_wording
from publicity.operations.proposals import answer_proposal, drop_proposal, submit_stage
from publicity.operations.releases import withdraw
from publicity.queries.proposals import pending_proposal
from publicity.rules import DIGITS_IN_A_ROW, MAX_PLAIN_EXPLANATION, is_lead_liaison, stages_for

C = TypeVar("C", bound=MachineRecord)


def _editor(page_pk: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page_pk])


class RecordView(Guard, ActsOnWhatItShowed, ClerkOperationView[C]):
    """Base of an operation on a record by its office; 404 for people who may not see the record."""


class MeetingView(RecordView[Meeting]):
    """An operation on a meeting."""

    guarded_model = model = Meeting  # type: ignore[assignment]  # Wagtail's mixin starts from None
    index_url_name = "meeting:index"
    inspect_url_name = "meeting:inspect"


class ResolutionView(RecordView[Resolution]):
    """An operation on a resolution."""

    guarded_model = model = Resolution  # type: ignore[assignment]  # Wagtail's mixin starts from None
    index_url_name = "resolution:index"
    inspect_url_name = "resolution:inspect"
    anchor = "publicity"

    @property
    def conference(self) -> JointConference:
        """The conference whose office acts."""
        return self.object.minutes.meeting.conference


class DraftOutcomeView(MeetingView):
    """Draft the outcome page from the record."""

    button = _("Draft the outcome page")
    done = _("The outcome page has been drafted. Read it through, then send it for review.")

    def perform(self, form: OperationForm) -> None:
        self.page_pk = draft_outcome(self.object, by=self.person).pk

    def get_success_url(self) -> str:
        """Return the editor of the drafted page."""
        page_pk = getattr(self, "page_pk", None)
        return _editor(page_pk) if page_pk else super().get_success_url()


class StageForm(OperationForm):
    """The stage and its explanation, as the public reads them."""

    record: Resolution
    stage = forms.ChoiceField(label=_("Stage"), widget=forms.RadioSelect)
    explanation = forms.CharField(
        label=_("Explanation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=format_lazy(
            "{} {}",
            _("What has been done, or why it is late and what happens next. The public reads it."),
            _(
                "A reviewer reads it first if it has more than %(most)s characters, an address, or %(digits)s digits "
                "in a row."
            )
            % {"most": MAX_PLAIN_EXPLANATION, "digits": DIGITS_IN_A_ROW},
        ),
    )
    keep_reason = forms.CharField(
        label=_("Why personal data stays"),
        required=False,
        max_length=300,
        help_text=_("Only where the explanation has to hold such a number. Your name stands beside the reason."),
    )

    def build(self) -> None:
        """Offer the stages that match the record; begin with the text that a reviewer has not approved, if any."""
        stages, proposal = stages_for(self.record), pending_proposal(self.record)
        offer_values(self, "stage", [(stage.value, stage.label) for stage in stages])
        if stages:
            self.fields["stage"].initial = stages[0].value
        if proposal is not None:
            self.fields["explanation"].initial = proposal.explanation
            if proposal.stage in stages:
                self.fields["stage"].initial = proposal.stage


class StageView(ResolutionView):
    """Release a stage, or propose it where a reviewer or the lead department reads it first."""

    form_class = StageForm
    template_name = "publicity/admin/stage.html"

    @property
    def asks_lead(self) -> bool:
        """True where the lead department confirms each stage."""
        return self.conference.lead_confirms_release

    def get_page_title(self) -> str:
        return str(_("Ask the lead department to confirm") if self.asks_lead else _("Release the stage"))

    def done_message(self) -> str:
        """Say whether the public reads it now, or who reads it before."""
        proposal = pending_proposal(self.object)
        if proposal is None:
            return str(_("The stage has been released; the public sees it now."))
        if proposal.state == ProposalState.WAITING:
            return str(_("The lead department has been asked. The stage is released once it confirms."))
        if self.asks_lead:
            return str(_("A reviewer reads the explanation first, then the lead department is asked."))
        return str(_("A reviewer reads the explanation first. The stage is released once it is approved."))

    def perform(self, form: OperationForm) -> None:
        values = form.values()
        submit_stage(
            self.object,
            stage=Stage(values["stage"]),
            explanation=values["explanation"],
            keep_reason=values["keep_reason"],
            by=self.person,
            version=form.cleaned_data["version"],
        )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add what the public reads now, and the proposal that this one takes the place of."""
        context = super().get_context_data(**kwargs)
        proposal = pending_proposal(self.object)
        return {**context, "release": Release.objects.latest_of(self.object), "proposal": proposal}


class WithdrawForm(OperationForm):
    """The reason for a withdrawal."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the record and is not shown to the public."),
    )


class WithdrawView(ResolutionView):
    """Take a resolution back from the public."""

    form_class = WithdrawForm
    template_name = "publicity/admin/withdraw.html"
    button = _("Take it back")
    done = _("It has been taken back; no public page, list or search shows it any more.")

    def perform(self, form: OperationForm) -> None:
        withdraw(self.object, reason=form.cleaned_data["reason"], by=self.person)


class LiftView(ResolutionView):
    """Put a withdrawn resolution up for release again."""

    template_name = "publicity/admin/lift.html"
    button = _("Put it up for release again")
    done = _("It stands in the draft of the outcome page. Read the draft through, then send it for review.")

    def perform(self, form: OperationForm) -> None:
        self.page_pk = lift_withdrawal(self.object, by=self.person).pk

    def get_success_url(self) -> str:
        """Return the editor of the outcome page."""
        page_pk = getattr(self, "page_pk", None)
        return _editor(page_pk) if page_pk else super().get_success_url()


class RenewView(ResolutionView):
    """Put the corrected wording up for release."""

    template_name = "publicity/admin/renew.html"
    button = _("Put the corrected wording up for release")
    done = _("It stands in the draft of the outcome page. Read the draft through, then send it for review.")

    def perform(self, form: OperationForm) -> None:
        self.page_pk = renew_wording(self.object, by=self.person).pk

    def get_success_url(self) -> str:
        """Return the editor of the outcome page."""
        page_pk = getattr(self, "page_pk", None)
        return _editor(page_pk) if page_pk else super().get_success_url()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add what the public reads now."""
        return {**super().get_context_data(**kwargs), "release": Release.objects.latest_of(self.object)}


class AnswerForm(OperationForm):
    """The answer of the lead department; `proposal` is the one that it has read."""

    record: Resolution
    proposal = forms.IntegerField(widget=forms.HiddenInput)
    confirm = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("Confirm: it may go out like this")), ("no", _("Decline"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you decline: what should be said instead."),
    )

    def build(self) -> None:
        """Remember which proposal is shown."""
        proposal = pending_proposal(self.record)
        self.fields["proposal"].initial = proposal.pk if proposal else None


class ProposalView(ResolutionView):
    """Answer a proposed stage as the lead department."""

    form_class = AnswerForm
    template_name = "publicity/admin/proposal.html"
    button = _("Answer")
    done = _("Your answer has been recorded.")

    def has_permission(self) -> bool:
        """Return True for a liaison of the lead department."""
        return is_lead_liaison(self.person, self.object)

    @cached_property
    def proposal(self) -> StageProposal:
        """The waiting proposal; 404 if there is none."""
        waiting = pending_proposal(self.object)
        if waiting is None or waiting.state != ProposalState.WAITING:
            raise Http404
        return waiting

    def perform(self, form: OperationForm) -> Release | None:
        """Answer the proposal that was shown; the office may have replaced it since."""
        values = form.values()
        shown = get_object_or_404(self.object.stage_proposals, pk=values["proposal"])
        return answer_proposal(shown, confirm=values["confirm"], answer=values["answer"], by=self.person)

    def refused(self, form: OperationForm, refused: Refused) -> HttpResponse:
        """Show the form again; the next answer is about the proposal that stands above it now."""
        form.data = form.data.copy()  # type: ignore[attr-defined]  # a mutable copy of the posted data
        form.data["proposal"] = str(self.proposal.pk)  # type: ignore[index]  # as above
        return super().refused(form, refused)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the proposal and what the public reads now."""
        context = super().get_context_data(**kwargs)
        return {**context, "proposal": self.proposal, "release": Release.objects.latest_of(self.object)}


class DropProposalView(ResolutionView):
    """Take a proposed stage back that the public does not read yet."""

    template_name = "publicity/admin/drop_proposal.html"
    button = _("Take the proposed stage back")
    done = _("The proposed stage has been taken back. The public reads what it read before.")

    @cached_property
    def proposal(self) -> StageProposal:
        """The pending proposal; 404 if there is none."""
        pending = pending_proposal(self.object)
        if pending is None:
            raise Http404
        return pending

    def perform(self, form: OperationForm) -> None:
        drop_proposal(self.proposal, by=self.person)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the proposal."""
        return {**super().get_context_data(**kwargs), "proposal": self.proposal}
