"""Putting files with a record, and taking them away again.

Key concepts
- `attach(target, by=…, files=…)`: checks each file by content, size and name, stores it under a random name.
- `remove_attachment(attachment, by=…)`: marks it; the file stays where the log can point to it.
- `keep_scan(target, by=…, file=…)`: the scan of a signature on paper, which is no part of what is approved.
- `copy_files`, `discard_files`: for drafts that start from another record, and for drafts that go.
What approved minutes cover (their own files and those of their resolutions) voids the approvals when it changes.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from io import BufferedReader
from pathlib import PurePath
from typing import Any, cast

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from meetings import clock
from meetings.models import Attachment, Minutes, Person, Resolution
from meetings.operations.base import announce
from meetings.operations.seal import touch
from meetings.queries.conference import conference_of
from meetings.refusal import Missing, Refused
from meetings.rules.attachment import KINDS, SCANS, Kind, examine, refusal
from meetings.write_lock import writing


def attach(target: Any, *, by: Person, files: "Iterable[File[Any]]") -> list[Attachment]:
    """Put files with a topic, meeting, minutes, resolution or report; all of them or none."""
    uploads = list(files)
    if not uploads:
        return []
    with writing():
        target = type(target)._default_manager.select_for_update(of=("self",)).get(pk=target.pk)
        _refuse(by, target)
        kinds = _accepted(uploads, KINDS)
        added = [_store(target, upload, kind, by) for upload, kind in zip(uploads, kinds, strict=True)]
        _touch(target, by)
    return added


def keep_scan(target: Any, *, by: Person, file: "File[Any]") -> Attachment:
    """Keep the scan of a signature with the record; whoever calls has checked that it may be registered."""
    (kind,) = _accepted([file], SCANS)
    return _store(target, file, kind, by, is_scan=True)


def _accepted(uploads: "list[File[Any]]", kinds: Mapping[str, Kind]) -> list[str]:
    """The types of the uploads; `Refused` names each one that is not accepted, with what is wrong."""
    found = [examine(upload.name or "", _stream(upload), upload.size, kinds) for upload in uploads]
    told = _("“%(name)s” was not accepted. %(fault)s")
    faults = [
        Missing(told % {"name": upload.name, "fault": fault}, code=fault.code)
        for upload, fault in zip(uploads, found, strict=True)
        if isinstance(fault, Missing)
    ]
    if faults:
        raise Refused.lacking(faults)
    return [kind for kind in found if isinstance(kind, str)]


def remove_attachment(attachment: Attachment, *, by: Person) -> Attachment:
    """Mark a file as removed; it disappears from the record, not from the storage."""
    with writing():
        row = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
        _refuse(by, row.target)
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
        _touch(row.target, by)
    return attachment


def _refuse(by: Person, target: Any) -> None:
    if (gap := refusal(by, target)) is not None:
        raise Refused.lacking([gap])


def _stream(upload: "File[Any]") -> "BufferedReader":
    """The bytes behind an upload, from the start."""
    upload.seek(0)
    return cast("BufferedReader", upload.file)


def _store(target: Any, upload: "File[Any]", kind: str, by: Person, *, is_scan: bool = False) -> Attachment:
    name = upload.name or ""
    checksum = hashlib.file_digest(_stream(upload), "sha256").hexdigest()
    upload.seek(0)
    field = next(n for n in Attachment.TARGETS if Attachment._meta.get_field(n).related_model is type(target))
    row = Attachment(
        **{field: target},
        conference=conference_of(target),
        name=name,
        sha256=checksum,
        type=kind,
        size=upload.size,
        is_scan=is_scan,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    row.file.save(PurePath(name).name, upload, save=False)
    row.save()
    announce(row, "create", by=by)
    return row


def copy_files(source: Any, target: Any, *, by: Person) -> None:
    """Put copies of a record's files, scans of approvals aside, with another of its kind: each has its own bytes."""
    for row in source.attachments.filter(removed_at=None, is_scan=False).order_by("pk"):
        with row.file.open("rb") as stream:
            _store(target, File(stream, name=row.name), row.type, by)


def discard_files(target: Any) -> None:
    """Delete the files of a draft that goes; from the storage only when the transaction stands."""
    for row in target.attachments.all():
        row.delete()
        transaction.on_commit(partial(row.file.delete, save=False))


def _touch(target: Any, by: Person) -> None:
    """Tell the minutes that what they cover has changed."""
    minutes = target.minutes if isinstance(target, Resolution) else target
    if isinstance(minutes, Minutes):
        touch(minutes, by=by, reason=_("The attachments were changed"))
