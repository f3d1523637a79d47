"""What the approvals of minutes cover, and whether it still stands (`Y 2(5)`, `C 5(4)`).

Key concepts
- `content_hash(minutes)`: one hash of text, attendance, resolutions with their disclosure, and attached files.
- `file_changed(attachment)`: True if the bytes no longer fit the checksum.
- `seal_broken(minutes)`: True if a sealed content no longer fits; reads the bytes of the files, not their checksums.
  Issued minutes are compared with what was put away at the issue; those in force, with the rows besides.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch

from meetings.enums import MinutesState
from meetings.models import Attachment, Minutes, Resolution
from meetings.queries.issued_copy import file_pks
from meetings.queries.minutes import IN_ORDER
from meetings.rules.hashing import digest
from meetings.rules.resolution import stricter

Checksum = Callable[[Attachment], str]


def stored_checksum(attachment: Attachment) -> str:
    """The checksum that was taken when the file came in."""
    return attachment.sha256


def checksum_of_bytes(attachment: Attachment) -> str:
    """The checksum of the file as it lies in the storage now; empty if it is gone."""
    storage, name = attachment.file.storage, str(attachment.file.name)
    if not storage.exists(name):
        return ""
    total = hashlib.sha256()
    with storage.open(name) as file:
        for chunk in file.chunks():
            total.update(chunk)
    return total.hexdigest()


def file_changed(attachment: Attachment) -> bool:
    """True if the file is not what came in, or is gone; scans of signatures and removed files are kept as they were."""
    return checksum_of_bytes(attachment) != stored_checksum(attachment)


def _files(record: Any, checksum: Checksum) -> list[list[str]]:
    return [[row.name, checksum(row)] for row in record.attachments.all()]


def _resolution(row: Resolution, checksum: Checksum) -> dict[str, Any]:
    """What was settled and how open it is; not subject and tags, which only say how to find it and may change."""
    return {
        "order": row.order,
        "title": row.title,
        "text": row.text,
        "amount": None if row.amount is None else f"{row.amount:.2f}",
        "deadline": [row.deadline_kind, row.deadline_text, row.deadline],
        "disclosure": row.sealed_disclosure,
        "continues": row.continues_id,
        "parts": sorted([part.role, part.department_id] for part in row.parts.all()),
        "tasks": sorted([part.department_id, part.task] for part in row.parts.all() if part.task),
        "files": _files(row, checksum),
    }


def content(minutes: Minutes, checksum: Checksum = stored_checksum) -> dict[str, Any]:
    """Everything that the approvals cover, read afresh from the database."""
    attendance = minutes.meeting.attendance.order_by("order", "pk")
    files = Prefetch("attachments", Attachment.objects.filter(removed_at=None, is_scan=False).order_by("pk"))
    resolutions = Resolution.objects.filter(minutes=minutes).prefetch_related("parts", files).order_by(*IN_ORDER)
    document = Minutes.objects.prefetch_related(files).get(pk=minutes.pk)
    return {
        "title": minutes.title,
        "body": minutes.body,
        "disclosure": [minutes.disclosure, minutes.disclosure_reason],
        "attendance": [
            [row.title, row.name, row.status, row.delegate_title, row.delegate_name, row.side] for row in attendance
        ],
        "resolutions": [_resolution(row, checksum) for row in resolutions],
        "files": _files(document, checksum),
    }


def content_hash(minutes: Minutes) -> str:
    """The hash that an approval is given to."""
    return digest(content(minutes))


def seal_broken(minutes: Minutes) -> bool:
    """True if the minutes are sealed and their content, file bytes included, no longer fits the seal.

    A resolution that is more open now than it was approved, without a leader's approval, breaks the seal as well.
    """
    if not minutes.hash:
        return False
    correction = minutes.corrections.first()
    if minutes.frozen is not None:
        if digest(minutes.frozen["content"]) != minutes.hash:
            return True
        if correction is not None and correction.state == MinutesState.ISSUED:
            return _files_changed(minutes)
    opened = any(
        stricter(row.sealed_disclosure[0], row.disclosure)
        for row in Resolution.objects.filter(minutes=minutes, loosened_by=None)
    )
    now = content(minutes, checksum_of_bytes)
    if correction is not None and minutes.frozen is not None:
        # The correction may put names right before it is issued; until then the minutes tell what was approved.
        now["attendance"] = minutes.frozen["content"]["attendance"]
    return opened or digest(now) != minutes.hash


def _files_changed(minutes: Minutes) -> bool:
    """True if a file that corrected minutes covered is not what it was; it may lie with another record by now."""
    covered = file_pks(minutes)
    found = Attachment.objects.in_bulk(covered)
    return any(pk not in found or checksum_of_bytes(found[pk]) != checksum for pk, checksum in covered.items())
