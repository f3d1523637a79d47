"""For whom a work item waits: the seats as items name them, and the items that a person's posts fill.

- `addressees(seat, record)`: the seats, with their departments, as work items name them.
- `work_of(person)`: the open items of the person's seats, of those whose holder they deputise for, and their notices.
- `vacant_work(person)`: the open tasks of seats that nobody holds, for the clerks of the conference.
- `waits_for_others(person)`: the open tasks of others on what the person has brought in, signed, or keeps as a clerk.
- `first_of_others(person, …)`: the first rows of the last two lists.
- `Holders(items)`: who holds the seats of these items today.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber

from meetings.enums import Role, WorkItemKind
from meetings.models import (
    Department,
    JointConference,
    Person,
    Resolution,
    ResolutionPart,
    Tenure,
    Topic,
    WorkItem,
)
from meetings.models.people import with_headed
from meetings.queries.alternatives import rows_of_any
from meetings.queries.delegation import delegations_to
from meetings.queries.pending_change import CHANGES
from meetings.queries.people import clerk_conference_ids, tenures
from meetings.queries.reach import Reach, liaison_keys, reach_of
from meetings.queries.work import MOST_URGENT, open_work
from meetings.rules.seats import (
    COORDINATION_OFFICE,
    GOVERNMENT_CLERK,
    GOVERNMENT_HEAD,
    GOVERNMENT_LEADER,
    HEAD_OF_GOVERNMENT,
    TOPIC_APPROVER,
    UNION_CLERK,
    UNION_HEAD,
    UNION_LEADER,
    Seat,
)
from meetings.rules.second_people import WaitingRequests, decidable_items

LIAISON = "liaison"
# The seats that a post fills in its conference, whatever the record. Those of liaisons depend on departments.
SEATS = (GOVERNMENT_CLERK, UNION_CLERK, TOPIC_APPROVER, GOVERNMENT_LEADER, UNION_LEADER, HEAD_OF_GOVERNMENT)
HEADS = {GOVERNMENT_HEAD.key, UNION_HEAD.key}
# Roles that are a seat of their own: their tasks are opened by the apps above.
ROLES = (Role.WRITER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)
SEAT_LABELS = {seat.key: seat.label for seat in (*SEATS, GOVERNMENT_HEAD, UNION_HEAD)}
SEAT_LABELS |= {role.value: role.label for role in (*ROLES, Role.LIAISON)}
NOBODY = Q(pk__in=[])


@dataclass(frozen=True)
class _InConference:
    """A record of which a seat reads the conference alone."""

    conference: JointConference | None


def addressees(seat: Seat, record: Any) -> list[tuple[str, int | None]]:
    """Return the key of the seat, or for a seat of liaisons the key `liaison` with each department concerned."""
    if seat.key == COORDINATION_OFFICE.key:
        return [(GOVERNMENT_CLERK.key, None), (UNION_CLERK.key, None)]
    if seat.departments is None:
        return [(seat.key, None)]
    return [(LIAISON, department) for department in dict.fromkeys(seat.departments(record))]


def seat_keys(tenure: Tenure) -> set[str]:
    """Return the keys of the seats that a tenure fills in the conference of its post, or in all without one."""
    here = _InConference(tenure.post.conference)
    return {seat.key for seat in SEATS if seat.fits(tenure, here)} | {
        role.value for role in ROLES if role == tenure.post.role
    }


def items_of(tenure: Tenure) -> Q:
    """Return the condition for the items of the seats that a tenure fills."""
    post, condition = tenure.post, NOBODY
    here = Q(conference=post.conference_id) if post.conference_id else Q()
    if keys := seat_keys(tenure):
        condition |= here & Q(seat__in=keys)
    if post.side and post.headed_ids:
        condition |= Q(conference__in=post.headed_ids, seat=f"{post.side}_group_head")
    if keys_of_liaison := liaison_keys(tenure):
        rows = Reach(departments=keys_of_liaison).department_rows("conference", "department")
        condition |= rows & Q(seat=LIAISON)
    return condition


def work_of(person: Person) -> QuerySet[WorkItem]:
    """Return what waits for the person today, the most urgent first: tasks, signatures for others, notices."""
    own = Q(person=person)
    for tenure in person.tenures_in_force():
        own |= items_of(tenure)
    conditions = [own & ~Q(source=CHANGES) & ~Q(not_for=person)]
    if decidable := decidable_items(person):
        conditions.append(Q(pk__in=decidable))
    for delegation in delegations_to(person):
        giver = delegation.tenure.person_id
        conditions.append(items_of(delegation.tenure) & Q(signs=True) & ~Q(not_for=person) & ~Q(not_for=giver))
    return rows_of_any(open_work(), conditions)


def vacant_work(person: Person) -> QuerySet[WorkItem]:
    """Return the tasks of the clerk's conferences whose seat nobody holds today."""
    return open_work(WorkItem.objects.filter(_vacant(person)))


