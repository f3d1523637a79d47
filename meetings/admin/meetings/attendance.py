"""The attendance on the page of a meeting: invitations, replies, and who came (`Y 2(3)`, `C 5(3)`).

Main classes and functions:
- `RollView` shows all rows for which the person may answer on one page: every row for a clerk, those of
  their own department for a liaison.
- `DrawView` invites the people whom the regulation names. Guests are in `meetings.admin.meetings.guests`.
- `answerable_rows(meeting, person, rows)` returns the rows for which the person may answer now.
"""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.operation import ClerkOperationView, OperationForm
from meetings.enums import AttendanceStatus, MeetingState
from meetings.models import Meeting, Person
from meetings.operations.attendance import draw_attendance, set_attendance
from meetings.queries.meeting import NOT_MEMBERS, Attendee, attendees
from meetings.queries.minutes import attendance_is_closed
from meetings.queries.people import clerk_conference_ids
from meetings.queries.reach import reach_of
from meetings.refusal import Refused
from meetings.types import StrOrPromise

DELEGATE = {"delegate_name": _("Delegate of %(name)s"), "delegate_title": _("Title of the delegate of %(name)s")}
HINTS = {"delegate_name": _("Delegate"), "delegate_title": _("Title of the delegate")}
FIELDS = ("status", *DELEGATE)
EVERYBODY = "everybody"  # name of the button that records everybody without a reply as attending
BEFORE_NOTICE = (MeetingState.PLANNED, MeetingState.SETTLED)


def answerable_rows(meeting: Meeting, person: Person, rows: list[Attendee]) -> list[Attendee]:
    """Return those of `rows` for which the person may answer now.

    A clerk may answer for all rows, unless the minutes are issued and no correction is being written. A liaison may
    answer for their own department while the meeting is notified.
    """
    if meeting.conference_id in clerk_conference_ids(person):
        return [] if attendance_is_closed(meeting) else rows
    if meeting.state != MeetingState.NOTIFIED:
        return []
    own = reach_of(person).departments_in(meeting.conference_id)
    return [attendee for attendee in rows if attendee.row.department_id in own]


class AttendanceView(ClerkOperationView[Meeting]):
    """The base of the operations on the attendance; after success they redirect to it."""

    anchor = "attendance"


class RollForm(OperationForm):
    """The replies: per invited person how they attend, and the delegate if there is one."""

    record: Meeting

    def build(self) -> None:
        for attendee in self.rows:
            self._add_fields(attendee)

    @cached_property
    def rows(self) -> list[Attendee]:
        """Return the rows for which the person may answer."""
        return answerable_rows(self.record, self.person, attendees(self.record))

    @cached_property
    def choices(self) -> list[tuple[str, StrOrPromise]]:
        """Return the kinds of attendance; before the notice, “invited” is labelled “not notified yet”."""
        named = {AttendanceStatus.INVITED.value: _("Not notified yet")} if self.record.state in BEFORE_NOTICE else {}
        return [(value, named.get(value, label)) for value, label in AttendanceStatus.choices]

    @property
    def can_mark_all_present(self) -> bool:
        """Return True if the button is offered that records everybody without a reply as attending."""
        notified = self.record.state not in BEFORE_NOTICE
        return notified and any(attendee.row.status == AttendanceStatus.INVITED for attendee in self.rows)

    def _add_fields(self, attendee: Attendee) -> None:
        guest = attendee.row.status in NOT_MEMBERS
        choices = [c for c in self.choices if (c[0] in NOT_MEMBERS) == guest]
        name = f"{attendee.title}　{attendee.name}"  # the ideographic space that documents print here
        self.fields[f"status_{attendee.row.pk}"] = forms.ChoiceField(
            label=name, choices=choices, initial=attendee.row.status
        )
        if guest:
            return
        for field, label in DELEGATE.items():
            self.fields[f"{field}_{attendee.row.pk}"] = forms.CharField(
                label=label % {"name": name},
                required=False,
                max_length=120,
                initial=getattr(attendee.row, field),
                widget=forms.TextInput(attrs={"placeholder": HINTS[field]}),
            )

    def lines(self) -> list[dict[str, object]]:
        """Return the bound fields of each row for the template."""
        return [
            {
                "attendee": attendee,
                "status": self[f"status_{attendee.row.pk}"],
                "delegate": [
                    self[f"{f}_{attendee.row.pk}"] for f in DELEGATE if f"{f}_{attendee.row.pk}" in self.fields
                ],
            }
            for attendee in self.rows
        ]

    def values(self) -> dict[str, Any]:
        """Return the rows whose answer changed, with the new values, as `answers`."""
        found = []
        for attendee in self.rows:
            given = {f: self.cleaned_data.get(f"{f}_{attendee.row.pk}", "").strip() for f in FIELDS}
            if EVERYBODY in self.data and given["status"] == AttendanceStatus.INVITED:
                given["status"] = AttendanceStatus.ATTENDS
            if given["status"] != AttendanceStatus.DELEGATE:
                given["delegate_name"] = given["delegate_title"] = ""
            if given != {f: getattr(attendee.row, f) for f in FIELDS}:
                found.append((attendee, given))
        return {"answers": found}

    def clean(self) -> None:
        """Require a name for each delegate; the error is shown at the field of the row."""
        super().clean()
        data = self.cleaned_data
        for attendee in self.rows:
            named = data.get(f"delegate_name_{attendee.row.pk}", "").strip()
            if data.get(f"status_{attendee.row.pk}") == AttendanceStatus.DELEGATE and not named:
                self.add_error(f"delegate_name_{attendee.row.pk}", _("Name the delegate."))


class RollView(AttendanceView):
    """The view in which replies and attendance are recorded."""

    form_class = RollForm
    template_name = "meetings/roll.html"
    route = "roll/<int:pk>/"
    url_name = "roll"
    button = _("Record the attendance")

    def has_permission(self) -> bool:
        """Return True for clerks and for a liaison who may answer for a row."""
        return super().has_permission() or bool(answerable_rows(self.object, self.person, attendees(self.object)))

    done = _("The attendance has been recorded.")

    def perform(self, form: OperationForm) -> None:
        """Save the changed answers in one transaction.

        Only the first write checks the version, because each write raises it.
        """
        answers, version = form.values()["answers"], form.cleaned_data["version"]
        if not answers:
            raise Refused(_("Nothing was changed."), code="nothing_changed")
        with transaction.atomic():
            for attendee, given in answers:
                set_attendance(attendee.row, by=self.person, version=version, **given)
                version = None


class DrawView(AttendanceView):
    """The view that invites the people whom the regulation names."""

    route = "draw/<int:pk>/"
    url_name = "draw"
    button = _("Draw the attendance as the regulation says")
    done = _("Whoever was missing has been invited.")
    note = _("Posts that attend, and the departments of the topics on the agenda. Nobody is taken off.")

    def perform(self, form: OperationForm) -> None:
        """Add those who are missing."""
        draw_attendance(self.object, by=self.person, version=form.cleaned_data["version"])


ATTENDANCE_OPERATIONS = (RollView, DrawView)
