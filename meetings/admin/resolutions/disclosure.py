"""Views that tighten or loosen the disclosure of a resolution, with a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.forms import offer_values
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.enums import Disclosure, ResolutionState
from meetings.models import Person, Resolution
from meetings.operations.resolution import loosen_disclosure, tighten_disclosure
from meetings.rules.resolution import stricter
from meetings.rules.seats import is_clerk, minutes_approvers, seat_of


def may_tighten(person: Person, resolution: Resolution) -> bool:
    """Return True for a clerk, unless the resolution is already closed."""
    return resolution.disclosure != Disclosure.CLOSED and is_clerk(person, resolution)


def may_loosen(person: Person, resolution: Resolution) -> bool:
    """Return True for an approver of minutes, if the resolution is settled and its disclosure is not public."""
    settled = resolution.state != ResolutionState.DRAFTED
    open_ = resolution.disclosure == Disclosure.PUBLIC
    return settled and not open_ and seat_of(person, resolution, minutes_approvers(resolution)) is not None


class DisclosureForm(OperationForm):
    """The form for a stricter disclosure and its reason."""

    record: Resolution
    tighter = True
    disclosure = forms.ChoiceField(label=_("Disclosure"), choices=Disclosure.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays with the resolution."),
    )

    def build(self) -> None:
        """Offer only stricter values than the present one, or only more open ones."""
        now = self.record.disclosure
        other = (c for c in Disclosure.choices if (stricter(c[0], now) if self.tighter else stricter(now, c[0])))
        offer_values(self, "disclosure", other)


class LoosenForm(DisclosureForm):
    """The form for a more open disclosure."""

    tighter = False


class TightenView(OperationView[Resolution]):
    """The view in which a clerk tightens the disclosure."""

    form_class = DisclosureForm
    route = "tighten/<int:pk>/"
    url_name = "tighten"
    button = _("Disclose less")
    done = _("The disclosure has been tightened; what was public of it is withdrawn.")

    def has_permission(self) -> bool:
        return may_tighten(self.person, self.object)

    def perform(self, form: OperationForm) -> None:
        tighten_disclosure(self.object, by=self.person, version=form.cleaned_data["version"], **form.values())


class LoosenView(OperationView[Resolution]):
    """The view in which an approver of minutes loosens the disclosure."""

    form_class = LoosenForm
    route = "loosen/<int:pk>/"
    url_name = "loosen"
    button = _("Approve that more is disclosed")
    done = _("The disclosure has been loosened.")

    def has_permission(self) -> bool:
        return may_loosen(self.person, self.object)

    def perform(self, form: OperationForm) -> None:
        loosen_disclosure(self.object, by=self.person, version=form.cleaned_data["version"], **form.values())
