"""The attendance in the workspace: drawn, replied to, recorded as on the day (`Y 2(3)`, `C 5(3)`).

Key concepts
- `RollView`: all rows that this person may answer for, on one page: clerks all, a liaison the own department.
- `DrawView`: invites whom the regulation names. Guests stand in `meetings.admin.meetings.guests`.
- `may_answer(meeting, person)`: the rows, by pk, that the person may answer for now.
"""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.choices import clerk_in, liaison_for
from meetings.admin.core.operation import ForClerks, OperationForm, OperationView
from meetings.enums import AttendanceStatus, MeetingState
from meetings.models import Meeting, Person
from meetings.operations.attendance import draw_attendance, set_attendance
from meetings.queries.meeting import NOT_MEMBERS, Attendee, attendees
from meetings.queries.minutes import closed
from meetings.refusal import Refused

DELEGATE = {"delegate_name": _("Delegate of %(name)s"), "delegate_title": _("Title of the delegate of %(name)s")}
HINTS = {"delegate_name": _("Delegate"), "delegate_title": _("Title of the delegate")}
FIELDS = ("status", *DELEGATE)
EVERYBODY = "everybody"  # the button by which all who have not answered attend
BEFORE_NOTICE = (MeetingState.PLANNED, MeetingState.SETTLED)


def may_answer(meeting: Meeting, person: Person, rows: list[Attendee]) -> list[Attendee]:
    """The rows that the person may answer for: a clerk while minutes are written, a liaison once notified."""
    if meeting.conference_id in clerk_in(person):
        return [] if closed(meeting) else rows
    own = liaison_for(person) if meeting.state == MeetingState.NOTIFIED else set()
    return [who for who in rows if who.row.department_id in own]


class AttendanceView(ForClerks, OperationView):
    """An operation on the attendance; leads back to it."""

    anchor = "attendance"


class RollForm(OperationForm):
    """One line per row: how they attend, and who is sent instead."""

    def build(self) -> None:
        """Three fields per row."""
        for who in self.rows:
            self._add(who)

    @cached_property
    def rows(self) -> list[Attendee]:
        """The rows to answer for."""
        return may_answer(self.record, self.person, attendees(self.record))

    @cached_property
    def choices(self) -> list[tuple[str, Any]]:
        """The ways to attend; who was not notified yet cannot owe a reply."""
        named = {AttendanceStatus.INVITED.value: _("Not notified yet")} if self.record.state in BEFORE_NOTICE else {}
        return [(value, named.get(value, label)) for value, label in AttendanceStatus.choices]

    @property
    def everybody(self) -> bool:
        """True where one press may say that all the others came."""
        notified = self.record.state not in BEFORE_NOTICE
        return notified and any(who.row.status == AttendanceStatus.INVITED for who in self.rows)

    def _add(self, who: Attendee) -> None:
        guest = who.row.status in NOT_MEMBERS
        choices = [c for c in self.choices if (c[0] in NOT_MEMBERS) == guest]
        name = f"{who.title}　{who.name}"  # the space that documents print between title and name
        self.fields[f"status_{who.row.pk}"] = forms.ChoiceField(label=name, choices=choices, initial=who.row.status)
        if guest:
            return
        for field, label in DELEGATE.items():
            self.fields[f"{field}_{who.row.pk}"] = forms.CharField(
                label=label % {"name": name},
                required=False,
                max_length=120,
                initial=getattr(who.row, field),
                widget=forms.TextInput(attrs={"placeholder": HINTS[field]}),
            )

    def lines(self) -> list[dict[str, Any]]:
        """The fields of each row, for the page."""
        return [
            {
                "who": who,
                "status": self[f"status_{who.row.pk}"],
                "delegate": [self[f"{f}_{who.row.pk}"] for f in DELEGATE if f"{f}_{who.row.pk}" in self.fields],
            }
            for who in self.rows
        ]

    def answers(self) -> list[tuple[Attendee, dict[str, str]]]:
        """The rows whose answer changed."""
        found = []
        for who in self.rows:
            given = {f: self.cleaned_data.get(f"{f}_{who.row.pk}", "").strip() for f in FIELDS}
            if EVERYBODY in self.data and given["status"] == AttendanceStatus.INVITED:
                given["status"] = AttendanceStatus.ATTENDS
            if given["status"] != AttendanceStatus.DELEGATE:
                given["delegate_name"] = given["delegate_title"] = ""
            if given != {f: getattr(who.row, f) for f in FIELDS}:
                found.append((who, given))
        return found

    def clean(self) -> dict[str, Any]:
        """Whoever sends a delegate names one, at the right line."""
        data: dict[str, Any] = super().clean() or {}
        for who in self.rows:
            named = data.get(f"delegate_name_{who.row.pk}", "").strip()
            if data.get(f"status_{who.row.pk}") == AttendanceStatus.DELEGATE and not named:
                self.add_error(f"delegate_name_{who.row.pk}", _("Name the delegate."))
        return data


class RollView(AttendanceView):
    """Record replies, or who came."""

    form_class = RollForm
    template_name = "meetings/roll.html"
    route = "roll/<int:pk>/"
    url_name = "roll"
    button = _("Record the attendance")

    def may(self) -> bool:
        """Clerks, and who answers for the own department."""
        return super().may() or bool(may_answer(self.object, self.person, attendees(self.object)))

    done = _("The attendance has been recorded.")

    def perform(self, form: Any) -> None:
        """Save the changed answers, all or none."""
        answers, version = form.answers(), form.cleaned_data["version"]
        if not answers:
            raise Refused(_("Nothing was changed."), code="nothing_changed")
        with transaction.atomic():
            for who, given in answers:
                set_attendance(who.row, by=self.person, version=version, **given)
                version = None


class DrawView(AttendanceView):
    """Invite whom the regulation names."""

    route = "draw/<int:pk>/"
    url_name = "draw"
    button = _("Draw the attendance as the regulation says")
    done = _("Whoever was missing has been invited.")
    note = _("Posts that attend, and the departments of the topics on the agenda. Nobody is taken off.")

    def perform(self, form: Any) -> None:
        """Add who is missing."""
        draw_attendance(self.object, by=self.person, version=form.cleaned_data["version"])


ATTENDANCE_OPERATIONS = (RollView, DrawView)
