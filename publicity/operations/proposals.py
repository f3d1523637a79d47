"""Stages that wait for somebody before the public reads them.

- `submit_stage`: what a clerk does: release the stage, or propose it where somebody has to read it first.
- `propose_stage`: have a stage read by a reviewer, if its explanation needs that, and by the lead department.
- `review_proposal`: the answer of the reviewer. `answer_proposal`: the answer of the lead department.
- `drop_proposal`: take a proposal back.
"""

from django.utils.translation import gettext as _

from meetings import clock
from meetings.models import Person, Resolution
from meetings.operations.base import locked, required_text
from meetings.refusal import Refused
from meetings.write_lock import write_transaction
from publicity.enums import ProposalState, Stage
from publicity.models import Release, StageProposal
from publicity.operations.base import announce, require_office
from publicity.operations.releases import check_stage, close_proposals, current_release, release_stage, write_release
from publicity.queries.releases import unreviewed_explanations
from publicity.rules import (
    disclosure_refusal,
    is_clerk,
    is_lead_liaison,
    proposal_review_refusal,
    review_reasons,
    stages_for,
)


@write_transaction()
def submit_stage(
    resolution: Resolution,
    *,
    stage: Stage,
    explanation: str = "",
    by: Person,
    keep_reason: str = "",
    version: int | None = None,
) -> Release | StageProposal:
    """Release a stage at once, or propose it if a reviewer or the lead department has to read it first.

    `Stale` if the record is newer than `version`, which the form showed.
    """
    locked(resolution, version)
    asks_lead = resolution.minutes.meeting.conference.lead_confirms_release
    act = (
        propose_stage
        if asks_lead or review_reasons(explanation, unreviewed_explanations(resolution))
        else release_stage
    )
    return act(resolution, stage=stage, explanation=explanation, by=by, keep_reason=keep_reason)


@write_transaction()
def propose_stage(
    resolution: Resolution, *, stage: Stage, explanation: str = "", by: Person, keep_reason: str = ""
) -> StageProposal:
    """Propose a stage: a reviewer reads its explanation if that needs one, then the lead department confirms it.

    It takes the place of a proposal that a reviewer has not answered yet or has returned.
    """
    row, explanation = locked(resolution), explanation.strip()
    last = check_stage(row, stage, explanation, by=by, keep_reason=keep_reason)
    if row.stage_proposals.filter(state=ProposalState.WAITING).exists():
        raise Refused(_("The lead department is being asked already. Wait for its answer."), code="proposal_waiting")
    close_proposals(row, ProposalState.DROPPED, by=by)
    reviewed = bool(review_reasons(explanation, unreviewed_explanations(row)))
    proposal = StageProposal.objects.create(
        resolution=row,
        title=last.title,
        stage=stage,
        explanation=explanation,
        state=ProposalState.IN_REVIEW if reviewed else ProposalState.WAITING,
        by=by,
        at=clock.now(),
    )
    announce(row, "send_stage" if reviewed else "propose_stage", by=by, data={"stage": stage})
    return proposal


@write_transaction()
def review_proposal(proposal: StageProposal, *, approve: bool, opinion: str = "", by: Person) -> Release | None:
    """Approve an explanation as a reviewer who did not write it, or return it to the office with a reason.

    An approved one is released, or goes on to the lead department where the conference asks that.
    """
    row = StageProposal.objects.select_for_update().get(pk=proposal.pk)
    resolution = locked(row.resolution)
    if gap := proposal_review_refusal(row, by):
        raise Refused.lacking([gap])
    if not approve:
        opinion = required_text(
            opinion, _("Say what has to be changed. The office reads it."), code="proposal_opinion_missing"
        )
    row.reviewed_by, row.reviewed_at, row.opinion = by, clock.now(), opinion.strip()
    asks_lead = resolution.minutes.meeting.conference.lead_confirms_release
    if approve:
        row.state = ProposalState.WAITING if asks_lead else ProposalState.CONFIRMED
    else:
        row.state = ProposalState.RETURNED
    row.save()
    announce(resolution, "approve_stage" if approve else "return_stage", by=by, data={"opinion": row.opinion})
    return _release(row, resolution) if row.state == ProposalState.CONFIRMED else None


@write_transaction()
def answer_proposal(proposal: StageProposal, *, confirm: bool, answer: str = "", by: Person) -> Release | None:
    """Confirm a proposed stage as its lead department, which releases it, or decline it with a reason."""
    row = StageProposal.objects.select_for_update().get(pk=proposal.pk)
    resolution = locked(row.resolution)
    if row.state == ProposalState.IN_REVIEW:
        raise Refused(
            _("A reviewer has to read the explanation first. You are asked after that."), code="proposal_in_review"
        )
    if row.state == ProposalState.DROPPED:
        raise Refused(
            _("The office has taken this text back meanwhile. Read what it proposes now and answer again."),
            code="proposal_dropped",
        )
    if row.state != ProposalState.WAITING:
        raise Refused(_("This proposal was answered already."), code="proposal_answered")
    if not is_lead_liaison(by, resolution):
        raise Refused(
            _("This is for the liaison of the lead department. Your posts of today do not include that."),
            code="not_the_lead_liaison",
        )
    if not confirm:
        answer = required_text(
            answer, _("Say why the stage should not go out as it is."), code="proposal_answer_missing"
        )
    row.state = ProposalState.CONFIRMED if confirm else ProposalState.DECLINED
    row.answer, row.answered_by, row.answered_at = answer.strip(), by, clock.now()
    row.save()
    if not confirm:
        announce(resolution, "decline_stage", by=by, data={"answer": row.answer})
        return None
    return _release(row, resolution)


def _release(row: StageProposal, resolution: Resolution) -> Release:
    """Release a confirmed proposal; `Refused` if the record or the last release does not fit it any more."""
    if Stage(row.stage) not in stages_for(resolution):
        raise Refused(
            _("The record has changed since the proposal. The office has to propose the stage anew."),
            code="proposal_outdated",
        )
    if gap := disclosure_refusal(resolution):
        raise Refused.lacking([gap])
    last = current_release(resolution)
    return write_release(
        resolution,
        title=last.title,
        wording=last.wording,
        meeting_title=last.meeting_title,
        stage=Stage(row.stage),
        explanation=row.explanation,
        by=row.by,
        reviewed_by=row.reviewed_by,
        confirmed_by=row.answered_by,
    )


@write_transaction()
def drop_proposal(proposal: StageProposal, *, by: Person) -> None:
    """Take a proposal back that was not answered yet, or that a reviewer returned; for every clerk of the office."""
    row = StageProposal.objects.select_for_update().get(pk=proposal.pk)
    require_office(is_clerk(by, row.resolution.minutes.meeting.conference))
    if row.state not in ProposalState.pending():
        raise Refused(_("This proposal was answered already."), code="proposal_answered")
    close_proposals(row.resolution, ProposalState.DROPPED, by=by)
    announce(row.resolution, "drop_stage", by=by)
