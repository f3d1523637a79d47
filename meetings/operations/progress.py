"""Operations of a resolution's state machine, from assignment to the verified result (`Y 2(6)`, `C 5(5)`).

- `report_progress`, `report_done`: a department's dated, written report, with files.
- `report_part_done`: the report of a co-operating department on its own part. It is verified like an ordinary report.
- `verify`, `return_resolution`: the decision on a report of completion.
- `accept_report`, `send_back_report`: the decision on an ordinary report.
- `deliver`: registers that a verified report was delivered to leaders, once to each.
"""

from collections.abc import Iterable
from datetime import date

from django.core.files.base import File
from django.db.models import Q
from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import PartRole, ReportVerdict
from meetings.models import Delivery, Person, ProgressReport, Resolution, Tenure
from meetings.operations.attachment import attach
from meetings.operations.base import StepContext, announce, perform_step, required_text, sign
from meetings.operations.suspension import drop_proposal
from meetings.operations.voiding import void_approvals
from meetings.queries.reach import speaks_for
from meetings.queries.resolution import is_ordinary, recipients
from meetings.refusal import Refused
from meetings.rules.approval import Signature
from meetings.rules.resolution import result_hash
from meetings.rules.suspension import suspension_proposed

ANY_PART = Q()


def assign(resolution: Resolution, *, by: Person, version: int | None = None, note: str = "") -> Resolution:
    """Assign the resolution to its departments; the note is written to the log."""
    with perform_step(resolution, "assign", by=by, version=version) as context:
        context.data["opinion"] = note.strip()
    return resolution


def _create_report(
    context: StepContext[Resolution],
    text: str,
    files: "Iterable[File[bytes]]",
    *,
    claims_done: bool,
    among: Q = ANY_PART,
) -> ProgressReport:
    """Create the report for the department of the reporting person; of two parts the lead part is chosen."""
    if context.step.tenure is None:
        raise TypeError("a report is written from a post")
    tenure, conference = context.step.tenure, context.record.conference.pk
    parts = context.record.parts.filter(among).select_related("department").order_by("-role", "pk")
    report = ProgressReport.objects.create(
        part=next(part for part in parts if speaks_for(tenure, conference, part.department_id)),
        author=context.by,
        on=clock.today(),
        text=required_text(text, _("Write the report: what was done, when, with which result."), code="report_empty"),
        claims_done=claims_done,
    )
    context.data["department"] = report.part.department.name
    announce(report, "create", by=context.by)
    attach(report, by=context.by, files=files)
    if claims_done:
        _set_part_done_on(report, clock.today())
    return report


def _set_part_done_on(report: ProgressReport, done_on: date | None) -> None:
    report.part.done_on = done_on
    report.part.save(update_fields=["done_on"])


def report_progress(
    resolution: Resolution, *, by: Person, text: str, files: "Iterable[File[bytes]]" = (), version: int | None = None
) -> ProgressReport:
    """Report progress; the resolution is then “under way”."""
    with perform_step(resolution, "report", by=by, version=version) as context:
        return _create_report(context, text, files, claims_done=False)


def report_done(
    resolution: Resolution, *, by: Person, text: str, files: "Iterable[File[bytes]]" = (), version: int | None = None
) -> ProgressReport:
    """Report the resolution done, by the lead department; it still has to be verified.

    A pending proposal to suspend is dropped.
    """
    with perform_step(resolution, "report_done", by=by, version=version) as context:
        if suspension_proposed(context.record):
            drop_proposal(context, _("The lead department reported it done"))
        return _create_report(context, text, files, claims_done=True, among=Q(role=PartRole.LEAD))


def report_part_done(
    resolution: Resolution, *, by: Person, text: str, files: "Iterable[File[bytes]]" = (), version: int | None = None
) -> ProgressReport:
    """Report a co-operating department's own part done; only the lead department reports the whole resolution."""
    with perform_step(resolution, "report_part_done", by=by, version=version) as context:
        return _create_report(context, text, files, claims_done=True, among=Q(role=PartRole.CO, done_on=None))


def _pending_completion(resolution: Resolution, by: Person) -> ProgressReport:
    report = resolution.pending_completion()
    if report is None:
        raise TypeError("only what was reported done is judged")
    if report.author_id == by.pk:
        raise Refused(_("You wrote this report. Somebody else has to verify it."), code="own_report")
    return report


def _set_verdict(report: ProgressReport, verdict: ReportVerdict, *, by: Person, reason: str = "") -> None:
    report.verdict, report.verdict_reason = verdict, reason
    report.save()
    announce(report, "verdict", by=by, data={"reason": reason})


