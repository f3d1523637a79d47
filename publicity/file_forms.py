"""The forms of pictures and documents: what has to stay as it is is told beside the field, with the rest kept."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from meetings.admin.core.forms import ask_files_again
from meetings.refusal import Refused
from publicity.file_cleaning import clean_document
from publicity.file_protection import PUBLIC_FIELDS, change_refusal


class ProtectedFileForm:
    """Mixed in front of Wagtail's forms: refuses a change under a public page, see `publicity.file_protection`."""

    instance: Any
    changed_data: list[str]

    def full_clean(self) -> None:
        """Check the form; one that comes back asks for its file again."""
        super().full_clean()  # type: ignore[misc]  # mixed in
        ask_files_again(cast(BaseForm, self))

    def clean(self) -> dict[str, Any]:
        """Refuse what the public would see of the change."""
        cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]  # mixed in
        changed = [name for name in PUBLIC_FIELDS if name in self.changed_data]
        if self.instance.pk and changed and (reason := change_refusal(self.instance)):
            for name in changed:
                self.add_error(name, str(reason))  # type: ignore[attr-defined]  # mixed in
        return cleaned


class PictureForm(ProtectedFileForm, BaseImageForm):
    """The form of a picture."""


class DocumentForm(ProtectedFileForm, BaseDocumentForm):
    """The form of a document."""

    def clean_file(self) -> Any:
        """Say beside the field what keeps the file from being made public."""
        file = self.cleaned_data["file"]
        if file and not getattr(file, "_committed", False):
            try:
                clean_document(file.name, file.read())
            except Refused as refused:
                raise ValidationError(refused.reasons) from refused
            finally:
                file.seek(0)
        return file
