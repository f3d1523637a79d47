"""Operations of administrators on departments.

- `save_department`: creates a department, as a member of a conference, or changes and renames it.
- `merge_department`: merges it into another, which inherits its open items.

`by=None` means a management command on the server; the permission is not checked then.
"""

from django.utils.translation import gettext as _

from meetings.enums import Side
from meetings.models import Department, JointConference, Membership, Person
from meetings.models.people import is_telephone
from meetings.operations.base import (
    announce,
    locked,
    refresh,
    require_administrator,
    require_second_person,
    required_text,
    saving,
)
from meetings.queries.parts import acting_department
from meetings.refusal import Refused
from meetings.rules.pending_change import merger_raises
from meetings.rules.people import administered
from meetings.write_lock import write_transaction


@write_transaction()
def save_department(
    department: Department,
    *,
    by: Person | None,
    version: int | None = None,
    conference: JointConference | None = None,
    side: str = Side.GOVERNMENT,
) -> Department:
    """Create or change a department; a former name is stored, so that a search for it still finds the department.

    A new department becomes a member of `conference`, on this side. `Refused` if it is created for no conference by
    somebody who does not administer all of them; and for a telephone with other text, which the public would read.
    """
    new = department.pk is None
    require_administrator(by, department)
    if new and conference is not None:
        require_administrator(by, conference)
    if new and conference is None and by is not None and None not in administered(by):
        reason = _("Choose the conference of which the department is a member.")
        raise Refused(reason, code="department_without_conference", field="conference")
    department.telephone = department.telephone.strip()
    if department.telephone and not is_telephone(department.telephone):
        reason = _(
            "Enter telephone numbers alone: digits, + - ( ) and an extension; several with a Chinese comma between."
        )
        raise Refused(reason, code="telephone_not_a_number", field="telephone")
    department.name = required_text(department.name, _("Enter the name."), code="name_missing")
    if Department.objects.filter(name=department.name).exclude(pk=department.pk).exists():
        raise Refused(_("There is a department of this name already."), code="department_name_taken")
    with saving(department, "edit" if department.pk else "create", by=by, version=version):
        old = Department.objects.filter(pk=department.pk).first()
        if old is not None and old.name != department.name:
            names = [name for name in department.former_names.split("、") if name and name != department.name]
            department.former_names = "、".join(dict.fromkeys([*names, old.name]))
    if new and conference is not None:
        Membership.objects.create(conference=conference, department=department, side=side)
    return department


def merge_department(
    department: Department, *, into: Department, by: Person | None, version: int | None = None
) -> Department:
    """Merge a department into another, whose liaison acts for its open items from now on.

    The successor becomes a member, on the same side, of the conferences of which only the merged department was one.
    """
    with write_transaction():
        row = locked(department, version)
        require_administrator(by, row, into)
        if row.successor_id is not None:
            raise Refused(_("%(name)s was merged already.") % {"name": row}, code="already_merged")
        require_second_person(by, merger_raises(by, into))
        if into.pk in row.inherited_ids:
            raise Refused(
                _("%(name)s was merged into this department; it cannot be its successor.") % {"name": into},
                code="successor_was_merged_into_it",
            )
        if (acting := acting_department(Department.objects.get(pk=into.pk))).pk != into.pk:
            values = {"name": into, "acting": acting}
            raise Refused(
                _("%(name)s was merged itself. Choose the one that acts for it: %(acting)s.") % values,
                code="successor_was_merged",
            )
        joined = _add_memberships(row, into)
        row.successor = into
        row.version += 1
        row.save()
        announce(row, "merge", by=by, data={"into": into.name, "joined": joined})
    refresh(department, row)
    return department


def _add_memberships(merged: Department, into: Department) -> list[str]:
    """Add the successor to the conferences of the merged department that it is not a member of; return their names."""
    joined_before = set(into.memberships.values_list("conference", flat=True))
    rows = merged.memberships.exclude(conference__in=joined_before).select_related("conference")
    new = [Membership(conference=row.conference, department=into, side=row.side) for row in rows]
    return [row.conference.short_name for row in Membership.objects.bulk_create(new)]
