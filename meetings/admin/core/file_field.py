"""A form field for uploading several files at once."""

from django import forms
from django.core.files.uploadedfile import UploadedFile


class FilesInput(forms.ClearableFileInput):
    """A file input that accepts several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A field whose value is a list of uploaded files; the operation that stores them checks type and size."""

    widget = FilesInput

    def clean(self, data: object, initial: object = None) -> "list[UploadedFile[bytes]]":
        single = super().clean
        given = list(data) if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            given = [None]
        return [single(one, initial) for one in given]
