"""Rows of another table, read beside a row in the same query.

A prefetch is a query of its own. What a row needs few and short values of is read as JSON in the row's own query.
"""

from typing import Any

from django.db.models import F, JSONField, QuerySet, Subquery


class JSONList(Subquery):
    """The rows of a query with `OuterRef`, in its order, as a list of dictionaries; None or empty if it has none.

    `lookups` names the keys of each dictionary and the fields that fill them. Django's `JSONObject` is not used: its
    first use asks SQLite, in a transaction of its own, whether it knows JSON, and inside one that Django did not begin
    (`search.index_maintenance.consistent_snapshot`) that fails.
    """

    template = "(SELECT json_group_array(json_object(%(pairs)s)) FROM (%(subquery)s) listed)"
    output_field = JSONField()

    def __init__(self, rows: QuerySet[Any], **lookups: str) -> None:
        columns = {f"value_{number}": F(lookup) for number, lookup in enumerate(lookups.values())}
        pairs = ", ".join(f"'{key}', listed.{column}" for key, column in zip(lookups, columns, strict=True))
        super().__init__(rows.values(**columns), pairs=pairs)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Return the SQL for PostgreSQL."""
        template = "(SELECT jsonb_agg(jsonb_build_object(%(pairs)s)) FROM (%(subquery)s) listed)"
        return super().as_sql(compiler, connection, template=template, **context)
