"""Evidence on the outcome of a meeting: minutes, follow-up, publicity (`Y 2(5)(6)(7)`, `C 5(4)(5)`)."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import clock, registry
from meetings.enums import ApprovalStep, MeetingState, MinutesState, PartRole, ReportVerdict, ResolutionState
from meetings.models import Meeting, Minutes, ProgressReport, Resolution
from meetings.queries.approval import signed_approvals
from meetings.queries.minutes import minutes_of
from meetings.queries.resolution import undelivered
from meetings.rules.evidence.base import Found, Proof, signatures


def _minutes_found(minutes: Minutes) -> Found:
    given = signed_approvals(minutes, ApprovalStep.APPROVE_MINUTES)
    proofs = signatures(given, minutes)
    if minutes.state != MinutesState.ISSUED:
        return Found(proofs, [_("The minutes are not issued yet: %(state)s.") % {"state": minutes.get_state_display()}])
    office = minutes.meeting.adoption.get_minutes_issued_by_display()
    return Found([*proofs, Proof(f"{minutes.number}，{office}", minutes.issued_on, minutes)])


def issued(meeting: Meeting) -> Found:
    """Find who approved the minutes, and number and day of their issue (`Y 2(5)`, `C 5(4)`)."""
    minutes = minutes_of(meeting)
    if minutes is not None:
        return _minutes_found(minutes)
    if meeting.state != MeetingState.HELD:
        return Found(message=_("The meeting was not held yet."))
    return Found(gaps=[_("No minutes were drafted.")])


def follow_up(meeting: Meeting) -> Found:
    """Find, for each resolution, lead, state, reports and verified reports (`Y 2(6)`, `C 5(5)`).

    Resolutions that are not assigned and reports that were not delivered are gaps.
    """
    minutes = minutes_of(meeting)
    rows = _followed(minutes) if minutes is not None and minutes.state == MinutesState.ISSUED else []
    late = undelivered(ProgressReport.objects.filter(part__resolution__in=rows)).select_related("part__resolution")
    gaps = [
        _("%(title)s: the report of %(day)s was not delivered to the leaders.")
        % {"title": report.part.resolution, "day": date_format(report.on)}
        for report in late
    ]
    proofs = []
    for row in rows:
        if row.state == ResolutionState.ADOPTED:
            gaps.append(_("%(title)s: not assigned to the departments.") % {"title": row})
        proofs.append(Proof(_resolution_text(row), row.verified_on, row))
    return Found(proofs, gaps, "" if proofs else _("Follow-up begins when the minutes are issued."))


def _followed(minutes: Minutes) -> list[Resolution]:
    """Return the resolutions in order, with their departments and the numbers of their reports."""
    verified = Q(parts__reports__verdict=ReportVerdict.VERIFIED)
    rows = Resolution.objects.filter(minutes=minutes).annotate(
        reported=Count("parts__reports", distinct=True), checked=Count("parts__reports", verified, distinct=True)
    )
    return list(rows.prefetch_related("parts__department").order_by("order", "pk"))


def _resolution_text(row: Resolution) -> str:
    lead = "、".join(part.department.name for part in row.parts.all() if part.role == PartRole.LEAD)
    counts = {"reported": getattr(row, "reported", 0), "checked": getattr(row, "checked", 0)}
    return f"{row}：{lead}，{row.get_state_display()}，" + _("%(reported)s reports, %(checked)s verified") % counts


def publicity(meeting: Meeting) -> Found | None:
    """Ask the registered finders of the publicity app; a gap once the configured days have passed (`Y 2(7)`)."""
    if not meeting.adoption.publicity_required:
        return None
    if meeting.held_on is None:
        return Found(message=_("The meeting was not held yet."))
    texts = [text for find in registry.EVIDENCE.get("publicity", []) if (text := find(meeting))]
    if texts:
        return Found([Proof(text) for text in texts])
    until = meeting.held_on + timedelta(days=meeting.adoption.publicity_days)
    if clock.today() <= until:
        return Found(message=_("Report to the public due by %(day)s.") % {"day": date_format(until)})
    return Found(gaps=[_("The meeting was not reported to the public.")])


OUTCOME: dict[str, Callable[[Meeting], Found | None]] = {
    "minutes": issued,
    "follow_up": follow_up,
    "publicity": publicity,
}
