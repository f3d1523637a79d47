"""Removal of metadata from documents, and extraction of their text for the check for personal data.

Office files and PDF carry the author, the company, file paths and the printer beside the text; a scan carries its
device. Reviewers see none of that, so it is removed before the file is stored.

- `clean_document(name, content)`: the same document without metadata. `Refused` where they cannot be removed, or where
  the file holds what a reader does not see: comments, tracked changes, hidden sheets, attached files.
- `extract_text(name, content)`: the text for the check; None where people have to read the file themselves.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from docx.oxml.ns import qn
from lxml import etree
from PIL import UnidentifiedImageError
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from meetings.refusal import Refused
from meetings.word.packages import BadPackage, pack, strip_metadata, unpack
from meetings.word.parts import parse
from publicity.picture_metadata import without_metadata

# Parts of a package that name people and devices. The text does not need them.
IDENTIFYING_PARTS = re.compile(r"docProps/(custom\.xml|thumbnail\.\w+)|(word/people|xl/persons/person)\.xml")
COMMENT_PARTS = re.compile(r"(word|xl)/(comments|threadedComments).*\.xml")
TRACKED_CHANGES = tuple(qn(tag) for tag in ("w:ins", "w:del", "w:moveFrom", "w:moveTo"))
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png")
VISIBLE_ANNOTATIONS = {"/Link", "/Widget"}
_PATH = re.compile(rb"<x15ac:absPath\b[^>]*/>")
_HIDDEN = re.compile(rb"""<sheet\b[^>]*\bstate=["'](?:very)?hidden["']""", re.IGNORECASE)
_SHARING_USER = re.compile(rb"""(<fileSharing\b[^>]*?)\suserName=["'][^"']*["']""")


def clean_document(name: str, content: bytes) -> bytes:
    """Return the document without its metadata; `Refused` says what to do first."""
    clean = CLEANERS.get(PurePath(name).suffix.lower())
    if clean is None:
        raise Refused(
            _("A file of this type tells of its writer what cannot be taken out. Save it as PDF, .docx or .xlsx."),
            code="document_type_not_cleanable",
        )
    try:
        return clean(content)
    except (BadPackage, PyPdfError, etree.XMLSyntaxError, UnidentifiedImageError) as broken:
        raise Refused(
            _("The file cannot be read: it is damaged or protected. Save it anew and upload that."),
            code="document_unreadable",
        ) from broken


def extract_text(name: str, content: bytes) -> str | None:
    """Return the text of the document; None where no text can be read here, for example from a scan."""
    read = READERS.get(PurePath(name).suffix.lower())
    try:
        text = read(content) if read else ""
    except (BadPackage, PyPdfError, etree.XMLSyntaxError):
        text = ""
    return text if text.strip() else None


# --- office files ----------------------------------------------------------------------------------------------------
def _clean_office(content: bytes) -> bytes:
    parts = unpack(content)
    if any(COMMENT_PARTS.fullmatch(name) for name in parts) or any(_has_tracked_changes(parts)):
        raise Refused(
            _("The file holds comments or tracked changes. Accept or delete them, save it and upload that."),
            code="document_has_comments",
        )
    if _HIDDEN.search(parts.get("xl/workbook.xml", b"")):
        raise Refused(
            _("The file holds hidden sheets, which nobody reviews. Show or delete them, save it and upload."),
            code="document_has_hidden_sheets",
        )
    gone = {name for name in parts if IDENTIFYING_PARTS.fullmatch(name)}
    kept = {name: _clean_part(name, part, gone) for name, part in parts.items() if name not in gone}
    return strip_metadata(pack(kept), title="")


def _has_tracked_changes(parts: Mapping[str, bytes]) -> Iterator[bool]:
    for name, part in parts.items():
        if re.fullmatch(r"word/\w+\.xml", name):
            yield next(parse(part).iter(*TRACKED_CHANGES), None) is not None


def _clean_part(name: str, part: bytes, gone: set[str]) -> bytes:
    """Return one part without file paths, user names and places."""
    if name.endswith(".rels"):
        return _clean_relations(part, gone)
    if name == "[Content_Types].xml":
        return _clean_content_types(part, gone)
    if name == "xl/workbook.xml":
        return _SHARING_USER.sub(rb"\1", _PATH.sub(b"", part))
    if name.lower().endswith(PICTURE_SUFFIXES):
        clean: bytes = without_metadata(ContentFile(part, name=name)).read()
        return clean
    return part


def _clean_relations(part: bytes, gone: set[str]) -> bytes:
    """Return the relations without those to removed parts and without paths on the writer's computer."""
    tree = parse(part)
    for relation in list(tree):
        target = relation.get("Target", "")
        if any(name.endswith(target.lstrip("./")) for name in gone):
            tree.remove(relation)
        elif relation.get("TargetMode") == "External" and not target.startswith(("http://", "https://", "mailto:")):
            if not relation.get("Type", "").endswith("/attachedTemplate"):
                raise Refused(
                    _("The file is linked to another file on your computer. Break the link and upload again."),
                    code="document_is_linked",
                )
            relation.set("Target", "Normal.dotm")
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _clean_content_types(part: bytes, gone: set[str]) -> bytes:
    tree = parse(part)
    for override in list(tree):
        if override.get("PartName", "").lstrip("/") in gone:
            tree.remove(override)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _office_text(content: bytes) -> str:
    """Return the paragraphs of a Word file, or the strings and numbers in the cells of a workbook."""
    lines = []
    for name, part in unpack(content).items():
        if re.fullmatch(r"word/\w+\.xml|xl/sharedStrings\.xml|xl/worksheets/\w+\.xml", name):
            lines += [_block_text(block) for block in parse(part).iter("{*}p", "{*}si", "{*}c", "{*}is")]
    return "\n".join(filter(None, lines))


def _block_text(block: etree._Element) -> str:
    """Return the text of a paragraph or cell. The index of a shared string is no text of its own."""
    if block.get("t") == "s":
        return ""
    return "".join(text.text or "" for text in block.iter("{*}t", "{*}v"))


# --- PDF -------------------------------------------------------------------------------------------------------------
def _clean_pdf(content: bytes) -> bytes:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise Refused(
            _("The file is protected by a password. Save it without one and upload that."), code="document_has_password"
        )
    if reader.attachments or any(_has_hidden_annotations(page) for page in reader.pages):
        raise Refused(
            _("The PDF holds notes or attached files, which nobody reviews. Print it to PDF anew, without them."),
            code="document_has_notes",
        )
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for holder in (writer.root_object, *writer.pages):
        for key in ("/Metadata", "/PieceInfo"):
            holder.pop(key, None)
    out = BytesIO()
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    writer.write(out)
    return out.getvalue()


def _has_hidden_annotations(page: PageObject) -> bool:
    return any(note.get_object().get("/Subtype") not in VISIBLE_ANNOTATIONS for note in page.get("/Annots") or ())


def _pdf_text(content: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    return "\n".join(pages) if all(text.strip() for text in pages) else ""  # people read scanned pages


# --- OFD and plain text ----------------------------------------------------------------------------------------------
def _clean_ofd(content: bytes) -> bytes:
    """OFD (GB/T 33190): remove the author and the entries of the producing software from the description."""
    parts = unpack(content)
    if "OFD.xml" not in parts:
        raise BadPackage("no OFD")
    if any("/sign" in name.lower() for name in parts):
        raise Refused(
            _("The OFD is signed or sealed; what it tells of its writer cannot be taken out. Upload a PDF."),
            code="document_is_sealed",
        )
    tree = parse(parts["OFD.xml"])
    if etree.QName(tree).localname != "OFD":
        raise BadPackage("no OFD")
    etree.strip_elements(tree, "{*}Author", "{*}CustomDatas", "{*}Creator", "{*}CreatorVersion")
    return pack({**parts, "OFD.xml": etree.tostring(tree, xml_declaration=True, encoding="UTF-8")})


def _ofd_text(content: bytes) -> str:
    pages = [parse(part) for name, part in unpack(content).items() if name.endswith(".xml")]
    return "\n".join(code.text or "" for page in pages for code in page.iter("{*}TextCode"))


def _text(content: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    ".pdf": _clean_pdf,
    ".docx": _clean_office,
    ".xlsx": _clean_office,
    ".ofd": _clean_ofd,
    ".txt": lambda content: content,
}
READERS: dict[str, Callable[[bytes], str]] = {
    ".pdf": _pdf_text,
    ".docx": _office_text,
    ".xlsx": _office_text,
    ".ofd": _ofd_text,
    ".txt": _text,
}
