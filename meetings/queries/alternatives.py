"""Conditions that are alternatives, each answered by its own index."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


def rows_of_any(rows: QuerySet[M], conditions: Sequence[Q]) -> QuerySet[M]:
    """Return the rows that meet at least one of the conditions; none without conditions.

    The conditions become the parts of a UNION. Joined by OR they would make the planner read the whole table as soon as
    they lie on several tables or one of them is a list of keys.
    """
    if not conditions:
        return rows.none()
    parts = [rows.order_by().filter(condition).values("pk") for condition in conditions]
    found = parts[0] if len(parts) == 1 else parts[0].union(*parts[1:])
    return rows.filter(pk__in=found)
