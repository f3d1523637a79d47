"""Delegations of signature (委托审签): entered with period and reason, possibly ended early, never changed otherwise.

- `delegate(delegation, by=…)`: enters a delegation; for clerks and for the giver.
- `confirm_delegation(delegation, by=…)`: what a clerk entered counts once the giver or another clerk confirms it.
- `revoke(delegation, by=…, on=…)`: sets an earlier last day; a delegation that has not begun is deleted.
"""

from datetime import date

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import clock
from meetings.models import Delegation, Person, Tenure
from meetings.models.minutes import signer_text
from meetings.operations.base import announce, locked, refresh, required_text
from meetings.operations.work import add_notice
from meetings.refusal import Refused
from meetings.rules.delegation import delegation_gaps, hand_gap, may_confirm_delegation, may_manage_delegation
from meetings.write_lock import write_transaction


def delegate(delegation: Delegation, *, by: Person) -> Delegation:
    """Enter a delegation; it counts at once if `by` is the giver, else once it is confirmed.

    `Refused` if `by` has no permission, people or days do not fit, or it overlaps another.
    """
    delegation.reason = required_text(
        delegation.reason, _("Give the reason of the delegation."), code="delegation_reason_missing"
    )
    with write_transaction():
        # The lock serialises the overlap check of one giver.
        Tenure.objects.select_for_update(of=("self",)).get(pk=delegation.tenure_id)
        if gaps := delegation_gaps(delegation, by):
            raise Refused.lacking(gaps)
        delegation.entered_by, delegation.at = by, clock.now()
        if delegation.tenure.person_id == by.pk:
            delegation.confirmed_by, delegation.confirmed_at = by, clock.now()
        delegation.save()
        announce(delegation, "create", by=by, data={"deputy": _deputy_text(delegation), "reason": delegation.reason})
    return delegation


def confirm_delegation(delegation: Delegation, *, by: Person, version: int | None = None) -> Delegation:
    """Confirm a delegation that somebody else entered; it counts from now on, within its days.

    The giver reads so on the desk, if a clerk confirms it.
    """
    with write_transaction():
        row = locked(delegation, version)
        if row.confirmed_by_id is not None:
            raise Refused(_("The delegation is confirmed already."), code="delegation_confirmed")
        if not may_confirm_delegation(by, row):
            raise Refused(
                _("A delegation is confirmed by its giver, or by a clerk who neither entered it nor signs under it."),
                code="not_your_delegation_to_confirm",
            )
        if gap := hand_gap(by, row):
            raise Refused.lacking([gap])
        row.confirmed_by, row.confirmed_at = by, clock.now()
        row.version += 1
        row.save()
        add_notice(row, "delegation.in_force", people={row.tenure.person_id} - {by.pk}, data={})
        announce(row, "confirm_delegation", by=by, data={"deputy": _deputy_text(row)})
    refresh(delegation, row)
    return delegation


def _deputy_text(delegation: Delegation) -> str:
    """Return deputy, giver and period, for the log."""
    return signer_text(delegation.to.full_title, delegation.to.person.name, delegation.authority)


def revoke(delegation: Delegation, *, by: Person, on: date, version: int | None = None) -> Delegation:
    """End a delegation early, with `on` as its last day; signatures given under it stay valid.

    A delegation that has not begun is deleted. `Refused` if it was used after `on`.
    """
    with write_transaction():
        row = locked(delegation, version)
        if not may_manage_delegation(by, row):
            raise Refused(
                _("A delegation is ended by a clerk of the conference, or by whoever gave it."),
                code="not_your_delegation_to_end",
            )
        if row.from_date > clock.today():
            announce(row, "revoke", by=by, data={"deputy": _deputy_text(row)})
            row.delete()
            return delegation
        if not row.from_date <= on < row.to_date:
            raise Refused(
                _("The new last day lies between the first day and the last one of now. Correct it."),
                code="delegation_end_out_of_range",
            )
        used = row.approvals.aggregate(Max("on"))["on__max"]
        if used and on < used:
            reason = _("The deputy signed on %(day)s under this delegation. It cannot end before that day.")
            raise Refused(reason % {"day": date_format(used)}, code="delegation_used_later")
        row.to_date = on
        row.version += 1
        row.save()
        announce(row, "revoke", by=by, data={"deputy": _deputy_text(row)})
    refresh(delegation, row)
    return delegation
