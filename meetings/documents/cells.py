"""Values of spreadsheet cells: text stays text, dates are dates, amounts are numbers."""

from datetime import date
from decimal import Decimal

from openpyxl.cell import Cell, MergedCell

from meetings.word.rendering import printable

FORMULA = ("=", "+", "-", "@", "\t", "\r")
FORMATS: dict[type, str] = {date: "yyyy-mm-dd", Decimal: "#,##0.00"}


def write_cell(cell: Cell | MergedCell, value: object) -> None:
    """Write a value to a cell with the number format of its type.

    Text that starts like a formula is marked as a string, as if it were typed after an apostrophe, against formula
    injection.
    """
    cell.value = value = printable(value)
    if isinstance(value, str):
        cell.data_type, cell.quotePrefix = "s", value.startswith(FORMULA)
    else:
        cell.number_format = FORMATS.get(type(value), "General")
