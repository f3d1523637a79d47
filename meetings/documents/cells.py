"""Cells of spreadsheets: text that stays text, days as days, amounts as numbers."""

from datetime import date
from decimal import Decimal
from typing import Any

from meetings.word.rendering import printable

FORMULA = ("=", "+", "-", "@", "\t", "\r")
FORMATS: dict[type, str] = {date: "yyyy-mm-dd", Decimal: "#,##0.00"}


def put(cell: Any, value: Any) -> None:
    """Fill a cell. What begins like a formula is marked as a string, as if it were typed after an apostrophe."""
    cell.value = value = printable(value)
    if isinstance(value, str):
        cell.data_type, cell.quotePrefix = "s", value.startswith(FORMULA)
    else:
        cell.number_format = FORMATS.get(type(value), "General")
