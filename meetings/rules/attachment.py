"""Which files may be attached to a record, and who may attach them.

- `FILE_TYPES`: the accepted types by extension; each is recognised by its content, never by its name alone.
  `SCAN_TYPES`: the types accepted for a scanned signature.
- `check_file(name, file, size)`: the MIME type of an acceptable file, or what is wrong with it.
- `manages_files(person, target)`: whether the person manages the files of this record.
- `why_files_locked(person, target)`: why this person may not add or remove files of this record now.
"""

import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.enums import MinutesState, ReportVerdict, TopicState
from meetings.models import Meeting, Minutes, Person, ProgressReport, Resolution, Topic
from meetings.models.record_types import FileOwner
from meetings.queries.reach import speaks_for
from meetings.refusal import Missing
from meetings.rules.invisible_characters import invisible_character_message
from meetings.rules.seats import Seat, either_clerk, proposers, seat_names, seat_of
from meetings.rules.topic import EDITABLE

MEGABYTE = 1024 * 1024
UNPACKED_LIMIT = 400 * MEGABYTE  # larger archives are rejected (zip bombs)
CONTENT_TYPES_PART = "[Content_Types].xml"  # a few kilobytes; it is read into memory, so more than 1 MB is rejected
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_DIRECTORY_ENTRY = "_VBA_PROJECT".encode("utf-16-le")  # the stream of macros in an OLE file


@dataclass(frozen=True)
class FileType:
    """An accepted file type: its MIME type and a predicate that recognises its content."""

    mime: str
    fits: Callable[[IO[bytes]], bool]


def _starts_with(*signatures: bytes) -> Callable[[IO[bytes]], bool]:
    return lambda file: file.read(16).startswith(signatures)


def _is_office_zip(part: str) -> Callable[[IO[bytes]], bool]:
    """Recognise an intact zip that contains `part`, unpacks to at most `UNPACKED_LIMIT` bytes and has no macros."""

    def fits(file: IO[bytes]) -> bool:
        try:
            with zipfile.ZipFile(file) as archive:
                names = archive.namelist()
                size = sum(entry.file_size for entry in archive.infolist())
                if part not in names or size > UNPACKED_LIMIT or any("vbaproject" in name.lower() for name in names):
                    return False
                if archive.getinfo(CONTENT_TYPES_PART).file_size > MEGABYTE:
                    return False
                return archive.testzip() is None and b"macroEnabled" not in archive.read(CONTENT_TYPES_PART)
        except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError):
            return False  # damaged, encrypted or an unknown compression: readers could not open it either

    return fits


def _is_ole_file(stream: str) -> Callable[[IO[bytes]], bool]:
    """Recognise an OLE compound file (Office 97) with `stream` in its directory and without macros."""

    def fits(file: IO[bytes]) -> bool:
        content = file.read()
        return (
            content.startswith(OLE_SIGNATURE)
            and stream.encode("utf-16-le") in content
            and MACRO_DIRECTORY_ENTRY not in content
        )

    return fits


def _is_plain_text(file: IO[bytes]) -> bool:
    content = file.read()
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f" for char in text)
    return False


_JPEG = FileType("image/jpeg", _starts_with(b"\xff\xd8\xff"))
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_TYPES: dict[str, FileType] = {
    ".pdf": FileType("application/pdf", _starts_with(b"%PDF-")),
    ".docx": FileType(_WORD, _is_office_zip("word/document.xml")),
    ".xlsx": FileType(_SHEET, _is_office_zip("xl/workbook.xml")),
    ".doc": FileType("application/msword", _is_ole_file("WordDocument")),
    ".xls": FileType("application/vnd.ms-excel", _is_ole_file("Workbook")),
    ".png": FileType("image/png", _starts_with(b"\x89PNG\r\n\x1a\n")),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".txt": FileType("text/plain", _is_plain_text),
}


SCAN_TYPES = {ending: FILE_TYPES[ending] for ending in (".pdf", ".jpg", ".jpeg", ".png")}


