"""Operations on the files attached to a record.

- `attach`: checks content, size and name of each file and stores it under a random name.
- `remove_attachment`: marks the attachment as removed. The stored file stays, because the log refers to it.
- `store_scan`: stores the scan of a signature on paper, which is not part of the approved content.
- `copy_files`, `discard_files`: for drafts that are started from another record, and for drafts that are deleted.

Approvals of minutes cover the files of the minutes and of their resolutions. A change of these files voids them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from io import BufferedReader
from pathlib import PurePath
from typing import cast

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from meetings import clock
from meetings.models import Attachment, Minutes, Person, Resolution
from meetings.models.record_types import FileOwner
from meetings.operations.base import announce
from meetings.operations.seal import minutes_content_changed
from meetings.refusal import Missing, Refused
from meetings.rules.attachment import FILE_TYPES, SCAN_TYPES, FileType, check_file, why_files_locked
from meetings.write_lock import write_transaction


def attach(target: FileOwner, *, by: Person, files: "Iterable[File[bytes]]") -> list[Attachment]:
    """Attach files to a topic, meeting, minutes, resolution or report; all of them or none."""
    uploads = list(files)
    if not uploads:
        return []
    with write_transaction():
        target = type(target)._default_manager.select_for_update(of=("self",)).get(pk=target.pk)
        _require_permission(by, target)
        kinds = _checked_types(uploads, FILE_TYPES)
        added = [_store(target, upload, mime_type, by) for upload, mime_type in zip(uploads, kinds, strict=True)]
        _minutes_content_changed(target, by)
    return added


def store_scan(target: FileOwner, *, by: Person, file: "File[bytes]") -> Attachment:
    """Store the scan of a signature with the record.

    The caller must have checked that the signature may be registered.
    """
    (mime_type,) = _checked_types([file], SCAN_TYPES)
    return _store(target, file, mime_type, by, is_scan=True)


def _checked_types(uploads: "list[File[bytes]]", kinds: Mapping[str, FileType]) -> list[str]:
    """Return the MIME types of the uploads; `Refused` names each file that is not accepted and why."""
    results = [check_file(upload.name or "", _stream(upload), upload.size, kinds) for upload in uploads]
    message = _("“%(name)s” was not accepted. %(fault)s")
    faults = [
        Missing(message % {"name": upload.name, "fault": fault}, code=fault.code)
        for upload, fault in zip(uploads, results, strict=True)
        if isinstance(fault, Missing)
    ]
    if faults:
        raise Refused.lacking(faults)
    return [mime_type for mime_type in results if isinstance(mime_type, str)]


def remove_attachment(attachment: Attachment, *, by: Person) -> Attachment:
    """Mark a file as removed: it is no longer listed with the record but stays in the storage."""
    with write_transaction():
        row = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
        _require_permission(by, row.target)
        if row.removed_at is not None:
            raise Refused(_("“%(name)s” was removed already.") % {"name": row.name}, code="file_removed")
        if row.is_scan:
            raise Refused(
                _("“%(name)s” is the scan of a signature and stays with it.") % {"name": row.name},
                code="file_is_a_scan",
            )
        row.removed_at = attachment.removed_at = clock.now()
        row.save()
        announce(row, "remove", by=by)
        _minutes_content_changed(row.target, by)
    return attachment


def _require_permission(by: Person, target: FileOwner) -> None:
    if (gap := why_files_locked(by, target)) is not None:
        raise Refused.lacking([gap])


def _stream(upload: "File[bytes]") -> "BufferedReader":
    """Return the stream of an upload, rewound to its start."""
    upload.seek(0)
    return cast("BufferedReader", upload.file)


def _store(
    target: FileOwner, upload: "File[bytes]", mime_type: str, by: Person, *, is_scan: bool = False
) -> Attachment:
    name = upload.name or ""
    checksum = hashlib.file_digest(_stream(upload), "sha256").hexdigest()
    upload.seek(0)
    field = next(n for n in Attachment.TARGETS if Attachment._meta.get_field(n).related_model is type(target))
    row = Attachment(
        **{field: target},
        conference=target.conference,
        name=name,
        sha256=checksum,
        type=mime_type,
        size=upload.size,
        is_scan=is_scan,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    row.file.save(PurePath(name).name, upload, save=False)
    row.save()
    announce(row, "create", by=by)
    return row


def copy_files(source: FileOwner, target: FileOwner, *, by: Person) -> None:
    """Attach copies of a record's files, except scans of signatures, to another record of the same model.

    Each copy is a stored file of its own.
    """
    for row in source.attachments.filter(removed_at=None, is_scan=False).order_by("pk"):
        with row.file.open("rb") as stream:
            _store(target, File(stream, name=row.name), row.type, by)


def discard_files(target: FileOwner) -> None:
    """Delete the files of a draft that is being deleted; the stored bytes go only when the transaction commits."""
    for row in target.attachments.all():
        row.delete()
        transaction.on_commit(partial(row.file.delete, save=False))


def _minutes_content_changed(target: FileOwner, by: Person) -> None:
    """Report the change to the minutes that cover the target, if any."""
    minutes = target.minutes if isinstance(target, Resolution) else target
    if isinstance(minutes, Minutes):
        minutes_content_changed(minutes, by=by, reason=_("The attachments were changed"))
