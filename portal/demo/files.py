"""Generate small docx, xlsx and pdf files with Chinese text, as attachments of the demonstration.

`content(file)` returns the bytes of a `GeneratedFile`. They are the same each time.
"""

import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape

from openpyxl import Workbook
from PIL import Image, ImageDraw

from portal.demo.data_types import GeneratedFile
from portal.demo.pictures import font

_TIMESTAMP = (2022, 1, 1, 0, 0, 0)  # inside the archives
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_CONTENT_TYPES = (
    f'{_XML_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)
_RELATIONSHIPS = (
    f'{_XML_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>'
)
_TIMESTAMP_PATTERN = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_A4 = (1240, 1754)  # pixels at 150 dpi


def content(file: GeneratedFile) -> bytes:
    """Return the bytes of the file; the same data gives the same bytes."""
    return {"docx": _docx, "xlsx": _xlsx, "pdf": _pdf}[file.kind](file)


def _lines(file: GeneratedFile) -> list[str]:
    return ["　".join(str(cell) for cell in row) for row in file.rows]


def _archive(parts: Mapping[str, str | bytes]) -> bytes:
    """Build a zip archive whose entries have a fixed timestamp."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _TIMESTAMP), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _docx(file: GeneratedFile) -> bytes:
    title, *body = _lines(file)
    heading = (
        '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/><w:sz w:val="36"/></w:rPr>'
        f"<w:t>{escape(title)}</w:t></w:r></w:p>"
    )
    paragraphs = "".join(
        f'<w:p><w:pPr><w:ind w:firstLineChars="200"/></w:pPr><w:r><w:t>{escape(line)}</w:t></w:r></w:p>'
        for line in body
    )
    document = f'{_XML_DECLARATION}<w:document xmlns:w="{_WORD}"><w:body>{heading}{paragraphs}</w:body></w:document>'
    return _archive(
        {"[Content_Types].xml": _CONTENT_TYPES, "_rels/.rels": _RELATIONSHIPS, "word/document.xml": document}
    )


def _xlsx(file: GeneratedFile) -> bytes:
    book = Workbook()
    book.properties.created = book.properties.modified = datetime(*_TIMESTAMP)  # noqa: DTZ001 the format has no time zone
    worksheet = book.active
    if worksheet is None:
        raise TypeError("a new workbook has a sheet")
    worksheet.title = file.name.removesuffix(".xlsx")[:31]
    for row in file.rows:
        worksheet.append(row)
    out = BytesIO()
    book.save(out)
    # openpyxl writes the time of saving to the entries of the archive and to the properties.
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _archive({name: part for name, part in parts.items() if name != "docProps/core.xml"} | _core(parts))


def _core(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the properties with a fixed time of saving."""
    return {"docProps/core.xml": _TIMESTAMP_PATTERN.sub(b"2022-01-01T00:00:00Z", parts["docProps/core.xml"])}


def _pdf(file: GeneratedFile) -> bytes:
    """Draw one page as an image, as a scanner produces it."""
    page = Image.new("L", _A4, 255)
    draw = ImageDraw.Draw(page)
    top = 180
    for number, line in enumerate(_lines(file)):
        line_font = font(44 if number == 0 else 30)
        draw.text((150, top), line, fill=20, font=line_font)
        top += 110 if number == 0 else 62
    out = BytesIO()
    stamp = datetime(*_TIMESTAMP).timetuple()  # noqa: DTZ001
    page.save(out, "PDF", resolution=150, creationDate=stamp, modDate=stamp)
    return out.getvalue()
