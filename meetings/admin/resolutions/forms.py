"""The form of a resolution: it is added and changed inside its minutes; subject and tags can be changed later.

- `ResolutionForm` asks for the lead department, the co-operating departments with their tasks, the deadline as
  written, and the resolution that is carried over (结转). The meaning of the deadline is parsed from its text, unless
  the clerk chooses it.
- `AddResolutionView` acts on the minutes; `EditResolutionView` and `RemoveResolutionView` act on the resolution.
"""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from taggit.utils import parse_tags
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput

from meetings.admin.core.deadlines import deadline_meaning, is_deadline_inferred, read_deadline
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.admin.resolutions.parts_field import PartsField
from meetings.enums import AgendaKind, DeadlineKind, Disclosure, Facet, MinutesState, PartRole
from meetings.models import AgendaItem, Department, Minutes, Resolution
from meetings.operations.parts import Part
from meetings.operations.resolution import add_resolution, edit_resolution, remove_resolution
from meetings.queries.carry_over import continuable
from meetings.queries.conference import conference_of
from meetings.queries.people import clerk_conference_ids, departments

EDITABLE_AFTER_ISSUE = ("facet", "tags")
COPIED_FIELDS = ("title", "text", "amount", "facet", "disclosure", "disclosure_reason")


class CarryOverField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """A choice of unfinished resolutions, labelled with their meetings."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.minutes.meeting.title}　{obj.title}"


class ResolutionForm(OperationForm):
    """The form of a resolution."""

    continues = CarryOverField(
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
        """Narrow the choices to the conference; once the minutes are issued, keep only the fields that may change."""
        row = self.record if isinstance(self.record, Resolution) else None
        minutes = self.minutes = row.minutes if row else self.record
        if minutes.state == MinutesState.ISSUED:
            for name in [name for name in self.fields if name not in (*EDITABLE_AFTER_ISSUE, "version")]:
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
            fields["deadline_kind"].help_text = deadline_meaning(row)

    def clean_tags(self) -> list[str]:
        """Return the tags; Chinese commas separate them too."""
        return list(parse_tags(self.cleaned_data["tags"].replace("，", ",").replace("、", ",")))

    def clean(self) -> dict[str, Any]:
        """Check deadline, departments and disclosure; each error is shown at its field."""
        data: dict[str, Any] = super().clean() or {}
        if "deadline_kind" in self.fields:
            read_deadline(self, data, self.minutes.meeting.day)
        if data.get("lead") and data.get("lead") in [department for department, _task in data.get("co") or []]:
            self.add_error("co", _("The lead department does not co-operate with itself. Take it out here."))
        if data.get("disclosure") == Disclosure.CLOSED and not data.get("disclosure_reason", "").strip():
            self.add_error("disclosure_reason", _("Give the reason why it is not disclosed."))
        return data

    def values(self) -> dict[str, Any]:
        """Return the arguments of the operation, with the departments as `Part` objects."""
        values = super().values()
        if "lead" in values:
            lead, co = values.pop("lead"), values.pop("co")
            values["parts"] = [Part(lead, PartRole.LEAD), *(Part(row, PartRole.CO, task) for row, task in co)]
        return values


def common_initial(row: Resolution) -> dict[str, Any]:
    """Return the initial values of the form except the deadline and the place in the minutes."""
    parts = list(row.parts.all())
    return {
        **{name: getattr(row, name) for name in COPIED_FIELDS},
        "tags": "，".join(row.tags.names()),
        "lead": next((part.department_id for part in parts if part.role == PartRole.LEAD), None),
        "co": {str(part.department_id): part.task for part in parts if part.role == PartRole.CO},
    }


def carry_over_initial(earlier: Resolution, minutes: Minutes) -> dict[str, Any]:
    """Return the initial values of a resolution that continues `earlier`: all but the deadline."""
    follow_up_item = minutes.meeting.agenda.filter(kind=AgendaKind.FOLLOW_UP).first()
    return {
        **common_initial(earlier),
        "continues": earlier.pk,
        "agenda_item": follow_up_item.pk if follow_up_item else None,
    }


class ResolutionOperation(OperationView):
    """The base of the operations on resolutions, for clerks of the conference."""

    form_class: type[forms.Form] = ResolutionForm

    saved: Resolution | None = None

    def has_permission(self) -> bool:
        return conference_of(self.object).pk in clerk_conference_ids(self.person)

    def done_message(self) -> str:
        """Return what was done and, in draft minutes, how the deadline was understood."""
        drafted = self.saved is not None and self.saved.minutes.state != MinutesState.ISSUED
        meaning = deadline_meaning(self.saved) if self.saved and drafted else ""
        return f"{self.done}{meaning}"


class AddResolutionView(ResolutionOperation):
    """The view that adds a resolution to draft minutes."""

    route = "add-resolution/<int:pk>/"
    url_name = "add_resolution"
    button = _("Add a resolution")
    done = _("The resolution has been added to the minutes.")
    anchor = "resolutions"

    def initial_values(self) -> dict[str, Any]:
        """Return the values of the resolution to carry over, if any, else disclosure on request and subject “other”."""
        carried_pk = self.request.GET.get("continues", "")
        earlier = continuable(self.object).filter(pk=int(carried_pk)).first() if carried_pk.isdecimal() else None
        return (
            carry_over_initial(earlier, self.object)
            if earlier
            else {"disclosure": Disclosure.ON_REQUEST, "facet": Facet.OTHER}
        )

    def perform(self, form: Any) -> None:
        self.saved = add_resolution(self.object, by=self.person, **form.values())


class EditResolutionView(ResolutionOperation):
    """The view that changes a drafted resolution, or subject and tags of a settled one."""

    route = "edit/<int:pk>/"
    url_name = "edit"
    button = _("Change the resolution")
    done = _("The resolution has been saved.")

    def initial_values(self) -> dict[str, Any]:
        """Return the stored values; kind and day of the deadline stay empty if its text alone gives them."""
        row: Resolution = self.object
        open_ = is_deadline_inferred(row)
        return {
            **common_initial(row),
            "continues": row.continues_id,
            "agenda_item": row.agenda_item_id,
            "deadline_text": row.deadline_text,
            "deadline_kind": "" if open_ else row.deadline_kind,
            "deadline": None if open_ else row.deadline,
        }

    def perform(self, form: Any) -> None:
        version = form.cleaned_data["version"]
        self.saved = edit_resolution(self.object, by=self.person, version=version, **form.values())


class RemoveResolutionView(ResolutionOperation):
    """The view that removes a resolution from draft minutes."""

    form_class = OperationForm
    route = "remove/<int:pk>/"
    url_name = "remove"
    button = _("Remove the resolution")
    done = _("The resolution has been taken out of the minutes.")
    note = _("It is taken out with its files; the log keeps that it was there.")

    def perform(self, form: Any) -> None:
        """Remove the resolution, and remember the page of its minutes: the resolution no longer has one."""
        self.minutes_url = reverse("minutes:inspect", args=[self.object.minutes_id])
        remove_resolution(self.object, by=self.person, version=form.cleaned_data["version"])

    def get_success_url(self) -> str:
        return getattr(self, "minutes_url", "") or super().get_success_url()
