"""Operations of the administrator on conferences and groups.

- `save_conference`: name, sides and member departments; the official name is enforced (`Y 3(3)`).
- `save_group`: 领导小组, 协调小组 and office with their seats (`C 3`).

`by=None` means a management command on the server; the permission is not checked then.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from meetings.models import Department, JointConference, LeadingGroup, Membership, Person
from meetings.operations.base import require_administrator, saving
from meetings.refusal import Refused
from meetings.rules.conference import name_gaps
from meetings.write_lock import write_transaction

Members = Iterable[tuple[Department, str]]


@write_transaction()
def save_conference(
    conference: JointConference, *, by: Person | None, version: int | None = None, members: Members | None = None
) -> JointConference:
    """Create or change a conference; `members`, pairs of department and side, replaces its members when given."""
    require_administrator(by, conference)
    if gaps := name_gaps(conference):
        raise Refused.lacking(gaps)
    with saving(conference, "edit" if conference.pk else "create", by=by, version=version):
        if members is not None:
            conference.save()
            _write_members(conference, list(members))
    return conference


def _write_members(conference: JointConference, members: list[tuple[Department, str]]) -> None:
    if len({department.pk for department, _side in members}) < len(members):
        raise Refused(_("A department is named twice. It takes one side."), code="member_twice")
    for department, side in members:
        Membership.objects.update_or_create(conference=conference, department=department, defaults={"side": side})
    named = [department.pk for department, _side in members]
    Membership.objects.filter(conference=conference).exclude(department__in=named).delete()


def save_group(group: LeadingGroup, *, by: Person | None, version: int | None = None) -> LeadingGroup:
    """Create or change a group with its seats; a seat belongs to the holder of its post (自然替补, `C 3`)."""
    require_administrator(by, group.conference)
    with saving(group, "edit" if group.pk else "create", by=by, version=version):
        posts = [seat.post_id for seat in group.seats.all()]
        if len(set(posts)) < len(posts):
            raise Refused(_("A post sits twice in this group. Once is enough."), code="seat_twice")
    return group
