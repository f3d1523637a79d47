"""The form of a resolution: it is added and changed inside its minutes; subject and tags can be changed later.

- `ResolutionForm` asks for the lead department, the co-operating departments with their tasks, the deadline as
  written, and the resolution that is carried over (结转). The meaning of the deadline is parsed from its text, unless
  the clerk chooses it.
- `AddResolutionView` acts on the minutes; `EditResolutionView` and `RemoveResolutionView` act on the resolution.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.forms.models import fields_for_model
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from taggit.utils import parse_tags
from wagtail.admin.forms.models import formfield_for_dbfield

from meetings.admin.core.deadlines import deadline_meaning, is_deadline_inferred, read_deadline
from meetings.admin.core.forms import offer_rows
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.admin.resolutions.parts_field import PartsField
from meetings.enums import AgendaKind, DeadlineKind, Disclosure, MinutesState, PartRole
from meetings.models import Department, Minutes, Resolution
from meetings.models.resolution_fields import CONTENT_FIELDS, LASTING, ContentField
from meetings.operations.parts import Part
from meetings.operations.resolution import add_resolution, edit_resolution, remove_resolution
from meetings.queries.carry_over import continuable
from meetings.queries.people import clerk_conference_ids, departments


class CarryOverField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """A choice of unfinished resolutions, labelled with their meetings."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.minutes.meeting.title}　{obj.title}"


# How the form asks for fields that need more than what the model declares; arguments of `Field.formfield`.
FORM_OPTIONS: dict[str, dict[str, object]] = {
    "continues": {"form_class": CarryOverField, "empty_label": _("None")},
    "agenda_item": {"empty_label": _("None")},
    "deadline_kind": {
        "choices": [("", _("As the words say")), *DeadlineKind.choices],
        "widget": forms.RadioSelect,
        "required": False,
        "initial": "",
    },
    "amount": {"min_value": 0},
    "disclosure": {"widget": forms.RadioSelect},
}
R = TypeVar("R", Minutes, Resolution)
TAGS: Any = Resolution._meta.get_field("tags")
# Fields that are no column of the model, with the field after which the form asks for them.
PLACED_AFTER = {"text": ("lead", "co"), "facet": ("tags",)}


def _form_field(field: Any) -> forms.Field:
    """Return the form field of a model field, with Wagtail's widget unless `FORM_OPTIONS` names one."""
    found: forms.Field = formfield_for_dbfield(field, **FORM_OPTIONS.get(field.name, {}))
    return found


class ResolutionForm(OperationForm):
    """The form of a resolution: the fields of `meetings.models.resolution_fields`, as the model declares them.

    Departments and tags are added to them. Once the minutes are issued, the form contains only what may still change.
    """

    record: Minutes | Resolution

    lead = forms.ModelChoiceField(label=_("Lead department"), queryset=Department.objects.none())
    co = PartsField(label=_("Co-operating departments"))
    tags = forms.CharField(label=capfirst(TAGS.verbose_name), required=False, max_length=200, help_text=TAGS.help_text)

    def build(self) -> None:
        """Add the fields of the model, and narrow the choices to the conference."""
        row = self.record if isinstance(self.record, Resolution) else None
        minutes = self.minutes = self.record.minutes if isinstance(self.record, Resolution) else self.record
        asked = [field.name for field in CONTENT_FIELDS if field.asked]
        if minutes.state == MinutesState.ISSUED:
            asked = [name for name in asked if name in LASTING]
            del self.fields["lead"], self.fields["co"]
        self.fields |= fields_for_model(Resolution, asked, formfield_callback=_form_field)
        self.order_fields([placed for name in asked for placed in (name, *PLACED_AFTER.get(name, ()))])
        if minutes.state != MinutesState.ISSUED:
            self._offer_choices(minutes, row)

    def _offer_choices(self, minutes: Minutes, row: Resolution | None) -> None:
        members = departments(minutes.conference)
        earlier = continuable(minutes, row)
        offer_rows(self, "lead", members)
        offer_rows(self, "agenda_item", minutes.meeting.agenda.order_by("order"))
        offer_rows(self, "continues", earlier)
        co = self.fields["co"]
        assert isinstance(co, PartsField)
        co.offer(members)
        if (row and row.amends_id) or not earlier.exists():
            del self.fields["continues"]
        if row:
            self.fields["deadline_kind"].help_text = deadline_meaning(row)

    def clean_tags(self) -> list[str]:
        """Return the tags; Chinese commas separate them too."""
        return list(parse_tags(self.cleaned_data["tags"].replace("，", ",").replace("、", ",")))

    def clean(self) -> None:
        """Check deadline, departments and disclosure; each error is shown at its field."""
        super().clean()
        data = self.cleaned_data
        if "deadline_kind" in self.fields:
            read_deadline(self, self.minutes.meeting.day)
        if data.get("lead") and data.get("lead") in [department for department, _task in data.get("co") or []]:
            self.add_error("co", _("The lead department does not co-operate with itself. Take it out here."))
        if data.get("disclosure") == Disclosure.CLOSED and not data.get("disclosure_reason", "").strip():
            self.add_error("disclosure_reason", _("Give the reason why it is not disclosed."))

    def values(self) -> dict[str, Any]:
        """Return the arguments of the operation, with the departments as `Part` objects."""
        values = super().values()
        if "lead" in values:
            lead, co = values.pop("lead"), values.pop("co")
            values["parts"] = [Part(lead, PartRole.LEAD), *(Part(row, PartRole.CO, task) for row, task in co)]
        return values


