"""Opinions of departments on a topic (`Y 2(2)`): given by a liaison, overridden by a clerk with a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.operation import ClerkOperationView, OperationForm, OperationView
from meetings.enums import Verdict
from meetings.models import Topic
from meetings.operations.topic import give_opinion, override_objection
from meetings.rules.seats import is_liaison_of


class OpinionForm(OperationForm):
    """The form of a department's opinion."""

    verdict = forms.ChoiceField(
        label=_("Opinion"),
        choices=[choice for choice in Verdict.choices if choice[0] != Verdict.PENDING],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What should change, or why"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class OpinionView(OperationView[Topic]):
    """The view in which the liaison of an asked department gives its opinion."""

    form_class = OpinionForm
    route = "opinion/<int:pk>/<int:part>/"
    url_name = "opinion"
    part = "opinions"
    button = _("Give the department's opinion")
    done = _("The opinion has been recorded.")
    anchor = "opinions"

    def has_permission(self) -> bool:
        """Return True for a liaison of the department that was asked."""
        return is_liaison_of(self.person, self.object.conference_id, self.part_object.department_id)

    def initial_values(self) -> dict[str, object]:
        opinion = self.part_object
        return {"verdict": opinion.verdict, "text": opinion.text}

    def perform(self, form: OperationForm) -> None:
        values = form.values()
        give_opinion(self.part_object, by=self.person, verdict=values["verdict"], text=values["text"])


class OverrideForm(OperationForm):
    """The form for the reason of an override."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays visible beside the objection."),
    )


class OverrideView(ClerkOperationView[Topic]):
    """The view in which a clerk overrides an open objection."""

    form_class = OverrideForm
    route = "override/<int:pk>/<int:part>/"
    url_name = "override"
    part = "opinions"
    button = _("Override the objection")
    done = _("The objection has been overridden; the reason stands beside it.")
    anchor = "opinions"

    def perform(self, form: OperationForm) -> None:
        override_objection(self.part_object, by=self.person, reason=form.cleaned_data["reason"])


OPINION_OPERATIONS = (OpinionView, OverrideView)
