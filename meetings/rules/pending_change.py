"""Which acts need a second person. Who that may be is in `rules.second_people`.

Nobody may gain the sight or the hand of another by own power. The operations ask `needs_second_person` with one of the
predicates `tenure_raises`, `post_raises`, `new_heads`, `is_protected`, `merger_raises` and `protection_lowered`.
"""

import re

from meetings import clock, confirmation
from meetings.enums import LEADERS, SUPERVISING_ROLES, GroupKind, Role, SeatKind
from meetings.models import Department, JointConference, LeadingGroup, Person, Post, Tenure
from meetings.queries.accounts import (
    WITHOUT_READING,
    codes_seen_by,
    controllers,
    ever_headed_group,
    ever_held,
    ever_signed,
    has_chosen_password,
    heads_a_group,
    holds_records,
    is_seen_by_one,
    latest_code,
    now_or_later,
)
from meetings.rules.second_people import SAFE_AFTER

PROTECTED_ROLES = LEADERS | {Role.REVIEWER} | SUPERVISING_ROLES  # they sign, review, audit or administer
READING_ROLES = frozenset(Role) - frozenset(WITHOUT_READING)
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

    The same holds for a post that reads, if `by` has seen a code for the account: `by` would read under that name.
    And for the first day of a tenure that has begun, the printed title of a protected person, and a title under which
    another one signs: signatures refer to them.
    """
    if old is not None and _rewrites(old, new):
        return True
    sensitive = is_sensitive(new.post)
    titled = old is None or old.full_title != new.full_title
    if not sensitive and titled and prints_title_of_another(new):
        return True
    if not sensitive and not _gains(by, new.post, new.person):
        return False
    return old is None or (
        old.post_id != new.post_id
        or old.person_id != new.person_id
        or new.from_date < old.from_date
        or (old.to_date is not None and (new.to_date is None or new.to_date > old.to_date))
    )


def prints_title_of_another(tenure: Tenure) -> bool:
    """Return whether documents would print, with a post that signs nothing, the title of somebody else who signs.

    Whoever reads a paper takes its bearer for the signer.
    """
    signers = Tenure.objects.filter(now_or_later(), post__role__in=LEADERS).exclude(person=tenure.person_id)
    if tenure.post.conference_id is not None:
        signers = signers.filter(post__conference=tenure.post.conference_id)
    printed = _offices(tenure.full_title or tenure.post.title)
    titles = [full or title for full, title in signers.values_list("full_title", "post__title")]
    return any(_same_office(one, other) for title in titles for other in _offices(title) for one in printed)


def _offices(title: str) -> list[str]:
    """Return the offices of a printed title: 县人大常委会副主任、县总工会主席 names two."""
    return [office for office in re.split("[、，,；;]", "".join(title.split())) if office]


def _same_office(one: str, other: str) -> bool:
    """Return whether two words name one office: 县长 and 垣曲县人民政府县长 do, 县长 and 副县长 do not."""
    short, long = sorted((one, other), key=len)
    return long.endswith(short) and not long.removesuffix(short).endswith("副")


def _rewrites(old: Tenure, new: Tenure) -> bool:
    """Return whether the change of a tenure concerns the past, or under which title a protected person appears."""
    begun = old.from_date <= clock.today()
    return (begun and new.from_date != old.from_date) or (
        old.full_title != new.full_title and old.person_id == new.person_id and is_protected(old.person)
    )


def _gains(by: Person | None, post: Post, holder: Person) -> bool:
    """Return whether `by` gains by the rights of a post: as its holder, or as somebody who can log in as its holder.

    Who saw a code for an account in the last seven days may be logged in there. So may who alone saw its last code,
    however long ago: the password may be chosen by that one. This ends with the first right to read, which comes with a
    new code. Who acts through the account of `by`, because it was made or reset lately, counts like `by`.
    """
    if by is None or holder.pk is None:
        return False
    if holder.pk == by.pk:
        return True
    if post.role not in READING_ROLES:
        return False
    behind = controllers(by, within=SAFE_AFTER)
    code = latest_code(holder)
    alone = code is not None and is_seen_by_one(code) and code.issued_by_id in behind
    lately = codes_seen_by(behind, holder, since=clock.now() - SAFE_AFTER).exists()
    return lately or (alone and not ever_held(holder, READING_ROLES) and not ever_headed_group(holder))


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


def removed_heads(old: LeadingGroup | None, new: LeadingGroup) -> list[Tenure]:
    """Return the tenures, of today or later, in posts that a change of a group makes its heads no longer.

    The others then sign without them.
    """
    posts = {post for _conference, post in heads_of(old) - heads_of(new)}
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
    such a post is no exception: whoever made it would read, and its owner would be invented. A writer is protected from
    the first own password on: who works under that name then is nobody else.
    """
    if not person.pk:
        return False
    if person.is_superuser or ever_held(person, READING_ROLES) or ever_headed_group(person) or ever_signed(person):
        return True
    return ever_held(person, {Role.WRITER}) and has_chosen_password(person)


def may_be_in_other_hands(person: Person) -> bool:
    """Return whether one person alone saw the last code of an account that never had a right that needs protection.

    That one may have chosen the password, and would gain by such a right.
    """
    code = latest_code(person)
    had = ever_held(person, PROTECTED_ROLES) or ever_headed_group(person)
    return code is not None and is_seen_by_one(code) and not had


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