def initial_of(row: Resolution, fields: Iterable[ContentField]) -> dict[str, object]:
    """Return the initial values of these fields, tags and departments."""
    parts = list(row.parts.all())
    return {
        **{field.name: field.value(row) for field in fields},
        "tags": "，".join(row.tags.names()),
        "lead": next((part.department_id for part in parts if part.role == PartRole.LEAD), None),
        "co": {str(part.department_id): part.task for part in parts if part.role == PartRole.CO},
    }


def carry_over_initial(earlier: Resolution, minutes: Minutes) -> dict[str, object]:
    """Return the initial values of a resolution that continues `earlier`: all but the deadline."""
    follow_up_item = minutes.meeting.agenda.filter(kind=AgendaKind.FOLLOW_UP).first()
    return {
        **initial_of(earlier, (field for field in CONTENT_FIELDS if field.carried)),
        "continues": earlier.pk,
        "agenda_item": follow_up_item.pk if follow_up_item else None,
    }


class ResolutionOperation(OperationView[R]):
    """The base of the operations on resolutions, for clerks of the conference."""

    form_class: type[OperationForm] = ResolutionForm

    saved: Resolution | None = None

    def has_permission(self) -> bool:
        return self.object.conference.pk in clerk_conference_ids(self.person)

    def done_message(self) -> str:
        """Return what was done and, in draft minutes, how the deadline was understood."""
        drafted = self.saved is not None and self.saved.minutes.state != MinutesState.ISSUED
        meaning = deadline_meaning(self.saved) if self.saved and drafted else ""
        return f"{self.done}{meaning}"


class AddResolutionView(ResolutionOperation[Minutes]):
    """The view that adds a resolution to draft minutes."""

    route = "add-resolution/<int:pk>/"
    url_name = "add_resolution"
    button = _("Add a resolution")
    done = _("The resolution has been added to the minutes.")
    anchor = "resolutions"

    def initial_values(self) -> dict[str, object]:
        """Return the values of the resolution to carry over, if any; otherwise the defaults of the model apply."""
        carried_pk = self.request.GET.get("continues", "")
        earlier = continuable(self.object).filter(pk=int(carried_pk)).first() if carried_pk.isdecimal() else None
        return carry_over_initial(earlier, self.object) if earlier else {}

    def perform(self, form: OperationForm) -> None:
        self.saved = add_resolution(self.object, by=self.person, **form.values())


class EditResolutionView(ResolutionOperation[Resolution]):
    """The view that changes a drafted resolution, or subject and tags of a settled one."""

    route = "edit/<int:pk>/"
    url_name = "edit"
    button = _("Change the resolution")
    done = _("The resolution has been saved.")

    def initial_values(self) -> dict[str, object]:
        """Return the stored values; kind and day of the deadline stay empty if its text alone gives them."""
        row = self.object
        inferred = {"deadline_kind": "", "deadline": None} if is_deadline_inferred(row) else {}
        return initial_of(row, CONTENT_FIELDS) | inferred

    def perform(self, form: OperationForm) -> None:
        version = form.cleaned_data["version"]
        self.saved = edit_resolution(self.object, by=self.person, version=version, **form.values())


class RemoveResolutionView(ResolutionOperation[Resolution]):
    """The view that removes a resolution from draft minutes."""

    form_class = OperationForm
    route = "remove/<int:pk>/"
    url_name = "remove"
    button = _("Remove the resolution")
    done = _("The resolution has been taken out of the minutes.")
    note = _("It is taken out with its files; the log keeps that it was there.")

    def perform(self, form: OperationForm) -> None:
        """Remove the resolution, and remember the page of its minutes: the resolution no longer has one."""
        self.minutes_url = reverse("minutes:inspect", args=[self.object.minutes_id])
        remove_resolution(self.object, by=self.person, version=form.cleaned_data["version"])

    def get_success_url(self) -> str:
        return getattr(self, "minutes_url", "") or super().get_success_url()
