"""The verbs of minutes (`Y 2(5)`, `C 5(4)`): drafted, edited, drafted again, approved by both sides, numbered, issued.

Whatever writes to what the approvals cover calls `operations.seal.touch` in its transaction.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from meetings import clock
from meetings.enums import AgendaKind, ApprovalStep, Disclosure, PartRole
from meetings.models import Meeting, Minutes, Person, Resolution
from meetings.operations.base import announce, locked, operation, refresh, required_text, sign, taking
from meetings.operations.correction import take_over
from meetings.operations.minutes_draft import draft_body, draft_title
from meetings.operations.number_series import next_number
from meetings.operations.preparation import demand_clerk
from meetings.operations.resolution import add_resolution, adopt
from meetings.operations.seal import touch, unseal
from meetings.queries.conference import conference_of
from meetings.queries.meeting import agenda
from meetings.queries.minutes import IN_ORDER
from meetings.refusal import Refused
from meetings.rules.approval import Signature
from meetings.rules.document_number import registry_gaps
from meetings.rules.issued_copy import freeze
from meetings.rules.minutes import enters_number
from meetings.rules.redraft import Piece, blocks, compare, compose
from meetings.rules.seal import content_hash
from meetings.write_lock import writing

SERIES = "minutes"


@operation(Meeting, "draft_minutes")
def draft_minutes(meeting: Meeting, *, by: Person, version: int | None = None) -> Minutes:
    """Draft the minutes of a held meeting from its data, with one resolution for each topic on its agenda."""
    with taking(meeting, "draft_minutes", by=by, version=version) as take:
        held = take.record
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
    """Change title, text and disclosure, and keep a revision; approvals of another content are voided, visibly.

    `drafted` is the machine's text that the new one was made with; see `redraft_minutes`.
    """
    with writing():
        row = locked(minutes, version)
        demand_clerk(by, row.meeting)
        if disclosure not in Disclosure.values:
            raise Refused(_("Choose the disclosure of the minutes."), code="minutes_disclosure_missing")
        row.title, row.body = required_text(title, _("Give the minutes a title."), code="minutes_title_missing"), body
        row.disclosure, row.disclosure_reason = disclosure, disclosure_reason.strip()
        row.drafted = row.drafted if drafted is None else drafted
        row.save()
        row.save_revision(user=by)
        announce(row, "edit" if drafted is None else "redraft", by=by)
        touch(row, by=by, reason=_("The text of the minutes changed"))
    refresh(minutes, row)
    return minutes


def redrafted(minutes: Minutes) -> tuple[str, list[Piece]]:
    """What the machine would write now, and its text place by place beside that of the last draft and the hand's."""
    new = draft_body(minutes.meeting)
    return new, compare(blocks(minutes.drafted), blocks(minutes.body), blocks(new))


def redraft_minutes(minutes: Minutes, *, by: Person, choices: Mapping[str, str], version: int | None = None) -> Minutes:
    """Draft the text again from the meeting as it is now; each changed paragraph goes as the clerk has chosen.

    `choices` has an entry for each open piece of `redrafted`, by its name; one that lacks is a refusal.
    """
    with writing():
        row = locked(minutes, version)
        new, pieces = redrafted(row)
        if any(choices.get(piece.name) not in piece.choices for piece in pieces if piece.open):
            raise Refused(
                _("The meeting has changed meanwhile. Look at the paragraphs again and choose for each."),
                code="redraft_outdated",
            )
        kept = {name: getattr(row, name) for name in ("title", "disclosure", "disclosure_reason")}
        return edit_minutes(minutes, by=by, body=compose(pieces, choices), drafted=new, version=row.version, **kept)


@operation(Minutes, "send")
def send_minutes(minutes: Minutes, *, by: Person, version: int | None = None) -> Minutes:
    """Send the draft for approval."""
    with taking(minutes, "send", by=by, version=version) as take:
        take.data["content"] = {ApprovalStep.APPROVE_MINUTES: content_hash(take.record)}
    return minutes


@operation(Minutes, "approve")
def approve_minutes(
    minutes: Minutes,
    *,
    by: Person,
    version: int | None = None,
    opinion: str = "",
    signature: Signature | None = None,
) -> Minutes:
    """One seat approves the content as it stands; the first approval seals it, the last one approves the minutes."""
    with taking(minutes, "approve", by=by, version=version, signature=signature) as take:
        row, found = take.record, content_hash(take.record)
        if not row.hash:
            row.hash, row.sealed_at = found, clock.now()
        elif row.hash != found:
            raise Refused(
                _("The content changed after the first approval. Return the minutes to the draft."),
                code="content_changed",
            )
        sign(take, digest=found, opinion=opinion)
    return minutes


@operation(Minutes, "issue")
def issue_minutes(minutes: Minutes, *, by: Person, version: int | None = None, number: str = "") -> Minutes:
    """Number and issue approved minutes whose seal still fits; their resolutions are adopted with them.

    The number is allocated in the own series (第N期) or entered as a shared registry gave it, and then checked. With a
    correction the settled resolutions take its content and move to it. The content is put away as it was approved.
    """
    with writing():
        with taking(minutes, "issue", by=by, version=version) as take:
            row = take.record
            row.issued_on = clock.today()
            take.data["number"] = _number(row, number.strip())
            row.frozen = freeze(row)
        for resolution in Resolution.objects.filter(minutes=row).order_by(*IN_ORDER):
            settle = take_over if resolution.amends_id else adopt
            settle(resolution, by=by)
    return minutes


def _number(row: Minutes, number: str) -> str:
    """Write the number into the locked row: the entered one, checked, or the next of the series."""
    if enters_number(row):
        if row.issued_on and (gaps := registry_gaps(row, number, row.issued_on)):
            raise Refused.lacking(gaps)
        row.number = number
    else:
        row.serial = next_number(conference_of(row), SERIES)
        row.number = f"第{row.serial}期"
    return row.number


@operation(Minutes, "return")
def return_minutes(minutes: Minutes, *, by: Person, reason: str, version: int | None = None) -> Minutes:
    """Return the minutes to the draft with a reason; the approvals given so far are voided, visibly."""
    with taking(minutes, "return", by=by, version=version) as take:
        take.data["reason"] = required_text(reason, _("Give the reason of the return."), code="return_reason_missing")
        unseal(take.record, take.data["reason"][:200])
    return minutes
