"""Rendering of templates in a sandbox without functions, and repair of the result.

- `fill(template, values, title=…)` returns the document as bytes, equal for equal values, or raises `BrokenTemplate`.
- `printable(value)` removes characters that XML cannot contain.
- `environment()` returns a Jinja environment with names, lists and conditions only.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from meetings.word.packages import BadPackage, pack, strip_metadata, unpack
from meetings.word.parts import DROPPED_RELATIONS, REVIEW_RELATIONS

MAX_TEXT = 40_000_000  # characters of XML: enough for a ledger of some thousand rows
UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What docxtpl and python-docx raise for a file that Word did not write.
FAILURES = (
    TemplateError,
    PythonDocxError,
    OpcError,
    etree.LxmlError,
    BadZipFile,
    BadPackage,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


class BrokenTemplate(ValueError):
    """No document can be made from this template."""


def _join_within_limit(pieces: Iterable[str]) -> str:
    """Join the rendered pieces; raise `SecurityError` if the document becomes too long."""
    kept: list[str] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > MAX_TEXT:
            raise SecurityError("the document would be too big")
        kept.append(piece)
    return "".join(kept)


class _Sandbox(ImmutableSandboxedEnvironment):
    """A Jinja environment with names, lists and conditions; without functions, filters, tests and arithmetic."""

    concat = staticmethod(_join_within_limit)
    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def call_binop(self, context: object, operator: str, left: object, right: object) -> object:
        """Refuse all arithmetic."""
        raise SecurityError("a template calculates nothing")

    def is_safe_callable(self, obj: object) -> bool:
        """Refuse all calls."""
        return False


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """Return the shared sandbox."""
    return _Sandbox()


class _StrictTemplate(DocxTemplate):
    """A docxtpl template that rejects broken XML and keeps a paragraph in every cell, as Word requires."""

    def fix_tables(self, xml: str) -> object:
        """Parse the XML strictly, let docxtpl fix the columns, then fill empty cells and drop empty tables."""
        etree.fromstring(xml.encode())
        tree = super().fix_tables(xml)
        for cell in tree.iter(qn("w:tc")):
            if cell.find(qn("w:p")) is None:
                cell.append(OxmlElement("w:p"))
        for table in [found for found in tree.iter(qn("w:tbl")) if found.find(qn("w:tr")) is None]:
            table.getparent().remove(table)
        return tree

    def drop_metadata(self) -> None:
        """Drop properties, thumbnails and data of other programs."""
        self.init_docx()
        document: Any = self.docx
        for owner in (document.part.package, document.part):
            for key, relation in list(owner.rels.items()):
                if relation.reltype.rpartition("/")[2] in DROPPED_RELATIONS | REVIEW_RELATIONS:
                    owner.rels.pop(key)
        for name in ("author", "comments", "identifier", "language", "subject", "title"):
            setattr(document.core_properties, name, "")  # docxtpl would render tags in them too


def fill(template: bytes, values: Mapping[str, object], *, title: str) -> bytes:
    """Return the template filled with the values; raise `BrokenTemplate` if that is impossible."""
    out = BytesIO()
    try:
        document_template = _StrictTemplate(BytesIO(pack(unpack(template))))
        document_template.drop_metadata()
        document_template.render(printable(values), environment())
        document_template.save(out)
    except FAILURES as failure:
        raise BrokenTemplate(str(failure)) from failure
    return strip_metadata(out.getvalue(), title=title)


def printable(value: Any) -> Any:
    """Return the value without characters that XML cannot contain, recursively."""
    if isinstance(value, str):
        return UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {name: printable(part) for name, part in value.items()}
    return [printable(part) for part in value] if isinstance(value, list) else value
