"""议定事项台账 as a spreadsheet, ready to be sorted, filtered and printed; nothing in it runs as a formula.

Key concepts
- `make_ledger_sheet(rows, …)`: the Excel file. Days are days and amounts are numbers; everything else is text.
"""

from io import BytesIO
from math import ceil
from typing import Any

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from meetings.documents.base import SHEET, Made, file_name
from meetings.documents.cells import put
from meetings.documents.ledger import Ledger, Line, ledger_of
from meetings.models import JointConference, Resolution
from meetings.word.packages import neutral

# The fields of a line that the sheet shows, each with its heading and its width in characters.
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
    "金额": ("金额（元）", 12),
    "状态": ("落实状态", 11),
    "最近报告日期": ("最近报告日期", 12),
    "最近报告": ("最近报告", 36),
    "公开属性": ("公开属性", 10),
    "公开编号": ("公开编号", 9),
}
TOP = 3  # title, figures, headings
LINE, HIGHEST = 15, 409  # points: a line of text, and the highest row that Excel knows
_EDGE = Side(style="thin", color="FF808080")
_GRID = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


def make_ledger_sheet(rows: QuerySet[Resolution], *, title: str, conference: JointConference | None) -> Made:
    """These resolutions as a spreadsheet."""
    found = ledger_of(rows, title=title, conference=conference)
    book, out = Workbook(), BytesIO()
    sheet: Any = book.active
    sheet.title = "议定事项台账"
    _write_head(sheet, found)
    for number, line in enumerate(found.lines, 1):
        _write_line(sheet, TOP + number, {"序号": number, **_cells(line)})
    _prepare(sheet, TOP + len(found.lines))
    book.save(out)
    return Made(file_name(found.name, ".xlsx"), neutral(out.getvalue(), title=found.title), SHEET)


def _cells(line: Line) -> dict[str, Any]:
    """The words of a line, with what can be counted and sorted as what it is."""
    row, report = line.resolution, line.report
    exact = {"会议日期": row.minutes.meeting.day, "最近报告日期": report.on if report else "", "金额": row.amount or ""}
    return {**line.words, **exact}


def _write_head(sheet: Any, found: Ledger) -> None:
    texts = ((found.title, Font("黑体", sz=16)), (found.summary(), Font("仿宋", sz=11)))
    for number, (text, font) in enumerate(texts, 1):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(COLUMNS))
        cell = sheet.cell(number, 1)
        put(cell, text)
        cell.font, cell.alignment = font, Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[1].height = 2 * LINE
    for column, (heading, width) in enumerate(COLUMNS.values(), 1):
        cell = sheet.cell(TOP, column, heading)
        cell.font, cell.border = Font("黑体", sz=11), _GRID
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = width


def _write_line(sheet: Any, number: int, cells: dict[str, Any]) -> None:
    """A line, as high as its longest text; a program that opens the file does not always work that out."""
    lines = 1
    for column, (name, (_heading, width)) in enumerate(COLUMNS.items(), 1):
        value, cell = cells[name], sheet.cell(number, column)
        put(cell, value)
        cell.font, cell.border = Font("仿宋", sz=11), _GRID
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        lines = max(lines, _lines(str(value), width))
    sheet.row_dimensions[number].height = min(HIGHEST, lines * LINE)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column; a Chinese character is as wide as two figures."""
    return sum(max(1, ceil(sum(1 + (char > "\u2e7f") for char in part) / (width - 1))) for part in text.split("\n"))


def _prepare(sheet: Any, last: int) -> None:
    """Headings stay in sight and come again on each printed page; A3 across, as wide as the paper."""
    sheet.freeze_panes = sheet.cell(TOP + 1, 3)
    sheet.auto_filter.ref = f"A{TOP}:{get_column_letter(len(COLUMNS))}{last}"
    sheet.print_title_rows = f"{TOP}:{TOP}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.oddFooter.center.text = "— &P —"
