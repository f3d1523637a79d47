"""Documents made from the records, sent as files to whoever may see the record.

Key concepts
- `DocumentView`: one document of one record; refused, it leads back to the record with the reason.
- `sent(request, made, about)`: the file as an answer, noted in the access log.
- `Paper`: a document as a page offers it, in one or two formats.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from meetings.admin.core.access_log import note_document, note_refusal
from meetings.admin.core.operation import Placed
from meetings.admin.core.record_urls import url_of
from meetings.documents.base import GeneratedFile
from meetings.models import Person
from meetings.refusal import Refused


@dataclass(frozen=True)
class Paper:
    """A document with the ways to it: the name of each format and its address."""

    label: Any
    files: tuple[tuple[str, str], ...]


def word(label: Any, url: str) -> Paper:
    """A document that comes as a Word file."""
    return Paper(label, (("Word", url),))


def word_and_excel(label: Any, word_url: str, excel_url: str) -> Paper:
    """A list that comes as a Word file and as a spreadsheet."""
    return Paper(label, (("Word", word_url), ("Excel", excel_url)))


def sent(request: HttpRequest, made: GeneratedFile, about: Any) -> HttpResponse:
    """The file as a download that nobody keeps; the access log tells who took it."""
    note_document(request, made.name, about)
    response = HttpResponse(made.content, content_type=made.type)
    response["Content-Disposition"] = content_disposition_header(True, made.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def told_instead(request: HttpRequest, refused: Refused, back: str, about: Any = None) -> HttpResponse:
    """The page that one came from, with the reasons why there is no document."""
    note_refusal(request, refused, about)
    for reason in refused.reasons:
        messages.error(request, reason)
    return HttpResponseRedirect(back)


class DocumentView(Placed, PermissionCheckedMixin, BaseObjectMixin, View):
    """One document of one record."""

    permission_required: Any = "view"
    http_method_names = ["get"]

    @property
    def person(self) -> Person:
        """Who asks; the admin is for people."""
        return cast(Person, self.request.user)

    def may(self) -> bool:
        """True if this person may have the document, beside seeing the record."""
        return True

    def make(self) -> GeneratedFile:
        """The document; `Refused` says why there is none."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Not for whoever may not have it."""
        if not self.may():
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it."""
        try:
            return sent(request, self.make(), self.object)
        except Refused as refused:
            return told_instead(request, refused, url_of(self.object), self.object)
