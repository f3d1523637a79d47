"""Why nobody can confirm a request today, in words for the requester."""

from django.utils.translation import gettext as _

from meetings.models import PendingChange
from meetings.queries.accounts import has_password
from meetings.rules.second_people import Scope, Supervision, concerned_by, covers, joined_names


def why_nobody_confirms(change: PendingChange, scope: Scope) -> str:
    """Return why none of the other supervisors may confirm the request; empty if somebody may.

    See `Supervision.confirmers` for the rule.
    """
    requester = change.requested_by_id
    requester = change.requested_by_id
    supervision, concerned = Supervision([change]), concerned_by(change, scope)
    if supervision.confirmers(requester, concerned, scope):
        return ""
    others = [
        person
        for pk, person in supervision.people.items()
        if pk != requester and covers(supervision.reach(pk, scope.roles), scope.conferences, all_of_them=False)
    ]
    if not others:
        return _("nobody else holds a post that may confirm it")
    told = {
        _("%(names)s: is concerned"): [p for p in others if p.pk in concerned],
        _("%(names)s: has chosen no password yet"): [p for p in others if not has_password(p)],
        _("%(names)s: made, reset or empowered the account of the requester in the last seven days, or the reverse"): [
            p for p in others if not supervision.are_separate(p.pk, requester)
        ],
    }
    return "；".join(text % {"names": joined_names(people)} for text, people in told.items() if people)
