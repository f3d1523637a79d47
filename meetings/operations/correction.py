"""Corrections: new minutes that name the old ones, with their own approvals, seal and number (`Y 2(5)`, `C 5(4)`).

- `correct_minutes(minutes, reason=…)`: starts a correction, a copy of text, resolutions and files that begins with the
  reason.
- `apply_amendment(draft)`: when the correction is issued, a settled resolution takes the content of its drafted row. It
  keeps its primary key, state, reports and public number.
- `discard_correction(correction)`: deletes a correction that was started by mistake and never signed.
"""

from django.utils.html import escape
from django.utils.translation import gettext as _

from meetings.enums import ApprovalStep, MinutesState, ResolutionState
from meetings.models import Attachment, Minutes, Person, Resolution, ResolutionPart
from meetings.models.resolution_fields import CONTENT, LASTING
from meetings.operations.attachment import copy_files, discard_files
from meetings.operations.base import announce, locked, perform_step, required_text
from meetings.operations.minutes_draft import chinese_number
from meetings.operations.parts import Part, save_parts, store_department_names
from meetings.operations.preparation import require_clerk
from meetings.operations.voiding import void_approvals
from meetings.queries.minutes import DOCUMENT_ORDER
from meetings.refusal import Refused
from meetings.rules.correction import NOTE, amendment_gaps, why_not_correctable
from meetings.rules.issued_copy import build_issued_copy
from meetings.rules.redraft import blocks
from meetings.rules.resolution import stricter
from meetings.rules.seal import seal_broken
from meetings.write_lock import write_transaction

DISCLOSURE_FIELDS = {"disclosure", "disclosure_reason"}  # handled by `_disclose`


def correct_minutes(minutes: Minutes, *, by: Person, reason: str, version: int | None = None) -> Minutes:
    """Start a correction of issued minutes, which stay unchanged; return the correction, a draft."""
    reason = required_text(
        reason, _("Say what is corrected and why; it is printed in the correction."), code="correction_reason_missing"
    )
    with write_transaction():
        if gap := why_not_correctable(locked(minutes, version)):
            raise Refused.lacking([gap])
        with perform_step(minutes, "correct", by=by, version=version) as context:
            row = context.record
            row.frozen = row.frozen or build_issued_copy(row)
            context.data["reason"] = reason
            correction = _draft(row, reason, by)
        for resolution in Resolution.objects.filter(minutes=row).order_by(*DOCUMENT_ORDER):
            _draft_row(correction, resolution, by)
        copy_files(row, correction, by=by)
    correction.refresh_from_db()
    return correction


def _draft(row: Minutes, reason: str, by: Person) -> Minutes:
    correction = Minutes(
        meeting=row.meeting,
        corrects=row,
        title=_title(row)[:160],
        body=_note(row, reason) + "".join(block.html for block in blocks(row.body) if not block.text.startswith(NOTE)),
        drafted=row.drafted,
        disclosure=row.disclosure,
        disclosure_reason=row.disclosure_reason,
    )
    correction.save()
    correction.save_revision(user=by, changed=False)
    announce(correction, "create", by=by, data={"reason": reason})
    return correction


def _title(row: Minutes) -> str:
    """Return the title with the suffix 更正; from the second correction on it contains the count."""
    count, before = 1, row
    while before.corrects is not None:
        count, before = count + 1, before.corrects
    suffix = "更正" if count == 1 else f"第{chinese_number(count)}次更正"
    return f"{before.title}（{suffix}）"


def _note(row: Minutes, reason: str) -> str:
    sentence = f"本纪要更正{row.number}《{row.title}》。更正原因：{reason.rstrip('。')}。自印发之日起以本纪要为准。"
    return f"<p><b>{NOTE}：</b>{escape(' '.join(sentence.split()))}</p>"


def _draft_row(correction: Minutes, resolution: Resolution, by: Person) -> None:
    """Create the drafted row that the clerks edit instead of the settled resolution."""
    values = {name: getattr(resolution, name) for name in CONTENT | LASTING}
    draft = Resolution(minutes=correction, amends=resolution, **values)
    draft.save()
    ResolutionPart.objects.bulk_create(
        ResolutionPart(resolution=draft, department=part.department, role=part.role, name=part.name, task=part.task)
        for part in resolution.parts.order_by("pk")
    )
    draft.tags.set(list(resolution.tags.names()))
    draft.save()
    announce(draft, "create", by=by)
    copy_files(resolution, draft, by=by)


