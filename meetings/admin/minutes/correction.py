"""Corrections of minutes in the admin: the chain of minutes of a meeting, and how a correction is discarded.

Main classes and functions:
- `minutes_lines(chain)` returns all minutes of a meeting as lines: the first ones and each correction, with its state.
- `correction_notices(minutes)` returns the notices at the top of a page: corrected by, being corrected, correcting.
- `DiscardView` discards a correction that nobody has signed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.admin.core.operation import OperationForm, OperationView
from meetings.admin.core.status_badges import RESTING, StatusBadge, status_badge
from meetings.enums import MinutesState
from meetings.models import Minutes
from meetings.operations.correction import discard_correction
from meetings.queries.people import clerk_conference_ids


@dataclass(frozen=True)
class MinutesLine:
    """One of the minutes of a meeting, as the page of the meeting lists it."""

    title: str
    number: str
    url: str
    badge: StatusBadge
    note: str = ""


def corrected_badge() -> StatusBadge:
    """Return the badge of minutes that a correction has replaced."""
    return StatusBadge(RESTING, _("Corrected"))


def minutes_url(minutes: Minutes) -> str:
    """Return the URL of the page of minutes."""
    return reverse("minutes:inspect", args=[minutes.pk])


def minutes_lines(chain: Iterable[Minutes]) -> list[MinutesLine]:
    """Return one line per row of `queries.minutes.all_minutes_of`, the oldest first."""
    rows = list(chain)
    newer_by_pk = {row.corrects_id: row for row in rows if row.corrects_id and row.state == MinutesState.ISSUED}
    numbers = {row.pk: row.number for row in rows}
    return [_line(row, newer_by_pk.get(row.pk), numbers.get(row.corrects_id or 0, "")) for row in rows]


def _line(row: Minutes, newer: Minutes | None, older: str) -> MinutesLine:
    note = _("Corrects %(number)s") % {"number": older} if older else ""
    if newer is not None:
        note = "；".join(part for part in (note, _("Corrected, see %(number)s") % {"number": newer.number}) if part)
    return MinutesLine(row.title, row.number, minutes_url(row), corrected_badge() if newer else status_badge(row), note)


@dataclass(frozen=True)
class CorrectionNotice:
    """A sentence at the top of a page, with a link to the minutes that it is about."""

    text: str
    link: str
    url: str


def correction_notices(minutes: Minutes) -> list[CorrectionNotice]:
    """Return how these minutes relate to those before and after them. Runs one query."""
    found = []
    newer = minutes.corrections.first()
    if newer is not None and newer.state == MinutesState.ISSUED:
        found.append(CorrectionNotice(_("Corrected, see"), f"{newer.number}　{newer.title}", minutes_url(newer)))
    elif newer is not None:
        found.append(CorrectionNotice(_("A correction is being written:"), newer.title, minutes_url(newer)))
    if (older := minutes.corrects) is not None:
        found.append(CorrectionNotice(_("Corrects"), f"{older.number}　{older.title}", minutes_url(older)))
    return found


def may_discard(clerk: bool, minutes: Minutes) -> bool:
    """Return True if a clerk may discard these minutes: a correction that nobody has signed."""
    return clerk and minutes.corrects_id is not None and not minutes.approvals.exists()


class DiscardForm(OperationForm):
    """The form for the reason why a correction is discarded."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class DiscardView(OperationView[Minutes]):
    """The view that discards a correction."""

    form_class = DiscardForm
    route = "discard/<int:pk>/"
    url_name = "discard"
    button = gettext_lazy("Discard the correction")
    done = gettext_lazy("The correction has been discarded. The minutes that it corrected stay in force.")
    note = gettext_lazy("Its text and its files go; the minutes that it was to correct stay in force.")

    def has_permission(self) -> bool:
        """Return True for clerks, if the correction is not signed."""
        row = self.object
        writable = row.state != MinutesState.ISSUED and row.conference.pk in clerk_conference_ids(self.person)
        return may_discard(writable, row)

    def perform(self, form: OperationForm) -> None:
        """Discard the correction, and remember the page of the minutes in force: this record no longer has one."""
        remaining = discard_correction(
            self.object, by=self.person, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"]
        )
        self.remaining_url = minutes_url(remaining)

    def get_success_url(self) -> str:
        return getattr(self, "remaining_url", "") or super().get_success_url()
