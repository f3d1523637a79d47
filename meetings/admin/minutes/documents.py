"""The documents of a meeting and of its minutes: notice, sign-in sheet, minutes, ledger, follow-up report.

Key concepts
- `papers_of_meeting(meeting, …)`, `papers_of_minutes(minutes)`: what their pages offer.
- `tells_all(person, meeting)`: may the person have what names matters of every department?
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.access_log import note_document
from meetings.admin.core.downloads import DocumentView, Paper, word, word_and_excel
from meetings.admin.core.guard import seen_by
from meetings.documents.archive import make_archive
from meetings.documents.base import Made
from meetings.documents.follow_up_report import make_follow_up_report
from meetings.documents.ledger import make_ledger
from meetings.documents.ledger_sheet import make_ledger_sheet
from meetings.documents.minutes import make_minutes
from meetings.documents.notice import make_notice
from meetings.documents.sign_in import make_sign_in
from meetings.enums import MeetingState
from meetings.models import Meeting, Minutes, Person, Resolution
from meetings.queries.meeting import earlier
from meetings.queries.minutes import minutes_of
from meetings.queries.resolution import by_themselves
from meetings.queries.visibility import supervised


def tells_all(person: Person, meeting: Meeting) -> bool:
    """True for the staff of the conference and for auditors: a liaison knows of the own department's matters alone."""
    return supervised(person).filter(pk=meeting.conference_id).exists()


class NoticeFileView(DocumentView):
    """The notice with agenda, materials and reply slip."""

    route = "notice-file/<int:pk>/"
    url_name = "notice_file"

    def make(self) -> Made:
        """The Word file."""
        return make_notice(self.object)


class SignInView(DocumentView):
    """The sign-in sheet."""

    route = "sign-in/<int:pk>/"
    url_name = "sign_in"

    def make(self) -> Made:
        """The Word file."""
        return make_sign_in(self.object)


class FollowUpReportView(DocumentView):
    """What became of what was settled before this meeting."""

    route = "follow-up-report/<int:pk>/"
    url_name = "follow_up_report"

    def may(self) -> bool:
        """It names the matters of every department."""
        return tells_all(self.person, self.object)

    def make(self) -> Made:
        """The Word file."""
        return make_follow_up_report(self.object)


class MeetingLedgerView(DocumentView):
    """What this meeting settled, as far as the person may know of it."""

    route = "ledger/<int:pk>/"
    url_name = "ledger"
    maker = staticmethod(make_ledger)

    def rows(self) -> QuerySet[Resolution]:
        """The resolutions of the meeting in sight, in order."""
        rows = seen_by(self.person, Resolution).filter(minutes=minutes_of(self.object))
        return by_themselves(rows).order_by("order", "pk")

    def make(self) -> Made:
        """The file."""
        meeting: Meeting = self.object
        return self.maker(self.rows(), title=f"{meeting}议定事项台账", conference=meeting.conference)


class MeetingLedgerSheetView(MeetingLedgerView):
    """The same as a spreadsheet."""

    route = "ledger-sheet/<int:pk>/"
    url_name = "ledger_sheet"
    maker = staticmethod(make_ledger_sheet)


class MinutesFileView(DocumentView):
    """The minutes."""

    route = "file/<int:pk>/"
    url_name = "file"

    def make(self) -> Made:
        """The Word file."""
        return make_minutes(self.object)


class ArchiveView(DocumentView):
    """The whole file of the meeting as one zip, for the office's own files."""

    route = "archive/<int:pk>/"
    url_name = "archive"

    def may(self) -> bool:
        """It holds the matters of every department, and the log."""
        return tells_all(self.person, self.object)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Send it from where it was put together."""
        name, file = make_archive(self.object)
        note_document(request, name, self.object)
        response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response


MEETING_DOCUMENTS = (
    NoticeFileView,
    SignInView,
    FollowUpReportView,
    MeetingLedgerView,
    MeetingLedgerSheetView,
    ArchiveView,
)


def papers_of_minutes(minutes: Minutes) -> list[Paper]:
    """The minutes themselves."""
    return [word(_("Minutes"), reverse("minutes:file", args=[minutes.pk]))]


def papers_of_meeting(
    meeting: Meeting, person: Person, minutes: Minutes | None, resolutions: Sequence[Resolution]
) -> list[Paper]:
    """What the workspace offers: only what there is something to say in, to whoever may have it."""

    def url(name: str) -> str:
        return reverse(f"meeting:{name}", args=[meeting.pk])

    papers = [word(_("Meeting notice"), url("notice_file")), word(_("Sign-in sheet"), url("sign_in"))]
    if tells_all(person, meeting) and earlier(meeting).exists():
        papers.append(word(_("Follow-up report"), url("follow_up_report")))
    if minutes is not None:
        papers += papers_of_minutes(minutes)
    if resolutions:
        papers.append(word_and_excel(_("List of resolutions"), url("ledger"), url("ledger_sheet")))
    if meeting.state == MeetingState.HELD and tells_all(person, meeting):
        papers.append(Paper(_("Archive package"), (("ZIP", url("archive")),)))
    return papers
