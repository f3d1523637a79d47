"""What the parts of a template may be: text, tables and pictures; nothing that runs, nothing from elsewhere.

Key concepts
- `faults(parts)`: why the entries of a package make no template.
- `rendered(document)`: the parts whose tags are run, found as docxtpl finds them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from meetings.refusal import Missing

MAIN, TYPES = "word/document.xml", "[Content_Types].xml"
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
OPEN_SCHEMES = ("http://", "https://", "mailto:")

# Relations by the last word of their type: what stays in a document, what is left out of it, what has to go before.
# What is not named here is not accepted.
KEPT = {"officeDocument", "core-properties", "styles", "stylesWithEffects", "settings", "webSettings", "fontTable"}
KEPT |= {"numbering", "theme", "header", "footer", "footnotes", "endnotes", "image", "hyperlink", "font"}
DROPPED = {"extended-properties", "custom-properties", "thumbnail", "customXml", "customXmlProps", "people"}
DROPPED |= {"glossaryDocument"}
REVIEWING = {"comments", "commentsExtended", "commentsIds", "commentsExtensible"}

TRACKED = ("w:ins", "w:del", "w:moveFrom", "w:moveTo")
FIELD_CODES = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "SEQ", "TOC", "PAGEREF", "REF", "STYLEREF", "HYPERLINK"}


def parse(content: bytes) -> Any:
    """The tree of an XML part; entities are not followed. Raises `XMLSyntaxError`."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def rendered(document: Any) -> Iterator[Any]:
    """The trees whose tags docxtpl runs: the text, the headers and footers, the footnotes."""
    yield parse(etree.tostring(document.part.element))  # plain: python-docx gives its own elements another text
    for relation in document.part.rels.values():
        if relation.reltype in {RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER}:
            yield parse(relation.target_part.blob)
    yield from (parse(part.blob) for part in document.part.package.iter_parts() if part.content_type == FOOTNOTES)


def faults(parts: Mapping[str, bytes]) -> list[Missing]:
    """Everything in the package that a template may not hold; empty for a good one."""
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
    if WORD not in parts[TYPES]:
        return [
            Missing(
                _("It is a template with macros or of another type. Save it in Word as “Word document (*.docx)”."),
                code="template_of_another_type",
            )
        ]
    told = [
        fault for name, tree in trees.items() for fault in (_relations if name.endswith(".rels") else _contents)(tree)
    ]
    return list(dict.fromkeys(told))


def _outside(target: str) -> Missing:
    told = _("It takes something from outside (%(target)s). Put pictures and text into the file itself.")
    return Missing(told % {"target": target[:80]}, code="template_takes_from_outside")


def _relations(tree: Any) -> Iterator[Missing]:
    foreign = _("It holds something that is neither text nor table nor picture (%(kind)s). Take it out.")
    for relation in tree:
        kind, target = relation.get("Type", "").rpartition("/")[2], relation.get("Target", "")
        if relation.get("TargetMode") == "External":
            if kind != "hyperlink" or not target.lower().startswith(OPEN_SCHEMES):
                yield _outside(target)
        elif kind in REVIEWING:
            yield Missing(_("It holds comments. Delete them, then upload it again."), code="template_has_comments")
        elif kind not in KEPT | DROPPED:
            yield Missing(foreign % {"kind": kind[:40]}, code="template_has_foreign_parts")


def _contents(tree: Any) -> Iterator[Missing]:
    if any(next(tree.iter(qn(name)), None) is not None for name in TRACKED):
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
                yield _outside(value)


def _field_codes(tree: Any) -> Iterator[str]:
    """The first word of each field of Word; the text of one may be spread over several runs."""
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
