"""Parser of the tags of a template, paragraph by paragraph as Word shows them.

- `paragraphs(root)` yields every paragraph of a part with its text. `read(text)` returns its tags and the other text.
- `Tag` is `{{ field }}`, or `{% for … %}`, `{% if … %}` and their ends. With `p` or `tr` a tag replaces its whole
  paragraph or table row. `{# … #}` is a comment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml import etree

PRINT, FOR, IF, ELIF, ELSE, ENDFOR, ENDIF, NOTE = "print", "for", "if", "elif", "else", "endfor", "endif", "note"
STATEMENTS = (FOR, IF, ELIF, ELSE, ENDFOR, ENDIF)
OPENS, CLOSES = {FOR: ENDFOR, IF: ENDIF}, {ENDFOR: FOR, ENDIF: IF}
INLINE, PARAGRAPH, ROW = "", "p", "tr"
MAX_LENGTH = 200

_TAG = re.compile(r"\{\{(?P<print>[^{}]*)\}\}|\{%(?P<statement>[^{}%]*)%\}|\{#(?P<note>[^{}#]*)#\}")
_STATEMENT = re.compile(r"(?P<scope>tr|p)?(?(scope) +|\s*)(?P<word>[a-z]+)\b(?P<rest>.*)", re.DOTALL)
_QUOTES = str.maketrans("“”‘’", "\"\"''")  # Word replaces straight quotes while typing


@dataclass(frozen=True)
class Tag:
    """A tag: its kind, its scope (inline, paragraph or row), its expression, and its source text."""

    kind: str
    scope: str
    expression: str
    source: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the template."""

    element: etree._Element
    text: str

    @property
    def row(self) -> etree._Element | None:
        """Return the innermost table row that contains the paragraph, or None."""
        return next(self.element.iterancestors(qn("w:tr")), None)


def paragraphs(root: etree._Element) -> Iterator[Paragraph]:
    """Yield the paragraphs in order. Text of a nested paragraph (a text box) belongs to the inner one only."""
    for element in root.iter(qn("w:p")):
        own = [node.text or "" for node in element.iter(qn("w:t")) if next(node.iterancestors(qn("w:p"))) is element]
        yield Paragraph(element, "".join(own))


def text_of(element: etree._Element) -> str:
    """Return all text below an element."""
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def read(text: str) -> tuple[list[Tag], str]:
    """Return the tags of a text in order, and the text without them. A tag that is not understood has an empty kind."""
    return [_tag(found) for found in _TAG.finditer(text)], _TAG.sub("", text)


def _tag(found: re.Match[str]) -> Tag:
    source = found[0]
    if found["note"] is not None:
        return Tag(NOTE, INLINE, "", source)
    if found["print"] is not None:
        return Tag(PRINT, INLINE, found["print"].translate(_QUOTES).strip(), source)
    parts = _STATEMENT.fullmatch(found["statement"].translate(_QUOTES))
    if parts is None or parts["word"] not in STATEMENTS:
        return Tag("", INLINE, "", source)
    return Tag(parts["word"], parts["scope"] or INLINE, parts["rest"].strip(), source)
