"""The verbs of a resolution's machine: from its assignment to the verified result (`Y 2(6)`, `C 5(5)`).

Key concepts
- `report_progress`, `report_done`: a department's dated, written report, with files. `report_part_done`: that of a
  co-operating department on its own part, which is ordinary to whoever verifies.
- `verify`, `return_resolution`: what the offices find of a report of completion; `accept_report`,
  `send_back_report`: of an ordinary one.
- `deliver`: a verified report reached leaders, each of them once.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db.models import Q
from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import PartRole, ReportVerdict
from meetings.models import Delivery, Person, ProgressReport, Resolution, Tenure
from meetings.operations.attachment import attach
from meetings.operations.base import Take, announce, operation, required_text, sign, taking, void_approvals
from meetings.operations.suspension import drop_proposal
from meetings.queries.resolution import is_ordinary, recipients
from meetings.refusal import Refused
from meetings.rules.approval import Signature
from meetings.rules.resolution import parts_warned, result_hash
from meetings.rules.seats import speaks_for
from meetings.rules.suspension import proposed

ANY_PART = Q()


@operation(Resolution, "assign")
def assign(resolution: Resolution, *, by: Person, version: int | None = None, note: str = "") -> Resolution:
    """Hand the resolution to its departments; a note goes into the log."""
    with taking(resolution, "assign", by=by, version=version) as take:
        take.data["opinion"] = note.strip()
    return resolution


def _write(
    take: Take, text: str, files: "Iterable[File[Any]]", *, claims_done: bool, among: Q = ANY_PART
) -> ProgressReport:
    """Write the report of the reporting person's department; the lead part comes first if it has two."""
    if take.step.tenure is None:
        raise TypeError("a report is written from a post")
    parts = take.record.parts.filter(among).select_related("department").order_by("-role", "pk")
    report = ProgressReport.objects.create(
        part=next(part for part in parts if speaks_for(take.step.tenure, part.department_id)),
        author=take.by,
        on=clock.today(),
        text=required_text(text, _("Write the report: what was done, when, with which result."), code="report_empty"),
        claims_done=claims_done,
    )
    take.data["department"] = report.part.department.name
    announce(report, "create", by=take.by)
    attach(report, by=take.by, files=files)
    if claims_done:
        _mark_part(report, clock.today())
    return report


def _mark_part(report: ProgressReport, done_on: date | None) -> None:
    report.part.done_on = done_on
    report.part.save(update_fields=["done_on"])


@operation(Resolution, "report")
def report_progress(
    resolution: Resolution, *, by: Person, text: str, files: "Iterable[File[Any]]" = (), version: int | None = None
) -> ProgressReport:
    """Report progress; the first report starts the work, a returned resolution is under way again."""
    with taking(resolution, "report", by=by, version=version) as take:
        return _write(take, text, files, claims_done=False)


@operation(Resolution, "report_done")
def report_done(
    resolution: Resolution, *, by: Person, text: str, files: "Iterable[File[Any]]" = (), version: int | None = None
) -> ProgressReport:
    """The lead department reports the resolution done; it is not verified by that. Open parts of others are noted."""
    with taking(resolution, "report_done", by=by, version=version) as take:
        take.data["open"] = [str(gap) for gap in parts_warned(take.record)]
        if proposed(take.record):
            drop_proposal(take, _("The lead department reported it done"))
        return _write(take, text, files, claims_done=True, among=Q(role=PartRole.LEAD))


@operation(Resolution, "report_part_done")
def report_part_done(
    resolution: Resolution, *, by: Person, text: str, files: "Iterable[File[Any]]" = (), version: int | None = None
) -> ProgressReport:
    """A co-operating department reports its own part done; the whole is for the lead department to report."""
    with taking(resolution, "report_part_done", by=by, version=version) as take:
        return _write(take, text, files, claims_done=True, among=Q(role=PartRole.CO, done_on=None))


def _pending(resolution: Resolution, by: Person) -> ProgressReport:
    report = resolution.pending_completion()
    if report is None:
        raise TypeError("only what was reported done is judged")
    if report.author_id == by.pk:
        raise Refused(_("You wrote this report. Somebody else has to verify it."), code="own_report")
    return report


def _judge(report: ProgressReport, verdict: ReportVerdict, *, by: Person, reason: str = "") -> None:
    report.verdict, report.verdict_reason = verdict, reason
    report.save()
    announce(report, "verdict", by=by, data={"reason": reason})