def verify(
    resolution: Resolution,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Resolution:
    """Verify the reported result for one seat.

    The resolution is verified when all seats have signed: two people under Y, the office under C.
    """
    with perform_step(resolution, "verify", by=by, version=version, signature=signature) as context:
        report = _pending_completion(context.record, by)
        if sign(context, digest=result_hash(context.record, report), opinion=opinion):
            context.record.verified_on = clock.today()
            _set_verdict(report, ReportVerdict.VERIFIED, by=by)
    return resolution


def return_resolution(resolution: Resolution, *, by: Person, reason: str, version: int | None = None) -> Resolution:
    """Return the report of completion (退回补充) with a reason; approvals given so far are voided, visibly."""
    with perform_step(resolution, "return", by=by, version=version) as context:
        report = _pending_completion(context.record, by)
        reason = required_text(
            reason, _("Say what is missing, so that the department can add it."), code="shortcoming_not_named"
        )
        context.data["reason"] = reason
        void_approvals(report, _("The report was returned"), by=by, announced=True)
        _set_verdict(report, ReportVerdict.RETURNED, by=by, reason=reason)
        _set_part_done_on(report, None)
    return resolution


def _pending_ordinary_report(context: StepContext[Resolution], report: ProgressReport) -> ProgressReport:
    row = ProgressReport.objects.select_related("part__department").get(pk=report.pk)
    if row.part.resolution_id != context.record.pk or not is_ordinary(row) or row.verdict != ReportVerdict.PENDING:
        raise Refused(
            _("This report does not wait for you: it was verified or sent back already."), code="report_not_waiting"
        )
    if row.author_id == context.by.pk:
        raise Refused(_("You wrote this report. Somebody else has to verify it."), code="own_report")
    context.data["department"] = row.part.department.name
    return row


def accept_report(
    resolution: Resolution, *, by: Person, report: ProgressReport, version: int | None = None
) -> Resolution:
    """Verify an ordinary progress report, by a clerk."""
    with perform_step(resolution, "accept_report", by=by, version=version) as context:
        _set_verdict(_pending_ordinary_report(context, report), ReportVerdict.VERIFIED, by=by)
    return resolution


def send_back_report(
    resolution: Resolution, *, by: Person, report: ProgressReport, reason: str, version: int | None = None
) -> Resolution:
    """Send an ordinary progress report back with a reason, by a clerk."""
    with perform_step(resolution, "send_back_report", by=by, version=version) as context:
        reason = required_text(
            reason, _("Say what is missing, so that the department can add it."), code="shortcoming_not_named"
        )
        context.data["reason"] = reason
        row = _pending_ordinary_report(context, report)
        _set_verdict(row, ReportVerdict.RETURNED, by=by, reason=reason)
        if row.claims_done:
            _set_part_done_on(row, None)
    return resolution


def deliver(
    resolution: Resolution,
    *,
    by: Person,
    report: ProgressReport,
    tenures: Iterable[Tenure],
    on: date | None = None,
    version: int | None = None,
) -> Resolution:
    """Register that a verified report was delivered to leaders on a day (登记呈送), only once to each leader."""
    day, leaders = on or clock.today(), list(tenures)
    with perform_step(resolution, "deliver", by=by, version=version) as context:
        row = ProgressReport.objects.get(pk=report.pk, part__resolution=context.record)
        if row.verdict != ReportVerdict.VERIFIED:
            raise Refused(_("Only a verified report is delivered. Verify it first."), code="report_not_verified")
        if not row.on <= day <= clock.today():
            raise Refused(
                _("The day of the delivery lies before the report or in the future. Correct it."),
                code="delivery_day_wrong",
            )
        _check_recipients(context.record, row, leaders)
        Delivery.objects.bulk_create(Delivery(report=row, tenure=leader, on=day, by=by) for leader in leaders)
        context.data["leaders"] = [str(leader) for leader in leaders]
    return resolution


def _check_recipients(resolution: Resolution, report: ProgressReport, leaders: list[Tenure]) -> None:
    if not leaders:
        raise Refused(_("Choose the leaders who received the report."), code="recipients_missing")
    allowed = set(recipients(resolution).values_list("pk", flat=True))
    if not_named := [str(leader) for leader in leaders if leader.pk not in allowed]:
        raise Refused(
            _("The regulation does not name %(names)s for reports.") % {"names": "、".join(not_named)},
            code="recipient_not_named",
        )
    earlier = report.deliveries.filter(tenure__in=leaders).select_related("tenure__person")
    if twice := [str(delivery.tenure) for delivery in earlier]:
        raise Refused(
            _("%(names)s received this report already.") % {"names": "、".join(twice)}, code="already_delivered"
        )
