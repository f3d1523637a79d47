"""Schedule the follow-up of resolutions: reports, verification, delivery to the leaders (`Y 2(6)`, `C 5(5)`)."""

from datetime import timedelta
from functools import partial

from meetings.models import ProgressReport
from meetings.operations.progress import (
    accept_report,
    deliver,
    report_done,
    report_part_done,
    report_progress,
    return_resolution,
    verify,
)
from meetings.operations.suspension import agree_suspension, suspend
from portal.demo import actors
from portal.demo.data_types import MeetingData, ReportData, ResolutionData, SuspensionData, resolve
from portal.demo.plan_topics import uploads
from portal.demo.schedule import Schedule

ACCEPTED_AFTER, DELIVERED_AFTER = timedelta(days=2), timedelta(days=4)


def add_steps(schedule: Schedule, meeting: MeetingData) -> None:
    """Schedule the reports on each resolution of a meeting, and how the clerks process them."""
    for resolution in meeting.resolutions:
        if resolution.suspension:
            schedule.add(
                resolution.suspension.on, partial(_suspend, meeting, resolution, resolution.suspension), hour=14
            )
            schedule.add(resolution.suspension.agreed, partial(_agree, meeting, resolution), hour=16)
        for report in resolution.reports:
            day = resolve(report.on, schedule.today)
            schedule.add(day, partial(_write_report, resolution, report), hour=10)
            if not report.done:
                schedule.add(day + ACCEPTED_AFTER, partial(_accept, meeting, resolution, report), hour=11)
                schedule.add(day + DELIVERED_AFTER, partial(_deliver, meeting, resolution, report), hour=16)
            if report.returned:
                schedule.add(report.returned[0], partial(_return, meeting, resolution, report.returned[1]), hour=15)
            if report.verified:
                verified = resolve(report.verified, schedule.today)
                for hour, clerk in _verifiers(meeting):
                    schedule.add(verified, partial(_verify, meeting, resolution, clerk), hour=hour)
                schedule.add(verified + timedelta(days=2), partial(_deliver, meeting, resolution, report), hour=16)


def _verifiers(meeting: MeetingData) -> tuple[tuple[int, str], ...]:
    """Return (hour, post) of each verification: by both sides under Y, by the coordination office under C."""
    return (
        ((14, "union-clerk"), (16, "gov-clerk"))
        if meeting.conference in actors.UNDER_COUNTY_NOTICE
        else ((14, "union-clerk"),)
    )


def _report_record(resolution: ResolutionData, report: ReportData) -> ProgressReport:
    """Return the record of a report; no department writes two reports with the same text."""
    return ProgressReport.objects.get(part__resolution__key=resolution.key, text=report.text)


def _write_report(resolution: ResolutionData, report: ReportData) -> None:
    operation = report_done if report.done else report_part_done if report.part_done else report_progress
    operation(
        actors.resolution(resolution.key), by=actors.liaison(report.by), text=report.text, files=uploads(report.files)
    )


def _suspend(meeting: MeetingData, resolution: ResolutionData, suspension: SuspensionData) -> None:
    suspend(
        actors.resolution(resolution.key),
        by=actors.post_holder(meeting.conference, "union-clerk"),
        reason=suspension.reason,
    )


def _agree(meeting: MeetingData, resolution: ResolutionData) -> None:
    agree_suspension(
        actors.resolution(resolution.key), by=actors.post_holder(meeting.conference, "gov-clerk"), opinion="同意暂缓"
    )


def _accept(meeting: MeetingData, resolution: ResolutionData, report: ReportData) -> None:
    clerk = actors.preparing_clerk(meeting.conference)
    accept_report(actors.resolution(resolution.key), by=clerk, report=_report_record(resolution, report))


def _return(meeting: MeetingData, resolution: ResolutionData, reason: str) -> None:
    return_resolution(actors.resolution(resolution.key), by=actors.preparing_clerk(meeting.conference), reason=reason)


def _verify(meeting: MeetingData, resolution: ResolutionData, clerk: str) -> None:
    verify(
        actors.resolution(resolution.key), by=actors.post_holder(meeting.conference, clerk), opinion="经核实，予以办结"
    )


def _deliver(meeting: MeetingData, resolution: ResolutionData, report: ReportData) -> None:
    prefix = actors.KEY_PREFIXES[meeting.conference]
    deliver(
        actors.resolution(resolution.key),
        by=actors.preparing_clerk(meeting.conference),
        report=_report_record(resolution, report),
        tenures=[actors.tenure(f"{prefix}-liaison"), actors.tenure(f"{prefix}-union")],
    )
