"""Operations of administrators on posts and tenures.

- `begin_tenure`, `end_tenure`, `change_tenure`, `succeed`: who holds a post, from when to when; never two at once.
- `save_post`: what the holder of a post may do. `log_tenure`: every change of rights is logged on the person.

What gives somebody the sight or hand of another is refused with `needs_second_person`; see `operations.people`.
"""

from datetime import date, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import SUPERVISING_ROLES
from meetings.models import Person, Post, Tenure
from meetings.operations.base import (
    announce,
    require_administrator,
    require_second_person,
    saving,
)
from meetings.operations.last_administrator import keeps_an_administrator
from meetings.operations.work import add_notice
from meetings.queries.accounts import now_or_later
from meetings.refusal import Missing, Refused
from meetings.rules.pending_change import post_raises, rights_of, tenure_raises
from meetings.rules.people import may_appoint, post_gaps, tenure_gaps
from meetings.write_lock import write_transaction


def log_tenure(tenure: Tenure, action: str, by: Person | None, before: Tenure | None = None) -> None:
    """Log a tenure on its person: post, rights, period, and a note if the person gave these rights to himself.

    `before` is the tenure as it was, or the same object if it is removed or cut; if it supervises less now, the entry
    says so, for the rules of the second person.
    """
    end = tenure.to_date.isoformat() if tenure.to_date else "…"
    data: dict[str, object] = {
        "post": tenure.full_title,
        "rights": tenure.post.get_role_display(),
        "days": f"{tenure.from_date.isoformat()} – {end}",
        "role": tenure.post.role,
        "conference": tenure.post.conference_id,
    }
    if before is not None and _ends_supervision(before, tenure):
        data["ends_supervision"] = True
        if (
            tenure.to_date is not None
            and _ends_earlier(before, tenure)
            and rights_of(before.post) == rights_of(tenure.post)
        ):
            data["last_day"] = tenure.to_date.isoformat()
        told = {tenure.person_id} - {by.pk if by is not None else None}
        add_notice(tenure.person, "person.supervision_ends", people=told, data={"post": tenure.full_title})
    if by is not None and by.pk == tenure.person_id:
        data["note"] = _("by the person himself")
    announce(tenure.person, action, by=by, data=data)


def _ends_supervision(before: Tenure, after: Tenure) -> bool:
    """Return whether an administrator or auditor holds the post for fewer days, or the post supervises less."""
    if before.post.role not in SUPERVISING_ROLES:
        return False
    return (
        before is after
        or _ends_earlier(before, after)
        or after.from_date > before.from_date
        or rights_of(before.post) != rights_of(after.post)
    )


def _ends_earlier(before: Tenure, after: Tenure) -> bool:
    return after.to_date is not None and (before.to_date is None or after.to_date < before.to_date)


def begin_tenure(
    post: Post,
    person: Person,
    *,
    by: Person | None,
    from_date: date,
    to_date: date | None = None,
    full_title: str = "",
    order: int | None = None,
) -> Tenure:
    """Create a tenure of a post from a day on.

    `Refused` while somebody else holds the post, if the post lacks what its rights need, or for a person of other
    conferences, whose logins the administrator could read afterwards.
    """
    with write_transaction():
        held = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
        require_administrator(by, held)
        if by is not None and not may_appoint(by, person):
            reason = _("%(name)s holds posts of other conferences alone. Ask an administrator of all conferences.")
            raise Refused(reason % {"name": person}, code="person_of_another_conference", field="successor")
        tenure = Tenure(
            post=held,
            person=person,
            full_title=full_title.strip() or held.title,
            order=held.order if order is None else order,
            from_date=from_date,
            to_date=to_date,
        )
        require_second_person(by, tenure_raises(by, None, tenure))
        if gaps := [*post_gaps(held), *tenure_gaps(tenure, [])]:
            raise Refused.lacking(gaps)
        tenure.save()
        _bump_version(person)
        log_tenure(tenure, "tenure_begin", by)
    return tenure


