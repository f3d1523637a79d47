"""Reads of approvals: how they are shown, since when a content is known, what others signed in somebody's name.

Key concepts
- `shown(rows)`: approvals with everything that a page prints of them.
- `known_since(record, step, digest)`: the day from which the signers could read exactly this content.
- `signed_for(person)`: what was lately registered on paper for a person, or signed by a deputy.
"""

from datetime import date, timedelta

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from meetings import clock
from meetings.enums import ApprovalStep, Medium
from meetings.models import Approval, Person, RecordLogEntry
from meetings.queries.visibility import reach_of

TOLD_FOR = timedelta(days=14)  # how long the desk tells a person what others signed in the person's name


def shown(rows: QuerySet[Approval]) -> QuerySet[Approval]:
    """Approvals in order, with signer, giver, who entered them, and the scan."""
    related = ("post", "tenure__person", "person", "delegation__tenure__person", "delegation__to", "entered_by", "scan")
    return rows.select_related(*related).order_by("at", "pk")


def known_since(record: Model, step: ApprovalStep, digest: str) -> date | None:
    """The day since when the content that a step covers has been as it is; None where the log does not tell.

    Whatever puts a content before its signers, or changes it there, writes `content={step: digest}` into the log.
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


def signed_for(person: Person) -> QuerySet[Approval]:
    """What others lately signed or registered in the person's name and still counts, the latest first."""
    by_others = Q(person=person, medium=Medium.PAPER) | Q(delegation__tenure__person=person)
    rows = Approval.objects.filter(by_others, voided_at=None, at__gte=clock.now() - TOLD_FOR)
    seen = rows.filter(tenure__post__conference__in=reach_of(person).conferences)
    return shown(seen).select_related("topic", "meeting__conference", "minutes", "report__part").order_by("-at", "-pk")
