"""The content that the approvals of minutes cover, and the check of its seal (`Y 2(5)`, `C 5(4)`).

- `content_hash(minutes)`: one hash of text, attendance, resolutions with their disclosure, and attached files.
- `file_changed(attachment)`: whether the stored bytes differ from the checksum.
- `seal_broken(minutes)`: whether sealed content was changed; it reads the bytes of the files, not their checksums.
  Issued minutes are compared with the copy stored at the issue; minutes in force also with the present rows.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch

from meetings.enums import MinutesState
from meetings.models import Attachment, Minutes, Resolution
from meetings.models.resolution_fields import sealed_values
from meetings.queries.issued_copy import file_pks
from meetings.queries.minutes import DOCUMENT_ORDER
from meetings.rules.hashing import digest
from meetings.rules.resolution import stricter

Checksum = Callable[[Attachment], str]


def stored_checksum(attachment: Attachment) -> str:
    """Return the checksum computed at the upload."""
    return attachment.sha256


def checksum_of_bytes(attachment: Attachment) -> str:
    """Return the SHA-256 of the stored file as it is now; empty if the file is missing."""
    storage, name = attachment.file.storage, str(attachment.file.name)
    if not storage.exists(name):
        return ""
    total = hashlib.sha256()
    with storage.open(name) as file:
        for chunk in file.chunks():
            total.update(chunk)
    return total.hexdigest()


def file_changed(attachment: Attachment) -> bool:
    """Return whether the stored file is missing or differs from the upload.

    It applies also to scans of signatures and to removed files, which must stay unchanged.
    """
    return checksum_of_bytes(attachment) != stored_checksum(attachment)


def _files(record: Minutes | Resolution, checksum: Checksum) -> list[list[str]]:
    return [[row.name, checksum(row)] for row in record.attachments.all()]


def _resolution(row: Resolution, checksum: Checksum) -> dict[str, object]:
    """Return the covered fields of a resolution; subject and tags only serve to find it and may change later."""
    return {
        **sealed_values(row),
        "deadline": [row.deadline_kind, row.deadline_text, row.deadline],
        "disclosure": row.sealed_disclosure,
        "parts": sorted([part.role, part.department_id] for part in row.parts.all()),
        "tasks": sorted([part.department_id, part.task] for part in row.parts.all() if part.task),
        "files": _files(row, checksum),
    }


def content(minutes: Minutes, checksum: Checksum = stored_checksum) -> dict[str, Any]:
    """Return everything that the approvals cover, read from the database."""
    attendance = minutes.meeting.attendance.order_by("order", "pk")
    files = Prefetch("attachments", Attachment.objects.filter(removed_at=None, is_scan=False).order_by("pk"))
    resolutions = Resolution.objects.filter(minutes=minutes).prefetch_related("parts", files).order_by(*DOCUMENT_ORDER)
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
    """Return the hash that an approval refers to."""
    return digest(content(minutes))


def seal_broken(minutes: Minutes) -> bool:
    """Return whether the minutes are sealed and their content, including file bytes, no longer matches the seal.

    A resolution that discloses more than was approved, without a leader's approval, breaks the seal as well.
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
        # A correction in progress may already have changed the attendance; these minutes show what was approved.
        now["attendance"] = minutes.frozen["content"]["attendance"]
    return opened or digest(now) != minutes.hash


def _files_changed(minutes: Minutes) -> bool:
    """Return whether a file that corrected minutes covered has changed; it may belong to another record by now."""
    covered = file_pks(minutes)
    found = Attachment.objects.in_bulk(covered)
    return any(pk not in found or checksum_of_bytes(found[pk]) != checksum for pk, checksum in covered.items())
