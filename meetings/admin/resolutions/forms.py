"""The form of a resolution: added and changed inside its minutes; subject and tags also later.

Key concepts
- `ResolutionForm`: the lead department, those that co-operate with their tasks; the deadline as written, whose meaning
  is read from the words unless the clerk chooses it; what is carried over (结转).
- `AddResolutionView` on the minutes; `EditResolutionView`, `RemoveResolutionView` on the resolution.
"""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from taggit.utils import parse_tags
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput

from meetings.admin.core.choices import clerk_in
from meetings.admin.core.deadlines import as_left_open, meaning_told, read_deadline
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.admin.resolutions.parts_field import PartsField
from meetings.enums import AgendaKind, DeadlineKind, Disclosure, Facet, MinutesState, PartRole
from meetings.models import AgendaItem, Department, Minutes, Resolution
from meetings.operations.parts import Part
from meetings.operations.resolution import add_resolution, edit_resolution, remove_resolution
from meetings.queries.carry_over import continuable
from meetings.queries.conference import conference_of
from meetings.queries.people import departments

LATER = ("facet", "tags")
SHARED = ("title", "text", "amount", "facet", "disclosure", "disclosure_reason")


class EarlierField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """Unfinished resolutions, each with its meeting."""

    def label_from_instance(self, obj: Any) -> str:
        """Meeting and title."""
        return f"{obj.minutes.meeting.title}　{obj.title}"