@operation(Resolution, "verify")
def verify(
    resolution: Resolution,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Resolution:
    """One seat verifies the reported result; it is done when all have: two people under Y, the office under C."""
    with taking(resolution, "verify", by=by, version=version, signature=signature) as take:
        report = _pending(take.record, by)
        if sign(take, digest=result_hash(take.record, report), opinion=opinion):
            take.record.verified_on = clock.today()
            _judge(report, ReportVerdict.VERIFIED, by=by)
    return resolution


@operation(Resolution, "return")
def return_resolution(resolution: Resolution, *, by: Person, reason: str, version: int | None = None) -> Resolution:
    """Send the report of completion back (退回补充) with a reason; what was signed so far is voided, visibly."""
    with taking(resolution, "return", by=by, version=version) as take:
        report = _pending(take.record, by)
        take.data["reason"] = required_text(
            reason, _("Say what is missing, so that the department can add it."), code="shortcoming_not_named"
        )
        void_approvals(report, _("The report was returned"))
        _judge(report, ReportVerdict.RETURNED, by=by, reason=take.data["reason"])
        _mark_part(report, None)
    return resolution


def _waiting(take: Take, report: ProgressReport) -> ProgressReport:
    row = ProgressReport.objects.select_related("part__department").get(pk=report.pk)
    if row.part.resolution_id != take.record.pk or not is_ordinary(row) or row.verdict != ReportVerdict.PENDING:
        raise Refused(
            _("This report does not wait for you: it was verified or sent back already."), code="report_not_waiting"
        )
    if row.author_id == take.by.pk:
        raise Refused(_("You wrote this report. Somebody else has to verify it."), code="own_report")
    take.data["department"] = row.part.department.name
    return row


@operation(Resolution, "accept_report")
def accept_report(
    resolution: Resolution, *, by: Person, report: ProgressReport, version: int | None = None
) -> Resolution:
    """A clerk verifies an ordinary progress report."""
    with taking(resolution, "accept_report", by=by, version=version) as take:
        _judge(_waiting(take, report), ReportVerdict.VERIFIED, by=by)
    return resolution


@operation(Resolution, "send_back_report")
def send_back_report(
    resolution: Resolution, *, by: Person, report: ProgressReport, reason: str, version: int | None = None
) -> Resolution:
    """A clerk sends an ordinary progress report back with a reason."""
    with taking(resolution, "send_back_report", by=by, version=version) as take:
        reason = required_text(
            reason, _("Say what is missing, so that the department can add it."), code="shortcoming_not_named"
        )
        take.data["reason"] = reason
        row = _waiting(take, report)
        _judge(row, ReportVerdict.RETURNED, by=by, reason=reason)
        if row.claims_done:
            _mark_part(row, None)
    return resolution


@operation(Resolution, "deliver")
def deliver(
    resolution: Resolution,
    *,
    by: Person,
    report: ProgressReport,
    tenures: Iterable[Tenure],
    on: date | None = None,
    version: int | None = None,
) -> Resolution:
    """Register that a verified report reached leaders on a day (登记呈送); each of them only once."""
    day, leaders = on or clock.today(), list(tenures)
    with taking(resolution, "deliver", by=by, version=version) as take:
        row = ProgressReport.objects.get(pk=report.pk, part__resolution=take.record)
        if row.verdict != ReportVerdict.VERIFIED:
            raise Refused(_("Only a verified report is delivered. Verify it first."), code="report_not_verified")
        if not row.on <= day <= clock.today():
            raise Refused(
                _("The day of the delivery lies before the report or in the future. Correct it."),
                code="delivery_day_wrong",
            )
        _refuse_recipients(take.record, row, leaders)
        Delivery.objects.bulk_create(Delivery(report=row, tenure=leader, on=day, by=by) for leader in leaders)
        take.data["leaders"] = [str(leader) for leader in leaders]
    return resolution


def _refuse_recipients(resolution: Resolution, report: ProgressReport, leaders: list[Tenure]) -> None:
    if not leaders:
        raise Refused(_("Choose the leaders who received the report."), code="recipients_missing")
    allowed = set(recipients(resolution).values_list("pk", flat=True))
    if strangers := [str(leader) for leader in leaders if leader.pk not in allowed]:
        raise Refused(
            _("The regulation does not name %(names)s for reports.") % {"names": "、".join(strangers)},
            code="recipient_not_named",
        )
    had = report.deliveries.filter(tenure__in=leaders).select_related("tenure__person")
    if twice := [str(delivery.tenure) for delivery in had]:
        raise Refused(
            _("%(names)s received this report already.") % {"names": "、".join(twice)}, code="already_delivered"
        )
