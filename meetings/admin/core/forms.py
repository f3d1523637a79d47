"""Base form of records, and helpers for error messages, files, preselection and refusals.

A record form offers only what the person may choose, and carries the version of the record with which it was opened,
so that a concurrent change is detected.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import BLANK_CHOICE_DASH, Field, Model, QuerySet
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from meetings.admin.core.log_entries import latest_change_message
from meetings.admin.core.voiding import add_confirmation
from meetings.models import Person
from meetings.operations.voiding import WouldVoid
from meetings.refusal import Refused
from meetings.rules.invisible_characters import validate_no_invisible_characters
from meetings.types import StrOrPromise

M = TypeVar("M", bound=Model)
EMPTY = BLANK_CHOICE_DASH[0][1]


class VersionField(forms.IntegerField):
    """A hidden field with the version of the record that the page showed."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=0, **kwargs)


TOO_LONG = gettext_lazy("At most %(limit_value)d characters; these are %(show_value)d. Shorten it.")


def set_error_messages(form: forms.BaseForm) -> None:
    """Replace Django's error messages by ones that say what to do: for empty fields, unreadable dates and
    overlong texts, and the empty label of choices. Text fields also refuse invisible characters.
    """
    for field in form.fields.values():
        chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
        field.error_messages["required"] = _("Choose one.") if chosen else _("Fill this in.")
        if isinstance(field, forms.FileField):
            field.error_messages["required"] = _("Choose a file.")
        if isinstance(field, forms.DateField):
            field.error_messages["invalid"] = _("Write the day like this: %(day)s.") % {
                "day": "2026-09-05、2026年9月5日"
            }
        if isinstance(field, forms.DateTimeField):
            field.error_messages["invalid"] = _("Write day and time like this: %(time)s.") % {
                "time": "2026-09-05 15:00、2026年9月5日15时"
            }
        if isinstance(field, forms.ModelChoiceField) and field.empty_label == EMPTY:
            field.empty_label = _("Choose")
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
            field.validators = [*field.validators, validate_no_invisible_characters]
        _count_length(field)


def ask_files_again(form: forms.BaseForm) -> None:
    """Add an error to each file field that had a file: browsers drop chosen files when a form is shown again."""
    for name, field in form.fields.items() if form.errors else ():
        if isinstance(field, forms.FileField) and form.files.get(form.add_prefix(name)) and name not in form.errors:
            form.add_error(name, _("Choose the file again; your browser did not keep it."))


def preselect_single_choices(form: forms.BaseForm) -> None:
    """Preselect the only choice of each required field that offers exactly one row."""
    for field in () if form.is_bound else form.fields.values():
        several = isinstance(field, forms.ModelMultipleChoiceField)
        if several or not isinstance(field, forms.ModelChoiceField) or not field.required or field.initial is not None:
            continue
        only = list(field.queryset[:2]) if field.queryset is not None else []
        if len(only) == 1:
            field.initial = only[0].pk


def offer_rows(form: forms.BaseForm, name: str, rows: QuerySet[M], *, label: Callable[[M], str] | None = None) -> None:
    """Offer only `rows` in the choice field `name`, labelled by `label`; other values become invalid choices."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} offers no rows")
    field.queryset = rows
    if label is not None:
        field.label_from_instance = label  # type: ignore[method-assign, assignment]


def offer_values(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, StrOrPromise]]) -> None:
    """Offer only these pairs of value and label in the choice field `name`."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no values")
    field.choices = list(choices)


def _count_length(field: forms.Field) -> None:
    """Report an overlong text instead of letting the browser truncate it silently (`maxlength`)."""
    field.widget.attrs.pop("maxlength", None)
    field.validators = [
        MaxLengthValidator(check.limit_value, TOO_LONG) if isinstance(check, MaxLengthValidator) else check
        for check in field.validators
    ]


class RecordForm(WagtailAdminModelForm):
    """The base of model forms of records. It accepts only the choices that it offers."""

    version = VersionField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and hasattr(self.instance, "version"):
            self.fields["version"].initial = self.instance.version
        if self.for_user is not None:
            self.limit_choices(self.for_user)
        set_error_messages(self)

    def limit_choices(self, person: Person) -> None:
        """Adapt the fields to the person: limit choices, set labels, help texts and initial values."""

    def preselect_single(self, name: str) -> None:
        """Preselect the only choice of the field `name` if there is exactly one, and drop the empty choice."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            only = list(field.queryset[:2])
            if len(only) == 1:
                self.initial.setdefault(name, only[0].pk)
                field.empty_label = None


def add_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Add each reason of a refusal as an error of the field that it is about, or of the form; what was typed stays."""
    for reason, field in zip(refused.reasons, refused.fields, strict=True):
        form.add_error(field if field in form.fields else None, reason)
    if isinstance(refused, WouldVoid):
        add_confirmation(form)


def add_stale_errors(form: forms.BaseForm, record: Model, part: Model | None = None) -> None:
    """Say who changed the record meanwhile, and mark each field that differs from the stored value.

    The form then carries the new version, so that the next attempt can succeed. If the form is about a part of the
    record, its fields are compared with `part`.
    """
    fresh = type(record)._default_manager.get(pk=record.pk)
    subject = type(part)._default_manager.get(pk=part.pk) if part is not None else fresh
    form.add_error(None, latest_change_message(fresh))
    posted: Any = form.data
    data = posted.copy()
    data[form.add_prefix("version")] = str(getattr(fresh, "version", ""))
    form.data = data
    for name in form.fields:
        field = _plain_field(subject, name)
        if field is not None and getattr(subject, field.name) != form.cleaned_data.get(name):
            form.add_error(name, _("It now reads: %(value)s") % {"value": _printed(subject, field)})


def _plain_field(record: Model, name: str) -> "Field[Any, Any] | None":
    """Return the editable model field behind a form field; None for the version and for fields without a column."""
    if name == "version":
        return None
    return next((f for f in record._meta.concrete_fields if f.name == name and f.editable), None)


def _printed(record: Model, field: "Field[Any, Any]") -> str:
    """Return the value of a field as text, at most 200 characters."""
    display = getattr(record, f"get_{field.name}_display", None)
    value = display() if display else getattr(record, field.name)
    return Truncator(strip_tags(str(value))).chars(200) if value not in (None, "") else _("(empty)")
