"""Files of records: put in, taken out, and sent only to whoever may know of them.

Key concepts
- `AttachView`, `RemoveAttachmentView`: operations of every record's viewset.
- `download`: the one door to the private storage; always a download, never shown by the browser.
- `files_of(record, person)`: the rows of `meetings/parts/attachments.html`.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from meetings.admin.core.access_log import note_download, note_out_of_reach
from meetings.admin.core.file_field import FilesField
from meetings.admin.core.guard import seen_by
from meetings.admin.core.operation import OperationForm, OperationView
from meetings.models import Attachment, Person
from meetings.operations.attachment import attach, remove_attachment
from meetings.rules.attachment import FILE_TYPES, extension_list, manages_files, max_file_size, why_files_locked


@dataclass(frozen=True)
class FileRow:
    """A file with the ways to it; `remove_url` is empty for whoever may not take it out."""

    attachment: Attachment
    url: str
    remove_url: str = ""


def files_of(record: Any, person: Person) -> tuple[list[FileRow], str]:
    """The files of a record, and the address to add some (empty for whoever may not).

    Scans of signatures are shown with the approvals instead.
    """
    name, may = record._meta.model_name, why_files_locked(person, record) is None
    rows = record.attachments.filter(removed_at=None, is_scan=False).select_related("uploaded_by")
    found = [
        FileRow(row, file_url(row), reverse(f"{name}:remove_attachment", args=[record.pk, row.pk]) if may else "")
        for row in rows
    ]
    return found, reverse(f"{name}:attach", args=[record.pk]) if may else ""


def file_url(attachment: Attachment) -> str:
    """The address of a file."""
    return reverse("records_download", args=[attachment.pk])


@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Send a file to whoever may know of it; 404 for everybody else, and for what was taken out."""
    row = seen_by(request.user, Attachment).filter(removed_at=None, pk=pk).first()
    if row is None:
        note_out_of_reach(request, Attachment, pk)
        raise Http404
    note_download(request, row.name, row.target)
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def urls() -> list[Any]:
    """The download, below the admin and its login."""
    return [path("records/files/<int:pk>/", download, name="records_download")]


class AttachForm(OperationForm):
    """Files to put with the record."""

    files: Any = FilesField(label=_("Files"))

    def build(self) -> None:
        """Say what is accepted."""
        kinds = extension_list(FILE_TYPES)
        told = _("%(kinds)s; at most %(most)s MB each. Several at once are possible.")
        self.fields["files"].help_text = told % {"kinds": kinds, "most": max_file_size() // 1024**2}


class FileOperationView(OperationView):
    """An operation on the files of a record."""

    def may(self) -> bool:
        """Whoever adds and removes files of such a record while it is open."""
        return manages_files(self.person, self.object)


class AttachView(FileOperationView):
    """Put files with a record."""

    form_class: type[forms.Form] = AttachForm
    route = "attach/<int:pk>/"
    url_name = "attach"
    button = _("Attach files")
    done = _("The files are attached.")
    anchor = "attachments"

    def perform(self, form: Any) -> None:
        """All of them or none."""
        attach(self.object, by=self.person, files=form.cleaned_data["files"])


class RemoveAttachmentView(FileOperationView):
    """Take a file out of a record."""

    route = "remove-attachment/<int:pk>/<int:part>/"
    url_name = "remove_attachment"
    part = "attachments"
    button = _("Take the file out")
    done = _("The file has been taken out.")
    anchor = "attachments"
    note = _("It disappears from the record; that it was there stays in the log.")

    def perform(self, form: Any) -> None:
        """Mark it."""
        remove_attachment(self.part_object, by=self.person)


FILE_OPERATIONS = (AttachView, RemoveAttachmentView)
