"""Documents as their reader opens them.

Key concepts
- `file_of(response)`: the name and the bytes of a download, which must be one. `word(…)`, `sheet(…)`: opened.
- `text(document)`: everything that stands in it, paragraphs and tables in order. `rows(table)`: its texts.
- `chinese_face(document, words)`: the East Asian face in which these words are set.
"""

from io import BytesIO
from typing import Any
from urllib.parse import unquote

from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook


def file_of(response: Any) -> tuple[str, bytes]:
    """The file of an answer: its name as a browser saves it, and its bytes."""
    assert response.status_code == 200, response.status_code
    told = response["Content-Disposition"]
    assert told.startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    return unquote(told.partition("filename*=utf-8''")[2]), response.content


def word(response: Any) -> Any:
    """The Word file of an answer."""
    name, content = file_of(response)
    assert name.endswith(".docx")
    return Document(BytesIO(content))


def sheet(response: Any) -> Any:
    """The first sheet of the workbook of an answer."""
    name, content = file_of(response)
    assert name.endswith(".xlsx")
    return load_workbook(BytesIO(content)).active


def text(document: Any) -> str:
    """All that stands in it, a paragraph or cell a line."""
    return "\n".join(
        "".join(part.text or "" for part in node.iter(qn("w:t"))) for node in document.element.body.iter(qn("w:p"))
    )


def rows(table: Any) -> list[list[str]]:
    """The texts of a table."""
    return [[cell.text for cell in row.cells] for row in table.rows]


def chinese_face(document: Any, words: str) -> str:
    """The East Asian face of the run that holds these words: its own, or that of its style."""
    for node in document.element.body.iter(qn("w:r")):
        if words not in "".join(part.text or "" for part in node.iter(qn("w:t"))):
            continue
        own = node.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if own is not None and own.get(qn("w:eastAsia")):
            return str(own.get(qn("w:eastAsia")))
        paragraph = next(node.iterancestors(qn("w:p")))
        style = next(s for s in document.styles if s.style_id == paragraph.pPr.pStyle.val)
        return str(style.element.rPr.rFonts.get(qn("w:eastAsia")))
    raise AssertionError(f"{words} is not in the document")
