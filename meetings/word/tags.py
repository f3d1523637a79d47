"""The tags of a template, read paragraph by paragraph as Word shows them.

Key concepts
- `paragraphs(root)`: every paragraph of a part with its text. `read(text)`: the tags in it, and what is left.
- `Tag`: `{{ field }}`, or `{% for … %}`, `{% if … %}` and their ends; with `p` or `tr` the tag takes its whole
  paragraph or table row with it. `{# … #}` is a note.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

PRINT, FOR, IF, ELIF, ELSE, ENDFOR, ENDIF, NOTE = "print", "for", "if", "elif", "else", "endfor", "endif", "note"
STATEMENTS = (FOR, IF, ELIF, ELSE, ENDFOR, ENDIF)
OPENS, CLOSES = {FOR: ENDFOR, IF: ENDIF}, {ENDFOR: FOR, ENDIF: IF}
INLINE, PARAGRAPH, ROW = "", "p", "tr"
LONGEST = 200

_TAG = re.compile(r"\{\{(?P<print>[^{}]*)\}\}|\{%(?P<statement>[^{}%]*)%\}|\{#(?P<note>[^{}#]*)#\}")
_STATEMENT = re.compile(r"(?P<scope>tr|p)?(?(scope) +|\s*)(?P<word>[a-z]+)\b(?P<rest>.*)", re.DOTALL)
_QUOTES = str.maketrans("“”‘’", "\"\"''")  # Word makes them curly while one types


@dataclass(frozen=True)
class Tag:
    """A tag: what it does, what it takes with it, its expression, and how it stands in the template."""

    kind: str
    scope: str
    expression: str
    source: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the template."""

    element: Any
    text: str

    @property
    def row(self) -> Any:
        """The innermost table row that it stands in, or None."""
        return next(self.element.iterancestors(qn("w:tr")), None)


def paragraphs(root: Any) -> Iterator[Paragraph]:
    """The paragraphs in order; the text of one inside another (a text box) counts for the inner one."""
    for element in root.iter(qn("w:p")):
        own = [node.text or "" for node in element.iter(qn("w:t")) if next(node.iterancestors(qn("w:p"))) is element]
        yield Paragraph(element, "".join(own))


def text_of(element: Any) -> str:
    """All text below an element."""
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def read(text: str) -> tuple[list[Tag], str]:
    """The tags of a text in order, and the text without them; one that is not understood has an empty kind."""
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
