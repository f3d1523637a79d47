"""Operations of the administrator on conferences and groups.

- `save_conference`: name, sides and member departments; the official name is enforced (`Y 3(3)`).
- `save_group`: 领导小组, 协调小组 and office with their seats (`C 3`).

`by=None` means a management command on the server; the permission is not checked then.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from meetings.models import Department, JointConference, LeadingGroup, Membership, Person, Post
from meetings.operations.base import require_administrator, require_second_person, saving
from meetings.queries.people import relying_tenures
from meetings.refusal import Missing, Refused
from meetings.rules.conference import name_gaps, parent_gaps
from meetings.rules.pending_change import new_heads, protection_lowered, removed_heads
from meetings.rules.people import manages
from meetings.write_lock import write_transaction

Members = Iterable[tuple[Department, str]]


@write_transaction()
def save_conference(
    conference: JointConference, *, by: Person | None, version: int | None = None, members: Members | None = None
) -> JointConference:
    """Create or change a conference; `members`, pairs of department and side, replaces its members when given.

    `Refused` if `by` does not administer a new member, or if somebody holds a post that relies on a former one.
    """
    require_administrator(by, conference)
    if gaps := [*name_gaps(conference), *parent_gaps(conference)]:
        raise Refused.lacking(gaps)
    require_second_person(by, protection_lowered(JointConference.objects.filter(pk=conference.pk).first(), conference))
    with saving(conference, "edit" if conference.pk else "create", by=by, version=version):
        if members is not None:
            conference.save()
            _write_members(conference, list(members), by)
    return conference


def _write_members(conference: JointConference, members: list[tuple[Department, str]], by: Person | None) -> None:
    named = {department.pk for department, _side in members}
    if len(named) < len(members):
        raise Refused(_("A department is named twice. It takes one side."), code="member_twice")
    before = {row.department_id: row for row in conference.memberships.select_related("department")}
    _check_new_members([department for department, _side in members if department.pk not in before], by)
    gone = [row for pk, row in before.items() if pk not in named]
    _check_former_members(conference, [row.department for row in gone])
    for department, side in members:
        Membership.objects.update_or_create(conference=conference, department=department, defaults={"side": side})
    Membership.objects.filter(pk__in=[row.pk for row in gone]).delete()


def _check_new_members(departments: list[Department], by: Person | None) -> None:
    """Refuse departments that `by` does not administer: membership lets another conference change and merge them."""
    if others := "、".join(
        department.name for department in departments if by is not None and not manages(by, department)
    ):
        reason = _(
            "%(names)s: also of another conference. Ask an administrator of all conferences to make it a member."
        )
        raise Refused(reason % {"names": others}, code="member_of_another_conference", field="members")


def _check_former_members(conference: JointConference, departments: list[Department]) -> None:
    """Refuse to take out departments for which somebody holds a post with rights in this conference."""
    reason = _(
        "%(department)s stays a member: %(name)s holds the post %(post)s. End that tenure, or give the post another "
        "department, then take it out."
    )
    gaps = [
        Missing(
            reason % {"department": held.post.department, "name": held.person, "post": held.post},
            code="member_has_posts",
            field="members",
        )
        for held in relying_tenures(conference, departments)
    ]
    if gaps:
        raise Refused.lacking(gaps)


def save_group(group: LeadingGroup, *, by: Person | None, version: int | None = None) -> LeadingGroup:
    """Create or change a group with its seats; a seat belongs to the holder of its post (自然替补, `C 3`).

    `Refused` for a post of another conference: heads sign for the conference of the group. Whoever holds a post becomes
    one of them, or ceases to be one, only with a second person.
    """
    stored = [group] if group.pk else []  # its conference is read from the database
    require_administrator(by, group.conference, *stored)
    before = LeadingGroup.objects.filter(pk=group.pk).first()
    require_second_person(by, bool(new_heads(before, group) or removed_heads(before, group)))
    with saving(group, "edit" if group.pk else "create", by=by, version=version):
        posts = [seat.post_id for seat in group.seats.all()]
        if len(set(posts)) < len(posts):
            raise Refused(_("A post sits twice in this group. Once is enough."), code="seat_twice")
        foreign = Post.objects.filter(pk__in=posts).exclude(conference=group.conference)
        if names := "、".join(post.title for post in foreign):
            reason = _("%(names)s: no post of this conference. Seats are held by posts of the conference of the group.")
            raise Refused(reason % {"names": names}, code="seat_of_another_conference")
    return group
