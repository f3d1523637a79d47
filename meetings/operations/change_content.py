"""What a request for a second person is about: its acts, in words, whom they concern, and who may confirm them.

- `acts_of(change)`, `lines_of(change)`: the acts, and what they change in lines.
- `content_digest(change)`: the digest of what a page shows, which whoever confirms sends back.
- `scope_of(acts)`: where they have to be confirmed, and whom they concern.
- `submitted_act(act)`, `differs_from_submitted(change)`: the act as it is stored, and whether it is about something
  else by now.
- `second_people(change)`, `in_force_from(change)`: who may confirm today, and from when it needs nobody.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import translation

from meetings.enums import Role
from meetings.models import PendingChange, Person, Tenure
from meetings.operations import (  # noqa: F401  # they register their kinds
    changes_of_accounts,
    changes_of_adoptions,
    changes_of_posts,
    changes_of_settings,
    changes_of_tenures,
)
from meetings.operations.change_kinds import Act, kind_of
from meetings.queries.accounts import now_or_later
from meetings.refusal import Refused
from meetings.rules.hashing import digest
from meetings.rules.pending_change import rights_of
from meetings.rules.second_people import Scope, confirmers, waits_until


def acts_of(change: PendingChange) -> list[Act]:
    """Return the acts of a request."""
    return [Act(stored["kind"], stored["data"]) for stored in change.acts]


def lines_of(change: PendingChange) -> list[list[str]]:
    """Return for each act what changes, in lines: as it is now while the request waits, else as it was decided.

    An act that is no longer possible says why.
    """
    if not change.is_waiting:
        return [stored.get("lines", []) for stored in change.acts]
    return [described(act) for act in acts_of(change)]


def described(act: Act) -> list[str]:
    """Return what an act changes, in lines; the reasons if it is no longer possible."""
    try:
        return kind_of(act).describe(act.data)
    except Refused as refused:
        return refused.reasons


def content_digest(change: PendingChange) -> str:
    """Return the digest of what a page about the request shows; whoever confirms sends it back.

    So nobody confirms something else than what was read: a post, say, whose rights were changed since.
    """
    return digest([change.pk, change.version, lines_of(change), sorted(people_of_acts(acts_of(change)))])


def scope_of(acts: Iterable[Act]) -> Scope:
    """Return where these acts have to be confirmed, and whom they concern.

    Whoever confirms may see the code of somebody who gains. So the conferences are those of the acts, and those in
    which these people hold posts, today or later.
    """
    acts = list(acts)
    conferences = {pk for act in acts for pk in kind_of(act).conferences(act.data)}
    gaining = {pk for act in acts for pk in kind_of(act).gains(act.data)}
    held = Tenure.objects.filter(now_or_later(), person__in=gaining) if gaining else Tenure.objects.none()
    conferences |= set(held.values_list("post__conference", flat=True))
    roles = frozenset.intersection(*[kind_of(act).roles for act in acts])
    if not conferences and Role.REVIEWER not in roles:
        conferences = {None}
    return Scope(frozenset(conferences), roles, frozenset(people_of_acts(acts)))


def people_of_acts(acts: Iterable[Act]) -> set[int]:
    """Return the ids of the people who gain by the acts, lose a post, or whose accounts they touch."""
    found: set[int] = set()
    for act in acts:
        kind = kind_of(act)
        found |= kind.gains(act.data) | kind.touches(act.data) | kind.loses(act.data)
    return found


def submitted_act(act: Act) -> dict[str, object]:
    """Return an act as it is stored in a request: with its lines, and the digest of what it is about."""
    return {**act.as_json(), "lines": described(act), "digest": _act_digest(act)}


def _act_digest(act: Act) -> str:
    """Return the digest of what an act changes, in one language, with the rights of the posts that somebody gets."""
    kind = kind_of(act)
    with translation.override(settings.LANGUAGE_CODE):
        try:
            posts = sorted((post.pk, *map(str, rights_of(post)), *post.headed_ids) for post in kind.posts(act.data))
        except Refused:
            posts = []
        return digest([described(act), posts])


def differs_from_submitted(change: PendingChange) -> bool:
    """Return whether a waiting request is about other rights, values or people by now than when it was submitted.

    A post, say, that got more rights meanwhile, or somebody who holds it since. Such a request cannot take effect.
    """
    acts = acts_of(change)
    if {person.pk for person in change.people.all()} != people_of_acts(acts):
        return True
    return [stored.get("digest") for stored in change.acts] != [_act_digest(act) for act in acts]


def second_people(change: PendingChange) -> list[Person]:
    """Return the people who may confirm the request today."""
    return confirmers(change, scope_of(acts_of(change)))


def in_force_from(change: PendingChange) -> datetime:
    """Return from when the request may be put in force if nobody may confirm it."""
    return waits_until(change, scope_of(acts_of(change)))
