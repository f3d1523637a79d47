"""Redrafting of minutes: the clerk compares both texts and chooses place by place (`Y 2(5)`, `C 5(4)`).

Main classes and functions:
- `RedraftView` shows a pair of texts for each changed paragraph, with a preset choice.
- `draft_outdated(minutes)` returns whether the meeting has data that the draft does not contain yet.
"""

from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.admin.core.operation import OperationForm, OperationView
from meetings.enums import MinutesState
from meetings.models import Minutes
from meetings.operations.minutes import prepare_redraft, redraft_minutes
from meetings.queries.people import clerk_conference_ids
from meetings.refusal import Refused
from meetings.rules.redraft import BOTH, HEADINGS, KEEP, NEW, Piece, highlight

LABELS = {
    KEEP: gettext_lazy("Keep what stands there"),
    NEW: gettext_lazy("Take the new draft"),
    BOTH: gettext_lazy("Both, one after the other"),
}
Runs = list[tuple[bool, str]]


@dataclass(frozen=True)
class ChangedPlace:
    """A changed place as the page shows it: its heading, who changed it, and both texts with the differences."""

    field: BoundField
    place: str
    why: str
    mine: Runs
    new: Runs


def draft_outdated(minutes: Minutes) -> bool:
    """Return True if a new draft would differ from the last draft and from the edited text."""
    _draft, pieces = prepare_redraft(minutes)
    return bool(minutes.drafted) and any(piece.needs_choice and piece.by_machine for piece in pieces)


class RedraftForm(OperationForm):
    """A choice for each changed place."""

    record: Minutes

    def build(self) -> None:
        for piece in self.pieces:
            if piece.needs_choice:
                self.fields[piece.name] = forms.ChoiceField(
                    label=_("What goes into the minutes"),
                    choices=[(choice, LABELS[choice]) for choice in piece.choices],
                    initial=piece.default_choice,
                    widget=forms.RadioSelect,
                )

    @cached_property
    def pieces(self) -> list[Piece]:
        """Return the text place by place."""
        return prepare_redraft(self.record)[1]

    def lines(self) -> list[ChangedPlace]:
        """Return the changed places in order. Equal changes share one field, so each is shown once."""
        place, found = "", {}
        for piece in self.pieces:
            block = piece.edited or piece.new
            if block is not None and block.tag in HEADINGS:
                place = block.text
            if piece.needs_choice and piece.name not in found:
                found[piece.name] = self._line(piece, place)
        return list(found.values())

    def _line(self, piece: Piece, place: str) -> ChangedPlace:
        mine, new = piece.edited.text if piece.edited else "", piece.new.text if piece.new else ""
        return ChangedPlace(self[piece.name], place, _why(piece), highlight(mine, new), highlight(new, mine))


def _why(piece: Piece) -> str:
    if piece.by_hand and piece.by_machine:
        return _("Changed by hand, and by the new draft")
    return _("Changed by hand only") if piece.by_hand else _("Changed by the new draft only")


class RedraftView(OperationView[Minutes]):
    """The view that drafts the text again, lets the clerk choose, and saves."""

    form_class = RedraftForm
    template_name = "meetings/redraft.html"
    route = "redraft/<int:pk>/"
    url_name = "redraft"
    button = gettext_lazy("Draft again")
    done = gettext_lazy("The text has been drafted again as you chose; the one before stands under earlier texts.")
    note = gettext_lazy(
        "The portal has drafted the text from the meeting as it is now: its attendance, its agenda and what was noted. "
        "Where that differs from the minutes, choose. What a hand wrote stays unless you choose otherwise."
    )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), "submit": _("Save what was chosen")}

    def has_permission(self) -> bool:
        """Return True for clerks, while the minutes are not issued."""
        row = self.object
        return row.state != MinutesState.ISSUED and row.conference.pk in clerk_conference_ids(self.person)

    def perform(self, form: OperationForm) -> None:
        """Save the chosen text as an ordinary edit."""
        choices = form.values()
        if not choices:
            raise Refused(_("The new draft says nothing else. There is nothing to save."), code="draft_unchanged")
        redraft_minutes(self.object, by=self.person, choices=choices, version=form.cleaned_data["version"])
