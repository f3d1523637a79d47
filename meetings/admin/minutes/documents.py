"""The document of minutes: its view, and the link that the pages of the minutes and of the meeting offer."""

from django.urls import reverse

from meetings.admin.core.downloads import DocumentLinks, DocumentView, word_link
from meetings.documents.base import GeneratedFile
from meetings.documents.minutes import make_minutes
from meetings.enums import DocumentKind
from meetings.models import Minutes


class MinutesFileView(DocumentView):
    """The minutes."""

    route = "file/<int:pk>/"
    url_name = "file"

    def make(self) -> GeneratedFile:
        return make_minutes(self.object)


def minutes_downloads(minutes: Minutes) -> list[DocumentLinks]:
    """Return the minutes as a Word file."""
    return [word_link(DocumentKind.MINUTES, reverse("minutes:file", args=[minutes.pk]))]
