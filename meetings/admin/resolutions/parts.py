"""The departments of a resolution on its page: tasks, reports, and what the person may do with the reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from meetings import registry
from meetings.admin.core.attachments import FileRow, file_url, files_of
from meetings.admin.core.record_state import DueStep
from meetings.admin.core.status_badges import status_badge
from meetings.enums import UNFINISHED, PartRole, ReportVerdict
from meetings.models import Person, ProgressReport, Resolution, ResolutionPart
from meetings.queries.parts import acting_department, department_label
from meetings.queries.resolution import is_ordinary, reports, undelivered_of
from meetings.types import StrOrPromise


@dataclass(frozen=True)
class PartRow:
    """A department's part as the page shows it: name, task, telephone, state and reports."""

    name: str
    leads: bool
    role: StrOrPromise
    task: str
    telephone: str
    done_on: date | None
    open: bool
    reports: list[dict[str, object]]


def part_rows(resolution: Resolution, person: Person, steps: Iterable[DueStep]) -> list[PartRow]:
    """Return the parts, the lead department's first. Runs one query for the reports and one for undelivered ones."""
    offered = {step.action: step for step in steps if step.mine}
    undelivered = set(undelivered_of(resolution).values_list("pk", flat=True))
    part_reports: dict[int, list[dict[str, object]]] = {}
    for report in reports(resolution):
        part_reports.setdefault(report.part_id, []).append(_report(report, person, offered, report.pk in undelivered))
    goes_on = resolution.state in UNFINISHED
    return [_part(part, part_reports.get(part.pk, []), goes_on) for part in resolution.parts.all()]


def _part(part: ResolutionPart, part_reports: list[dict[str, object]], goes_on: bool) -> PartRow:
    return PartRow(
        name=department_label(part),
        leads=part.role == PartRole.LEAD,
        role=part.get_role_display(),
        task=part.task,
        telephone=acting_department(part.department).telephone,
        done_on=part.done_on,
        open=goes_on and part.role == PartRole.CO and part.done_on is None,
        reports=part_reports,
    )


def _report(
    report: ProgressReport, person: Person, offered: dict[str, DueStep], undelivered: bool
) -> dict[str, object]:
    """Return the values of a report: verdict, files, and the buttons that this person may use."""
    waits = report.verdict == ReportVerdict.PENDING and is_ordinary(report)
    actions = [("accept_report", waits), ("send_back_report", waits), ("deliver", undelivered)]
    return {
        "report": report,
        "badge": status_badge(report),
        "files": [FileRow(file, file_url(file)) for file in report.attachments.all() if not file.removed_at],
        "attach_url": files_of(report, person)[1] if report.author_id == person.pk else "",
        "actions": [
            registry.Button(offered[name].label, f"{offered[name].url}?report={report.pk}")
            for name, holds in actions
            if holds and name in offered
        ],
    }
