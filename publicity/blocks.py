"""StreamField blocks of articles and plain pages: text, picture, table, document, quotation.

- `BODY`: the blocks that a writer may use.
- `texts(body)`: every text of a body with its position, for the check for personal data.
- `documents(body)`: the documents that a body offers.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamValue, StructBlock, StructValue
from wagtail.blocks.field_block import CharBlock, RichTextBlock, TextBlock
from wagtail.contrib.typed_table_block.blocks import TypedTable, TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.documents.models import AbstractDocument
from wagtail.images.blocks import ImageChooserBlock
from wagtail.images.models import AbstractImage
from wagtail.rich_text import RichText

from publicity.choosers import DocumentChooser, PictureChooser, VisiblePictureBlockComparison, visible
from publicity.personal_data import html_to_text


class ParagraphsBlock(RichTextBlock):
    """Paragraphs, headings and lists, with links to pages and documents."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("features", ["h2", "h3", "bold", "ol", "ul", "link", "document-link"])
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")


class OwnPictureBlock(ImageChooserBlock):
    """The chooser of a picture."""

    def deconstruct(self) -> tuple[str, tuple[object, ...], dict[str, object]]:
        """Stand in migrations as Wagtail's block: what is stored is the same, and the widget is no part of it."""
        _path, args, kwargs = super().deconstruct()
        return "wagtail.images.blocks.ImageChooserBlock", args, kwargs

    @cached_property
    def widget(self) -> PictureChooser:
        """The widget that names only what the person may see."""
        return PictureChooser()

    def get_comparison_class(self) -> type[VisiblePictureBlockComparison]:
        return VisiblePictureBlockComparison


class PictureBlock(StructBlock):
    """A picture with its alternative text."""

    picture = OwnPictureBlock(label=_("Picture"))
    alt = CharBlock(
        label=_("What it shows"), max_length=200, help_text=_("Read aloud to those who do not see the picture.")
    )
    caption = CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "publicity/blocks/picture.html"


class QuoteBlock(StructBlock):
    """A quotation with its author."""

    text = TextBlock(label=_("Words"))
    who = CharBlock(label=_("Who said it"), max_length=100, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "publicity/blocks/quote.html"


class TableBlock(TypedTableBlock):
    """A table of texts and figures."""

    text = CharBlock(label=_("Text"), required=False)

    class Meta:
        icon = "table"
        label = _("Table")
        template = "publicity/blocks/table.html"


class DocumentBlock(DocumentChooserBlock):  # type: ignore[misc,valid-type]  # created by a viewset at run time
    """A document to download."""

    @cached_property
    def widget(self) -> DocumentChooser:
        """The widget that names only what the person may see."""
        return DocumentChooser()

    def render_basic(self, value: AbstractDocument | None, context: dict[str, object] | None = None) -> str:
        """Render it for the comparison of two versions, without a file that the person may not see."""
        rendered: str = super().render_basic(visible(value) if value else None, context)
        return rendered

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "publicity/blocks/document.html"


BODY = [
    ("text", ParagraphsBlock()),
    ("picture", PictureBlock()),
    ("table", TableBlock()),
    ("document", DocumentBlock()),
    ("quote", QuoteBlock()),
]


class OfferedDocument(Protocol):
    """What a page needs of a document that it offers; the model is `publicity.models.PublicDocument`."""

    pk: int
    title: str

    def extract_text(self) -> str | None:
        """Return the text of the file; None where people have to read it themselves."""


def texts(body: "Iterable[StreamValue.StreamChild]") -> Iterator[tuple[str, str]]:
    """Yield every text of a body as (position, text), with file names and titles of pictures and documents."""
    for number, child in enumerate(body, start=1):
        place = place_of(number, child)
        for text in _TEXTS_BY_TYPE[child.block_type](child.value):
            yield place, text


def place_of(number: int, child: "StreamValue.StreamChild") -> str:
    """Return the position of a block in a body, in words."""
    return gettext("block %(number)s (%(kind)s)") % {"number": number, "kind": child.block.label}


def _rich(value: RichText) -> Iterator[str]:
    yield html_to_text(value.source)
    for _model, pk, _path, _content in ParagraphsBlock().extract_references(value):
        yield from _linked_document(_model, pk)


def _linked_document(model: Any, pk: str) -> Iterator[str]:
    if model._meta.model_name == "publicdocument":
        yield from file_texts(model.objects.filter(pk=pk).first())


def documents(body: "Iterable[StreamValue.StreamChild]") -> Iterator[OfferedDocument]:
    """Yield the documents that a body offers: as blocks, and as links in its paragraphs."""
    for child in body:
        if child.block_type == "document" and child.value is not None:
            yield child.value
        if child.block_type == "text":
            for model, pk, _path, _content in ParagraphsBlock().extract_references(child.value):
                if model._meta.model_name == "publicdocument":
                    yield from model.objects.filter(pk=pk)


def _picture(value: StructValue) -> Iterator[str]:
    yield from (value["alt"] or "", value["caption"] or "")
    yield from file_texts(value["picture"])


def _table(value: TypedTable) -> Iterator[str]:
    if value:
        yield value.caption or ""
        yield from (column["heading"] for column in value.columns)
        yield from (str(cell.value or "") for row in value.rows for cell in row)


def _quote(value: StructValue) -> Iterator[str]:
    yield from (value["text"] or "", value["who"] or "")


def file_texts(file: AbstractImage | AbstractDocument | None) -> Iterator[str]:
    """Yield the texts that are published with a picture or document: its title, description and file name."""
    if file is not None:
        yield from (file.title, getattr(file, "description", ""), file.filename)


_TEXTS_BY_TYPE: dict[str, Callable[[Any], Iterator[str]]] = {
    "text": _rich,
    "picture": _picture,
    "table": _table,
    "document": file_texts,
    "quote": _quote,
}
