"""What is wrong with the tags of a template, in words for the person who wrote it.

Nothing is run to find out: a tag may name fields, go through lists and ask conditions, and that is all. A list inside
a list is one of the outer list's own, so that a document never grows beyond what is in its data.

Key concepts
- `faults(content, fields)`: everything that is wrong with a file as a template for these fields.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn
from jinja2 import TemplateSyntaxError, nodes
from lxml import etree

from meetings.refusal import Missing
from meetings.word import parts, tags
from meetings.word.fields import Fields, Flag, Rows, Text, nothing, sample
from meetings.word.packages import BadPackage, packed, unpacked
from meetings.word.rendering import FAILURES, Broken, environment, fill
from meetings.word.tags import Paragraph, Tag

SHOWN, MOST_TAGS = 8, 1000
MOST_TEXT = 1024 * 1024  # bytes of XML; a form of a few pages has a tenth of it
LOOP: Fields = (Text("index"), Flag("first"), Flag("last"))
UNKNOWN = Rows("", ())  # stands for a list that is not named rightly, so that its rows are not told as well


def faults(content: bytes, fields: Fields) -> list[Missing]:
    """Why the file cannot be a template for these fields: what it holds, how its tags are written, how it turns out."""
    try:
        found = unpacked(content)
    except BadPackage:
        return [
            Missing(
                _("It is no Word file (.docx), it is damaged, or it unpacks to far more than a form needs."),
                code="template_not_unpacked",
            )
        ]
    return (parts.faults(found) or _in_tags(found, fields) or _tried(content, fields))[:SHOWN]


def _in_tags(found: Mapping[str, bytes], fields: Fields) -> list[Missing]:
    """What is wrong with the tags of each part that is rendered."""
    try:
        trees = list(parts.rendered(Document(BytesIO(packed(found)))))
    except FAILURES:
        return [Missing(_("It is damaged: Word would not open it. Save it anew in Word."), code="template_damaged")]
    if sum(len(etree.tostring(tree, encoding="utf-8")) for tree in trees) > MOST_TEXT:
        return [
            Missing(_("It is far longer than a form needs. Take out what is not part of it."), code="template_too_long")
        ]
    if sum(len(tags.read(tags.text_of(tree))[0]) for tree in trees) > MOST_TAGS:
        return [
            Missing(_("It has too many tags for a form. Go through lists with for."), code="template_has_too_many_tags")
        ]
    return [fault for tree in trees for fault in _Reader(fields).faults(tree)]


def _tried(content: bytes, fields: Fields) -> list[Missing]:
    """The template filled with something everywhere, then with nothing anywhere."""
    try:
        for values in (sample(fields), nothing(fields)):
            fill(content, values, title="")
    except Broken:
        return [
            Missing(
                _("No document can be made from it. Start from the portal's template and change it step by step."),
                code="template_makes_no_document",
            )
        ]
    return []


@dataclass
class _Open:
    """A tag that waits for its end: the list it goes through, if any, and where its end must stand."""

    tag: Tag
    place: Any
    name: str = ""
    rows: Rows | None = None


class _Fault(Exception):
    """What is wrong with one tag, and its code."""

    def __init__(self, reason: str, *, code: str) -> None:
        super().__init__(reason)
        self.code = code


class _Told(Exception):
    """It hangs on something that was told already."""


@dataclass
class _Reader:
    """Reads one part from top to bottom and keeps what is open."""

    fields: Fields
    opened: list[_Open] = field(default_factory=list)

    def faults(self, tree: Any) -> list[Missing]:
        """All that is wrong in this part."""
        found = [*self._in_attributes(tree)]
        for paragraph in tags.paragraphs(tree):
            found += self._in_paragraph(paragraph)
        never = _("“%(tag)s” has no end. Write “%(end)s” where it ends.")
        return found + [
            Missing(
                never % {"tag": row.tag.source, "end": f"{{%{row.tag.scope} {tags.OPENS[row.tag.kind]} %}}"},
                code="tag_without_end",
            )
            for row in self.opened
        ]

    def _in_attributes(self, tree: Any) -> Iterator[Missing]:
        """Tags belong into the text: anywhere else they would be run unseen."""
        for node in tree.iter():
            values = [value for value in node.attrib.values() if any(sign in value for sign in ("{{", "{%", "{#"))]
            if values or (node.tag != qn("w:t") and "{" in (node.text or "")) or "{" in (node.tail or ""):
                yield Missing(
                    _("A tag stands outside of the text, for example in a name or a description. Take it out."),
                    code="tag_outside_text",
                )
                return

    def _in_paragraph(self, paragraph: Paragraph) -> Iterator[Missing]:
        found, rest = tags.read(paragraph.text)
        if "{" in rest or "}" in rest:
            reason = _(
                "“%(line)s”: a brace is open or left over. Tags are written {{ … }} or {%% … %%}, each on one line."
            )
            yield Missing(reason % {"line": paragraph.text.strip()[:60]}, code="brace_left_over")
            return
        for tag in found:
            try:
                self._take(tag, paragraph)
            except _Told:
                continue
            except _Fault as fault:
                told = {"tag": tag.source[:80], "fault": fault}
                yield Missing(_("“%(tag)s”: %(fault)s") % told, code=fault.code)

    # --- one tag -----------------------------------------------------------------------------------------------------
    def _take(self, tag: Tag, paragraph: Paragraph) -> None:
        if not tag.kind:
            raise _Fault(
                _("it is not understood. There are {{ … }}, for, if, elif, else, endfor and endif."), code="tag_unknown"
            )
        if len(tag.source) > tags.LONGEST:
            raise _Fault(_("it is too long."), code="tag_too_long")
        place = self._place(tag, paragraph)
        if tag.kind == tags.IF:
            self.opened.append(_Open(tag, place))
        elif tag.kind in {tags.ELIF, tags.ELSE, *tags.CLOSES}:
            self._end(tag, place)
        if tag.kind == tags.PRINT:
            self._print(tag)
        elif tag.kind == tags.FOR:
            self._for(tag, place)
        elif tag.kind in {tags.IF, tags.ELIF}:
            self._condition(tag)

    def _place(self, tag: Tag, paragraph: Paragraph) -> Any:
        """Where the tag and its end must both stand, so that whatever is left out or repeated is whole."""
        if tag.scope == tags.INLINE:
            return paragraph.element
        if tag.scope == tags.PARAGRAPH:
            if paragraph.text.strip() != tag.source:
                raise _Fault(
                    _("a tag with p takes its whole paragraph with it. Give it a paragraph of its own."),
                    code="tag_shares_paragraph",
                )
            return paragraph.element.getparent()
        row = paragraph.row
        if (
            row is None
            or tags.text_of(row).strip() != tag.source
            or next(row.iterdescendants(qn("w:tr")), None) is not None
        ):
            raise _Fault(
                _("a tag with tr takes its whole table row with it. Give it a row of its own."), code="tag_shares_row"
            )
        return row.getparent()

    def _end(self, tag: Tag, place: Any) -> None:
        """The end of what was opened last, or another case of it."""
        wanted = tags.CLOSES.get(tag.kind, tags.IF)
        if not self.opened or self.opened[-1].tag.kind != wanted:
            raise _Fault(_("nothing is open here that it could belong to."), code="tag_closes_nothing")
        opened = self.opened[-1]
        if opened.tag.scope != tag.scope or opened.place is not place:
            raise _Fault(
                _("it has to stand as “%(tag)s” stands: both in one paragraph, or both with p or tr in the same place.")
                % {"tag": opened.tag.source},
                code="tag_ends_elsewhere",
            )
        if tag.kind in tags.CLOSES:
            self.opened.pop()

    # --- what a tag names --------------------------------------------------------------------------------------------
    def _print(self, tag: Tag) -> None:
        found = self._named(_expression(tag))
        if isinstance(found, Rows):
            raise _Fault(
                _("it is a list. Go through it with for, and write the fields of a row."), code="tag_prints_a_list"
            )
        if isinstance(found, Flag):
            raise _Fault(_("it is a switch. Ask for it with if."), code="tag_prints_a_switch")

    def _for(self, tag: Tag, place: Any) -> None:
        opened = _Open(tag, place)
        self.opened.append(opened)
        body = _parsed(f"{{% for {tag.expression} %}}{{% endfor %}}")
        if not (isinstance(body, nodes.For) and isinstance(body.target, nodes.Name)) or body.test or body.recursive:
            raise _Fault(_("write it as: for row in list."), code="tag_for_misspelt")
        if body.target.name in {"loop", *(known.name for known in self.fields)}:
            raise _Fault(
                _("“%(name)s” is a field; call the row by another name.") % {"name": body.target.name},
                code="tag_row_named_as_field",
            )
        opened.name, opened.rows = body.target.name, UNKNOWN
        rows = self._named(body.iter)
        if not isinstance(rows, Rows):
            raise _Fault(_("for goes through a list, and this is none."), code="tag_for_without_list")
        outer = next((row.rows for row in reversed(self.opened[:-1]) if row.rows), None)
        if outer and not (isinstance(body.iter, nodes.Getattr) and rows in outer.fields):
            raise _Fault(
                _("inside a list only a list of its own rows can be gone through."), code="tag_foreign_inner_list"
            )
        opened.rows = rows

    def _condition(self, tag: Tag) -> None:
        body = _parsed(f"{{% if {tag.expression} %}}{{% endif %}}")
        if not isinstance(body, nodes.If):
            raise _misspelt()
        self._ask(body.test)

    def _ask(self, node: nodes.Node) -> None:
        """A condition: fields, compared with words if need be, joined by and, or and not."""
        if isinstance(node, nodes.Not):
            self._ask(node.node)
        elif isinstance(node, nodes.And | nodes.Or):
            self._ask(node.left)
            self._ask(node.right)
        elif isinstance(node, nodes.Compare) and all(row.op in {"eq", "ne"} for row in node.ops):
            for part in (node.expr, *(row.expr for row in node.ops)):
                self._ask(part)
        elif not (isinstance(node, nodes.Const) and isinstance(node.value, str)):
            self._named(node)

    def _named(self, node: nodes.Node) -> Text | Flag | Rows:
        """The field that an expression names: one of the document, or of a row that is being gone through."""
        if isinstance(node, nodes.Name):
            return _among(self.fields, node.name)
        if not (isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name)):
            raise _Fault(
                _("only the name of a field can stand here, or row.field inside a list."), code="tag_not_a_field_name"
            )
        row = node.node.name
        inside = [opened for opened in self.opened if opened.rows]
        if row == "loop" and inside:
            return _among(LOOP, node.attr)
        for opened in reversed(inside):
            if opened.rows is UNKNOWN and opened.name == row:
                raise _Told
            if opened.rows and opened.name == row:
                return _among(opened.rows.fields, node.attr)
        raise _Fault(
            _("“%(name)s” is no row of a list that is gone through here.") % {"name": row}, code="tag_row_unknown"
        )


def _among(fields: Fields, name: str) -> Text | Flag | Rows:
    for found in fields:
        if found.name == name:
            return found
    raise _Fault(
        _("there is no field “%(name)s” here. The list of fields tells what can be written.") % {"name": name},
        code="tag_field_unknown",
    )


def _expression(tag: Tag) -> nodes.Node:
    output = _parsed(f"{{{{ {tag.expression} }}}}")
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise _Fault(
            _("only the name of a field can stand here, or row.field inside a list."), code="tag_not_a_field_name"
        )
    return output.nodes[0]


def _misspelt() -> _Fault:
    return _Fault(
        _("it is not written as it should be. Look for a missing or a superfluous word."), code="tag_misspelt"
    )


def _parsed(source: str) -> nodes.Node | None:
    try:
        body = environment().parse(source).body
    except TemplateSyntaxError:
        raise _misspelt() from None
    return body[0] if len(body) == 1 else None
