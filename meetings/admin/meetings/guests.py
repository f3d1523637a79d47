"""Guests and other attendees: invited before the meeting, recorded after it, or removed from the list (`C 5(3)`).

`GuestView` and `RemoveGuestView` serve the preparation. `UninvitedView` records who came to a held meeting uninvited.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.choices import TenureField
from meetings.admin.core.forms import offer_rows
from meetings.admin.core.operation import OperationForm
from meetings.admin.meetings.attendance import AttendanceView
from meetings.enums import AttendanceStatus, MeetingState
from meetings.models import Meeting, Tenure
from meetings.operations.attendance import add_guest, record_attendee, remove_attendance
from meetings.queries.meeting import NOT_MEMBERS
from meetings.queries.minutes import attendance_is_closed
from meetings.queries.people import clerk_conference_ids, tenures


class GuestForm(OperationForm):
    """The form of a guest or of an attendee without vote."""

    name = forms.CharField(label=_("Name"), max_length=40)
    title = forms.CharField(label=_("Title or unit"), max_length=120, required=False)
    status = forms.ChoiceField(
        label=_("Attends as"),
        choices=[choice for choice in AttendanceStatus.choices if choice[0] in NOT_MEMBERS],
        initial=AttendanceStatus.GUEST,
        widget=forms.RadioSelect,
    )


class GuestView(AttendanceView):
    """The view that invites a guest (`C 5(3)`)."""

    form_class = GuestForm
    route = "guest/<int:pk>/"
    url_name = "guest"
    button = _("Invite a guest")
    done = _("The guest has been invited.")

    def perform(self, form: OperationForm) -> None:
        add_guest(self.object, by=self.person, version=form.cleaned_data["version"], **form.values())


class UninvitedForm(OperationForm):
    """The form of an uninvited attendee: by post or by name, with the reason."""

    record: Meeting

    post: Any = TenureField(
        label=_("Holder of a post"),
        queryset=Tenure.objects.none(),
        required=False,
        help_text=_("Under the name and title of the day. Leave empty for a guest."),
    )
    name = forms.CharField(label=_("Name of the guest"), max_length=40, required=False)
    title = forms.CharField(label=_("Title or unit"), max_length=120, required=False)
    status = forms.ChoiceField(
        label=_("Attended as"),
        choices=[c for c in AttendanceStatus.choices if c[0] in {AttendanceStatus.ATTENDS, *NOT_MEMBERS}],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("How it came"), max_length=200, help_text=_("Why nobody was asked before; it stays in the log.")
    )

    def build(self) -> None:
        """Offer those who held a post of the conference on the day and are not in the attendance."""
        recorded_posts = self.record.attendance.filter(post__isnull=False).values("post")
        holders = tenures(self.record.conference, on=self.record.day)
        offer_rows(self, "post", holders.exclude(post__in=recorded_posts))

    def clean(self) -> None:
        """Require either a post or a name, not both."""
        super().clean()
        data = self.cleaned_data
        if data.get("post") and data.get("name", "").strip():
            self.add_error("name", _("Choose a post, or give a name; not both."))
        if not data.get("post") and not data.get("name", "").strip():
            self.add_error("name", _("Choose a post, or give the name of the guest."))

    def values(self) -> dict[str, Any]:
        """Return the values with the post of the chosen tenure."""
        values = super().values()
        return {**values, "post": values["post"].post if values["post"] else None}


class UninvitedView(AttendanceView):
    """The view that records who came uninvited; it does not change the settlement (`Y 2(3)`, `C 5(3)`)."""

    form_class = UninvitedForm
    route = "came/<int:pk>/"
    url_name = "came"
    button = _("Record who came uninvited")
    done = _("They stand in the attendance. Draft the minutes again to have them in the text.")

    def has_permission(self) -> bool:
        """Return True for clerks of a held meeting, until its minutes are issued and while a correction is written."""
        meeting = self.object
        held = meeting.state == MeetingState.HELD and meeting.conference_id in clerk_conference_ids(self.person)
        return held and not attendance_is_closed(meeting)

    def perform(self, form: OperationForm) -> None:
        record_attendee(self.object, by=self.person, version=form.cleaned_data["version"], **form.values())


class RemoveGuestView(AttendanceView):
    """The view that removes somebody from the list."""

    route = "remove-attendance/<int:pk>/<int:part>/"
    url_name = "remove_attendance"
    part = "attendance"
    button = _("Take off the list")
    done = _("They are no longer invited.")

    def perform(self, form: OperationForm) -> None:
        remove_attendance(self.part_object, by=self.person, version=form.cleaned_data["version"])


GUEST_OPERATIONS = (GuestView, UninvitedView, RemoveGuestView)
