"""Choosers of pictures and documents that name only what the person may see, for panels and blocks.

A form may hold the key of a file of another conference: somebody typed it, or the page was moved. The checks of
`publicity.models.references` refuse it; until it is replaced, the editor shows a placeholder in its place, and the
comparison of two versions leaves it out.

- `PictureChooser`, `DocumentChooser`: the widgets.
- `PicturePanel`: the panel of a field with a picture.
- `VisiblePictureComparison`, `visible(file)`: for comparisons.
"""

from typing import Any, TypeVar

from django.templatetags.static import static
from django.utils.translation import gettext
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import Block
from wagtail.documents.models import AbstractDocument
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images.blocks import ImageChooserBlockComparison
from wagtail.images.edit_handlers import ImageFieldComparison
from wagtail.images.models import AbstractImage
from wagtail.images.widgets import AdminImageChooser

from publicity.keys import typed_key
from publicity.viewer import viewer

File = TypeVar("File", AbstractImage, AbstractDocument)
PLACEHOLDER = "portal/icon.svg"
PLACEHOLDER_SIZE = 64


def _placeholder(file: AbstractImage | AbstractDocument) -> dict[str, Any]:
    """Return what the editor shows of a file that the person may not see: its key stays, so that nothing is lost."""
    return {"id": file.pk, "edit_url": None, "title": gettext("A file that you may not see")}


class TypedKey:
    """Mixin of a chooser: what is no key at all becomes the key of no row, which the form refuses."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """Return the key; Wagtail would search for any text, which the database refuses with an error."""
        typed = super().value_from_datadict(data, files, name)  # type: ignore[misc]  # provided by the widget
        return None if typed is None else str(typed_key(typed))


class PictureChooser(TypedKey, AdminImageChooser):
    """Wagtail's chooser of images. It shows a placeholder for one that the person may not see."""

    def get_value_data_from_instance(self, instance: AbstractImage) -> dict[str, Any]:
        if viewer().may_open(instance):
            data: dict[str, Any] = super().get_value_data_from_instance(instance)
            return data
        preview = {"url": static(PLACEHOLDER), "width": PLACEHOLDER_SIZE, "height": PLACEHOLDER_SIZE}
        return {**_placeholder(instance), "preview": preview, "default_alt_text": ""}


class DocumentChooser(TypedKey, AdminDocumentChooser):  # type: ignore[misc,valid-type]  # created by a viewset at run time
    """Wagtail's chooser of documents. It shows a placeholder for one that the person may not see."""

    def get_value_data_from_instance(self, instance: AbstractDocument) -> dict[str, Any]:
        if viewer().may_open(instance):
            data: dict[str, Any] = super().get_value_data_from_instance(instance)
            return data
        return {**_placeholder(instance), "url": "", "filename": ""}


def visible(file: File | None) -> File | None:
    """Return the file if the person may see it, else None."""
    return file if file is not None and viewer().may_open(file) else None


class VisiblePictureComparison(ImageFieldComparison):
    """Wagtail's comparison of a field with an image, without those that the person may not see."""

    def get_objects(self) -> tuple[AbstractImage | None, AbstractImage | None]:
        before, after = super().get_objects()
        return visible(before), visible(after)


class VisiblePictureBlockComparison(ImageChooserBlockComparison):
    """Wagtail's comparison of a block with an image, without those that the person may not see."""

    def __init__(self, block: Block, exists_a: bool, exists_b: bool, val_a: Any, val_b: Any) -> None:
        super().__init__(block, exists_a, exists_b, visible(val_a), visible(val_b))

    def htmlvalue(self, val: AbstractImage | None) -> str:
        shown: str = super().htmlvalue(visible(val))
        return shown


class PicturePanel(FieldPanel):
    """The panel of a field with a picture."""

    def __init__(self, field_name: str, **kwargs: object) -> None:
        super().__init__(field_name, **{"widget": PictureChooser, **kwargs})

    def get_comparison_class(self) -> type[VisiblePictureComparison]:
        return VisiblePictureComparison
