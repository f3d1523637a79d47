"""上次联席会议议定事项落实情况报告: what became of what was settled, told to the next meeting (`Y 1(6)`, `C 4三`).

Every unfinished resolution of earlier meetings is in it, overdue or not, with its explanation and opinion. Of a held
meeting it tells what was told there: what was finished by its day, and what was explained to it.

Key concepts
- `make_follow_up_report(meeting)`: the report to this meeting; `Refused` for a first meeting.
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meetings import clock
from meetings.documents.base import Made, day, made, names, numbered, offices, standing
from meetings.enums import DocumentKind, MeetingState, MinutesState, PartRole, ResolutionState
from meetings.models import Meeting, ProgressReport, Resolution
from meetings.operations.minutes_draft import draft_title
from meetings.queries.deadline import is_overdue
from meetings.queries.meeting import Unfinished, earlier, unfinished_before
from meetings.queries.progress import latest_reports
from meetings.queries.resolution import ledger
from meetings.refusal import Refused


def as_of(meeting: Meeting) -> date:
    """The day up to which the report tells: that of a held meeting, else today."""
    return meeting.day if meeting.state == MeetingState.HELD else clock.today()


def finished_before(meeting: Meeting, last: Meeting) -> QuerySet[Resolution]:
    """What the last meeting settled and was verified by the day of the report."""
    rows = Resolution.objects.filter(minutes__meeting=last, minutes__state=MinutesState.ISSUED)
    rows = rows.filter(state=ResolutionState.VERIFIED, verified_on__lte=as_of(meeting))
    return ledger(rows).order_by("order", "pk")


def carried_before(meeting: Meeting, last: Meeting) -> int:
    """How many of what the last meeting settled go on in a later resolution, and are told of as that one."""
    rows = Resolution.objects.filter(minutes__meeting=last, state=ResolutionState.CARRIED)
    return rows.exclude(explanations__meeting=meeting).count()


def _common(row: Resolution) -> dict[str, str]:
    return {
        "事项": row.title,
        "牵头": names(row, PartRole.LEAD),
        "配合": names(row, PartRole.CO),
        "时限": row.deadline_text or day(row.deadline),
    }


def _finished(row: Resolution, report: ProgressReport | None) -> dict[str, str]:
    return {**_common(row), "办结日期": day(row.verified_on), "结果": report.text if report else ""}


def _unfinished(found: Unfinished, held: bool) -> dict[str, str]:
    row, report, told = found.resolution, found.report, found.explanation
    return {
        **_common(row),
        "会议": row.minutes.meeting.title,
        "状态": "" if held else standing(row),
        "进展": f"{report.text}（{day(report.on)}）" if report else "",
        "说明": told.text if told else "",
        "意见": told.opinion if told else "",
    }


def _overview(last: Meeting, done: int, carried: int, left: list[Unfinished], on: date) -> str:
    """How much was settled, finished and left, in one sentence for the last meeting and one for those before it."""
    of_last = [row for row in left if row.resolution.minutes.meeting_id == last.pk]
    before = len(left) - len(of_last)
    late = sum(is_overdue(row.resolution, on) for row in left)
    told = f"{last.title}议定事项{done + carried + len(of_last)}项，截至{day(on)}，已办结{done}项，"
    told += (f"结转{carried}项，" if carried else "") + f"未办结{len(of_last)}项。"
    told += f"此前历次会议尚有{before}项未办结。" if before else ""
    return told + (f"未办结事项中逾期{late}项。" if late else "")


def values(meeting: Meeting) -> dict[str, Any]:
    """The report as its template names it. A fixed number of queries."""
    last = earlier(meeting).first()
    if last is None:
        raise Refused(
            _("This is the first meeting here: nothing was settled before it that could be reported on."),
            code="first_meeting",
        )
    held, on = meeting.state == MeetingState.HELD, as_of(meeting)
    rows, left = finished_before(meeting, last), unfinished_before(meeting)
    reports, done = latest_reports(rows, until=on), list(rows)
    return {
        "标题": "上次联席会议议定事项落实情况报告",
        "草稿": not held,
        "联席会议": meeting.conference.name,
        "会议": draft_title(meeting).removesuffix("纪要"),
        "上次会议": last.title,
        "上次会议日期": day(last.day),
        "总体情况": _overview(last, len(done), carried_before(meeting, last), left, on),
        "已办结": numbered(_finished(row, reports.get(row.pk)) for row in done),
        "未办结": numbered(_unfinished(row, held) for row in left),
        "落款": offices(meeting.adoption),
        "日期": day(on),
    }


def make_follow_up_report(meeting: Meeting) -> Made:
    """The report as a Word file."""
    found = values(meeting)
    name = f"{meeting}：{found['标题']}"
    return made(DocumentKind.FOLLOW_UP_REPORT, found, name=name, conference=meeting.conference)
