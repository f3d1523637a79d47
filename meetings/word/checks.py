"""Checks of the tags of a template, with messages for its author.

The tags are parsed, not executed, until they have passed. A tag may only name fields, loop over lists and test
conditions. An inner list must belong to the rows of the outer one, so that a document never grows beyond its data.

`faults(content, fields)` returns everything that is wrong with a file as a template for these fields.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn
from jinja2 import TemplateSyntaxError, nodes
from lxml import etree

from meetings.refusal import Missing
from meetings.word import parts, tags
from meetings.word.fields import Fields, Flag, Rows, Text, empty_values, sample_values
from meetings.word.packages import BadPackage, pack, unpack
from meetings.word.rendering import FAILURES, BrokenTemplate, environment, fill
from meetings.word.tags import Paragraph, Tag

MAX_FAULTS, MAX_TAGS = 8, 1000
MAX_TEXT = 1024 * 1024  # bytes of XML; a form of a few pages has a tenth of that
LOOP_FIELDS: Fields = (Text("index"), Flag("first"), Flag("last"))
UNKNOWN_LIST = Rows("", ())  # stands for a list with a wrong name, so that no faults are reported for its rows


def faults(content: bytes, fields: Fields) -> list[Missing]:
    """Return why the file cannot be a template for these fields: its parts, its tags, or the result of a trial."""
    try:
        found = unpack(content)
    except BadPackage:
        return [
            Missing(
                _("It is no Word file (.docx), it is damaged, or it unpacks to far more than a form needs."),
                code="template_not_unpacked",
            )
        ]
    return (parts.faults(found) or _tag_faults(found, fields) or _trial_faults(content, fields))[:MAX_FAULTS]


def _tag_faults(found: Mapping[str, bytes], fields: Fields) -> list[Missing]:
    """Return what is wrong with the tags of each part that is rendered."""
    try:
        trees = list(parts.rendered_trees(Document(BytesIO(pack(found)))))
    except FAILURES:
        return [Missing(_("It is damaged: Word would not open it. Save it anew in Word."), code="template_damaged")]
    if sum(len(etree.tostring(tree, encoding="utf-8")) for tree in trees) > MAX_TEXT:
        return [
            Missing(_("It is far longer than a form needs. Take out what is not part of it."), code="template_too_long")
        ]
    if sum(len(tags.read(tags.text_of(tree))[0]) for tree in trees) > MAX_TAGS:
        return [
            Missing(_("It has too many tags for a form. Go through lists with for."), code="template_has_too_many_tags")
        ]
    return [fault for tree in trees for fault in _PartChecker(fields).faults(tree)]


def _trial_faults(content: bytes, fields: Fields) -> list[Missing]:
    """Fill the template with sample values and with empty values, and return a fault if either fails."""
    try:
        for values in (sample_values(fields), empty_values(fields)):
            fill(content, values, title="")
    except BrokenTemplate:
        return [
            Missing(
                _("No document can be made from it. Start from the portal's template and change it step by step."),
                code="template_makes_no_document",
            )
        ]
    return []


@dataclass
class _OpenTag:
    """A tag that waits for its end: the list that it loops over, if any, and the element that must contain its end."""

    tag: Tag
    container: etree._Element | None
    name: str = ""
    rows: Rows | None = None


class _TagError(Exception):
    """A fault of one tag, with its code."""

    def __init__(self, reason: str, *, code: str) -> None:
        super().__init__(reason)
        self.code = code


class _AlreadyReported(Exception):
    """The fault follows from one that is already reported."""


@dataclass
class _PartChecker:
    """Checks one part from start to end and keeps a stack of open tags."""

    fields: Fields
    opened: list[_OpenTag] = field(default_factory=list)

    def faults(self, tree: etree._Element) -> list[Missing]:
        """Return all faults of this part."""
        found = [*self._attribute_faults(tree)]
        for paragraph in tags.paragraphs(tree):
            found += self._paragraph_faults(paragraph)
        message = _("“%(tag)s” has no end. Write “%(end)s” where it ends.")
        return found + [
            Missing(
                message % {"tag": row.tag.source, "end": f"{{%{row.tag.scope} {tags.OPENS[row.tag.kind]} %}}"},
                code="tag_without_end",
            )
            for row in self.opened
        ]

    def _attribute_faults(self, tree: etree._Element) -> Iterator[Missing]:
        """Yield a fault if a tag is outside the text, for example in an attribute: it would be rendered unseen."""
        for node in tree.iter():
            values = [value for value in node.attrib.values() if any(sign in value for sign in ("{{", "{%", "{#"))]
            if values or (node.tag != qn("w:t") and "{" in (node.text or "")) or "{" in (node.tail or ""):
                yield Missing(
                    _("A tag stands outside of the text, for example in a name or a description. Take it out."),
                    code="tag_outside_text",
                )
                return

    def _paragraph_faults(self, paragraph: Paragraph) -> Iterator[Missing]:
        found, rest = tags.read(paragraph.text)
        if "{" in rest or "}" in rest:
            reason = _(
                "“%(line)s”: a brace is open or left over. Tags are written {{ … }} or {%% … %%}, each on one line."
            )
            yield Missing(reason % {"line": paragraph.text.strip()[:60]}, code="brace_left_over")
            return
        for tag in found:
            try:
                self._check_tag(tag, paragraph)
            except _AlreadyReported:
                continue
            except _TagError as fault:
                values = {"tag": tag.source[:80], "fault": fault}
                yield Missing(_("“%(tag)s”: %(fault)s") % values, code=fault.code)

    # --- one tag -----------------------------------------------------------------------------------------------------
    def _check_tag(self, tag: Tag, paragraph: Paragraph) -> None:
        if not tag.kind:
            raise _TagError(
                _("it is not understood. There are {{ … }}, for, if, elif, else, endfor and endif."), code="tag_unknown"
            )
        if len(tag.source) > tags.MAX_LENGTH:
            raise _TagError(_("it is too long."), code="tag_too_long")
        container = self._container(tag, paragraph)
        if tag.kind == tags.IF:
            self.opened.append(_OpenTag(tag, container))
        elif tag.kind in {tags.ELIF, tags.ELSE, *tags.CLOSES}:
            self._check_end(tag, container)
        if tag.kind == tags.PRINT:
            self._check_print(tag)
        elif tag.kind == tags.FOR:
            self._check_for(tag, container)
        elif tag.kind in {tags.IF, tags.ELIF}:
            self._check_condition(tag)

    def _container(self, tag: Tag, paragraph: Paragraph) -> etree._Element | None:
        """Return the element that must contain both a tag and its end.

        Only whole elements are then dropped or repeated.
        """
        if tag.scope == tags.INLINE:
            return paragraph.element
        if tag.scope == tags.PARAGRAPH:
            if paragraph.text.strip() != tag.source:
                raise _TagError(
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
            raise _TagError(
                _("a tag with tr takes its whole table row with it. Give it a row of its own."), code="tag_shares_row"
            )
        return row.getparent()

    def _check_end(self, tag: Tag, container: etree._Element | None) -> None:
        """Check an end tag, `elif` or `else` against the tag that was opened last."""
        expected_kind = tags.CLOSES.get(tag.kind, tags.IF)
        if not self.opened or self.opened[-1].tag.kind != expected_kind:
            raise _TagError(_("nothing is open here that it could belong to."), code="tag_closes_nothing")
        opened = self.opened[-1]
        if opened.tag.scope != tag.scope or opened.container is not container:
            raise _TagError(
                _("it has to stand as “%(tag)s” stands: both in one paragraph, or both with p or tr in the same place.")
                % {"tag": opened.tag.source},
                code="tag_ends_elsewhere",
            )
        if tag.kind in tags.CLOSES:
            self.opened.pop()

    # --- names and expressions ---------------------------------------------------------------------------------------
    def _check_print(self, tag: Tag) -> None:
        found = self._named_field(_expression(tag))
        if isinstance(found, Rows):
            raise _TagError(
                _("it is a list. Go through it with for, and write the fields of a row."), code="tag_prints_a_list"
            )
        if isinstance(found, Flag):
            raise _TagError(_("it is a switch. Ask for it with if."), code="tag_prints_a_switch")

    def _check_for(self, tag: Tag, container: etree._Element | None) -> None:
        opened = _OpenTag(tag, container)
        self.opened.append(opened)
        body = _parse(f"{{% for {tag.expression} %}}{{% endfor %}}")
        if not (isinstance(body, nodes.For) and isinstance(body.target, nodes.Name)) or body.test or body.recursive:
            raise _TagError(_("write it as: for row in list."), code="tag_for_misspelt")
        if body.target.name in {"loop", *(known.name for known in self.fields)}:
            raise _TagError(
                _("“%(name)s” is a field; call the row by another name.") % {"name": body.target.name},
                code="tag_row_named_as_field",
            )
        opened.name, opened.rows = body.target.name, UNKNOWN_LIST
        rows = self._named_field(body.iter)
        if not isinstance(rows, Rows):
            raise _TagError(_("for goes through a list, and this is none."), code="tag_for_without_list")
        outer = next((row.rows for row in reversed(self.opened[:-1]) if row.rows), None)
        if outer and not (isinstance(body.iter, nodes.Getattr) and rows in outer.fields):
            raise _TagError(
                _("inside a list only a list of its own rows can be gone through."), code="tag_foreign_inner_list"
            )
        opened.rows = rows

    def _check_condition(self, tag: Tag) -> None:
        body = _parse(f"{{% if {tag.expression} %}}{{% endif %}}")
        if not isinstance(body, nodes.If):
            raise _misspelt_error()
        self._check_condition_node(body.test)

    def _check_condition_node(self, node: nodes.Node) -> None:
        """Check a condition: fields, comparisons with strings, and `and`, `or`, `not`."""
        if isinstance(node, nodes.Not):
            self._check_condition_node(node.node)
        elif isinstance(node, nodes.And | nodes.Or):
            self._check_condition_node(node.left)
            self._check_condition_node(node.right)
        elif isinstance(node, nodes.Compare) and all(row.op in {"eq", "ne"} for row in node.ops):
            for part in (node.expr, *(row.expr for row in node.ops)):
                self._check_condition_node(part)
        elif not (isinstance(node, nodes.Const) and isinstance(node.value, str)):
            self._named_field(node)

    def _named_field(self, node: nodes.Node) -> Text | Flag | Rows:
        """Return the field that an expression names: one of the document, or one of a row of an open loop."""
        if isinstance(node, nodes.Name):
            return _find_field(self.fields, node.name)
        if not (isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name)):
            raise _TagError(
                _("only the name of a field can stand here, or row.field inside a list."), code="tag_not_a_field_name"
            )
        row = node.node.name
        inside = [opened for opened in self.opened if opened.rows]
        if row == "loop" and inside:
            return _find_field(LOOP_FIELDS, node.attr)
        for opened in reversed(inside):
            if opened.rows is UNKNOWN_LIST and opened.name == row:
                raise _AlreadyReported
            if opened.rows and opened.name == row:
                return _find_field(opened.rows.fields, node.attr)
        raise _TagError(
            _("“%(name)s” is no row of a list that is gone through here.") % {"name": row}, code="tag_row_unknown"
        )


def _find_field(fields: Fields, name: str) -> Text | Flag | Rows:
    for found in fields:
        if found.name == name:
            return found
    raise _TagError(
        _("there is no field “%(name)s” here. The list of fields tells what can be written.") % {"name": name},
        code="tag_field_unknown",
    )


def _expression(tag: Tag) -> nodes.Node:
    output = _parse(f"{{{{ {tag.expression} }}}}")
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise _TagError(
            _("only the name of a field can stand here, or row.field inside a list."), code="tag_not_a_field_name"
        )
    return output.nodes[0]


def _misspelt_error() -> _TagError:
    return _TagError(
        _("it is not written as it should be. Look for a missing or a superfluous word."), code="tag_misspelt"
    )


def _parse(source: str) -> nodes.Node | None:
    try:
        body = environment().parse(source).body
    except TemplateSyntaxError:
        raise _misspelt_error() from None
    return body[0] if len(body) == 1 else None
