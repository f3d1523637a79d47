"""Removal of metadata from pictures: EXIF, XMP, comments and GPS positions."""

from io import BytesIO

from django.core.files.base import ContentFile, File
from PIL import Image as PillowImage
from PIL import ImageOps


def without_metadata(file: "File[bytes]") -> "ContentFile[bytes]":
    """Return the picture of `file`, turned upright, with nothing but its pixels, transparency and colour profile."""
    file.seek(0)
    with PillowImage.open(file) as picture:
        form = picture.format or "PNG"
        clean = ImageOps.exif_transpose(picture).copy()
        # Pillow writes what it finds in `info` into the new file: without this, comments, EXIF and XMP would stay.
        clean.info = {key: value for key, value in picture.info.items() if key in {"transparency", "icc_profile"}}
        out = BytesIO()
        clean.save(out, format=form, quality=90)
    return ContentFile(out.getvalue(), name=file.name)
