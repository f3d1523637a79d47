"""Who may confirm a request of somebody else, and from when it takes effect where nobody may.

- `Supervision(changes)`: everybody who may confirm requests today, read for all requests together.
- `confirmers(change, scope)`, `waits_until(change, scope)`: the same for one request.
- `WaitingRequests`, `decidable_items(person)`: for whom the work items of waiting requests are.
- `seen_changes(person)`: the requests that a person reads.
- `may_decline`, `may_put_in_force`: the other decisions.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from meetings import clock
from meetings.enums import SUPERVISING_ROLES, Role
from meetings.models import PendingChange, Person, Tenure, WorkItem
from meetings.models.people import AnyUser
from meetings.queries.accounts import (
    account_history,
    codes_of,
    controllers_of,
    ended_supervision,
    has_password,
    now_or_later,
    reset_accounts,
)
from meetings.queries.alternatives import rows_of_any
from meetings.queries.pending_change import (
    change_items,
    changes_within,
    supervised_conferences,
    touched_logins,
)
from meetings.rules.people import administered

WAITING_PERIOD = timedelta(hours=24)
SAFE_AFTER = timedelta(days=7)  # an account that one person made or reset counts as separate only after this
CONFIRMING_ROLES = SUPERVISING_ROLES | {Role.REVIEWER}
# The actions of the work items of a waiting request.
CONFIRM, PUT_IN_FORCE, DOUBT = "pendingchange.confirm", "pendingchange.put_in_force", "pendingchange.doubt"


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

    A request that concerns all conferences concerns each of them, but only who has no conference supervises all.
    """
    if None in reach or (reach and not conferences):
        return True
    if all_of_them:
        return bool(reach) and set(conferences) <= reach
    return bool(reach) and (None in conferences or bool(set(conferences) & reach))


class Supervision:
    """The administrators, auditors and reviewers of today, with what connects their accounts to those of requesters.

    It takes the same number of queries for any number of requests.
    """

    def __init__(self, changes: Iterable[PendingChange]) -> None:
        self._since = clock.now() - SAFE_AFTER
        changes = list(changes)
        asking = {change.requested_by_id for change in changes}
        self.people: dict[int, Person] = {}
        self._reach: dict[tuple[int, str], set[int | None]] = {}
        self._supervisors: set[int] = set()  # today or later
        held = Tenure.objects.filter(now_or_later(), post__role__in=CONFIRMING_ROLES, person__is_active=True)
        for tenure in held.select_related("person", "post"):
            if tenure.post.role in SUPERVISING_ROLES:
                self._supervisors.add(tenure.person_id)
            if tenure.from_date <= clock.today():
                self.people[tenure.person_id] = tenure.person
                self._reach.setdefault((tenure.person_id, tenure.post.role), set()).add(tenure.post.conference_id)
        self._ended = ended_supervision(self._since)
        connected = {*self.people, *asking, *(pk for pk, _at in self._ended if pk is not None)}
        history = account_history(connected, self._since)
        self._controllers = controllers_of(connected, within=SAFE_AFTER, history=history)
        self._codes = list(codes_of(asking, since=self._since))
        self._reset = reset_accounts(history).intersection(self.people)

    def reach(self, person: int, roles: Iterable[str]) -> set[int | None]:
        """Return the conferences in which a person holds one of these roles; None among them means all."""
        return {pk for role in roles for pk in self._reach.get((person, role), ())}

    def are_separate(self, one: int, other: int) -> bool:
        """Return whether two accounts have no controller in common; see `controllers_of`."""
        return not self._controllers[one] & self._controllers[other]

    def confirmers(self, requester: int, concerned: Iterable[int], scope: Scope) -> list[Person]:
        """Return the people who may confirm a request today.

        They supervise everything that it concerns as administrators or auditors, can log in, and are neither the
        requester nor among the people concerned. No account counts that the requester, or somebody behind the
        requester's account, made, reset or empowered alone in the last seven days; nor the other way round.
        """
        barred = {requester, *concerned}
        able = [
            person
            for pk, person in self.people.items()
            if pk not in barred
            and covers(self.reach(pk, scope.roles), scope.conferences)
            and has_password(person)
            and self.are_separate(pk, requester)
        ]
        return sorted(able, key=lambda person: (person.name, person.pk))

    def waits_until(self, change: PendingChange, concerned: Collection[int], scope: Scope) -> datetime:
        """Return from when a request may be put in force if nobody may confirm it.

        That is a day after it was made. It is seven days

        - if somebody could confirm it who is concerned by it: nobody gains by making the second person a party;
        - if it opens the account of an administrator or auditor;
        - if the account of an administrator or auditor of it was reset in the last seven days;
        - after the requester, or somebody behind the requester's account, took the power to confirm from an
          administrator or auditor: nobody gains by removing the second person;
        - after the second person saw a code for the requester's account, whose requests that person cannot confirm for
          seven days.
        """
        requester = change.requested_by_id
        until = change.requested_at + WAITING_PERIOD
        if (
            self._supervisors & touched_logins(change)
            or self._reset_lately(requester, scope)
            or self._parties_could(requester, concerned, scope)
        ):
            until = change.requested_at + SAFE_AFTER
        for code in self._codes:
            for pk in {code.issued_by_id, code.shown_to_id} - {None, requester}:
                reach = self.reach(pk, scope.roles) if pk else set()
                if code.person_id == requester and covers(reach, scope.conferences, all_of_them=False):
                    until = max(until, code.issued_at + SAFE_AFTER)
        for pk, ended_at in self._ended:
            if pk is not None and not self.are_separate(pk, requester):
                until = max(until, ended_at + SAFE_AFTER)
        return until

    def _reset_lately(self, requester: int, scope: Scope) -> bool:
        """Return whether the account of another administrator or auditor of a part of it was reset lately."""
        reaches = [self.reach(pk, SUPERVISING_ROLES) for pk in self._reset - {requester}]
        return any(covers(reach, scope.conferences, all_of_them=False) for reach in reaches)

    def _parties_could(self, requester: int, concerned: Collection[int], scope: Scope) -> bool:
        """Return whether people may not confirm it for the only reason that it concerns them."""
        return any(person.pk in concerned for person in self.confirmers(requester, (), scope))


