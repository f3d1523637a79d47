"""Queries of requests that need a second person."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from meetings.enums import SUPERVISING_ROLES, ChangeState, WorkItemKind
from meetings.models import PendingChange, Person, WorkItem
from meetings.models.people import AnyUser

CHANGES = "meetings.pendingchange"  # the source of the work items of requests
# The kinds of acts by which somebody could log in as another; see `operations.changes_of_accounts`.
OPENS_LOGIN = frozenset({"login_code", "second_factor", "reactivation", "login_name"})


def supervised_conferences(person: AnyUser, roles: frozenset[str] = SUPERVISING_ROLES) -> set[int | None]:
    """Return the conferences in which the person holds one of these roles today; None among them means all."""
    held = person.tenures_in_force() if isinstance(person, Person) else []
    return {tenure.post.conference_id for tenure in held if tenure.post.role in roles}


def changes_within(conferences: set[int | None]) -> Q:
    """Return the condition for requests that concern some of these conferences and no other one.

    A request that concerns all conferences, or none in particular, has no rows; it is not among these.
    """
    if None in conferences:
        return Q()
    within = PendingChange.conferences.through.objects.filter(pendingchange=OuterRef("pk"))
    beyond = within.exclude(jointconference__in=conferences)
    return Q(~Exists(beyond), conferences__in=conferences)


def touched_logins(change: PendingChange) -> set[int]:
    """Return the ids of the people whose login the request changes: code, second factor, reactivation, login name."""
    return {act["data"]["person"] for act in change.acts if act["kind"] in OPENS_LOGIN}


def waiting_changes() -> QuerySet[PendingChange]:
    """Return the requests that wait, the oldest first."""
    rows = PendingChange.objects.filter(state=ChangeState.WAITING)
    return rows.select_related("requested_by", "subject", "conference").order_by("requested_at", "pk")


def change_items() -> QuerySet[WorkItem]:
    """Return the open work items of waiting requests, with those who may not act."""
    rows = WorkItem.objects.filter(source=CHANGES, closed_at=None, kind=WorkItemKind.TASK)
    return rows.prefetch_related("not_for").order_by("pk")


def waiting_about(person: Person) -> QuerySet[PendingChange]:
    """Return the waiting requests that concern a person."""
    return waiting_changes().filter(Q(subject=person.pk) | Q(people=person.pk)).distinct()
