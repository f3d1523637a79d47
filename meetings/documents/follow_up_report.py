"""上次联席会议议定事项落实情况报告: the follow-up report to the next meeting (`Y 1(6)`, `C 4三`).

It contains every unfinished resolution of earlier meetings, overdue or not, with its explanation and opinion. For a
held meeting it shows the state of that day: what was finished by then, and what was explained to the meeting.

`make_follow_up_report(meeting)` returns the report to this meeting; it raises `Refused` for a first meeting.
"""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meetings import clock
from meetings.documents.base import (
    GeneratedFile,
    department_names,
    follow_up_offices,
    format_date,
    generate_word_file,
    numbered,
    status_text,
)
from meetings.enums import DocumentKind, MeetingState, MinutesState, PartRole, ResolutionState
from meetings.models import Meeting, ProgressReport, Resolution
from meetings.operations.minutes_draft import draft_title
from meetings.queries.deadline import is_overdue
from meetings.queries.meeting import Unfinished, earlier_meetings, unfinished_before
from meetings.queries.progress import latest_reports
from meetings.queries.resolution import ledger
from meetings.refusal import Refused


def as_of(meeting: Meeting) -> date:
    """Return the day that the report describes: the day of a held meeting, else today."""
    return meeting.day if meeting.state == MeetingState.HELD else clock.today()


def finished_before(meeting: Meeting, last: Meeting) -> QuerySet[Resolution]:
    """Return what the last meeting settled and what was verified by the day of the report."""
    rows = Resolution.objects.filter(minutes__meeting=last, minutes__state=MinutesState.ISSUED)
    rows = rows.filter(state=ResolutionState.VERIFIED, verified_on__lte=as_of(meeting))
    return ledger(rows).order_by("order", "pk")


def carried_before(meeting: Meeting, last: Meeting) -> int:
    """Return how many resolutions of the last meeting were carried over, except those explained to this meeting."""
    rows = Resolution.objects.filter(minutes__meeting=last, state=ResolutionState.CARRIED)
    return rows.exclude(explanations__meeting=meeting).count()


def _common(row: Resolution) -> dict[str, str]:
    return {
        "事项": row.title,
        "牵头": department_names(row, PartRole.LEAD),
        "配合": department_names(row, PartRole.CO),
        "时限": row.deadline_text or format_date(row.deadline),
    }


def _finished(row: Resolution, report: ProgressReport | None) -> dict[str, str]:
    return {**_common(row), "办结日期": format_date(row.verified_on), "结果": report.text if report else ""}


def _unfinished(found: Unfinished, held: bool) -> dict[str, str]:
    row, report, explanation = found.resolution, found.report, found.explanation
    return {
        **_common(row),
        "会议": row.minutes.meeting.title,
        "状态": "" if held else status_text(row),
        "进展": f"{report.text}（{format_date(report.on)}）" if report else "",
        "说明": explanation.text if explanation else "",
        "意见": explanation.opinion if explanation else "",
    }


def _overview(last: Meeting, done: int, carried: int, left: list[Unfinished], on: date) -> str:
    """Return the figures as text: a sentence for the last meeting, and one for the meetings before it."""
    of_last = [row for row in left if row.resolution.minutes.meeting_id == last.pk]
    before = len(left) - len(of_last)
    late = sum(is_overdue(row.resolution, on) for row in left)
    text = f"{last.title}议定事项{done + carried + len(of_last)}项，截至{format_date(on)}，已办结{done}项，"
    text += (f"结转{carried}项，" if carried else "") + f"未办结{len(of_last)}项。"
    text += f"此前历次会议尚有{before}项未办结。" if before else ""
    return text + (f"未办结事项中逾期{late}项。" if late else "")


def values(meeting: Meeting) -> dict[str, object]:
    """Return the values for the template. Runs a fixed number of queries."""
    last = earlier_meetings(meeting).first()
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
        "上次会议日期": format_date(last.day),
        "总体情况": _overview(last, len(done), carried_before(meeting, last), left, on),
        "已办结": numbered(_finished(row, reports.get(row.pk)) for row in done),
        "未办结": numbered(_unfinished(row, held) for row in left),
        "落款": follow_up_offices(meeting.adoption),
        "日期": format_date(on),
    }


def make_follow_up_report(meeting: Meeting) -> GeneratedFile:
    """Return the report as a Word file."""
    found = values(meeting)
    name = f"{meeting}：{found['标题']}"
    return generate_word_file(DocumentKind.FOLLOW_UP_REPORT, found, name=name, conference=meeting.conference)
