"""Deadlines on pages and in the form: the words, and what they mean.

Key concepts
- `read_deadline(form, data, day)`: kind and day of a form; what the clerk leaves open is read from the words.
- `as_left_open(resolution)`: True if its words say by themselves what is stored.
- `meaning_told(resolution)`: the meaning in a sentence, after saving. `when(resolution)`: words and meaning in a line.
"""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.enums import DeadlineKind
from meetings.models import Meeting, Resolution
from meetings.queries.deadline import next_meeting_after
from meetings.rules.deadline import deadline_contradiction, deadline_display, parse_deadline


def read_deadline(form: forms.Form, data: dict[str, Any], day: date) -> None:
    """Settle kind and day: what was chosen stands, the rest is read from the words; what is unclear is told."""
    text, kind, due = data.get("deadline_text", ""), data.get("deadline_kind", ""), data.get("deadline")
    if "deadline" in form.errors or "deadline_text" in form.errors:
        return
    read = parse_deadline(text, day)
    if not kind and due is not None:
        kind = DeadlineKind.DATE
    elif not kind and read is None:
        reason = _("“%(words)s” does not say clearly by when. Choose what is meant, for example a day.")
        form.add_error("deadline_kind", reason % {"words": text})
    elif not kind and read is not None:
        kind, due = read
    elif kind == DeadlineKind.DATE and due is None:
        due = read.day if read else None
        if due is None:
            form.add_error("deadline", _("Enter the day, or choose another kind of deadline."))
    elif kind != DeadlineKind.DATE and due is not None:
        form.add_error("deadline", _("Only a deadline by a day has a day. Choose that kind, or empty this field."))
    if asked := deadline_contradiction(text, kind, due, day):
        form.add_error("deadline", str(asked))
    data["deadline_kind"], data["deadline"] = kind, due


def as_left_open(resolution: Resolution) -> bool:
    """True if the words say by themselves what is stored, so that new words may say something new."""
    stored = (resolution.deadline_kind, resolution.deadline)
    return parse_deadline(resolution.deadline_text, resolution.minutes.meeting.day) == stored


def meaning_told(resolution: Resolution) -> str:
    """What the deadline was taken to mean; nothing where none is written."""
    text, kind = resolution.deadline_text, resolution.deadline_kind
    if not text:
        return ""
    means = {
        DeadlineKind.DATE: date_format(resolution.deadline) if resolution.deadline else "",
        DeadlineKind.NEXT_MEETING: _("due when the next meeting is held"),
        DeadlineKind.STANDING: _("long-term, never overdue"),
        DeadlineKind.NONE: _("without a day, never overdue"),
    }[DeadlineKind(kind)]
    return _("The deadline “%(words)s” is taken to mean: %(meaning)s.") % {"words": text, "meaning": means}


def when(resolution: Resolution) -> str:
    """The words of a line, with the day beside them where they do not tell it."""
    return deadline_display(resolution.deadline_text, resolution.deadline)


def when_in_full(resolution: Resolution, meeting: Meeting | None) -> str:
    """The words with their meaning in full; `meeting` is the next one, for whoever may know of it."""
    if resolution.deadline_kind != DeadlineKind.NEXT_MEETING or meeting is None:
        return deadline_display(resolution.deadline_text, resolution.deadline, whole=True)
    told = {"words": resolution.deadline_text, "meeting": meeting.title, "day": date_format(meeting.day)}
    return _("%(words)s (%(meeting)s, on %(day)s)") % told


def next_meeting(resolution: Resolution) -> Meeting | None:
    """The meeting before which a resolution is due, where its deadline says so."""
    return next_meeting_after(resolution) if resolution.deadline_kind == DeadlineKind.NEXT_MEETING else None