def apply_amendment(draft: Resolution, *, by: Person) -> Resolution:
    """Copy the content of a drafted row to its settled resolution and delete the draft; called when issuing.

    `Refused` if the amendment would drop a department that has reported, or change the lead during verification.
    """
    if draft.amends is None:
        raise TypeError("only a drafted row of a correction is taken over")
    live: Resolution = locked(draft.amends)
    if gaps := amendment_gaps(draft.minutes, draft):
        raise Refused.lacking(gaps)
    changed = {name for name in CONTENT - DISCLOSURE_FIELDS if getattr(live, name) != getattr(draft, name)}
    for name in (CONTENT | LASTING) - DISCLOSURE_FIELDS:
        setattr(live, name, getattr(draft, name))
    if changed & {"title", "text"}:
        _void_verification(live, by)
    before, live.minutes = live.minutes, draft.minutes
    _disclose(live, draft)
    live.version += 1
    live.save()
    parts = ResolutionPart.objects.filter(resolution=draft).select_related("department")
    save_parts(live, [Part(part.department, part.role, part.task) for part in parts])
    store_department_names(live)
    _move_files(live, draft, before)
    live.tags.set(list(draft.tags.names()))
    live.save()
    draft.delete()
    named = [str(field.verbose_name) for field in live._meta.concrete_fields if field.name in changed]
    announce(live, "correct", by=by, data={"number": live.minutes.number, "fields": named})
    return live


def _void_verification(live: Resolution, by: Person) -> None:
    """Void approvals of the pending completion report, because they were given to other text."""
    report = live.pending_completion() if live.state == ResolutionState.REPORTED else None
    if report is not None:
        void_approvals(report, _("The resolution was corrected"), by=by, steps=(ApprovalStep.VERIFY,))


def _disclose(live: Resolution, draft: Resolution) -> None:
    """Set the disclosure: a stricter present value stays; the seal stores the value that was approved."""
    if not stricter(live.disclosure, draft.disclosure):
        live.disclosure, live.disclosure_reason = draft.disclosure, draft.disclosure_reason
    live.approved_disclosure, live.approved_disclosure_reason = draft.disclosure, draft.disclosure_reason
    live.loosened_by = None


def _move_files(live: Resolution, draft: Resolution, before: Minutes) -> None:
    """Move the draft's files to the resolution; its former files go to the corrected minutes that covered them."""
    Attachment.objects.filter(resolution=live, removed_at=None).update(resolution=None, minutes=before)
    Attachment.objects.filter(resolution=draft).update(resolution=live)


def discard_correction(correction: Minutes, *, by: Person, reason: str, version: int | None = None) -> Minutes:
    """Delete a correction that nobody has signed, with its drafted rows; return the minutes that stay in force."""
    reason = required_text(reason, _("Say why the correction is not needed."), code="discard_reason_missing")
    with write_transaction():
        row = locked(correction, version)
        _check_discardable(row, by)
        for draft in Resolution.objects.filter(minutes=row):
            discard_files(draft)
            draft.delete()
        discard_files(row)
        key = row.pk
        corrected = row.corrects
        assert corrected is not None  # `_check_discardable`
        row.delete()
        row.pk = key  # so that the log and the search index can name the deleted row
        announce(row, "remove", by=by, data={"reason": reason})
        announce(corrected, "discard", by=by, data={"reason": reason})
        if seal_broken(corrected):
            raise Refused(
                _("The attendance was changed for the correction. Record it again as it was, then discard."),
                code="attendance_corrected",
            )
    return corrected


def _check_discardable(row: Minutes, by: Person) -> None:
    require_clerk(by, row.meeting)
    if row.corrects is None:
        raise Refused(
            _("Only a correction can be discarded; the first minutes of a meeting stay."), code="not_a_correction"
        )
    if row.state == MinutesState.ISSUED:
        raise Refused(_("The minutes are issued and cannot be changed any more."), code="minutes_issued")
    if row.approvals.exists():
        raise Refused(
            _("The correction was signed already; what was signed stays on record. Change it and issue it."),
            code="correction_signed",
        )
