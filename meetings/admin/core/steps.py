"""One view for every step of every machine: the form is built from the transition's inputs.

- `StepView` at `step/<pk>/<action>/`: GET shows the form, or asks for confirmation; POST performs the step.
- `StepForm` is built from `Transition.inputs`; a new kind of input is a row of `FIELDS`. A person who may sign for
  somebody else chooses in whose name to sign.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput

from meetings.admin.core.access_log import note_refusal
from meetings.admin.core.file_field import FilesField
from meetings.admin.core.log_entries import latest_change_message, log_entries
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.admin.core.record_state import DueStep, due_steps
from meetings.admin.core.signed_content import signed_content
from meetings.machines import machine_of
from meetings.machines.base import Input, Transition
from meetings.models.record_types import MachineRecord
from meetings.operations.steps import perform
from meetings.refusal import Refused, Stale
from meetings.rules.approval import Signature
from meetings.rules.seats import seat_names
from meetings.types import StrOrPromise

R = TypeVar("R", bound=MachineRecord)


def _choice(**kwargs: Any) -> forms.Field:
    """Return a choice of one: from the rows of a queryset, or from pairs of value and label."""
    options = kwargs.pop("options")
    if isinstance(options, QuerySet):
        return forms.ModelChoiceField(queryset=options, **kwargs)
    return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **kwargs)


def _several(**kwargs: Any) -> forms.Field:
    """Return a choice of several rows of a queryset."""
    options = kwargs.pop("options")
    return forms.ModelMultipleChoiceField(queryset=options, widget=forms.CheckboxSelectMultiple, **kwargs)


def _plain(field: Callable[..., forms.Field], widget: type[forms.Widget] | None = None) -> Callable[..., forms.Field]:
    """Return a factory of a field without options."""

    def make(**kwargs: object) -> forms.Field:
        kwargs.pop("options")
        return field(**kwargs, **({"widget": widget()} if widget else {}))

    return make


FIELDS: dict[str, Callable[..., forms.Field]] = {
    "text": _plain(forms.CharField),
    "longtext": _plain(forms.CharField, AdminAutoHeightTextInput),
    "date": _plain(forms.DateField, AdminDateInput),
    "files": _plain(FilesField),
    "checkbox": _plain(forms.BooleanField),
    "choice": _choice,
    "departments": _several,
    "tenures": _several,
}


def form_field(source: Input[R], record: R) -> forms.Field:
    """Return the form field for an input of a step."""
    return FIELDS[source.kind](
        label=source.label,
        required=source.required and source.kind != "checkbox",
        help_text=source.help,
        initial=source.initial(record) if source.initial else None,
        options=source.options(record) if source.options else None,
    )


class StepForm(OperationForm):
    """The form of a step, with one field per input, and the capacity in which a deputy signs."""

    record: MachineRecord

    def build(self) -> None:
        for source in self.transition.inputs_for(self.record):
            self.fields[source.name] = form_field(source, self.record)
        fillings = machine_of(self.record).step(self.person, self.record, self.transition).fillings
        self.capacities = {
            str(filling.delegation.pk if filling.delegation else 0): filling for filling in reversed(fillings)
        }
        if self.transition.panel and any(filling.delegation for filling in fillings):
            self.ask_capacity()

    def ask_capacity(self) -> None:
        """Add a choice of capacity: sign in one's own name, or for somebody who delegated the signature (委托审签)."""
        choices = [(key, str(filling)) for key, filling in sorted(self.capacities.items())]
        field = forms.ChoiceField(label=_("You sign as"), choices=choices, widget=forms.RadioSelect)
        field.initial = choices[0][0] if len(choices) == 1 else None
        self.fields = {"capacity": field, **self.fields}

    def values(self) -> dict[str, Any]:
        values = super().values()
        if capacity := values.pop("capacity", None):
            values["signature"] = Signature(delegation=self.capacities[capacity].delegation)
        return values

    def __init__(self, *args: object, transition: Transition[Any], **kwargs: Any) -> None:
        self.transition = transition
        super().__init__(*args, **kwargs)


class TransitionView(OperationView[R]):
    """The base of pages about one transition of the record's machine, named by `action` in the URL."""

    @cached_property
    def transition(self) -> Transition[Any]:
        """The transition; 404 for an unknown action."""
        try:
            return machine_of(self.object).get(self.kwargs["action"])
        except Refused as unknown:
            raise Http404 from unknown

    def check(self) -> None:
        """Raise `Refused` with the reasons if the step cannot be performed now."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the form; if the step is not possible now, redirect to the record with the reasons."""
        try:
            self.check()
        except Refused as refused:
            note_refusal(request, refused, self.object)
            for reason in refused.reasons:
                messages.warning(request, reason)
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)


class StepView(TransitionView[R]):
    """The page that performs a step. The operation checks the permission, under its lock."""

    form_class = StepForm
    template_name = "meetings/step.html"
    route = "step/<int:pk>/<slug:action>/"
    url_name = "step"

    def check(self) -> None:
        machine_of(self.object).check(self.person, self.object, self.transition.action)

    def get_form_kwargs(self) -> dict[str, object]:
        return {**super().get_form_kwargs(), "transition": self.transition}

    def perform(self, form: OperationForm) -> None:
        version, self.state_before = form.cleaned_data["version"], self.object.state
        perform(self.object, self.transition.action, by=self.person, version=version, **form.values())

    def stale(self, form: OperationForm, refused: Stale) -> HttpResponse:
        """On a second click, report that the step is done; otherwise report the concurrent change."""
        entry = log_entries(self.object).first()
        if entry and entry.action.endswith(f".{self.transition.action}") and entry.user_id == self.request.user.pk:
            message = _("“%(step)s” was already done by your first click; it was not done twice.")
            messages.warning(self.request, message % {"step": self.transition.label})
            return HttpResponseRedirect(self.get_success_url())
        if not form.has_inputs() and not form.has_typed():
            messages.warning(self.request, latest_change_message(self.object, typed=False))
            return HttpResponseRedirect(self.get_success_url())
        return super().stale(form, refused)

    def done_message(self) -> str:
        """Name the step and the new state; if the state is unchanged, who else must sign the panel."""
        values = {"step": self.transition.label, "state": self.object.get_state_display()}
        if self.object.state != self.state_before:
            return _("Done: %(step)s. Now: %(state)s.") % values
        still = machine_of(self.object).step(self.person, self.object, self.transition).waiting_for
        if not self.transition.panel or not still:
            return _("Done: %(step)s.") % values
        return _("Done: %(step)s. It still waits for %(who)s.") % {**values, "who": seat_names(still, together=True)}

    def get_page_title(self) -> str:
        return str(self.transition.label)

    def get_initial(self) -> dict[str, object]:
        """Take initial values from the query string, e.g. the report that a step is about."""
        return {
            source.name: self.request.GET[source.name]
            for source in self.transition.inputs
            if source.name in self.request.GET
        }

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs) | {"warned": self.transition.warnings(self.object)}
        panel = self.transition.panel
        if not panel:
            return context
        return {**context, **signed_content(self.object, panel), "steps_back": self.ready_steps_back()}

    def ready_steps_back(self) -> list[DueStep]:
        """Return the steps back that this person may perform now: a signer can return the record from this page.

        Steps without inputs are left out: they would need a form of their own for the POST.
        """
        steps = due_steps(self.person, self.object, f"{self.object._meta.model_name}:step")
        return [step for step in steps if step.back and step.ready and not step.direct]

    def get_note(self) -> StrOrPromise:
        return self.transition.note
