"""Pictures and documents of public pages, stored under random names and without metadata.

- `Picture`, `PublicDocument`: Wagtail's image and document models.
- `ProtectedFile`: mixin of both; announces changes, so that they are refused while a page needs the file.
- Metadata is removed by `publicity.picture_metadata` and `publicity.file_cleaning`.
"""

import secrets
from pathlib import PurePath
from string import ascii_lowercase
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter

from publicity.file_cleaning import clean_document, extract_text
from publicity.picture_metadata import without_metadata
from publicity.picture_sizes import SIZES
from publicity.signals import file_will_change


def random_name(folder: str, filename: str) -> str:
    """Return a random file name in `folder` that keeps only the extension of the user's file name.

    It has letters only: a run of random digits would sometimes look like a telephone number.
    """
    token = "".join(secrets.choice(ascii_lowercase) for _place in range(20))
    return f"{folder}/{token}{PurePath(filename).suffix.lower()[:10]}"


def document_path(document: models.Model, filename: str) -> str:
    """Return where a document is stored: the writer's file name never reaches the disk or a URL."""
    return random_name("documents", filename)


class ProtectedFile:
    """Mixin for the files of public pages: announces each change, so that it can be refused while the file is in use.

    The receiver is `publicity.file_protection.refuse_change_in_use`.
    """

    def save(self, *args: object, **kwargs: object) -> None:
        """Announce the change, then save."""
        file_will_change.send(type(self), file=self, deleting=False)
        super().save(*args, **kwargs)  # type: ignore[misc]  # provided by the model

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Announce the deletion, then delete."""
        file_will_change.send(type(self), file=self, deleting=True)
        deleted: tuple[int, dict[str, int]] = super().delete(*args, **kwargs)  # type: ignore[misc]  # as above
        return deleted


class Picture(ProtectedFile, AbstractImage):
    """A picture of the public pages."""

    admin_form_fields = (
        "title",
        "file",
        "description",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose image")]

    def get_upload_to(self, filename: str) -> str:
        """Return a random name: the writer's file name never reaches a URL."""
        return random_name("original_images", filename)

    def generate_rendition_file(self, filter: Filter, *, source: Any = None) -> "ContentFile[bytes]":
        """Generate the rendition as Wagtail does, and close its temporary file."""
        made = super().generate_rendition_file(filter, source=source)
        with made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)

    def save(self, *args: object, **kwargs: object) -> None:
        """Remove the metadata of a newly uploaded file, then save."""
        if self.file and not getattr(self.file, "_committed", True):
            self.file = without_metadata(self.file.file)
            self._set_image_file_metadata()
        super().save(*args, **kwargs)

    def make_renditions(self) -> dict[str, AbstractRendition]:
        """Make the sizes that public pages show, unless they exist. It is slow: call it outside of a transaction."""
        made: dict[str, AbstractRendition] = self.get_renditions(*SIZES.values())
        return made


class PictureRendition(AbstractRendition):
    """A picture at a size that a page shows."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="picture_rendition_once")
        ]


class PublicDocument(ProtectedFile, AbstractDocument):
    """A document to download from a public page."""

    file = models.FileField(_("file"), upload_to=document_path)

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    def save(self, *args: object, **kwargs: object) -> None:
        """Remove the metadata of a newly uploaded file, then save; `Refused` where that is impossible."""
        if self.file and not getattr(self.file, "_committed", True):
            self.file = ContentFile(clean_document(self.file.name or "", self.file.read()), name=self.file.name)
            self._set_document_file_metadata()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Check the type of the file; a file that the form refused has its reason there, and no type."""
        if self.file:
            super().clean()

    def extract_text(self) -> str | None:
        """Return the text for the check for personal data; None where people have to read the file themselves."""
        try:
            with self.file.open("rb") as stored:
                return extract_text(self.file.name or "", stored.read())
        except FileNotFoundError:
            return None
