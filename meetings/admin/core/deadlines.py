"""Deadlines of resolutions in forms and on pages.

A deadline is the text as the clerk wrote it (年底前), with a kind and perhaps a day that say what it means.
"""

from datetime import date

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.enums import DeadlineKind
from meetings.models import Meeting, Resolution
from meetings.queries.deadline import next_meeting_after
from meetings.rules.deadline import deadline_contradiction, deadline_display, parse_deadline


def read_deadline(form: forms.Form, day: date) -> None:
    """Complete the kind and day of a deadline in the cleaned data of `form`.

    What the clerk chose stays; the rest is inferred from the text, counted from `day`, the day of the meeting. Add an
    error to the form where the text is unclear, or where text, kind and day contradict each other.
    """
    data = form.cleaned_data
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


def is_deadline_inferred(resolution: Resolution) -> bool:
    """Return True if the stored kind and day follow from the text alone, so that a new text may change them."""
    stored = (resolution.deadline_kind, resolution.deadline)
    return parse_deadline(resolution.deadline_text, resolution.minutes.meeting.day) == stored


def deadline_meaning(resolution: Resolution) -> str:
    """Return a sentence that says how the deadline was understood; empty without a deadline text."""
    text, kind = resolution.deadline_text, resolution.deadline_kind
    if not text:
        return ""
    interpretation = {
        DeadlineKind.DATE: date_format(resolution.deadline) if resolution.deadline else "",
        DeadlineKind.NEXT_MEETING: _("due when the next meeting is held"),
        DeadlineKind.STANDING: _("long-term, never overdue"),
        DeadlineKind.NONE: _("without a day, never overdue"),
    }[DeadlineKind(kind)]
    return _("The deadline “%(words)s” is taken to mean: %(meaning)s.") % {"words": text, "meaning": interpretation}


def short_deadline(resolution: Resolution) -> str:
    """Return the deadline text, with the day added where the text does not name it."""
    return deadline_display(resolution.deadline_text, resolution.deadline)


def full_deadline(resolution: Resolution, meeting: Meeting | None) -> str:
    """Return the deadline text with its full meaning.

    `meeting` is the next meeting, or None if there is none or the reader may not see it.
    """
    if resolution.deadline_kind != DeadlineKind.NEXT_MEETING or meeting is None:
        return deadline_display(resolution.deadline_text, resolution.deadline, whole=True)
    values = {"words": resolution.deadline_text, "meeting": meeting.title, "day": date_format(meeting.day)}
    return _("%(words)s (%(meeting)s, on %(day)s)") % values


def next_meeting(resolution: Resolution) -> Meeting | None:
    """Return the meeting before which a resolution is due, if its deadline is the next meeting."""
    return next_meeting_after(resolution) if resolution.deadline_kind == DeadlineKind.NEXT_MEETING else None
