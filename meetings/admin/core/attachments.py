"""Files attached to records: upload, removal and download.

- `AttachView` and `RemoveAttachmentView` are operations of every record's viewset.
- `download` is the only view that sends files of the private storage. It sends a file only to a person who can see its
  record, and always as a download, so that browsers never render it.
- `files_of(record, person)` returns the rows of `meetings/parts/attachments.html`.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from meetings.admin.core.access_log import note_download, note_out_of_reach
from meetings.admin.core.file_field import FilesField
from meetings.admin.core.guard import seen_by
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.models import Attachment, Person
from meetings.models.record_types import FileOwner
from meetings.operations.attachment import attach, remove_attachment
from meetings.rules.attachment import FILE_TYPES, extension_list, manages_files, max_file_size, why_files_locked

T = TypeVar("T", bound=FileOwner)


@dataclass(frozen=True)
class FileRow:
    """An attachment with its URLs; `remove_url` is empty if the person may not remove it."""

    attachment: Attachment
    url: str
    remove_url: str = ""


def files_of(record: FileOwner, person: Person) -> tuple[list[FileRow], str]:
    """Return the files of a record, and the URL of the upload form (empty if the person may not add files).

    Scans of signatures are left out; they are shown with the approvals.
    """
    name, may_edit = record._meta.model_name, why_files_locked(person, record) is None
    rows = record.attachments.filter(removed_at=None, is_scan=False).select_related("uploaded_by")
    found = [
        FileRow(row, file_url(row), reverse(f"{name}:remove_attachment", args=[record.pk, row.pk]) if may_edit else "")
        for row in rows
    ]
    return found, reverse(f"{name}:attach", args=[record.pk]) if may_edit else ""


def file_url(attachment: Attachment) -> str:
    """Return the download URL of an attachment."""
    return reverse("records_download", args=[attachment.pk])


@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Send a file to a person who can see its record; 404 for everybody else and for removed files."""
    row = seen_by(request.user, Attachment).filter(removed_at=None, pk=pk).first()
    if row is None:
        note_out_of_reach(request, Attachment, pk)
        raise Http404
    note_download(request, row.name, row.target)
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def urls() -> list[URLPattern]:
    """Return the URL pattern of the download, to be placed below the admin and its login."""
    return [path("records/files/<int:pk>/", download, name="records_download")]


class AttachForm(OperationForm):
    """Files to attach to the record."""

    files: Any = FilesField(label=_("Files"))

    def build(self) -> None:
        kinds = extension_list(FILE_TYPES)
        help_text = _("%(kinds)s; at most %(most)s MB each. Several at once are possible.")
        self.fields["files"].help_text = help_text % {"kinds": kinds, "most": max_file_size() // 1024**2}


class FileOperationView(OperationView[T]):
    """An operation on the files of a record."""

    def has_permission(self) -> bool:
        return manages_files(self.person, self.object)


class AttachView(FileOperationView[T]):
    """Attach files to a record."""

    form_class = AttachForm
    route = "attach/<int:pk>/"
    url_name = "attach"
    button = _("Attach files")
    done = _("The files are attached.")
    anchor = "attachments"

    def perform(self, form: OperationForm) -> None:
        """Attach all of the files, or none if one is refused."""
        attach(self.object, by=self.person, files=form.cleaned_data["files"])


class RemoveAttachmentView(FileOperationView[T]):
    """Remove a file from a record."""

    route = "remove-attachment/<int:pk>/<int:part>/"
    url_name = "remove_attachment"
    part = "attachments"
    button = _("Take the file out")
    done = _("The file has been taken out.")
    anchor = "attachments"
    note = _("It disappears from the record; that it was there stays in the log.")

    def perform(self, form: OperationForm) -> None:
        remove_attachment(self.part_object, by=self.person)


FILE_OPERATIONS = (AttachView, RemoveAttachmentView)
