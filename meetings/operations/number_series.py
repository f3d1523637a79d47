"""Numbers of an own series: without gaps, without doubles."""

from django.db import transaction

from meetings.models import JointConference, NumberSeries


def next_number(conference: JointConference, series: str) -> int:
    """The next number of a series, starting at 1. Call it in the transaction that uses the number up.

    The row stays locked until that transaction ends; if it is rolled back, the number is free again. Called outside
    of one it raises `TransactionManagementError`: SQLite ignores the lock and would not tell.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is allocated inside the transaction that uses it")
    NumberSeries.objects.get_or_create(conference=conference, name=series)
    row = NumberSeries.objects.select_for_update().get(conference=conference, name=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
