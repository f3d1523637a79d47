"""Views for the documents of a meeting: notice, sign-in sheet, ledger, follow-up report, archive.

`MEETING_DOCUMENTS` are the views, `meeting_downloads(meeting, …)` returns what the page of the meeting offers.
"""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.admin.core.access_log import note_document
from meetings.admin.core.downloads import DocumentLinks, DocumentView, word_and_excel_links, word_link
from meetings.admin.core.guard import seen_by
from meetings.admin.minutes.documents import minutes_downloads
from meetings.documents.archive import make_archive
from meetings.documents.base import GeneratedFile
from meetings.documents.follow_up_report import make_follow_up_report
from meetings.documents.ledger import make_ledger
from meetings.documents.ledger_sheet import make_ledger_sheet
from meetings.documents.notice import make_notice
from meetings.documents.sign_in import make_sign_in
from meetings.enums import DocumentKind, MeetingState
from meetings.models import Meeting, Minutes, Person, Resolution
from meetings.queries.meeting import earlier_meetings
from meetings.queries.minutes import minutes_of
from meetings.queries.resolution import without_amendments
from meetings.queries.visibility import oversees


def sees_whole_meeting(person: Person, meeting: Meeting) -> bool:
    """Return True for staff of the conference and auditors; a liaison sees only the items of their own department."""
    return oversees(person, meeting.conference_id)


class NoticeFileView(DocumentView):
    """The notice with agenda, materials and reply slip."""

    route = "notice-file/<int:pk>/"
    url_name = "notice_file"

    def make(self) -> GeneratedFile:
        return make_notice(self.object)


class SignInView(DocumentView):
    """The sign-in sheet."""

    route = "sign-in/<int:pk>/"
    url_name = "sign_in"

    def make(self) -> GeneratedFile:
        return make_sign_in(self.object)


class FollowUpReportView(DocumentView):
    """The report on the resolutions of earlier meetings."""

    route = "follow-up-report/<int:pk>/"
    url_name = "follow_up_report"

    def has_permission(self) -> bool:
        """Return True for people who see the whole meeting: the report names the items of every department."""
        return sees_whole_meeting(self.person, self.object)

    def make(self) -> GeneratedFile:
        return make_follow_up_report(self.object)


class MeetingLedgerView(DocumentView):
    """The ledger of the resolutions of this meeting that the person may see."""

    route = "ledger/<int:pk>/"
    url_name = "ledger"
    maker = staticmethod(make_ledger)

    def rows(self) -> QuerySet[Resolution]:
        """Return the resolutions of the meeting that the person may see, in order."""
        rows = seen_by(self.person, Resolution).filter(minutes=minutes_of(self.object))
        return without_amendments(rows).order_by("order", "pk")

    def make(self) -> GeneratedFile:
        meeting: Meeting = self.object
        return self.maker(self.rows(), title=f"{meeting}议定事项台账", conference=meeting.conference)


class MeetingLedgerSheetView(MeetingLedgerView):
    """The same ledger as a spreadsheet."""

    route = "ledger-sheet/<int:pk>/"
    url_name = "ledger_sheet"
    maker = staticmethod(make_ledger_sheet)


class ArchiveView(DocumentView):
    """All documents and files of the meeting as one zip, for the office's own archive."""

    route = "archive/<int:pk>/"
    url_name = "archive"

    def has_permission(self) -> bool:
        """Return True for people who see the whole meeting: the zip has the items of every department, and the log."""
        return sees_whole_meeting(self.person, self.object)

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> FileResponse:
        """Stream the zip from its temporary file."""
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


def meeting_downloads(
    meeting: Meeting, person: Person, minutes: Minutes | None, resolutions: Sequence[Resolution]
) -> list[DocumentLinks]:
    """Return the documents that the page of the meeting offers: those with content that the person may have."""

    def url(name: str) -> str:
        return reverse(f"meeting:{name}", args=[meeting.pk])

    downloads = [
        word_link(DocumentKind.NOTICE, url("notice_file")),
        word_link(DocumentKind.SIGN_IN, url("sign_in")),
    ]
    if sees_whole_meeting(person, meeting) and earlier_meetings(meeting).exists():
        downloads.append(word_link(DocumentKind.FOLLOW_UP_REPORT, url("follow_up_report")))
    if minutes is not None:
        downloads += minutes_downloads(minutes)
    if resolutions:
        downloads.append(word_and_excel_links(DocumentKind.LEDGER, url("ledger"), url("ledger_sheet")))
    if meeting.state == MeetingState.HELD and sees_whole_meeting(person, meeting):
        downloads.append(DocumentLinks(_("Archive package"), (("ZIP", url("archive")),)))
    return downloads
