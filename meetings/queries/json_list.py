"""Subquery expression that reads rows of another table as a JSON list.

A prefetch needs a query of its own. For few and short values, JSON in the query of the row is cheaper.
"""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, JSONField, Model, QuerySet, Subquery
from django.db.models.sql.compiler import SQLCompiler


class JSONList(Subquery):
    """The rows of a queryset with `OuterRef`, in its order, as a list of dictionaries; None or empty without rows.

    `lookups` maps the keys of each dictionary to fields of the rows. Django's `JSONObject` cannot be used: on first use
    it checks, in a transaction of its own, whether SQLite supports JSON, and that fails inside a transaction that was
    not begun by Django (`search.index_maintenance.consistent_snapshot`).
    """

    template = "(SELECT json_group_array(json_object(%(pairs)s)) FROM (%(subquery)s) listed)"
    output_field = JSONField()

    def __init__(self, rows: QuerySet[Model], **lookups: str) -> None:
        columns = {f"value_{number}": F(lookup) for number, lookup in enumerate(lookups.values())}
        pairs = ", ".join(f"'{key}', listed.{column}" for key, column in zip(lookups, columns, strict=True))
        super().__init__(rows.values(**columns), pairs=pairs)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: object
    ) -> tuple[str, Sequence[object]]:
        """Return the SQL for PostgreSQL."""
        template = "(SELECT jsonb_agg(jsonb_build_object(%(pairs)s)) FROM (%(subquery)s) listed)"
        return super().as_sql(compiler, connection, template=template, **context)
