"""Small files with Chinese text for the attachments of the story: docx, xlsx and pdf, the same bytes each time.

Key concepts
- `content(sheet)`: the bytes of a `Sheet`.
"""

import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape

from openpyxl import Workbook
from PIL import Image, ImageDraw

from portal.demo.data_types import Sheet
from portal.demo.pictures import font

_DAY = (2022, 1, 1, 0, 0, 0)  # the time stamp inside the archives
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>'
)
_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_A4 = (1240, 1754)  # pixels at 150 dpi


def content(sheet: Sheet) -> bytes:
    """The bytes of the file; the same sheet gives the same bytes."""
    return {"docx": _docx, "xlsx": _xlsx, "pdf": _pdf}[sheet.kind](sheet)


def _lines(sheet: Sheet) -> list[str]:
    return ["　".join(str(cell) for cell in row) for row in sheet.rows]


def _archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive whose entries carry a fixed time stamp."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _DAY), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _docx(sheet: Sheet) -> bytes:
    title, *body = _lines(sheet)
    heading = (
        '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/><w:sz w:val="36"/></w:rPr>'
        f"<w:t>{escape(title)}</w:t></w:r></w:p>"
    )
    paragraphs = "".join(
        f'<w:p><w:pPr><w:ind w:firstLineChars="200"/></w:pPr><w:r><w:t>{escape(line)}</w:t></w:r></w:p>'
        for line in body
    )
    document = f'{_HEAD}<w:document xmlns:w="{_WORD}"><w:body>{heading}{paragraphs}</w:body></w:document>'
    return _archive({"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document})


def _xlsx(sheet: Sheet) -> bytes:
    book = Workbook()
    book.properties.created = book.properties.modified = datetime(*_DAY)  # noqa: DTZ001 the format knows no zone
    page = book.active
    if page is None:
        raise TypeError("a new workbook has a sheet")
    page.title = sheet.name.removesuffix(".xlsx")[:31]
    for row in sheet.rows:
        page.append(row)
    out = BytesIO()
    book.save(out)
    # openpyxl stamps the time of saving on the archive's entries and on the properties.
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _archive({name: part for name, part in parts.items() if name != "docProps/core.xml"} | _core(parts))


def _core(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The properties without the moment of saving."""
    return {"docProps/core.xml": _STAMP.sub(b"2022-01-01T00:00:00Z", parts["docProps/core.xml"])}


def _pdf(sheet: Sheet) -> bytes:
    """One page as it would come from a scanner."""
    page = Image.new("L", _A4, 255)
    draw = ImageDraw.Draw(page)
    top = 180
    for number, line in enumerate(_lines(sheet)):
        letters = font(44 if number == 0 else 30)
        draw.text((150, top), line, fill=20, font=letters)
        top += 110 if number == 0 else 62
    out = BytesIO()
    stamp = datetime(*_DAY).timetuple()  # noqa: DTZ001
    page.save(out, "PDF", resolution=150, creationDate=stamp, modDate=stamp)
    return out.getvalue()
