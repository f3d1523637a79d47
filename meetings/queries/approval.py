"""Queries of approvals.

- `with_signers(rows)`: approvals with all relations that a page prints.
- `known_since(record, step, digest)`: the day since when the signers could read exactly this content.
"""

from datetime import date

from django.db.models import Model, QuerySet
from django.utils import timezone

from meetings.enums import ApprovalStep
from meetings.models import Approval, Meeting, Minutes, RecordLogEntry
from meetings.queries.prefetched import is_prefetched


def with_signers(rows: QuerySet[Approval]) -> QuerySet[Approval]:
    """Return the approvals in order, with signer, delegating person, the person who entered them, and scan."""
    related = ("post", "tenure__person", "person", "delegation__tenure__person", "delegation__to", "entered_by", "scan")
    return rows.select_related(*related).order_by("at", "pk")


def signed_approvals(record: Meeting | Minutes, step: ApprovalStep) -> list[Approval]:
    """Return the approvals of a step `with_signers`; no query if they were prefetched so."""
    if is_prefetched(record, "approvals"):
        return [row for row in record.approvals.all() if row.step == step]
    return list(with_signers(record.approvals.filter(step=step)))


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
