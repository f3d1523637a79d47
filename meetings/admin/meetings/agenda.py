"""The agenda in the workspace: topics and items, their order, what was said (`Y 2(4)`, `C 5(4)`).

Key concepts
- `OrderView`: the order as it stands on the page (dragged), or one item moved up or down (a button, without script).
- `AddTopicView`, `AddItemView`, `EditItemView`, `RemoveItemView`, `NotesView`: one operation each.
- `agenda_rows(meeting, person)`: the rows of `meetings/parts/agenda.html`.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

from meetings.admin.core.choices import clerk_in
from meetings.admin.core.guard import seen_by
from meetings.admin.core.operation import ForClerks, OperationForm, OperationView
from meetings.enums import AgendaKind, MeetingState, MinutesState, Side, TopicState
from meetings.models import AgendaItem, Meeting, Person, Topic
from meetings.operations.agenda import (
    add_agenda_item,
    add_topic,
    edit_agenda_item,
    order_agenda,
    remove_agenda_item,
)
from meetings.queries.meeting import agenda
from meetings.refusal import Refused
from meetings.rules.meeting import why_closed


@dataclass(frozen=True)
class AgendaRow:
    """An item as the page shows it; addresses are empty for whoever may not."""

    item: AgendaItem
    number: int
    topic_url: str
    edit_url: str
    remove_url: str


def agenda_rows(meeting: Meeting, person: Person, topics_seen: set[int]) -> list[AgendaRow]:
    """The items in order, with what this person may do to them."""
    clerk, open_ = meeting.conference_id in clerk_in(person), not why_closed(meeting)
    return [
        AgendaRow(
            item,
            number,
            reverse("topic:inspect", args=[item.topic_id]) if item.topic_id in topics_seen else "",
            reverse("meeting:edit_item", args=[meeting.pk, item.pk]) if clerk else "",
            reverse("meeting:remove_item", args=[meeting.pk, item.pk]) if clerk and open_ else "",
        )
        for number, item in enumerate(agenda(meeting), 1)
    ]


class AgendaView(ForClerks, OperationView):
    """An operation on the agenda; leads back to it."""

    anchor = "agenda"


class OrderForm(OperationForm):
    """The ids in the order of the page; `move` is `<id>:up` or `<id>:down`."""

    move = forms.RegexField(r"^\d+:(up|down)$", required=False)

    def typed(self) -> bool:
        """False: there is nothing to keep."""
        return False

    def order(self) -> list[int]:
        """The order that the person wants."""
        data: Any = self.data
        posted = [int(pk) for pk in data.getlist("order") if pk.isdigit()]
        pk, _colon, way = self.cleaned_data["move"].partition(":")
        if pk and int(pk) in posted:
            at = posted.index(int(pk))
            to = max(0, min(len(posted) - 1, at + (1 if way == "down" else -1)))
            posted.insert(to, posted.pop(at))
        return posted


class OrderView(AgendaView):
    """Arrange the items; a GET leads back to the workspace."""

    form_class = OrderForm
    route = "order/<int:pk>/"
    url_name = "order"
    button = _("Arrange the agenda")
    done = _("The order of the agenda has been saved.")
    http_method_names = ["post"]

    def perform(self, form: Any) -> None:
        """Save the order."""
        order_agenda(self.object, order=form.order(), by=self.person, version=form.cleaned_data["version"])
        moved = form.cleaned_data["move"].partition(":")[0]
        self.anchor = f"item-{moved}" if moved else "agenda"


def agreed_topics(meeting: Meeting) -> Any:
    """The topics of the conference with a consensus, which wait for a meeting."""
    return Topic.objects.filter(conference=meeting.conference_id, state=TopicState.AGREED).order_by("submitted_on")


class AddTopicForm(OperationForm):
    """One of the agreed topics."""

    topic = forms.ModelChoiceField(
        label=_("Topic with a consensus"), queryset=Topic.objects.none(), empty_label=None, widget=forms.RadioSelect
    )

    def build(self) -> None:
        """Those of this conference only, and of them what the person may know of."""
        fields: Any = self.fields
        fields["topic"].queryset = agreed_topics(self.record) & seen_by(self.person, Topic)


class AddTopicView(AgendaView):
    """Put a topic on the agenda."""

    form_class = AddTopicForm
    route = "add-topic/<int:pk>/"
    url_name = "add_topic"
    button = _("Put a topic on the agenda")
    done = _("The topic is on the agenda.")

    def perform(self, form: Any) -> None:
        """List it."""
        values = form.cleaned_data
        add_topic(self.object, values["topic"], by=self.person, version=values["version"])


class AddItemForm(OperationForm):
    """Another item."""

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
    """Add an item that is no topic."""

    form_class = AddItemForm
    route = "add-item/<int:pk>/"
    url_name = "add_item"
    button = _("Add an agenda item")
    done = _("The item is on the agenda.")

    def perform(self, form: Any) -> None:
        """Add it behind those of its kind."""
        add_agenda_item(self.object, by=self.person, version=form.cleaned_data["version"], **form.values())


class EditItemForm(OperationForm):
    """Title, speaker and what was said; what is closed by now is left out."""

    title = forms.CharField(label=_("Title"), max_length=160)
    speaker = forms.CharField(label=_("Speaker"), max_length=120, required=False)
    notes = forms.CharField(
        label=_("What was said"),
        required=False,
        widget=AdminAutoHeightTextInput,
        help_text=_("Goes into the draft of the minutes."),
    )

    def build(self) -> None:
        """Leave out what the state of the meeting closes."""
        if why_closed(self.record):
            del self.fields["title"]
        if self.record.state == MeetingState.HELD:
            del self.fields["speaker"]


class EditItemView(AgendaView):
    """Change an item."""

    form_class = EditItemForm
    route = "item/<int:pk>/<int:part>/"
    url_name = "edit_item"
    part = "agenda"
    button = _("Change the agenda item")
    done = _("The agenda item has been saved.")

    def initial_values(self) -> dict[str, Any]:
        """As it stands."""
        item = self.part_object
        return {"title": item.title, "speaker": item.speaker, "notes": item.notes}

    def perform(self, form: Any) -> None:
        """Save what the form holds."""
        edit_agenda_item(self.part_object, by=self.person, version=form.cleaned_data["version"], **form.values())


class RemoveItemView(AgendaView):
    """Remove an item."""

    route = "remove-item/<int:pk>/<int:part>/"
    url_name = "remove_item"
    part = "agenda"
    button = _("Remove the agenda item")
    done = _("The agenda item has been removed.")
    note = _("A topic goes back to those with a consensus; nothing of it is lost.")

    def perform(self, form: Any) -> None:
        """Remove it."""
        remove_agenda_item(self.part_object, by=self.person, version=form.cleaned_data["version"])


class NotesForm(OperationForm):
    """What was said, item by item."""

    def build(self) -> None:
        """A field per item."""
        for number, item in enumerate(agenda(self.record), 1):
            self.fields[f"notes_{item.pk}"] = forms.CharField(
                label=f"{number}. {item.title}",
                required=False,
                initial=item.notes,
                widget=AdminAutoHeightTextInput,
            )

    @cached_property
    def changed_items(self) -> list[tuple[AgendaItem, str]]:
        """The items whose notes changed, with the new text."""
        notes = ((item, self.cleaned_data.get(f"notes_{item.pk}", item.notes)) for item in agenda(self.record))
        return [(item, text) for item, text in notes if text.strip() != item.notes]


class NotesView(AgendaView):
    """Note down what was said, all items on one page."""

    form_class = NotesForm
    route = "notes/<int:pk>/"
    url_name = "notes"
    button = _("Note what was said")
    done = _("The notes have been saved.")

    def perform(self, form: Any) -> None:
        """Save the changed notes, all or none."""
        version = form.cleaned_data["version"]
        if not form.changed_items:
            raise Refused(_("Nothing was changed."), code="nothing_changed")
        with transaction.atomic():
            for item, text in form.changed_items:
                edit_agenda_item(item, by=self.person, notes=text, version=version)
                version = None


def may_note(meeting: Meeting, person: Person) -> bool:
    """True for a clerk until the minutes are issued."""
    issued = meeting.minutes.filter(state=MinutesState.ISSUED).exists()
    return meeting.conference_id in clerk_in(person) and not issued


AGENDA_OPERATIONS = (OrderView, AddTopicView, AddItemView, EditItemView, RemoveItemView, NotesView)
