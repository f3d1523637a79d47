"""Downloads of documents that are generated from the records, for persons who can see the record.

- `DocumentView` sends one document of one record; on a refusal it redirects to the record and shows the reasons.
- `file_response(request, made, about)` sends the file and writes the access log.
- `DocumentLinks` describes a document that a page offers, in one or more formats.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from meetings.admin.core.access_log import note_document, note_refusal
from meetings.admin.core.operation import RoutedView
from meetings.admin.core.permitted import PermittedView
from meetings.admin.core.record_urls import url_of
from meetings.documents.base import GeneratedFile
from meetings.enums import DocumentKind
from meetings.refusal import Refused
from meetings.types import StrOrPromise


@dataclass(frozen=True)
class DocumentLinks:
    """A document on offer: its label, and the name and URL of each format."""

    label: StrOrPromise
    files: tuple[tuple[str, str], ...]


def word_link(kind: DocumentKind, url: str, *, label: str = "") -> DocumentLinks:
    """Return the link to a Word file; `label` tells several documents of one kind apart."""
    return DocumentLinks(label or kind.label, (("Word", url),))


def word_and_excel_links(kind: DocumentKind, word_url: str, excel_url: str) -> DocumentLinks:
    """Return the links to a list that is available as a Word file and as a spreadsheet."""
    return DocumentLinks(kind.label, (("Word", word_url), ("Excel", excel_url)))


def file_response(request: HttpRequest, made: GeneratedFile, about: Model | None) -> HttpResponse:
    """Return the file as a download that no cache stores, and log it in the access log."""
    note_document(request, made.name, about)
    response = HttpResponse(made.content, content_type=made.type)
    response["Content-Disposition"] = content_disposition_header(True, made.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def redirect_with_reasons(
    request: HttpRequest, refused: Refused, back: str, about: Model | None = None
) -> HttpResponse:
    """Log a refusal and redirect to `back`, where the reasons are shown as messages."""
    note_refusal(request, refused, about)
    for reason in refused.reasons:
        messages.error(request, reason)
    return HttpResponseRedirect(back)


class DocumentView(RoutedView, PermittedView, PermissionCheckedMixin, BaseObjectMixin, View):
    """A view that sends one document of one record."""

    permission_required: Any = "view"
    http_method_names = ["get"]

    def make(self) -> GeneratedFile:
        """Generate the document; raise `Refused` if it cannot be generated."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Send the document, or redirect to the record with the reasons."""
        try:
            return file_response(request, self.make(), self.object)
        except Refused as refused:
            return redirect_with_reasons(request, refused, url_of(self.object), self.object)