def waits_for_others(person: Person, own: Collection[int] | None = None) -> QuerySet[WorkItem]:
    """Return the tasks of others for which the person waits; `own` are the ids of `work_of`, if they were read before.

    A clerk waits for everybody in the conference; a liaison for those who decide about the department's topics and
    reports; whoever has signed waits for the other signatures, and whoever submitted a change for who confirms it.
    """
    if own is None:
        own = list(work_of(person).order_by().values_list("pk", flat=True))
    return open_work(WorkItem.objects.filter(_of_others(person, own)))


def first_of_others(person: Person, own: Collection[int], most: int) -> tuple[list[WorkItem], list[WorkItem]]:
    """Return the first items of `vacant_work`, and the first of `waits_for_others` that are not vacant; one query."""
    vacant = _vacant(person)
    rows = open_work(WorkItem.objects.filter(vacant | _of_others(person, own)))
    rows = rows.annotate(vacant=Case(When(vacant, then=True), default=False))
    place = Window(RowNumber(), partition_by="vacant", order_by=MOST_URGENT)
    items = list(rows.annotate(place=place).filter(place__lte=most).select_related("department", "person"))
    return [item for item in items if item.vacant], [item for item in items if not item.vacant]


def _vacant(person: Person) -> Q:
    """Return the condition of `vacant_work`."""
    conferences = clerk_conference_ids(person)
    if not conferences:
        return NOBODY
    filled = Holders(conferences).filled()
    return Q(conference__in=conferences, kind=WorkItemKind.TASK, person=None) & ~Q(source=CHANGES) & ~filled


def _of_others(person: Person, own: Collection[int]) -> Q:
    """Return the condition of `waits_for_others`."""
    signed = WorkItem.not_for.through._default_manager.filter(person=person)
    condition, clerk_of = Q(pk__in=signed.values("workitem")), clerk_conference_ids(person)
    if clerk_of:
        condition |= Q(conference__in=clerk_of) & ~Q(source=CHANGES)
    if departments := reach_of(person).departments:
        condition |= _on_own_matters(Reach(departments=departments))
    return condition & Q(kind=WorkItemKind.TASK) & ~Q(pk__in=own)


def _on_own_matters(reach: Reach) -> Q:
    """Return the condition for tasks on topics and reports of the departments within this reach."""
    topic, resolution = (ContentType.objects.get_for_model(model) for model in (Topic, Resolution))
    topics = Topic.objects.filter(reach.department_rows("conference", "proposer"))
    conference = "resolution__minutes__meeting__conference"
    parts = ResolutionPart.objects.filter(reach.department_rows(conference, "department"))
    judged = ("resolution.verify", "resolution.accept_report")
    return Q(content_type=topic, object_id__in=topics.values("pk")) | Q(
        content_type=resolution, action__in=judged, object_id__in=parts.values("resolution")
    )


class Holders:
    """Who holds the seats of some conferences today; two queries."""

    def __init__(self, conferences: Iterable[int | None]) -> None:
        self.conferences = {pk for pk in conferences if pk is not None}
        of_them = Q(post__conference__in=self.conferences) | Q(post__conference=None)
        self._tenures = with_headed(tenures().filter(of_them))
        merged = Department.objects.exclude(successor=None).values_list("pk", "successor")
        self._successors = {pk: successor for pk, successor in merged if successor is not None}

    @cached_property
    def _requests(self) -> WaitingRequests:
        return WaitingRequests()

    def _acting(self, department: int) -> set[int]:
        """Return the department and all that it was merged into."""
        found = {department}
        while (department := self._successors.get(department, department)) not in found:
            found.add(department)
        return found

    def of(self, item: WorkItem) -> list[Person]:
        """Return the people for whom the item waits; empty if the seat is vacant."""
        if item.person is not None:
            return [item.person]
        if item.source == CHANGES:
            return self._requests.of(item)
        found = [tenure.person for tenure in self._tenures if self._fits(tenure, item)]
        excluded = {person.pk for person in item.not_for.all()}
        return [person for person in dict.fromkeys(found) if person.pk not in excluded]

    def _fits(self, tenure: Tenure, item: WorkItem) -> bool:
        post = tenure.post
        if item.seat in HEADS:
            return item.seat == f"{post.side}_group_head" and item.conference_id in post.headed_ids
        if post.conference_id not in {None, item.conference_id}:
            return False
        if item.seat == LIAISON:
            acting = self._acting(item.department_id) if item.department_id else set()
            return post.role == Role.LIAISON and post.department_id in acting
        return item.seat in seat_keys(tenure)

    def filled(self) -> Q:
        """Return the condition for the items of these conferences whose seat somebody holds."""
        condition = NOBODY
        for tenure in self._tenures:
            post = tenure.post
            here = Q(conference=post.conference_id) if post.conference_id else Q()
            if keys := seat_keys(tenure):
                condition |= here & Q(seat__in=keys)
            if post.role == Role.LIAISON and post.department_id:
                condition |= here & Q(seat=LIAISON, department__in=self._inherited(post.department_id))
            for conference in post.headed_ids:
                condition |= Q(conference=conference, seat=f"{post.side}_group_head")
        return condition

    def _inherited(self, department: int) -> set[int]:
        return {department} | {pk for pk in self._successors if department in self._acting(pk)}
