"""What becomes of the items: reports, verification, delivery to the leaders (`Y 2(6)`, `C 5(5)`)."""

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
from portal.demo.data_types import Item, Report, Sitting, Suspended, resolve
from portal.demo.plan_topics import uploads
from portal.demo.schedule import Diary

ACCEPTED_AFTER, DELIVERED_AFTER = timedelta(days=2), timedelta(days=4)


def tell(diary: Diary, sitting: Sitting) -> None:
    """Plan the reports on each item of a sitting, and what the offices do with them."""
    for item in sitting.items:
        if item.suspended:
            diary.write(item.suspended.on, partial(_suspend, sitting, item, item.suspended), hour=14)
            diary.write(item.suspended.agreed, partial(_agree, sitting, item), hour=16)
        for report in item.reports:
            day = resolve(report.on, diary.today)
            diary.write(day, partial(_report, item, report), hour=10)
            if not report.done:
                diary.write(day + ACCEPTED_AFTER, partial(_accept, sitting, item, report), hour=11)
                diary.write(day + DELIVERED_AFTER, partial(_deliver, sitting, item, report), hour=16)
            if report.returned:
                diary.write(report.returned[0], partial(_return, sitting, item, report.returned[1]), hour=15)
            if report.verified:
                verified = resolve(report.verified, diary.today)
                for hour, clerk in _verifiers(sitting):
                    diary.write(verified, partial(_verify, sitting, item, clerk), hour=hour)
                diary.write(verified + timedelta(days=2), partial(_deliver, sitting, item, report), hour=16)


def _verifiers(sitting: Sitting) -> tuple[tuple[int, str], ...]:
    """Both sides under Y, the coordination office under C."""
    return (
        ((14, "union-clerk"), (16, "gov-clerk"))
        if sitting.conference in actors.BY_THE_NOTICE
        else ((14, "union-clerk"),)
    )


def _row(item: Item, report: Report) -> ProgressReport:
    """The report as it stands; a department never writes two with the same words."""
    return ProgressReport.objects.get(part__resolution__key=item.key, text=report.text)


def _report(item: Item, report: Report) -> None:
    verb = report_done if report.done else report_part_done if report.part_done else report_progress
    verb(actors.resolution(item.key), by=actors.liaison(report.by), text=report.text, files=uploads(report.files))


def _suspend(sitting: Sitting, item: Item, words: Suspended) -> None:
    suspend(actors.resolution(item.key), by=actors.office(sitting.conference, "union-clerk"), reason=words.reason)


def _agree(sitting: Sitting, item: Item) -> None:
    agree_suspension(actors.resolution(item.key), by=actors.office(sitting.conference, "gov-clerk"), opinion="同意暂缓")


def _accept(sitting: Sitting, item: Item, report: Report) -> None:
    clerk = actors.secretary(sitting.conference)
    accept_report(actors.resolution(item.key), by=clerk, report=_row(item, report))


def _return(sitting: Sitting, item: Item, reason: str) -> None:
    return_resolution(actors.resolution(item.key), by=actors.secretary(sitting.conference), reason=reason)


def _verify(sitting: Sitting, item: Item, clerk: str) -> None:
    verify(actors.resolution(item.key), by=actors.office(sitting.conference, clerk), opinion="经核实，予以办结")


def _deliver(sitting: Sitting, item: Item, report: Report) -> None:
    short = actors.SHORT[sitting.conference]
    deliver(
        actors.resolution(item.key),
        by=actors.secretary(sitting.conference),
        report=_row(item, report),
        tenures=[actors.tenure(f"{short}-liaison"), actors.tenure(f"{short}-union")],
    )
