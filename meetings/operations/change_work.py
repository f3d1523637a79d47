"""The tasks of requests that need a second person.

A waiting request waits for the roles that may confirm it in its conferences; who of them may today is decided when the
tasks are read (`rules.second_people.WaitingRequests`). Where nobody may, it waits for an administrator who puts it in
force, and the other supervisors look at it.
"""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Model

from meetings.enums import SUPERVISING_ROLES, ChangeState, Role
from meetings.models import Department, JointConference, LeadingGroup, PendingChange, Person, Post
from meetings.models.work_item import Task
from meetings.operations.change_content import acts_of, scope_of
from meetings.queries.pending_change import CHANGES
from meetings.registry import WorkSource
from meetings.rules.second_people import CONFIRM, DOUBT, PUT_IN_FORCE, concerned_by


def change_tasks(change: PendingChange) -> Iterator[Task]:
    """Yield the tasks of a request, none once it is decided."""
    if not change.is_waiting:
        return
    scope = scope_of(acts_of(change))
    barred = frozenset(concerned_by(change, scope))
    for conference in scope.conferences or {None}:
        for role in sorted(scope.roles):
            yield Task(action=CONFIRM, seat=role, conference=conference, not_for=barred)
        yield Task(action=PUT_IN_FORCE, seat=Role.ADMINISTRATOR.value, conference=conference)
        for role in sorted(scope.roles | SUPERVISING_ROLES):
            yield Task(action=DOUBT, seat=role, conference=conference)


def _load(pks: Collection[int] | None) -> Iterable[PendingChange]:
    rows = PendingChange.objects.all() if pks is None else PendingChange.objects.filter(pk__in=pks)
    return rows.prefetch_related("people").order_by("pk")


def _waiting(row: Model, action: str) -> Iterable[int]:
    """Return all requests that wait: whom they concern depends on tenures, posts, groups and memberships."""
    return PendingChange.objects.filter(state=ChangeState.WAITING).values_list("pk", flat=True)


SOURCE = WorkSource(
    name=CHANGES,
    model=PendingChange,
    load=_load,
    tasks=change_tasks,
    affected={
        PendingChange: lambda row, action: [row.pk],
        **dict.fromkeys((Person, Post, LeadingGroup, Department, JointConference), _waiting),
    },
    conference=None,
)
