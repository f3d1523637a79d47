"""Which files may lie with a record, and who may put them there.

Key concepts
- `KINDS`: the accepted types by ending; each is recognised by its content, never by its name alone. `SCANS`: those of
  a scanned signature.
- `examine(name, file)`: the MIME type of an acceptable file, or what is wrong with it.
- `keeps_files(person, target)`: whether this is somebody who keeps the files of this record.
- `refusal(person, target)`: why this person may not add or remove files of this record now.
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

from meetings.enums import MinutesState, ReportVerdict, Role, TopicState
from meetings.models import Meeting, Minutes, Person, ProgressReport, Resolution, Topic
from meetings.refusal import Missing
from meetings.rules.invisible_characters import hidden_sign
from meetings.rules.seats import Seat, Seats, either_clerk, names, proposers, seat_of, speaks_for
from meetings.rules.topic import EDITABLE

MEGABYTE = 1024 * 1024
UNPACKED_LIMIT = 400 * MEGABYTE  # an office file that unpacks to more is no office file
TYPES = "[Content_Types].xml"  # a few kilobytes in every office file; read into memory, so never more than a megabyte
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = "_VBA_PROJECT".encode("utf-16-le")  # the directory of an old office file names its macros so


@dataclass(frozen=True)
class Kind:
    """An accepted type: its MIME type, and how its content is recognised."""

    mime: str
    fits: Callable[[IO[bytes]], bool]


def _starts(*heads: bytes) -> Callable[[IO[bytes]], bool]:
    return lambda file: file.read(16).startswith(heads)


def _office(part: str) -> Callable[[IO[bytes]], bool]:
    """A zip that opens whole, holds `part`, unpacks to a sane size and carries no macros."""

    def fits(file: IO[bytes]) -> bool:
        try:
            with zipfile.ZipFile(file) as packed:
                names = packed.namelist()
                size = sum(entry.file_size for entry in packed.infolist())
                if part not in names or size > UNPACKED_LIMIT or any("vbaproject" in name.lower() for name in names):
                    return False
                if packed.getinfo(TYPES).file_size > MEGABYTE:
                    return False
                return packed.testzip() is None and b"macroEnabled" not in packed.read(TYPES)
        except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError):
            return False  # broken, encrypted or packed in an unknown way: it would not open for the reader either

    return fits


def _old_office(stream: str) -> Callable[[IO[bytes]], bool]:
    """A compound file of Office 97 that names `stream` in its directory and no macros."""

    def fits(file: IO[bytes]) -> bool:
        content = file.read()
        return content.startswith(OLE) and stream.encode("utf-16-le") in content and MACROS not in content

    return fits


def _plain_text(file: IO[bytes]) -> bool:
    content = file.read()
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f" for char in text)
    return False


_JPEG = Kind("image/jpeg", _starts(b"\xff\xd8\xff"))
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, Kind] = {
    ".pdf": Kind("application/pdf", _starts(b"%PDF-")),
    ".docx": Kind(_WORD, _office("word/document.xml")),
    ".xlsx": Kind(_SHEET, _office("xl/workbook.xml")),
    ".doc": Kind("application/msword", _old_office("WordDocument")),
    ".xls": Kind("application/vnd.ms-excel", _old_office("Workbook")),
    ".png": Kind("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".txt": Kind("text/plain", _plain_text),
}


SCANS = {ending: KINDS[ending] for ending in (".pdf", ".jpg", ".jpeg", ".png")}


def endings(kinds: Mapping[str, Kind]) -> str:
    """The accepted endings, for a sentence."""
    return "、".join(ending.removeprefix(".") for ending in kinds)


def limit() -> int:
    """The largest accepted size in bytes."""
    return int(getattr(settings, "ATTACHMENT_MAX_BYTES", 20 * MEGABYTE))


def _name_fault(name: str) -> Missing | None:
    """What is wrong with a file's name; None if nothing."""
    if not name.strip() or len(name) > 200:
        return Missing(_("Its name is empty or longer than 200 characters. Rename it."), code="file_name_length")
    if hidden_sign(name) or any(sign in name for sign in "\t\r\n/\\") or name.startswith("."):
        return Missing(
            _("Its name holds characters that hide what it is, or parts of a path. Rename it."),
            code="file_name_deceptive",
        )
    return None


def examine(name: str, file: IO[bytes], size: int, kinds: Mapping[str, Kind] = KINDS) -> str | Missing:
    """The MIME type of an acceptable file, or what is wrong with it and what to do."""
    if fault := _name_fault(name):
        return fault
    kind = kinds.get(PurePath(name).suffix.lower())
    if kind is None:
        reason = _("This type of file is not accepted. Accepted are: %(kinds)s.")
        return Missing(reason % {"kinds": endings(kinds)}, code="file_type_not_accepted")
    if not size:
        return Missing(_("The file is empty. Look whether it was saved."), code="file_empty")
    if size > limit():
        reason = _("The file is larger than %(most)s MB. Make it smaller, or divide it.")
        return Missing(reason % {"most": limit() // MEGABYTE}, code="file_too_large")
    file.seek(0)
    if not kind.fits(file):
        return Missing(
            _("Its content is not what its name says, it is damaged, or it holds macros. Save it anew as its type."),
            code="file_content_not_accepted",
        )
    return kind.mime


def _topic(topic: Topic) -> tuple[Seat, ...]:
    if topic.state == TopicState.DISCUSSED:
        return ()
    return (proposers(topic) if topic.state in EDITABLE else ()) + either_clerk(topic)


REPORTING = Seat(
    "reporting",
    gettext_lazy("the liaison of the reporting department"),
    lambda tenure, report: tenure.post.role == Role.LIAISON and speaks_for(tenure, report.part.department_id),
)


# Whose files: the seats that may add and remove them now. None of a closed record.
HOLDERS: dict[type, Seats] = {
    Topic: _topic,
    Meeting: either_clerk,
    Minutes: lambda row: () if row.state == MinutesState.ISSUED else either_clerk(row),
    Resolution: lambda row: () if row.minutes.state == MinutesState.ISSUED else either_clerk(row),
    ProgressReport: lambda row: (REPORTING,) if row.verdict == ReportVerdict.PENDING else (),
}


def keeps_files(person: Person, target: Any) -> bool:
    """True for whoever adds and removes files of this record, or did until it was closed."""
    once = (REPORTING,) if isinstance(target, ProgressReport) else either_clerk(target)
    return seat_of(person, target, HOLDERS[type(target)](target) or once) is not None


def refusal(person: Person, target: Any) -> Missing | None:
    """Why the person may not add or remove files of this record now; None if they may."""
    seats = HOLDERS[type(target)](target)
    if not seats:
        return Missing(
            _("The files of this record are closed: it was issued, discussed or verified."), code="files_closed"
        )
    if seat_of(person, target, seats) is None:
        return Missing(
            _("Files of this record are added and removed by: %(who)s.") % {"who": names(seats)}, code="not_your_files"
        )
    return None
