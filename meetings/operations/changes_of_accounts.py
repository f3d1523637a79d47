"""Kinds of changes that a second person confirms: the accounts of people."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import Person, Post, Tenure
from meetings.operations.change_kinds import Act, ChangeKind, Data, register
from meetings.operations.change_words import old_and_new, person_of, who
from meetings.operations.login import IssuedCode, issue_code, reset_device
from meetings.operations.people import reactivate_person, save_person
from meetings.queries.accounts import now_or_later
from meetings.queries.people import namesakes
from meetings.rules.pending_change import is_protected, needs_second_person
from meetings.types import StrOrPromise


def account_act(kind: str, person: Person, **data: object) -> Act:
    """Return an act on a person: `login_code`, `second_factor`, `reactivation`, `login_name` or `person_name`."""
    return Act(kind, {"person": person.pk, **data})


def _account_conferences(data: Data) -> set[int | None]:
    """Return the conferences of the posts of today or later, else of all that were ever held."""
    held = Tenure.objects.filter(person=data["person"])
    rows = held.filter(now_or_later()) if held.filter(now_or_later()).exists() else held
    everywhere: set[int | None] = {None} if person_of(data).is_superuser else set()
    return everywhere | set(rows.values_list("post__conference", flat=True))


def _account_posts(data: Data) -> list[Post]:
    rows = Tenure.objects.filter(now_or_later(), person=data["person"]).select_related(
        "post__conference", "post__department"
    )
    return [tenure.post for tenure in rows]


def _account_needs(data: Data, by: Person | None) -> bool:
    return needs_second_person(by, is_protected(person_of(data)))


def _describe_code(data: Data) -> list[str]:
    text = _("%(who)s gets a one-time code; the present password stops working and open sessions end")
    return [text % {"who": who(person_of(data))}]


def _apply_code(data: Data, by: Person, shown_to: Person | None) -> Iterable[IssuedCode]:
    return [issue_code(person_of(data), by=by, shown_to=shown_to)]


def _describe_second_factor(data: Data) -> list[str]:
    text = _("The telephone of %(who)s is no longer asked for; another one is bound at the next login")
    return [text % {"who": who(person_of(data))}]


def _apply_second_factor(data: Data, by: Person, shown_to: Person | None) -> Iterable[IssuedCode]:
    reset_device(person_of(data), by=by)
    return ()


def _describe_reactivation(data: Data) -> list[str]:
    return [old_and_new(_("Account of %(who)s") % {"who": who(person_of(data))}, _("Deactivated"), _("Active"))]


def _apply_reactivation(data: Data, by: Person, shown_to: Person | None) -> Iterable[IssuedCode]:
    reactivate_person(person_of(data), by=by)
    return ()


def _describe_login_name(data: Data) -> list[str]:
    person = person_of(data)
    return [old_and_new(_("Login of %(name)s") % {"name": person.name}, person.username, data["username"])]


def _apply_login_name(data: Data, by: Person, shown_to: Person | None) -> Iterable[IssuedCode]:
    person = person_of(data)
    person.username = data["username"]
    save_person(person, by=by)
    return ()


def _describe_name(data: Data) -> list[str]:
    person = person_of(data)
    lines = [old_and_new(_("Name of %(who)s") % {"who": who(person)}, person.name, data["name"])]
    if namesakes(data["name"], of=person):
        lines.append(_("Another person has the name %(name)s already") % {"name": data["name"]})
    return lines


def _apply_name(data: Data, by: Person, shown_to: Person | None) -> Iterable[IssuedCode]:
    person = person_of(data)
    person.name = data["name"]
    save_person(person, by=by, namesake=True)
    return ()


def _account_kind(
    key: str,
    label: StrOrPromise,
    describe: Callable[[Data], list[str]],
    apply: Callable[[Data, Person, Person | None], Iterable[IssuedCode]],
) -> ChangeKind:
    return ChangeKind(
        key=key,
        label=label,
        needs=_account_needs,
        describe=describe,
        apply=apply,
        conferences=_account_conferences,
        touches=lambda data: {data["person"]},
        posts=_account_posts,
    )


for _kind in (
    _account_kind("login_code", gettext_lazy("One-time code"), _describe_code, _apply_code),
    _account_kind("second_factor", gettext_lazy("Second factor"), _describe_second_factor, _apply_second_factor),
    _account_kind("reactivation", gettext_lazy("Reactivation"), _describe_reactivation, _apply_reactivation),
    _account_kind("login_name", gettext_lazy("Login name"), _describe_login_name, _apply_login_name),
    _account_kind("person_name", gettext_lazy("Name"), _describe_name, _apply_name),
):
    register(_kind)
