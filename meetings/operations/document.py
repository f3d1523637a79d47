"""Operations of administrators on a conference's own templates of office documents.

- `save_template(conference, kind=…, file=…)`: documents of this kind are made from this file from now on.
- `remove_template(conference, kind=…)`: goes back to the template of the portal.
"""

from functools import partial

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from meetings import clock
from meetings.models import DocumentTemplate, JointConference, Person
from meetings.operations.base import announce, require_administrator
from meetings.refusal import Refused, Stale
from meetings.rules.template import template_faults
from meetings.write_lock import write_transaction


def save_template(
    conference: JointConference, *, kind: str, file: "File[bytes]", by: Person, version: int | None = None
) -> DocumentTemplate:
    """Check the file and replace the present template with it; `Refused` lists everything that is wrong.

    `version` is the version of the conference's own template, 0 if it has none.
    """
    require_administrator(by, conference)
    name = (file.name or "").rpartition("/")[2]
    file.seek(0)
    if faults := template_faults(kind, name, file):
        raise Refused.lacking(faults)
    file.seek(0)
    with write_transaction():
        row = _locked_template(conference, kind, version) or DocumentTemplate(
            conference=conference, kind=kind, version=0
        )
        _delete_file_on_commit(row)
        row.file, row.name, row.version = ContentFile(file.read(), name=name), name, row.version + 1
        row.uploaded_by, row.uploaded_at = by, clock.now()
        created = row.pk is None
        row.save()
        announce(row, "create" if created else "edit", by=by, data={"name": name})
    return row


def remove_template(conference: JointConference, *, kind: str, by: Person, version: int | None = None) -> None:
    """Go back to the template of the portal; `Refused` if the conference has no template of its own."""
    require_administrator(by, conference)
    with write_transaction():
        row = _locked_template(conference, kind, version)
        if row is None:
            raise Refused(_("The portal's template is in use already."), code="no_own_template")
        announce(row, "remove", by=by, data={"name": row.name})
        _delete_file_on_commit(row)
        row.delete()


def _locked_template(conference: JointConference, kind: str, version: int | None) -> DocumentTemplate | None:
    """Return the conference's own template, under a lock; `Stale` if its version is not the one the form showed."""
    JointConference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    row = DocumentTemplate.objects.filter(conference=conference, kind=kind).first()
    if version is not None and version != (row.version if row else 0):
        raise Stale()
    return row


def _delete_file_on_commit(row: DocumentTemplate) -> None:
    """Delete the stored file when the transaction commits, that is when nothing refers to it any more."""
    stored, storage = row.file.name, row.file.storage
    if stored:
        transaction.on_commit(partial(storage.delete, stored))
