"""Operations that show a resolution to the public or hide it: each writes a row, and the latest row decides.

- `release_wording`: release the first wording or a changed one; called by `publish_reviewed` alone, after the reviews.
- `release_stage`: release a change of stage alone, decided by the office.
- `write_release`: writes the row, for this module and `publicity.operations.proposals`.
- `withdraw`: hide a resolution at once, everywhere.
"""

from functools import partial

from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import PartRole
from meetings.models import Person, Resolution
from meetings.operations.base import locked, required_text
from meetings.operations.resolution import set_public_number
from meetings.queries.carry_over import carry_over_chain
from meetings.refusal import Refused
from meetings.write_lock import write_transaction
from publicity.enums import ProposalState, ReleaseKind, Stage
from publicity.models import PublicNumbers, Release
from publicity.operations.base import announce, check_personal_data, require_office
from publicity.operations.public_decisions import decide
from publicity.queries.release_text import older_than_record
from publicity.queries.releases import unreviewed_explanations
from publicity.rules import (
    EXPLAINED_STAGES,
    disclosure_refusal,
    explanation_gap,
    is_clerk,
    review_reasons,
    stages_for,
)


def _give_public_number(resolution: Resolution, *, by: Person | None) -> None:
    """Allocate the public number of a resolution (`2024-17`) at its first release.

    The numbers of a year count over the whole installation, without gaps.
    """
    if resolution.public_number:
        return
    year = resolution.minutes.meeting.time.year
    PublicNumbers.objects.get_or_create(year=year)
    series = PublicNumbers.objects.select_for_update().get(year=year)
    series.last += 1
    series.save()
    set_public_number(resolution, f"{year}-{series.last}", by=by)


def _new_row(resolution: Resolution, kind: ReleaseKind, *, by: Person | None) -> Release:
    """Return an unsaved row with what public pages need of the records: they read no record themselves."""
    meeting = resolution.minutes.meeting
    return Release(
        resolution=resolution,
        conference=meeting.conference,
        meeting=meeting,
        held_on=meeting.held_on or meeting.day,
        year=meeting.time.year,
        number=resolution.public_number or "",
        order=resolution.order,
        chain_start_id=carry_over_chain(resolution)[0],
        kind=kind,
        by=by,
        at=clock.now(),
    )


def write_release(
    resolution: Resolution,
    *,
    title: str,
    wording: str,
    meeting_title: str,
    stage: Stage,
    explanation: str,
    by: Person | None,
    reviewed_by: Person | None = None,
    confirmed_by: Person | None = None,
) -> Release:
    """Write a release with the departments and the deadline of the record as they are now.

    `Refused` for a resolution that must not be public, because public pages do not ask the record again; and for an
    explanation that a reviewer has to read, unless one did or the public reads it beside this stage already.
    """
    if gap := disclosure_refusal(resolution):
        raise Refused.lacking([gap])
    known = reviewed_by is not None or _is_shown(resolution, stage, explanation)
    if not known and (reasons := review_reasons(explanation, unreviewed_explanations(resolution))):
        raise Refused.lacking([explanation_gap(reasons)])
    parts = list(resolution.parts.select_related("department"))
    lead = next((part.department for part in parts if part.role == PartRole.LEAD), None)
    if lead is None:
        raise Refused(
            _("No department leads this resolution. Name one in the record first."), code="public_lead_missing"
        )
    _give_public_number(resolution, by=by)
    row = _new_row(resolution, ReleaseKind.RELEASE, by=by)
    row.title, row.wording, row.meeting_title = title, wording, meeting_title
    row.stage, row.explanation = stage, explanation
    row.facet, row.deadline_text, row.deadline = resolution.facet, resolution.deadline_text, resolution.deadline
    row.lead, row.lead_name = lead, lead.name
    row.co_names = "、".join(part.department.name for part in parts if part.role != PartRole.LEAD)
    row.reviewed_by, row.confirmed_by = reviewed_by, confirmed_by
    row.save()
    decide(row)
    announce(resolution, "release", by=by, data={"stage": stage, "number": resolution.public_number})
    return row


def _is_shown(resolution: Resolution, stage: Stage, explanation: str) -> bool:
    last = Release.objects.latest_of(resolution)
    return last is not None and (last.stage, last.explanation) == (stage, explanation)


