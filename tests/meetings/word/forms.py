"""Helpers that build templates, valid and invalid ones.

- `FIELDS` are the fields of a small kind of document. `form(*paragraphs)` builds a template with these paragraphs.
- `with_parts(content, parts)` adds or replaces entries of a file. `inside(content, name)` returns an entry.
- `related(content, kind, target)` adds a relation to the text of a file.
"""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docx import Document

from meetings.word.fields import Fields, Flag, Rows, Text

FIELDS: Fields = (
    Text("标题", "通知"),
    Text("文号", "第1号"),
    Flag("草稿"),
    Rows(
        "议程", (Text("序号", "1"), Text("事项", "审议"), Rows("材料", (Text("名称", "报告"),), item="件")), item="项"
    ),
)
VALUES: dict[str, Any] = {
    "标题": "关于开会的通知",
    "文号": "",
    "草稿": True,
    "议程": [
        {"序号": "1", "事项": "听取通报", "材料": [{"名称": "通报.docx"}, {"名称": "附表.xlsx"}]},
        {"序号": "2", "事项": "审议议题", "材料": []},
    ],
}
RELATIONS = "word/_rels/document.xml.rels"


def saved(document: Any) -> bytes:
    """Return the bytes of a document."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def form(*paragraphs: str) -> bytes:
    """Return a template with these paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def entries(content: bytes) -> dict[str, bytes]:
    """Return the entries of a file by name."""
    with zipfile.ZipFile(BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def inside(content: bytes, name: str) -> str:
    """Return an entry as text."""
    return entries(content)[name].decode()


def with_parts(content: bytes, parts: Mapping[str, bytes | str]) -> bytes:
    """Return the file with these entries added or replaced."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in {**entries(content), **parts}.items():
            file.writestr(name, part)
    return out.getvalue()


def related(content: bytes, kind: str, target: str, *, outside: bool = True) -> bytes:
    """Return the file with one more relation, by default an external one."""
    mode = ' TargetMode="External"' if outside else ""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    row = f'<Relationship Id="rId99" Type="{space}/{kind}" Target="{target}"{mode}/>'
    text = inside(content, RELATIONS).replace("</Relationships>", f"{row}</Relationships>")
    return with_parts(content, {RELATIONS: text})


def rewritten(content: bytes, old: str, new: str) -> bytes:
    """Return the file with a replacement in its XML text."""
    text = inside(content, "word/document.xml")
    assert old in text
    return with_parts(content, {"word/document.xml": text.replace(old, new)})
