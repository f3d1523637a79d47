"""The follow-up of resolutions: reports, their verification and delivery, and explanations for later meetings."""

from datetime import date, timedelta

from benchmarks.city.meetings import Sitting, sign
from benchmarks.city.minutes import Item
from benchmarks.city.office import Office
from benchmarks.city.rows import Chance, insert
from benchmarks.city.size import LAST_DAY
from meetings.enums import ApprovalStep, MeetingState, ReportVerdict, ResolutionState
from meetings.models import Approval, Delivery, Explanation, ProgressReport, ResolutionPart, Tenure
from meetings.rules.hashing import digest

S = ResolutionState
SILENT = {S.DRAFTED, S.ADOPTED, S.ASSIGNED}  # states before the first report
EXPLAINED = 2  # held meetings that get an explanation of a resolution
UNDELIVERED, UNREAD = 0.03, 0.1  # shares of the recent reports


def make_progress(office: Office, items: list[Item], sittings: list[Sitting], chance: Chance) -> None:
    """Write reports with verdicts, approvals and deliveries, and the explanations."""
    reports: list[tuple[Item, ProgressReport]] = []
    for item in items:
        if item.resolution.state not in SILENT:
            reports += [(item, report) for report in _reports(office, item, chance)]
    insert([report for _item, report in reports])
    insert([approval for item, report in reports for approval in _approvals(office, item, report)])
    insert([delivery for _item, report in reports for delivery in _deliveries(office, report, chance)])
    insert([row for number, item in enumerate(items) for row in _explanations(office, item, sittings, number)])


def _reports(office: Office, item: Item, chance: Chance) -> list[ProgressReport]:
    """Return the reports: one or two on the way, and the completion report of the lead department."""
    state, last = item.resolution.state, item.resolution.verified_on or LAST_DAY
    parts = item.parts if chance.happens(0.5) else item.parts[:1]
    rows = [_report(office, item, part, chance.day_between(item.day, last), chance) for part in parts]
    if state in {S.REPORTED, S.VERIFIED, S.RETURNED}:
        verdicts = {S.REPORTED: ReportVerdict.PENDING, S.VERIFIED: ReportVerdict.VERIFIED}
        report = _report(office, item, item.parts[0], last - timedelta(days=5), chance)
        report.claims_done = True
        report.verdict = verdicts.get(ResolutionState(state), ReportVerdict.RETURNED)
        report.verdict_reason = "请补充佐证材料。" if report.verdict == ReportVerdict.RETURNED else ""
        rows.append(report)
    return rows


def _report(office: Office, item: Item, part: ResolutionPart, day: date, chance: Chance) -> ProgressReport:
    department = part.department
    recent = (LAST_DAY - day).days < 60
    lead, other = item.lead.name, item.others[0].name
    return ProgressReport(
        part=part,
        author=office.liaisons[department.pk].person,
        on=day,
        text=chance.sentences(2, lead=lead, other=other, day=day, place=office.conference.short_name),
        verdict=ReportVerdict.PENDING if recent and chance.happens(UNREAD) else ReportVerdict.VERIFIED,
    )


def _approvals(office: Office, item: Item, report: ProgressReport) -> list[Approval]:
    """Return the signatures of a verified result, or of a suspension."""
    row = item.resolution
    if report.claims_done and report.verdict == ReportVerdict.VERIFIED:
        content = digest([row.title, row.text, report.pk, report.on, report.text, []])
        return sign(ApprovalStep.VERIFY, _verifiers(office), content, row.verified_on or report.on, report=report)
    last_of_lead = row.state == S.SUSPENDED and report.part is item.parts[0]
    if last_of_lead:
        content = digest([row.title, row.text, row.suspended_reason, report.pk, report.on, report.text])
        return sign(ApprovalStep.SUSPEND, _verifiers(office), content, LAST_DAY, report=report)
    return []


def _verifiers(office: Office) -> list[tuple[str, Tenure]]:
    if office.has_group:
        return [("coordination_office", office.tenures["gov_clerk"])]
    return [("government_clerk", office.tenures["gov_clerk"]), ("union_clerk", office.tenures["union_clerk"])]


def _deliveries(office: Office, report: ProgressReport, chance: Chance) -> list[Delivery]:
    recent = (LAST_DAY - report.on).days < 365
    if report.verdict != ReportVerdict.VERIFIED or (recent and chance.happens(UNDELIVERED)):
        return []
    leaders = (office.tenures["liaison_leader"], office.tenures["union_head"])
    by = office.person("gov_clerk")
    return [Delivery(report=report, tenure=leader, on=report.on + timedelta(days=3), by=by) for leader in leaders]


def _explanations(office: Office, item: Item, sittings: list[Sitting], number: int) -> list[Explanation]:
    """Return the explanations for the next held meetings; every third resolution lacks those for the one to come."""
    if item.resolution.state == S.DRAFTED:
        return []
    ended = item.resolution.verified_on or LAST_DAY
    later = [each for each in sittings if item.day < each.day <= ended and each.meeting.state == MeetingState.HELD]
    chosen = later[:EXPLAINED]
    unfinished = item.resolution.state not in {S.VERIFIED, S.CARRIED}
    if unfinished:
        chosen = [*chosen, *(each for each in sittings[-2:-1])]
        chosen += sittings[-1:] if number % 3 else []
    return [
        Explanation(
            resolution=item.resolution,
            meeting=each.meeting,
            text=f"资金分两期下达，第二期尚在办理，预计{each.day.year}年内完成。",
            opinion="建议继续办理，由牵头单位每月报告一次。",
            by=office.person("gov_clerk"),
            on=min(LAST_DAY, each.day - timedelta(days=15)),
        )
        for each in chosen
    ]
