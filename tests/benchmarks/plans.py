"""How the database would answer queries: which tables it would read from beginning to end.

- `queries_of(ask)`: the SELECT statements of a request, with their parameters.
- `scanned_tables(sql, params)`: the tables that the planner would scan, by the plan of the database.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

Query = tuple[str, Any]
ALIAS = re.compile(r'"(\w+)" ("?[A-Z]\d+"?)(?=\W)')
LIMITED = re.compile(r"\bLIMIT \d+( OFFSET \d+)?\s*$")
STEP = re.compile(r"(SCAN|SEARCH) (\w+)(.*)")


@cache
def partial_indexes() -> frozenset[str]:
    """Return the names of the indexes of some rows only, for example of the open work items, which are few."""
    indexes = (index for model in apps.get_models() for index in model._meta.indexes)
    return frozenset(index.name for index in indexes if index.condition is not None)


def queries_of(ask: Callable[[], object]) -> list[Query]:
    """Return the SELECT statements that the call runs."""
    found: list[Query] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip().upper().startswith("SELECT"):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask()
    return found


def scanned_tables(sql: str, params: Any) -> set[str]:
    """Return the names of the tables of which every row would be read.

    An index that is read in the order of the rows stops with the last row of a page, if nothing is sorted afterwards.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return set(_sqlite_scans(sql, [row[3] for row in cursor.fetchall()]))
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
        return set(_postgresql_scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _sqlite_scans(sql: str, steps: list[str]) -> Iterator[str]:
    """Yield the tables of the steps that scan; an automatic index is built by a scan too."""
    aliases: dict[str, set[str]] = {}
    for table, alias in ALIAS.findall(sql):
        aliases.setdefault(alias.strip('"'), set()).add(table)
    in_order = LIMITED.search(sql) and not any("USE TEMP B-TREE" in step for step in steps)
    for number, step in enumerate(steps):
        match = STEP.match(step)
        if number == 0 and in_order and match and "USING INDEX" in match[3]:
            continue
        if match and (match[1] == "SCAN" or "AUTOMATIC" in match[3]):
            yield from aliases.get(match[2], {match[2]})


def _postgresql_scans(node: dict[str, Any], in_order: bool = False) -> Iterator[str]:
    """Yield the tables of sequential scans, and of index scans without a condition, unless the index is partial.

    `in_order`: the node is the outermost table below a limit, with nothing in between that needs all rows.
    """
    kind, table = node["Node Type"], node.get("Relation Name")
    all_of_index = not in_order and kind in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node
    whole = kind == "Seq Scan" or (all_of_index and node["Index Name"] not in partial_indexes())
    if table and whole:
        yield table
    below = kind == "Limit" or (in_order and kind == "Nested Loop")
    for number, child in enumerate(node.get("Plans", ())):
        yield from _postgresql_scans(child, in_order=below and number == 0)
