"""A template with its values: rendered in a sandbox that knows no function, then made whole.

Key concepts
- `fill(template, values, title=…)`: the document as bytes, the same ones for the same values; or `Broken`.
- `printable(value)`: texts without what no document can hold.
- `environment()`: Jinja with names, lists and conditions, and nothing else.
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

from meetings.word.packages import BadPackage, neutral, packed, unpacked
from meetings.word.parts import DROPPED, REVIEWING

MOST_TEXT = 40_000_000  # characters of XML: a ledger of some thousand rows
UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# How docxtpl and python-docx fail on a file that is not as Word writes it.
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


class Broken(ValueError):
    """No document can be made from this template."""


def _joined(pieces: Iterable[str]) -> str:
    """The rendered pieces, as long as they stay within bounds."""
    kept: list[str] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > MOST_TEXT:
            raise SecurityError("the document would be too big")
        kept.append(piece)
    return "".join(kept)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Names, lists and conditions; no function, filter, test or arithmetic."""

    concat = staticmethod(_joined)
    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse: a template calculates nothing."""
        raise SecurityError("a template calculates nothing")

    def is_safe_callable(self, obj: Any) -> bool:
        """Refuse: a template calls nothing."""
        return False


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """The sandbox."""
    return _Sandbox()


class _Filler(DocxTemplate):
    """As docxtpl's, for which broken XML is no document, and every cell keeps the paragraph that Word wants in it."""

    def fix_tables(self, xml: str) -> Any:
        """Parse strictly, then let docxtpl count the columns."""
        etree.fromstring(xml.encode())
        tree = super().fix_tables(xml)
        for cell in tree.iter(qn("w:tc")):
            if cell.find(qn("w:p")) is None:
                cell.append(OxmlElement("w:p"))
        for table in [found for found in tree.iter(qn("w:tbl")) if found.find(qn("w:tr")) is None]:
            table.getparent().remove(table)
        return tree

    def without_surroundings(self) -> None:
        """Leave out what is no content: properties, previews, data of other programs."""
        self.init_docx()
        document: Any = self.docx
        for owner in (document.part.package, document.part):
            for key, relation in list(owner.rels.items()):
                if relation.reltype.rpartition("/")[2] in DROPPED | REVIEWING:
                    owner.rels.pop(key)
        for name in ("author", "comments", "identifier", "language", "subject", "title"):
            setattr(document.core_properties, name, "")  # docxtpl would render them too


def fill(template: bytes, values: Mapping[str, Any], *, title: str) -> bytes:
    """The template with its values; raises `Broken` when none can be made."""
    out = BytesIO()
    try:
        filler = _Filler(BytesIO(packed(unpacked(template))))
        filler.without_surroundings()
        filler.render(printable(values), environment())
        filler.save(out)
    except FAILURES as failure:
        raise Broken(str(failure)) from failure
    return neutral(out.getvalue(), title=title)


def printable(value: Any) -> Any:
    """The values without characters that no document can hold."""
    if isinstance(value, str):
        return UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {name: printable(part) for name, part in value.items()}
    return [printable(part) for part in value] if isinstance(value, list) else value
