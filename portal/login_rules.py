"""The operation on the rules of the login: a role is added by one person, and taken out by two.

- `save_login_rules`: writes the roles that need a second factor.
- `submit_login_rules`: saves added roles at once, and submits what takes roles out.
- `KIND`: the kind of change, registered in `PortalConfig.ready`.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from meetings import confirmation
from meetings.enums import Role
from meetings.models import Person
from meetings.operations.base import require_second_person
from meetings.operations.change_kinds import Act, ChangeKind, Data
from meetings.operations.pending_change import Outcome, request_or_apply
from meetings.rules.pending_change import needs_second_person
from meetings.write_lock import write_transaction
from portal.models import LoginRules


def role_names(roles: Iterable[str]) -> str:
    """Return the labels of roles, joined by 、."""
    return "、".join(str(Role(role).label) for role in roles)


@write_transaction()
def save_login_rules(rules: LoginRules, roles: Iterable[str], *, by: Person | None) -> LoginRules:
    """Store the roles that need a second factor, and log them; taking one out needs a second person."""
    roles = list(roles)
    require_second_person(by, bool(set(LoginRules.required_roles()) - set(roles)))
    rules.second_factor_roles = roles
    rules.save()
    given = confirmation.current()
    confirmed = {"confirmed": given.by_name} if given is not None else {}
    log(rules, "portal.login_rules", user=by, data={"roles": role_names(roles), **confirmed})
    return rules


@write_transaction()
def submit_login_rules(rules: LoginRules, roles: Iterable[str], *, by: Person) -> Outcome:
    """Save the roles that are added; submit those that are taken out."""
    wanted, present = list(roles), LoginRules.required_roles()
    removed = [role for role in present if role not in wanted]
    if not needs_second_person(by, bool(removed)):
        save_login_rules(rules, wanted, by=by)
        return Outcome()
    if added := [role for role in wanted if role not in present]:
        save_login_rules(rules, [*present, *added], by=by)
    return request_or_apply([Act("login_rules", {"removed": removed})], by=by)


def _after(data: Data) -> tuple[list[str], list[str]]:
    present = LoginRules.required_roles()
    return present, [role for role in present if role not in data["removed"]]


def _describe(data: Data) -> list[str]:
    present, after = _after(data)
    values = {"old": role_names(present) or _("nobody"), "new": role_names(after) or _("nobody")}
    return [_("Second factor asked of: %(old)s → %(new)s") % values]


def _apply(data: Data, by: Person, shown_to: Person | None) -> tuple[()]:
    save_login_rules(LoginRules.load(), _after(data)[1], by=by)
    return ()


KIND = ChangeKind(
    key="login_rules",
    label=gettext_lazy("Rules of the login"),
    needs=lambda data, by: needs_second_person(by, bool(data["removed"])),
    describe=_describe,
    apply=_apply,
    conferences=lambda data: {None},
)
