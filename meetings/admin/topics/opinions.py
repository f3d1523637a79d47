"""Opinions of departments on a topic (`Y 2(2)`): given by a liaison, overridden by a clerk with a reason."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.operation import ClerkOperationView, OperationForm, OperationView
from meetings.enums import Verdict
from meetings.models import Topic
from meetings.operations.topic import give_opinion, opinion_digest, override_objection
from meetings.refusal import Stale
from meetings.rules.seats import is_liaison_of


class AboutOpinionForm(OperationForm):
    """The base of a form about an opinion; it carries what the opinion said when the page was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def build(self) -> None:
        """Remember what is shown."""
        self.fields["seen"].initial = opinion_digest(self.part)


class ActsOnShownOpinion(OperationView[Topic]):
    """The base of an operation on an opinion."""

    part = "opinions"
    anchor = "opinions"

    def stale(self, form: OperationForm, refused: Stale) -> HttpResponse:
        """The next attempt is about the opinion as it is now."""
        form.data = form.data.copy()  # type: ignore[attr-defined]  # a mutable copy of the posted data
        form.data["seen"] = opinion_digest(self.part_object)  # type: ignore[index]  # as above
        return super().stale(form, refused)


class OpinionForm(AboutOpinionForm):
    """The form of a department's opinion."""

    verdict = forms.ChoiceField(
        label=_("Opinion"),
        choices=[choice for choice in Verdict.choices if choice[0] != Verdict.PENDING],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What should change, or why"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class OpinionView(ActsOnShownOpinion):
    """The view in which the liaison of an asked department gives its opinion."""

    form_class = OpinionForm
    route = "opinion/<int:pk>/<int:part>/"
    url_name = "opinion"
    button = _("Give the department's opinion")
    done = _("The opinion has been recorded.")

    def has_permission(self) -> bool:
        """Return True for a liaison of the department that was asked."""
        return is_liaison_of(self.person, self.object.conference_id, self.part_object.department_id)

    def initial_values(self) -> dict[str, object]:
        opinion = self.part_object
        return {"verdict": opinion.verdict, "text": opinion.text}

    def perform(self, form: OperationForm) -> None:
        values = form.values()
        give_opinion(self.part_object, by=self.person, version=form.cleaned_data["version"], **values)


class OverrideForm(AboutOpinionForm):
    """The form for the reason of an override."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays visible beside the objection."),
    )


class OverrideView(ActsOnShownOpinion, ClerkOperationView[Topic]):
    """The view in which a clerk overrides an open objection."""

    form_class = OverrideForm
    route = "override/<int:pk>/<int:part>/"
    url_name = "override"
    button = _("Override the objection")
    done = _("The objection has been overridden; the reason stands beside it.")

    def perform(self, form: OperationForm) -> None:
        override_objection(self.part_object, by=self.person, version=form.cleaned_data["version"], **form.values())


OPINION_OPERATIONS = (OpinionView, OverrideView)