def extension_list(types: Mapping[str, FileType]) -> str:
    """Return the accepted extensions as text, separated by 、."""
    return "、".join(ending.removeprefix(".") for ending in types)


def max_file_size() -> int:
    """Return the largest accepted size in bytes, the setting `ATTACHMENT_MAX_BYTES`."""
    return int(getattr(settings, "ATTACHMENT_MAX_BYTES", 20 * MEGABYTE))


def _name_fault(name: str) -> Missing | None:
    """Return what is wrong with the name of a file; None if nothing."""
    if not name.strip() or len(name) > 200:
        return Missing(_("Its name is empty or longer than 200 characters. Rename it."), code="file_name_length")
    if invisible_character_message(name) or any(sign in name for sign in "\t\r\n/\\") or name.startswith("."):
        return Missing(
            _("Its name holds characters that hide what it is, or parts of a path. Rename it."),
            code="file_name_deceptive",
        )
    return None


def check_file(name: str, file: IO[bytes], size: int, types: Mapping[str, FileType] = FILE_TYPES) -> str | Missing:
    """Return the MIME type of an acceptable file, or a `Missing` that says what is wrong and what to do."""
    if fault := _name_fault(name):
        return fault
    file_type = types.get(PurePath(name).suffix.lower())
    if file_type is None:
        reason = _("This type of file is not accepted. Accepted are: %(kinds)s.")
        return Missing(reason % {"kinds": extension_list(types)}, code="file_type_not_accepted")
    if not size:
        return Missing(_("The file is empty. Look whether it was saved."), code="file_empty")
    if size > max_file_size():
        reason = _("The file is larger than %(most)s MB. Make it smaller, or divide it.")
        return Missing(reason % {"most": max_file_size() // MEGABYTE}, code="file_too_large")
    file.seek(0)
    if not file_type.fits(file):
        return Missing(
            _("Its content is not what its name says, it is damaged, or it holds macros. Save it anew as its type."),
            code="file_content_not_accepted",
        )
    return file_type.mime


def _topic_seats(topic: Topic) -> tuple[Seat, ...]:
    if topic.state == TopicState.DISCUSSED:
        return ()
    return (proposers(topic) if topic.state in EDITABLE else ()) + either_clerk(topic)


REPORTING_LIAISON = Seat(
    "reporting",
    gettext_lazy("the liaison of the reporting department"),
    lambda tenure, report: (
        isinstance(report, ProgressReport) and speaks_for(tenure, report.conference.pk, report.part.department_id)
    ),
)


# The seats that may add and remove files of a record now; empty for a closed record.
FILE_EDITORS: dict[type, Callable[[Any], tuple[Seat, ...]]] = {
    Topic: _topic_seats,
    Meeting: either_clerk,
    Minutes: lambda row: () if row.state == MinutesState.ISSUED else either_clerk(row),
    Resolution: lambda row: () if row.minutes.state == MinutesState.ISSUED else either_clerk(row),
    ProgressReport: lambda row: (REPORTING_LIAISON,) if row.verdict == ReportVerdict.PENDING else (),
}


def manages_files(person: Person, target: FileOwner) -> bool:
    """Return whether the person may change the files of this record, or could until it was closed."""
    when_open = (REPORTING_LIAISON,) if isinstance(target, ProgressReport) else either_clerk(target)
    return seat_of(person, target, FILE_EDITORS[type(target)](target) or when_open) is not None


def why_files_locked(person: Person, target: FileOwner) -> Missing | None:
    """Return why the person may not add or remove files of this record now; None if they may."""
    seats = FILE_EDITORS[type(target)](target)
    if not seats:
        return Missing(
            _("The files of this record are closed: it was issued, discussed or verified."), code="files_closed"
        )
    if seat_of(person, target, seats) is None:
        return Missing(
            _("Files of this record are added and removed by: %(who)s.") % {"who": seat_names(seats)},
            code="not_your_files",
        )
    return None
