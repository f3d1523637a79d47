"""Office files as zip packages: unpacked within limits, packed reproducibly.

- `unpack(content)` returns the entries of an untrusted file, or raises `BadPackage`. It never unpacks more than the
  limits allow.
- `pack(parts)` returns the entries as a zip without timestamps.
- `strip_metadata(content, title=…)` removes author, computer and date from the properties of a generated file, and
  keeps only the title.
"""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from xml.sax.saxutils import escape

MEGABYTE = 1024 * 1024
MAX_ENTRIES = 400
MAX_UNPACKED = 40 * MEGABYTE
MAX_XML = 4 * MEGABYTE  # a single XML part
NO_TIME = (1980, 1, 1, 0, 0, 0)
CORE, APP, CUSTOM = "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"
_XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CORE_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_APP_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"


class BadPackage(ValueError):
    """The file is not an office file, or it unpacks to more than the limits allow."""


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the entries by name.

    The size that an entry declares is not trusted: reading stops there, and an entry of another size is refused.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            entries = [entry for entry in file.infolist() if not entry.is_dir()]
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise BadPackage("too big")
            if len({entry.filename for entry in entries}) < len(entries):
                raise BadPackage("an entry stands in it twice")
            return {entry.filename: _read(file, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise BadPackage("no zip") from broken


def _read(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    limit = MAX_XML if entry.filename.endswith((".xml", ".rels")) else MAX_UNPACKED
    if entry.file_size > limit:
        raise BadPackage("too big")
    with file.open(entry) as stream:  # the limit stops a bomb whose declared size is false
        found = stream.read(entry.file_size + 1)
    if len(found) != entry.file_size:
        raise BadPackage("not as long as it says")
    return found


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return the entries as a zip, in their order and without timestamps."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            file.writestr(entry, content)
    return out.getvalue()


def strip_metadata(content: bytes, *, title: str) -> bytes:
    """Return the file with its title as the only property."""
    with zipfile.ZipFile(BytesIO(content)) as file:
        parts = {entry.filename: file.read(entry) for entry in file.infolist()}
    core = f'<cp:coreProperties xmlns:cp="{_CORE_NAMESPACE}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    core += f"<dc:title>{escape(title)}</dc:title></cp:coreProperties>"
    properties = {CORE: core, APP: f'<Properties xmlns="{_APP_NAMESPACE}"/>'}
    for name, text in properties.items():
        if name in parts:
            parts[name] = (_XML_DECLARATION + text).encode()
    return pack(parts)
