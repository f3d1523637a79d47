"""A form field for several files at once."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The uploaded files as a list; type and size are checked by the operation that stores them."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Check each file as a file field does; an empty list for none."""
        single = super().clean
        given = list(data) if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            given = [None]
        return [single(one, initial) for one in given]
