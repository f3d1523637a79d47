"""Which acts need a second person, who that may be, and from when an act takes effect without one.

Nobody may gain the sight or the hand of another by own power. The operations ask `needs_second_person` with one of the
predicates `tenure_raises`, `post_raises`, `new_heads`, `is_protected`, `merger_raises` and `protection_lowered`.

- `confirmers(change)`: the people who may confirm a request today.
- `waits_until(change)`: from when it may be put in force where nobody may confirm.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings import clock, confirmation
from meetings.enums import LEADERS, SUPERVISING_ROLES, GroupKind, Role, SeatKind
from meetings.models import Department, JointConference, LeadingGroup, PendingChange, Person, Post, Tenure
from meetings.queries.accounts import (
    WITHOUT_READING,
    codes_seen_by,
    controllers,
    ended_supervision,
    ever_headed_group,
    ever_held,
    ever_signed,
    has_password,
    heads_a_group,
    holds_records,
    now_or_later,
)
from meetings.queries.pending_change import supervised_conferences, supervisors
from meetings.rules.people import administered

PROTECTED_ROLES = LEADERS | {Role.REVIEWER} | SUPERVISING_ROLES  # they sign, review, audit or administer
READING_ROLES = frozenset(Role) - frozenset(WITHOUT_READING)
WAITING_PERIOD = timedelta(hours=24)
SAFE_AFTER = timedelta(days=7)  # an account that one person made or reset counts as separate only after this
RIGHTS_FIELDS = ("role", "conference", "department", "side")
RIGHTS_COLUMNS = ("role", "conference_id", "department_id", "side")


def needs_second_person(by: Person | None, raises: bool) -> bool:
    """Return whether `by` must not do an act alone that raises rights or lowers a protection.

    The server (None) may, and so may everybody in an installation that holds no records yet. An act that is being put
    in force was confirmed already.
    """
    return bool(raises) and by is not None and confirmation.current() is None and holds_records()


# --- rights ----------------------------------------------------------------------------------------------------------
def is_sensitive(post: Post) -> bool:
    """Return whether the post signs, reviews, audits or administers; a head of a coordination group signs (`C 3`)."""
    return post.role in PROTECTED_ROLES or bool(post.pk and Post.objects.filter(heads_a_group(), pk=post.pk).exists())


def tenure_raises(by: Person | None, old: Tenure | None, new: Tenure) -> bool:
    """Return whether a tenure, begun, extended or moved, gives somebody a sensitive post, or any post to `by`.

    The same holds for a post that reads, if `by` has seen a code for the account lately: `by` would read under that
    name.
    """
    if not is_sensitive(new.post) and not _gains(by, new.post, new.person):
        return False
    return old is None or (
        old.post_id != new.post_id
        or old.person_id != new.person_id
        or new.from_date < old.from_date
        or (old.to_date is not None and (new.to_date is None or new.to_date > old.to_date))
    )


def _gains(by: Person | None, post: Post, holder: Person) -> bool:
    """Return whether `by` gains by the rights of a post: as its holder, or as somebody who can log in as its holder.

    Who saw a code for an account in the last seven days may be logged in there.
    """
    if by is None or holder.pk is None:
        return False
    if holder.pk == by.pk:
        return True
    return post.role in READING_ROLES and codes_seen_by(by, holder, since=clock.now() - SAFE_AFTER).exists()


def rights_of(post: Post) -> tuple[object, ...]:
    """Return what decides the rights of a post: role, conference, department, side."""
    return tuple(getattr(post, name) for name in RIGHTS_COLUMNS)


def post_raises(by: Person | None, old: Post | None, new: Post) -> bool:
    """Return whether a change of a post gives a sensitive right to its holders of today or later, or any right to `by`.

    The same holds for a right to read of a holder whose account `by` has seen a code for lately.

    Taking the role away raises nothing, and neither does narrowing it from all conferences to one.
    """
    if old is None or rights_of(old) == rights_of(new):
        return False
    sensitive = is_sensitive(new)
    narrowed = old.conference_id is None and (old.role, old.department_id, old.side) == (
        new.role,
        new.department_id,
        new.side,
    )
    if narrowed or (new.role == Role.NONE and not sensitive):
        return False
    held = Tenure.objects.filter(now_or_later(), post=new.pk).select_related("person")
    return held.exists() if sensitive else any(_gains(by, new, tenure.person) for tenure in held)


def heads_of(group: LeadingGroup | None) -> set[tuple[int, int]]:
    """Return conference and post of those who sign as heads of a group: only a coordination group has such (`C 3`)."""
    if group is None or group.kind != GroupKind.COORDINATION:
        return set()
    return {(group.conference_id, seat.post_id) for seat in group.seats.all() if seat.kind == SeatKind.HEAD}


def new_heads(old: LeadingGroup | None, new: LeadingGroup) -> list[Tenure]:
    """Return the tenures, of today or later, in posts that a change of a group makes its heads."""
    posts = {post for _conference, post in heads_of(new) - heads_of(old)}
    return list(Tenure.objects.filter(now_or_later(), post__in=posts).select_related("person", "post"))


def merger_raises(by: Person | None, into: Department) -> bool:
    """Return whether `by` gains by a merger: the liaison of the successor acts for the merged department."""
    held = Tenure.objects.filter(now_or_later(), post__role=Role.LIAISON, post__department=into)
    return any(_gains(by, tenure.post, tenure.person) for tenure in held.select_related("post", "person"))


# --- accounts --------------------------------------------------------------------------------------------------------
def is_protected(person: Person) -> bool:
    """Return whether whoever takes over this account reads, signs or administers as somebody else.

    That is the account of everybody who ever held a post with such rights, or ever signed: ending the tenure first,
    taking the role out of the post or the seat out of the group must not open the account. A new account that holds
    such a post is no exception: whoever made it would read, and its owner would be invented.
    """
    if not person.pk:
        return False
    return person.is_superuser or ever_held(person, READING_ROLES) or ever_headed_group(person) or ever_signed(person)


# --- protections -----------------------------------------------------------------------------------------------------
def protection_lowered(old: JointConference | None, new: JointConference) -> bool:
    """Return whether fewer people look at what a conference publishes: fewer reviews, the writer among the
    reviewers, or no confirmation by the lead department.
    """
    return old is not None and (
        new.reviews_required < old.reviews_required
        or (new.writer_is_first_review and not old.writer_is_first_review)
        or (old.lead_confirms_release and not new.lead_confirms_release)
    )


# --- the second person -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Scope:
    """Where a request has to be confirmed: the conferences (None: all of them; empty: any), the roles that may, and the
    people concerned, who may not.
    """

    conferences: frozenset[int | None]
    roles: frozenset[str] = SUPERVISING_ROLES
    people: frozenset[int] = frozenset()


def covers(reach: set[int | None], conferences: frozenset[int | None], *, all_of_them: bool = True) -> bool:
    """Return whether somebody with this reach supervises all of the conferences, or any of them.

    A request that concerns all conferences concerns each of them.
    """
    if None in reach or (reach and not conferences):
        return True
    if all_of_them:
        return bool(reach) and set(conferences) <= reach
    return bool(reach) and (None in conferences or bool(set(conferences) & reach))


def are_separate(one: set[int], other: set[int]) -> bool:
    """Return whether two accounts have no controller in common; see `controllers`."""
    return not one & other


def confirmers(change: PendingChange, scope: Scope) -> list[Person]:
    """Return the people who may confirm the request today.

    They supervise what it concerns as administrators or auditors, can log in, and are neither the requester nor among
    the people concerned. No account counts that the requester, or somebody behind the requester's account, made, reset
    or empowered alone in the last seven days; nor the other way round. Where nobody supervises everything that it
    concerns, those count who supervise a part of it.
    """
    told = change.people.values_list("pk", flat=True)
    concerned = {*scope.people, *told, change.subject_id, change.requested_by_id} - {None}
    behind = controllers(change.requested_by, within=SAFE_AFTER)
    able = [
        person
        for person in supervisors(scope.roles).exclude(pk__in=concerned)
        if has_password(person) and are_separate(controllers(person, within=SAFE_AFTER), behind)
    ]
    reach = {person.pk: supervised_conferences(person, scope.roles) for person in able}
    whole = [person for person in able if covers(reach[person.pk], scope.conferences)]
    return whole or [person for person in able if covers(reach[person.pk], scope.conferences, all_of_them=False)]


def waits_until(change: PendingChange, scope: Scope) -> datetime:
    """Return from when the request may be put in force if nobody may confirm it.

    That is a day after it was made. It is seven days after the requester, or somebody behind the requester's account,
    took the power to confirm from an administrator or auditor: nobody gains by removing the second person. Nor by
    letting the second person see a code for the own account, whose requests that person cannot confirm for seven days.
    """
    behind = controllers(change.requested_by, within=SAFE_AFTER)
    until = change.requested_at + WAITING_PERIOD
    for person in supervisors(scope.roles):
        reach = supervised_conferences(person, scope.roles)
        if person.pk != change.requested_by_id and covers(reach, scope.conferences, all_of_them=False):
            seen = codes_seen_by(person, change.requested_by, since=clock.now() - SAFE_AFTER)
            until = max([until, *(issued + SAFE_AFTER for issued in seen.values_list("issued_at", flat=True))])
    for entry in ended_supervision(clock.now() - SAFE_AFTER):
        if entry.user is not None and not are_separate(controllers(entry.user, within=SAFE_AFTER), behind):
            until = max(until, entry.timestamp + SAFE_AFTER)
    return until


def may_decline(person: Person, change: PendingChange, scope: Scope) -> bool:
    """Return whether the person may decline the request: those whom it concerns, and every other supervisor."""
    if person.pk == change.requested_by_id:
        return False
    if person.pk in {change.subject_id, *scope.people} or change.people.filter(pk=person.pk).exists():
        return True
    reach = supervised_conferences(person, scope.roles | SUPERVISING_ROLES)
    return covers(reach, scope.conferences, all_of_them=False)


def may_put_in_force(person: Person, scope: Scope) -> bool:
    """Return whether the person administers a part of what the request concerns."""
    return covers(administered(person), scope.conferences, all_of_them=False)


def joined_names(people: Iterable[Person]) -> str:
    """Return the names of people, joined by 、."""
    return "、".join(person.name for person in people)