def concerned_by(change: PendingChange, scope: Scope) -> set[int]:
    """Return the ids of the people who never confirm the request: the requester, and those whom it concerns."""
    told = {person.pk for person in change.people.all()}
    found = {*scope.people, *told, change.subject_id, change.requested_by_id}
    return {pk for pk in found if pk is not None}


def confirmers(change: PendingChange, scope: Scope) -> list[Person]:
    """Return the people who may confirm the request today; see `Supervision.confirmers`."""
    return Supervision([change]).confirmers(change.requested_by_id, concerned_by(change, scope), scope)


def waits_until(change: PendingChange, scope: Scope) -> datetime:
    """Return from when the request may be put in force if nobody may confirm it; see `Supervision.waits_until`."""
    return Supervision([change]).waits_until(change, concerned_by(change, scope), scope)


def may_decline(person: Person, change: PendingChange, scope: Scope) -> bool:
    """Return whether the person may decline the request.

    Those whom it concerns may, and whoever supervises everything that it concerns; somebody who supervises a part of it
    only where nobody else may confirm it.
    """
    if person.pk == change.requested_by_id:
        return False
    if person.pk in concerned_by(change, scope):
        return True
    if covers(supervised_conferences(person, scope.roles | SUPERVISING_ROLES), scope.conferences):
        return True
    return change.pk in decidable_changes(person)


def seen_changes(person: AnyUser) -> QuerySet[PendingChange]:
    """Return the requests that the person may read.

    Administrators and auditors read those that concern no other conference than theirs; reviewers those that they may
    confirm. Everybody reads those that wait for them, and those that they made, decided or are concerned by.
    """
    if not isinstance(person, Person):
        return PendingChange.objects.none()
    conferences = supervised_conferences(person)
    if None in conferences:
        return PendingChange.objects.all()
    seen = [Q(requested_by=person.pk), Q(people=person.pk), Q(subject=person.pk), Q(decided_by=person.pk)]
    if supervised_conferences(person, frozenset({Role.REVIEWER})):
        seen.append(Q(open_to_reviewers=True))
    if conferences:
        seen.append(changes_within(conferences))
    if decidable := decidable_changes(person):
        seen.append(Q(pk__in=decidable))
    return rows_of_any(PendingChange.objects.all(), seen)


