"""Operations of administrators on people and their logins.

- `save_person`: saves a person with login and tenures in one step. Also `deactivate_person`, `reactivate_person`.
- Tenures and posts are in `operations.tenures`, departments in `operations.department`.

Rights come only from tenures and from the role of a post. Every change of them is logged, also when administrators give
rights to themselves. What gives somebody the sight or hand of another is refused with `needs_second_person`, unless it
is part of a confirmed request (`operations.pending_change`). `by=None` means a management command on the server: the
permission is not checked then, no second person is needed, and only there a password is typed for somebody else.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from meetings import clock
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
from meetings.operations.tenures import log_tenure
from meetings.queries.people import namesakes
from meetings.refusal import Missing, Refused
from meetings.rules.pending_change import is_protected, tenure_raises
from meetings.rules.people import post_gaps, tenure_gaps
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
            log_tenure(tenure, "tenure_begin", by)
        elif _tenure_values(before[pk]) != _tenure_values(tenure):
            log_tenure(tenure, "tenure_change", by, before[pk])
    for pk in set(before) - set(after):
        before[pk].person = person
        log_tenure(before[pk], "tenure_end", by, before[pk])


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
            log_tenure(tenure, "tenure_end", by, tenure)
            tenure.delete()
        for tenure in Tenure.objects.filter(person=row).exclude(to_date__lte=today):
            tenure.to_date = today
            tenure.save()
            log_tenure(tenure, "tenure_end", by, tenure)
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
