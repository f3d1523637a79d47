"""A conference's own templates of office documents; kept by its administrators.

Key concepts
- `keep_template(conference, kind=…, file=…)`: from now on documents of this kind are made from this file.
- `drop_template(conference, kind=…)`: back to the portal's own.
"""

from functools import partial
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from meetings import clock
from meetings.models import DocumentTemplate, JointConference, Person
from meetings.operations.base import announce
from meetings.operations.people import demand_administrator
from meetings.refusal import Refused, Stale
from meetings.rules.template import template_faults
from meetings.write_lock import writing


def keep_template(
    conference: JointConference, *, kind: str, file: "File[Any]", by: Person, version: int | None = None
) -> DocumentTemplate:
    """Check the file and put it in the place of the present template; `Refused` with everything that is wrong.

    `version` is that of the conference's own template, 0 where it had none.
    """
    demand_administrator(by, conference)
    name = (file.name or "").rpartition("/")[2]
    file.seek(0)
    if faults := template_faults(kind, name, file):
        raise Refused.lacking(faults)
    file.seek(0)
    with writing():
        row = _present(conference, kind, version) or DocumentTemplate(conference=conference, kind=kind, version=0)
        _forget(row)
        row.file, row.name, row.version = ContentFile(file.read(), name=name), name, row.version + 1
        row.uploaded_by, row.uploaded_at = by, clock.now()
        fresh = row.pk is None
        row.save()
        announce(row, "create" if fresh else "edit", by=by, data={"name": name})
    return row


def drop_template(conference: JointConference, *, kind: str, by: Person, version: int | None = None) -> None:
    """Go back to the portal's template; `Refused` where nothing else is in use."""
    demand_administrator(by, conference)
    with writing():
        row = _present(conference, kind, version)
        if row is None:
            raise Refused(_("The portal's template is in use already."), code="no_own_template")
        announce(row, "remove", by=by, data={"name": row.name})
        _forget(row)
        row.delete()


def _present(conference: JointConference, kind: str, version: int | None) -> DocumentTemplate | None:
    """The conference's own template, locked; `Stale` if it is not the one that the form was opened with."""
    JointConference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    row = DocumentTemplate.objects.filter(conference=conference, kind=kind).first()
    if version is not None and version != (row.version if row else 0):
        raise Stale()
    return row


def _forget(row: DocumentTemplate) -> None:
    """Take the stored file away once nothing refers to it any more."""
    stored, storage = row.file.name, row.file.storage
    if stored:
        transaction.on_commit(partial(storage.delete, stored))