def end_tenure(tenure: Tenure, *, by: Person | None, on: date | None = None) -> Tenure:
    """Set the last day of a tenure, by default today; its rights end with the first request after that day."""
    return change_tenure(tenure, by=by, to_date=on or clock.today(), action="tenure_end")


@keeps_an_administrator
def change_tenure(
    tenure: Tenure,
    *,
    by: Person | None,
    from_date: date | None = None,
    to_date: date | None,
    full_title: str = "",
    action: str = "tenure_change",
) -> Tenure:
    """Set last day, and first day and printed title if given; a sensitive one is extended only with a second person."""
    with write_transaction():
        Post.objects.select_for_update(of=("self",)).get(pk=tenure.post_id)
        before = Tenure.objects.select_related("post", "person").get(pk=tenure.pk)
        row = Tenure.objects.select_related("post", "person").get(pk=tenure.pk)
        require_administrator(by, row.post)
        row.from_date, row.to_date = from_date or row.from_date, to_date
        row.full_title = full_title or row.full_title
        require_second_person(by, tenure_raises(by, before, row))
        if gaps := tenure_gaps(row, []):
            raise Refused.lacking(gaps)
        row.save()
        _bump_version(row.person)
        log_tenure(row, action, by, before)
    tenure.from_date, tenure.to_date, tenure.full_title = row.from_date, row.to_date, row.full_title
    return tenure


def _bump_version(person: Person) -> None:
    """Increase the version of the person, so that an open form, which contains the tenures, becomes stale."""
    Person.objects.filter(pk=person.pk).update(version=F("version") + 1)


@keeps_an_administrator
def succeed(
    post: Post, person: Person, *, by: Person | None, from_date: date, full_title: str = "", order: int | None = None
) -> Tenure:
    """Let a successor take over a post on a day; the present tenure ends the day before, in the same transaction."""
    with write_transaction():
        Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
        present = Tenure.objects.filter(post=post, from_date__lt=from_date).exclude(to_date__lt=from_date)
        for tenure in present:
            end_tenure(tenure, by=by, on=from_date - timedelta(days=1))
        return begin_tenure(post, person, by=by, from_date=from_date, full_title=full_title, order=order)


@write_transaction()
@keeps_an_administrator
def save_post(post: Post, *, by: Person | None, version: int | None = None) -> Post:
    """Create or change a post; its holder has its rights, and the log of each holder says how they change.

    `Refused` if it lacks what its rights need, if its department is no member of its conference, or if it is moved to
    another conference while it sits in a group.
    """
    before = Post.objects.filter(pk=post.pk).first()
    require_administrator(by, post, *([before] if before else []))
    if gaps := [*post_gaps(post), *(_move_gaps(before, post) if before else [])]:
        raise Refused.lacking(gaps)
    require_second_person(by, post_raises(by, before, post))
    if before is not None and before.role != post.role:
        post.former_roles = list(dict.fromkeys([*before.former_roles, before.role]))
    with saving(post, "edit" if post.pk else "create", by=by, version=version):
        pass
    if before is not None and rights_of(before) != rights_of(post):
        for tenure in Tenure.objects.filter(now_or_later(), post=post).select_related("person"):
            old = Tenure(post=before, from_date=tenure.from_date, to_date=tenure.to_date)
            tenure.post = post
            log_tenure(tenure, "tenure_change", by, old)
    return post


def _move_gaps(stored: Post, post: Post) -> list[Missing]:
    """Require that a post that sits in a group of a conference stays there: the seat gives rights in it."""
    if stored.conference_id == post.conference_id:
        return []
    reason = _("The post sits in %(group)s. Take it out there, or create another post for the other conference.")
    return [
        Missing(reason % {"group": seat.group}, code="post_sits_in_group", field="conference")
        for seat in stored.seats.select_related("group")
    ]
