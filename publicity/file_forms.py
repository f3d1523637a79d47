"""The forms of pictures and documents in the admin.

They report a change that is refused while a page uses the file (`publicity.file_protection`) beside the field, and keep
the rest of the input.
"""

from typing import cast

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.forms import BaseForm
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from meetings.admin.core.forms import ask_files_again
from meetings.refusal import Refused
from publicity.file_cleaning import clean_document
from publicity.file_protection import PUBLIC_FIELDS, change_refusal
from publicity.models import Picture, PublicDocument


class ProtectedFileForm:
    """Mixin before Wagtail's forms: reports a change that `publicity.file_protection` would refuse."""

    instance: Picture | PublicDocument
    changed_data: list[str]

    def full_clean(self) -> None:
        """Check the form. If it is shown again, the file has to be chosen again."""
        super().full_clean()  # type: ignore[misc]  # provided by the form
        ask_files_again(cast(BaseForm, self))

    def clean(self) -> dict[str, object]:
        """Add an error to each field of which the public would see the change."""
        cleaned: dict[str, object] = super().clean()  # type: ignore[misc]  # provided by the form
        changed = [name for name in PUBLIC_FIELDS if name in self.changed_data]
        if self.instance.pk and changed and (reason := change_refusal(self.instance)):
            for name in changed:
                self.add_error(name, str(reason))  # type: ignore[attr-defined]  # provided by the form
        return cleaned


class PictureForm(ProtectedFileForm, BaseImageForm):
    """The form of a picture."""

    def save(self, commit: bool = True) -> Picture:
        """Save the picture, then make the sizes that public pages show, so that no reader waits for them."""
        picture: Picture = super().save(commit)  # it deletes the sizes of a former file
        if commit:
            picture.make_renditions()
        return picture


class DocumentForm(ProtectedFileForm, BaseDocumentForm):
    """The form of a document."""

    def clean_file(self) -> "File[bytes] | None":
        """Report beside the field why the file cannot be published."""
        file: File[bytes] | None = self.cleaned_data["file"]
        if file and not getattr(file, "_committed", False):
            try:
                clean_document(file.name or "", file.read())
            except Refused as refused:
                raise ValidationError(refused.reasons) from refused
            finally:
                file.seek(0)
        return file