def release_wording(
    resolution: Resolution,
    *,
    title: str,
    wording: str,
    meeting_title: str,
    by: Person | None,
    lifts: Release | None = None,
) -> Release | None:
    """Release a reviewed wording; return None when there is nothing new to release.

    A first wording is released as settled; a changed one keeps the stage. A withdrawal stays in force until `lifts`
    names it. After a correction the same wording counts as new: it was reviewed again, against the corrected record.
    """
    row = locked(resolution)
    if gap := disclosure_refusal(row):
        raise Refused.lacking([gap])
    last = Release.objects.latest_of(row)
    write = partial(write_release, row, title=title, wording=wording, meeting_title=meeting_title, by=by)
    if last is None:
        return write(stage=Stage.ADOPTED, explanation="")
    if last.kind == ReleaseKind.WITHDRAWAL:
        if lifts is None or lifts.pk != last.pk:
            return None
        before = Release.objects.filter(resolution=row, kind=ReleaseKind.RELEASE).order_by("-pk").first()
        stage = Stage(before.stage) if before else Stage.ADOPTED
        return write(stage=stage, explanation="")
    same = (last.title, last.wording, last.meeting_title) == (title, wording, meeting_title)
    if same and older_than_record(row) is None:
        return None
    return write(stage=Stage(last.stage), explanation=last.explanation)


def current_release(resolution: Resolution) -> Release:
    """Return the release that the public reads now; `Refused` if there is none."""
    last = Release.objects.latest_of(resolution)
    if last is None or last.kind != ReleaseKind.RELEASE:
        raise Refused(
            _("The resolution is not public. Its wording has to pass the reviews first."), code="resolution_not_public"
        )
    return last


def check_stage(resolution: Resolution, stage: Stage, explanation: str, *, by: Person, keep_reason: str) -> Release:
    """Return the present release if a clerk may put this stage and explanation in its place; else `Refused`.

    Personal data in the explanation is refused, or excepted with `keep_reason`.
    """
    require_office(is_clerk(by, resolution.minutes.meeting.conference))
    if gap := disclosure_refusal(resolution):
        raise Refused.lacking([gap])
    last = current_release(resolution)
    if stage not in stages_for(resolution):
        raise Refused(
            _("The record does not bear this stage out. Done is released once the result was verified."),
            code="stage_not_borne_out",
        )
    if (last.stage, last.explanation) == (stage, explanation):
        raise Refused(
            _("The public sees exactly this already. Choose another stage or write an explanation."),
            code="stage_already_shown",
        )
    if stage in EXPLAINED_STAGES:
        asked = _("Say why it is late or suspended, and what happens next. The public reads it beside the stage.")
        required_text(explanation, asked, code="stage_explanation_missing")
    check_personal_data(resolution, [(_("The explanation"), explanation)], by=by, keep_reason=keep_reason)
    return last


@write_transaction()
def release_stage(
    resolution: Resolution, *, stage: Stage, explanation: str = "", by: Person, keep_reason: str = ""
) -> Release:
    """Release how far a public resolution has come; the wording stays. What was proposed before is dropped.

    `keep_reason` says why personal data in the explanation stays. `Refused` if a reviewer or the lead department has to
    read it first (`publicity.operations.proposals`).
    """
    row, explanation = locked(resolution), explanation.strip()
    last = check_stage(row, stage, explanation, by=by, keep_reason=keep_reason)
    if row.minutes.meeting.conference.lead_confirms_release:
        raise Refused(
            _("In this conference the lead department confirms each stage. Ask it first."), code="lead_confirms_stages"
        )
    close_proposals(row, ProposalState.DROPPED, by=by)
    return write_release(
        row,
        title=last.title,
        wording=last.wording,
        meeting_title=last.meeting_title,
        stage=stage,
        explanation=explanation,
        by=by,
    )


@write_transaction()
def withdraw(resolution: Resolution, *, reason: str, by: Person) -> Release:
    """Withdraw a resolution from the public; it disappears everywhere at once."""
    row = locked(resolution)
    require_office(is_clerk(by, row.minutes.meeting.conference))
    current_release(row)
    reason = required_text(
        reason, _("Say why it is taken back. The reason stays in the record."), code="withdrawal_reason_missing"
    )
    return write_withdrawal(row, reason=reason, by=by)


def write_withdrawal(resolution: Resolution, *, reason: str, by: Person | None) -> Release:
    """Write a withdrawal and drop a proposal that waits for somebody: nobody declined it.

    The caller has checked the permission and holds the transaction.
    """
    row = _new_row(resolution, ReleaseKind.WITHDRAWAL, by=by)
    row.reason = reason
    row.save()
    decide(row)
    close_proposals(resolution, ProposalState.DROPPED, by=by, answer=reason)
    announce(resolution, "withdraw", by=by, data={"reason": reason})
    return row


def close_proposals(resolution: Resolution, state: ProposalState, *, by: Person | None, answer: str = "") -> None:
    """Close the proposal of a resolution that waits for somebody, if there is one."""
    resolution.stage_proposals.filter(state__in=ProposalState.pending()).update(
        state=state, answer=answer, answered_by=by, answered_at=clock.now()
    )
