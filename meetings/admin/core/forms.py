"""The forms of records: they offer only what the person may choose, and carry the version they were opened with.

Key concepts
- `VersionField`: the hidden version of any form that changes a record.
- `RecordForm`: the base of model forms; `offer(person)` narrows the choices.
- `word_errors(form)`: what an empty, unreadable or overlong field says, and one that holds what nobody sees.
- `ask_files_again(form)`: a form that comes back lost its files; it says so beside each of them.
- `make_single_choices(form)`: a click less where there is only one choice.
- `tell(form, refused)`: puts the reasons of a refusal into a form; typed text stays.
- `tell_stale(form, record)`: the same for a stale form: who changed what meanwhile, and which fields differ now.
"""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import BLANK_CHOICE_DASH, Field, Model, QuerySet
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from meetings.admin.core.log_entries import latest_change
from meetings.models import Person
from meetings.refusal import Refused
from meetings.rules.invisible_characters import validate_no_invisible_characters

EMPTY = BLANK_CHOICE_DASH[0][1]


class VersionField(forms.IntegerField):
    """The version of the record that the page showed; hidden."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=0, **kwargs)


TOO_LONG = gettext_lazy("At most %(limit_value)d characters; these are %(show_value)d. Shorten it.")


def word_errors(form: forms.BaseForm) -> None:
    """Say what to do of an empty, an unreadable and an overlong field, in place of Django's words."""
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
    """Say beside each file that was chosen to choose it again: browsers keep none when a form comes back."""
    for name, field in form.fields.items() if form.errors else ():
        if isinstance(field, forms.FileField) and form.files.get(form.add_prefix(name)) and name not in form.errors:
            form.add_error(name, _("Choose the file again; your browser did not keep it."))


def make_single_choices(form: forms.BaseForm) -> None:
    """Where a field that must be filled in offers one row only, choose it."""
    for field in () if form.is_bound else form.fields.values():
        several = isinstance(field, forms.ModelMultipleChoiceField)
        if several or not isinstance(field, forms.ModelChoiceField) or not field.required or field.initial is not None:
            continue
        only = list(field.queryset[:2]) if field.queryset is not None else []
        if len(only) == 1:
            field.initial = only[0].pk


def _count_length(field: forms.Field) -> None:
    """Tell of an overlong text instead of letting the browser cut it off without a word."""
    field.widget.attrs.pop("maxlength", None)
    field.validators = [
        MaxLengthValidator(check.limit_value, TOO_LONG) if isinstance(check, MaxLengthValidator) else check
        for check in field.validators
    ]


class RecordForm(WagtailAdminModelForm):
    """The form of a record; what it does not offer, it does not take."""

    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and hasattr(self.instance, "version"):
            self.fields["version"].initial = self.instance.version
        if self.for_user is not None:
            self.offer(self.for_user)
        word_errors(self)

    def offer(self, person: Person) -> None:
        """Narrow the choices to what this person may choose."""

    def narrow(self, name: str, rows: QuerySet[Any]) -> None:
        """Offer only `rows` for a field; anything else is refused as an unknown choice."""
        field = self.fields[name]
        if not isinstance(field, forms.ModelChoiceField):
            raise TypeError(f"{name} offers no rows")
        field.queryset = rows

    def fix_single(self, name: str) -> None:
        """Where there is only one choice, it is made."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            only = list(field.queryset[:2])
            if len(only) == 1:
                self.initial.setdefault(name, only[0].pk)
                field.empty_label = None


def tell(form: forms.BaseForm, refused: Refused) -> None:
    """Show each reason of a refusal above the form."""
    for reason in refused.reasons:
        form.add_error(None, reason)


def tell_stale(form: forms.BaseForm, record: Any, part: Any = None) -> None:
    """Say who changed the record meanwhile and how the fields stand now; the next attempt counts from there.

    The fields are those of `part` where the form is about a part of the record.
    """
    fresh = type(record)._default_manager.get(pk=record.pk)
    subject = type(part)._default_manager.get(pk=part.pk) if part is not None else fresh
    form.add_error(None, latest_change(fresh))
    posted: Any = form.data
    data = posted.copy()
    data[form.add_prefix("version")] = str(fresh.version)
    form.data = data
    for name in form.fields:
        field = _plain_field(subject, name)
        if field is not None and getattr(subject, field.name) != form.cleaned_data.get(name):
            form.add_error(name, _("It now reads: %(value)s") % {"value": _printed(subject, field)})


def _plain_field(record: Model, name: str) -> "Field[Any, Any] | None":
    """The editable model field behind a form field; none for the version and for what has no column."""
    if name == "version":
        return None
    return next((f for f in record._meta.concrete_fields if f.name == name and f.editable), None)


def _printed(record: Model, field: "Field[Any, Any]") -> str:
    """How the field reads."""
    display = getattr(record, f"get_{field.name}_display", None)
    value = display() if display else getattr(record, field.name)
    return Truncator(strip_tags(str(value))).chars(200) if value not in (None, "") else _("(empty)")
