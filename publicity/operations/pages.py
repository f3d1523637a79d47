"""Operations on pages: taking one down, and allowing personal data in one.

- `take_down`: hide a page at once; the resolutions that an outcome page shows are withdrawn with it.
- `except_finding`: allow a number in a page, under the name of the person who takes responsibility.
"""

from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import WorkflowState

from meetings import clock
from meetings.models import Person
from meetings.operations.base import locked, required_text
from meetings.refusal import Refused
from meetings.write_lock import write_transaction
from publicity.models import GatedPage, OutcomePage, PersonalDataException
from publicity.operations.base import announce, require_office
from publicity.operations.releases import write_withdrawal
from publicity.rules import is_clerk, is_reviewer, is_writer


@write_transaction()
def take_down(page: GatedPage, *, reason: str, by: Person) -> None:
    """Hide a public page at once and cancel its review; withdraw what an outcome page shows.

    The page can be published again through the reviews, like a new page.
    """
    row: GatedPage = type(page)._default_manager.select_for_update().get(pk=page.pk)
    require_office(is_clerk(by, row.conference))
    if not row.live:
        raise Refused(_("The page is not public."), code="page_not_public")
    reason = required_text(
        reason, _("Say why it is taken back. The reason stays in the record."), code="withdrawal_reason_missing"
    )
    shown = row.released_items() if isinstance(row, OutcomePage) else []
    state = row.current_workflow_state
    if state is not None and state.status in {WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES}:
        state.cancel(user=by)
    # Nobody holds the permission that Wagtail checks; this operation has its own rule.
    UnpublishPageAction(row, user=by).execute(skip_permission_checks=True)
    type(row)._default_manager.filter(pk=row.pk).update(approved_hash="")
    for _item, release in shown:
        write_withdrawal(locked(release.resolution), reason=reason, by=by)
    announce(type(row)._default_manager.get(pk=row.pk), "take_down", by=by, data={"reason": reason})


@write_transaction()
def except_finding(page: GatedPage, *, digest: str, reason: str, by: Person) -> PersonalDataException:
    """Allow one number of the latest draft; it is recorded under the name of `by`."""
    conference = page.conference
    if not (is_writer(by, conference) or is_clerk(by, conference) or is_reviewer(by, conference)):
        raise Refused(_("This is for the writers, clerks and reviewers of the conference."), code="not_in_publicity")
    reason = required_text(
        reason, _("Say why this number has to be public: consent, or another ground."), code="exception_reason_missing"
    )
    draft = page.get_latest_revision_as_object()
    finding = next((found for _place, found in draft.findings() if found.digest == digest), None)
    if finding is None:
        raise Refused(_("The draft no longer holds this number."), code="finding_gone")
    exception: PersonalDataException = PersonalDataException.objects.create(
        page_id=page.pk, digest=digest, masked=finding.masked, reason=reason, by=by, at=clock.now()
    )
    announce(page, "except", by=by, data={"number": finding.masked, "reason": reason})
    return exception
