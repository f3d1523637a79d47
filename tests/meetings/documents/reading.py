"""Helpers that open downloaded documents.

- `file_of(response)` returns name and bytes of a download. `word(…)` and `sheet(…)` open it.
- `text(document)` returns all its text in order, `rows(table)` the texts of a table.
- `chinese_face(document, words)` returns the East Asian font of a text.
"""

from io import BytesIO
from typing import Any
from urllib.parse import unquote

from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook


def file_of(response: Any) -> tuple[str, bytes]:
    """Return the file name as a browser saves it, and the bytes. Check the headers of a download."""
    assert response.status_code == 200, response.status_code
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    return unquote(disposition.partition("filename*=utf-8''")[2]), response.content


def word(response: Any) -> Any:
    """Open the Word file of a response."""
    name, content = file_of(response)
    assert name.endswith(".docx")
    return Document(BytesIO(content))


def sheet(response: Any) -> Any:
    """Open the first sheet of the workbook of a response."""
    name, content = file_of(response)
    assert name.endswith(".xlsx")
    return load_workbook(BytesIO(content)).active


def text(document: Any) -> str:
    """Return all text of paragraphs and tables in order, a paragraph per line."""
    return "\n".join(
        "".join(part.text or "" for part in node.iter(qn("w:t"))) for node in document.element.body.iter(qn("w:p"))
    )


def rows(table: Any) -> list[list[str]]:
    """Return the texts of a table, row by row."""
    return [[cell.text for cell in row.cells] for row in table.rows]


def chinese_face(document: Any, words: str) -> str:
    """Return the East Asian font of the run that contains these words, from the run itself or from its style."""
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
