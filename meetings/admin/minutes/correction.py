"""Corrections in the admin: which minutes of a meeting there are, which count, and how a mistaken start is taken back.

Key concepts
- `papers(minutes)`: all minutes of a meeting as lines, the first ones and each correction, with what became of each.
- `told(minutes)`: what stands at the head of a page: corrected by which, being corrected, correcting which.
- `DiscardView`: takes back a correction that nobody has signed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.admin.core.choices import clerk_in
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.admin.core.status_badges import RESTING, Mark, mark_of
from meetings.enums import MinutesState
from meetings.models import Minutes
from meetings.operations.correction import discard_correction
from meetings.queries.conference import conference_of


@dataclass(frozen=True)
class PaperLine:
    """One of the minutes of a meeting."""

    title: str
    number: str
    url: str
    mark: Mark
    note: str = ""


def corrected_mark() -> Mark:
    """The mark of minutes that a correction took the place of."""
    return Mark(RESTING, _("Corrected"))


def page_of(minutes: Minutes) -> str:
    """The address of minutes."""
    return reverse("minutes:inspect", args=[minutes.pk])


def papers(chain: Iterable[Minutes]) -> list[PaperLine]:
    """The lines of `queries.minutes.chain`, oldest first."""
    rows = list(chain)
    by = {row.corrects_id: row for row in rows if row.corrects_id and row.state == MinutesState.ISSUED}
    numbers = {row.pk: row.number for row in rows}
    return [_line(row, by.get(row.pk), numbers.get(row.corrects_id or 0, "")) for row in rows]


def _line(row: Minutes, newer: Minutes | None, older: str) -> PaperLine:
    note = _("Corrects %(number)s") % {"number": older} if older else ""
    if newer is not None:
        note = "；".join(part for part in (note, _("Corrected, see %(number)s") % {"number": newer.number}) if part)
    return PaperLine(row.title, row.number, page_of(row), corrected_mark() if newer else mark_of(row), note)


@dataclass(frozen=True)
class Told:
    """A sentence at the head of a page, and the minutes that it leads to."""

    text: str
    link: str
    url: str


def told(minutes: Minutes) -> list[Told]:
    """How these minutes stand to those before and after them. One query."""
    found = []
    newer = minutes.corrections.first()
    if newer is not None and newer.state == MinutesState.ISSUED:
        found.append(Told(_("Corrected, see"), f"{newer.number}　{newer.title}", page_of(newer)))
    elif newer is not None:
        found.append(Told(_("A correction is being written:"), newer.title, page_of(newer)))
    if (older := minutes.corrects) is not None:
        found.append(Told(_("Corrects"), f"{older.number}　{older.title}", page_of(older)))
    return found


def may_discard(clerk: bool, minutes: Minutes) -> bool:
    """True of a correction that nobody has signed, for whoever writes it."""
    return clerk and minutes.corrects_id is not None and not minutes.approvals.exists()


class DiscardForm(OperationForm):
    """Why it is not needed."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class DiscardView(OperationView):
    """Take back a correction."""

    form_class: type[forms.Form] = DiscardForm
    route = "discard/<int:pk>/"
    url_name = "discard"
    button = gettext_lazy("Discard the correction")
    done = gettext_lazy("The correction has been discarded. The minutes that it corrected stay in force.")
    note = gettext_lazy("Its text and its files go; the minutes that it was to correct stay in force.")

    def may(self) -> bool:
        """Clerks, of an unsigned correction."""
        row: Minutes = self.object
        written = row.state != MinutesState.ISSUED and conference_of(row).pk in clerk_in(self.person)
        return may_discard(written, row)

    def perform(self, form: Any) -> None:
        """Discard it; what follows is the page of the minutes in force."""
        kept = discard_correction(
            self.object, by=self.person, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"]
        )
        self.kept_url = page_of(kept)

    def get_success_url(self) -> str:
        """The minutes that stay, once it is gone."""
        return getattr(self, "kept_url", "") or super().get_success_url()
