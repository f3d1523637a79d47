"""议定事项台账: the list of resolutions. Its spreadsheet stands in `ledger_sheet`.

Key concepts
- `ledger_of(rows, …)`: its lines and figures. `make_ledger(rows, …)`: the Word file.
- `title_of(conference)`: what a ledger over a whole conference, or over several, is called.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from meetings import clock
from meetings.documents.base import Made, day, made, money, names, numbered, standing
from meetings.enums import DocumentKind, PartRole, ResolutionState
from meetings.models import JointConference, ProgressReport, Resolution
from meetings.queries.deadline import is_overdue
from meetings.queries.progress import latest_reports
from meetings.queries.resolution import ledger


def title_of(conference: JointConference | None) -> str:
    """The title of a ledger that is not of one meeting."""
    return f"{conference.short_name if conference else ''}政府与工会联席会议议定事项台账"


@dataclass(frozen=True)
class Line:
    """A resolution with its latest report, and its words as they are printed."""

    resolution: Resolution
    report: ProgressReport | None
    words: dict[str, str]


@dataclass(frozen=True)
class Ledger:
    """The lines of a day, with the title that they bear; every figure is counted from them."""

    title: str
    conference: JointConference | None
    lines: list[Line]

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.title}（{day(clock.today())}）"

    def figures(self) -> dict[str, Any]:
        """How many, finished, carried over, unfinished, late; and of which day."""
        rows = [line.resolution for line in self.lines]
        done = sum(row.state == ResolutionState.VERIFIED for row in rows)
        carried = sum(row.state == ResolutionState.CARRIED for row in rows)
        return {
            "事项数": str(len(rows)),
            "办结数": str(done),
            "未办结数": str(len(rows) - done - carried),
            "逾期数": str(sum(map(is_overdue, rows))),
            "结转数": str(carried),
            "有结转": carried > 0,
            "日期": day(clock.today()),
        }

    def summary(self) -> str:
        """The figures in a sentence."""
        told = "截至{日期}，共{事项数}项，已办结{办结数}项，未办结{未办结数}项，其中逾期{逾期数}项".format(
            **self.figures()
        )
        return told + ("；另有结转{结转数}项。".format(**self.figures()) if self.figures()["有结转"] else "。")

    def values(self) -> dict[str, Any]:
        """The ledger as its template names it."""
        name = self.conference.name if self.conference else ""
        return {
            "标题": self.title,
            "联席会议": name,
            "事项": numbered(line.words for line in self.lines),
            **self.figures(),
        }


def _line(resolution: Resolution, report: ProgressReport | None) -> Line:
    minutes, meeting = resolution.minutes, resolution.minutes.meeting
    words = {
        "事项": resolution.title,
        "内容": resolution.text,
        "会议": meeting.title,
        "会议日期": day(meeting.day),
        "文号": minutes.number,
        "牵头": names(resolution, PartRole.LEAD),
        "配合": names(resolution, PartRole.CO),
        "时限": resolution.deadline_text or day(resolution.deadline),
        "金额": money(resolution.amount),
        "状态": standing(resolution),
        "最近报告日期": day(report.on) if report else "",
        "最近报告": report.text if report else "",
        "公开属性": str(resolution.get_disclosure_display()),
        "公开编号": resolution.public_number or "",
    }
    return Line(resolution, report, words)


def ledger_of(rows: QuerySet[Resolution], *, title: str, conference: JointConference | None) -> Ledger:
    """The ledger of today over these rows, in their order. Three queries."""
    reports = latest_reports(rows)
    return Ledger(title, conference, [_line(row, reports.get(row.pk)) for row in ledger(rows)])


def make_ledger(rows: QuerySet[Resolution], *, title: str, conference: JointConference | None) -> Made:
    """These resolutions as a Word file; from the portal's template where they are of several conferences."""
    found = ledger_of(rows, title=title, conference=conference)
    return made(DocumentKind.LEDGER, found.values(), name=found.name, conference=conference)
