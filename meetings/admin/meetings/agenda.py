"""The agenda on the page of a meeting: topics and other items, their order, and notes (`Y 2(4)`, `C 5(4)`).

Main classes and functions:
- `OrderView` saves the order of the items. The page changes it by dragging, or by a button that moves one item up or
  down, which works without JavaScript.
- `AddTopicView`, `AddItemView`, `EditItemView`, `RemoveItemView` and `NotesView` perform one operation each.
- `agenda_rows(meeting, person)` returns the rows for `meetings/parts/agenda.html`.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

from meetings.admin.core.forms import offer_rows
from meetings.admin.core.guard import seen_by
from meetings.admin.core.operation import ClerkOperationView, OperationForm
from meetings.enums import AgendaKind, MeetingState, Side, TopicState
from meetings.models import AgendaItem, Meeting, Person, Topic
from meetings.operations.agenda import (
    add_agenda_item,
    add_topic,
    edit_agenda_item,
    order_agenda,
    remove_agenda_item,
)
from meetings.queries.meeting import agenda
from meetings.queries.minutes import issued_minutes_of
from meetings.queries.people import clerk_conference_ids
from meetings.refusal import Refused
from meetings.rules.meeting import why_preparation_closed


@dataclass(frozen=True)
class AgendaRow:
    """An agenda item as the page shows it. A URL is empty if the person may not use it."""

    item: AgendaItem
    number: int
    topic_url: str
    edit_url: str
    remove_url: str


def agenda_rows(meeting: Meeting, person: Person, visible_topics: set[int]) -> list[AgendaRow]:
    """Return the agenda items in order, with the URLs that this person may use."""
    clerk, open_ = meeting.conference_id in clerk_conference_ids(person), not why_preparation_closed(meeting)
    return [
        AgendaRow(
            item,
            number,
            reverse("topic:inspect", args=[item.topic_id]) if item.topic_id in visible_topics else "",
            reverse("meeting:edit_item", args=[meeting.pk, item.pk]) if clerk else "",
            reverse("meeting:remove_item", args=[meeting.pk, item.pk]) if clerk and open_ else "",
        )
        for number, item in enumerate(agenda(meeting), 1)
    ]


class AgendaView(ClerkOperationView[Meeting]):
    """The base of the operations on the agenda; after success they redirect to it."""

    anchor = "agenda"


class OrderForm(OperationForm):
    """The item ids in the order of the page. `move` is `<id>:up` or `<id>:down`."""

    move = forms.RegexField(r"^\d+:(up|down)$", required=False)

    def has_inputs(self) -> bool:
        """Return False: the form has no text that a refusal could lose."""
        return False

    def values(self) -> dict[str, Any]:
        """Return the item ids in the requested order, with `move` applied, as `order`."""
        data: Any = self.data  # a QueryDict: the form is always posted
        posted = [int(pk) for pk in data.getlist("order") if pk.isdigit()]
        pk, _colon, direction = self.cleaned_data["move"].partition(":")
        if pk and int(pk) in posted:
            at = posted.index(int(pk))
            to = max(0, min(len(posted) - 1, at + (1 if direction == "down" else -1)))
            posted.insert(to, posted.pop(at))
        return {"order": posted}


class OrderView(AgendaView):
    """The view that saves the order of the items. It accepts POST only."""

    form_class = OrderForm
    route = "order/<int:pk>/"
    url_name = "order"
    button = _("Arrange the agenda")
    done = _("The order of the agenda has been saved.")
    http_method_names = ["post"]

    def perform(self, form: OperationForm) -> None:
        order_agenda(self.object, by=self.person, version=form.cleaned_data["version"], **form.values())
        moved = form.cleaned_data["move"].partition(":")[0]
        self.anchor = f"item-{moved}" if moved else "agenda"


def agreed_topics(meeting: Meeting) -> QuerySet[Topic]:
    """Return the topics of the conference that have a consensus and are on no agenda yet."""
    return Topic.objects.filter(conference=meeting.conference_id, state=TopicState.AGREED).order_by("submitted_on")


class AddTopicForm(OperationForm):
    """A choice among the agreed topics."""

    record: Meeting

    topic = forms.ModelChoiceField(
        label=_("Topic with a consensus"), queryset=Topic.objects.none(), empty_label=None, widget=forms.RadioSelect
    )

    def build(self) -> None:
        """Offer only topics of this conference that the person may see."""
        offer_rows(self, "topic", agreed_topics(self.record) & seen_by(self.person, Topic))


class AddTopicView(AgendaView):
    """The view that puts a topic on the agenda."""

    form_class = AddTopicForm
    route = "add-topic/<int:pk>/"
    url_name = "add_topic"
    button = _("Put a topic on the agenda")
    done = _("The topic is on the agenda.")

    def perform(self, form: OperationForm) -> None:
        values = form.cleaned_data
        add_topic(self.object, values["topic"], by=self.person, version=values["version"])


class AddItemForm(OperationForm):
    """The form of an agenda item that is not a topic."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AgendaKind.choices, initial=AgendaKind.OTHER)
    side = forms.ChoiceField(
        label=_("Side"),
        choices=[("", "—"), *Side.choices[:2]],
        required=False,
        help_text=_("For a briefing: who gives it."),
    )
    title = forms.CharField(label=_("Title"), max_length=160)
    speaker = forms.CharField(label=_("Speaker"), max_length=120, required=False)


