"""One view for every step of every machine: a form made from the transition's inputs, performed by its verb.

Key concepts
- `StepView` at `step/<pk>/<action>/`: GET asks what the step needs, or to confirm it; POST performs it.
- `StepForm`: made from `Transition.inputs`; a new input kind is a row of `FIELDS`. Whoever may sign for somebody else
  is asked in whose name.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput

from meetings.admin.core.access_log import note_refusal
from meetings.admin.core.file_field import FilesField
from meetings.admin.core.log_entries import entries, latest_change
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.admin.core.record_state import Due, due_steps
from meetings.admin.core.signed_content import signed_content
from meetings.machines import machine_of
from meetings.machines.base import Input, Transition
from meetings.operations import base
from meetings.refusal import Refused, Stale
from meetings.rules.approval import Signature
from meetings.rules.seats import seat_names


def _choice(**kwargs: Any) -> forms.Field:
    """One of several: rows of a queryset, or pairs of value and label."""
    options = kwargs.pop("options")
    if isinstance(options, QuerySet):
        return forms.ModelChoiceField(queryset=options, **kwargs)
    return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **kwargs)


def _several(**kwargs: Any) -> forms.Field:
    """Any of several rows."""
    options = kwargs.pop("options")
    return forms.ModelMultipleChoiceField(queryset=options, widget=forms.CheckboxSelectMultiple, **kwargs)


def _plain(field: Callable[..., forms.Field], widget: Any = None) -> Callable[..., forms.Field]:
    """A field without options."""

    def make(**kwargs: Any) -> forms.Field:
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


def field_of(asked: Input, record: Any) -> forms.Field:
    """The form field for an input of a step."""
    return FIELDS[asked.kind](
        label=asked.label,
        required=asked.required and asked.kind != "checkbox",
        help_text=asked.help,
        initial=asked.initial(record) if asked.initial else None,
        options=asked.options(record) if asked.options else None,
    )


class StepForm(OperationForm):
    """What a step asks for."""

    def build(self) -> None:
        """One field per input."""
        for asked in self.transition.inputs_for(self.record):
            self.fields[asked.name] = field_of(asked, self.record)
        ways = machine_of(self.record).step(self.person, self.record, self.transition).fillings
        self.capacities = {str(way.delegation.pk if way.delegation else 0): way for way in reversed(ways)}
        if self.transition.panel and any(way.delegation for way in ways):
            self.ask_capacity()

    def ask_capacity(self) -> None:
        """In whose name it is signed: the own, or that of somebody who delegated the signature (委托审签)."""
        choices = [(key, str(way)) for key, way in sorted(self.capacities.items())]
        field = forms.ChoiceField(label=_("You sign as"), choices=choices, widget=forms.RadioSelect)
        field.initial = choices[0][0] if len(choices) == 1 else None
        self.fields = {"capacity": field, **self.fields}

    def values(self) -> dict[str, Any]:
        """What was typed; the capacity as a signature."""
        typed = super().values()
        if capacity := typed.pop("capacity", None):
            typed["signature"] = Signature(delegation=self.capacities[capacity].delegation)
        return typed

    def __init__(self, *args: Any, transition: Transition, **kwargs: Any) -> None:
        self.transition = transition
        super().__init__(*args, **kwargs)


class TransitionView(OperationView):
    """A page about a row of the record's machine, which the address names."""

    @cached_property
    def transition(self) -> Transition:
        """The row of the table; an unknown action is no page."""
        try:
            return machine_of(self.object).get(self.kwargs["action"])
        except Refused as unknown:
            raise Http404 from unknown

    def check(self) -> None:
        """Ask whether it can be done now; `Refused` says why not."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or the reason why the step cannot be done now."""
        try:
            self.check()
        except Refused as refused:
            note_refusal(request, refused, self.object)
            for reason in refused.reasons:
                messages.warning(request, reason)
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)


class StepView(TransitionView):
    """A step of the record's machine. Who may do it is decided by the operation, under its lock."""

    form_class = StepForm
    template_name = "meetings/step.html"
    route = "step/<int:pk>/<slug:action>/"
    url_name = "step"

    def check(self) -> None:
        """As the machine decides."""
        machine_of(self.object).check(self.person, self.object, self.transition.action)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form its transition."""
        return {**super().get_form_kwargs(), "transition": self.transition}

    def perform(self, form: Any) -> None:
        """Do the step by its verb."""
        version, self.state_before = form.cleaned_data["version"], self.object.state
        base.perform(self.object, self.transition.action, by=self.person, version=version, **form.values())

    def stale(self, form: Any, refused: Stale) -> HttpResponse:
        """A second click is told that it is done; anybody else, who did what meanwhile."""
        entry = entries(self.object).first()
        if entry and entry.action.endswith(f".{self.transition.action}") and entry.user_id == self.request.user.pk:
            done = _("“%(step)s” was already done by your first click; it was not done twice.")
            messages.warning(self.request, done % {"step": self.transition.label})
            return HttpResponseRedirect(self.get_success_url())
        if not form.typed():
            messages.warning(self.request, latest_change(self.object))
            return HttpResponseRedirect(self.get_success_url())
        return super().stale(form, refused)

    def done_message(self) -> str:
        """What was done, and where the record stands now; where it stands as before, for whom it still waits."""
        done = {"step": self.transition.label, "state": self.object.get_state_display()}
        if self.object.state != self.state_before:
            return _("Done: %(step)s. Now: %(state)s.") % done
        still = machine_of(self.object).step(self.person, self.object, self.transition).waiting_for
        if not self.transition.panel or not still:
            return _("Done: %(step)s.") % done
        return _("Done: %(step)s. It still waits for %(who)s.") % {**done, "who": seat_names(still, together=True)}

    def get_page_title(self) -> str:
        """The verb."""
        return str(self.transition.label)

    def get_initial(self) -> dict[str, Any]:
        """What the address names already, for example the report that a step is about."""
        return {
            asked.name: self.request.GET[asked.name]
            for asked in self.transition.inputs
            if asked.name in self.request.GET
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is worth knowing before; a signature shows what it covers."""
        context = super().get_context_data(**kwargs) | {"warned": self.transition.warnings(self.object)}
        panel = self.transition.panel
        return context | signed_content(self.object, panel) | {"instead": self.instead()} if panel else context

    def instead(self) -> list[Due]:
        """The steps back: whoever reads what waits for the signature may return it from the same page."""
        steps = due_steps(self.person, self.object, f"{self.object._meta.model_name}:step")
        return [step for step in steps if step.back and step.ready and not step.direct]

    @property
    def note(self) -> Any:
        """What the step means."""
        return self.transition.note