class ResolutionForm(OperationForm):
    """What was settled: what, who, by when, how much, how open."""

    continues = EarlierField(
        label=_("Carries over"),
        queryset=Resolution.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("The unfinished one ends with the issue of these minutes; both name each other."),
    )
    agenda_item = forms.ModelChoiceField(
        label=_("Agenda item"), queryset=AgendaItem.objects.none(), required=False, empty_label=_("None")
    )
    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("One line that names the matter."))
    text = forms.CharField(
        label=_("What was settled"), widget=AdminAutoHeightTextInput, help_text=_("As it stands in the minutes.")
    )
    lead = forms.ModelChoiceField(label=_("Lead department"), queryset=Department.objects.none())
    co = PartsField(label=_("Co-operating departments"))
    deadline_text = forms.CharField(
        label=_("Deadline as written"),
        max_length=60,
        required=False,
        help_text=format_lazy("{} {}", _("For example:"), "2026年底前、会后1个月内、长期坚持、下次会议前"),
    )
    deadline_kind = forms.ChoiceField(
        label=_("Kind of deadline"),
        choices=[("", _("As the words say")), *DeadlineKind.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    deadline = forms.DateField(
        label=_("Deadline as a day"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Empty: as the words say. From the day after it counts as overdue."),
    )
    amount = forms.DecimalField(label=_("Amount in yuan"), max_digits=14, decimal_places=2, min_value=0, required=False)
    facet = forms.ChoiceField(label=_("Subject"), choices=Facet.choices)
    tags = forms.CharField(label=_("Tags"), required=False, max_length=200, help_text=_("Separated by commas."))
    disclosure = forms.ChoiceField(label=_("Disclosure"), choices=Disclosure.choices, widget=forms.RadioSelect)
    disclosure_reason = forms.CharField(
        label=_("Reason of the disclosure"),
        max_length=200,
        required=False,
        help_text=_("Required where it is not disclosed."),
    )

    def build(self) -> None:
        """Departments and agenda of the own conference; of an issued resolution only what may still change."""
        row = self.record if isinstance(self.record, Resolution) else None
        minutes = self.minutes = row.minutes if row else self.record
        if minutes.state == MinutesState.ISSUED:
            for name in [name for name in self.fields if name not in (*LATER, "version")]:
                del self.fields[name]
            return
        members = departments(conference_of(minutes))
        fields: Any = self.fields
        fields["lead"].queryset = members
        fields["co"].offer(members)
        fields["agenda_item"].queryset = minutes.meeting.agenda.order_by("order")
        fields["continues"].queryset = earlier = continuable(minutes, row)
        if (row and row.amends_id) or not earlier.exists():
            del fields["continues"]
        if row:
            fields["deadline_kind"].help_text = meaning_told(row)

    def clean_tags(self) -> list[str]:
        """The tags; a Chinese comma parts them too."""
        return list(parse_tags(self.cleaned_data["tags"].replace("，", ",").replace("、", ",")))

    def clean(self) -> dict[str, Any]:
        """Deadline, departments and disclosure fit together; each mistake is told at its field."""
        data: dict[str, Any] = super().clean() or {}
        if "deadline_kind" in self.fields:
            read_deadline(self, data, self.minutes.meeting.day)
        if data.get("lead") and data.get("lead") in [department for department, _task in data.get("co") or []]:
            self.add_error("co", _("The lead department does not co-operate with itself. Take it out here."))
        if data.get("disclosure") == Disclosure.CLOSED and not data.get("disclosure_reason", "").strip():
            self.add_error("disclosure_reason", _("Give the reason why it is not disclosed."))
        return data

    def values(self) -> dict[str, Any]:
        """The arguments of the operation, the departments as parts."""
        values = super().values()
        if "lead" in values:
            lead, co = values.pop("lead"), values.pop("co")
            values["parts"] = [Part(lead, PartRole.LEAD), *(Part(row, PartRole.CO, task) for row, task in co)]
        return values


def shared(row: Resolution) -> dict[str, Any]:
    """What a form shows of a resolution, its deadline and its place in the minutes apart."""
    parts = list(row.parts.all())
    return {
        **{name: getattr(row, name) for name in SHARED},
        "tags": "，".join(row.tags.names()),
        "lead": next((part.department_id for part in parts if part.role == PartRole.LEAD), None),
        "co": {str(part.department_id): part.task for part in parts if part.role == PartRole.CO},
    }


def words_of(earlier: Resolution, minutes: Minutes) -> dict[str, Any]:
    """The form of a resolution that carries an unfinished one over: its words and departments, not its deadline."""
    told = minutes.meeting.agenda.filter(kind=AgendaKind.FOLLOW_UP).first()
    return {**shared(earlier), "continues": earlier.pk, "agenda_item": told.pk if told else None}


class ResolutionOperation(OperationView):
    """An operation of the clerks."""

    form_class: type[forms.Form] = ResolutionForm

    saved: Resolution | None = None

    def may(self) -> bool:
        """Clerks of the conference."""
        return conference_of(self.object).pk in clerk_in(self.person)

    def done_message(self) -> str:
        """What was done, and what the deadline was taken to mean."""
        drafted = self.saved is not None and self.saved.minutes.state != MinutesState.ISSUED
        told = meaning_told(self.saved) if self.saved and drafted else ""
        return f"{self.done}{told}"


class AddResolutionView(ResolutionOperation):
    """Add a resolution to draft minutes."""

    route = "add-resolution/<int:pk>/"
    url_name = "add_resolution"
    button = _("Add a resolution")
    done = _("The resolution has been added to the minutes.")
    anchor = "resolutions"

    def initial_values(self) -> dict[str, Any]:
        """On request, until somebody decides; of what is carried over, what it says."""
        asked = self.request.GET.get("continues", "")
        earlier = continuable(self.object).filter(pk=int(asked)).first() if asked.isdecimal() else None
        return (
            words_of(earlier, self.object) if earlier else {"disclosure": Disclosure.ON_REQUEST, "facet": Facet.OTHER}
        )

    def perform(self, form: Any) -> None:
        """Add it at the end."""
        self.saved = add_resolution(self.object, by=self.person, **form.values())


class EditResolutionView(ResolutionOperation):
    """Change a drafted resolution, or subject and tags of a settled one."""

    route = "edit/<int:pk>/"
    url_name = "edit"
    button = _("Change the resolution")
    done = _("The resolution has been saved.")

    def initial_values(self) -> dict[str, Any]:
        """As it stands."""
        row: Resolution = self.object
        open_ = as_left_open(row)
        return {
            **shared(row),
            "continues": row.continues_id,
            "agenda_item": row.agenda_item_id,
            "deadline_text": row.deadline_text,
            "deadline_kind": "" if open_ else row.deadline_kind,
            "deadline": None if open_ else row.deadline,
        }

    def perform(self, form: Any) -> None:
        """Save it."""
        version = form.cleaned_data["version"]
        self.saved = edit_resolution(self.object, by=self.person, version=version, **form.values())


class RemoveResolutionView(ResolutionOperation):
    """Take a resolution out of draft minutes."""

    form_class = OperationForm
    route = "remove/<int:pk>/"
    url_name = "remove"
    button = _("Remove the resolution")
    done = _("The resolution has been taken out of the minutes.")
    note = _("It is taken out with its files; the log keeps that it was there.")

    def perform(self, form: Any) -> None:
        """Remove it; what follows is the page of its minutes."""
        self.minutes_url = reverse("minutes:inspect", args=[self.object.minutes_id])
        remove_resolution(self.object, by=self.person, version=form.cleaned_data["version"])

    def get_success_url(self) -> str:
        """The minutes, once it is gone."""
        return getattr(self, "minutes_url", "") or super().get_success_url()
