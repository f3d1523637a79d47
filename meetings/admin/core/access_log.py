"""Write entries of the access log for the staff's pages: refusals, exports, downloads.

Refusals and downloads that are not logged here are logged by the portal's middleware, which looks at the response. A
refusal is logged after its operation was rolled back, so that the entry stays.
"""

from collections.abc import Sized

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from meetings.enums import AccessKind
from meetings.models import JointConference, Person
from meetings.models.log import conference_in_log
from meetings.operations.access import note_access
from meetings.refusal import Refused


def note_refusal(request: HttpRequest, refused: Refused, record: Model | None = None) -> None:
    """Log the reasons of a refusal that was shown to the person; `record` is its subject, saved or not."""
    message = "；".join(refused.reasons)
    _note(request, AccessKind.REFUSED, f"{record}：{message}" if record is not None and record.pk else message, record)


def note_out_of_reach(request: HttpRequest, model: type[Model], pk: object) -> None:
    """Log a request for a record that does not exist or is not visible to the person.

    The entry belongs to the record's conference, but does not contain the record's name.
    """
    sought = model._default_manager.filter(pk=pk).first()
    values = {"kind": model._meta.verbose_name, "number": pk}
    message = _("%(kind)s %(number)s: not there, or not open to this person") % values
    _note(request, AccessKind.REFUSED, message, sought)


def note_denied(request: HttpRequest, record: Model | None) -> None:
    """Log a request that the person's rights to a visible record, or to a list (`record` is None), do not allow."""
    message = _("No right to this page")
    _note(request, AccessKind.REFUSED, f"{record}：{message}" if record is not None else message, record)


def note_export(request: HttpRequest, title: str, rows: Sized, kind: str, conference: JointConference | None) -> None:
    """Log the export of a list as a spreadsheet, with the number of rows; the logged path contains the filters."""
    values = {"title": title, "kind": kind, "count": len(rows)}
    message = _("%(title)s (%(kind)s, %(count)s rows)") % values
    _note(request, AccessKind.EXPORT, message, conference, path=request.get_full_path())


def note_document(request: HttpRequest, name: str, about: Model | None) -> None:
    """Log the download of a document made from the records; `about` is its record or its conference."""
    _note(request, AccessKind.EXPORT, name, about)


def note_download(request: HttpRequest, name: str, record: Model | None) -> None:
    """Log the download of a stored file of `record`."""
    _note(request, AccessKind.DOWNLOAD, f"{name}（{record}）", record)


def _note(request: HttpRequest, kind: AccessKind, what: str, about: Model | None, **more: str) -> None:
    if isinstance(request.user, Person):
        note_access(kind, person=request.user, what=what, conference=conference_in_log(about), **more)
