"""Operations on a regulation: a dated copy, a corrected misprint, the clauses read from the text."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from meetings import clock
from meetings.admin.administration.base import AdministrationOperationView
from meetings.admin.core.operation import OperationForm
from meetings.models import Regulation
from meetings.operations.regulation import copy_regulation, correct_words, read_text_clauses
from meetings.queries.regulation import correctable


class CopyForm(OperationForm):
    """The day from which the copy applies."""

    applies_from = forms.DateField(
        label=_("Applies from"),
        widget=AdminDateInput,
        help_text=_("Meetings before this day keep the clauses of today's version."),
    )

    def build(self) -> None:
        self.fields["applies_from"].initial = clock.today()


class CopyView(AdministrationOperationView[Regulation]):
    """Make a dated copy, then edit it. A conference follows it by a new adoption."""

    form_class = CopyForm
    route = "dated-copy/<int:pk>/"
    url_name = "dated_copy"
    button = _("Make a dated copy")
    note = _(
        "The copy has all clauses, the order of the agenda, the categories and the rules. Change what is new in it,"
        " then put it in force in the list of regulations in force: today's version ends on the day before by itself."
    )

    copy: Regulation | None = None

    def perform(self, form: OperationForm) -> None:
        self.copy = copy_regulation(self.object, by=self.person, applies_from=form.cleaned_data["applies_from"])

    def done_message(self) -> str:
        return gettext("The copy is made. Change what is new in it.")

    def get_success_url(self) -> str:
        """Return the form of the copy; before it is made, the page of the regulation."""
        return reverse("regulation:edit", args=[self.copy.pk]) if self.copy else super().get_success_url()


class CorrectWordsForm(OperationForm):
    """The texts of a regulation as they are stored, and the reason of the correction."""

    record: Regulation

    def build(self) -> None:
        """Add a field for the reason, and one for each text that can be corrected."""
        self.fields["reason"] = forms.CharField(label=gettext("What is the misprint?"), max_length=200)
        for name, place in correctable(self.record).items():
            if place.text:
                long = (
                    forms.Textarea(attrs={"rows": 12 if place.field == "text" else 3})
                    if place.field in {"text", "words"}
                    else forms.TextInput()
                )
                self.fields[name] = forms.CharField(label=place.label, initial=place.text, widget=long)

    def values(self) -> dict[str, str]:
        """Return the changed texts, by their names in `correctable`."""
        changed = [name for name in self.changed_data if name not in {"reason", "version"}]
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in changed}


class CorrectWordsView(AdministrationOperationView[Regulation]):
    """Correct a misprint in a regulation that is followed; the log contains the old and the new text."""

    form_class = CorrectWordsForm
    route = "correct-words/<int:pk>/"
    url_name = "correct_words"
    button = _("Correct a misprint")
    done = _("The misprint is corrected. The log has the old and the new words.")
    note = _("Only where a word differs from the original. What the regulation says is changed by a dated copy.")

    def perform(self, form: OperationForm) -> None:
        values = form.cleaned_data
        correct_words(
            self.object, by=self.person, reason=values["reason"], texts=form.values(), version=values["version"]
        )


class ReadClausesView(AdministrationOperationView[Regulation]):
    """Read the clauses from the text; a clause keeps the points of the former one with the same number."""

    route = "read-clauses/<int:pk>/"
    url_name = "read_clauses"
    button = _("Read the clauses from the text")
    done = _("The clauses are those of the text. Check what each of them governs.")
    note = _(
        "The clauses of today are replaced by those of the text. A clause with the same number keeps what it governs;"
        " check it afterwards."
    )
    anchor = "clauses"

    def perform(self, form: OperationForm) -> None:
        read_text_clauses(self.object, by=self.person, version=form.cleaned_data["version"])


REGULATION_OPERATIONS = (CopyView, CorrectWordsView, ReadClausesView)
