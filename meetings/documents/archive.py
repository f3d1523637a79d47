"""The archive of a meeting as one zip: its documents, its attachments and the operations log, for the office's archive.

`make_archive(meeting)` returns the zip as a temporary file that deletes itself when closed. File names in it are
Chinese and numbered. `清单.xlsx` lists every file with its checksum; `操作记录.xlsx` lists every step with person, time
and IP address.

A document that cannot be generated, for example because the conference's own template is broken, is named in the list
with the reason; the rest of the archive is still complete.
"""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from meetings import clock
from meetings.documents.base import GeneratedFile, file_name
from meetings.documents.cells import write_cell
from meetings.documents.follow_up_report import make_follow_up_report
from meetings.documents.ledger import make_ledger
from meetings.documents.ledger_sheet import make_ledger_sheet
from meetings.documents.minutes import make_minutes
from meetings.documents.notice import make_notice
from meetings.documents.sign_in import make_sign_in
from meetings.enums import MinutesState
from meetings.models import Attachment, Meeting, Minutes, RecordLogEntry, Resolution
from meetings.models.catalogue import CATALOGUE
from meetings.queries.meeting import earlier_meetings
from meetings.queries.minutes import minutes_of
from meetings.queries.resolution import without_amendments
from meetings.refusal import Refused
from meetings.rules.evidence import of_meeting

MAX_IN_MEMORY = 8 * 1024**2
CHUNK_SIZE = 1 << 20


@dataclass(frozen=True)
class ListedFile:
    """A row of the list of files."""

    name: str
    size: int
    sha256: str
    note: str = ""


def resolutions_of(meeting: Meeting) -> QuerySet[Resolution]:
    """Return what the meeting settled, in the wording in force."""
    rows = without_amendments(Resolution.objects.filter(minutes=minutes_of(meeting)))
    return rows.order_by("order", "pk")


def _documents(meeting: Meeting) -> Iterator[tuple[str, Callable[[], GeneratedFile]]]:
    """Yield the documents generated from the records, in the chronological order of a meeting."""
    yield "会议通知", lambda: make_notice(meeting)
    yield "签到表", lambda: make_sign_in(meeting)
    if earlier_meetings(meeting).exists():
        yield "上次议定事项落实情况报告", lambda: make_follow_up_report(meeting)
    for minutes in meeting.minutes.filter(state=MinutesState.ISSUED).order_by("pk"):
        yield f"会议纪要 {minutes.number}", lambda found=minutes: make_minutes(found)  # type: ignore[misc]
    if resolutions_of(meeting).exists():
        title, conference = f"{meeting}议定事项台账", meeting.conference
        yield "议定事项台账", lambda: make_ledger(resolutions_of(meeting), title=title, conference=conference)
        yield "议定事项台账", lambda: make_ledger_sheet(resolutions_of(meeting), title=title, conference=conference)


def attachments_of(meeting: Meeting) -> QuerySet[Attachment]:
    """Return every file of the meeting and of the records that belong to it, including scans of signatures.

    Files of minutes and of their resolutions are included only if the minutes are issued.
    """
    issued = Minutes.objects.filter(meeting=meeting, state=MinutesState.ISSUED).values("pk")
    rows = Attachment.objects.filter(removed_at=None).select_related("topic", "meeting", "minutes", "resolution")
    return rows.filter(
        Q(meeting=meeting)
        | Q(topic__agenda_items__meeting=meeting)
        | Q(minutes__in=issued)
        | Q(resolution__minutes__in=issued)
        | Q(report__part__resolution__minutes__in=issued)
    ).distinct()


def log_of(meeting: Meeting) -> QuerySet[RecordLogEntry]:
    """Return the log of the meeting, its topics, minutes and resolutions, in chronological order."""
    condition = Q(pk__in=[])
    for model, entry in CATALOGUE.items():
        if entry.meeting:
            rows = model._default_manager.filter(**{entry.meeting: meeting.pk}).values_list("pk", flat=True)
            kind = ContentType.objects.get_for_model(model)
            condition |= Q(content_type=kind, object_id__in=[str(pk) for pk in rows])
    return RecordLogEntry.objects.filter(condition).select_related("user").order_by("timestamp", "pk")


