"""Operations of administrators on people, their logins, posts and tenures.

- `save_person`: saves a person with login and tenures in one step. Also `deactivate_person`, `reactivate_person`.
- `begin_tenure`, `end_tenure`, `succeed`: who holds a post from when to when; never two people at once.
- `save_post`. Departments are in `operations.department`.

Rights come only from tenures and from the role of a post. Every change of them is logged, also when administrators give
rights to themselves. What gives somebody the sight or hand of another is refused with `needs_second_person`, unless it
is part of a confirmed request (`operations.pending_change`). `by=None` means a management command on the server: the
permission is not checked then, no second person is needed, and only there a password is typed for somebody else.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import SUPERVISING_ROLES
from meetings.models import Person, Post, Tenure
from meetings.operations.base import (
    announce,
    locked,
    refresh,
    require_administrator,
    require_second_person,
    required_text,
    saving,
)
from meetings.operations.last_administrator import keeps_an_administrator
from meetings.operations.login import assign_password, supervision_data
from meetings.operations.work import add_notice
from meetings.queries.accounts import now_or_later
from meetings.queries.people import namesakes
from meetings.refusal import Missing, Refused
from meetings.rules.pending_change import is_protected, post_raises, rights_of, tenure_raises
from meetings.rules.people import may_appoint, post_gaps, tenure_gaps
from meetings.write_lock import write_transaction


@keeps_an_administrator
def save_person(
    person: Person,
    *,
    by: Person | None,
    password: str = "",
    temporary: bool = True,
    tenures: Iterable[Tenure] | None = None,
    version: int | None = None,
    namesake: bool = False,
) -> Person:
    """Create or change a person with login and tenures, all or nothing.

    The tenures are those of the form (`person.tenures`, not yet saved) or `tenures`. A tenure that has begun can be
    ended, but not removed. Without a password a new person cannot log in until a one-time code is issued. The server
    (`by=None`) may set a password; a `temporary` one must be replaced at the next login. Superuser flag, groups and
    active flag stay unchanged. A new name that another active person has is refused unless `namesake` says that these
    are two people. `Refused` (`needs_second_person`) if a tenure, or another name or login name of a protected person,
    needs a second person.
    """
    if password and by is not None:
        raise Refused(_("Nobody types a password for somebody else. Issue a one-time code."), code="password_typed")
    if tenures is not None:
        person.tenures.set(list(tenures))
    required_name(person.name)
    with write_transaction():
        require_administrator(by, person)
        if by is not None:
            check_namesake(person, namesake=namesake)
        if Person.objects.filter(username=person.username).exclude(pk=person.pk).exists():
            raise Refused(
                _("The login %(name)s is taken. Choose another.") % {"name": person.username}, code="login_taken"
            )
        before = {tenure.pk: tenure for tenure in Tenure.objects.filter(person=person.pk).select_related("post")}
        _restore_flags(person)
        require_second_person(by, _renames_protected(person))
        _check_tenures(person, before, by)
        assign_password(person, password, temporary=temporary)
        with saving(person, "edit" if person.pk else "create", by=by, version=version):
            pass
        _log_tenures(person, before, by)
        if password:
            announce(person, "password", by=by)
    return person


def required_name(name: str) -> str:
    """Return the name without surrounding spaces; `Refused` if it is empty."""
    return required_text(name, _("Enter the name."), code="name_missing")


def check_namesake(person: Person, *, namesake: bool) -> None:
    """Raise `Refused` if a new name is that of another active person, unless `namesake` says that they are two."""
    stored = Person.objects.filter(pk=person.pk).first()
    if namesake or (stored is not None and stored.name == person.name) or not namesakes(person.name, of=person):
        return
    raise Refused(
        _("Somebody named %(name)s has an account already. If this is another person, tick the box “Namesake”.")
        % {"name": person.name},
        code="namesake",
        field="namesake",
    )


def _restore_flags(person: Person) -> None:
    """Restore the stored flags: no form can make a superuser or change `is_staff` and `is_active`."""
    stored = Person.objects.filter(pk=person.pk).first()
    person.is_superuser = stored.is_superuser if stored else False
    person.is_staff = stored.is_staff if stored else False
    person.is_active = stored.is_active if stored else True


def _renames_protected(person: Person) -> bool:
    """Return whether the login name of a protected account changes, or the name.

    Its holder could no longer log in to decline; signatures and minutes would tell of somebody else.
    """
    stored = Person.objects.filter(pk=person.pk).first()
    names = stored and (stored.name, stored.username)
    return stored is not None and names != (person.name, person.username) and is_protected(stored)


def _check_tenures(person: Person, before: dict[int, Tenure], by: Person | None) -> None:
    written = list(person.tenures.all())
    gone = set(before) - {tenure.pk for tenure in written}
    gaps = [
        Missing(
            _("%(title)s has begun. Give it a last day instead of removing it.") % {"title": before[pk].full_title},
            code="tenure_has_begun",
        )
        for pk in gone
        if before[pk].from_date <= clock.today()
    ]
    posts = {tenure.post_id for tenure in written}
    held = {post.pk: post for post in Post.objects.select_for_update(of=("self",)).filter(pk__in=posts)}
    for tenure in written:
        post = tenure.post = held[tenure.post_id]
        old = before.get(tenure.pk)
        if old is None or _tenure_values(old) != _tenure_values(tenure):
            require_administrator(by, post)
            tenure.person = person
            if old is None or old.post_id == tenure.post_id:  # moving it is refused below
                require_second_person(by, tenure_raises(by, old, tenure))
        if old is not None and old.post_id != tenure.post_id:
            gaps.append(
                Missing(
                    _("%(title)s: end it, and begin another for the other post.") % {"title": old.full_title},
                    code="tenure_changes_post",
                )
            )
        gaps += post_gaps(post) if old is None else []
        gaps += tenure_gaps(tenure, [other for other in written if other is not tenure])
    if gaps:
        raise Refused.lacking(gaps)


def _tenure_values(tenure: Tenure) -> tuple[object, ...]:
    return (tenure.post_id, tenure.from_date, tenure.to_date, tenure.full_title, tenure.order)


def _log_tenures(person: Person, before: dict[int, Tenure], by: Person | None) -> None:
    after = {t.pk: t for t in Tenure.objects.filter(person=person).select_related("post")}
    for pk, tenure in after.items():
        if pk not in before:
            _log_tenure(tenure, "tenure_begin", by)
        elif _tenure_values(before[pk]) != _tenure_values(tenure):
            _log_tenure(tenure, "tenure_change", by, before[pk])
    for pk in set(before) - set(after):
        before[pk].person = person
        _log_tenure(before[pk], "tenure_end", by, before[pk])


def _log_tenure(tenure: Tenure, action: str, by: Person | None, before: Tenure | None = None) -> None:
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


@keeps_an_administrator
def deactivate_person(person: Person, *, by: Person | None, version: int | None = None) -> Person:
    """Deactivate a login: open sessions end with the next request, running tenures today; later tenures are deleted."""
    if by is not None and by.pk == person.pk:
        raise Refused(_("You cannot deactivate yourself. Ask another administrator."), code="deactivates_self")
    with write_transaction():
        row = locked(person, version)
        require_administrator(by, row)
        if not row.is_active:
            raise Refused(_("%(name)s is deactivated already.") % {"name": row}, code="already_deactivated")
        today = clock.today()
        for tenure in row.tenures.filter(from_date__gt=today):
            _log_tenure(tenure, "tenure_end", by, tenure)
            tenure.delete()
        for tenure in Tenure.objects.filter(person=row).exclude(to_date__lte=today):
            tenure.to_date = today
            tenure.save()
            _log_tenure(tenure, "tenure_end", by, tenure)
        row.is_active = False
        row.version += 1
        row.save()
        announce(row, "deactivate", by=by)
    refresh(person, row)
    return person


def reactivate_person(person: Person, *, by: Person | None, version: int | None = None) -> Person:
    """Activate an account again, without the old password: it needs a one-time code, and new tenures for any right."""
    with write_transaction():
        row = locked(person, version)
        require_administrator(by, row)
        if row.is_active:
            raise Refused(_("%(name)s is active.") % {"name": row}, code="already_active")
        require_second_person(by, is_protected(row))
        row.is_active = True
        row.set_unusable_password()
        row.password_is_temporary = False
        row.version += 1
        row.save()
        announce(row, "reactivate", by=by, data=supervision_data(row))
    refresh(person, row)
    return person


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
        _log_tenure(tenure, "tenure_begin", by)
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
        _log_tenure(row, action, by, before)
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
            _log_tenure(tenure, "tenure_change", by, old)
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
