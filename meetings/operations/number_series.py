"""Allocation of numbers in a conference's own series, without gaps and without duplicates."""

from django.db import transaction

from meetings.models import JointConference, NumberSeries


def next_number(conference: JointConference, series: str) -> int:
    """Allocate and return the next number of a series, starting at 1; call it in the transaction that uses it.

    The row stays locked until that transaction ends; after a rollback the number is free again. Outside a transaction
    it raises `TransactionManagementError`, because SQLite ignores the lock without an error.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is allocated inside the transaction that uses it")
    NumberSeries.objects.get_or_create(conference=conference, name=series)
    row = NumberSeries.objects.select_for_update().get(conference=conference, name=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