# --- the spreadsheets ------------------------------------------------------------------------------------------------
def _sheet(title: str, widths: dict[str, int], rows: Iterator[tuple[object, ...]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    page: Any = book.active
    page.title = title
    for column, (heading, width) in enumerate(widths.items(), 1):
        page.cell(1, column, heading).font = Font(bold=True)
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = "A2"
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            write_cell(page.cell(number, column), value)
    book.save(out)
    return out.getvalue()


def _log(meeting: Meeting) -> bytes:
    widths = {"时间": 20, "操作人": 12, "对象": 40, "操作": 60, "说明": 40, "来源地址": 18}
    rows = (
        (
            f"{timezone.localtime(entry.timestamp):%Y-%m-%d %H:%M:%S}",
            entry.user_display_name,
            entry.label,
            str(entry.formatter.format_message(entry)) if entry.formatter else entry.action,
            str(entry.comment or ""),
            entry.address or "",
        )
        for entry in log_of(meeting)
    )
    return _sheet("操作记录", widths, rows)


def _evidence(meeting: Meeting) -> bytes:
    widths = {"条款": 16, "要求": 40, "状态": 10, "依据或缺项": 100}
    rows = (
        (
            str(found.clause),
            str(found.requirement),
            str(found.label),
            "；".join([*found.gaps, *(proof.text for proof in found.proofs)]) or found.message,
        )
        for found in of_meeting(meeting)
    )
    return _sheet("制度对照", widths, rows)


def _contents(listed: list[ListedFile]) -> bytes:
    widths = {"文件": 70, "字节": 12, "SHA-256": 70, "说明": 40}
    return _sheet("清单", widths, ((row.name, row.size, row.sha256, row.note) for row in listed))


# --- the zip ---------------------------------------------------------------------------------------------------------
class _ArchiveWriter:
    """Writes files under unique names, and keeps a list of them."""

    def __init__(self, out: IO[bytes], folder: str) -> None:
        self.zip, self.folder = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED), folder
        self.listed: list[ListedFile] = []
        self.names: set[str] = set()

    def _unique_name(self, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        found, number = name, 2
        while found in self.names:
            found, number = f"{stem}（{number}）{dot}{ending}", number + 1
        self.names.add(found)
        return found

    def add(self, name: str, chunks: Iterator[bytes]) -> None:
        name, total, size = self._unique_name(name), hashlib.sha256(), 0
        moment = timezone.localtime(clock.now()).timetuple()[:6]
        info = zipfile.ZipInfo(f"{self.folder}/{name}", moment)
        info.compress_type = zipfile.ZIP_DEFLATED
        with self.zip.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                total.update(chunk)
                size += len(chunk)
                member.write(chunk)
        self.listed.append(ListedFile(name, size, total.hexdigest()))

    def add_missing(self, name: str, why: str) -> None:
        self.listed.append(ListedFile(name, 0, "", why))


def _bytes_of(attachment: Attachment) -> Iterator[bytes]:
    with attachment.file.open("rb") as file:
        yield from file.chunks(CHUNK_SIZE)


def _archive_path(attachment: Attachment) -> str:
    if attachment.is_scan:
        return f"审签扫描件/{file_name(attachment.name, '')}"
    kind = next(name for name in Attachment.TARGETS if getattr(attachment, f"{name}_id") is not None)
    target = attachment.target
    about = target.part.resolution if kind == "report" else target
    inner = "" if kind in {"meeting", "minutes"} else f"{file_name(str(about), '')}/"
    return f"{CATALOGUE[type(target)].archive_folder}/{inner}{file_name(attachment.name, '')}"


def make_archive(meeting: Meeting) -> tuple[str, IO[bytes]]:
    """Return the file name of the archive and the open file, positioned at the start."""
    out = tempfile.SpooledTemporaryFile(max_size=MAX_IN_MEMORY)  # noqa: SIM115  # the response closes it
    title = file_name(str(meeting), "")
    package = _ArchiveWriter(out, title)
    for number, (what, make) in enumerate(_documents(meeting), 1):
        try:
            generated = make()
        except Refused as refused:
            package.add_missing(what, "；".join(map(str, refused.reasons)))
        else:
            package.add(f"{number:02d} {what}.{generated.name.rpartition('.')[2]}", iter([generated.content]))
    for attachment in attachments_of(meeting):
        if attachment.file.storage.exists(str(attachment.file.name)):
            package.add(_archive_path(attachment), _bytes_of(attachment))
        else:
            package.add_missing(_archive_path(attachment), "文件已不在存储中")
    package.add("制度对照.xlsx", iter([_evidence(meeting)]))
    package.add("操作记录.xlsx", iter([_log(meeting)]))
    package.zip.writestr(f"{title}/清单.xlsx", _contents(package.listed))
    package.zip.close()
    out.seek(0)
    return file_name(f"{title}档案", ".zip"), out