class AddItemView(AgendaView):
    """The view that adds an item that is not a topic."""

    form_class = AddItemForm
    route = "add-item/<int:pk>/"
    url_name = "add_item"
    button = _("Add an agenda item")
    done = _("The item is on the agenda.")

    def perform(self, form: OperationForm) -> None:
        """Add the item after those of its kind."""
        add_agenda_item(self.object, by=self.person, version=form.cleaned_data["version"], **form.values())


class EditItemForm(OperationForm):
    """The form of an agenda item: title, speaker and notes."""

    record: Meeting

    title = forms.CharField(label=_("Title"), max_length=160)
    speaker = forms.CharField(label=_("Speaker"), max_length=120, required=False)
    notes = forms.CharField(
        label=_("What was said"),
        required=False,
        widget=AdminAutoHeightTextInput,
        help_text=_("Goes into the draft of the minutes."),
    )

    def build(self) -> None:
        """Remove the fields that can no longer change in the state of the meeting."""
        if why_preparation_closed(self.record):
            del self.fields["title"]
        if self.record.state == MeetingState.HELD:
            del self.fields["speaker"]


class EditItemView(AgendaView):
    """The view that changes an item."""

    form_class = EditItemForm
    route = "item/<int:pk>/<int:part>/"
    url_name = "edit_item"
    part = "agenda"
    button = _("Change the agenda item")
    done = _("The agenda item has been saved.")

    def initial_values(self) -> dict[str, object]:
        item = self.part_object
        return {"title": item.title, "speaker": item.speaker, "notes": item.notes}

    def perform(self, form: OperationForm) -> None:
        edit_agenda_item(self.part_object, by=self.person, version=form.cleaned_data["version"], **form.values())


class RemoveItemView(AgendaView):
    """The view that removes an item."""

    route = "remove-item/<int:pk>/<int:part>/"
    url_name = "remove_item"
    part = "agenda"
    button = _("Remove the agenda item")
    done = _("The agenda item has been removed.")
    note = _("A topic goes back to those with a consensus; nothing of it is lost.")

    def perform(self, form: OperationForm) -> None:
        remove_agenda_item(self.part_object, by=self.person, version=form.cleaned_data["version"])


class NotesForm(OperationForm):
    """The notes of all items, one field per item."""

    record: Meeting

    def build(self) -> None:
        for number, item in enumerate(agenda(self.record), 1):
            self.fields[f"notes_{item.pk}"] = forms.CharField(
                label=f"{number}. {item.title}",
                required=False,
                initial=item.notes,
                widget=AdminAutoHeightTextInput,
            )

    def values(self) -> dict[str, Any]:
        """Return the items whose notes changed, with the new text, as `notes`."""
        notes = ((item, self.cleaned_data.get(f"notes_{item.pk}", item.notes)) for item in agenda(self.record))
        return {"notes": [(item, text) for item, text in notes if text.strip() != item.notes]}


class NotesView(AgendaView):
    """The view in which the notes of all items are written on one page."""

    form_class = NotesForm
    route = "notes/<int:pk>/"
    url_name = "notes"
    button = _("Note what was said")
    done = _("The notes have been saved.")

    def perform(self, form: OperationForm) -> None:
        """Save the changed notes in one transaction.

        Only the first write checks the version, because each write raises it.
        """
        changed, version = form.values()["notes"], form.cleaned_data["version"]
        if not changed:
            raise Refused(_("Nothing was changed."), code="nothing_changed")
        with transaction.atomic():
            for item, text in changed:
                edit_agenda_item(item, by=self.person, notes=text, version=version)
                version = None


def may_take_notes(meeting: Meeting, person: Person) -> bool:
    """Return True for a clerk of the conference until the minutes are issued."""
    return meeting.conference_id in clerk_conference_ids(person) and issued_minutes_of(meeting) is None


AGENDA_OPERATIONS = (OrderView, AddTopicView, AddItemView, EditItemView, RemoveItemView, NotesView)
