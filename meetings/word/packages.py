"""Office files as zip packages: taken apart with bounds, put together so that the same content gives the same bytes.

Key concepts
- `unpacked(content)`: the entries of a file from outside, or `BadPackage`; nothing is unpacked beyond the bounds.
- `packed(parts)`: the entries as a zip without times; `neutral(content, title=…)`: a made file whose properties name
  nothing but its title: no author, no machine, no date.
"""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from xml.sax.saxutils import escape

MEGABYTE = 1024 * 1024
MOST_ENTRIES = 400
MOST_UNPACKED = 40 * MEGABYTE
MOST_XML = 4 * MEGABYTE  # one part of XML
NO_TIME = (1980, 1, 1, 0, 0, 0)
CORE, APP, CUSTOM = "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PROPERTIES = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"


class BadPackage(ValueError):
    """The file is no office file, or unpacks to more than one should."""


def unpacked(content: bytes) -> dict[str, bytes]:
    """The entries by name. What an entry says of its own size is not believed: reading stops at it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            entries = [entry for entry in file.infolist() if not entry.is_dir()]
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise BadPackage("too big")
            if len({entry.filename for entry in entries}) < len(entries):
                raise BadPackage("an entry stands in it twice")
            return {entry.filename: _read(file, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise BadPackage("no zip") from broken


def _read(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    most = MOST_XML if entry.filename.endswith((".xml", ".rels")) else MOST_UNPACKED
    if entry.file_size > most:
        raise BadPackage("too big")
    with file.open(entry) as stream:  # with a size, so that no more is unpacked at once than was announced
        found = stream.read(entry.file_size + 1)
    if len(found) != entry.file_size:
        raise BadPackage("not as long as it says")
    return found


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The entries as a zip, in their order and without times."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            file.writestr(entry, content)
    return out.getvalue()


def neutral(content: bytes, *, title: str) -> bytes:
    """The same file with its title as the only property."""
    with zipfile.ZipFile(BytesIO(content)) as file:
        parts = {entry.filename: file.read(entry) for entry in file.infolist()}
    core = f'<cp:coreProperties xmlns:cp="{_PROPERTIES}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    core += f"<dc:title>{escape(title)}</dc:title></cp:coreProperties>"
    told = {CORE: core, APP: f'<Properties xmlns="{_EXTENDED}"/>'}
    for name, text in told.items():
        if name in parts:
            parts[name] = (_HEAD + text).encode()
    return packed(parts)
