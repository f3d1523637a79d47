"""What a request for a second person is about: its acts, in words, whom they concern, and who may confirm them.

- `acts_of(change)`, `lines_of(change)`: the acts, and what they change in lines.
- `content_digest(change)`: the digest of what a page shows, which whoever confirms sends back.
- `scope_of(acts)`: where they have to be confirmed, and whom they concern.
- `second_people(change)`, `in_force_from(change)`: who may confirm today, and from when it needs nobody.
"""

from collections.abc import Iterable
from datetime import datetime

from meetings.models import PendingChange, Person
from meetings.operations import (  # noqa: F401  # they register their kinds
    changes_of_accounts,
    changes_of_adoptions,
    changes_of_posts,
    changes_of_settings,
    changes_of_tenures,
)
from meetings.operations.change_kinds import Act, kind_of
from meetings.refusal import Refused
from meetings.rules.hashing import digest
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
    """Return where these acts have to be confirmed, and whom they concern."""
    acts = list(acts)
    conferences = {pk for act in acts for pk in kind_of(act).conferences(act.data)}
    roles = [kind_of(act).roles for act in acts]
    return Scope(frozenset(conferences), frozenset.intersection(*roles), frozenset(people_of_acts(acts)))


def people_of_acts(acts: Iterable[Act]) -> set[int]:
    """Return the ids of the people who gain by the acts, or whose accounts they touch."""
    found: set[int] = set()
    for act in acts:
        found |= kind_of(act).gains(act.data) | kind_of(act).touches(act.data)
    return found


def second_people(change: PendingChange) -> list[Person]:
    """Return the people who may confirm the request today."""
    return confirmers(change, scope_of(acts_of(change)))


def in_force_from(change: PendingChange) -> datetime:
    """Return from when the request may be put in force if nobody may confirm it."""
    return waits_until(change, scope_of(acts_of(change)))
