"""议定事项台账 as a spreadsheet that can be sorted, filtered and printed. No cell is evaluated as a formula.

`make_ledger_sheet(rows, …)` returns the Excel file. Dates are dates and amounts are numbers; everything else is text.
"""

from datetime import date
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from meetings.documents.base import XLSX_TYPE, GeneratedFile, file_name
from meetings.documents.cells import write_cell
from meetings.documents.ledger import Line, ledger_name, lines_of, summary_of
from meetings.models import JointConference, Resolution
from meetings.models.resolution_fields import TERMS
from meetings.word.packages import strip_metadata

# The columns: field of a line, heading, and width in characters.
COLUMNS = {
    "序号": ("序号", 6),
    "事项": ("议定事项", 26),
    "内容": ("内容", 44),
    "会议": ("会议", 12),
    "会议日期": ("会议日期", 12),
    "文号": ("纪要文号", 14),
    "牵头": ("牵头单位", 13),
    "配合": ("配合单位", 15),
    "时限": ("完成时限", 12),
    **{term.name: (term.heading or term.name, term.width) for _field, term in TERMS if term.width},
    "状态": ("落实状态", 11),
    "最近报告日期": ("最近报告日期", 12),
    "最近报告": ("最近报告", 36),
    "公开属性": ("公开属性", 10),
    "公开编号": ("公开编号", 9),
}
HEADING_ROW = 3  # after title and figures
LINE_HEIGHT, MAX_ROW_HEIGHT = 15, 409  # points; 409 is the maximum row height of Excel
_EDGE = Side(style="thin", color="FF808080")
_FONT, _TOP = Font("仿宋", sz=11), Alignment(vertical="top", wrap_text=True)
_GRID = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


def make_ledger_sheet(rows: QuerySet[Resolution], *, title: str, conference: JointConference | None) -> GeneratedFile:
    """Return the ledger as a spreadsheet."""
    book, out, number = Workbook(write_only=True), BytesIO(), 0
    sheet: Any = book.create_sheet("议定事项台账")
    _set_up_view_and_print(sheet)
    _write_head(sheet, title, summary_of(rows))
    for number, line in enumerate(lines_of(rows), 1):
        _write_line(sheet, HEADING_ROW + number, {"序号": number, **_cells(line)})
    sheet.auto_filter.ref = f"A{HEADING_ROW}:{get_column_letter(len(COLUMNS))}{HEADING_ROW + number}"
    book.save(out)
    name = file_name(ledger_name(title), ".xlsx")
    return GeneratedFile(name, strip_metadata(out.getvalue(), title=title), XLSX_TYPE)


def _cells(line: Line) -> dict[str, object]:
    """Return the printed values of a line, but dates and amounts as typed values that can be sorted and added."""
    row, report = line.resolution, line.report
    days = {"会议日期": row.minutes.meeting.day, "最近报告日期": report.on if report else ""}
    exact = {term.name: value for field, term in TERMS if isinstance(value := field.value(row), date | Decimal)}
    return {**line.values, **days, **exact}


def _write_head(sheet: Any, title: str, summary: str) -> None:
    for column, (_heading, width) in enumerate(COLUMNS.values(), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[1].height = 2 * LINE_HEIGHT
    for number, (text, font) in enumerate(((title, Font("黑体", sz=16)), (summary, Font("仿宋", sz=11))), 1):
        sheet.merged_cells.add(f"A{number}:{get_column_letter(len(COLUMNS))}{number}")
        cell = WriteOnlyCell(sheet)
        write_cell(cell, text)
        cell.font, cell.alignment = font, Alignment(horizontal="center", vertical="center")
        sheet.append([cell])
    cells = [WriteOnlyCell(sheet, heading) for heading, _width in COLUMNS.values()]
    for cell in cells:
        cell.font, cell.border = Font("黑体", sz=11), _GRID
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.append(cells)


def _write_line(sheet: Any, number: int, cells: dict[str, object]) -> None:
    """Write a line and set the row height to fit its longest text: not every program computes it on opening."""
    lines, row = 1, []
    for name, (_heading, width) in COLUMNS.items():
        value, cell = cells[name], WriteOnlyCell(sheet)
        write_cell(cell, value)
        cell.font, cell.border, cell.alignment = _FONT, _GRID, _TOP
        row.append(cell)
        lines = max(lines, _line_count(str(value), width))
    sheet.row_dimensions[number].height = min(MAX_ROW_HEIGHT, lines * LINE_HEIGHT)
    sheet.append(row)


def _line_count(text: str, width: int) -> int:
    """Estimate how many lines a text needs in a column; a Chinese character is as wide as two digits."""
    return sum(max(1, ceil(sum(1 + (char > "\u2e7f") for char in part) / (width - 1))) for part in text.split("\n"))


def _set_up_view_and_print(sheet: Any) -> None:
    """Freeze the headings, repeat them on each printed page, and print on A3 landscape, one page wide."""
    sheet.freeze_panes = f"C{HEADING_ROW + 1}"
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A3
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.oddFooter.center.text = "— &P —"
