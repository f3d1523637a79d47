"""Operations on minutes (`Y 2(5)`, `C 5(4)`): draft, edit, redraft, send, approve, number and issue, return.

Every operation that changes content covered by the approvals calls `operations.seal.minutes_content_changed` in its
transaction.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import AgendaKind, ApprovalStep, Disclosure, PartRole
from meetings.models import Meeting, Minutes, Person, Resolution
from meetings.operations.base import announce, locked, perform_step, refresh, required_text, sign
from meetings.operations.correction import apply_amendment
from meetings.operations.minutes_draft import draft_body, draft_title
from meetings.operations.number_series import next_number
from meetings.operations.preparation import require_clerk
from meetings.operations.resolution import add_resolution, adopt
from meetings.operations.seal import minutes_content_changed, unseal
from meetings.queries.meeting import agenda
from meetings.queries.minutes import DOCUMENT_ORDER
from meetings.refusal import Refused
from meetings.rules.approval import Signature
from meetings.rules.document_number import registry_gaps
from meetings.rules.issued_copy import build_issued_copy
from meetings.rules.minutes import uses_registry_number
from meetings.rules.redraft import Piece, blocks, compare, compose
from meetings.rules.seal import content_hash
from meetings.write_lock import write_transaction

SERIES = "minutes"


def draft_minutes(meeting: Meeting, *, by: Person, version: int | None = None) -> Minutes:
    """Draft the minutes of a held meeting from its data, with one resolution per topic on the agenda; return them."""
    with perform_step(meeting, "draft_minutes", by=by, version=version) as context:
        held = context.record
        body = draft_body(held)
        minutes = Minutes(meeting=held, title=draft_title(held), body=body, drafted=body)
        minutes.save()
        minutes.save_revision(user=by, changed=False)
        announce(minutes, "create", by=by)
        for item in agenda(held).filter(kind=AgendaKind.DELIBERATION):
            if item.topic is not None:
                text = item.topic.proposal_report.strip() or item.topic.text
                lead = [(item.topic.proposer, PartRole.LEAD)]
                add_resolution(minutes, by=by, agenda_item=item, title=item.topic.title, text=text, parts=lead)
    minutes.refresh_from_db()
    return minutes


def edit_minutes(
    minutes: Minutes,
    *,
    by: Person,
    title: str,
    body: str,
    disclosure: str,
    disclosure_reason: str = "",
    drafted: str | None = None,
    version: int | None = None,
) -> Minutes:
    """Change title, text and disclosure, and save a revision; approvals of the former content are voided, visibly.

    `drafted` is the generated text on which the new body is based; see `redraft_minutes`.
    """
    with write_transaction():
        row = locked(minutes, version)
        require_clerk(by, row.meeting)
        if disclosure not in Disclosure.values:
            raise Refused(_("Choose the disclosure of the minutes."), code="minutes_disclosure_missing")
        row.title, row.body = required_text(title, _("Give the minutes a title."), code="minutes_title_missing"), body
        row.disclosure, row.disclosure_reason = disclosure, disclosure_reason.strip()
        row.drafted = row.drafted if drafted is None else drafted
        row.save()
        row.save_revision(user=by)
        announce(row, "edit" if drafted is None else "redraft", by=by)
        minutes_content_changed(row, by=by, reason=_("The text of the minutes changed"))
    refresh(minutes, row)
    return minutes


def prepare_redraft(minutes: Minutes) -> tuple[str, list[Piece]]:
    """Return the text generated from the meeting as it is now, and its comparison with the last draft and the body."""
    new = draft_body(minutes.meeting)
    return new, compare(blocks(minutes.drafted), blocks(minutes.body), blocks(new))


def redraft_minutes(minutes: Minutes, *, by: Person, choices: Mapping[str, str], version: int | None = None) -> Minutes:
    """Generate the text again from the meeting as it is now and merge it as the clerk chose for each changed paragraph.

    `choices` maps the name of each open piece of `prepare_redraft` to a choice; `Refused` if one is missing.
    """
    with write_transaction():
        row = locked(minutes, version)
        new, pieces = prepare_redraft(row)
        if any(choices.get(piece.name) not in piece.choices for piece in pieces if piece.needs_choice):
            raise Refused(
                _("The meeting has changed meanwhile. Look at the paragraphs again and choose for each."),
                code="redraft_outdated",
            )
        unchanged = {name: getattr(row, name) for name in ("title", "disclosure", "disclosure_reason")}
        return edit_minutes(
            minutes, by=by, body=compose(pieces, choices), drafted=new, version=row.version, **unchanged
        )


def send_minutes(minutes: Minutes, *, by: Person, version: int | None = None) -> Minutes:
    """Send the draft for approval."""
    with perform_step(minutes, "send", by=by, version=version) as context:
        context.data["content"] = {ApprovalStep.APPROVE_MINUTES: content_hash(context.record)}
    return minutes


def approve_minutes(
    minutes: Minutes,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Minutes:
    """Approve the present content for one seat; the first approval seals it, the last one approves the minutes."""
    with perform_step(minutes, "approve", by=by, version=version, signature=signature) as context:
        row, content_digest = context.record, content_hash(context.record)
        if not row.hash:
            row.hash, row.sealed_at = content_digest, clock.now()
        elif row.hash != content_digest:
            raise Refused(
                _("The content changed after the first approval. Return the minutes to the draft."),
                code="content_changed",
            )
        sign(context, digest=content_digest, opinion=opinion)
    return minutes


def issue_minutes(minutes: Minutes, *, by: Person, version: int | None = None, number: str = "") -> Minutes:
    """Number and issue approved minutes whose seal is intact; their resolutions are adopted in the same transaction.

    The number is allocated in the conference's own series (第N期), or it was given by a shared registry, is entered and
    checked. When a correction is issued, the settled resolutions take its content and move to it. A copy of the
    approved content is stored with the minutes.
    """
    with write_transaction():
        with perform_step(minutes, "issue", by=by, version=version) as context:
            row = context.record
            row.issued_on = clock.today()
            context.data["number"] = _number(row, number.strip())
            row.frozen = build_issued_copy(row)
        for resolution in Resolution.objects.filter(minutes=row).order_by(*DOCUMENT_ORDER):
            settle_resolution = apply_amendment if resolution.amends_id else adopt
            settle_resolution(resolution, by=by)
    return minutes


def _number(row: Minutes, number: str) -> str:
    """Set the number on the locked row: the entered one after a check, or the next of the series."""
    if uses_registry_number(row):
        if row.issued_on and (gaps := registry_gaps(row, number, row.issued_on)):
            raise Refused.lacking(gaps)
        row.number = number
    else:
        row.serial = next_number(row.conference, SERIES)
        row.number = f"第{row.serial}期"
    return row.number


def return_minutes(minutes: Minutes, *, by: Person, reason: str, version: int | None = None) -> Minutes:
    """Return the minutes to draft with a reason; the approvals given so far are voided, visibly."""
    with perform_step(minutes, "return", by=by, version=version) as context:
        reason = required_text(reason, _("Give the reason of the return."), code="return_reason_missing")
        context.data["reason"] = reason
        unseal(context.record, reason[:200], by=by, announced=True)
    return minutes
