"""Checks of the parts of a template package: text, tables and pictures only; nothing executable, nothing external.

- `faults(parts)` returns why a package cannot be a template.
- `rendered_trees(document)` yields the parts whose tags are rendered, in the way docxtpl finds them.
"""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from meetings.refusal import Missing

MAIN, TYPES = "word/document.xml", "[Content_Types].xml"
WORD_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
OPEN_SCHEMES = ("http://", "https://", "mailto:")

# Relations by the last segment of their type: those that documents keep, those that are dropped from documents, and
# those of comments, which the author has to delete first. Any other relation is refused.
KEPT_RELATIONS = {
    "officeDocument",
    "core-properties",
    "styles",
    "stylesWithEffects",
    "settings",
    "webSettings",
    "fontTable",
}
KEPT_RELATIONS |= {"numbering", "theme", "header", "footer", "footnotes", "endnotes", "image", "hyperlink", "font"}
DROPPED_RELATIONS = {"extended-properties", "custom-properties", "thumbnail", "customXml", "customXmlProps", "people"}
DROPPED_RELATIONS |= {"glossaryDocument"}
REVIEW_RELATIONS = {"comments", "commentsExtended", "commentsIds", "commentsExtensible"}

TRACKED_CHANGES = ("w:ins", "w:del", "w:moveFrom", "w:moveTo")
FIELD_CODES = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "SEQ", "TOC", "PAGEREF", "REF", "STYLEREF", "HYPERLINK"}


def parse(content: bytes) -> etree._Element:
    """Return the tree of an XML part. Entities are not resolved. Raises `XMLSyntaxError`."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def rendered_trees(document: Document) -> Iterator[etree._Element]:
    """Yield the trees whose tags docxtpl renders: the body, headers, footers and footnotes."""
    yield parse(etree.tostring(document.part.element))  # reparsed: elements of python-docx override `text`
    for relation in document.part.rels.values():
        if relation.reltype in {RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER}:
            yield parse(relation.target_part.blob)
    yield from (parse(part.blob) for part in document.part.package.iter_parts() if part.content_type == FOOTNOTES_TYPE)


def faults(parts: Mapping[str, bytes]) -> list[Missing]:
    """Return everything in the package that a template may not contain; empty for a valid package."""
    if MAIN not in parts or TYPES not in parts:
        return [
            Missing(
                _("It is no Word file (.docx). Save it in Word as “Word document (*.docx)”."), code="template_not_word"
            )
        ]
    try:
        trees = {name: parse(text) for name, text in parts.items() if name.endswith((".xml", ".rels"))}
    except etree.XMLSyntaxError:
        return [Missing(_("It is damaged: Word would not open it. Save it anew in Word."), code="template_damaged")]
    if any(tree.getroottree().docinfo.doctype for tree in trees.values()):
        return [
            Missing(
                _("It defines its own entities, as no Word file does. Save it anew in Word."),
                code="template_has_entities",
            )
        ]
    if WORD_TYPE not in parts[TYPES]:
        return [
            Missing(
                _("It is a template with macros or of another type. Save it in Word as “Word document (*.docx)”."),
                code="template_of_another_type",
            )
        ]
    found = [
        fault
        for name, tree in trees.items()
        for fault in (_relation_faults if name.endswith(".rels") else _content_faults)(tree)
    ]
    return list(dict.fromkeys(found))


def _external_reference(target: str) -> Missing:
    message = _("It takes something from outside (%(target)s). Put pictures and text into the file itself.")
    return Missing(message % {"target": target[:80]}, code="template_takes_from_outside")


def _relation_faults(tree: etree._Element) -> Iterator[Missing]:
    foreign = _("It holds something that is neither text nor table nor picture (%(kind)s). Take it out.")
    for relation in tree:
        kind, target = relation.get("Type", "").rpartition("/")[2], relation.get("Target", "")
        if relation.get("TargetMode") == "External":
            if kind != "hyperlink" or not target.lower().startswith(OPEN_SCHEMES):
                yield _external_reference(target)
        elif kind in REVIEW_RELATIONS:
            yield Missing(_("It holds comments. Delete them, then upload it again."), code="template_has_comments")
        elif kind not in KEPT_RELATIONS | DROPPED_RELATIONS:
            yield Missing(foreign % {"kind": kind[:40]}, code="template_has_foreign_parts")


def _content_faults(tree: etree._Element) -> Iterator[Missing]:
    if any(next(tree.iter(qn(name)), None) is not None for name in TRACKED_CHANGES):
        yield Missing(
            _("It holds tracked changes. Accept or reject them all, then upload it again."),
            code="template_has_tracked_changes",
        )
    fetching = _("It holds the Word field “%(code)s”, which could fetch or run something. Delete it.")
    for code in _field_codes(tree):
        if code not in FIELD_CODES:
            yield Missing(fetching % {"code": code[:40]}, code="template_has_fetching_field")
    for node in tree.iter("{urn:schemas-microsoft-com:vml}*"):
        for name, value in node.attrib.items():
            if etree.QName(name).localname in {"src", "href"} and ("//" in value or "\\\\" in value):
                yield _external_reference(value)


def _field_codes(tree: etree._Element) -> Iterator[str]:
    """Yield the first word of each Word field. The code of one field may be split over several runs."""
    opened: list[str] = []
    for node in tree.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:fldSimple")):
        if node.tag == qn("w:fldSimple"):
            yield _first_word(node.get(qn("w:instr")) or "")
        elif node.tag == qn("w:instrText"):
            opened = opened or [""]
            opened[-1] += node.text or ""
        elif node.get(qn("w:fldCharType")) == "begin":
            opened.append("")
        elif node.get(qn("w:fldCharType")) == "end" and opened:
            yield _first_word(opened.pop())
    yield from map(_first_word, opened)


def _first_word(code: str) -> str:
    return next(iter(code.split()), "").upper()
