"""督办通知单: a letter to a department about its unfinished resolutions (`Y 2(6)`, `C 5(5)`).

`make_letter(conference, department)` covers all of them, or those in `among`.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meetings import clock
from meetings.documents.base import (
    GeneratedFile,
    contact,
    department_names,
    follow_up_offices,
    format_date,
    generate_word_file,
    numbered,
    status_text,
)
from meetings.enums import DocumentKind, PartRole
from meetings.models import Department, JointConference, ProgressReport, Resolution
from meetings.queries.deadline import is_overdue
from meetings.queries.progress import latest_reports
from meetings.queries.supervision import unfinished_of_department
from meetings.refusal import Refused

ROLES = {PartRole.LEAD: "牵头", PartRole.CO: "配合"}


def _row(resolution: Resolution, ids: frozenset[int], report: ProgressReport | None) -> dict[str, str]:
    """Return the values of a resolution from the point of view of this department."""
    minutes, meeting = resolution.minutes, resolution.minutes.meeting
    own = [part for part in resolution.parts.all() if part.department_id in ids]
    return {
        "事项": resolution.title,
        "内容": resolution.text,
        "会议": meeting.title,
        "文号": minutes.number,
        "来源": f"{meeting.title}（{minutes.number}）",
        "分工": "、".join(dict.fromkeys(ROLES[PartRole(part.role)] for part in own)),
        "任务": "\n".join(part.task for part in own if part.task),
        "牵头": department_names(resolution, PartRole.LEAD),
        "配合": department_names(resolution, PartRole.CO),
        "时限": resolution.deadline_text or format_date(resolution.deadline),
        "状态": status_text(resolution),
        "进展": f"{report.text}（{format_date(report.on)}）" if report else "",
    }


def values(conference: JointConference, department: Department, rows: QuerySet[Resolution]) -> dict[str, object]:
    """Return the template values in a fixed number of queries; raise `Refused` if no resolution is unfinished."""
    found, ids = list(rows), department.inherited_ids
    if not found:
        raise Refused(_("This department has nothing open here: there is nothing to write about."), code="nothing_open")
    reports = latest_reports(rows, of=ids)
    late = sum(map(is_overdue, found))
    return {
        "单位": department.name,
        "联席会议": conference.name,
        "事项数": str(len(found)),
        "逾期数": str(late),
        "有逾期": late > 0,
        "事项": numbered(_row(row, ids, reports.get(row.pk)) for row in found),
        **contact(conference),
        "落款": follow_up_offices(found[-1].adoption),
        "日期": format_date(clock.today()),
    }


def make_letter(
    conference: JointConference, department: Department, *, among: QuerySet[Resolution] | None = None
) -> GeneratedFile:
    """Return the letter of today as a Word file; raise `Refused` if no resolution is unfinished."""
    rows = unfinished_of_department(conference, department)
    if among is not None:
        rows = rows.filter(pk__in=among.values("pk"))
    found = values(conference, department, rows)
    name = f"督办通知单（{department.name}，{found['日期']}）"
    return generate_word_file(DocumentKind.SUPERVISION, found, name=name, conference=conference)
