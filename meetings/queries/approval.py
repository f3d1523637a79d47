"""Queries of approvals.

- `with_signers(rows)`: approvals with all relations that a page prints.
- `known_since(record, step, digest)`: the day since when the signers could read exactly this content.
- `signed_on_behalf_of(person)`: recent signatures for a person that were registered on paper or made by a deputy.
"""

from datetime import date, timedelta

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from meetings import clock
from meetings.enums import ApprovalStep, Medium
from meetings.models import Approval, Person, RecordLogEntry
from meetings.queries.reach import reach_of

SIGNED_FOR_PERIOD = timedelta(days=14)  # how long the home page shows signatures by others on behalf of a person


def with_signers(rows: QuerySet[Approval]) -> QuerySet[Approval]:
    """Return the approvals in order, with signer, delegating person, the person who entered them, and scan."""
    related = ("post", "tenure__person", "person", "delegation__tenure__person", "delegation__to", "entered_by", "scan")
    return rows.select_related(*related).order_by("at", "pk")


def known_since(record: Model, step: ApprovalStep, digest: str) -> date | None:
    """Return the day since when the content covered by a step has had this digest; None if the log does not say.

    Operations that submit content for approval, or change submitted content, write `content={step: digest}` to the log.
    """
    since = None
    entries = RecordLogEntry.objects.for_instance(record).order_by("-timestamp", "-pk")
    for data, at in entries.values_list("data", "timestamp"):
        found = data.get("content", {}).get(step)
        if found == digest:
            since = timezone.localtime(at).date()
        elif found is not None:
            break
    return since


def signed_on_behalf_of(person: Person) -> QuerySet[Approval]:
    """Return the recent valid approvals that others signed or registered on behalf of the person, latest first."""
    by_others = Q(person=person, medium=Medium.PAPER) | Q(delegation__tenure__person=person)
    rows = Approval.objects.filter(by_others, voided_at=None, at__gte=clock.now() - SIGNED_FOR_PERIOD)
    seen = rows.filter(tenure__post__conference__in=reach_of(person).conferences)
    return (
        with_signers(seen)
        .select_related("topic", "meeting__conference", "minutes", "report__part")
        .order_by("-at", "-pk")
    )