def may_put_in_force(person: Person, change: PendingChange, scope: Scope) -> bool:
    """Return whether the person administers everything that the request concerns, or requested it.

    Codes are shown to whoever puts it in force; the operations check what the requester administers.
    """
    own = person.pk == change.requested_by_id
    return covers(administered(person), scope.conferences, all_of_them=not own)


def joined_names(people: Iterable[Person]) -> str:
    """Return the names of people, joined by 、."""
    return "、".join(person.name for person in people)


# --- work items ------------------------------------------------------------------------------------------------------
class WaitingRequests:
    """The work items of the waiting requests, and who may act on each today.

    A row names a role and a conference. Who of its holders may confirm depends on the last seven days, and on whether
    somebody else supervises more, so it is decided here, for all requests together.
    """

    def __init__(self) -> None:
        self._items: dict[int, list[WorkItem]] = {}
        for item in change_items():
            self._items.setdefault(item.object_id, []).append(item)
        rows = PendingChange.objects.filter(pk__in=self._items) if self._items else []
        self._changes = {change.pk: change for change in rows}
        if self._changes:
            self._supervision = Supervision(self._changes.values())

    def deciders(self, change: PendingChange) -> dict[str, list[Person]]:
        """Return the people who may act on a request today, by the action of the work item."""
        rows = [item for item in self._items[change.pk] if item.action == CONFIRM]
        roles = frozenset(item.seat for item in rows)
        conferences = frozenset(item.conference_id for item in rows) if Role.REVIEWER not in roles else frozenset()
        scope, requester = Scope(conferences, roles), change.requested_by_id
        barred = {person.pk for item in rows for person in item.not_for.all()}
        if found := self._supervision.confirmers(requester, barred, scope):
            return {CONFIRM: found}
        due = self._supervision.waits_until(change, barred, scope) <= clock.now()
        enforcing = self._of(scope, {Role.ADMINISTRATOR}, alone=requester) if due else []
        looking = [p for p in self._of(scope, roles | SUPERVISING_ROLES) if p not in enforcing and p.pk != requester]
        return {PUT_IN_FORCE: enforcing, DOUBT: looking}

    def _of(self, scope: Scope, roles: Iterable[str], *, alone: int | None = None) -> list[Person]:
        """Return those who hold the roles for a part of the scope; with `alone`, that one, and those who hold all."""
        people, roles = self._supervision.people, frozenset(roles)
        return [
            person
            for pk, person in people.items()
            if covers(
                self._supervision.reach(pk, roles), scope.conferences, all_of_them=alone is not None and pk != alone
            )
        ]

    def items_of(self, person: Person) -> list[int]:
        """Return the ids of the items that wait for the person: at most one for each request."""
        found = []
        for change in self._changes.values():
            for action, people in self.deciders(change).items():
                if person in people:
                    found.append(min(item.pk for item in self._items[change.pk] if item.action == action))
        return found

    def of(self, item: WorkItem) -> list[Person]:
        """Return the people for whom an item waits today."""
        change = self._changes.get(item.object_id)
        return self.deciders(change).get(item.action, []) if change is not None else []


def decidable_items(person: Person) -> list[int]:
    """Return the ids of the work items of requests that wait for the person today.

    The result is cached on the object, as in `Person.tenures_in_force`; nothing is read for people of other roles.
    """
    if not any(tenure.post.role in CONFIRMING_ROLES for tenure in person.tenures_in_force()):
        return []
    cache: dict[date, list[int]] = person.__dict__.setdefault("_decidable", {})
    day = clock.today()
    if day not in cache:
        cache[day] = WaitingRequests().items_of(person)
    return cache[day]


def decidable_changes(person: Person) -> list[int]:
    """Return the ids of the requests that wait for the person today: to confirm, to put in force, or to look at."""
    items = decidable_items(person)
    return list(WorkItem.objects.filter(pk__in=items).values_list("object_id", flat=True)) if items else []
