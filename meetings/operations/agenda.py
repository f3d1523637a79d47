"""Operations on a meeting's agenda (`Y 2(4)`, `C 5(4)`). They also move topics to “listed” and back."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from meetings.enums import AgendaKind, MeetingState, MinutesState, Side, TopicState
from meetings.models import AgendaItem, Meeting, Person, Topic
from meetings.operations.base import announce, locked, refresh, required_text
from meetings.operations.preparation import preparation_change, require_clerk
from meetings.operations.topic import move_topic
from meetings.queries.meeting import earlier_meetings
from meetings.refusal import Refused
from meetings.rules.meeting import meeting_already_held
from meetings.write_lock import write_transaction

KIND_ORDER = list(AgendaKind)  # a new item is inserted after the items of its own and of earlier kinds


def start_agenda(meeting: Meeting) -> None:
    """Create the first agenda in the order of the regulation; a first meeting gets no follow-up item."""
    first = not earlier_meetings(meeting).exists()
    standard = meeting.adoption.regulation.agenda.all()
    items = [item for item in standard if not (first and item.kind == AgendaKind.FOLLOW_UP)]
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=order, kind=item.kind, side=item.side, title=item.title)
        for order, item in enumerate(items, 1)
    )


def _renumber(items: Sequence[AgendaItem]) -> None:
    for order, item in enumerate(items, 1):
        item.order = order
    AgendaItem.objects.bulk_update(items, ["order"])


def _insert(meeting: Meeting, new: AgendaItem) -> AgendaItem:
    """Save a new item at the position of its kind and renumber the agenda."""
    items = list(meeting.agenda.order_by("order", "pk"))
    rank = KIND_ORDER.index(AgendaKind(new.kind))
    before = [n for n, item in enumerate(items, 1) if KIND_ORDER.index(AgendaKind(item.kind)) <= rank]
    new.meeting, new.order = meeting, 0
    new.save()
    items.insert(max(before, default=0), new)
    _renumber(items)
    return new


def _current_item(meeting: Meeting, item: AgendaItem) -> AgendaItem:
    """Return the item as stored now; `Refused` if it is no longer on the agenda of this meeting."""
    row = meeting.agenda.select_related("topic").filter(pk=item.pk).first()
    if row is None:
        raise Refused(
            _("This agenda item does not exist any more. Look at the present agenda."), code="agenda_item_gone"
        )
    return row


def add_topic(meeting: Meeting, topic: Topic, *, by: Person, version: int | None = None) -> AgendaItem:
    """List an agreed topic: fill the first deliberation item without a topic, or add a new one after the others."""
    with preparation_change(meeting, "add_topic", by=by, version=version) as change:
        proposal = locked(topic)
        if proposal.conference_id != change.meeting.conference_id:
            raise Refused(_("This topic belongs to another conference."), code="topic_of_another_conference")
        if proposal.state != TopicState.AGREED:
            reason = _("“%(title)s” cannot go on the agenda: it is “%(state)s”. Only topics with a consensus can.")
            raise Refused(
                reason % {"title": proposal.title, "state": proposal.get_state_display()},
                code="topic_without_consensus",
            )
        empty = change.meeting.agenda.filter(kind=AgendaKind.DELIBERATION, topic=None).order_by("order").first()
        item = empty or AgendaItem(kind=AgendaKind.DELIBERATION)
        item.topic, item.title, item.speaker = proposal, proposal.title, proposal.proposer.name
        if empty:
            item.save()
        else:
            _insert(change.meeting, item)
        move_topic(proposal, TopicState.LISTED, by=by, action="list")
        change.data["topic"] = proposal.title
    topic.refresh_from_db()
    return item


def _delete_item(item: AgendaItem, *, by: Person) -> None:
    """Delete an item; its topic goes back to “agreed” and can be listed for another meeting."""
    if item.topic is not None:
        move_topic(item.topic, TopicState.AGREED, by=by, action="unlist")
    item.delete()


def remove_topic(meeting: Meeting, topic: Topic, *, by: Person, version: int | None = None) -> None:
    """Remove a topic from the agenda; it goes back to “agreed” and can be listed again."""
    with preparation_change(meeting, "remove_topic", by=by, version=version) as change:
        item = change.meeting.agenda.select_related("topic").filter(topic=topic).first()
        if item is None:
            raise Refused(_("This topic is not on the agenda of this meeting."), code="topic_not_on_agenda")
        _delete_item(item, by=by)
        change.data["topic"] = topic.title
    topic.refresh_from_db()


def add_agenda_item(
    meeting: Meeting,
    *,
    by: Person,
    kind: str,
    title: str,
    side: str = "",
    speaker: str = "",
    version: int | None = None,
) -> AgendaItem:
    """Add an item after those of its kind; a briefing must name its side."""
    with preparation_change(meeting, "add_agenda_item", by=by, version=version) as change:
        if kind not in AgendaKind.values:
            raise Refused(_("Choose the kind of the agenda item."), code="agenda_kind_missing")
        if kind == AgendaKind.BRIEFING and side not in {Side.GOVERNMENT, Side.UNION}:
            raise Refused(_("Choose the side that gives the briefing."), code="briefing_side_missing")
        text = required_text(title, _("Give the agenda item a title."), code="agenda_title_missing")
        side = side if kind == AgendaKind.BRIEFING else ""
        item = _insert(change.meeting, AgendaItem(kind=kind, side=side, title=text, speaker=speaker.strip()))
        change.data["title"] = text
    return item


def edit_agenda_item(
    item: AgendaItem,
    *,
    by: Person,
    title: str | None = None,
    speaker: str | None = None,
    notes: str | None = None,
    version: int | None = None,
) -> AgendaItem:
    """Change title, speaker or notes of an item; None leaves a value unchanged.

    The title is part of the settlement. Speaker and notes are not: the speaker can be changed until the meeting is
    held, the notes until its minutes are issued.
    """
    with write_transaction():
        row, meeting = _current_item(item.meeting, item), item.meeting
        if title is not None:
            title = required_text(title, _("Give the agenda item a title."), code="agenda_title_missing")
        if title is not None and title != row.title:
            row = _rename(item, title, by=by, version=version)
            version = None
        if speaker is not None or notes is not None:
            row = _edit_minor_fields(meeting, item, by=by, speaker=speaker, notes=notes, version=version)
    return row


def _rename(item: AgendaItem, title: str, *, by: Person, version: int | None) -> AgendaItem:
    with preparation_change(item.meeting, "edit_agenda_item", by=by, version=version) as change:
        row = _current_item(change.meeting, item)
        row.title = change.data["title"] = title
        row.save(update_fields=["title"])
    return row


def _edit_minor_fields(
    meeting: Meeting, item: AgendaItem, *, by: Person, speaker: str | None, notes: str | None, version: int | None
) -> AgendaItem:
    locked_meeting = locked(meeting, version)
    require_clerk(by, locked_meeting)
    row = _current_item(locked_meeting, item)
    if speaker is not None and speaker.strip() != row.speaker:
        if locked_meeting.state == MeetingState.HELD:
            raise Refused.lacking([meeting_already_held()])
        row.speaker = speaker.strip()
    if notes is not None and notes.strip() != row.notes:
        if locked_meeting.minutes.filter(state=MinutesState.ISSUED).exists():
            raise Refused(
                _("The minutes of this meeting are issued. What was said is part of the record."), code="notes_closed"
            )
        row.notes = notes.strip()
    row.save(update_fields=["speaker", "notes"])
    locked_meeting.version += 1
    locked_meeting.save()
    announce(locked_meeting, "edit_agenda_item", by=by, data={"title": row.title})
    refresh(meeting, locked_meeting)
    return row


def remove_agenda_item(item: AgendaItem, *, by: Person, version: int | None = None) -> None:
    """Remove an item; its topic, if any, goes back to “agreed”."""
    with preparation_change(item.meeting, "remove_agenda_item", by=by, version=version) as change:
        row = _current_item(change.meeting, item)
        change.data["title"] = row.title
        _delete_item(row, by=by)


def order_agenda(meeting: Meeting, *, order: Sequence[int], by: Person, version: int | None = None) -> None:
    """Reorder the agenda; `order` holds the primary key of each of its items exactly once."""
    with preparation_change(meeting, "order_agenda", by=by, version=version) as change:
        items = {item.pk: item for item in change.meeting.agenda.all()}
        if sorted(order) != sorted(items):
            raise Refused(
                _("The agenda has changed meanwhile. Look at its present items, then arrange them again."),
                code="agenda_changed",
            )
        _renumber([items[pk] for pk in order])
