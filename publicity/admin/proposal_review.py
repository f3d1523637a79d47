"""The page on which a reviewer reads the explanation of a stage before the public does.

Reviewers see no records: the page shows what the public reads now, what is proposed, and where it will stand.
"""

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.action import ActionView
from meetings.admin.core.forms import set_error_messages
from meetings.admin.core.permitted import PermittedView
from meetings.models import JointConference, Resolution
from publicity.admin.shown_form import ActsOnWhatItShowed
from publicity.enums import ProposalState
from publicity.models import PersonalDataException, Release, StageProposal
from publicity.operations.proposals import review_proposal
from publicity.queries.releases import unreviewed_explanations
from publicity.rules import is_clerk, is_reviewer, proposal_review_refusal, review_reasons


class ProposalVerdictForm(forms.Form):
    """The answer of the reviewer."""

    approve = forms.TypedChoiceField(
        label=_("Verdict"),
        choices=[("yes", _("Approve: it may go out like this")), ("no", _("Return to the office"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(
        label=_("Opinion"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return it: what has to be changed."),
    )


class ProposalReviewView(ActsOnWhatItShowed, PermittedView, ActionView[forms.Form]):
    """Approve or return the explanation of a stage, for reviewers of the conference; its clerks may look."""

    form_class = ProposalVerdictForm
    template_name = "publicity/admin/proposal_review.html"
    header_icon = "doc-full-inverse"
    button = _("Give the verdict")

    @cached_property
    def proposal(self) -> StageProposal:
        """The proposal; 404 for everybody but the reviewers and clerks of its conference."""
        rows = StageProposal.objects.select_related("resolution__minutes__meeting__conference", "by", "reviewed_by")
        found: StageProposal | None = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None or not any(holds(self.person, self.conference_of(found)) for holds in (is_reviewer, is_clerk)):
            raise Http404
        return found

    @staticmethod
    def conference_of(proposal: StageProposal) -> JointConference:
        """Return the conference of the resolution."""
        return proposal.resolution.minutes.meeting.conference

    @property
    def subject(self) -> Resolution:
        return self.proposal.resolution

    def has_permission(self) -> bool:
        """Return True for everybody who finds the proposal; the operation decides who may answer."""
        return bool(self.proposal)

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> forms.BaseForm:
        """Use the project's messages for missing fields."""
        form: forms.BaseForm = super().get_form(form_class)
        set_error_messages(form)
        return form

    def perform(self, form: forms.Form) -> None:
        values = form.cleaned_data
        review_proposal(self.proposal, approve=values["approve"], opinion=values["opinion"], by=self.person)

    def done_message(self) -> str:
        """Say what becomes of it now."""
        state = StageProposal.objects.get(pk=self.proposal.pk).state
        messages = {
            ProposalState.CONFIRMED: _("Approved: the public reads it now."),
            ProposalState.WAITING: _("Approved. It goes out once the lead department confirms it."),
        }
        return str(messages.get(ProposalState(state), _("Returned. The office reads your opinion.")))

    def get_success_url(self) -> str:
        return reverse("wagtailadmin_home")

    def get_breadcrumbs_items(self) -> list[dict[str, object]]:
        return [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": "", "label": self.proposal.title}]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add what the public reads now, the proposal, and why this person may not answer it."""
        resolution = self.proposal.resolution
        return {
            **super().get_context_data(**kwargs),
            "proposal": self.proposal,
            "draft": self.proposal,
            "status": self.proposal.get_state_display(),
            "button": self.button,
            "back_url": self.get_success_url(),
            "conference": self.conference_of(self.proposal),
            "release": Release.objects.latest_of(resolution),
            "reasons": review_reasons(self.proposal.explanation, unreviewed_explanations(resolution)),
            "exceptions": PersonalDataException.objects.filter(resolution=resolution).select_related("by"),
            "refusal": proposal_review_refusal(self.proposal, self.person),
        }
