"""What the access log hears of the staff's pages: refusals, exports, downloads.

Whatever is not noted here, the middleware of the portal notes by what was answered. A refusal is written after its
operation was rolled back.
"""

from collections.abc import Sized
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from meetings.enums import AccessKind
from meetings.models import JointConference, Person
from meetings.models.log import conference_in_log
from meetings.operations.access import note_access
from meetings.refusal import Refused


def note_refusal(request: HttpRequest, refused: Refused, record: Any = None) -> None:
    """Note the reasons that a person was given; `record` is what it was about, saved or not."""
    told = "；".join(refused.reasons)
    _note(request, AccessKind.REFUSED, f"{record}：{told}" if record is not None and record.pk else told, record)


def note_out_of_reach(request: HttpRequest, model: type[Model], pk: Any) -> None:
    """Note that a person asked for a record without being allowed to; its conference hears of it, not its name."""
    sought = model._default_manager.filter(pk=pk).first()
    words = {"kind": model._meta.verbose_name, "number": pk}
    told = _("%(kind)s %(number)s: not there, or not open to this person") % words
    _note(request, AccessKind.REFUSED, told, sought)


def note_denied(request: HttpRequest, record: Any) -> None:
    """Note that a person asked for more than the rights to a record, or to a list, allow."""
    told = _("No right to this page")
    _note(request, AccessKind.REFUSED, f"{record}：{told}" if record is not None else told, record)


def note_export(request: HttpRequest, title: str, rows: Sized, kind: str, conference: JointConference | None) -> None:
    """Note that a list left the portal as a spreadsheet, with how many rows; its address tells the filters."""
    words = {"title": title, "kind": kind, "count": len(rows)}
    told = _("%(title)s (%(kind)s, %(count)s rows)") % words
    _note(request, AccessKind.EXPORT, told, conference, path=request.get_full_path())


def note_document(request: HttpRequest, name: str, about: Any) -> None:
    """Note that a document made from the records left the portal; `about` is its record or its conference."""
    _note(request, AccessKind.EXPORT, name, about)


def note_download(request: HttpRequest, name: str, record: Any) -> None:
    """Note that a file left the portal, and of which record it is."""
    _note(request, AccessKind.DOWNLOAD, f"{name}（{record}）", record)


def _note(request: HttpRequest, kind: AccessKind, what: str, about: Any, **more: Any) -> None:
    if isinstance(request.user, Person):
        note_access(kind, person=request.user, what=what, conference=conference_in_log(about), **more)
