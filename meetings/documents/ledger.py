"""议定事项台账: the ledger of resolutions as a Word file. Its spreadsheet is in `ledger_sheet`.

- `ledger_of(rows, …)` returns its lines and figures; `make_ledger(rows, …)` returns the Word file.
- `ledger_title(conference)` returns the title of a ledger of one or several conferences.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meetings import clock
from meetings.documents.base import (
    GeneratedFile,
    department_names,
    format_date,
    generate_word_file,
    numbered,
    status_text,
)
from meetings.enums import DocumentKind, PartRole, ResolutionState
from meetings.models import JointConference, ProgressReport, Resolution
from meetings.models.resolution_fields import printed_terms
from meetings.queries.deadline import is_overdue, with_next_meeting
from meetings.queries.progress import latest_reports
from meetings.queries.resolution import ledger
from meetings.refusal import Refused

LINES_AT_ONCE = 500
MOST_LINES = 2000  # of a Word file; the spreadsheet has no limit


def ledger_title(conference: JointConference | None) -> str:
    """Return the title of a ledger that covers more than one meeting."""
    return f"{conference.short_name if conference else ''}政府与工会联席会议议定事项台账"


@dataclass(frozen=True)
class Line:
    """A resolution with its latest report, and its printed values by the names that templates use."""

    resolution: Resolution
    report: ProgressReport | None
    values: dict[str, str]


@dataclass(frozen=True)
class Ledger:
    """The ledger of today: title and lines. All figures are counted from the lines."""

    title: str
    conference: JointConference | None
    lines: list[Line]

    @property
    def name(self) -> str:
        """Return the file name without its ending."""
        return ledger_name(self.title)

    def figures(self) -> dict[str, object]:
        """Return the numbers of all, finished, unfinished, overdue and carried-over resolutions, and the date."""
        return figures_of(line.resolution for line in self.lines)

    def values(self) -> dict[str, object]:
        """Return the values for the template."""
        name = self.conference.name if self.conference else ""
        return {
            "标题": self.title,
            "联席会议": name,
            "事项": numbered(line.values for line in self.lines),
            **self.figures(),
        }


def _line(resolution: Resolution, report: ProgressReport | None) -> Line:
    minutes, meeting = resolution.minutes, resolution.minutes.meeting
    values = {
        "事项": resolution.title,
        "内容": resolution.text,
        "会议": meeting.title,
        "会议日期": format_date(meeting.day),
        "文号": minutes.number,
        "牵头": department_names(resolution, PartRole.LEAD),
        "配合": department_names(resolution, PartRole.CO),
        "时限": resolution.deadline_text or format_date(resolution.deadline),
        **{term.name: term.text for term in printed_terms(resolution)},
        "状态": status_text(resolution),
        "最近报告日期": format_date(report.on) if report else "",
        "最近报告": report.text if report else "",
        "公开属性": str(resolution.get_disclosure_display()),
        "公开编号": resolution.public_number or "",
    }
    return Line(resolution, report, values)


def ledger_name(title: str) -> str:
    """Return the file name of the ledger of today without its ending."""
    return f"{title}（{format_date(clock.today())}）"


def figures_of(rows: Iterable[Resolution]) -> dict[str, object]:
    """Return the numbers of all, finished, unfinished, overdue and carried-over resolutions, and the date."""
    count = done = carried = late = 0
    for row in rows:
        count += 1
        done += row.state == ResolutionState.VERIFIED
        carried += row.state == ResolutionState.CARRIED
        late += is_overdue(row)
    return {
        "事项数": str(count),
        "办结数": str(done),
        "未办结数": str(count - done - carried),
        "逾期数": str(late),
        "结转数": str(carried),
        "有结转": carried > 0,
        "日期": format_date(clock.today()),
    }


def summary_of(rows: QuerySet[Resolution]) -> str:
    """Return the figures as a sentence, without keeping the rows."""
    read = with_next_meeting(rows).only("state", "deadline", "deadline_kind")
    figures = figures_of(read.iterator(chunk_size=LINES_AT_ONCE))
    text = "截至{日期}，共{事项数}项，已办结{办结数}项，未办结{未办结数}项，其中逾期{逾期数}项".format(**figures)
    return text + ("；另有结转{结转数}项。".format(**figures) if figures["有结转"] else "。")


def lines_of(rows: QuerySet[Resolution]) -> Iterator[Line]:
    """Yield the lines of the ledger of today in the order of the rows; a few queries for each batch of them."""
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), LINES_AT_ONCE):
        batch = Resolution.objects.filter(pk__in=keys[start : start + LINES_AT_ONCE])
        found, reports = {row.pk: row for row in ledger(batch)}, latest_reports(batch)
        for pk in keys[start : start + LINES_AT_ONCE]:
            if pk in found:  # else it was removed meanwhile
                yield _line(found[pk], reports.get(pk))


def ledger_of(rows: QuerySet[Resolution], *, title: str, conference: JointConference | None) -> Ledger:
    """Return the ledger of today over these rows, in their order. Runs three queries."""
    reports = latest_reports(rows)
    return Ledger(title, conference, [_line(row, reports.get(row.pk)) for row in ledger(rows)])


def make_ledger(rows: QuerySet[Resolution], *, title: str, conference: JointConference | None) -> GeneratedFile:
    """Return the ledger as a Word file; rows of several conferences (None) use the portal's template.

    A Word file is made in memory, and nobody reads one of thousands of lines: `Refused` above `MOST_LINES`.
    """
    count = rows.count()
    if count > MOST_LINES:
        raise Refused(
            _(
                "These are %(count)s resolutions; the ledger as a Word file holds %(most)s. Narrow the list by year, "
                "conference or state, or download it as a spreadsheet."
            )
            % {"count": count, "most": MOST_LINES},
            code="ledger_too_long",
        )
    found = ledger_of(rows, title=title, conference=conference)
    return generate_word_file(DocumentKind.LEDGER, found.values(), name=found.name, conference=conference)
